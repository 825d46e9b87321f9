/** Campaigns for what randomness reaches too late: growth, age, caches, and every combination of filters. */

import type { Shared } from '../generators/near-iban.ts';
import { drawSequences } from '../generators/sequences.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Step, StepFilter } from '../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';

/** What any traffic of creates, lists, gets and closes bears witness to. */
const anyTraffic: readonly RequirementId[] = [
  ...(['MSG-01', 'MSG-02', 'MSG-03', 'MSG-05', 'MSG-06', 'MSG-13', 'MSG-14', 'MSG-22', 'MSG-24'] as const),
  ...([
    'SCH-01',
    'SCH-02',
    'SCH-03',
    'SCH-04',
    'SCH-05',
    'SCH-06',
    'SCH-07',
    'SCH-08',
    'SCH-09',
    'SCH-10',
    'SCH-11',
    'SCH-12',
    'SCH-13',
    'SCH-14',
    'SCH-16',
    'SCH-17',
  ] as const),
  ...(['CRE-01', 'CRE-02', 'CRE-03', 'CRE-04', 'CRE-05', 'CRE-06', 'CRE-08', 'CRE-09'] as const),
  ...(['LST-01', 'LST-02', 'LST-03', 'LST-04', 'LST-07', 'LST-09'] as const),
  ...(['FLT-01', 'FLT-02', 'FLT-03', 'FLT-04', 'FLT-05', 'FLT-06', 'FLT-07', 'FLT-08', 'FLT-09', 'FLT-14'] as const),
  ...(['CLS-01', 'CLS-02', 'CLS-03', 'CLS-05', 'CLS-06', 'CLS-07', 'CLS-12', 'CLS-13', 'CLS-15', 'CLS-16'] as const),
  ...(['TIM-01', 'TIM-02', 'TIM-03', 'TIM-04', 'TIM-06', 'TIM-07', 'TIM-08', 'LIF-01', 'OWN-01', 'OWN-02'] as const),
];

export function historyCampaigns(plan: Plan): Campaign[] {
  return [
    longHistory(plan),
    ageing(plan),
    ...beforeAndAfter(plan),
    sweep(plan),
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
    steps: [
      create('p1', 'a', codes[0]!),
      opened('p1'),
      { do: 'wait', ms: facts.clockToleranceMs + 100 },
      close('p1'),
      get('p1'),
      list('a'),
    ],
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

const list = (customer: string, ...filters: readonly StepFilter[]): Step => ({
  do: 'list',
  customer,
  ...(filters.length === 0 ? {} : { filters }),
});
const create = (as: string, customer: string, code: string): Step => ({ do: 'create', as, customer, code });
const get = (product: string): Step => ({ do: 'get', product });
const opened = (product: string): Step => ({ do: 'get', product, until: 'ACTIVE' });
const close = (product: string): Step => ({ do: 'close', product });
const together = (steps: readonly Step[]): Step => ({ do: 'together', branches: steps.map((step) => [step]) });
const type = (value: string): StepFilter => ({ name: 'productType', value });
const code = (value: string): StepFilter => ({ name: 'productCode', value });
const status = (value: string): StepFilter => ({ name: 'status', value });
const iban = (of: string, sharing?: Shared): StepFilter => ({ name: 'iban', of, ...(sharing === undefined ? {} : { sharing }) });

/** Every value of every filter, one list each, between two unfiltered lists. */
function everyValue(customer: string): Step[] {
  const filters = [...productTypes.map(type), ...productCodes.map(code), ...statuses.map(status)];
  return [list(customer), together(filters.map((filter) => list(customer, filter))), list(customer)];
}

const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

/** One order of two filters between two lists in the other. */
const inTurn = (customer: string, one: StepFilter, other: StepFilter): readonly Step[] => [
  list(customer, one, other),
  list(customer, other, one),
  list(customer, one, other),
];

const historyLength = { quick: 72, standard: 132, thorough: 300 } as const;
const groupSize = 12;

/**
 * Many products of mixed codes under one customer, made and closed in groups, half of them closed and not in order of making;
 * lists on the way at every size, every filter at some, and all again after a pause.
 */
function longHistory({ codes, effort }: Plan): Campaign {
  const total = historyLength[effort];
  const steps: Step[] = [];
  const nameOf = (index: number): string => `p${index + 1}`;
  const closed = new Set<number>();
  for (let made = 0; made < total; ) {
    const group = range(Math.min(groupSize, total - made)).map((offset) => made + offset);
    steps.push(together(group.map((index) => create(nameOf(index), 'a', codes[(index * 7 + Math.floor(index / 4)) % codes.length]!))));
    made += group.length;
    steps.push(list('a'), get(nameOf(made - 1)), list('a', code(codes[made % codes.length]!)));
    // Half of what is open, taken from all over the history.
    const closing = range(made)
      .filter((index) => !closed.has(index) && (index * 5 + made) % 4 < 2)
      .slice(0, groupSize / 2);
    for (const index of closing) closed.add(index);
    steps.push(together(closing.map((index) => close(nameOf(index)))));
    steps.push(list('a', status('CLOSED')), list('a', status('ACTIVE')));
    if (made % (groupSize * 4) === 0) steps.push(...everyValue('a'));
  }
  steps.push(together(range(total).map((index) => get(nameOf(index)))));
  steps.push(...everyValue('a'), { do: 'wait', ms: 2_000 }, ...everyValue('a'));
  // By now even a slow target has settled: the order of two filters once more.
  steps.push({
    do: 'together',
    branches: codes.map((each, index) => inTurn('a', code(each), status(index % 2 === 0 ? 'CLOSED' : 'ACTIVE'))),
  });
  steps.push(
    together(
      range(total)
        .filter((index) => index % 5 === 0)
        .map((index) => get(nameOf(index))),
    ),
  );
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
      { do: 'wait', ms: 1_200 },
      ...names.map(get),
      ...names.flatMap((name) => [close(name), get(name)]),
      ...others,
      get('left'),
      { do: 'wait', ms: 1_200 },
      ...names.map(get),
      ...names.flatMap((name) => [close(name), get(name)]),
      ...others,
      get('left'),
      get('other'),
    ],
  };
}

/** The same query before and after a create, and before and after a close: what is kept by query is stale by then. */
function beforeAndAfter({ codes, effort }: Plan): Campaign[] {
  const first = codes[0]!;
  const last = codes.at(-1)!;
  const views: StepFilter[][] = [
    [],
    [status('ACTIVE')],
    [status('CLOSED')],
    [code(first)],
    [code(last)],
    ...productTypes.map((value) => [type(value)]),
    [code(first), status('ACTIVE')],
    [code(first), status('CLOSED')],
    [type('CASH'), status('CLOSED')],
  ];
  const all = (): Step[] => [together(views.map((view) => list('a', ...view)))];
  const whole: Campaign = {
    name: 'before and after',
    witnesses: anyTraffic,
    steps: [
      create('p1', 'a', first),
      get('p1'),
      ...all(),
      create('p2', 'a', last),
      get('p2'),
      ...all(),
      close('p1'),
      get('p1'),
      ...all(),
      close('p1'),
      get('p1'),
      create('p3', 'a', first),
      get('p3'),
      ...all(),
      close('p2'),
      ...all(),
      get('p2'),
    ],
  };
  // One code at a time: a defect of one code, or of one product's IBAN, has nowhere to hide.
  const single = (each: string): Campaign => ({
    name: `before and after with ${each}`,
    witnesses: [...anyTraffic, 'FLT-15'],
    steps: [
      create('p1', 'a', each),
      create('p2', 'a', each),
      create('q1', 'b', each),
      get('p1'),
      get('q1'),
      list('a', iban('p1')),
      list('b', iban('p1')),
      list('a', status('ACTIVE')),
      close('p1'),
      get('p1'),
      list('a', iban('p1')),
      list('a', iban('p2')),
      list('a', iban('p1', 'head')),
      list('a', iban('p1', 'tail')),
      list('a', iban('p1', 'checkDigits')),
      list('a', iban('p1', 'account')),
      list('b', iban('p1')),
      list('a', iban('p1'), status('CLOSED')),
      list('a', iban('p1'), status('ACTIVE')),
      list('a', status('ACTIVE')),
      list('a', status('CLOSED')),
      get('p2'),
      list('b'),
      close('p1'),
      get('p1'),
      list('a'),
      get('p1'),
    ],
  });
  return [whole, ...(effort === 'quick' ? codes.slice(0, 2) : codes).map(single)];
}

/** All pairs and triples of filters, each pair in both orders, on a customer with open and closed products of every code. */
function sweep({ codes, effort }: Plan): Campaign {
  const names = codes.flatMap((_, index) => [`o${index + 1}`, `c${index + 1}`]);
  const lived = ['ACTIVE', 'CLOSED'];
  const pairs: [StepFilter, StepFilter][] = [
    ...productTypes.flatMap((each) => codes.map((other): [StepFilter, StepFilter] => [type(each), code(other)])),
    ...productTypes.flatMap((each) => lived.map((other): [StepFilter, StepFilter] => [type(each), status(other)])),
    ...codes.flatMap((each) => lived.map((other): [StepFilter, StepFilter] => [code(each), status(other)])),
    [code(codes[0]!), status('PENDING')],
    [status('BLOCKED'), type('CASH')],
  ];
  const triples = productTypes.flatMap((each) =>
    codes.flatMap((other) => lived.map((third): [StepFilter, StepFilter, StepFilter] => [status(third), type(each), code(other)])),
  );
  // What does not match an IBAN beside it must keep its product out, however many stand there.
  const byIban = names.flatMap((name, index) => {
    const own = codes[Math.floor(index / 2)]!;
    const other = codes.find((each) => each !== own) ?? own;
    return [
      list('a', iban(name)),
      ...lived.map((each) => list('a', iban(name), status(each))),
      ...productTypes.map((each) => list('a', iban(name), type(each))),
      ...[own, other].map((each) => list('a', code(each), iban(name))),
      ...productTypes.flatMap((each) => lived.map((third) => list('a', type(each), status(third), iban(name)))),
      ...[own, other].flatMap((each) => lived.map((third) => list('a', status(third), iban(name), code(each)))),
      ...productTypes.flatMap((each) => [own, other].map((third) => list('a', iban(name), code(third), type(each)))),
      ...productTypes.flatMap((each) => lived.map((third) => list('a', code(own), type(each), status(third), iban(name)))),
      ...lived.map((each) => list('a', status(each), iban(name), type('CASH'), code(other))),
    ];
  });
  // Not those alone that may match nothing, where few codes are made.
  const turned = pairs.filter(
    ([{ name }, other], index) =>
      index % (effort === 'quick' ? 5 : 2) === 0 || (name === 'productCode' && 'value' in other && other.value === 'ACTIVE'),
  );
  return {
    name: 'filters together',
    witnesses: [...anyTraffic, 'FLT-10', 'FLT-11', 'FLT-15'],
    steps: [
      together(codes.flatMap((each, index) => [create(`o${index + 1}`, 'a', each), create(`c${index + 1}`, 'a', each)])),
      together(names.map(get)),
      together(codes.map((_, index) => close(`c${index + 1}`))),
      together(names.map(get)),
      ...everyValue('a'),
      together(pairs.map((pair) => list('a', ...pair))),
      { do: 'together', branches: turned.map(([one, other]) => inTurn('a', one, other)) },
      together(triples.map((triple) => list('a', ...triple))),
      together(byIban),
      ...everyValue('a'),
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
  const look = together(customers.map((customer) => list(customer)));
  const used = codes.slice(0, 2);
  const names = customers.flatMap((customer) => used.map((each, index) => ({ name: `${customer}${index + 1}`, customer, code: each })));
  const gets = together(names.map(({ name }) => get(name)));
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
