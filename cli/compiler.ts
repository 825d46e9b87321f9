/** How V8 spends this machine on code that will not run for long. */
import { setFlagsFromString } from 'node:v8';

/** V8 releases that are known to have the flag; another would complain on stderr. */
const known = { from: 11, to: 13 };
/** Octets of bytecode that a function runs through before it is worth optimising, several times the default. */
const interruptBudget = 600_000;

/**
 * Leaves all but the hottest functions to the baseline compiler. A run drives for two seconds or three, often on the machine of its target:
 * what the optimising threads take there from the target is more than they give (bench/README.md).
 */
export function compileLess(): void {
  const major = Number.parseInt(process.versions.v8, 10);
  if (major >= known.from && major <= known.to) setFlagsFromString(`--interrupt-budget=${interruptBudget}`);
}
