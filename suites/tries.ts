/** How a sequence is tried again: once where it always shows what it shows, several times where it does so now and then. */
import { prune } from '../generators/shrink.ts';
import { undeclaredSettleMs } from '../judge/facts.ts';
import type { Frequency, Step } from '../spec/journal.ts';

/** Performs the steps on fresh ground; resolves to the exchanges where they showed it. */
export type TryOnce = (steps: readonly Step[], lostAfterMs: number) => Promise<readonly string[] | undefined>;

export interface Tries {
  /** The first of the sequences that shows it, each tried so many times, without what hangs on nothing. */
  first(sequences: readonly (readonly Step[])[], times: number): Promise<readonly Step[] | undefined>;
  shows(steps: readonly Step[], times: number): Promise<boolean>;
  /** Whether it shows every time of so many more. */
  isSteady(steps: readonly Step[], times: number): Promise<boolean>;
  /** How often it shows, of so many times; fewer where time runs out. `exchanges`: of the last time that it showed. */
  measure(steps: readonly Step[], times: number): Promise<{ readonly shown: Frequency; readonly exchanges: readonly string[] | undefined }>;
  /** The last word, with the full wait (rule 5): the exchanges of a time that showed it. */
  confirm(steps: readonly Step[], times: number): Promise<readonly string[] | undefined>;
  /** How often these steps were tried. */
  of(steps: readonly Step[]): number;
}

/** Tries side by side, on ground of their own. */
export const abreastOfRace = 4;

export function createTries(tryOnce: TryOnce, { short, exhausted }: { readonly short: number; readonly exhausted: () => boolean }): Tries {
  const counts = new Map<string, number>();
  const keyOf = (steps: readonly Step[]): string => JSON.stringify(prune(steps));

  function perform(steps: readonly Step[], lostAfterMs: number): Promise<readonly string[] | undefined> {
    const key = keyOf(steps);
    counts.set(key, (counts.get(key) ?? 0) + 1);
    return tryOnce(steps, lostAfterMs);
  }

  /** What each time showed; no more is begun once time is up, but for the first. */
  async function repeat(steps: readonly Step[], times: number, untilShown: boolean): Promise<(readonly string[] | undefined)[]> {
    const outcomes: (readonly string[] | undefined)[] = [];
    while (outcomes.length < times && (outcomes.length === 0 || !exhausted())) {
      const side = Array.from({ length: Math.min(abreastOfRace, times - outcomes.length) }, () => perform(steps, short));
      outcomes.push(...(await Promise.all(side)));
      if (untilShown && outcomes.some((shown) => shown !== undefined)) break;
    }
    return outcomes;
  }

  const tries: Tries = {
    async first(sequences, times) {
      for (const sequence of sequences) {
        if (exhausted()) return undefined;
        const steps = prune(sequence);
        if (steps.length > 0 && (await tries.shows(steps, times))) return steps;
      }
      return undefined;
    },
    shows: async (steps, times) => (await repeat(steps, times, true)).some((shown) => shown !== undefined),
    isSteady: async (steps, times) => (await repeat(steps, times, false)).every((shown) => shown !== undefined),
    async measure(steps, times) {
      const outcomes = await repeat(steps, times, false);
      const showing = outcomes.filter((shown) => shown !== undefined);
      return { shown: { times: showing.length, of: outcomes.length }, exchanges: showing.at(-1) };
    },
    async confirm(steps, times) {
      const side = await Promise.all(Array.from({ length: times }, () => perform(steps, undeclaredSettleMs)));
      return side.find((shown) => shown !== undefined);
    },
    of: (steps) => counts.get(keyOf(steps)) ?? 0,
  };
  return tries;
}
