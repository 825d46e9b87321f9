/** The list asked in ways that the document does not have: LST-08, FLT-12, FLT-13, FLT-16, FLT-17, MSG-25; and LST-11, the id in other letters. */
import { readMessage } from '../generators/model/message.ts';
import { readShown } from '../generators/model/product.ts';
import { draftClose, draftGet, draftList } from '../generators/requests.ts';
import {
  type EnumeratedFilter,
  filtersExchanged,
  filtersOutsideEnumeration,
  filtersWithParts,
  repeatedFilters,
  type SpoiledFilter,
  type Values,
} from '../generators/spoiled/filters.ts';
import type { FilterPair, Probe } from '../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../spec/values.ts';
import { patienceFor } from './arrivals.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { createWithRoom, findSubject, freeCodes, hopelessLast, openSubject, settle } from './subjects.ts';
import { label, sendOdd, trySpelledClose } from './trials.ts';

export function probedListCampaigns(plan: Plan): Campaign[] {
  const by = (name: string, witnesses: Campaign['witnesses'], ...probes: readonly Probing[]): Campaign => ({
    name,
    witnesses,
    async probe(stage) {
      const mixed = await mixProducts(stage, plan.effort === 'quick' ? 3 : plan.codes.length);
      if (mixed === undefined) return;
      for (const probe of probes) await probe(stage, mixed, plan);
    },
  });
  return [
    by('filter values that are none', ['FLT-12', 'FLT-13', 'FLT-17'], tryOutsideEnumeration, tryParts),
    by('filters given twice', ['FLT-16'], tryTwice),
    by('odd queries', ['LST-08', 'MSG-25'], tryUnknownParameters, tryEncoded),
    { name: 'ids in other letters', witnesses: ['LST-11'], probe: tryOtherLetters },
  ];
}

type Probing = (stage: Stage, mixed: Mixed, plan: Plan) => Promise<void>;

const keep = ({ effort }: Plan, filters: readonly SpoiledFilter[]): readonly SpoiledFilter[] =>
  effort === 'quick' ? filters.filter(({ extra }) => extra !== true) : filters;

const entries = (values: Partial<Record<EnumeratedFilter, string>>): readonly [EnumeratedFilter, string][] =>
  Object.entries(values) as [EnumeratedFilter, string][];

const tryOutsideEnumeration: Probing = async (stage, { place, shown, all }, plan) => {
  const named = label(stage, 'FLT-12', 'unfiltered');
  const exchanged = filtersExchanged(all.productCode, all.productType, plan.facts.values);
  for (const { case: name, filters } of keep(plan, [...filtersOutsideEnumeration(shown), ...exchanged]))
    await sendOdd(stage, draftList(place.customer, filters), named('spoiled', name));
  for (const name of ['status', 'productCode', 'productType', 'iban'])
    await sendOdd(stage, draftList(place.customer, [[name, '']]), named('odd', `with an empty ${name}`));
  await stage.list(place, [], named('control'));
};

const tryParts: Probing = async (stage, { place, shown, all }, plan) => {
  const tryOne = async (name: EnumeratedFilter, value: string, parts: readonly SpoiledFilter[]): Promise<void> => {
    const named = label(stage, 'FLT-13', `with the whole ${name}`);
    for (const { case: part, filters } of parts) await sendOdd(stage, draftList(place.customer, filters), named('spoiled', part));
    await stage.list(place, [[name, value]], named('control'));
  };
  const partsOf = (name: EnumeratedFilter, value: string): readonly SpoiledFilter[] => filtersWithParts(name, value, plan.facts.values);
  for (const [name, value] of entries(shown)) await tryOne(name, value, keep(plan, partsOf(name, value)));
  if (plan.effort === 'quick') return;
  // Of the other values a prefix and a suffix: what one is taken for, another may not be.
  for (const name of ['status', 'productCode', 'productType'] as const)
    for (const value of all[name].slice(1))
      await tryOne(
        name,
        value,
        partsOf(name, value)
          .filter(({ extra }) => extra !== true)
          .slice(0, 2),
      );
};

const tryTwice: Probing = async (stage, { place, shown, other }, { effort }) => {
  const pairs = entries(shown).filter(([name]) => other[name] !== undefined);
  for (const [name, one] of effort === 'quick' ? pairs.slice(-1) : pairs) {
    const another = other[name]!;
    const named = label(stage, 'FLT-16', `with ${name} twice`);
    const look = async (probe: Probe): Promise<void> => {
      for (const filters of [[], [[name, one]], [[name, another]]] as const) await stage.list(place, filters, probe);
    };
    await look(named('before'));
    for (const { case: twice, filters } of repeatedFilters(name, one, another))
      await sendOdd(stage, draftList(place.customer, filters), named('odd', twice));
    await look(named('after'));
  }
};

const tryUnknownParameters: Probing = async (stage, { place }) => {
  const named = label(stage, 'LST-08', 'unknown parameters');
  await stage.list(place, [], named('before'));
  for (const name of ['unknown', 'x-unknown-2']) {
    await sendOdd(stage, draftList(place.customer, [[name, '1']]), named('odd', `with the unknown parameter ${name}`));
    await stage.list(place, [], named('after'));
  }
};

const tryEncoded: Probing = async (stage, { place, shown }, { effort }) => {
  const { customer } = place;
  const [first, ...more] = entries(shown).flatMap(([name, value]) => {
    const filters: FilterPair[] = [[name, value]];
    return [
      { where: name, filters, path: `/customers/${customer}/products?${name}=${encodeAll(value)}` },
      { where: `the name ${name}`, filters, path: `/customers/${customer}/products?${encodeAll(name)}=${value}` },
    ];
  });
  const inPath = { where: 'the path', filters: [], path: `/customers/${encodeAll(customer)}/products` };
  for (const { where, filters, path } of [inPath, ...(first === undefined ? [] : [first]), ...(effort === 'quick' ? [] : more)]) {
    const named = label(stage, 'MSG-25', `with percent-encoded letters in ${where}`);
    await stage.list(place, filters, named('before'));
    await sendOdd(stage, { ...draftList(customer, filters), path }, named('odd'));
    await stage.list(place, filters, named('after'));
  }
};

async function tryOtherLetters(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await findSubject(stage, place, true);
  if (subject === undefined || !/[a-f]/.test(subject.id)) return;
  await settle(stage);
  const named = label(stage, 'LST-11', 'letters');
  await stage.get(subject.id, named('before'));
  await sendOdd(stage, draftGet(subject.id.toUpperCase()), named('spelling', 'of an id in capitals'));
  await sendOdd(stage, draftGet(subject.id.toLowerCase()), named('spelling', 'of an id in small letters'));
  await stage.get(subject.id, named('control'));
  await tryCustomerLetters(stage, place);
  if (stage.guide.known.facts.readOnly) return;
  await trySpelledClose(
    stage,
    place,
    subject,
    () => label(stage, 'LST-11', 'of an id in capitals'),
    (id, probe) => sendOdd(stage, draftClose(id.toUpperCase(), place.requestor), probe),
  );
}

async function tryCustomerLetters(stage: Stage, place: Place): Promise<void> {
  if (!/[a-f]/i.test(place.customer)) return;
  const listed = label(stage, 'LST-11', 'letters of a customer');
  await stage.list(place, [], listed('before'));
  for (const [customer, letters] of [
    [place.customer.toUpperCase(), 'capitals'],
    [place.customer.toLowerCase(), 'small letters'],
  ] as const)
    await sendOdd(stage, draftList(customer), listed('odd', `of a customer in ${letters}`));
  await stage.list(place, [], listed('control'));
}

const documented: Values = { status: statuses, productCode: productCodes, productType: productTypes };

/** A customer with products that differ. */
interface Mixed {
  readonly place: Place;
  /** For each filter a value of the document that some product has. */
  readonly shown: Partial<Record<EnumeratedFilter, string>>;
  /** And another one that some other product has. */
  readonly other: Partial<Record<EnumeratedFilter, string>>;
  /** Every such value; the first is `shown`. */
  readonly all: Readonly<Record<EnumeratedFilter, readonly string[]>>;
}

/** Products of so many codes, and a closed one; or, where nothing may be written, what is there. */
async function mixProducts(stage: Stage, open: number): Promise<Mixed | undefined> {
  const place = await stage.place();
  if (stage.guide.known.facts.readOnly) await stage.list(place);
  else {
    const codes = hopelessLast(stage, await freeCodes(stage, place));
    const first = await openSubject(stage, place, codes);
    const made: string[] = [];
    if (first !== undefined) {
      await stage.close(place, first.id);
      await stage.get(first.id);
      made.push(first.id);
    }
    // Where none can be had, those of others are filtered like any.
    else if (place.invented) return undefined;
    const used = [...(first === undefined ? [] : [first.code]), ...codes.filter((code) => code !== first?.code)].slice(0, open);
    for (const code of used) {
      const id = await createWithRoom(stage, place, code);
      if (id === undefined) continue;
      made.push(id);
      await stage.get(id);
    }
    await settle(stage);
    await awaitListed(stage, place, made);
  }
  const products = [...(stage.guide.known.customers.get(place.customer)?.products.values() ?? [])].flatMap(({ last }) =>
    last === undefined ? [] : [last.shown],
  );
  if (products.length === 0) return undefined;
  const shown: Partial<Record<EnumeratedFilter, string>> = {};
  const other: Partial<Record<EnumeratedFilter, string>> = {};
  const all: Record<EnumeratedFilter, readonly string[]> = { status: [], productCode: [], productType: [] };
  for (const name of ['status', 'productCode', 'productType'] as const) {
    const values = [...new Set(products.flatMap((product) => product[name] ?? []))].filter((value) => documented[name].includes(value));
    all[name] = values;
    if (values[0] !== undefined) shown[name] = values[0];
    if (values[1] !== undefined) other[name] = values[1];
  }
  return { place, shown, other, all };
}

/** Lists until all of these show: what lists differ in from then on is not what is late. */
async function awaitListed(stage: Stage, place: Place, ids: readonly string[]): Promise<void> {
  const codes = ids.map((id) => stage.guide.known.products.get(id)?.creation?.code ?? '');
  const until = stage.session.now() + Math.max(0, ...codes.map((code) => patienceFor(stage.arrivals, code)));
  for (let gap = 8; ; gap = Math.min(gap * 2, 400)) {
    const { json } = readMessage(await stage.list(place));
    const listed = new Set(Array.isArray(json) ? json.map((value) => readShown(value)?.id) : []);
    if (ids.every((id) => listed.has(id)) || stage.session.now() > until) return;
    await stage.wait(gap);
  }
}

/** Every letter percent-encoded, which means the same letters (RFC 3986 §6.2.2.2). */
const encodeAll = (text: string): string =>
  [...text].map((letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`).join('');
