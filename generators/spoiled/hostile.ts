/** REF-09: hostile but well-formed input. It is refused, or taken literally; it never fails, and never changes a product. */
import type { Draft } from '../requests.ts';
import { type Spoiled, withBody, withHeader, withId, withMembers } from './spoiled.ts';

const requirement = 'REF-09';
const long = 'A'.repeat(100_000);
const depth = 2_000;
const nested = `${'['.repeat(depth)}${']'.repeat(depth)}`;
const injection = "' OR '1'='1";

const bodyOf = (draft: Draft): string => draft.body ?? '{}';
/** JSON text put in before the closing brace: not to be written out again, which escapes or loses what is special about it. */
const withText = (members: string) => (draft: Draft) => withBody(`${bodyOf(draft).slice(0, -1)},${members}}`)(draft);
const instead = (name: string, text: string) => withBody(`{"${name}":${text}}`);

function ofWrite(operation: 'create' | 'close', name: string, value: string): Spoiled[] {
  return [
    { requirement, operation, case: `with a ${name} of 100,000 letters`, spoil: withMembers({ [name]: long }) },
    { requirement, operation, case: `with a ${name} nested ${depth} deep`, spoil: instead(name, nested) },
    { requirement, operation, case: `with half a surrogate pair in ${name}`, spoil: instead(name, `"${value}\\ud800"`), extra: true },
    { requirement, operation, case: `with NUL in ${name}`, spoil: instead(name, `"${value}\\u0000"`) },
    { requirement, operation, case: `with SQL in ${name}`, spoil: withMembers({ [name]: `${value}${injection}` }), extra: true },
    { requirement, operation, case: `with an operator as ${name}`, spoil: instead(name, '{"$ne":null}'), extra: true },
    { requirement, operation, case: `with ${name} in __proto__ only`, spoil: withBody(`{"__proto__":{"${name}":"${value}"}}`) },
    { requirement, operation, case: 'with SQL in Requestor-ID', spoil: withHeader('Requestor-ID', injection), extra: true },
    {
      requirement,
      operation,
      case: 'with a Requestor-ID of 4,000 letters',
      spoil: withHeader('Requestor-ID', long.slice(0, 4_000)),
      extra: true,
    },
  ];
}

/** Valid but for members that nobody knows: ignored or refused (R-UNKNOWN). */
const valid: Spoiled[] = [
  {
    requirement,
    operation: 'create',
    role: 'odd',
    case: 'with status in __proto__ and in constructor',
    spoil: withText('"__proto__":{"status":"CLOSED"},"constructor":{"prototype":{"status":"CLOSED"}}'),
  },
  {
    requirement,
    operation: 'create',
    role: 'odd',
    case: `with an unknown member nested ${depth} deep`,
    spoil: withText(`"x":${nested}`),
    extra: true,
  },
];

const ids = [
  ['of SQL', `x${injection}`],
  ['of a path', '../../etc/passwd'],
  ['of NUL', '\0'],
  ['of 4,000 letters', long.slice(0, 4_000)],
] as const;

const ofGet: Spoiled[] = ids.map(([name, id], index) => ({
  requirement,
  operation: 'get',
  case: name,
  spoil: withId(id),
  ...(index > 1 ? { extra: true as const } : {}),
}));

const filters = [
  ['with SQL in status', 'status', `ACTIVE${injection}`],
  ['with SQL in iban', 'iban', `x${injection}`],
  ['with a pattern in iban', 'iban', '%'],
  ['with NUL in productCode', 'productCode', 'WALLET\0'],
  ['with a productType of 4,000 letters', 'productType', long.slice(0, 4_000)],
  ['with an emoji in productType', 'productType', 'CASH😀'],
] as const;

const ofList: Spoiled[] = filters.map(([name, filter, value], index) => ({
  requirement,
  operation: 'list',
  case: name,
  spoil: (draft) => ({
    ...draft,
    path: `${draft.path.split('?', 1)[0]}?${filter}=${encodeURIComponent(value)}`,
    intent: { ...draft.intent, filters: [[filter, value]] },
  }),
  ...(index > 1 ? { extra: true as const } : {}),
}));

export const hostileRequests: readonly Spoiled[] = [
  ...ofList,
  ...ofGet,
  ...ofWrite('create', 'productCode', 'WALLET'),
  ...valid,
  ...ofWrite('close', 'status', 'CLOSED'),
];
