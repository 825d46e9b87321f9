/** How often requests had no answer, by operation: the reason why much could not be seen, where it was so. */
import { recall } from '../generators/model/recall.ts';
import type { Exchange } from '../spec/journal.ts';

export interface WayLosses {
  note(exchange: Exchange): void;
  /** Operations of which a third or more had no answer, in a clause each. */
  describe(): readonly string[];
}

const least = 3;
const share = 1 / 3;

export function watchWayLosses(): WayLosses {
  const tallies = new Map<string, { sent: number; lost: number; last: string }>();
  return {
    note({ intent, failure }) {
      if (failure?.kind === 'aborted') return;
      const tally = recall(tallies, intent.operation, () => ({ sent: 0, lost: 0, last: '' }));
      tally.sent += 1;
      if (failure === undefined) return;
      tally.lost += 1;
      tally.last = failure.message.replace(/\.$/, '');
    },
    describe: () =>
      [...tallies].flatMap(([operation, { sent, lost, last }]) =>
        lost < least || lost < sent * share
          ? []
          : [`${lost} of ${sent} requests to ${operation} had no whole answer, the last one: ${last}`],
      ),
  };
}
