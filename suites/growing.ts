/** For what does not bear growth: the smallest number of products, and the looks at them, that show it. */
import { type Growth, growths } from '../generators/common-sequences.ts';
import { codesIn, flatten, ofCodes } from '../generators/shrink.ts';
import type { Step } from '../spec/journal.ts';
import type { Tries } from './tries.ts';

type Steps = readonly Step[];

export interface Grown {
  readonly steps: Steps;
  /** So many products are needed, and leaving out one after the other would take too long. */
  readonly isSmallest?: true;
}

/** Sizes tried, as far as there is reason to go: what is kept in tens, twenties, fifties or 64 gives way at one of the first two. */
const sizes = [24, 66] as const;
/** So many steps can be left out one by one. */
const fewSteps = 14;

/** @param most products the sequence had that showed it */
export async function findGrown(tries: Tries, codes: readonly string[], most: number): Promise<Grown | undefined> {
  for (const count of [...sizes.filter((size, index) => index === 0 || size < most), ...(most > sizes[1] ? [most] : [])])
    for (const growth of growths(codes)) {
      const whole = [...growth.make(count), ...growth.looks(count)];
      if (await tries.shows(whole, 1)) return findLeast(tries, growth, count, whole);
    }
  return undefined;
}

async function findLeast(tries: Tries, growth: Growth, count: number, whole: Steps): Promise<Grown> {
  const { make, looks } = growth;
  const made = make(count).length;
  const cited = new Set(tries.cited(whole));
  const all = looks(count).map((_, kind) => kind);
  const kinds = all.filter((kind) => cited.has(whole[made + kind]!));
  const used = kinds.length > 0 ? kinds : all;
  const pick = (size: number, some: readonly number[]): Steps => some.map((kind) => looks(size)[kind]!);
  // One growth with a look at every size tells the size; sizes tried one by one would take many times as many products.
  const walk = Array.from({ length: count }, (_, index) => [...growth.add(index + 1), ...pick(index + 1, used)]);
  const seen = (await tries.shows(walk.flat(), 1)) ? lastOf(walk.flat(), tries.cited(walk.flat())) : undefined;
  const size = seen === undefined ? count : walk.findIndex((_, index) => walk.slice(0, index + 1).flat().length > seen) + 1;
  const before = size > 1 ? [...make(size - 1), ...pick(size - 1, used)] : [];
  const candidates = [
    ...used.map((kind) => [...make(size), ...pick(size, [kind])]),
    [...make(size), ...pick(size, used)],
    [...make(size), ...looks(size)],
    [...before, ...growth.add(size), ...pick(size, used)],
    ...(seen === undefined ? [] : [walk.flat().slice(0, seen + 1)]),
  ];
  for (const candidate of candidates) if (await tries.shows(candidate, 1)) return leaveOutCodes(tries, candidate);
  return { steps: whole };
}

/** The position of the last that is cited. */
function lastOf(steps: Steps, cited: readonly Step[]): number | undefined {
  const last = Math.max(...cited.map((step) => steps.indexOf(step)));
  return Number.isFinite(last) && last >= 0 ? last : undefined;
}

/** It may be the number of products of one code, or of some, that counts. */
async function leaveOutCodes(tries: Tries, steps: Steps): Promise<Grown> {
  let current = steps;
  const codes = codesIn(current);
  const alone = codes.length < 2 ? [] : codes.map((code) => ofCodes(current, [code]));
  const [pure] = await tries.all(alone);
  if (pure !== undefined) current = pure;
  else
    for (const code of codes.length < 3 ? [] : codes) {
      const less = ofCodes(
        current,
        codesIn(current).filter((each) => each !== code),
      );
      if (await tries.shows(less, 1)) current = less;
    }
  return flatten(current).length <= fewSteps ? { steps: current } : { steps: current, isSmallest: true };
}
