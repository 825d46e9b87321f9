/** What is tried again is counted as it went, and what was out of time neither way. */
import { expect, test } from 'vitest';
import type { Step } from '../../spec/journal.ts';
import { createTries, type Tried, type TryOnce } from '../../suites/tries.ts';

const create = (as: string): Step => ({ do: 'create', as, customer: 'a', code: 'WALLET' });
const list: Step = { do: 'list', customer: 'a' };

const triesOf = (outcomes: Tried[], isShortEnough = true) => {
  const asked: Parameters<TryOnce>[1][] = [];
  const tries = createTries(
    async (_, terms) => {
      asked.push(terms);
      return outcomes.shift();
    },
    { shortMs: 200, isShortEnough, leftMs: () => 1_000, measuringMs: () => 3_000 },
  );
  return { tries, asked };
};

const shown: Tried = { exchanges: ['7'], cited: [1] };

test('tells by which steps it showed, whatever its products are called', async () => {
  const { tries } = triesOf([shown]);
  expect(await tries.shows([create('p8'), list], 1)).toBe(true);
  expect(tries.cited([create('p8'), list])).toEqual([list]);
  expect(tries.cited([create('p1'), list])).toEqual([list]);
  expect(tries.cited([create('p1')])).toEqual([]);
});

test('what had no time in the end stands as it showed before, and is counted so', async () => {
  const { tries, asked } = triesOf([shown, 'out of time', 'out of time']);
  await tries.shows([create('p8'), list], 1);
  expect(await tries.measure([create('p1'), list], 2)).toEqual({ shown: { times: 1, of: 1 }, exchanges: ['7'] });
  expect(asked.map(({ lostMs }) => lostMs)).toEqual([200, 5_000, 5_000]);
});

test('of those that had time, it is said how many showed it', async () => {
  const { tries } = triesOf([shown, 'out of time', undefined]);
  expect(await tries.measure([list], 3)).toEqual({ shown: { times: 1, of: 2 }, exchanges: ['7'] });
  expect(tries.of([list])).toBe(2);
});

test('where writes show late by nature, only the last word counts', async () => {
  const { tries } = triesOf([shown, 'out of time'], false);
  await tries.shows([list], 1);
  expect((await tries.measure([list], 1)).exchanges).toBeUndefined();
});
