/**
 * What fails once may be the network; what fails every time is the target (rule 8). Requests are counted by what makes them
 * alike. One kind is broken when its last three tries at least all failed, while other operations hardly ever did, and went
 * well in the meantime too: trouble on the way does not pick and choose.
 */
import type { Message } from '../generators/model/message.ts';
import { recall } from '../generators/model/recall.ts';

export interface Broken {
  readonly kind: string;
  /** The first few. */
  readonly failures: readonly Message[];
  readonly count: number;
}

export interface Recurrence {
  note(kind: string, message: Message, failed: boolean): void;
  broken(): readonly Broken[];
}

const triesNeeded = 3;
/** Of the requests of other operations, no more than this share may have failed. */
const generalShare = 0.02;
const kept = 5;
const sampledEveryMs = 10;
/** Tries that fail one right after the other leave others no time in between: a little after counts as meanwhile. */
const meanwhileMs = 500;

export function watchRecurrence(): Recurrence {
  const kinds = new Map<string, { operation: string; failures: Message[]; count: number }>();
  const operations = new Map<string, { failed: number; well: number; wellAt: number[] }>();

  function isBroken(operation: string, failures: readonly Message[]): boolean {
    let [failed, well, open] = [0, 0, false];
    for (const [name, tally] of operations) {
      if (name === operation) continue;
      failed += tally.failed;
      well += tally.well;
      open ||= tally.wellAt.some((at) => at > failures[0]!.from && at < failures.at(-1)!.to + meanwhileMs);
    }
    return open && failed <= well * generalShare;
  }

  return {
    note(kind, message, failed) {
      const { operation } = message.intent;
      const tally = recall(operations, operation, () => ({ failed: 0, well: 0, wellAt: [] }));
      tally[failed ? 'failed' : 'well'] += 1;
      if (!failed) {
        if (message.from - (tally.wellAt.at(-1) ?? Number.NEGATIVE_INFINITY) >= sampledEveryMs) tally.wellAt.push(message.from);
        kinds.delete(kind);
        return;
      }
      const entry = recall(kinds, kind, () => ({ operation, failures: [], count: 0 }));
      entry.count += 1;
      if (entry.failures.length < kept) entry.failures.push(message);
    },
    broken: () =>
      [...kinds].flatMap(([kind, { operation, failures, count }]) =>
        count >= triesNeeded && isBroken(operation, failures) ? [{ kind, failures, count }] : [],
      ),
  };
}
