/** What reading alone can show: the products that are found, by every view, twice over. */

import { ibanAsWritten } from '../generators/model/product.ts';
import type { FilterPair } from '../spec/journal.ts';
import { productTypes, statuses } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';

/** Of a customer with many products, so many are read one by one. */
const gotAtMost = 12;

/** @returns one campaign; with customers given it reads each, else one that nobody has */
export function readingCampaigns({ customers, codes }: Plan): Campaign[] {
  const count = Number.isFinite(customers) ? customers : 1;
  return Array.from({ length: count }, (_, index) => ({
    name: `reading customer ${index + 1}`,
    witnesses: [
      ...([
        'MSG-01',
        'MSG-02',
        'MSG-03',
        'MSG-05',
        'MSG-22',
        'SCH-01',
        'SCH-03',
        'SCH-05',
        'SCH-07',
        'SCH-09',
        'SCH-10',
        'SCH-12',
      ] as const),
      ...([
        'LST-02',
        'LST-07',
        'LST-09',
        'FLT-01',
        'FLT-02',
        'FLT-03',
        'FLT-04',
        'FLT-05',
        'FLT-06',
        'FLT-08',
        'FLT-09',
        'FLT-11',
      ] as const),
    ],
    probe: async (stage: Stage) => read(stage, await stage.place(), codes),
  }));
}

async function read(stage: Stage, place: Place, codes: readonly string[]): Promise<void> {
  await stage.list(place);
  const found = [...(stage.guide.known.customers.get(place.customer)?.products.values() ?? [])].slice(0, gotAtMost);
  for (const { id } of found) await stage.get(id);
  const pairs = (name: string, values: readonly string[]): FilterPair[] => values.map((value) => [name, value]);
  const types = pairs('productType', productTypes);
  const byCode = pairs('productCode', codes);
  const byStatus = pairs('status', statuses);
  for (const filter of [...types, ...byCode, ...byStatus]) await stage.list(place, [filter]);
  await stage.list(place);
  for (const type of types) for (const status of byStatus.slice(3, 8)) await stage.list(place, [type, status]);
  for (const product of found) {
    const iban = product.constant.iban && ibanAsWritten(product.constant.iban.shown);
    if (iban !== undefined) await stage.list(place, [['iban', iban]]);
  }
  for (const { id } of found) await stage.get(id);
  await stage.list(place);
}
