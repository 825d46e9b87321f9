/** The list asked in ways that the document does not have: LST-08, FLT-12, FLT-13, FLT-16, FLT-17, MSG-25; and LST-11, the id in other letters. */
import { draftGet, draftList } from '../generators/requests.ts';
import {
  type EnumeratedFilter,
  filtersOutsideEnumeration,
  filtersWithParts,
  repeatedFilters,
  type SpoiledFilter,
  type Values,
} from '../generators/spoiled/filters.ts';
import type { FilterPair, Probe } from '../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { createWithRoom, findSubject, freeCodes, openSubject, settle } from './subjects.ts';
import { label, sendOdd } from './trials.ts';

export function probedListCampaigns(plan: Plan): Campaign[] {
  const by = (name: string, witnesses: Campaign['witnesses'], probe: (stage: Stage, mixed: Mixed) => Promise<void>): Campaign => ({
    name,
    witnesses,
    async probe(stage) {
      const mixed = await mixProducts(stage);
      if (mixed !== undefined) await probe(stage, mixed);
    },
  });
  const keep = (filters: readonly SpoiledFilter[]): readonly SpoiledFilter[] =>
    plan.effort === 'quick' ? filters.filter(({ extra }) => extra !== true) : filters;
  const { values } = plan.facts;
  return [
    by('filter values outside the enumeration', ['FLT-12', 'FLT-17'], async (stage, { place, shown }) => {
      const named = label(stage, 'FLT-12', 'unfiltered');
      for (const { case: name, filters } of keep(filtersOutsideEnumeration(shown)))
        await sendOdd(stage, draftList(place.customer, filters), named('spoiled', name));
      await stage.list(place, [], named('control'));
    }),
    by('parts of filter values', ['FLT-13', 'FLT-17'], async (stage, { place, shown }) => {
      for (const [name, value] of Object.entries(shown) as [EnumeratedFilter, string][]) {
        const named = label(stage, 'FLT-13', `with the whole ${name}`);
        for (const { case: part, filters } of keep(filtersWithParts(name, value, values)))
          await sendOdd(stage, draftList(place.customer, filters), named('spoiled', part));
        await stage.list(place, [[name, value]], named('control'));
      }
    }),
    by('filters given twice', ['FLT-16'], async (stage, { place, shown, other }) => {
      for (const [name, one] of Object.entries(shown) as [EnumeratedFilter, string][]) {
        const another = other[name];
        if (another === undefined || (plan.effort === 'quick' && name === 'productType')) continue;
        const named = label(stage, 'FLT-16', `with ${name} twice`);
        const look = async (probe: Probe): Promise<void> => {
          for (const filters of [[], [[name, one]], [[name, another]]] as const) await stage.list(place, filters, probe);
        };
        await look(named('before'));
        for (const { case: twice, filters } of repeatedFilters(name, one, another))
          await sendOdd(stage, draftList(place.customer, filters), named('odd', twice));
        await look(named('after'));
      }
    }),
    by('unknown query parameters', ['LST-08'], async (stage, { place }) => {
      const named = label(stage, 'LST-08', 'unknown parameters');
      await stage.list(place, [], named('before'));
      for (const name of ['unknown', 'x-unknown-2']) {
        await sendOdd(stage, { ...draftList(place.customer, [[name, '1']]) }, named('odd', `with the unknown parameter ${name}`));
        await stage.list(place, [], named('after'));
      }
    }),
    by('percent-encoded letters', ['MSG-25'], async (stage, { place, shown }) => {
      for (const [name, value] of Object.entries(shown)) {
        const named = label(stage, 'MSG-25', `with percent-encoded letters in ${name}`);
        const filters: FilterPair[] = [[name, value]];
        await stage.list(place, filters, named('before'));
        await sendOdd(stage, { ...draftList(place.customer, filters), path: encodedPath(place, name, value) }, named('spelling'));
        await stage.list(place, filters, named('after'));
      }
    }),
    {
      name: 'ids in other letters',
      witnesses: ['LST-11'],
      async probe(stage) {
        const place = await stage.place();
        const subject = await findSubject(stage, place);
        if (subject === undefined || !/[a-f]/.test(subject.id)) return;
        const named = label(stage, 'LST-11', 'letters');
        await sendOdd(stage, draftGet(subject.id.toUpperCase()), named('spelling', 'of an id in capitals'));
        await sendOdd(stage, draftGet(subject.id.toLowerCase()), named('spelling', 'of an id in small letters'));
        await stage.get(subject.id, named('control'));
      },
    },
  ];
}

const documented: Values = { status: statuses, productCode: productCodes, productType: productTypes };

/** A customer with products that differ. */
interface Mixed {
  readonly place: Place;
  /** For each filter a value of the document that some product has. */
  readonly shown: Partial<Record<EnumeratedFilter, string>>;
  /** And another one that some other product has. */
  readonly other: Partial<Record<EnumeratedFilter, string>>;
}

/** Two or three products of different codes, one of them closed; or, where nothing may be written, what is there. */
async function mixProducts(stage: Stage): Promise<Mixed | undefined> {
  const place = await stage.place();
  if (stage.judge.known.facts.readOnly) await stage.list(place);
  else {
    const codes = await freeCodes(stage, place);
    const first = await openSubject(stage, place, codes);
    if (first === undefined) return undefined;
    const others = codes.filter((code) => code !== first.code).slice(0, 2);
    for (const [index, code] of others.entries()) {
      const id = await createWithRoom(stage, place, code);
      if (id === undefined) continue;
      await stage.get(id);
      if (index === 0) await stage.close(place, id);
    }
    await settle(stage);
    await stage.list(place);
  }
  const products = [...(stage.judge.known.customers.get(place.customer)?.products.values() ?? [])].flatMap(({ last }) =>
    last === undefined ? [] : [last.shown],
  );
  if (products.length === 0) return undefined;
  const shown: Partial<Record<EnumeratedFilter, string>> = {};
  const other: Partial<Record<EnumeratedFilter, string>> = {};
  for (const name of ['status', 'productCode', 'productType'] as const) {
    const values = [...new Set(products.flatMap((product) => product[name] ?? []))].filter((value) => documented[name].includes(value));
    if (values[0] !== undefined) shown[name] = values[0];
    if (values[1] !== undefined) other[name] = values[1];
  }
  return { place, shown, other };
}

/** Every letter of the value percent-encoded, which means the same letters (RFC 3986 §6.2.2.2). */
const encodedPath = (place: Place, name: string, value: string): string =>
  `/customers/${place.customer}/products?${name}=${[...value].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`).join('')}`;
