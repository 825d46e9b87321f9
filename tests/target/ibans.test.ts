import { describe, expect, it } from 'vitest';
import { createCapture, redactProfile } from '../../target/capture.ts';
import { createIbans } from '../../target/ibans.ts';
import { createSecrets } from '../../target/secrets.ts';
import { profileFor } from './api-server.ts';

const ours = '0c5fa1b2-7d3e-4a6f-8b9c-000000000001';
const theirs = '0c5fa1b2-7d3e-4a6f-8b9c-000000000002';
const one = 'AT611904300234573201';
const two = 'DE02120300000000202051';
const three = 'NL91ABNA0417164300';
const product = (id: string, iban: unknown, more = {}) => ({
  customerProductId: id,
  ...more,
  accountData: { iban, availableBalance: 12.5 },
});
const setUp = () => {
  const ibans = createIbans();
  const capture = createCapture(createSecrets(), {}, ibans);
  const read = (content: unknown): string =>
    capture.answer(200, [], Buffer.from(typeof content === 'string' ? content : JSON.stringify(content))).body?.text ?? '';
  const shown = (content: unknown): unknown[] =>
    (JSON.parse(read(content)) as { accountData: { iban: unknown } }[]).map(({ accountData }) => accountData.iban);
  return { ibans, capture, read, shown };
};

describe('IBANs in the record', () => {
  it('keeps those of products this run created, and marks all others', () => {
    const { capture, shown } = setUp();
    capture.own(ours.toUpperCase());
    expect(shown([product(ours, one), product(theirs, two), product(theirs, 'DE03120300000000202051')])).toEqual([
      one,
      '«iban#1 valid»',
      '«iban#2 invalid»',
    ]);
    expect(shown([product(theirs, two), product(ours, one)])).toEqual(['«iban#1 valid»', one]);
  });

  it('keeps to the first form of an IBAN, whoever shows it afterwards', () => {
    const { capture, shown } = setUp();
    expect(shown([product(ours, one)])).toEqual(['«iban#1 valid»']);
    capture.own(ours);
    expect(shown([product(ours, one), product(ours, two)])).toEqual(['«iban#1 valid»', two]);
    expect(shown([product(theirs, two)])).toEqual([two]);
  });

  it('marks the IBAN that a list asks for, even if only its answer shows whose it is', () => {
    const { capture, shown } = setUp();
    const intent = {
      operation: 'list',
      customer: theirs,
      filters: [
        ['status', 'ACTIVE'],
        ['iban', two],
      ],
    } as const;
    expect(capture.intent(intent)).toEqual(intent);
    expect(shown([product(theirs, two)])).toEqual(['«iban#1 valid»']);
    expect(capture.intent(intent).filters).toEqual([
      ['status', 'ACTIVE'],
      ['iban', '«iban#1 valid»'],
    ]);
  });

  it('tells one spelling of an IBAN from another by its validity alone', () => {
    const { shown } = setUp();
    expect(shown([product(theirs, one), product(theirs, 'AT61 1904 3002 3457 3201')])).toEqual(['«iban#1 valid»', '«iban#1 invalid»']);
  });

  it.each([
    ['nested below other objects', `{"page":{"items":[${JSON.stringify(product(theirs, two))}]}}`],
    ['without a product', `{"iban":"${two}"}`],
    ['in content that is no JSON', `{"customerProductId":"${ours}","iban":"${two}"`],
    ['with an escaped name', `{"customerProductId":"${theirs}","\\u0069ban":"${two}"}`],
    ['with an escaped value', `{"customerProductId":"${theirs}","iban":"\\u0044${two.slice(1)}"}`],
    ['below 20,000 levels', `${'['.repeat(20_000)}{"iban":"${two}"}${']'.repeat(20_000)}`],
  ])('marks one %s', (_, content) => {
    const { capture, read } = setUp();
    capture.own(ours);
    const text = read(content);
    expect(text).not.toContain(two.slice(1));
    expect(text).toContain('«iban#1 valid»');
  });

  it('leaves all else of the content as it came', () => {
    const { read } = setUp();
    const content = (iban: string): string =>
      ` [ {"customerProductId" : "${theirs}","a":1.50,"a":2, "accountData":{"iban" :  ${iban}}} ]\n`;
    expect(read(content(`"${one}"`))).toBe(content('"«iban#1 valid»"'));
    for (const other of ['null', '12', '["x"]', '{"a":1}']) expect(read(content(other))).toBe(content(other));
  });

  it('marks what was marked before wherever it turns up', () => {
    const { capture, read, shown } = setUp();
    shown([product(theirs, two)]);
    const grouped = 'DE02 1203 0000 0000 2020 51';
    for (const text of [two, two.toLowerCase(), grouped, encodeURIComponent(grouped), grouped.replaceAll(' ', '+')])
      expect(capture.text(`No product has ${text} at all; iban=${text}`)).toBe('No product has «iban#1 valid» at all; iban=«iban#1 valid»');
    expect(read(`{"detail":"${[...two].map((c) => `\\u00${c.charCodeAt(0).toString(16)}`).join('')}"}`)).toBe(
      '{"detail":"«iban#1 valid»"}',
    );
    const { headers } = capture.answer(302, [['Location', `https://h/x?iban=${two}`]], Buffer.alloc(0));
    expect(headers).toEqual([['Location', 'https://h/x?iban=«iban#1 valid»']]);
    expect(capture.text(`${two}7 and ${three}`)).toBe(`${two}7 and ${three}`);
  });

  it('takes a mark that a target made up for an IBAN', () => {
    const { capture, shown } = setUp();
    capture.own(ours);
    expect(shown([product(ours, '«iban#7 valid»')])).toEqual(['«iban#1 invalid»']);
  });

  it('sends what a mark stands for, and records the mark', () => {
    const { capture, shown } = setUp();
    shown([product(theirs, 'DE02 1203 0000 0000 2020 51'), product(theirs, one)]);
    const path = (iban: string): string => `/customers/c/products?status=CLOSED&iban=${encodeURIComponent(iban)}`;
    expect(capture.reveal(path('«iban#1 invalid»'))).toBe(path('DE02 1203 0000 0000 2020 51'));
    expect(capture.reveal(path('«iban#2 valid»'))).toBe(path(one));
    expect(capture.reveal(path('«iban#9 valid»'))).toBe(path('«iban#9 valid»'));
    expect(capture.request('GET', `https://h${path('«iban#2 valid»')}`, [], undefined).url).toBe(
      'https://h/customers/c/products?status=CLOSED&iban=«iban#2 valid»',
    );
  });

  it('marks what is made from a marked one', () => {
    const { ibans, shown } = setUp();
    shown([product(theirs, two)]);
    const near = (real: string): string => `${real.slice(0, -1)}9`;
    expect(ibans.derive('«iban#1 valid»', near)).toBe('«iban#2 invalid»');
    expect(ibans.derive('«iban#1 valid»', near)).toBe('«iban#2 invalid»');
    expect(ibans.reveal(encodeURIComponent('«iban#2 invalid»'))).toBe(near(two));
    expect(ibans.derive(one, near)).toBe(near(one));
    expect(ibans.derive(one, () => undefined)).toBeUndefined();
  });

  it('marks the IBANs of the customers in the profile', () => {
    const profile = { ...profileFor('http://127.0.0.1:1'), customers: [{ customerId: theirs, iban: two }] };
    const ibans = createIbans();
    expect(redactProfile(profile, createSecrets(), ibans).customers).toEqual([{ customerId: theirs, iban: '«iban#1 valid»' }]);
    expect(ibans.redactMembers(JSON.stringify([product(theirs, two)]))).toContain('«iban#1 valid»');
  });
});

it('balances become a mark of their JSON type wherever they stand', () => {
  const { read } = setUp();
  const balances = (value: string): string => `{"availableBalance":${value},"withdrawableBalance": ${value}}`;
  const content = (value: string): string =>
    `[{"accountData":${balances(value)},"walletData":{"a":[{"deep":${balances(value)}}]},"balance":1},${balances(value)}]`;
  for (const [value, mark] of [
    ['1234.56', '-0'],
    ['-7e3', '-0'],
    ['null', 'null'],
    ['true', 'false'],
    ['[1,2]', '[]'],
    ['{"amount":1}', '{}'],
  ] as const)
    expect(read(content(value))).toBe(content(mark));
  const text = read(content('"1234.56"'));
  expect(text).not.toContain('1234.56');
  expect(text.match(/"«redacted:(?:available|withdrawable)Balance»"/g)).toHaveLength(6);
});
