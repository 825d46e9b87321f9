/** Campaigns for what randomness reaches too late: growth, age, and customers who have nothing, or nothing open. */

import { drawSequences } from '../generators/sequences.ts';
import {
  abreast,
  close,
  code,
  create,
  everyValue,
  get,
  iban,
  inTurn,
  list,
  opened,
  status,
  together,
  type,
  wait,
} from '../generators/steps.ts';
import type { Step } from '../spec/journal.ts';
import { productTypes } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import { queryCampaigns } from './queries.ts';
import { anyTraffic } from './traffic.ts';

export function historyCampaigns(plan: Plan): Campaign[] {
  return [
    longHistory(plan),
    ageing(plan),
    ...queryCampaigns(plan),
    emptyCustomer(plan),
    allClosed(plan),
    neighbours(plan),
    closeByItself(plan),
    ...sequences(plan),
  ];
}

/** A close before which no other was for longer than clocks may differ: what is stamped with the close before it shows. */
function closeByItself({ codes, facts }: Plan): Campaign {
  return {
    name: 'a close by itself',
    witnesses: ['CLS-03'],
    last: true,
    steps: [create('p1', 'a', codes[0]!), opened('p1'), wait(facts.clockToleranceMs + 100), close('p1'), get('p1'), list('a')],
  };
}

const sequencesOf = { quick: 6, standard: 24, thorough: 120 } as const;

function sequences({ codes, effort, seed }: Plan): Campaign[] {
  return drawSequences(codes, sequencesOf[effort], seed).map((steps, index) => ({
    name: `sequence ${index + 1}`,
    witnesses: anyTraffic,
    steps,
  }));
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const historyLength = { quick: 72, standard: 132, thorough: 300 } as const;
const groupSize = 12;

/** One product in so many is of another code than the rest: with it, too, a filter leaves more than a hundred. */
const otherCodeEach = 5;

/**
 * Many products of mixed codes under one customer, made and closed in groups, half of them closed and not in order of making;
 * lists on the way at every size, every filter at some, and all again after a pause. In the end the others are closed too: what cuts a list
 * off at a hundred is to show with a filter.
 */
function longHistory({ codes, effort }: Plan): Campaign {
  const total = historyLength[effort];
  const steps: Step[] = [];
  const nameOf = (index: number): string => `p${index + 1}`;
  const [first, ...others] = codes;
  const codeOf = (index: number): string =>
    (index % otherCodeEach === otherCodeEach - 1 ? others[Math.floor(index / otherCodeEach) % others.length] : undefined) ?? first!;
  const closed = new Set<number>();
  for (let made = 0; made < total; ) {
    const group = range(Math.min(groupSize, total - made)).map((offset) => made + offset);
    steps.push(abreast(group.map((index) => create(nameOf(index), 'a', codeOf(index)))));
    made += group.length;
    steps.push(list('a'), get(nameOf(made - 1)), list('a', code(codes[(made / groupSize) % codes.length]!)));
    // Half of what is open, taken from all over the history.
    const closing = range(made)
      .filter((index) => !closed.has(index) && (index * 5 + made) % 4 < 2)
      .slice(0, groupSize / 2);
    for (const index of closing) closed.add(index);
    steps.push(abreast(closing.map((index) => close(nameOf(index)))));
    steps.push(list('a', status('CLOSED')), list('a', status('ACTIVE')));
    if (made % (groupSize * 4) === 0) steps.push(...everyValue('a'));
  }
  steps.push(abreast(range(total).map((index) => get(nameOf(index)))));
  steps.push(...everyValue('a'), wait(2_000), ...everyValue('a'));
  // What two filters leave of many may be cut off as what one does, and what three do.
  const withStatus = (each: string): Step[] => [
    ...[...productTypes.map(type), ...codes.map(code)].map((other) => list('a', other, status(each))),
    ...productTypes.map((other) => list('a', type(other), status(each), code(first!))),
  ];
  steps.push(abreast(['ACTIVE', 'CLOSED'].flatMap(withStatus)));
  // What was closed first, seconds ago by now, once more.
  const oldest = [...closed].slice(0, 2).map(nameOf);
  steps.push(...oldest.flatMap((name) => [close(name), get(name)]));
  // What has been open longest by now has been left alone for long, even where a product changes by itself in its first second.
  const lasting = range(total)
    .filter((index) => !closed.has(index))
    .slice(0, 2)
    .map(nameOf);
  steps.push(...lasting.flatMap((name) => [get(name), close(name), get(name)]));
  // By now even a slow target has settled: the order of two filters once more.
  steps.push(together(codes.map((each, index) => inTurn('a', code(each), status(index % 2 === 0 ? 'CLOSED' : 'ACTIVE')))));
  steps.push(
    abreast(
      range(total)
        .filter((index) => index % 5 === 0)
        .map((index) => get(nameOf(index))),
    ),
  );
  const open = range(total).filter((index) => !closed.has(index) && !lasting.includes(nameOf(index)));
  steps.push(abreast(open.map((index) => close(nameOf(index)))), ...everyValue('a'), abreast(withStatus('CLOSED')));
  return { name: 'long history', witnesses: [...anyTraffic, 'LST-05', 'FLT-10', 'FLT-11'], waits: true, steps };
}

/** Products that are left alone for more than a second before each close, so that their times must move. */
function ageing({ codes }: Plan): Campaign {
  const names = codes.map((_, index) => `p${index + 1}`);
  const others = [list('a'), list('b'), list('a', status('CLOSED')), list('a', status('ACTIVE'))];
  return {
    name: 'ageing',
    witnesses: [...anyTraffic, 'CLS-04', 'CLS-08', 'CLS-14', 'TIM-05'],
    waits: true,
    steps: [
      ...names.map((name, index) => create(name, 'a', codes[index]!)),
      create('left', 'a', codes[0]!),
      create('other', 'b', codes.at(-1)!),
      ...others,
      // A product that opens meanwhile would begin its age anew.
      ...names.map(opened),
      get('left'),
      wait(1_200),
      ...names.map(get),
      ...names.flatMap((name) => [close(name), get(name)]),
      ...others,
      get('left'),
      wait(1_200),
      ...names.map(get),
      ...names.flatMap((name) => [close(name), get(name)]),
      ...others,
      get('left'),
      get('other'),
    ],
  };
}

/** A customer that never had a product, asked before and after others got some. */
function emptyCustomer({ codes }: Plan): Campaign {
  const looks = [
    list('e'),
    list('e', status('ACTIVE')),
    list('e', code(codes[0]!)),
    list('e', type('CASH')),
    list('e', status('CLOSED'), type('WALLET')),
  ];
  return {
    name: 'a customer without products',
    witnesses: ['FLT-07', 'OWN-01', 'OWN-02', 'SCH-01', 'SCH-05'],
    steps: [...looks, create('p1', 'a', codes[0]!), list('a'), get('p1'), ...looks, close('p1'), get('p1'), ...looks],
  };
}

/** A customer whose every product is closed. */
function allClosed({ codes }: Plan): Campaign {
  const names = codes.map((_, index) => `p${index + 1}`);
  return {
    name: 'a customer with closed products only',
    witnesses: [...anyTraffic, 'FLT-11'],
    steps: [
      ...codes.map((each, index) => create(names[index]!, 'a', each)),
      ...names.map(get),
      ...[...names].reverse().map(close),
      ...everyValue('a'),
      ...names.map(get),
      create('again', 'a', codes[0]!),
      get('again'),
      list('a'),
    ],
  };
}

/** Three customers with products of the same codes: what happens to one is looked for at the others. */
function neighbours({ codes }: Plan): Campaign {
  const customers = ['a', 'b', 'c'];
  const look = abreast(customers.map((customer) => list(customer)));
  const used = codes.slice(0, 2);
  const names = customers.flatMap((customer) => used.map((each, index) => ({ name: `${customer}${index + 1}`, customer, code: each })));
  const gets = abreast(names.map(({ name }) => get(name)));
  return {
    name: 'neighbours',
    witnesses: [...anyTraffic, 'FLT-15'],
    steps: [
      ...names.map(({ name, customer, code: each }) => create(name, customer, each)),
      look,
      gets,
      ...names.flatMap(({ name }, index) => (index % 2 === 0 ? [close(name), look, gets] : [])),
      ...customers.map((customer) => list(customer, status('CLOSED'))),
      ...customers.map((customer) => list(customer, iban('a1'))),
      ...customers.map((customer) => list(customer, iban('b2'))),
    ],
  };
}
