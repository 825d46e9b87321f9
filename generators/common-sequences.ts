/**
 * Short sequences that show most of what there is to see. Before a long history is made smaller, these are tried: what any traffic
 * shows, one of them shows sooner.
 */
import type { Step } from '../spec/journal.ts';
import { close, code, create, get, iban, list, status, wait } from './steps.ts';

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
  const made = create('p1', 'a', first);
  const read = get('p1');
  const ended = close('p1');
  const listed = list('a');
  const closed = list('a', status('CLOSED'));
  const active = list('a', status('ACTIVE'));
  const aged = wait(ageMs);
  const short = [
    [listed],
    [made],
    [made, read],
    [made, listed],
    [made, active],
    [made, list('a', iban('p1'))],
    [made, ended],
    [made, ended, read],
    [made, ended, listed],
    [made, ended, active],
    [made, ended, closed],
    [made, read, listed],
    [made, read, ended, read],
    [made, listed, ended, listed],
    [made, active, ended, active],
    [made, closed, ended, closed],
    [made, read, ended, ended, read],
    [made, ended, read, ended, read],
    [made, read, listed, ended, read, listed, ended, read],
    [made, list('b')],
    [made, ended, list('b', status('CLOSED'))],
  ] satisfies Step[][];
  const ageing = [
    [made, aged, read],
    [made, aged, listed],
    [made, aged, ended],
    [made, read, aged, read],
    [made, listed, aged, listed],
    [made, aged, ended, read],
    [made, ended, aged, read],
    [made, ended, aged, listed],
    [made, ended, read, aged, read],
    [made, ended, aged, ended, read],
    [made, ended, read, aged, ended, read],
    [made, read, aged, ended, read, aged, ended, read],
    // Three creates tell what clock the target goes by.
    [...three(first), listed, aged, ended, read],
  ];
  return { short, ageing, large: [neighbours(codes), everyCode(codes)] };
}

/** Longer than what shows times in whole seconds can hide. */
const ageMs = 1_200;

const three = (each: string): Step[] => ['p1', 'p2', 'p3'].map((as) => create(as, 'a', each));

/** Two customers, and two products of one of them. */
function neighbours(codes: readonly string[]): Step[] {
  const [first, other] = [codes[0]!, codes[1 % codes.length]!];
  const gets = ['p1', 'p2', 'p3'].map(get);
  const lists = ['a', 'b'].flatMap((customer) => [list(customer), list(customer, status('ACTIVE')), list(customer, status('CLOSED'))]);
  return [create('p1', 'a', first), create('p2', 'b', first), create('p3', 'a', other), ...gets, ...lists, close('p1'), ...gets, ...lists];
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
  const creates = (count: number): Step[] => names(count).map((as, index) => create(as, 'a', codes[index % codes.length]!));
  const looks = (count: number): Step[] => [
    list('a'),
    get('p1'),
    get(`p${count}`),
    // Of the last one: a list that leaves out the last lacks it at once.
    list('a', code(codes[(count - 1) % codes.length]!)),
    list('a', status('ACTIVE')),
    list('a', status('CLOSED')),
  ];
  const last = (number: number): Step => creates(number).at(-1)!;
  return [
    { make: creates, add: (number) => [last(number)], looks },
    {
      make: (count) => [...creates(count), ...names(count).map(close)],
      add: (number) => [last(number), close(`p${number}`)],
      looks,
    },
  ];
}

function everyCode(codes: readonly string[]): Step[] {
  const names = codes.map((_, index) => `p${index + 1}`);
  const filters = [...codes.map(code), status('ACTIVE'), status('CLOSED')];
  const look = [list('a'), ...filters.map((filter) => list('a', filter)), ...names.map(get)];
  return [...names.map((name, index) => create(name, 'a', codes[index]!)), ...look, ...names.map(close), ...look];
}
