/**
 * Random sequences over several customers: creates, lists under any filters, gets and closes in any order. A draw is blind, a kind
 * and some numbers; the numbers are resolved to what the sequence has made by then, so no draw is lost and every one can be dropped.
 */
import fc from 'fast-check';
import type { Step, StepFilter } from '../spec/journal.ts';
import { productTypes, statuses } from '../spec/values.ts';
import { close, create, get, list } from './steps.ts';

interface Draw {
  readonly kind: 'create' | 'list' | 'filtered' | 'get' | 'close' | 'agree' | 'around';
  readonly customer: number;
  readonly pick: number;
  readonly filters: readonly { readonly name: 'productType' | 'productCode' | 'status' | 'iban'; readonly pick: number }[];
}

const customers = ['a', 'b', 'c'] as const;
const createsAtMost = 5;

const draw: fc.Arbitrary<Draw> = fc.record({
  kind: fc.oneof(
    { weight: 4, arbitrary: fc.constant('create' as const) },
    { weight: 2, arbitrary: fc.constant('list' as const) },
    { weight: 5, arbitrary: fc.constant('filtered' as const) },
    { weight: 3, arbitrary: fc.constant('get' as const) },
    { weight: 3, arbitrary: fc.constant('close' as const) },
    { weight: 2, arbitrary: fc.constant('agree' as const) },
    { weight: 2, arbitrary: fc.constant('around' as const) },
  ),
  customer: fc.nat({ max: 5 }),
  pick: fc.nat({ max: 999 }),
  filters: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('productType' as const, 'productCode' as const, 'status' as const, 'iban' as const),
      pick: fc.nat({ max: 999 }),
    }),
    { minLength: 1, maxLength: 3, selector: ({ name }) => name },
  ),
});

/** Draws become steps; `codes` are those the target makes. The last steps look at all that was made, once more. */
function resolve(draws: readonly Draw[], codes: readonly string[]): Step[] {
  const steps: Step[] = [];
  const made: { name: string; customer: string }[] = [];
  const used = new Set<string>();
  const filtersOf = ({ filters }: Draw): StepFilter[] =>
    filters.flatMap(({ name, pick }): StepFilter[] => {
      if (name === 'productType') return [{ name, value: productTypes[pick % productTypes.length]! }];
      if (name === 'productCode') return [{ name, value: codes[pick % codes.length]! }];
      // Most products are ACTIVE or CLOSED: the others are asked for now and then.
      if (name === 'status')
        return [{ name, value: pick % 5 === 0 ? statuses[pick % statuses.length]! : pick % 2 === 0 ? 'ACTIVE' : 'CLOSED' }];
      return made.length === 0 ? [] : [{ name, of: made[pick % made.length]!.name }];
    });

  for (const each of draws) {
    // The first customer gets the half of everything, or no history grows long.
    const customer = customers[Math.max(0, each.customer - 3)]!;
    const product = made[each.pick % Math.max(1, made.length)];
    used.add(customer);
    if (each.kind === 'create' && made.length < createsAtMost) {
      const name = `p${made.length + 1}`;
      made.push({ name, customer });
      steps.push(create(name, customer, codes[each.pick % codes.length]!));
    } else if (each.kind === 'list' || product === undefined) steps.push(list(customer));
    else if (each.kind === 'filtered') steps.push(list(customer, ...filtersOf(each)));
    else if (each.kind === 'get') steps.push(get(product.name));
    else if (each.kind === 'close') steps.push(get(product.name), close(product.name));
    else if (each.kind === 'agree') steps.push(get(product.name), list(product.customer), get(product.name));
    else {
      // The same view before and after a close.
      const view = list(product.customer, ...filtersOf(each));
      steps.push(get(product.name), view, close(product.name), view);
    }
  }
  const lists = [...used].map((customer) => list(customer));
  return [...steps, ...lists, ...made.map(({ name }) => get(name)), ...lists];
}

/** Sequences of up to about 40 steps. */
export const sequence = (codes: readonly string[]): fc.Arbitrary<Step[]> =>
  fc.array(draw, { minLength: 10, maxLength: 22, size: 'max' }).map((draws) => resolve(draws, codes));

/** The same sequences for the same seed and count, whatever the target answers. */
export const drawSequences = (codes: readonly string[], count: number, seed: number): Step[][] =>
  fc.sample(sequence(codes), { numRuns: count, seed });
