/**
 * Short sequences that show most of what there is to see. Before a long history is made smaller, these are tried: what any traffic
 * shows, one of them shows sooner.
 */
import type { Step, StepFilter } from '../spec/journal.ts';

export interface CommonSequences {
  /** The life of one product, or less of it, and what another customer is shown of it; short ones first. */
  readonly short: readonly (readonly Step[])[];
  /** The same, with time between. */
  readonly ageing: readonly (readonly Step[])[];
  /** Several products. */
  readonly large: readonly (readonly Step[])[];
}

export function commonSequences(codes: readonly string[]): CommonSequences {
  const first = codes[0]!;
  const create: Step = { do: 'create', as: 'p1', customer: 'a', code: first };
  const get: Step = { do: 'get', product: 'p1' };
  const close: Step = { do: 'close', product: 'p1' };
  const list = (...filters: readonly StepFilter[]): Step => ({ do: 'list', customer: 'a', ...(filters.length === 0 ? {} : { filters }) });
  const closed = list({ name: 'status', value: 'CLOSED' });
  const active = list({ name: 'status', value: 'ACTIVE' });
  const wait: Step = { do: 'wait', ms: ageMs };
  const atOther = { do: 'list', customer: 'b' } as const;
  const short = [
    [list()],
    [create],
    [create, get],
    [create, list()],
    [create, active],
    [create, list({ name: 'iban', of: 'p1' })],
    [create, close],
    [create, close, get],
    [create, close, list()],
    [create, close, active],
    [create, close, closed],
    [create, get, list()],
    [create, get, close, get],
    [create, list(), close, list()],
    [create, active, close, active],
    [create, closed, close, closed],
    [create, get, close, close, get],
    [create, close, get, close, get],
    [create, get, list(), close, get, list(), close, get],
    [create, atOther],
    [create, close, { ...atOther, filters: [{ name: 'status', value: 'CLOSED' }] }],
  ] satisfies Step[][];
  const ageing = [
    [create, wait, get],
    [create, wait, list()],
    [create, wait, close],
    [create, get, wait, get],
    [create, list(), wait, list()],
    [create, wait, close, get],
    [create, close, wait, get],
    [create, close, wait, list()],
    [create, close, get, wait, get],
    [create, close, wait, close, get],
    [create, close, get, wait, close, get],
    [create, get, wait, close, get, wait, close, get],
    // Three creates tell what clock the target goes by.
    [...three(first), list(), wait, close, get],
  ];
  return { short, ageing, large: [neighbours(codes), everyCode(codes)] };
}

/** Longer than what shows times in whole seconds can hide. */
const ageMs = 1_200;

const three = (code: string): Step[] => ['p1', 'p2', 'p3'].map((as): Step => ({ do: 'create', as, customer: 'a', code }));

/** Two customers, and two products of one of them. */
function neighbours(codes: readonly string[]): Step[] {
  const [first, other] = [codes[0]!, codes[1 % codes.length]!];
  const gets = ['p1', 'p2', 'p3'].map((product): Step => ({ do: 'get', product }));
  const lists = ['a', 'b'].flatMap((customer): Step[] => [
    { do: 'list', customer },
    ...['ACTIVE', 'CLOSED'].map((value): Step => ({ do: 'list', customer, filters: [{ name: 'status', value }] })),
  ]);
  return [
    { do: 'create', as: 'p1', customer: 'a', code: first },
    { do: 'create', as: 'p2', customer: 'b', code: first },
    { do: 'create', as: 'p3', customer: 'a', code: other },
    ...gets,
    ...lists,
    { do: 'close', product: 'p1' },
    ...gets,
    ...lists,
  ];
}

/** A sequence of any size: what makes so many products, and the looks at them, any of which may show it. */
export interface Growth {
  make(count: number): readonly Step[];
  /** What makes the product of that number, from 1, after those before it. */
  add(number: number): readonly Step[];
  looks(count: number): readonly Step[];
}

/** Many products of one customer, open or closed: for what does not bear growth. */
export function growths(codes: readonly string[]): readonly Growth[] {
  const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `p${index + 1}`);
  const creates = (count: number): Step[] =>
    names(count).map((as, index) => ({ do: 'create', as, customer: 'a', code: codes[index % codes.length]! }));
  const list = (...filters: readonly StepFilter[]): Step => ({ do: 'list', customer: 'a', ...(filters.length === 0 ? {} : { filters }) });
  const looks = (count: number): Step[] => [
    list(),
    { do: 'get', product: 'p1' },
    { do: 'get', product: `p${count}` },
    // Of the last one: a list that leaves out the last lacks it at once.
    list({ name: 'productCode', value: codes[(count - 1) % codes.length]! }),
    list({ name: 'status', value: 'ACTIVE' }),
    list({ name: 'status', value: 'CLOSED' }),
  ];
  const closes = (count: number): Step[] => names(count).map((product) => ({ do: 'close', product }));
  const create = (number: number): Step => creates(number).at(-1)!;
  return [
    { make: creates, add: (number) => [create(number)], looks },
    {
      make: (count) => [...creates(count), ...closes(count)],
      add: (number) => [create(number), { do: 'close', product: `p${number}` }],
      looks,
    },
  ];
}

function everyCode(codes: readonly string[]): Step[] {
  const named = codes.map((code, index) => ({ code, name: `p${index + 1}` }));
  const values = (name: 'productCode' | 'status', all: readonly string[]): Step[] =>
    all.map((value) => ({ do: 'list', customer: 'a', filters: [{ name, value }] }));
  const look: Step[] = [
    { do: 'list', customer: 'a' },
    ...values('productCode', codes),
    ...values('status', ['ACTIVE', 'CLOSED']),
    ...named.map(({ name }): Step => ({ do: 'get', product: name })),
  ];
  return [
    ...named.map(({ name, code }): Step => ({ do: 'create', as: name, customer: 'a', code })),
    ...look,
    ...named.map(({ name }): Step => ({ do: 'close', product: name })),
    ...look,
  ];
}
