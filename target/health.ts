/** What each outcome says of the target's health: whether it is there, whether it is too busy, and what follows for all requests. */
import type { Failure } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';
import type { TargetLost } from './errors.ts';
import { createLiveness } from './liveness.ts';
import { type Pacing, readRetryAfter } from './pacing.ts';

interface Answered {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
}

export interface Health {
  /** Takes note of an outcome; times on the clock of the run. */
  notice(
    outcome: { readonly answer?: Answered; readonly failure?: Failure; readonly began?: boolean },
    sentAt: number,
    receivedAt: number,
  ): void;
  /** The same of a request that was odd by intention: what breaks in it says little, but for a port that is closed. */
  noticeOdd: Health['notice'];
  /** For when no more requests come: what says that the target is gone. */
  conclude(): TargetLost | undefined;
  /** How many answers were 429 or 503. */
  readonly busy: number;
}

/** A request the target is too busy for is sent again so many times at most, within so long. */
const busyTries = 5;
const busyMs = 30_000;
/** Without a `Retry-After`; doubled from try to try. */
const firstPauseMs = 250;
/** Nobody asks a port again at once that has just refused. */
const refusedPauseMs = 100;

export const isBusy = ({ status }: { readonly status: number }): boolean => status === 429 || status === 503;

/**
 * How long to wait before a request that was answered so may be sent again, after so many tries and so much time; undefined: the answer stands.
 * Only what the target asks to be sent again is sent again.
 */
export const planRetry = (answer: Answered | undefined, tries: number, sinceMs: number): number | undefined => {
  if (answer === undefined || !isBusy(answer) || tries >= busyTries) return undefined;
  const pause = readRetryAfter(answer.headers) ?? firstPauseMs * 2 ** tries;
  return sinceMs + pause > busyMs ? undefined : pause;
};

export const createHealth = (
  target: string,
  { requestMs, pacing, onLost }: { requestMs: number; pacing: Pacing; onLost: (error: TargetLost) => void },
): Health => {
  const liveness = createLiveness(target, requestMs);
  let busy = 0;

  const notice: Health['notice'] = ({ answer, failure, began }, sentAt, receivedAt) => {
    let lost: TargetLost | undefined;
    // Who ends each answer too early is there, and is judged for it (MSG-04).
    if (failure?.kind === 'cut' && began === true) return;
    if (failure !== undefined) {
      lost = liveness.noteFailure(failure.kind, failure.message, sentAt, receivedAt);
      if (failure.kind === 'refused') pacing.hold(refusedPauseMs);
    } else if (answer !== undefined && isBusy(answer)) {
      busy++;
      lost = liveness.noteBusy(receivedAt);
      const asked = readRetryAfter(answer.headers);
      // A single 503 without more says nothing to the other requests.
      if (answer.status === 429) pacing.slow(receivedAt - sentAt);
      if (answer.status === 429 || asked !== undefined) pacing.hold(Math.min(asked ?? firstPauseMs, busyMs));
    } else {
      liveness.noteAnswer();
      pacing.noteAnswer();
    }
    if (lost !== undefined) onLost(lost);
  };

  return {
    notice,
    noticeOdd(outcome, sentAt, receivedAt) {
      const kind = outcome.failure?.kind;
      if (kind === undefined || kind === 'refused' || kind === 'dns') notice(outcome, sentAt, receivedAt);
    },
    conclude: liveness.conclude,
    get busy() {
      return busy;
    },
  };
};
