/** How V8 spends this machine on code that will not run for long. */
import { setFlagsFromString } from 'node:v8';

/** That of Node 20. Later ones wait longer by themselves, and have no such flag. */
const eager = /^11\.3\./;
/** Octets of bytecode that a function runs through before it is worth optimising; several times the default. */
const interruptBudget = 600_000;

/**
 * Leaves all but the hottest functions to the baseline compiler. A run drives for two seconds or three, often on the machine of its target, and
 * of a sandbox nobody asks much more: what the optimising threads of either take from the other is more than they give (bench/README.md).
 */
export function compileLess(): void {
  if (eager.test(process.versions.v8)) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}
