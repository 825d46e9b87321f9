/** Campaigns of queries: the same ones before and after writes, and all pairs and triples of filters. */
import { abreast, close, code, create, everyValue, get, iban, inTurn, list, status, together, type } from '../generators/steps.ts';
import type { Step, StepFilter } from '../spec/journal.ts';
import { type ProductCode, productTypes, statuses, typeOfCode } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import { anyTraffic } from './traffic.ts';

export const queryCampaigns = (plan: Plan): Campaign[] => [...beforeAndAfter(plan), sweep(plan)];

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
  const all = (): Step[] => [abreast(views.map((view) => list('a', ...view)))];
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

/** The type that products of the code have, as far as it is known. */
const typeLike = (of: string): StepFilter => type(typeOfCode[of as ProductCode] ?? 'WALLET');

type Three = readonly [StepFilter, StepFilter, StepFilter];

/** The orders of three. */
const orders: readonly ((...three: Three) => Three)[] = [
  (a, b, c) => [a, b, c],
  (a, b, c) => [b, a, c],
  (a, b, c) => [b, c, a],
  (a, b, c) => [a, c, b],
  (a, b, c) => [c, a, b],
  (a, b, c) => [c, b, a],
];

/** All pairs and triples of filters, each pair in both orders and triples in all, on a customer with open and closed products of every code. */
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
  // Where a product is none of these, each of them beside another filter must keep it out all the same.
  const rarely = statuses.filter((each) => !lived.includes(each));
  const unmatched = rarely.flatMap((each, index) => [
    ...codes.map((other) => list('a', code(other), status(each))),
    list('a', status(each), type(productTypes[index % productTypes.length]!)),
    list('a', code(codes[index % codes.length]!), status(each), typeLike(codes[index % codes.length]!)),
  ]);
  // Each order has some that match something, and some that do not.
  const triples = productTypes.flatMap((each) =>
    codes.flatMap((other, row) =>
      lived.map((third, column) => orders[(row * lived.length + column) % orders.length]!(status(third), type(each), code(other))),
    ),
  );
  // What does not match an IBAN beside it must keep its product out, however many stand there.
  const byIban = names.flatMap((name, index) => {
    const own = codes[Math.floor(index / 2)]!;
    const other = codes.find((each) => each !== own) ?? own;
    return [
      list('a', iban(name)),
      ...statuses.map((each) => list('a', iban(name), status(each))),
      // An IBAN that nobody has is none for being beside something.
      ...lived.map((each) => list('a', status(each), iban(name, 'tail'))),
      list('a', iban(name, 'tail'), code(own)),
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
      abreast(codes.flatMap((each, index) => [create(`o${index + 1}`, 'a', each), create(`c${index + 1}`, 'a', each)])),
      abreast(names.map(get)),
      abreast(codes.map((_, index) => close(`c${index + 1}`))),
      abreast(names.map(get)),
      ...everyValue('a'),
      abreast(pairs.map((pair) => list('a', ...pair))),
      together(turned.map(([one, other]) => inTurn('a', one, other))),
      abreast(triples.map((triple) => list('a', ...triple))),
      abreast(unmatched),
      abreast(byIban),
      ...everyValue('a'),
    ],
  };
}
