/** The end of a run: who waits is turned away, what is under way is given a moment, nobody sleeps on. */
import { RunEnded } from './errors.ts';

export interface Ending {
  /** Why the run is being ended; undefined while it goes on. */
  readonly reason: Error | undefined;
  /** Ends it; the first reason stays. `atOnce`: what is under way is cut now, not in a moment. */
  end(reason: Error, atOnce: boolean): void;
  /** Waits so long, or until the run is being ended. */
  sleep(ms: number): Promise<void>;
  /** Stops listening to the signal. */
  release(): void;
}

/** What is under way when the run is ended has so long to come to its end. */
const graceMs = 2000;

export interface EndingParts {
  readonly signal: AbortSignal | undefined;
  /** Turns away who waits for a turn, and who comes. */
  readonly refuse: (reason: Error) => void;
  /** Cuts what is under way. */
  readonly cut: () => void;
}

export const createEnding = ({ signal, refuse, cut }: EndingParts): Ending => {
  const sleepers = new Set<() => void>();
  let reason: Error | undefined;

  const end = (given: Error, atOnce: boolean): void => {
    if (reason !== undefined) return;
    reason = given;
    refuse(given);
    for (const wake of [...sleepers]) wake();
    // Not from within a callback of the client.
    if (atOnce) setImmediate(cut);
    else setTimeout(cut, graceMs).unref();
  };
  const onSignal = (): void => end(new RunEnded(signal?.reason), false);
  signal?.addEventListener('abort', onSignal, { once: true });
  if (signal?.aborted === true) onSignal();

  return {
    get reason() {
      return reason;
    },
    end,
    sleep: (ms) =>
      new Promise((resolve) => {
        if (reason !== undefined) {
          resolve();
          return;
        }
        const wake = (): void => {
          clearTimeout(timer);
          sleepers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, ms);
        sleepers.add(wake);
      }),
    release: () => signal?.removeEventListener('abort', onSignal),
  };
};
