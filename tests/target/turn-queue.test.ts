import { expect, test } from 'vitest';
import { createTurnQueue } from '../../target/turn-queue.ts';

const empty = (queue: ReturnType<typeof createTurnQueue<string>>): string[] => {
  const order: string[] = [];
  while (!queue.isEmpty) order.push(queue.shift()!);
  return order;
};

test('gives turns in the order asked', () => {
  const queue = createTurnQueue<string>();
  for (const each of ['a', 'b', 'c']) queue.add(each, 'back');
  expect(empty(queue)).toEqual(['a', 'b', 'c']);
  expect(queue.next).toBeUndefined();
});

test('gives those ahead every second turn, and the others the rest', () => {
  const queue = createTurnQueue<string>();
  for (const each of ['a', 'b', 'c']) queue.add(each, 'back');
  for (const each of ['A', 'B', 'C', 'D', 'E']) queue.add(each, 'ahead');
  expect(empty(queue)).toEqual(['A', 'a', 'B', 'b', 'C', 'c', 'D', 'E']);
});

test('lets one that comes to the front go before all, and changes nothing else', () => {
  const queue = createTurnQueue<string>();
  queue.add('a', 'back');
  queue.add('A', 'ahead');
  queue.add('B', 'ahead');
  expect(queue.shift()).toBe('A');
  queue.add('!', 'front');
  expect(queue.next).toBe('!');
  expect(empty(queue)).toEqual(['!', 'a', 'B']);
});

test('is cleared of all', () => {
  const queue = createTurnQueue<string>();
  queue.add('a', 'back');
  queue.add('A', 'ahead');
  queue.add('!', 'front');
  expect(queue.clear().sort()).toEqual(['!', 'A', 'a']);
  expect(queue.isEmpty).toBe(true);
});
