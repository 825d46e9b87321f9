import { describe, expect, test, vi } from 'vitest';
import { listVariants } from '../../reference/registry.ts';
import { isRequirementId, readings } from '../../spec/catalogue/index.ts';
import type { Product, Sandbox, Seen } from './sandbox.ts';
import { openSandbox } from './sandbox.ts';

const variants = listVariants();

/** Asks again until the answer is as wanted; what is slow, busy or seen on an old copy needs some askings. */
function until(ask: () => Promise<Seen>, isWanted: (answer: Seen) => boolean): Promise<Seen> {
  const askOnce = async (): Promise<Seen> => {
    const answer = await ask();
    if (!isWanted(answer)) throw new Error(`Another answer was wanted than ${answer.status} ${answer.text.slice(0, 300)}`);
    return answer;
  };
  return vi.waitFor(askOnce, { timeout: 4000, interval: 20 });
}

async function makeOpen(sandbox: Sandbox, customer: string, code: string): Promise<string> {
  for (;;) {
    const made = await until(
      () => sandbox.create(customer, code),
      (answer) => answer.status === 200,
    );
    const id = (made.json as Product).customerProductId;
    const { json } = await until(
      () => sandbox.get(id),
      (answer) => answer.status === 200 && ['ACTIVE', 'REJECTED'].includes((answer.json as Product).status),
    );
    // Where some are rejected, the next may open.
    if ((json as Product).status === 'ACTIVE') return id;
  }
}

describe('the variants', () => {
  test('have names of their own, and readings and rows of the catalogue', () => {
    expect(new Set(variants.map((variant) => variant.name)).size).toBe(variants.length);
    const known = new Set<string>(readings.map((reading) => reading.id));
    for (const variant of variants) {
      expect(variant.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(variant.sentence).toMatch(/^[A-Za-z].*\.$/);
      expect(
        variant.readings.every((reading) => known.has(reading)),
        variant.name,
      ).toBe(true);
      expect(
        variant.warns.every((row) => isRequirementId(row)),
        variant.name,
      ).toBe(true);
    }
  });

  test('are at least 40, and take every reading of the table', () => {
    expect(variants.length).toBeGreaterThanOrEqual(40);
    const taken = new Set<string>(variants.flatMap((variant) => variant.readings));
    expect(readings.map((reading) => reading.id).filter((id) => !taken.has(id))).toEqual([]);
  });

  test.concurrent.each(variants.map((variant) => variant.name))('%s: a product opens, is listed, closes and stays closed', async (name) => {
    const sandbox = await openSandbox({ variants: [name], seed: 1 });
    try {
      const { profile } = sandbox.reference;
      const customer = profile.customers?.[0]?.customerId ?? crypto.randomUUID();
      const code = profile.creatable?.[0] ?? 'BALANCE_ACCOUNT';
      if (profile.customers) {
        // Old products and other actors may hold the code.
        for (const product of (await sandbox.list(customer)).json as Product[]) {
          if (product.productCode === code && product.status !== 'CLOSED') await sandbox.close(product.customerProductId);
        }
      }
      const id = await makeOpen(sandbox, customer, code);
      const has = (answer: Seen, status: string): boolean =>
        answer.status === 200 &&
        (answer.json as Product[]).some(
          (product) => product.customerProductId.toLowerCase() === id.toLowerCase() && product.status === status,
        );
      await until(
        () => sandbox.list(customer),
        (answer) => has(answer, 'ACTIVE'),
      );
      await until(
        () => sandbox.close(id),
        (answer) => answer.status === 200,
      );
      await until(
        () => sandbox.list(customer, '?status=CLOSED'),
        (answer) => has(answer, 'CLOSED'),
      );
      const shown = await until(
        () => sandbox.get(id),
        (answer) => answer.status === 200 && (answer.json as Product).status === 'CLOSED',
      );
      const product = shown.json as Product;
      // The clocks that stamp them may be 250 ms apart (R-CLOCK).
      expect(Date.parse(product.closedOn!)).toBeGreaterThanOrEqual(Date.parse(product.createdOn) - 250);
    } finally {
      await sandbox.end();
    }
  });
});
