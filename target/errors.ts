/**
 * What can go wrong that is not the target's doing. An error is ours, the user's or the network's; it is thrown and never becomes a finding.
 */

/** 2: usage, profile or the machine the run is on · 4: target not reachable, or credentials refused · 5: an error of ours. */
export type ErrorStatus = 2 | 4 | 5;

/** An error that ends the run. The message is one sentence that says what was expected, what came, where, and what to do. */
export class ConformanceError extends Error {
  override readonly name: string = 'ConformanceError';
  readonly exitStatus: ErrorStatus;

  constructor(exitStatus: ErrorStatus, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.exitStatus = exitStatus;
  }
}

/** The target stopped answering in mid-run. */
export class TargetLost extends ConformanceError {
  override readonly name = 'TargetLost';

  constructor(message: string, options?: { cause?: unknown }) {
    super(4, message, options);
  }
}

/** No token could be had: what came instead, and what to do. */
export class TokenRefused extends ConformanceError {
  override readonly name = 'TokenRefused';
  readonly found: string;
  readonly advice: string;

  constructor(where: string, found: string, advice: string) {
    super(4, `${where} should give a token and gave ${found}; ${advice}.`);
    this.found = `${where} gave ${found}`;
    this.advice = advice;
  }
}

/** A limit of the profile is reached. Not a failure of the run: a campaign that meets it ends, and its rows say so. */
export class LimitReached extends Error {
  override readonly name = 'LimitReached';
  readonly limit: 'requests' | 'products';

  constructor(limit: 'requests' | 'products', value: number) {
    super(`The limit of ${value} ${limit} of this run is reached; raise limits.${limit} of the profile to let it go on.`);
    this.limit = limit;
  }
}

/** The run is being ended (a signal, or a failure elsewhere); only requests that clean up still go out. */
export class RunEnded extends Error {
  override readonly name = 'RunEnded';

  constructor(reason?: unknown) {
    super('The run is being ended; no further request is sent but those that clean up.', { cause: reason });
  }
}
