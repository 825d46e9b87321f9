import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawSequences, sequence } from '../../generators/sequences.ts';
import { guessRelevant, prune, shrink } from '../../generators/shrink.ts';
import type { Step } from '../../spec/journal.ts';
import { productCodes } from '../../spec/values.ts';

type Shows = (steps: readonly Step[]) => boolean;

const never = (): boolean => false;
const same = (one: Step, other: Step): boolean => JSON.stringify(one) === JSON.stringify(other);

/** Shrinks by a pure predicate; what is found in the end goes by the names of the original. */
async function shrinkBy(steps: readonly Step[], shows: Shows, abreast = 1) {
  let last: readonly Step[] = steps;
  let tries = 0;
  const result = await shrink(steps, {
    abreast: () => abreast,
    exhausted: never,
    async shows(candidate) {
      tries += 1;
      const shown = shows(candidate);
      if (shown && candidate.length <= last.length) last = candidate;
      return shown;
    },
  });
  return { result, last, tries };
}

/** A long sequence in which the predicate holds. */
const longOne = (shows: Shows): readonly Step[] =>
  drawSequences(productCodes, 400, 99).find((steps) => steps.length >= 40 && shows(steps)) ?? expect.fail('no sequence shows it');

const customerOf = (steps: readonly Step[], product: string): string | undefined =>
  steps.flatMap((step) => (step.do === 'create' && step.as === product ? [step.customer] : []))[0];
const indexesOf = (steps: readonly Step[], holds: (step: Step) => boolean): number[] =>
  steps.flatMap((step, index) => (holds(step) ? [index] : []));

describe('the smallest sequence', () => {
  const known: readonly [name: string, shows: Shows, steps: readonly string[]][] = [
    [
      'a list after a close under the same customer',
      (steps) =>
        indexesOf(steps, ({ do: kind }) => kind === 'close').some((at) =>
          steps.slice(at + 1).some((step) => {
            const closed = steps[at]!;
            return step.do === 'list' && closed.do === 'close' && step.customer === customerOf(steps, closed.product);
          }),
        ),
      ['create', 'close', 'list'],
    ],
    [
      'two creates of one code under one customer',
      (steps) => new Set(steps.map((step) => (step.do === 'create' ? step.customer + step.code : {}))).size < steps.length,
      ['create', 'create'],
    ],
    [
      'a list of CLOSED after two closes',
      (steps) =>
        steps.some(
          (step, at) =>
            step.do === 'list' &&
            step.filters?.some((filter) => 'value' in filter && filter.value === 'CLOSED') === true &&
            new Set(steps.slice(0, at).map((each) => (each.do === 'close' ? each.product : ''))).size > 2,
        ),
      ['create', 'create', 'close', 'close', 'list'],
    ],
    [
      'a get after the close of another product of another customer',
      (steps) =>
        steps.some(
          (step, at) =>
            step.do === 'get' &&
            steps.slice(0, at).some((each) => each.do === 'close' && customerOf(steps, each.product) !== customerOf(steps, step.product)),
        ),
      ['create', 'create', 'close', 'get'],
    ],
    [
      'a list by the IBAN of a product of another customer',
      (steps) =>
        steps.some(
          (step) =>
            step.do === 'list' && step.filters?.some((filter) => 'of' in filter && customerOf(steps, filter.of) !== step.customer) === true,
        ),
      ['create', 'list'],
    ],
    [
      'three closes of one product',
      (steps) =>
        steps.some(
          (step) => step.do === 'create' && indexesOf(steps, (each) => each.do === 'close' && each.product === step.as).length >= 3,
        ),
      ['create', 'close', 'close', 'close'],
    ],
  ];
  for (const [name, shows, expected] of known)
    it(`of a long one, for ${name}`, async () => {
      const { result } = await shrinkBy(longOne(shows), shows);
      expect(result?.map((step) => step.do).sort()).toEqual([...expected].sort());
      // A filter that does not matter is left out, and names begin at the beginning.
      const filters = result?.flatMap((step) => (step.do === 'list' ? (step.filters ?? []) : [])) ?? [];
      expect(filters.length).toBeLessThanOrEqual(1);
      expect(result?.find((step) => step.do === 'create')).toMatchObject({ as: 'p1', customer: 'a' });
    });

  it.each([1, 7])('has no step that could be left out, whatever it takes to show, %i tried side by side', async (abreast) => {
    await fc.assert(
      fc.asyncProperty(sequence(productCodes), fc.array(fc.nat({ max: 99 }), { minLength: 1, maxLength: 5 }), async (steps, picks) => {
        const wanted = [...new Set(picks.map((pick) => pick % steps.length))].sort((a, b) => a - b).map((index) => steps[index]!);
        const shows: Shows = (candidate) => {
          let found = 0;
          for (const step of candidate) if (found < wanted.length && same(step, wanted[found]!)) found += 1;
          return found === wanted.length;
        };
        const { result, last } = await shrinkBy(steps, shows, abreast);
        expect(result).toHaveLength(last.length);
        expect(shows(last)).toBe(true);
        last.forEach((_, index) => {
          const without = prune([...last.slice(0, index), ...last.slice(index + 1)]);
          expect(shows(without)).toBe(false);
        });
      }),
      { numRuns: 60, seed: 17 },
    );
  });

  it('is looked for among the guesses first', async () => {
    const steps = longOne((candidate) => candidate.some((step) => step.do === 'close'));
    const cited = steps.find((step) => step.do === 'close')!;
    const shows: Shows = (candidate) => candidate.some((step) => same(step, cited));
    const guess = guessRelevant(steps, new Set([cited])).find(shows) ?? expect.fail('no guess shows it');
    const guessed = await shrinkBy(guess, shows);
    const blind = await shrinkBy(steps, shows);
    expect(guessed.result).toEqual(blind.result);
    expect(guessed.result).toHaveLength(2);
    expect(guessed.tries).toBeLessThan(blind.tries);
  });

  it('is the smallest found by then where time is up', async () => {
    const steps = longOne(() => true);
    let left = 6;
    let after = 0;
    const result = await shrink(steps, {
      abreast: () => 1,
      exhausted: () => left <= 0,
      async shows() {
        if (left <= 0) after += 1;
        left -= 1;
        return true;
      },
    });
    expect(after).toBe(0);
    expect(result.length).toBeLessThan(steps.length);
    expect(result.length).toBeGreaterThan(0);
  });
});

describe('pruning', () => {
  it('drops with a create what hangs on it, in groups and filters too', () => {
    const steps: Step[] = [
      { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' },
      { do: 'get', product: 'p2' },
      { do: 'list', customer: 'a', filters: [{ name: 'iban', of: 'p2' }] },
      { do: 'list', customer: 'a', filters: [{ name: 'iban', of: 'p1' }] },
      { do: 'together', branches: [[{ do: 'close', product: 'p2' }], [{ do: 'close', product: 'p1' }]] },
      { do: 'together', branches: [[{ do: 'get', product: 'p2' }]] },
      { do: 'wait', ms: 5 },
    ];
    expect(prune(steps)).toEqual([steps[0], steps[3], { do: 'together', branches: [[{ do: 'close', product: 'p1' }]] }, steps[6]]);
  });

  it('leaves a whole sequence whole, and is done at once', () => {
    fc.assert(
      fc.property(sequence(productCodes), fc.array(fc.nat({ max: 99 })), (steps, dropped) => {
        expect(prune(steps)).toEqual(steps);
        const kept = prune(steps.filter((_, index) => !dropped.includes(index)));
        expect(prune(kept)).toEqual(kept);
      }),
      { seed: 5 },
    );
  });
});
