/**
 * Accusing an innocent target is the worst a judge can do. So lawful banks of every kind are simulated, under traffic of several
 * lanes, and what the rules remark on is held against what the readings allow them to. More, and others:
 *
 *     FAIR_RUNS=2000 FAIR_SEED=7 npx vitest run tests/judge/fairness.test.ts
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type RequirementId, readings } from '../../spec/catalogue/index.ts';
import { type Judged, judge } from './history.ts';
import { lawfulHabits, lawfulTraffic } from './lawful-traffic.ts';
import type { Habits } from './simulated-bank.ts';
import { simulate } from './simulated-traffic.ts';

const areas = ['CRE', 'LST', 'FLT', 'CLS', 'TIM', 'LIF', 'OWN'];
/** Areas that the traffic shows something of, though not of each row. */
const remarkedOn = [...areas, 'CON', 'SCH'];
const parameters = { numRuns: Number(process.env.FAIR_RUNS ?? 60), seed: Number(process.env.FAIR_SEED ?? 1) };

const remarksOn = ({ conclusion }: Judged, allowed: (id: RequirementId, cause: string) => boolean): string[] =>
  [...conclusion.accounts].flatMap(([id, { entries }]) =>
    [...entries.values()].flatMap(({ severity, cause }) =>
      remarkedOn.includes(id.slice(0, 3)) && !(severity === 'warned' && allowed(id, cause)) ? [`${id} ${severity}: ${cause}`] : [],
    ),
  );

function check(habits: fc.Arbitrary<Habits>, allowed: (id: RequirementId, cause: string) => boolean = () => false): void {
  fc.assert(
    fc.property(lawfulTraffic(habits), (options) => {
      const { settleMs, limit } = options.habits;
      const judged = judge(simulate(options), {
        ...(settleMs === undefined ? {} : { settleMs }),
        ...(limit === 'none' ? {} : { openProductsPerCode: 1 }),
      });
      expect(remarksOn(judged, allowed)).toEqual([]);
    }),
    parameters,
  );
}

const warnedBy = (...ids: readonly string[]): ReadonlySet<string> =>
  new Set(readings.filter(({ id }) => ids.includes(id)).flatMap(({ warns }) => warns));

describe('a correct bank is remarked on by no rule', () => {
  it('that shows every write at once', () => {
    check(lawfulHabits());
  });

  it('whose replicas go to and fro within a declared settle time', () => {
    check(lawfulHabits({ settleMs: fc.constantFrom(100, 700, 2_500) }));
  });

  it('whose closes take effect late within a declared settle time', () => {
    check(lawfulHabits({ settleMs: fc.constant(700), closeLateMs: fc.constantFrom(100, 600) }));
  });

  it('that blocks and frees products several times a second, and shows whole seconds', () => {
    const handMs = fc.constantFrom([5, 120], [20, 600]);
    check(lawfulHabits({ settleMs: fc.constantFrom(undefined, 100, 700), hand: fc.constant(0.6), handMs, digits: fc.constant(0) }));
  });

  it('whose changes are stamped by clocks that differ, one by one', () => {
    const apart = { clocksApart: fc.constant(true), skewMs: fc.constant(240), hand: fc.constantFrom(0, 0.6) };
    check(lawfulHabits({ settleMs: fc.constantFrom(undefined, 100, 700, 2_500), ...apart }));
  });

  it('whose products close along with others, but for the warning of R-BOUND', () => {
    const { settleMs, bound } = { settleMs: fc.constantFrom(undefined, 100, 2_500), bound: fc.constant(0.4) };
    check(lawfulHabits({ settleMs, bound }), (id) => warnedBy('R-BOUND').has(id));
  });

  it('that answers a create with the open product of that code, but for the warning of R-LIMITS', () => {
    check(lawfulHabits({ limit: fc.constant('answered') }), (id) => warnedBy('R-LIMITS').has(id));
  });

  it('whose views lag undeclared, but for the warnings of R-VISIBILITY and R-CLOSING', () => {
    const rows = warnedBy('R-VISIBILITY', 'R-CLOSING');
    check(
      lawfulHabits({ lateMs: fc.constantFrom(50, 400, 2_000), hand: fc.constant(0), ends: fc.constant(0) }),
      (id, cause) => rows.has(id) && cause.startsWith('late in '),
    );
  });
});

it('the simulated banks give the rules something to hold', () => {
  const witnessed = new Set<string>();
  for (const options of fc.sample(lawfulTraffic(lawfulHabits()), { numRuns: 40, seed: 5 }))
    for (const [id, { witnesses }] of judge(simulate(options)).conclusion.accounts) if (witnesses > 0) witnessed.add(id);
  // What only requests made for them can show, and what needs more products of one customer, or a second client.
  const elsewhere = ['CRE-07', 'LST-05', 'LST-06', 'LST-08', 'LST-10', 'LST-11', 'FLT-12', 'FLT-13', 'FLT-16', 'FLT-17'];
  elsewhere.push('CLS-09', 'CLS-10', 'OWN-03');
  const all = [...judge([]).conclusion.accounts.keys()].filter((id) => areas.includes(id.slice(0, 3)));
  expect(all.filter((id) => !witnessed.has(id) && !elsewhere.includes(id))).toEqual([]);
});
