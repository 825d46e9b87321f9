/** The shortest sequences kept with the faults: each shows its fault, and does not with a step left out. */
import { expect, test } from 'vitest';
import { listFaults } from '../reference/registry.ts';
import type { Step } from '../spec/journal.ts';
import { readShortest } from '../suites/prove/shortest.ts';
import { showFault } from '../suites/prove/showing.ts';

const abreast = 8;

/** What is wrong with the sequence that is kept; nothing, if all is well. */
async function remark(fault: string, steps: readonly Step[]): Promise<string[]> {
  const less = steps.length === 1 ? [] : steps.map((_, left) => steps.filter((__, index) => index !== left));
  const [whole, ...others] = await Promise.all([steps, ...less].map((each) => showFault(fault, each)));
  return [
    ...(whole!.length > 0 ? [] : [`${fault} is not shown`]),
    ...others.flatMap((shown, left) => (shown.length > 0 ? [`${fault} is shown without step ${left + 1} too`] : [])),
  ];
}

test('each shows its fault, and with a step left out does not', async () => {
  const queue = [...readShortest()];
  const remarks: string[] = [];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) remarks.push(...(await remark(...next)));
  };
  await Promise.all(Array.from({ length: abreast }, lane));
  expect(remarks).toEqual([]);
}, 300_000);

test('every deterministic fault has one', () => {
  const deterministic = listFaults().filter(({ needs }) => needs !== 'concurrency');
  const kept = readShortest();
  expect(deterministic.filter(({ name }) => !kept.has(name)).map(({ name }) => name)).toEqual([]);
});
