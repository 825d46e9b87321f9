import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSequences, sequence } from '../../generators/sequences.ts';
import type { Step } from '../../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';

const codes = ['WALLET', 'BALANCE_ACCOUNT'];

const brief = (step: Step): string => {
  if (step.do === 'create') return `create ${step.as} ${step.customer} ${step.code}`;
  if (step.do === 'get' || step.do === 'close') return `${step.do} ${step.product}`;
  if (step.do !== 'list') return step.do;
  const filters = (step.filters ?? []).map((filter) => `${filter.name}=${'of' in filter ? `of ${filter.of}` : filter.value}`);
  return ['list', step.customer, ...filters].join(' ');
};

describe('sequences', () => {
  it('are the same under a seed', () => {
    expect(drawSequences(codes, 5, 42)).toEqual(drawSequences(codes, 5, 42));
    expect(drawSequences(codes, 5, 42)).not.toEqual(drawSequences(codes, 5, 43));
    expect(drawSequences(codes, 1, 42)[0]!.slice(0, 12).map(brief)).toMatchInlineSnapshot(`
      [
        "list a",
        "list a",
        "create p1 a WALLET",
        "get p1",
        "close p1",
        "list a productType=DEPOSITORY",
        "create p2 a BALANCE_ACCOUNT",
        "get p1",
        "close p1",
        "list a",
        "get p2",
        "close p2",
      ]
    `);
  });

  it('begin the same however many are drawn', () => {
    expect(drawSequences(codes, 9, 7).slice(0, 3)).toEqual(drawSequences(codes, 3, 7));
  });

  it('name only what was made before, and customers and codes of the plan', () => {
    fc.assert(
      fc.property(sequence(productCodes), (steps) => {
        const made = new Map<string, string>();
        for (const step of steps) {
          if (step.do === 'create') {
            expect(made.has(step.as)).toBe(false);
            expect(productCodes).toContain(step.code);
            made.set(step.as, step.customer);
          }
          if (step.do === 'get' || step.do === 'close') expect([...made.keys()]).toContain(step.product);
          if (step.do === 'list')
            for (const filter of step.filters ?? []) {
              if ('of' in filter) expect([...made.keys()]).toContain(filter.of);
              else expect([...productCodes, ...productTypes, ...statuses]).toContain(filter.value);
            }
          if (step.do === 'create' || step.do === 'list') expect(['a', 'b', 'c']).toContain(step.customer);
        }
      }),
      { numRuns: 300, seed: 3 },
    );
  });

  it('end with a look at all that was made, and make enough to look at', () => {
    const drawn = drawSequences(productCodes, 200, 11);
    for (const steps of drawn) {
      const made = steps.flatMap((step) => (step.do === 'create' ? [step.as] : []));
      const looked = new Set(steps.slice(steps.findLastIndex((step) => step.do === 'close') + 1).map(brief));
      for (const name of made) expect(looked).toContain(`get ${name}`);
    }
    const kinds = drawn.flat().map((step) => step.do);
    const share = (kind: Step['do']): number => kinds.filter((each) => each === kind).length / kinds.length;
    for (const kind of ['create', 'list', 'get', 'close'] as const) expect(share(kind)).toBeGreaterThan(0.05);
    expect(drawn.filter((steps) => steps.some((step) => step.do === 'close')).length).toBeGreaterThan(150);
  });
});
