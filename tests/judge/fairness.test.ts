import fc from 'fast-check';
import { expect, it } from 'vitest';
import { habits, traffic } from './fair-arbitraries.ts';
import { judge } from './history.ts';
import { simulate, type TrafficOptions } from './simulated-traffic.ts';

const remarksOf = (options: TrafficOptions) => {
  const { settleMs, limit } = options.habits;
  const lines = simulate(options);
  const { remarks, violated, warned } = judge(lines, {
    ...(settleMs === undefined ? {} : { settleMs }),
    ...(limit === 'none' ? {} : { openProductsPerCode: 1 }),
  });
  return { lines, remarks, violated, warned };
};

/** One seed, so that a run says the same twice; `FAIR_SEED` and `FAIR_RUNS` look further. */
const runs = { numRuns: Number(process.env.FAIR_RUNS ?? 100), seed: Number(process.env.FAIR_SEED ?? 20261122) };

it('a correct bank that shows every write at once is remarked on by no rule', () => {
  fc.assert(
    fc.property(traffic(habits()), (options) => {
      expect(remarksOf(options).remarks).toEqual([]);
    }),
    runs,
  );
});

it('a correct bank with replicas and a declared settle time is remarked on by no rule', () => {
  fc.assert(
    fc.property(traffic(habits({ settleMs: fc.constantFrom(100, 700, 2_500) })), (options) => {
      expect(remarksOf(options).remarks).toEqual([]);
    }),
    runs,
  );
});
