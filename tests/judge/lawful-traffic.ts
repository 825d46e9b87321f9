/** What a lawful bank may be like, and traffic with it. */
import fc from 'fast-check';
import type { Habits } from './simulated-bank.ts';
import type { TrafficOptions } from './simulated-traffic.ts';

export const lawfulHabits = (over: Partial<Record<keyof Habits, fc.Arbitrary<unknown>>> = {}): fc.Arbitrary<Habits> =>
  fc.record({
    settleMs: fc.constant(undefined),
    lateMs: fc.constant(0),
    opening: fc.constantFrom('at once', 'soon', 'slowly'),
    ends: fc.constantFrom(0, 0.2),
    endedVanish: fc.boolean(),
    hand: fc.constantFrom(0, 0.3),
    again: fc.constantFrom('accepted', 'refused'),
    unopenedClosable: fc.boolean(),
    bound: fc.constant(0),
    limit: fc.constantFrom('none', 'refused'),
    empty: fc.constantFrom(200, 404, 403),
    clockMs: fc.constantFrom(0, 0, 40_000, -86_400_000),
    skewMs: fc.constantFrom(0, 0, 240),
    digits: fc.constantFrom(3, 0, 1, 6, 9),
    listDigits: fc.constantFrom('same', 'none'),
    trimmed: fc.boolean(),
    rounding: fc.constantFrom('down', 'nearest'),
    zones: fc.constantFrom(['Z'], ['+02:00'], ['Z', '+02:00', '-05:30', '+14:00']),
    letters: fc.constantFrom('lower', 'upper', 'either'),
    iban: fc.constantFrom('always', 'never', 'while open', 'by get'),
    lean: fc.boolean(),
    handMs: fc.constantFrom([100, 5_100], [5, 120], [20, 600]),
    closeLateMs: fc.constant(0),
    propertiesLateMs: fc.constantFrom(0, 0, 500),
    clocksApart: fc.constant(false),
    anyDigits: fc.boolean(),
    ...over,
  }) as fc.Arbitrary<Habits>;

export const lawfulTraffic = (of: fc.Arbitrary<Habits>): fc.Arbitrary<TrafficOptions> =>
  fc.record({
    habits: of,
    seed: fc.nat(),
    lanes: fc.constantFrom(1, 2, 5),
    steps: fc.constantFrom(10, 20, 40, 80, 160),
    shared: fc.boolean(),
    cuts: fc.constantFrom(0, 0.06),
    busy: fc.constantFrom(0, 0.06),
  });
