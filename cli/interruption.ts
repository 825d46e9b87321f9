/** Signals that ask the process to end: the first lets it clean up, the second does not. */

const statuses = { SIGINT: 130, SIGTERM: 143 } as const;

/** One Ctrl-C reaches us twice below npx and npm: from the terminal, and passed on by npm. */
const sameKeyMs = 250;

export interface SignalSource {
  on(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  exit(status: number): void;
  /** Milliseconds, of any clock that does not jump. */
  now(): number;
}

/** The first signal calls `tell` and aborts, with the signal's name as the reason; a second one ends the process at once. */
export function takeSignals(source: SignalSource, tell: () => void): AbortSignal {
  const controller = new AbortController();
  let since = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    source.on(signal, () => {
      if (controller.signal.aborted) {
        if (source.now() - since > sameKeyMs) source.exit(statuses[signal]);
        return;
      }
      since = source.now();
      tell();
      controller.abort(signal);
    });
  }
  return controller.signal;
}
