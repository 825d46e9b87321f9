import { describe, expect, it } from 'vitest';
import { newProduct, type Product, readShown, type Sight } from '../../generators/model/product.ts';
import { tellsOfChange } from '../../judge/coarse.ts';

const shownAs = (status: string, modifiedOn: string) => readShown({ customerProductId: 'one', status, modifiedOn })!;

/** A product whose `modifiedOn` was first seen 1,000 ms into the run. */
const seen = (modifiedOn: string): Product => {
  const product = newProduct('one', undefined, undefined);
  product.modifiedSince = { to: 1_000, shown: shownAs('ACTIVE', modifiedOn) } as Sight;
  return product;
};
const tells = (status: string, modifiedOn: string, at: number, first = modifiedOn) =>
  tellsOfChange(seen(first), shownAs(status, modifiedOn), at, 250);

describe('an equal modifiedOn', () => {
  it('in whole seconds tells of no change from the end of that second on', () => {
    const second = '2026-01-02T03:04:05Z';
    expect(tells('ACTIVE', second, 1_900)).toBe(false);
    // The clock of another machine may be behind.
    expect(tells('ACTIVE', second, 2_200)).toBe(false);
    expect(tells('ACTIVE', second, 2_251)).toBe(true);
  });

  it('in milliseconds always does, and so does a status to which nothing returns', () => {
    expect(tells('BLOCKED', '2026-01-02T03:04:05.123Z', 1_001)).toBe(true);
    expect(tells('CLOSED', '2026-01-02T03:04:05Z', 1_001)).toBe(true);
    expect(tells('PENDING', '2026-01-02T03:04:05Z', 1_001)).toBe(true);
  });

  it('that was not seen before tells nothing in whole seconds', () => {
    expect(tells('ACTIVE', '2026-01-02T03:04:06Z', 9_000, '2026-01-02T03:04:05Z')).toBe(false);
  });
});
