/** REF-01 to REF-08, REF-10 and CLS-10: header fields, members, content, identifiers and media types of list, create, get and close. */
import { statuses } from '../../spec/values.ts';
import type { Draft } from '../requests.ts';
import { type Spoiled, withBody, withHeader, withId, withLetterG, withMembers, withoutHeader } from './spoiled.ts';

const writes = [
  { operation: 'create', requestor: 'REF-01', member: 'REF-03', content: 'REF-04', name: 'productCode' },
  { operation: 'close', requestor: 'REF-02', member: 'REF-05', content: 'REF-06', name: 'status' },
] as const;

type Write = (typeof writes)[number];

const inRequestor = ({ operation, requestor: requirement }: Write): Spoiled[] => [
  { requirement, operation, case: 'without Requestor-ID', spoil: withoutHeader('Requestor-ID') },
  { requirement, operation, case: 'with an empty Requestor-ID', spoil: withHeader('Requestor-ID', '') },
  { requirement, operation, case: 'with Requestor-ID not-a-uuid', spoil: withHeader('Requestor-ID', 'not-a-uuid') },
  {
    requirement,
    operation,
    case: 'with a letter g in Requestor-ID',
    spoil: (draft) => withHeader('Requestor-ID', withLetterG(draft.headers['Requestor-ID'] ?? ''))(draft),
  },
];

const inMember = ({ operation, member: requirement, name }: Write): Spoiled[] => [
  { requirement, operation, case: `without ${name}`, spoil: withBody('{}') },
  { requirement, operation, case: `with ${name} null`, spoil: withMembers({ [name]: null }) },
  { requirement, operation, case: `with a number as ${name}`, spoil: withMembers({ [name]: 1 }) },
  { requirement, operation, case: `with true as ${name}`, spoil: withMembers({ [name]: true }), extra: true },
  { requirement, operation, case: `with an array as ${name}`, spoil: (draft) => withMembers({ [name]: [memberOf(draft, name)] })(draft) },
  {
    requirement,
    operation,
    case: `with an object as ${name}`,
    spoil: (draft) => withMembers({ [name]: { value: memberOf(draft, name) } })(draft),
    extra: true,
  },
  { requirement, operation, case: `with ${name} outside the enumeration`, spoil: withMembers({ [name]: 'NO_SUCH_VALUE' }) },
  {
    requirement,
    operation,
    case: `with a prefix as ${name}`,
    spoil: (draft) => withMembers({ [name]: String(memberOf(draft, name)).slice(0, -1) })(draft),
    extra: true,
  },
  { requirement, operation, case: `with ${name} empty`, spoil: withMembers({ [name]: '' }), extra: true },
];

const inContent = ({ operation, content: requirement, name }: Write): Spoiled[] => [
  { requirement, operation, case: 'with empty content', spoil: withBody('') },
  {
    requirement,
    operation,
    case: 'with JSON cut off inside the object',
    spoil: (draft) => withBody((draft.body ?? '').slice(0, -1))(draft),
  },
  { requirement, operation, case: 'with an array as content', spoil: (draft) => withBody(`[${draft.body}]`)(draft) },
  {
    requirement,
    operation,
    case: 'with a string as content',
    spoil: (draft) => withBody(JSON.stringify(memberOf(draft, name)))(draft),
    extra: true,
  },
  { requirement, operation, case: 'with a number as content', spoil: withBody('1'), extra: true },
  { requirement, operation, case: 'with null as content', spoil: withBody('null') },
];

/** Taken by a lenient target, it does what it says: no offence beyond the row's own. */
const inMediaType = ({ operation, name }: Write): Spoiled[] => [
  { requirement: 'REF-08', operation, role: 'odd', case: 'with content of text/plain', spoil: withHeader('Content-Type', 'text/plain') },
  {
    requirement: 'REF-08',
    operation,
    role: 'odd',
    case: 'with content of application/xml',
    spoil: (draft) => withHeader('Content-Type', 'application/xml')(withBody(`<${name}>${String(memberOf(draft, name))}</${name}>`)(draft)),
    extra: true,
  },
  {
    requirement: 'REF-08',
    operation,
    role: 'odd',
    case: 'with content of a form',
    spoil: (draft) =>
      withHeader('Content-Type', 'application/x-www-form-urlencoded')(withBody(`${name}=${String(memberOf(draft, name))}`)(draft)),
  },
];

const noUuids = [
  { case: 'of not-a-uuid', id: () => 'not-a-uuid' },
  { case: 'of an id with a letter g', id: withLetterG },
  { case: 'of a number', id: () => '12345', extra: true },
  // What keeps the first 36 characters finds the product.
  { case: 'of an id with letters after it', id: (id: string) => `${id}zz`, extra: true },
] as const;

const inPath: Spoiled[] = (
  [
    ['REF-07', 'get'],
    ['REF-07', 'close'],
    ['REF-07', 'create'],
    ['REF-10', 'list'],
  ] as const
).flatMap(([requirement, operation]) =>
  noUuids.map(
    (defect): Spoiled => ({
      requirement,
      operation,
      case: operation === 'create' || operation === 'list' ? defect.case.replace('of ', 'for the customer ') : defect.case,
      spoil: (draft) => withId(defect.id(draft.intent.product ?? draft.intent.customer ?? ''))(draft),
      ...('extra' in defect ? { extra: true as const } : {}),
    }),
  ),
);

/** CLS-10: a case for each other status, and CLOSED in other letters, which may be taken for it (R-ENUMCASE). */
const inStatus: Spoiled[] = [
  ...statuses
    .filter((status) => status !== 'CLOSED')
    .map(
      (status): Spoiled => ({ requirement: 'CLS-10', operation: 'close', case: `with status ${status}`, spoil: withMembers({ status }) }),
    ),
  {
    requirement: 'CLS-10',
    operation: 'close',
    case: 'with status in small letters',
    spoil: withMembers({ status: 'closed' }),
    role: 'odd',
  },
  {
    requirement: 'CLS-10',
    operation: 'close',
    case: 'with status in mixed letters',
    spoil: withMembers({ status: 'Closed' }),
    role: 'odd',
    extra: true,
  },
];

const inLetters: Spoiled[] = [
  {
    requirement: 'REF-03',
    operation: 'create',
    case: 'with productCode in small letters',
    spoil: (draft) => withMembers({ productCode: String(memberOf(draft, 'productCode')).toLowerCase() })(draft),
    role: 'odd',
  },
];

/** In the order in which they are sent; what may be taken for valid stands last of its row. */
export const spoiledRequests: readonly Spoiled[] = [
  ...writes.flatMap((write) => [...inRequestor(write), ...inMember(write), ...inContent(write), ...inMediaType(write)]),
  ...inLetters,
  ...inPath,
  ...inStatus,
];

function memberOf(draft: Draft, name: string): unknown {
  return (JSON.parse(draft.body ?? '{}') as Readonly<Record<string, unknown>>)[name];
}
