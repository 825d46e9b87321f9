import { describe, expect, it } from 'vitest';
import { type Attempted, type Registry, renderMatrix, summarise } from '../../reports/kill-matrix.ts';
import type { Step } from '../../spec/journal.ts';

const list: Step = { do: 'list', customer: 'a' };
const create: Step = { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' };

const registry: Registry = {
  faults: [
    { name: 'list-loses-one', sentence: 'A list loses one | of many.', caughtBy: ['LST-01'] },
    { name: 'close-does-nothing', sentence: 'A close does nothing.', caughtBy: ['CLS-01'] },
  ],
  corruptions: [{ name: 'list-null-status', sentence: 'status is null.' }],
  variants: [{ name: 'opens-later', sentence: 'Products open later.', warns: ['FLT-08'] }],
  shortest: new Map([['list-loses-one', [create, list]]]),
};

const attempted = (over: Partial<Attempted> & Pick<Attempted, 'kind' | 'name'>): Attempted => ({
  seed: 1,
  version: '0.1.0',
  date: '2026-11-23',
  verdict: 'conformant',
  fails: [],
  warns: [],
  inconclusive: [],
  caughtBy: [],
  exchanges: 3_000,
  durationMs: 5_000,
  firstFindingMs: undefined,
  counterexample: undefined,
  ...over,
});

const caught = (over: Partial<Attempted> = {}): Attempted =>
  attempted({ kind: 'fault', name: 'list-loses-one', fails: ['LST-01'], caughtBy: ['LST-01'], firstFindingMs: 1_000, ...over });

describe('the summary', () => {
  it('is clean where every fault is caught under every seed and nobody is accused', () => {
    const outcomes = [caught(), caught({ seed: 2 }), attempted({ kind: 'variant', name: 'opens-later', warns: ['FLT-08'] })];
    const { text, isClean } = summarise(outcomes, registry);
    expect(isClean).toBe(true);
    expect(text).toContain('faults    1 of 1 caught under every seed (2 attempts)');
    expect(text).toContain('variants  1 of 1 without a false alarm under every seed (1 attempts)');
  });

  it('names what was missed under one seed, and who was accused', () => {
    const outcomes = [
      caught(),
      attempted({ kind: 'fault', name: 'list-loses-one', seed: 2 }),
      attempted({ kind: 'variant', name: 'opens-later', warns: ['FLT-09'] }),
      attempted({ kind: 'corruption', name: 'list-null-status' }),
    ];
    const { text, isClean } = summarise(outcomes, registry);
    expect(isClean).toBe(false);
    expect(text).toContain('missed    list-loses-one (1 of 2 seeds)');
    expect(text).toContain('missed    list-null-status (1 of 1 seeds)');
    expect(text).toContain('accused   opens-later: FLT-09');
  });

  it('calls an inconclusive row of a variant an accusation', () => {
    expect(summarise([attempted({ kind: 'variant', name: 'opens-later', inconclusive: ['CLS-04'] })], registry).isClean).toBe(false);
  });

  it('tells of noise, and of counterexamples more than three steps too long', () => {
    const long: readonly Step[] = [{ do: 'together', branches: [[create], [list, list]] }, list, list, list];
    const { text } = summarise([caught({ fails: ['LST-01', 'MSG-01'], counterexample: long })], registry);
    expect(text).toContain('noise     1 of 1 faults');
    expect(text).toContain('long      list-loses-one: 4 steps more than the shortest');
  });
});

describe('the matrix', () => {
  it('has a row for what was tried, measured by whole attempts where there are any', () => {
    const matrix = renderMatrix([caught({ narrow: true, exchanges: 40, firstFindingMs: 100, seed: 2 }), caught()], registry);
    expect(matrix).toContain('| list-loses-one | A list loses one \\| of many. | 2 of 2 | LST-01 |  | 1 | 3000 |  | 0.1.0, 2026-11-23 |');
    expect(matrix).not.toContain('close-does-nothing');
    expect(matrix).toContain('| LST | 1 | 1 |');
  });
});
