/** The shortest sequence known to show each deterministic fault; `scripts/shortest.mjs` finds them, a test holds them. */
import { readFileSync } from 'node:fs';
import type { Step } from '../../spec/journal.ts';

/** By the name of the fault. A step of kind `probe` names an experiment of the suite: no plain sequence shows the fault. */
export function readShortest(): ReadonlyMap<string, readonly Step[]> {
  const text = readFileSync(new URL('shortest.json', import.meta.url), 'utf8');
  return new Map((JSON.parse(text) as { fault: string; steps: Step[] }[]).map(({ fault, steps }) => [fault, steps]));
}
