/** What never came is not waited for again and again; what came late is. */
import { expect, test } from 'vitest';
import { fullMs, isHopeless, newArrivals, noteArrival, patienceFor } from '../../suites/arrivals.ts';

test('where nothing was waited for in vain, every product is waited for in full', () => {
  const arrivals = newArrivals();
  noteArrival(arrivals, 'WALLET', true, 5);
  expect(patienceFor(arrivals, 'WALLET')).toBe(fullMs);
  expect(patienceFor(arrivals, 'CURRENCY_WALLET')).toBe(fullMs);
});

test('of a code that never came, little is expected, and in the end nothing; others are waited for as the slowest of them took', () => {
  const arrivals = newArrivals();
  noteArrival(arrivals, 'WALLET', true, 100);
  noteArrival(arrivals, 'DEPOSITORY_ACCOUNT', false, 5_001);
  expect(isHopeless(arrivals, 'DEPOSITORY_ACCOUNT')).toBe(true);
  expect(patienceFor(arrivals, 'DEPOSITORY_ACCOUNT')).toBeLessThan(1_000);
  expect(patienceFor(arrivals, 'WALLET')).toBe(1_400);
  expect(patienceFor(arrivals, 'CURRENCY_WALLET')).toBe(fullMs);
  for (let more = 0; more < 8; more += 1) noteArrival(arrivals, 'DEPOSITORY_ACCOUNT', false, 301);
  expect(patienceFor(arrivals, 'DEPOSITORY_ACCOUNT')).toBe(0);
});

test('one that came makes up for those that did not', () => {
  const arrivals = newArrivals();
  noteArrival(arrivals, 'WALLET', false, 5_001);
  noteArrival(arrivals, 'WALLET', true, 3_000);
  expect(isHopeless(arrivals, 'WALLET')).toBe(false);
  expect(patienceFor(arrivals, 'WALLET')).toBe(fullMs);
});
