/** How a sequence is tried again: once where it always shows what it shows, several times where it does so now and then. */
import { flatten, prune, renumber } from '../generators/shrink.ts';
import { undeclaredSettleMs } from '../judge/facts.ts';
import type { Frequency, Step } from '../spec/journal.ts';

/**
 * Performs the steps on fresh ground; resolves to how it showed where it did, to `undefined` where they did not, to `out of time`
 * where they had not after `limitMs`. A write that shows after `lostAfterMs` still is late, and later is lost. `anew`: what an earlier performance of the same steps
 * showed does not do.
 */
export type TryOnce = (
  steps: readonly Step[],
  terms: { readonly lostMs: number; readonly limitMs: number; readonly anew: boolean },
) => Promise<Tried>;

export interface Sighted {
  /** All that were sent. */
  readonly exchanges: readonly string[];
  /** Of the flattened steps, those whose exchanges the finding cites, by position. */
  readonly cited: readonly number[];
}

export type Tried = Sighted | 'out of time' | undefined;

const isShown = (tried: Tried): tried is Sighted => tried !== undefined && tried !== 'out of time';

const isOver = (tried: Tried): boolean => tried !== 'out of time';

export interface Tries {
  /** The first of the sequences that shows it, each tried so many times, without what hangs on nothing. */
  first(sequences: readonly (readonly Step[])[], times: number): Promise<readonly Step[] | undefined>;
  shows(steps: readonly Step[], times: number): Promise<boolean>;
  /** Those of the sequences that show it, each tried once, in their order. */
  all(sequences: readonly (readonly Step[])[]): Promise<readonly (readonly Step[])[]>;
  /** The single steps by which these steps showed it last; none, if they did not. */
  cited(steps: readonly Step[]): readonly Step[];
  /** Whether it shows every time of so many more. */
  isSteady(steps: readonly Step[], times: number): Promise<boolean>;
  /**
   * The last word, with the full wait (rule 5), as far as there is time for it: how often it shows of so many times, and the exchanges of
   * one that showed it. Where there is not, what the shorter wait showed stands.
   */
  measure(steps: readonly Step[], times: number): Promise<{ readonly shown: Frequency; readonly exchanges: readonly string[] | undefined }>;
  /** How often these steps were tried to the end. */
  of(steps: readonly Step[]): number;
}

/** Sequences tried side by side, on ground of their own; fewer where they are long. */
const abreast = 12;
const stepsAbreast = 240;
/** Tries of one sequence, where it takes several. */
const ofOneAbreast = 4;
/** How many sequences like this one are tried side by side. */
export const widthFor = (steps: readonly Step[]): number =>
  Math.max(1, Math.min(abreast, Math.floor(stepsAbreast / flatten(steps).length)));

export interface Terms {
  /** A write not seen so long after its answer is lost, in milliseconds, but for the last word. */
  readonly shortMs: number;
  /** What showed with that wait stands where there is no time for the last word. */
  readonly isShortEnough: boolean;
  /** How much time is left for trying. */
  leftMs(): number;
  /** How long a last word may take by now. */
  measuringMs(): number;
}

export function createTries(tryOnce: TryOnce, { shortMs, isShortEnough, leftMs, measuringMs }: Terms): Tries {
  const counts = new Map<string, { tried: number; showed: number }>();
  const sighted = new Map<string, Sighted>();
  const keyOf = (steps: readonly Step[]): string => JSON.stringify(renumber(prune(steps)));

  async function side(steps: readonly Step[], times: number, lostMs: number, limitMs: number, anew: boolean) {
    const outcomes = await Promise.all(Array.from({ length: times }, () => tryOnce(steps, { lostMs, limitMs, anew })));
    const [showing] = outcomes.filter(isShown);
    if (showing !== undefined) sighted.set(JSON.stringify(renumber(steps)), showing);
    const { tried, showed } = counts.get(keyOf(steps)) ?? { tried: 0, showed: 0 };
    counts.set(keyOf(steps), { tried: tried + outcomes.filter(isOver).length, showed: showed + outcomes.filter(isShown).length });
    return outcomes;
  }

  const inTurns = async (sequences: readonly (readonly Step[])[], times: number, enough: number): Promise<(readonly Step[])[]> => {
    const found: (readonly Step[])[] = [];
    const all = sequences.map((steps) => prune(steps)).filter((steps) => steps.length > 0);
    // What is tried several times is tried by itself: others beside it would change what overlaps.
    for (let at = 0, width = 1; at < all.length && found.length < enough && leftMs() > 0; at += width) {
      width = times > 1 ? 1 : widthFor(all[at]!);
      const tried = all.slice(at, at + width);
      const shown = await Promise.all(tried.map((steps) => tries.shows(steps, times)));
      found.push(...tried.filter((_, index) => shown[index]));
    }
    return found;
  };

  const tries: Tries = {
    first: async (sequences, times) => (await inTurns(sequences, times, 1))[0],
    all: (sequences) => inTurns(sequences, 1, Number.POSITIVE_INFINITY),
    cited(steps) {
      const flat = flatten(steps);
      return (sighted.get(JSON.stringify(renumber(steps)))?.cited ?? []).flatMap((position) => flat[position] ?? []);
    },
    async shows(steps, times) {
      for (let left = times; left > 0 && leftMs() > 0; left -= ofOneAbreast) {
        const outcomes = await side(steps, Math.min(ofOneAbreast, left), shortMs, leftMs(), times > 1);
        if (outcomes.some(isShown)) return true;
      }
      return false;
    },
    async isSteady(steps, times) {
      const outcomes = leftMs() > 0 ? await side(steps, times, shortMs, leftMs(), true) : [undefined];
      return outcomes.every(isShown);
    },
    async measure(steps, times) {
      const outcomes = await side(steps, times, undeclaredSettleMs, measuringMs(), true);
      const showing = outcomes.filter(isShown);
      const over = outcomes.filter(isOver).length;
      const before = counts.get(keyOf(steps)) ?? { tried: 0, showed: 0 };
      const instead = isShortEnough && outcomes.includes('out of time') ? sighted.get(JSON.stringify(renumber(steps))) : undefined;
      return {
        // What was out of time says nothing.
        shown: over > 0 || !isShortEnough ? { times: showing.length, of: over } : { times: before.showed, of: before.tried },
        exchanges: (showing[0] ?? instead)?.exchanges,
      };
    },
    of: (steps) => counts.get(keyOf(steps))?.tried ?? 0,
  };
  return tries;
}
