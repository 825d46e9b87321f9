/**
 * Races: requests that overlap on one product, or on one customer, after a prefix that is sequential, each on fresh products. What
 * overlaps is drawn: which requests, how many, and in which order they leave. Reads come right after a write's answer, in its own
 * branch and in others, so that what a write undoes later has been seen before.
 */
import fc from 'fast-check';
import type { Step } from '../spec/journal.ts';
import { close, create, get, list, opened, together } from './steps.ts';

type Branch = readonly Step[];

const customer = 'a';

/** All of them, in any order. */
const shuffled = <T>(values: readonly T[]): fc.Arbitrary<T[]> =>
  fc.shuffledSubarray([...values], { minLength: values.length, maxLength: values.length });

/** A race of a product, between its opening and a look at what became of it. */
export interface Round {
  readonly product: string;
  readonly code: string;
  /** The product of the next round, created in the race of this one. */
  readonly next?: { readonly product: string; readonly code: string } | undefined;
}

const framed = ({ product }: Round, race: readonly Branch[]): Step[] => [opened(product), together(race), get(product), list(customer)];

/** Closes of one product at one moment, some read back, with other reads meanwhile. */
export const closesOfOne = (round: Round): fc.Arbitrary<Step[]> =>
  fc
    .record({ closes: fc.integer({ min: 5, max: 6 }), readBack: fc.integer({ min: 2, max: 3 }) })
    .chain(({ closes, readBack }) => {
      const [read, order] = [get(round.product), close(round.product)];
      return shuffled<Branch>([
        ...Array.from({ length: closes }, (_, index) => (index < readBack ? [order, read] : [order])),
        [read, list(customer)],
        beside(round, [read, read]),
      ]);
    })
    .map((race) => framed(round, race));

/** The same with two of the closes a little later than the others: what they change can be told from what the first ones left. */
export const closesInTurn = (round: Round): fc.Arbitrary<Step[]> => {
  const [read, order] = [get(round.product), close(round.product)];
  return shuffled<Branch>([
    [order, read],
    [order],
    [order],
    [read, order],
    [read, order, read],
    [read, list(customer)],
    beside(round, [read, read]),
  ]).map((race) => framed(round, race));
};

/** The branch that creates the product of the next round, where it is created in this one. */
const beside = ({ next }: Round, otherwise: Branch): Branch =>
  next === undefined ? otherwise : [create(next.product, customer, next.code), list(customer)];

/** One close among many reads: nothing makes up for it where it is lost. */
export const closeAmongReads = (round: Round): fc.Arbitrary<Step[]> =>
  fc
    .record({ again: fc.integer({ min: 1, max: 3 }), isLater: fc.boolean() })
    .chain(({ again, isLater }) => {
      const [read, order] = [get(round.product), close(round.product)];
      return shuffled<Branch>([
        isLater ? [read, order, read] : [order, read],
        [list(customer), read],
        [read, list(customer)],
        ...Array.from({ length: 4 }, (_, index) => (index < again ? [read, read] : [read])),
        beside(round, [read, read]),
      ]);
    })
    .map((race) => framed(round, race));

/**
 * Creates of two customers beside lists of both; then gets of all, so that mixed answers show; then closes of all but one, beside
 * another create, gets and lists.
 */
export const manyProducts = (codes: readonly string[]): fc.Arbitrary<Step[]> => {
  const owners = ['a', 'b'] as const;
  return fc.nat({ max: codes.length - 1 }).chain((first) => {
    const code = (index: number): string => codes[(first + index) % codes.length]!;
    const made = owners.flatMap((owner, which) =>
      [0, 1].map((index) => ({ name: `${owner}${index + 1}`, owner, code: code(index + which) })),
    );
    const last = { name: 'a3', owner: 'a', code: code(2) };
    const names = made.map(({ name }) => name);
    const kept = names.at(-1)!;
    return fc
      .tuple(
        shuffled<Branch>([
          ...made.map(({ name, owner, code: each }) => [create(name, owner, each)]),
          ...owners.map((owner) => [list(owner), list(owner)]),
        ]),
        shuffled<Branch>([...names.map((name) => [get(name), get(name)]), ...owners.map((owner) => [list(owner), list(owner)])]),
        shuffled<Branch>([
          ...names.slice(0, -1).map((name) => [close(name), get(name)]),
          [create(last.name, last.owner, last.code), list(last.owner)],
          [get(kept), get(kept)],
          ...owners.map((owner) => [list(owner)]),
        ]),
        shuffled<Branch>([...names, last.name].map((name) => [get(name)])),
      )
      .map(([creates, gets, closes, looks]) => [
        together(creates),
        ...owners.map((owner) => list(owner)),
        ...names.map(opened),
        together(gets),
        together(closes),
        ...names.map(get),
        ...owners.map((owner) => list(owner)),
        together(looks),
      ]);
  });
};

export interface RaceCounts {
  readonly closesOfOne: number;
  readonly closesInTurn: number;
  readonly closesAmongReads: number;
  readonly manyProducts: number;
}

/** Rounds on one customer, so few that it has no more than 8 products. */
const roundsAtMost = 5;

export interface RaceOptions {
  readonly codes: readonly string[];
  readonly counts: RaceCounts;
  /** A product may be created while another is open: there is no limit known, and nobody else takes room. */
  readonly mayOverlap: boolean;
  readonly seed: number;
}

/** Sequences of rounds, each on a customer of its own; the same for the same seed. */
export function drawRaces({ codes, counts, mayOverlap, seed }: RaceOptions): Step[][] {
  const kinds = [
    ...Array.from({ length: counts.closesOfOne }, () => closesOfOne),
    ...Array.from({ length: counts.closesInTurn }, () => closesInTurn),
    ...Array.from({ length: counts.closesAmongReads }, () => closeAmongReads),
  ];
  const codeOf = (index: number): string => codes[index % codes.length]!;
  const sequences = shuffled(kinds).chain((order) =>
    fc.tuple(
      ...Array.from({ length: Math.ceil(order.length / roundsAtMost) }, (_, group) => {
        const members = order.slice(group * roundsAtMost, (group + 1) * roundsAtMost);
        return inSequence(
          members.map((kind, index) => ({ kind, product: `p${index + 1}`, code: codeOf(group + index) })),
          mayOverlap && codes.length > 1,
        );
      }),
    ),
  );
  return [...fc.sample(sequences, { numRuns: 1, seed })[0]!, ...fc.sample(manyProducts(codes), { numRuns: counts.manyProducts, seed })];
}

/** The rounds of one customer, each product created in the race of the one before, or between the two. */
function inSequence(
  members: readonly (Round & { readonly kind: (round: Round) => fc.Arbitrary<Step[]> })[],
  mayOverlap: boolean,
): fc.Arbitrary<Step[]> {
  const rounds = members.map(({ kind, product, code }, index) => {
    const next = mayOverlap ? members[index + 1] : undefined;
    const first: Step[] = mayOverlap && index > 0 ? [] : [create(product, customer, code)];
    return kind({ product, code, next }).map((steps) => [...first, ...steps]);
  });
  return fc.tuple(...rounds).map((drawn) => drawn.flat());
}
