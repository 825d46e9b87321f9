import { describe, expect, it } from 'vitest';
import { createLedger } from '../../judge/tell.ts';

const violation = (...exchanges: readonly string[]) => ({
  cause: 'lost',
  message: 'It is lost.',
  expected: 'it',
  received: 'none',
  exchanges,
});

describe('the ledger', () => {
  it('counts every sighting of a cause, and keeps the first of each campaign', () => {
    const told: string[] = [];
    const ledger = createLedger((id, { cause }) => told.push(`${id} ${cause}`));
    const tell = ledger.tell('CLS-01');
    for (const [campaign, exchange] of [
      ['an experiment', '1'],
      ['an experiment', '2'],
      ['sequence 4', '3'],
      ['sequence 4', '4'],
    ] as const) {
      ledger.at(campaign);
      tell.violated(violation(exchange, exchange));
    }
    const entry = ledger.accounts.get('CLS-01')!.entries.get('lost')!;
    expect(entry).toMatchObject({ count: 4, exchanges: ['1'], severity: 'violated' });
    expect(entry.sightings).toEqual([
      { campaign: 'an experiment', exchanges: ['1'] },
      { campaign: 'sequence 4', exchanges: ['3'] },
    ]);
    expect(told).toEqual(['CLS-01 lost']);
  });

  it('keeps a few of them only', () => {
    const ledger = createLedger();
    const tell = ledger.tell('CLS-01');
    for (let index = 0; index < 100; index += 1) {
      ledger.at(`sequence ${index}`);
      tell.violated(violation(`${index}`));
    }
    const entry = ledger.accounts.get('CLS-01')!.entries.get('lost')!;
    expect([entry.count, entry.sightings.length]).toEqual([100, 6]);
  });
});
