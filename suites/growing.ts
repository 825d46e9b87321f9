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

/**
 * @param most products the sequence had that showed it
 * @param seen the steps of it that showed it
 */
export async function findGrown(tries: Tries, codes: readonly string[], most: number, seen: Iterable<Step>): Promise<Grown | undefined> {
  const kindsSeen = kindsLike([...seen], growths(codes)[0]!.looks(1));
  for (const count of [...sizes.filter((size, index) => index === 0 || size < most), ...(most > sizes[1] ? [most] : [])])
    for (const growth of growths(codes)) {
      const made = growth.make(count);
      const whole = [...made, ...growth.looks(count)];
      if (await tries.shows(whole, 1)) {
        const cited = new Set(tries.cited(whole));
        const kinds = indexesOf(whole.slice(made.length), (look) => cited.has(look));
        return (await findLeast(tries, growth, count, kinds, true)) ?? { steps: whole };
      }
      const least = kindsSeen.length === 0 ? undefined : await findLeast(tries, growth, count, kindsSeen, false);
      if (least !== undefined) return least;
    }
  return undefined;
}

const indexesOf = <T>(all: readonly T[], holds: (one: T) => boolean): number[] => all.flatMap((one, index) => (holds(one) ? [index] : []));

/** The looks that look as one of the steps did. */
const kindsLike = (steps: readonly Step[], looks: Steps): number[] => {
  const shapes = new Set(steps.map(shapeOf));
  return indexesOf(looks, (look) => shapes.has(shapeOf(look)));
};

const shapeOf = (step: Step): string => [step.do, ...(step.do === 'list' ? (step.filters ?? []).map(({ name }) => name) : [])].join(' ');

/**
 * @param kinds of looks; none: all
 * @param isShown so many products, with all looks after, show it: looks on the way are not needed
 */
async function findLeast(
  tries: Tries,
  { make, add, looks }: Growth,
  count: number,
  kinds: readonly number[],
  isShown: boolean,
): Promise<Grown | undefined> {
  const used = kinds.length > 0 ? kinds : looks(1).map((_, kind) => kind);
  const pick = (size: number, some: readonly number[]): Steps => some.map((kind) => looks(size)[kind]!);
  // One growth with a look at every size tells the size; sizes tried one by one would take many times as many products.
  const grown = Array.from({ length: count }, (_, index) => [...add(index + 1), ...pick(index + 1, used)]);
  const walk = grown.flat();
  const walked = await tries.shows(walk, 1);
  if (!walked && !isShown) return undefined;
  const last = walked ? lastOf(walk, tries.cited(walk)) : undefined;
  const size =
    last === undefined
      ? await halve(count, (tried) => tries.shows([...make(tried), ...pick(tried, used)], 1))
      : grown.findIndex((_, index) => grown.slice(0, index + 1).flat().length > last) + 1;
  const before = (some: readonly number[]): Steps => (size > 1 ? [...make(size - 1), ...pick(size - 1, some)] : []);
  const candidates = [
    ...(isShown ? [...used.map((kind) => [...make(size), ...pick(size, [kind])]), [...make(size), ...pick(size, used)]] : []),
    ...used.map((kind) => [...before([kind]), ...add(size), ...pick(size, [kind])]),
    [...make(size), ...looks(size)],
    [...before(used), ...add(size), ...pick(size, used)],
    ...(last === undefined ? [] : [walk.slice(0, last + 1)]),
  ];
  for (const candidate of candidates) if (await tries.shows(candidate, 1)) return leaveOutCodes(tries, candidate);
  return undefined;
}

/** The smallest size that shows it, where looks on the way would hide it; the largest of all does. */
async function halve(count: number, shows: (size: number) => Promise<boolean>): Promise<number> {
  let [least, enough] = [1, count];
  while (least < enough) {
    const between = Math.floor((least + enough) / 2);
    if (await shows(between)) enough = between;
    else least = between + 1;
  }
  return enough;
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
