/** What does not bear growth is shown at its smallest size, with the looks it takes, and for few products. */
import { describe, expect, it } from 'vitest';
import { flatten } from '../../generators/shrink.ts';
import type { Step } from '../../spec/journal.ts';
import { productCodes } from '../../spec/values.ts';
import { findGrown } from '../../suites/growing.ts';
import { createTries } from '../../suites/tries.ts';

/** The position of the first step that shows it, and of what it is held against. */
type Defect = (steps: readonly Step[]) => readonly number[];

const isCreate = (step: Step): boolean => step.do === 'create';
const isPlainList = (step: Step): boolean => step.do === 'list' && step.filters === undefined;
const createsBefore = (steps: readonly Step[], at: number, holds: (step: Step) => boolean = isCreate): number =>
  steps.slice(0, at).filter(holds).length;

/** A defect of lists that hold more than so many products. */
const longerThan =
  (size: number, counts: (step: Step) => boolean = isCreate): Defect =>
  (steps) =>
    [steps.findIndex((step, at) => isPlainList(step) && createsBefore(steps, at, counts) > size)].filter((at) => at >= 0);

async function grow(defect: Defect, seen: readonly Step[] = [], most = 132) {
  let products = 0;
  const tries = createTries(
    async (steps) => {
      const flat = flatten(steps);
      products += flat.filter(isCreate).length;
      const cited = defect(flat);
      return cited.length === 0 ? undefined : { exchanges: [], cited };
    },
    { shortMs: 1, isShortEnough: true, leftMs: () => 1_000, measuringMs: () => 1_000 },
  );
  const grown = await findGrown(tries, productCodes, most, seen);
  return { steps: grown?.steps ?? [], isSmallest: grown?.isSmallest, products };
}

describe('the smallest size', () => {
  it.each([10, 20, 25, 40, 50, 64, 100])('of what gives way beyond %i, for few times as many products', async (size) => {
    const { steps, isSmallest, products } = await grow(longerThan(size));
    expect(steps.map((step) => step.do)).toEqual([...Array.from({ length: size + 1 }, () => 'create'), 'list']);
    expect(isSmallest).toBe(size > 12 ? true : undefined);
    expect(products).toBeLessThan(12 * size + 100);
  });

  it('of what counts products of one code only, with none of the others', async () => {
    const { steps } = await grow(longerThan(9, (step) => step.do === 'create' && step.code === 'DEPOSITORY_ACCOUNT'));
    expect(steps.filter(isCreate)).toHaveLength(10);
  });

  it('of what takes two looks, the one that does it and the one that shows it', async () => {
    const { steps } = await grow((all) => {
      const listed = all.findIndex((step, at) => isPlainList(step) && createsBefore(all, at) > 40);
      const shown = all.findIndex((step, at) => at > listed && step.do === 'get' && step.product === 'p1');
      return listed >= 0 && shown >= 0 ? [listed, shown] : [];
    });
    expect(steps.slice(-2).map((step) => step.do)).toEqual(['list', 'get']);
    expect(steps).toHaveLength(43);
  });

  it('of what shows only between one look and the next, where a look of that kind has shown it', async () => {
    const between: Defect = (all) => {
      const later = all.findIndex((step, at) => isPlainList(step) && createsBefore(all, at) === 21);
      const earlier = all.findLastIndex((step, at) => at < later && isPlainList(step) && createsBefore(all, at) === 20);
      return later >= 0 && earlier >= 0 ? [earlier, later] : [];
    };
    const { steps } = await grow(between, [{ do: 'list', customer: 'a' }]);
    expect(steps.slice(-3).map((step) => step.do)).toEqual(['list', 'create', 'list']);
    expect(steps).toHaveLength(23);
    expect((await grow(between, [{ do: 'get', product: 'p1' }])).steps).toEqual([]);
  });

  it('of what looks on the way hide', async () => {
    const { steps } = await grow((all) => {
      const first = all.findIndex((step) => step.do !== 'create');
      return first > 17 && isPlainList(all[first]!) ? [first] : [];
    });
    expect(steps).toHaveLength(19);
  });

  it('is none where nothing grows out of bounds, and no size is tried beyond what there was', async () => {
    expect(await grow(() => [])).toMatchObject({ steps: [] });
    expect((await grow(longerThan(50), [], 30)).steps).toEqual([]);
  });
});
