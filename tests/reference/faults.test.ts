import { describe, expect, test } from 'vitest';
import { listFaults } from '../../reference/registry.ts';
import { isRequirementId, rows } from '../../spec/catalogue/index.ts';
import { openSandbox } from './sandbox.ts';

const faults = listFaults();

describe('the faults', () => {
  test('have names of their own in kebab-case, a sentence, and requirements of the catalogue', () => {
    expect(new Set(faults.map((fault) => fault.name)).size).toBe(faults.length);
    expect(new Set(faults.map((fault) => fault.sentence)).size).toBe(faults.length);
    for (const fault of faults) {
      expect(fault.name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(fault.sentence).toMatch(/^[A-Za-z].*\.$/);
      expect(fault.caughtBy.length, fault.name).toBeGreaterThan(0);
      expect(
        fault.caughtBy.every((id) => isRequirementId(id)),
        fault.name,
      ).toBe(true);
    }
  });

  test('are at least 180, a third of them with state, history, time or concurrency', () => {
    expect(faults.length).toBeGreaterThanOrEqual(180);
    expect(faults.filter((fault) => fault.needs !== undefined).length).toBeGreaterThan(faults.length / 3);
  });

  test('touch every requirement that a defect on plain loopback can violate', () => {
    const beyond = ['TOK-10', 'TOK-18', 'AUT-15'];
    const implied = rows.filter((row) => row.impliedBy !== undefined).map((row) => row.id);
    const touched = new Set<string>(faults.flatMap((fault) => fault.caughtBy));
    const missing = rows.map((row) => row.id).filter((id) => !touched.has(id) && !beyond.includes(id) && !implied.includes(id));
    expect(missing).toEqual([]);
  });

  test('that are not known are refused by name', async () => {
    await expect(openSandbox({ faults: ['no-such-fault'] })).rejects.toThrow(/no-such-fault/);
  });

  test.each(faults.map((fault) => fault.name))('%s: the server starts and answers the four operations', async (name) => {
    const sandbox = await openSandbox({ faults: [name], seed: 1 });
    try {
      const customer = crypto.randomUUID();
      const made = await sandbox.create(customer, 'BALANCE_ACCOUNT');
      const id = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/i.exec(made.text)?.[0];
      expect(id).toBeDefined();
      for (const answer of [await sandbox.list(customer), await sandbox.get(id!), await sandbox.close(id!), await sandbox.list(customer)]) {
        expect(answer.status).toBeGreaterThanOrEqual(200);
        expect(answer.status).toBeLessThan(500);
      }
    } finally {
      await sandbox.end();
    }
  });
});
