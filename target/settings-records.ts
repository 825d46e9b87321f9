/** The keys of a profile that hold more than one value: customers, headers, waivers. */
import { isRequirementId, type RequirementId, rows } from '../spec/catalogue/index.ts';
import type { Customer, Waiver } from '../spec/profile.ts';
import { areas } from '../spec/requirement.ts';
import type { Tree } from './settings-document.ts';
import {
  below,
  type Fault,
  type Form,
  type Outcome,
  type Surroundings,
  scalar,
  several,
  showKind,
  text,
  truth,
  uuid,
} from './settings-forms.ts';
import { nearest, quote } from './settings-mistakes.ts';

type Members = Readonly<Record<string, { readonly form: Form<unknown>; readonly needed?: true }>>;

/** A map with known members, each read by its own form; every fault in it is told. */
function readMembers(tree: Tree, expected: string, members: Members, around: Surroundings): Outcome<ReadonlyMap<string, unknown>> {
  if (tree.kind !== 'map') return { faults: [{ place: tree.place, expected, came: showKind(tree) }] };
  const found = new Map<string, unknown>();
  const faults: Fault[] = [];
  for (const { key, place, value } of tree.entries) {
    const member = Object.hasOwn(members, key) ? members[key] : undefined;
    if (!member) {
      const guess = nearest(key, Object.keys(members));
      faults.push({
        place,
        expected: `one of the keys ${Object.keys(members).join(', ')}`,
        came: quote(key),
        ...(guess ? { advice: `did you mean ${guess}?` } : {}),
      });
      continue;
    }
    const outcome = below(`.${key}`, member.form.fromTree(value, around));
    found.set(key, 'value' in outcome ? outcome.value : undefined);
    if ('faults' in outcome) faults.push(...outcome.faults);
  }
  for (const [name, { form, needed }] of Object.entries(members)) {
    if (needed && !found.has(name)) faults.push({ place: tree.place, below: `.${name}`, expected: form.expected, came: 'nothing' });
  }
  return faults.length > 0 ? { faults } : { value: found };
}

const customerMembers = {
  customerId: { form: uuid, needed: true },
  requestorId: { form: uuid },
  iban: {
    form: scalar('an IBAN without spaces, such as DE02120300000000202051', 'IBAN', (given) =>
      /^[A-Z]{2}\d{2}[A-Z0-9]{10,30}$/u.test(given) ? { value: given } : {},
    ),
  },
  exclusive: { form: truth },
} as const satisfies Members;

const customer: Form<Customer> = {
  expected: 'a UUID',
  placeholder: 'UUID',
  fromText: (given) => {
    const outcome = uuid.fromText!(given);
    return 'value' in outcome ? { value: { customerId: outcome.value } } : outcome;
  },
  fromTree: (tree, around) => {
    const expected = 'a map { customerId, requestorId?, iban?, exclusive? }';
    const outcome = readMembers(tree, expected, customerMembers, around);
    if ('faults' in outcome) return outcome;
    const member = (name: keyof typeof customerMembers): unknown => outcome.value.get(name);
    return {
      value: {
        customerId: String(member('customerId')),
        ...(outcome.value.has('requestorId') && { requestorId: String(member('requestorId')) }),
        ...(outcome.value.has('iban') && { iban: String(member('iban')) }),
        ...(outcome.value.has('exclusive') && { exclusive: member('exclusive') === true }),
      },
    };
  },
};

const anyCustomers = several(customer, 'UUIDs of customers', 'UUID,…');

const eachOnce = (outcome: Outcome<readonly Customer[]>, place?: string): Outcome<readonly Customer[]> => {
  if ('faults' in outcome) return outcome;
  const ids = outcome.value.map(({ customerId }) => customerId.toLowerCase());
  const again = ids.findIndex((id, index) => ids.indexOf(id) < index);
  if (again < 0) return outcome;
  return {
    faults: [
      { ...(place && { place, below: `[${again}].customerId` }), expected: 'each customer once', came: `${quote(ids[again])} twice` },
    ],
  };
};

export const customers: Form<readonly Customer[]> = {
  ...anyCustomers,
  fromText: (given) => eachOnce(anyCustomers.fromText!(given)),
  fromTree: (tree, around) => eachOnce(anyCustomers.fromTree(tree, around), tree.place),
};

/** Fields that the suite or HTTP itself sets on every request. */
const ownFields = new Set([
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'host',
  'requestor-id',
  'transfer-encoding',
  'upgrade',
]);

const fieldName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9a-z-]+$/iu.test(name);

const fieldValue = scalar(
  'text of visible characters',
  'TEXT',
  (given) => (/^[!-~\u0080-\u00ff]([ \t!-~\u0080-\u00ff]*[!-~\u0080-\u00ff])?$/u.test(given) ? { value: given } : {}),
  'string',
  true,
);

export interface Headers {
  readonly fields: Readonly<Record<string, string>>;
  /** Names whose value came by `{ env: NAME }`: taken for secret. */
  readonly secret: readonly string[];
}

/** Field names and values, for every request to the API. */
export const headers: Form<Headers> = {
  expected: 'a map of header names and values',
  fromTree: (tree, around) => {
    if (tree.kind !== 'map') return { faults: [{ place: tree.place, expected: headers.expected, came: showKind(tree) }] };
    const fields: [string, string][] = [];
    const faults: Fault[] = [];
    for (const { key, place, value } of tree.entries) {
      if (!fieldName(key)) faults.push({ place, expected: 'the name of a header field', came: quote(key) });
      else if (ownFields.has(key.toLowerCase())) {
        const advice =
          key.toLowerCase() === 'authorization' ? 'use auth' : key.toLowerCase() === 'requestor-id' ? 'use requestorId' : 'leave it out';
        faults.push({ place, expected: 'a header field that the suite does not set itself', came: quote(key), advice });
      } else if (fields.some(([name]) => name.toLowerCase() === key.toLowerCase())) {
        faults.push({ place, expected: 'each header field once', came: quote(key) });
      } else {
        const outcome = below(`.${key}`, fieldValue.fromTree(value, around));
        if ('faults' in outcome) faults.push(...outcome.faults);
        else fields.push([key, outcome.value]);
      }
    }
    const secret = tree.entries.filter(({ value }) => value.kind === 'map').map(({ key }) => key);
    // Not by assignment: a field named __proto__ is a field like any other.
    return faults.length > 0 ? { faults } : { value: { fields: Object.fromEntries(fields), secret } };
  },
};

/** An id of a row, in either letter case. */
const requirementId: Form<RequirementId> = scalar('the id of a requirement such as FLT-04', 'ID', (given) => {
  const id = given.toUpperCase();
  if (isRequirementId(id)) return { value: id };
  const guess = nearest(
    id,
    rows.map((row) => row.id),
  );
  return { advice: guess ? `did you mean ${guess}?` : 'the command list shows them all' };
});

/** An id of a row or the name of an area, in either letter case. */
export const rowOrArea: Form<string> = scalar('the id of a requirement such as FLT-04, or an area such as FLT', 'ID', (given) => {
  const word = given.toUpperCase();
  if (isRequirementId(word) || areas.some((area) => area === word)) return { value: word };
  const guess = nearest(word, [...rows.map((row) => row.id), ...areas]);
  return { advice: guess ? `did you mean ${guess}?` : 'the command list shows them all' };
});

const day = scalar('a day written as 2026-12-31', 'DAY', (given) => {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/u.exec(given) ?? [];
  if (year === undefined) return {};
  const moment = new Date(Date.UTC(Number(year), Number(month) - 1, Number(date)));
  return moment.toISOString().startsWith(given) ? { value: given } : { advice: 'there is no such day' };
});

const waiverMembers = {
  requirement: { form: requirementId, needed: true },
  reason: { form: text('a reason'), needed: true },
  until: { form: day, needed: true },
} as const satisfies Members;

const waiver: Form<Waiver> = {
  expected: 'a map { requirement, reason, until }',
  fromTree: (tree, around) => {
    const outcome = readMembers(tree, waiver.expected, waiverMembers, around);
    if ('faults' in outcome) return outcome;
    const member = (name: keyof typeof waiverMembers): string => String(outcome.value.get(name));
    return { value: { requirement: member('requirement'), reason: member('reason'), until: member('until') } };
  },
};

export const waivers: Form<readonly Waiver[]> = several(waiver, 'waivers { requirement, reason, until }', 'LIST');
