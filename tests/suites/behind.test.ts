/** Lines are looked at in order, all of them, and while nothing else goes on. */
import { afterEach, expect, test } from 'vitest';
import type { JournalLine } from '../../spec/journal.ts';
import { type Behind, lookBehind } from '../../suites/behind.ts';

const line = (at: number): JournalLine => ({ type: 'campaign', campaign: 'any', event: 'begin', at });
let behind: Behind | undefined;
afterEach(() => behind?.stop());

test('nothing is looked at before the process waits for something', () => {
  const looked: JournalLine[] = [];
  behind = lookBehind((each) => looked.push(each));
  for (let at = 0; at < 3_000; at += 1) behind.observe(line(at));
  expect(looked).toEqual([]);
  behind.catchUp();
  expect(looked.map((each) => 'at' in each && each.at)).toEqual(Array.from({ length: 3_000 }, (_, at) => at));
  behind.catchUp();
  expect(looked).toHaveLength(3_000);
});

test('where the process waits, lines are looked at without being asked for', async () => {
  await new Promise<void>((resolve) => {
    behind = lookBehind(() => resolve());
    behind.observe(line(1));
    // Something to wait for: what looks on holds no process open.
    const waiting = setTimeout(() => {}, 60_000);
    void Promise.resolve().then(() => waiting.unref());
  });
});

test('content is not held without bound', () => {
  const looked: number[] = [];
  behind = lookBehind((each) => looked.push('at' in each ? each.at : -1));
  const heavy: JournalLine = {
    type: 'exchange',
    id: '1',
    campaign: 'any',
    intent: { operation: 'list' },
    sentAt: 2,
    receivedAt: 3,
    request: { method: 'GET', url: 'http://127.0.0.1/', headers: [] },
    answer: { status: 200, headers: [], body: { text: 'x'.repeat(9_000_000), octets: 9_000_000, sha256: '' } },
  };
  behind.observe(line(1));
  behind.observe(heavy);
  expect(looked).toEqual([]);
  behind.observe(heavy);
  expect(looked).toEqual([1, -1]);
});

test('what a look throws is thrown once to who catches up', () => {
  let looks = 0;
  behind = lookBehind(() => {
    looks += 1;
    throw new Error('torn');
  });
  behind.observe(line(1));
  behind.observe(line(2));
  expect(() => behind?.catchUp()).toThrow('torn');
  expect(() => behind?.catchUp()).not.toThrow();
  expect(looks).toBe(1);
});
