/** Where shrinking starts: the first sequence that shows a finding again, of guesses at what matters and of sequences that show much. */
import { commonRaces } from '../generators/common-races.ts';
import { commonSequences, growths } from '../generators/common-sequences.ts';
import { flatten, guessRace, guessRelevant } from '../generators/shrink.ts';
import type { Step } from '../spec/journal.ts';
import type { Tries } from './tries.ts';

type Steps = readonly Step[];

export interface Circumstances {
  /** What was being performed when it was found; none for an experiment. */
  readonly performed: Steps;
  /** The steps of it that the finding cites. */
  readonly cited: ReadonlySet<Step>;
  /** Sequences that showed other findings. */
  readonly known: readonly Steps[];
  readonly codes: readonly string[];
  /** It may show one time, and not another. */
  readonly isRace: boolean;
}

export interface Start {
  readonly steps: Steps;
  /** It needs no shrinking. */
  readonly isSmallest?: true;
}

/** A guess of more steps is tried last. */
const longSteps = 40;
const isLong = (steps: Steps): boolean => flatten(steps).length > longSteps;
const waits = (steps: Steps): boolean => flatten(steps).some((step) => step.do === 'wait');
const knownAtMost = 2;
/** How often a drawn race is performed to see it again. */
export const rerunsOf = 10;
/** A candidate that shows now and then is tried so often before it is held not to show it. */
export const triesOfRace = 4;
/** What grows is tried with so many products, or as many as there were. */
const growthAtLeast = 24;

export async function findStart(tries: Tries, circumstances: Circumstances): Promise<Start | undefined> {
  const { performed, cited, known, codes, isRace } = circumstances;
  const { short, ageing, large } = commonSequences(codes);
  const first = async (sequences: readonly Steps[], times = 1): Promise<Start | undefined> => {
    const steps = await tries.first(sequences, times);
    return steps && { steps };
  };
  const briefly = await first([...[...known].sort((a, b) => a.length - b.length).slice(0, knownAtMost), ...short]);
  if (briefly !== undefined) return briefly;
  if (isRace) return (await first(commonRaces(codes), triesOfRace)) ?? (await first([...guessRace(performed, cited), performed], rerunsOf));
  const guesses = guessRelevant(performed, cited);
  const small = guesses.filter((steps) => !isLong(steps));
  return (
    (await first([...small.filter((steps) => !waits(steps)), ...large])) ??
    (await findSize(tries, codes, Math.max(growthAtLeast, countCreates(performed)))) ??
    (waits(performed) ? await first([...ageing, ...small.filter(waits)]) : undefined) ??
    (await first([...guesses.filter(isLong), performed]))
  );
}

const countCreates = (steps: Steps): number => flatten(steps).filter((step) => step.do === 'create').length;

/** For what does not bear growth: the look that shows it, and the smallest size at which it does. */
async function findSize(tries: Tries, codes: readonly string[], most: number): Promise<Start | undefined> {
  for (const { make, looks } of growths(codes)) {
    if (!(await tries.shows([...make(most), ...looks(most)], 1))) continue;
    const kinds = looks(most).map((_, kind) => kind);
    const ofSize = (kind: number, count: number): Steps => [...make(count), looks(count)[kind]!];
    const shown = await Promise.all(kinds.map((kind) => tries.shows(ofSize(kind, most), 1)));
    const kind = shown.indexOf(true);
    if (kind < 0) return { steps: [...make(most), ...looks(most)] };
    let [least, enough] = [1, most];
    while (least < enough) {
      const between = quarters(least, enough);
      const tried = await Promise.all(between.map((count) => tries.shows(ofSize(kind, count), 1)));
      const first = tried.indexOf(true);
      if (first < 0) least = between.at(-1)! + 1;
      else [least, enough] = [first === 0 ? least : between[first - 1]! + 1, between[first]!];
    }
    return { steps: ofSize(kind, enough), isSmallest: true };
  }
  return undefined;
}

/** Up to three sizes between the two, the smaller first; never the larger of the two itself. */
const quarters = (least: number, enough: number): number[] => [
  ...new Set([1, 2, 3].map((part) => least + Math.floor(((enough - least) * part) / 4))),
];
