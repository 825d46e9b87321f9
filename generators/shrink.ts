/**
 * Makes a sequence smaller while it still shows what it shows: larger parts are left out first, then smaller ones, then single
 * steps, then what single steps can do without. At the end no single step can be left out. fast-check's own shrinking knows the
 * draws of a random sequence only; this one knows steps, so it serves written sequences too, and drops with a create what hangs on it.
 */
import type { Step, StepFilter } from '../spec/journal.ts';
import { recall } from './model/recall.ts';

/** Whether the steps, performed on fresh ground, show it again. */
export type Shows = (steps: readonly Step[]) => Promise<boolean>;

export interface Shrinking {
  readonly shows: Shows;
  /** Whether time, or what may be sent, is used up; the smallest found by then is returned. */
  readonly exhausted: () => boolean;
  /** How many candidates like this one are tried side by side. */
  readonly abreast: (candidate: readonly Step[]) => number;
}

/** Beyond so many steps groups stay together: one by one they would take too long. */
const flattenAtMost = 48;

/** @param steps have shown it */
export async function shrink(steps: readonly Step[], shrinking: Shrinking): Promise<readonly Step[]> {
  const { exhausted } = shrinking;
  let current = steps;
  if (countSteps(current) <= flattenAtMost) current = (await firstShowing([flatten(current)], current, shrinking)) ?? current;
  for (;;) {
    const before: readonly Step[] = current;
    current = await leaveOut(current, shrinking);
    current = await simplify(current, shrinking);
    if (exhausted() || (current.length === before.length && JSON.stringify(current) === JSON.stringify(before))) return renumber(current);
  }
}

/** A part of a sequence: from the first of these positions to before the second. */
type Cut = readonly [number, number];

async function leaveOut(steps: readonly Step[], { shows, exhausted, abreast }: Shrinking): Promise<readonly Step[]> {
  let current = steps;
  for (let size = Math.ceil(current.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    // From the end: what comes last hangs on most.
    for (let end = current.length; end > 0; ) {
      if (exhausted()) return current;
      const cuts: Cut[] = [];
      const width = abreast(current);
      for (; end > 0 && cuts.length < width; end -= size) cuts.push([Math.max(0, end - size), end]);
      const before: readonly Step[] = current;
      const shown = await Promise.all(cuts.map((cut) => isLess(without(before, [cut]), before) && shows(without(before, [cut]))));
      const good = cuts.filter((_, index) => shown[index]);
      if (good.length === 0) continue;
      // What can be left out by itself, each, can often be left out together.
      const all = without(before, good);
      if (good.length > 1 && !exhausted() && all.length > 0 && (await shows(all))) current = all;
      else [current = before] = good.map((cut) => without(before, [cut])).sort((a, b) => a.length - b.length);
    }
  }
  return current;
}

const isLess = (candidate: readonly Step[], than: readonly Step[]): boolean => candidate.length > 0 && candidate.length < than.length;

const without = (steps: readonly Step[], cuts: readonly Cut[]): readonly Step[] =>
  prune(steps.filter((_, index) => !cuts.some(([from, to]) => index >= from && index < to)));

/** Smaller forms of single steps: a list with one filter less, a group with one branch less, a wait left out. */
async function simplify(steps: readonly Step[], shrinking: Shrinking): Promise<readonly Step[]> {
  let current = steps;
  for (let index = 0; index < current.length; index += 1) {
    for (;;) {
      if (shrinking.exhausted()) return current;
      const step: Step = current[index]!;
      const candidates = smallerForms(step).map((form) => prune([...current.slice(0, index), ...form, ...current.slice(index + 1)]));
      const smaller: readonly Step[] | undefined = await firstShowing(candidates, current, shrinking);
      if (smaller === undefined) break;
      current = smaller;
      if (index >= current.length) break;
    }
  }
  return current;
}

async function firstShowing(
  candidates: readonly (readonly Step[])[],
  current: readonly Step[],
  { shows, exhausted, abreast }: Shrinking,
): Promise<readonly Step[] | undefined> {
  const others = candidates.filter((candidate) => candidate.length > 0 && JSON.stringify(candidate) !== JSON.stringify(current));
  const width = abreast(current);
  for (let at = 0; at < others.length && !exhausted(); at += width) {
    const tried = others.slice(at, at + width);
    const shown = await Promise.all(tried.map(shows));
    if (shown.includes(true)) return tried[shown.indexOf(true)];
  }
  return undefined;
}

function smallerForms(step: Step): (readonly Step[])[] {
  if (step.do === 'list' && step.filters !== undefined && step.filters.length > 0) {
    const { filters } = step;
    return filters.map((_, index) => [
      withFilters(
        step.customer,
        filters.filter((_filter, other) => other !== index),
      ),
    ]);
  }
  if (step.do === 'get' && step.until !== undefined) return [[{ do: 'get', product: step.product }]];
  return step.do === 'together' ? smallerGroups(step.branches) : [];
}

/** Half of the branches, one branch less, one step of a branch less; what is left of a group of one is no group. */
function smallerGroups(branches: readonly (readonly Step[])[]): (readonly Step[])[] {
  const half = Math.ceil(branches.length / 2);
  const halves = branches.length <= 2 ? [] : [branches.slice(0, half), branches.slice(half)];
  const without = branches.map((_, index) => branches.filter((_branch, other) => other !== index));
  // Of a large group, made for speed, one by one would take too long.
  if (branches.length > racersAtMost) return [...halves, branches.slice(0, -1)].map(groupOf);
  const shorter = branches.flatMap((branch, index) =>
    branch.length < 2 ? [] : branch.map((_, step) => branches.with(index, [...branch.slice(0, step), ...branch.slice(step + 1)])),
  );
  return [...halves, ...without, ...shorter].map(groupOf);
}

const groupOf = (branches: readonly (readonly Step[])[]): readonly Step[] =>
  branches.length === 1 ? branches[0]! : [{ do: 'together', branches }];

/** Groups of no more branches are races; larger ones do many things at once for speed. */
export const racersAtMost = 8;

const withFilters = (customer: string, filters: readonly StepFilter[]): Step => ({
  do: 'list',
  customer,
  ...(filters.length === 0 ? {} : { filters }),
});

/** The single steps, in groups or not. */
export const flatten = (steps: readonly Step[]): readonly Step[] =>
  steps.flatMap((step) => (step.do === 'together' ? step.branches.flatMap(flatten) : [step]));

const countSteps = (steps: readonly Step[]): number => flatten(steps).length;

/** The product codes of what it makes, in the order in which they come up. */
export const codesIn = (steps: readonly Step[]): readonly string[] => [
  ...new Set(flatten(steps).flatMap((step) => (step.do === 'create' ? [step.code] : []))),
];

/** What is left where only products of these codes are made. */
export const ofCodes = (steps: readonly Step[], codes: readonly string[]): readonly Step[] =>
  prune(keep(steps, (step) => step.do !== 'create' || codes.includes(step.code)));

/** Leaves out what hangs on a product that is no longer made. */
export function prune(steps: readonly Step[], made = new Set<string>()): readonly Step[] {
  return steps.flatMap((step): Step[] => {
    switch (step.do) {
      case 'create':
        made.add(step.as);
        return [step];
      case 'get':
      case 'close':
        return made.has(step.product) ? [step] : [];
      case 'list':
        return (step.filters ?? []).every((filter) => 'value' in filter || made.has(filter.of)) ? [step] : [];
      case 'together': {
        const branches = step.branches.map((branch) => prune(branch, made)).filter((branch) => branch.length > 0);
        return branches.length === 0 ? [] : [{ do: 'together', branches }];
      }
      default:
        return [step];
    }
  });
}

/** Names in the order in which they come up: customers `a`, `b`, products `p1`, `p2`. */
export function renumber(steps: readonly Step[]): readonly Step[] {
  const customers = new Map<string, string>();
  const products = new Map<string, string>();
  const customer = (name: string): string => {
    if (!customers.has(name)) customers.set(name, String.fromCharCode(97 + customers.size));
    return customers.get(name)!;
  };
  const product = (name: string): string => {
    if (!products.has(name)) products.set(name, `p${products.size + 1}`);
    return products.get(name)!;
  };
  const rename = (step: Step): Step => {
    switch (step.do) {
      case 'create':
        return { ...step, as: product(step.as), customer: customer(step.customer) };
      case 'list':
        return {
          ...step,
          customer: customer(step.customer),
          ...(step.filters === undefined
            ? {}
            : { filters: step.filters.map((filter) => ('of' in filter ? { ...filter, of: product(filter.of) } : filter)) }),
        };
      case 'get':
      case 'close':
        return { ...step, product: product(step.product) };
      case 'together':
        return { do: 'together', branches: step.branches.map((branch) => branch.map(rename)) };
      default:
        return step;
    }
  };
  return steps.map(rename);
}

/**
 * Guesses at what matters, smallest first: the steps cited with the creates they hang on; then all steps on the same products;
 * then one product of each code more, of the same customers; then all on the same customers; then all these with the waits.
 */
export function guessRelevant(steps: readonly Step[], cited: ReadonlySet<Step>): (readonly Step[])[] {
  const flat = flatten(steps);
  const wanted = flat.filter((step) => cited.has(step));
  const products = new Set(wanted.flatMap(productsIn));
  const creates = flat.filter((step) => step.do === 'create' && products.has(step.as));
  const customers = new Set(
    [...wanted, ...creates].flatMap((step) => ('customer' in step && step.customer !== undefined ? [step.customer] : [])),
  );
  const onProducts = (step: Step): boolean => productsIn(step).some((name) => products.has(name));
  const onCustomers = (step: Step): boolean => 'customer' in step && step.customer !== undefined && customers.has(step.customer);
  const oneOfEach = firstOfEachCode(flat, customers);
  const onSome = (step: Step): boolean => productsIn(step).some((name) => products.has(name) || oneOfEach.has(name));
  const kept: readonly ((step: Step) => boolean)[] = [
    (step) => cited.has(step) || creates.includes(step),
    (step) => cited.has(step) || onProducts(step),
    (step) => cited.has(step) || (step.do === 'create' && onSome(step)),
    (step) => cited.has(step) || onSome(step),
    (step) => cited.has(step) || onProducts(step) || onCustomers(step),
  ];
  const hasWaits = flat.some((step) => step.do === 'wait');
  return [false, true].flatMap((waiting) =>
    waiting && !hasWaits ? [] : kept.map((keeps) => flat.filter((step) => (step.do === 'wait' ? waiting : keeps(step)))),
  );
}

function firstOfEachCode(flat: readonly Step[], customers: ReadonlySet<string>): ReadonlySet<string> {
  const byCode = new Map<string, string>();
  for (const step of flat)
    if (step.do === 'create' && customers.has(step.customer)) recall(byCode, `${step.customer} ${step.code}`, () => step.as);
  return new Set(byCode.values());
}

/**
 * The same guesses for a race, smallest first: what was done at the same time stays so. The steps on the products cited; then with the
 * lists of their customers.
 */
export function guessRace(steps: readonly Step[], cited: ReadonlySet<Step>): (readonly Step[])[] {
  const flat = flatten(steps);
  const named = new Set(flat.filter((step) => cited.has(step)).flatMap(productsIn));
  const customers = new Set(flat.flatMap((step) => (step.do === 'create' && named.has(step.as) ? [step.customer] : [])));
  const onProducts = (step: Step): boolean => cited.has(step) || productsIn(step).some((name) => named.has(name));
  const onCustomers = (step: Step): boolean => onProducts(step) || (step.do === 'list' && customers.has(step.customer));
  return [keep(steps, onProducts), keep(steps, onCustomers)];
}

/** The single steps that it holds for, in the groups they stand in. */
function keep(steps: readonly Step[], holds: (step: Step) => boolean): readonly Step[] {
  return steps.flatMap((step): Step[] => {
    if (step.do !== 'together') return holds(step) ? [step] : [];
    const branches = step.branches.map((branch) => keep(branch, holds)).filter((branch) => branch.length > 0);
    return branches.length === 0 ? [] : [...groupOf(branches)];
  });
}

function productsIn(step: Step): string[] {
  if (step.do === 'create') return [step.as];
  if (step.do === 'get' || step.do === 'close') return [step.product];
  return step.do === 'list' ? (step.filters ?? []).flatMap((filter) => ('of' in filter ? [filter.of] : [])) : [];
}
