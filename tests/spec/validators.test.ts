import { describe, expect, it } from 'vitest';
import { readDocument } from '../../spec/document.ts';
import { createValidators, type Problem } from '../../spec/validators.ts';

const plain = { productCode: [], productType: [], status: [] };
const { checkList, checkProduct, checkCreated } = createValidators(plain);

const id = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';

/** Every property of the document, each with a value it allows. */
const whole = {
  customerProductId: id,
  productCode: 'BALANCE_ACCOUNT',
  productType: 'CASH',
  currency: 'EUR',
  status: 'CLOSED',
  proxyIds: [id.toUpperCase()],
  createdOn: '2026-11-22T10:11:12.123Z',
  modifiedOn: '2026-11-22T12:11:13+02:00',
  openedOn: '2026-11-22t10:11:12.5z',
  closedOn: '2016-12-31T23:59:60Z',
  accountData: {
    iban: 'AT611904300234573201',
    bic: 'AAAAATWW',
    modifiedOn: '2026-11-22T10:11:12Z',
    availableBalance: 12.5,
    withdrawableBalance: 0,
  },
  cryptoAssets: [],
  traditionalAssets: [{}],
  tokenizedAssets: [1],
};

const product = readDocument().components.schemas.Product;
const required = product?.required ?? [];
const properties = Object.keys(product?.properties ?? {});
const optional = properties.filter((name) => !required.includes(name));

const without = (name: string): unknown => Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
const rowsOf = (problems: readonly Problem[]): readonly string[] => problems.map(({ row }) => row);

describe('what the document allows', () => {
  it('is a product with every property of it', () => {
    expect(Object.keys(whole).sort()).toEqual([...properties].sort());
    expect(checkProduct(whole)).toEqual([]);
    expect(checkList([whole, whole])).toEqual([]);
    expect(checkList([])).toEqual([]);
  });

  it.each(optional)('is a product without %s', (name) => {
    expect(checkProduct(without(name))).toEqual([]);
  });

  it('is more than it lists, in every object', () => {
    const more = { ...whole, extra: null, constructor: 1, accountData: { ...whole.accountData, extra: [null] } };
    expect(checkProduct(more)).toEqual([]);
    expect(checkProduct(JSON.parse(`{"__proto__":null,${JSON.stringify(whole).slice(1)}`))).toEqual([]);
    expect(checkCreated({ customerProductId: id, status: 'RECEIVED' })).toEqual([]);
  });

  it.each(['productCode', 'productType', 'status'] as const)('is each value of %s, and those a profile adds', (name) => {
    for (const value of product?.properties?.[name]?.enum ?? []) expect(checkProduct({ ...whole, [name]: value })).toEqual([]);
    const added = { ...whole, [name]: 'ADDED' };
    expect(rowsOf(checkProduct(added))).toEqual(['SCH-07']);
    const widened = createValidators({ ...plain, [name]: ['ADDED'] });
    expect(widened.checkProduct(added)).toEqual([]);
    expect(widened.checkList([added])).toEqual([]);
    expect(createValidators({ ...plain, [name]: ['ADDED'] })).toBe(widened);
    expect(rowsOf(checkProduct(added))).toEqual(['SCH-07']);
  });
});

describe('a required property', () => {
  it('is one of the six of the document', () => {
    expect(required).toEqual(['customerProductId', 'productCode', 'productType', 'status', 'createdOn', 'modifiedOn']);
  });

  it.each(required)('%s must be there', (name) => {
    const problem = { keyword: 'required', property: name, received: 'nothing' };
    expect(checkProduct(without(name))).toMatchObject([{ ...problem, path: `/${name}`, row: 'SCH-07' }]);
    expect(checkList([whole, without(name)])).toMatchObject([{ ...problem, path: `/1/${name}`, row: 'SCH-05' }]);
  });

  it.each(required)('%s must be a string', (name) => {
    for (const value of [null, 7, true, [], { a: 1 }]) {
      const problem = { keyword: 'type', property: name, expected: 'string' };
      expect(checkProduct({ ...whole, [name]: value })).toMatchObject([{ ...problem, path: `/${name}`, row: 'SCH-07' }]);
      expect(checkList([{ ...whole, [name]: value }])).toMatchObject([{ ...problem, path: `/0/${name}`, row: 'SCH-05' }]);
    }
  });

  it('of accountData is its modifiedOn', () => {
    const { modifiedOn, ...rest } = whole.accountData;
    expect(checkProduct({ ...whole, accountData: { modifiedOn } })).toEqual([]);
    expect(checkProduct({ ...whole, accountData: rest })).toMatchObject([
      { path: '/accountData/modifiedOn', property: 'accountData.modifiedOn', keyword: 'required', row: 'SCH-07' },
    ]);
  });
});

describe('an optional property', () => {
  it.each(optional)('%s must not be null', (name) => {
    const problem = { keyword: 'type', property: name, received: 'null', row: 'SCH-12' };
    expect(checkProduct({ ...whole, [name]: null })).toMatchObject([{ ...problem, path: `/${name}` }]);
    expect(checkList([{ ...whole, [name]: null }])).toMatchObject([{ ...problem, path: `/0/${name}` }]);
  });

  it.each(optional)('%s must be of its type', (name) => {
    for (const value of [7, true]) {
      expect(checkProduct({ ...whole, [name]: value })).toMatchObject([{ keyword: 'type', property: name, row: 'SCH-07' }]);
      expect(checkList([{ ...whole, [name]: value }])).toMatchObject([{ keyword: 'type', property: name, row: 'SCH-05' }]);
    }
  });

  it.each(['iban', 'bic', 'availableBalance', 'withdrawableBalance'])('accountData.%s must be neither null nor of another type', (name) => {
    const place = { path: `/accountData/${name}`, property: `accountData.${name}` };
    const having = (value: unknown): unknown => ({ ...whole, accountData: { ...whole.accountData, [name]: value } });
    expect(checkProduct(having(null))).toMatchObject([{ ...place, row: 'SCH-12' }]);
    expect(checkProduct(having([]))).toMatchObject([{ ...place, row: 'SCH-07' }]);
  });
});

describe('a value', () => {
  it.each(['productCode', 'productType', 'status'])('of %s is one of its enumeration, in its letter case', (name) => {
    for (const value of ['', 'NEW', 'active', 'Cash', 'wallet', ' WALLET']) {
      expect(checkProduct({ ...whole, [name]: value })).toMatchObject([{ keyword: 'enum', property: name, row: 'SCH-07' }]);
      expect(checkList([{ ...whole, [name]: value }])).toMatchObject([{ keyword: 'enum', path: `/0/${name}`, row: 'SCH-05' }]);
    }
  });

  it('of a UUID has its form', () => {
    for (const value of ['', 'not-a-uuid', `urn:uuid:${id}`, id.replaceAll('-', '')]) {
      expect(checkProduct({ ...whole, customerProductId: value })).toMatchObject([{ keyword: 'format', row: 'SCH-09' }]);
      expect(checkCreated({ customerProductId: value })).toMatchObject([
        { keyword: 'format', row: 'SCH-09', received: JSON.stringify(value) },
      ]);
      expect(checkProduct({ ...whole, proxyIds: [id, value] })).toMatchObject([
        { path: '/proxyIds/1', property: 'proxyIds', row: 'SCH-09' },
      ]);
    }
    expect(checkProduct({ ...whole, proxyIds: [null] })).toMatchObject([{ path: '/proxyIds/0', property: 'proxyIds', row: 'SCH-07' }]);
  });

  it.each(['createdOn', 'modifiedOn', 'openedOn', 'closedOn'])('of %s is a real moment', (name) => {
    for (const value of ['', '2026-11-22 10:11:12Z', '2026-11-22T10:11:12', '2026-02-30T10:11:12Z', '2026-11-22T10:11:12+0200']) {
      expect(checkProduct({ ...whole, [name]: value })).toMatchObject([{ keyword: 'format', property: name, row: 'SCH-10' }]);
    }
  });

  it('of accountData.modifiedOn is a real moment', () => {
    const accountData = { ...whole.accountData, modifiedOn: 'yesterday' };
    expect(checkProduct({ ...whole, accountData })).toMatchObject([{ property: 'accountData.modifiedOn', row: 'SCH-10' }]);
  });

  it('of currency is three capital letters', () => {
    for (const currency of ['', 'eur', 'EU', 'EURO', 'E1R', 'EUR\n', 'ÉUR']) {
      expect(checkProduct({ ...whole, currency })).toMatchObject([{ keyword: 'pattern', property: 'currency', row: 'SCH-11' }]);
    }
  });
});

describe('the whole', () => {
  const notObjects = [null, 7, '', 'text', true, [], [whole]];

  it('of a get and a create is an object', () => {
    for (const value of notObjects) {
      expect(checkProduct(value)).toMatchObject([{ path: '', keyword: 'type', expected: 'object', row: 'SCH-07' }]);
      expect(checkCreated(value)).toMatchObject([{ path: '', keyword: 'type', expected: 'object', row: 'SCH-06' }]);
      expect(checkProduct(value)[0]).not.toHaveProperty('property');
    }
    expect(rowsOf(checkProduct({}))).toEqual(required.map(() => 'SCH-07'));
    expect(checkCreated({})).toMatchObject([{ path: '/customerProductId', keyword: 'required', row: 'SCH-06' }]);
    expect(checkCreated({ customerProductId: 7 })).toMatchObject([{ keyword: 'type', row: 'SCH-06' }]);
  });

  it('of a list is an array of objects', () => {
    for (const value of [null, 7, 'text', {}, { products: [whole] }]) {
      expect(checkList(value)).toMatchObject([{ path: '', keyword: 'type', expected: 'array', row: 'SCH-05' }]);
    }
    expect(checkList([whole, [], null])).toMatchObject([
      { path: '/1', keyword: 'type', row: 'SCH-05' },
      { path: '/2', keyword: 'type', row: 'SCH-05' },
    ]);
  });

  it('shows all problems at once, to a limit', () => {
    const broken = { ...whole, status: 'NEW', currency: 'eur', openedOn: null, proxyIds: ['x', 'y'] };
    expect(rowsOf(checkProduct(broken)).toSorted()).toEqual(['SCH-07', 'SCH-09', 'SCH-09', 'SCH-11', 'SCH-12']);
    expect(checkList(Array.from({ length: 5000 }, () => broken))).toHaveLength(1000);
  });
});

describe('what came', () => {
  const received = (status: unknown): string | undefined => checkProduct({ ...whole, status })[0]?.received;

  it('is shown as JSON, arrays and objects by what they hold', () => {
    expect([7, true, null, [], [1, 2], {}, { a: 1, b: 2 }].map(received)).toEqual([
      '7',
      'true',
      'null',
      'an empty array',
      'an array of 2',
      'an object without members',
      'an object with a, b',
    ]);
    expect(received('NEW')).toBe('"NEW"');
  });

  it('is cut to 80 characters, never inside one', () => {
    for (const value of ['x'.repeat(1e6), '😀'.repeat(100), `a${'😀'.repeat(100)}`, { ['m'.repeat(500)]: 1 }]) {
      const text = received(value) ?? '';
      expect(text.length).toBeLessThanOrEqual(80);
      expect(text).toMatch(/…$/);
      expect(() => encodeURIComponent(text)).not.toThrow();
    }
    expect(received('x'.repeat(78))).toBe(`"${'x'.repeat(78)}"`);
  });

  it('may nest deeper than the stack', () => {
    const deep: unknown = JSON.parse('['.repeat(100_000) + ']'.repeat(100_000));
    expect(received(deep)).toBe('an array of 1');
    expect(checkList(deep)).toMatchObject([{ path: '/0', received: 'an array of 1' }]);
  });
});
