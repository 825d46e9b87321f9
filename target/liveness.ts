/** Whether the target is still there: told from what became of the last requests, whatever they were for. */
import type { FailureKind } from '../spec/journal.ts';
import { TargetLost } from './errors.ts';

const failuresInRow = 20;
const leastMs = 3000;
/** With requests that only time out, fewer tell as much. */
const silentInRow = 5;
/** A target too busy for everything for so long is no longer there for us. */
const busyMs = 60_000;

export interface Liveness {
  /** An answer that is not "too busy". */
  noteAnswer(): void;
  /** An answer of 429 or 503. Returns the error when the target is to be given up. */
  noteBusy(at: number): TargetLost | undefined;
  /** A failure known at `at`, of a request sent at `sentAt`. Returns the error when the target is to be given up. */
  noteFailure(kind: FailureKind, message: string, sentAt: number, at: number): TargetLost | undefined;
  /** For when no more requests come: the error when the last ones failed, so many in a row, however fast that went. */
  conclude(): TargetLost | undefined;
}

export const createLiveness = (target: string, requestMs: number): Liveness => {
  let failures = 0;
  let since = 0;
  let last = { at: 0, message: '' };
  let busySince: number | undefined;

  const describe = (): TargetLost => {
    const seconds = Math.round((last.at - since) / 1000);
    return new TargetLost(
      `${target} stopped answering: ${failures} requests in a row failed over ${seconds} s, the last one with "${last.message}"; look whether it still runs.`,
    );
  };

  return {
    noteAnswer() {
      failures = 0;
      busySince = undefined;
    },
    noteBusy(at) {
      failures = 0;
      busySince ??= at;
      if (at - busySince < busyMs) return undefined;
      const seconds = Math.round((at - busySince) / 1000);
      return new TargetLost(`${target} answered every request for ${seconds} s with 429 or 503; try again later, or with a lower --rate.`);
    },
    noteFailure(kind, message, sentAt, at) {
      if (kind === 'aborted' || kind === 'size' || kind === 'protocol') return undefined;
      if (failures++ === 0) since = sentAt;
      const lasting = at - since;
      const isSilent = kind === 'timeout' && failures >= silentInRow && lasting >= Math.max(leastMs, requestMs);
      last = { at, message };
      return isSilent || (failures >= failuresInRow && lasting >= leastMs) ? describe() : undefined;
    },
    conclude: () => (failures >= failuresInRow ? describe() : undefined),
  };
};
