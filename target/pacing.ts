/**
 * How fast requests may leave: so many at once, so many a second, and none while the target asks for a pause. One pacing serves all requests of a
 * run together. No clock of its own is read but the one given.
 */

import { createTurnQueue } from './turn-queue.ts';

export interface PacingOptions {
  readonly concurrency: number;
  /** Requests a second at most; absent: no limit, until the target sets one. */
  readonly requestsPerSecond?: number | undefined;
  readonly clock?: Clock;
}

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  /** Calls back once after so many milliseconds; returns how to call it off. */
  wait(ms: number, callback: () => void): () => void;
}

export interface Turn {
  /** The request is handed to its socket now. Without it, the turn counts as sent when it is ended. */
  sent(): void;
  /** The exchange is over. */
  end(): void;
}

export interface Pacing {
  /**
   * A turn, at once where one is free, else in the order asked. `requests`: how many this turn sends, one after the other.
   * Rejects with the error of `refuse`; a turn that is spared is not refused. An urgent one goes before all others, and counts as one with a turn that
   * is held and not used until it is over (a token for the request that waits for it). One that is ahead gets every second turn, at least.
   */
  take(options?: { requests?: number; isSpared?: boolean; isUrgent?: boolean; isAhead?: boolean | undefined }): Turn | Promise<Turn>;
  /**
   * Turns given at one moment, for requests that shall overlap: so many, or as many as the limits let leave at once. Waits until there is room for
   * all of them, while those who come later wait too. Rejects like `take`.
   */
  takeTogether(count: number, isAhead?: boolean): Promise<readonly Turn[]>;
  /** Nobody sends anything for so long. */
  hold(pauseMs: number): void;
  /** The target found it too much; the request that heard so was sent `agoMs` ago. The rate goes down. */
  slow(agoMs: number): void;
  /** The target answered something else. */
  noteAnswer(): void;
  /** Turns away who waits now and who asks later. */
  refuse(error: Error): void;
  /** Requests a second at most, now; undefined: no limit. */
  readonly rate: number | undefined;
}

const systemClock: Clock = {
  now: () => performance.now(),
  wait(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};

/** Of the rate allowed, so that a target which counts by its own clock finds no window too full. */
const share = 0.95;
/** A turn given late, because a timer was, is made up for, as long as it was not later than this: the windows bound what leaves at once. */
const lateMs = 100;
/** Windows are counted a little longer than they are: what left in time may be counted late, and what comes after it not. */
const windowShare = 1.05;
const slowest = 0.5;
/** How long a level is kept before more is tried, the first time. */
const probeMs = 2000;

interface Waiting {
  /** Turns wanted at one moment. */
  readonly count: number;
  readonly requests: number;
  readonly isSpared: boolean;
  readonly isUrgent: boolean;
  readonly give: (turns: readonly Turn[]) => void;
  readonly reject: (error: Error) => void;
}

/** The last moments of something, enough of them to count those of a second. */
const countSince = (moments: readonly number[], since: number): number => {
  let count = 0;
  for (let index = moments.length - 1; index >= 0 && moments[index]! > since; index--) count++;
  return count;
};

export const createPacing = ({ concurrency, requestsPerSecond, clock = systemClock }: PacingOptions): Pacing => {
  const waiting = createTurnQueue<Waiting>();
  let inUse = 0;
  /** Turns given whose request has not left yet. */
  let unsent = 0;
  let slot = Number.NEGATIVE_INFINITY;
  let pausedUntil = Number.NEGATIVE_INFINITY;
  let wake: (() => void) | undefined;
  let refusal: Error | undefined;

  const most = requestsPerSecond ?? Number.POSITIVE_INFINITY;
  let rate = requestsPerSecond;
  /** The rate at which the target last refused: above it is unknown ground. */
  let ceiling = most;
  /** How often in a row it refused at about that rate. */
  let confirmations = 0;
  let slowedAt = Number.NEGATIVE_INFINITY;
  let changedAt = Number.NEGATIVE_INFINITY;
  /** Steps taken above the ceiling. */
  let steps = 0;
  let firstAnswerAt: number | undefined;
  const sentMoments: number[] = [];
  const answerMoments: number[] = [];

  const note = (moments: number[], now: number): void => {
    moments.push(now);
    if (moments.length > 8192) moments.splice(0, 4096);
  };

  /**
   * Finds a level of its own: back to a little below where it was refused, and after a while, the longer the surer that level is, above it in growing
   * steps. Never above what the profile allows.
   */
  const recover = (now: number): void => {
    if (rate === undefined || slowedAt === Number.NEGATIVE_INFINITY) return;
    // A pause teaches nothing.
    changedAt = Math.max(changedAt, Math.min(now, pausedUntil));
    while (now - changedAt >= 1000) {
      changedAt += 1000;
      const level = ceiling * share;
      if (rate < level) rate = Math.min(level, rate * 1.1);
      else if (changedAt - slowedAt >= probeMs * 4 ** confirmations) rate *= Math.min(1.5, 1 + 0.05 * 2 ** steps++);
      rate = Math.min(most, rate);
    }
  };

  const windowOf = (ofRate: number): number => Math.max(1, Math.floor(ofRate));

  /** When the next request may leave, or so many at one moment. */
  const nextMoment = (now: number, count = 1): number => {
    recover(now);
    if (rate === undefined) return pausedUntil;
    const inWindow = windowOf(rate);
    const windowMs = (1000 * inWindow * windowShare) / rate;
    let moment = Math.max(pausedUntil, slot);
    const sent = countSince(sentMoments, now - windowMs);
    const surplus = sent + unsent + count - 1 - inWindow;
    if (surplus >= 0) {
      const oldest = sentMoments[sentMoments.length - sent + surplus];
      // Those that have not left yet will be noticed when they do.
      moment = Math.max(moment, oldest === undefined ? now + windowMs / inWindow : oldest + windowMs);
    }
    return moment;
  };

  /** The turns that it can have at one moment, of those it wants: the rate may have gone down since it asked. */
  const roomFor = ({ count }: Waiting): number =>
    count === 1 ? 1 : Math.min(count, concurrency, rate === undefined ? count : windowOf(rate));

  const open = (requests: number, isUrgent: boolean, isSpaced = true): Turn => {
    const now = clock.now();
    if (!isUrgent) inUse++;
    unsent += requests;
    if (rate !== undefined && isSpaced) slot = Math.max(slot, now - lateMs) + (requests * 1000) / (rate * share);
    let left = requests;
    let isOver = false;
    const sent = (): void => {
      if (left === 0) return;
      left--;
      unsent--;
      if (rate !== undefined) note(sentMoments, clock.now());
    };
    return {
      sent,
      end() {
        if (isOver) return;
        isOver = true;
        while (left > 0) sent();
        if (!isUrgent) inUse--;
        if (!waiting.isEmpty) pump();
      },
    };
  };

  const pump = (): void => {
    wake?.();
    wake = undefined;
    for (let next = waiting.next; next !== undefined && (inUse + roomFor(next) <= concurrency || next.isUrgent); next = waiting.next) {
      const now = clock.now();
      const room = roomFor(next);
      const moment = nextMoment(now, room);
      if (moment > now) {
        wake = clock.wait(Math.ceil(moment - now), pump);
        return;
      }
      waiting.shift();
      const { requests, isUrgent } = next;
      // Room was kept for all of them: what comes after them waits as after one.
      next.give(Array.from({ length: room }, (_, index) => open(requests, isUrgent, index === 0)));
    }
  };

  return {
    take({ requests = 1, isSpared = false, isUrgent = false, isAhead = false } = {}) {
      if (refusal !== undefined && !isSpared) return Promise.reject(refusal);
      const isFree = isUrgent || (waiting.isEmpty && inUse < concurrency);
      if (isFree && nextMoment(clock.now()) <= clock.now()) return open(requests, isUrgent);
      return new Promise((give, reject) => {
        const each: Waiting = { count: 1, requests, isSpared, isUrgent, give: ([turn]) => give(turn!), reject };
        waiting.add(each, isUrgent ? 'front' : isAhead ? 'ahead' : 'back');
        pump();
      });
    },
    takeTogether(count, isAhead = false) {
      if (refusal !== undefined) return Promise.reject(refusal);
      return new Promise((give, reject) => {
        waiting.add({ count, requests: 1, isSpared: false, isUrgent: false, give, reject }, isAhead ? 'ahead' : 'back');
        pump();
      });
    },
    hold(pauseMs) {
      pausedUntil = Math.max(pausedUntil, clock.now() + pauseMs);
    },
    slow(agoMs) {
      const now = clock.now();
      // What was under way when the rate went down says nothing of the new rate.
      if (now - agoMs < slowedAt) return;
      const seconds = Math.min(1, Math.max(0.02, (now - (firstAnswerAt ?? now)) / 1000));
      const reached = Math.max(1, countSince(answerMoments, now - 1000)) / seconds;
      const level = Math.min(rate ?? Number.POSITIVE_INFINITY, reached);
      confirmations = level > ceiling * 0.6 && level < ceiling * 1.6 ? confirmations + 1 : 0;
      ceiling = Math.max(slowest, level);
      rate = Math.max(slowest, ceiling * 0.85);
      steps = 0;
      slowedAt = now;
      changedAt = now;
    },
    noteAnswer() {
      const now = clock.now();
      firstAnswerAt ??= now;
      note(answerMoments, now);
    },
    refuse(error) {
      refusal = error;
      for (const each of waiting.clear()) {
        if (each.isSpared) waiting.add(each, 'back');
        else each.reject(error);
      }
      pump();
    },
    get rate() {
      return rate;
    },
  };
};

/**
 * The milliseconds that `Retry-After` asks to wait: seconds, or a date against the `Date` of the same answer (clocks differ).
 * Undefined where the field is absent or not understood (RFC 9110 §10.2.3).
 */
export const readRetryAfter = (
  headers: readonly (readonly [name: string, value: string])[],
  wallClock = Date.now(),
): number | undefined => {
  const find = (wanted: string): string | undefined => headers.find(([name]) => name.toLowerCase() === wanted)?.[1].trim();
  const value = find('retry-after');
  if (value === undefined) return undefined;
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const until = Date.parse(value);
  if (Number.isNaN(until) || !/[a-z]/i.test(value)) return undefined;
  const date = Date.parse(find('date') ?? '');
  return Math.max(0, until - (Number.isNaN(date) ? wallClock : date));
};
