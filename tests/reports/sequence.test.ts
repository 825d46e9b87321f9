import { expect, test } from 'vitest';
import { tellSequence } from '../../reports/sequence.ts';
import type { Exchange, Step } from '../../spec/journal.ts';
import type { Finding } from '../../spec/report.ts';
import { customer, exchange, otherCustomer, product, productOne, productTwo } from './sample-exchanges.ts';
import { finding, nonConformant } from './sample-records.ts';

function findingOf(id: string): Finding {
  return nonConformant.report.requirements.flatMap((row) => row.findings).find((one) => one.id === id)!;
}

function tell(steps: readonly Step[], exchanges: readonly Exchange[]) {
  const ids = exchanges.map(({ id }) => id);
  const told = tellSequence(
    finding('CLS-01#1', '', { counterexample: { steps, exchanges: ids } }),
    new Map(exchanges.map((one) => [one.id, one])),
  );
  return told.lines.map(({ number, text, answer, exchange: id }) => [number, text, answer, id]);
}

test('steps are told with the answers seen, products and customers by name', () => {
  const { lines, names } = tellSequence(findingOf('FLT-03#1'), nonConformant.evidence);
  expect(lines).toEqual([
    { number: '1', depth: 0, text: 'create p1 (BALANCE_ACCOUNT) for customer a', answer: '200, p1', exchange: '40' },
    { number: '2', depth: 0, text: 'create p2 (WALLET) for customer a', answer: '200, p2', exchange: '41' },
    { number: '3', depth: 0, text: 'close p1', answer: '200, no content', exchange: '42' },
    { number: '4', depth: 0, text: 'list customer a, status=ACTIVE', answer: '200, 2 products: p1 CLOSED, p2 ACTIVE', exchange: '43' },
  ]);
  expect(names.rename(`${productOne.toUpperCase()} and ${productTwo}`)).toBe(`${productOne.toUpperCase()} and p2`);
});

test('branches are lettered, and a step of a branch comes after the one before it', () => {
  const { lines } = tellSequence(findingOf('CLS-12#1'), nonConformant.evidence);
  expect(lines.map(({ number, text, exchange: id }) => [number, text, id])).toEqual([
    ['1', 'create p1 (WALLET) for customer a', '60'],
    ['2', 'wait 1.2 s', undefined],
    ['3', 'at the same time:', undefined],
    ['3a.1', 'close p1', '61'],
    ['3a.2', 'get p1', '63'],
    ['3b', 'get p1', '62'],
    ['4', 'list customer a, iban of p1', '64'],
  ]);
});

test('a read that was sent again until it settled is told by its last answer', () => {
  const lines = tell(
    [
      { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' },
      { do: 'get', product: 'p1' },
      { do: 'get', product: 'p1' },
    ],
    [
      exchange({ id: '1', intent: { operation: 'create', customer, code: 'WALLET' }, status: 429 }),
      exchange({ id: '2', intent: { operation: 'create', customer, code: 'WALLET' }, answer: { customerProductId: productOne } }),
      exchange({ id: '3', intent: { operation: 'get', product: productOne }, answer: product(productOne, 'PENDING') }),
      exchange({ id: '4', intent: { operation: 'get', product: productOne }, answer: product(productOne, 'ACTIVE') }),
      exchange({ id: '5', intent: { operation: 'get', product: productOne }, status: 404, answer: { title: 'gone' } }),
    ],
  );
  expect(lines).toEqual([
    ['1', 'create p1 (WALLET) for customer a', '200, p1', '2'],
    ['2', 'get p1', '200, p1 BALANCE_ACCOUNT ACTIVE', '4'],
    ['3', 'get p1', '404, {"title":"gone"}', '5'],
  ]);
});

test('names are not mixed up between customers and products of the same kind', () => {
  const lines = tell(
    [
      { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' },
      { do: 'create', as: 'p2', customer: 'b', code: 'WALLET' },
      { do: 'close', product: 'p2' },
      { do: 'get', product: 'p1' },
    ],
    [
      exchange({ id: '1', intent: { operation: 'create', customer, code: 'WALLET' }, answer: { customerProductId: productOne } }),
      exchange({
        id: '2',
        intent: { operation: 'create', customer: otherCustomer, code: 'WALLET' },
        answer: { customerProductId: productTwo },
      }),
      exchange({ id: '3', intent: { operation: 'close', product: productTwo } }),
      exchange({ id: '4', intent: { operation: 'get', product: productOne }, answer: product(productTwo, 'CLOSED') }),
    ],
  );
  expect(lines.map(([, , answer, id]) => [answer, id])).toEqual([
    ['200, p1', '1'],
    ['200, p2', '2'],
    ['200, no content', '3'],
    ['200, p2 BALANCE_ACCOUNT CLOSED', '4'],
  ]);
});

test('without a counterexample the cited exchanges are the sequence', () => {
  const { lines } = tellSequence(findingOf('REF-03#1'), nonConformant.evidence);
  expect(lines.map(({ text, answer }) => [text, answer])).toEqual([
    ['list customer a [state before: productCode null]', '200, no products'],
    ['create p1 for customer a [one defect: productCode null]', '200, p1'],
    ['list customer a [state after: productCode null]', '200, 1 product: p1 ACTIVE'],
    [
      'create a product (WALLET) for customer a [control, without the defect: productCode null]',
      'no answer (timeout: no whole answer within 10,000 ms)',
    ],
  ]);
});

test('steps whose exchanges are not in the evidence are told without answers', () => {
  const { lines } = tellSequence(findingOf('FLT-03#1'), new Map());
  expect(lines.map(({ answer }) => answer)).toEqual([undefined, undefined, undefined, undefined]);
});
