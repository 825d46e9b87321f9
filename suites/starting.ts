/** Where shrinking starts: the first sequence that shows a finding again, of guesses at what matters and of sequences that show much. */
import { commonRaces } from '../generators/common-races.ts';
import { commonSequences } from '../generators/common-sequences.ts';
import { flatten, guessRace, guessRelevant } from '../generators/shrink.ts';
import type { Step } from '../spec/journal.ts';
import { findGrown } from './growing.ts';
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
export const isLong = (steps: Steps): boolean => flatten(steps).length > longSteps;
const waits = (steps: Steps): boolean => flatten(steps).some((step) => step.do === 'wait');
const knownAtMost = 2;
/** How often a drawn race is performed to see it again. */
export const rerunsOf = 10;
/** A candidate that shows now and then is tried so often before it is held not to show it. */
export const triesOfRace = 4;

export async function findStart(tries: Tries, circumstances: Circumstances): Promise<Start | undefined> {
  const { performed, cited, known, codes, isRace } = circumstances;
  const { short, ageing, large } = commonSequences(codes);
  const first = async (sequences: readonly Steps[], times = 1): Promise<Start | undefined> => {
    const steps = await tries.first(sequences, times);
    return steps && { steps };
  };
  const briefly = await first([...[...known].sort((a, b) => a.length - b.length).slice(0, knownAtMost), ...short]);
  if (briefly !== undefined) return briefly;
  if (isRace) {
    const drawn = [...guessRace(performed, cited), performed];
    return (
      (await first(commonRaces(codes), triesOfRace)) ??
      (await first(
        drawn.filter((steps) => !isLong(steps)),
        rerunsOf,
      )) ??
      // A long history is performed again once: no race takes so much, and others wait for their turn.
      (await first(drawn.filter(isLong)))
    );
  }
  const guesses = guessRelevant(performed, cited);
  const small = guesses.filter((steps) => !isLong(steps));
  const start =
    (await first([...small.filter((steps) => !waits(steps)), ...large])) ??
    (await findGrown(tries, codes, countCreates(performed), cited)) ??
    (waits(performed) ? await first([...ageing, ...small.filter(waits)]) : undefined) ??
    (await first([...guesses.filter(isLong), performed]));
  return start === undefined || start.isSmallest ? start : { steps: await narrow(tries, start.steps) };
}

/** What a performance shows it by tells what to keep of it, and that nothing is needed after that. */
async function narrow(tries: Tries, steps: Steps): Promise<Steps> {
  const flat = flatten(steps);
  const cited = new Set(tries.cited(steps));
  const last = flat.findLastIndex((step) => cited.has(step));
  if (last < 0) return steps;
  const guesses = [...guessRelevant(flat, cited), flat.slice(0, last + 1)].filter(({ length }) => length < flat.length);
  return (await tries.first(guesses, 1)) ?? steps;
}

const countCreates = (steps: Steps): number => flatten(steps).filter((step) => step.do === 'create').length;
