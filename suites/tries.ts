/** How a sequence is tried again: once where it always shows what it shows, several times where it does so now and then. */
import { prune } from '../generators/shrink.ts';
import { undeclaredSettleMs } from '../judge/facts.ts';
import type { Frequency, Step } from '../spec/journal.ts';

/**
 * Performs the steps on fresh ground; resolves to the exchanges where they showed it, to `undefined` where they did not, or had not after
 * `limitMs`. A write that shows after `lostAfterMs` still is late, and later is lost.
 */
export type TryOnce = (steps: readonly Step[], lostAfterMs: number, limitMs: number) => Promise<readonly string[] | undefined>;

export interface Tries {
  /** The first of the sequences that shows it, each tried so many times, without what hangs on nothing. */
  first(sequences: readonly (readonly Step[])[], times: number): Promise<readonly Step[] | undefined>;
  shows(steps: readonly Step[], times: number): Promise<boolean>;
  /** Whether it shows every time of so many more. */
  isSteady(steps: readonly Step[], times: number): Promise<boolean>;
  /**
   * The last word, with the full wait (rule 5), whatever time is left: how often it shows of so many times, and the exchanges of one that
   * showed it.
   */
  measure(steps: readonly Step[], times: number): Promise<{ readonly shown: Frequency; readonly exchanges: readonly string[] | undefined }>;
  /** How often these steps were tried. */
  of(steps: readonly Step[]): number;
}

/** Tries side by side, on ground of their own. */
const abreast = 4;
/** How long a last word takes at most: the wait for what is lost, and what it takes to get there. */
const measuringMs = undeclaredSettleMs + 1_000;

/** @param leftMs how much time is left for trying */
export function createTries(tryOnce: TryOnce, { shortMs, leftMs }: { readonly shortMs: number; readonly leftMs: () => number }): Tries {
  const counts = new Map<string, number>();
  const keyOf = (steps: readonly Step[]): string => JSON.stringify(prune(steps));

  async function side(steps: readonly Step[], times: number, lostAfterMs: number, limitMs: number) {
    const key = keyOf(steps);
    counts.set(key, (counts.get(key) ?? 0) + times);
    return Promise.all(Array.from({ length: times }, () => tryOnce(steps, lostAfterMs, limitMs)));
  }

  const tries: Tries = {
    async first(sequences, times) {
      for (const sequence of sequences) {
        const steps = prune(sequence);
        if (steps.length > 0 && (await tries.shows(steps, times))) return steps;
      }
      return undefined;
    },
    async shows(steps, times) {
      for (let left = times; left > 0 && leftMs() > 0; left -= abreast) {
        const outcomes = await side(steps, Math.min(abreast, left), shortMs, leftMs());
        if (outcomes.some((shown) => shown !== undefined)) return true;
      }
      return false;
    },
    async isSteady(steps, times) {
      const outcomes = leftMs() > 0 ? await side(steps, times, shortMs, leftMs()) : [undefined];
      return outcomes.every((shown) => shown !== undefined);
    },
    async measure(steps, times) {
      const outcomes = await side(steps, times, undeclaredSettleMs, measuringMs);
      const showing = outcomes.filter((shown) => shown !== undefined);
      return { shown: { times: showing.length, of: times }, exchanges: showing[0] };
    },
    of: (steps) => counts.get(keyOf(steps)) ?? 0,
  };
  return tries;
}
