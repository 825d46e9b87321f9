/** How often a race shows, as the heading of its sequence says it. */
import type { Frequency } from '../spec/journal.ts';
import type { Finding } from '../spec/report.ts';

/** `smallest sequence, intermittent, 3 of 10`; of a finding without a sequence of its own, `without`. */
export function nameSequence({ counterexample }: Finding, without: string): string {
  if (counterexample === undefined) return without;
  const { shown } = counterexample;
  if (shown === undefined) return 'smallest sequence';
  const tries = shown.of === 1 ? '1 try' : `${shown.of} tries`;
  return shown.times === 0 ? `sequence it was seen in, not again in ${tries}` : `smallest sequence, ${describeFrequency(shown)}`;
}

const describeFrequency = ({ times, of }: Frequency): string => `${times === of ? 'deterministic' : 'intermittent'}, ${times} of ${of}`;
