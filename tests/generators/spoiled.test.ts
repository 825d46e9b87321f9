import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draftClose, draftCreate, draftGet, draftList } from '../../generators/requests.ts';
import { changedTokens, resizedTokens, unsignedToken } from '../../generators/spoiled/credentials.ts';
import { filtersExchanged, filtersOutsideEnumeration, filtersWithParts } from '../../generators/spoiled/filters.ts';
import { hostileRequests } from '../../generators/spoiled/hostile.ts';
import { foreignMembers, foreignToClose } from '../../generators/spoiled/members.ts';
import { documentlessMethods } from '../../generators/spoiled/methods.ts';
import { spoiledRequests } from '../../generators/spoiled/requests.ts';
import { spellings } from '../../generators/spoiled/spellings.ts';
import type { Spoiled } from '../../generators/spoiled/spoiled.ts';
import { isLetterCase } from '../../judge/letter-case.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';

const customer = '0c5fa1b2-7d3e-4a6f-8b9c-0123456789ab';
const product = '7d3e0c5f-a1b2-4a6f-8b9c-0123456789ab';
const requestor = '4a6f7d3e-0c5f-4a6f-8b9c-0123456789ab';
const drafts = {
  list: draftList(customer),
  create: draftCreate(customer, 'WALLET', requestor),
  get: draftGet(product),
  close: draftClose(product, requestor),
} as const;
const spoil = (each: Spoiled) => each.spoil(drafts[each.operation]);
const everything = [
  ...spoiledRequests,
  ...hostileRequests,
  ...foreignMembers,
  foreignToClose,
  ...spellings,
  ...documentlessMethods('product'),
  ...documentlessMethods('closed product'),
  ...documentlessMethods('list'),
];
const find = (requirement: string, name: string): Spoiled =>
  everything.find((each) => each.requirement === requirement && each.case === name)!;

describe('spoiled requests', () => {
  it('each is told apart by its row, operation and case, and differs from the valid one', () => {
    const names = everything.map(({ requirement, operation, case: name }) => `${requirement} ${operation} ${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const each of everything) expect(spoil(each)).not.toEqual(drafts[each.operation]);
  });

  it('each has one defect: path, method, fields or content', () => {
    for (const each of [...spoiledRequests, ...spellings]) {
      const [valid, spoilt] = [drafts[each.operation], spoil(each)];
      const parts = [
        spoilt.path !== valid.path,
        spoilt.method !== valid.method,
        JSON.stringify(spoilt.headers) !== JSON.stringify(valid.headers),
        spoilt.body !== valid.body,
      ];
      // Content of another media type is another content, too.
      expect(parts.filter(Boolean)).toHaveLength(each.requirement === 'REF-08' && spoilt.body !== valid.body ? 2 : 1);
    }
  });

  it('the intent says what is asked for: the product and the code stay those of the valid request, but in the path', () => {
    for (const each of everything) {
      const { intent, path } = spoil(each);
      expect(intent.code).toBe(drafts[each.operation].intent.code);
      const id = intent.product ?? intent.customer ?? '';
      expect(path).toContain(encodeURIComponent(id));
    }
  });

  it('what may be taken for valid is not called spoiled, and other letters are known by their name', () => {
    const letters = everything.filter(({ case: name, role }) => isLetterCase(name) && role !== 'spelling');
    expect(letters.map(({ requirement }) => requirement)).toEqual(['REF-03', 'CLS-10', 'CLS-10']);
    for (const { role } of letters) expect(role).toBe('odd');
    for (const { role, requirement } of foreignMembers) expect([role, requirement]).toEqual(['odd', 'CRE-07']);
  });

  it('the wire is as the case says', () => {
    expect(spoil(find('REF-01', 'without Requestor-ID')).headers).toEqual({ 'Content-Type': 'application/json' });
    expect(spoil(find('REF-02', 'with a letter g in Requestor-ID')).headers['Requestor-ID']).toBe('4a6f7d3e-gc5f-4a6f-8b9c-0123456789ab');
    expect(spoil(find('REF-03', 'with an array as productCode')).body).toBe('{"productCode":["WALLET"]}');
    expect(spoil(find('REF-04', 'with JSON cut off inside the object')).body).toBe('{"productCode":"WALLET"');
    expect(spoil(find('REF-07', 'of not-a-uuid')).path).toBe('/products/not-a-uuid');
    expect(spoil(find('REF-10', 'for the customer not-a-uuid')).path).toBe('/customers/not-a-uuid/products');
    expect(spoil(find('REF-09', 'with NUL in status')).body).toBe('{"status":"CLOSED\\u0000"}');
    expect(spoil(find('REF-09', 'of a path')).path).toBe('/products/..%2F..%2Fetc%2Fpasswd');
    expect(spoil(find('MSG-21', 'with an escaped value')).body).toBe('{"productCode":"\\u0057ALLET"}');
    expect(spoil(find('MSG-07', 'with field names in small letters')).headers).toEqual({
      'requestor-id': requestor,
      'content-type': 'application/json',
    });
  });

  it('every spelling parses to the valid content', () => {
    for (const each of spellings) expect(JSON.parse(spoil(each).body ?? '')).toEqual(JSON.parse(drafts[each.operation].body ?? ''));
  });

  it('CLS-10 has a case for each other status', () => {
    const sent = spoiledRequests
      .filter(({ requirement }) => requirement === 'CLS-10')
      .map((each) => (JSON.parse(spoil(each).body!) as { status: string }).status);
    expect(sent.slice(0, -2).sort()).toEqual(statuses.filter((status) => status !== 'CLOSED').sort());
  });

  it('quick has a case of every row', () => {
    const rows = (requests: readonly Spoiled[]) =>
      [...new Set(requests.map(({ requirement, operation }) => `${requirement} ${operation}`))].sort();
    const quick = everything.filter(({ extra }) => extra !== true);
    expect(rows(quick)).toEqual(rows(everything));
  });
});

describe('filters', () => {
  const values = { status: statuses, productCode: productCodes, productType: productTypes };

  it('parts of a value are no values', () => {
    for (const name of ['status', 'productCode', 'productType'] as const)
      for (const value of values[name]) {
        const parts = filtersWithParts(name, value, { status: [], productCode: [], productType: [] });
        expect(parts.length).toBeGreaterThan(0);
        for (const { filters } of parts) {
          expect(value).toContain(filters[0]![1]);
          expect(values[name]).not.toContain(filters[0]![1]);
        }
      }
  });

  it('values outside the enumeration are outside, but for their letters', () => {
    for (const { case: name, filters } of filtersOutsideEnumeration({ status: 'ACTIVE', productCode: 'WALLET', productType: 'CASH' })) {
      const [filter, value] = filters[0]!;
      expect(values[filter as 'status']).not.toContain(value);
      expect(values[filter as 'status'].includes(value.toUpperCase() as 'ACTIVE')).toBe(isLetterCase(name));
    }
  });

  it('a value of another filter is sent only where it is none of the own, known or declared', () => {
    const none = { status: [], productCode: [], productType: [] };
    const sent = (codes: string[], types: string[], declared = none) =>
      filtersExchanged(codes, types, declared).map(({ filters }) => filters[0]);
    expect(sent(['WALLET', 'BALANCE_ACCOUNT'], ['WALLET', 'CASH'])).toEqual([
      ['productType', 'BALANCE_ACCOUNT'],
      ['productCode', 'CASH'],
    ]);
    expect(sent(['WALLET'], ['WALLET'])).toEqual([]);
    expect(sent(['BALANCE_ACCOUNT'], ['CASH'], { ...none, productType: ['BALANCE_ACCOUNT'], productCode: ['CASH'] } as never)).toEqual([]);
  });
});

describe('credentials', () => {
  const part = fc.stringMatching(/^[A-Za-z0-9_-]{20,60}$/);

  it('a changed token differs in one letter or digit, not by case alone, never at the end of a part', () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 8 }), (parts, count) => {
        const token = parts.join('.');
        const ends = new Set<number>();
        for (let at = 0; at < token.length; at += 1) if (at === token.length - 1 || token[at + 1] === '.') ends.add(at);
        for (const changed of changedTokens(token, count)) {
          const places = [...token].flatMap((letter, at) => (letter === changed[at] ? [] : [at]));
          expect(places).toHaveLength(1);
          expect(ends.has(places[0]!)).toBe(false);
          expect(token[places[0]!]!.toLowerCase()).not.toBe(changed[places[0]!]!.toLowerCase());
          expect(changed[places[0]!]).toMatch(/[A-Za-z0-9]/);
        }
      }),
    );
  });

  it('short tokens are let be: the neighbour may be issued', () => {
    expect(changedTokens('token-12345', 3)).toEqual([]);
    expect(changedTokens('token-1234567890', 3)).toHaveLength(3);
  });

  it('a token is cut short and made longer, but not after padding, where a decoder may stop', () => {
    const token = 'abcdefghijklmnopqrstuvwxyz0123456789';
    expect(resizedTokens(token)).toEqual(['abcdefghijklmnopqr', `zz${token}`, `${token}zz`]);
    expect(resizedTokens(`${token}==`)).toEqual(['abcdefghijklmnopqrs', `zz${token}==`]);
    expect(resizedTokens('token-12345')).toEqual([]);
  });

  it('a JSON web token loses its signature and its algorithm, anything else stays', () => {
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const [head, claims] = [encode({ alg: 'HS256', typ: 'JWT' }), encode({ sub: 'x' })];
    expect(unsignedToken(`${head}.${claims}.c2lnbmF0dXJl`)).toBe(`${encode({ alg: 'none', typ: 'JWT' })}.${claims}.`);
    expect(unsignedToken('opaque')).toBeUndefined();
    expect(unsignedToken('a.b.c')).toBeUndefined();
  });
});
