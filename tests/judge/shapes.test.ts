import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bearer, closedOf, of, productOf, refusedWith, type Said, silent, startTalk, type Talk } from './talk.ts';

describe('answers', () => {
  it('SCH-01 takes 200 only, and 403 or 404 of a customer that has shown no product', () => {
    const list = (said: Said, before: (talk: Talk) => void = () => {}) =>
      of('SCH-01', (talk) => {
        before(talk);
        talk.say('list', said);
      });
    const known = (talk: Talk) => talk.say('list', { json: [productOf(talk.made())] });
    expect(list({ json: [productOf(randomUUID())] })).toEqual({ ...silent, witnesses: 1 });
    expect(list({ json: [] })).toEqual({ ...silent, witnesses: 0 });
    expect(list({ status: 202, json: [] }).violated).toEqual(['202']);
    expect(list({ status: 302 }).violated).toEqual(['302']);
    expect(list(refusedWith(400)).violated).toEqual(['400']);
    for (const status of [403, 404]) {
      expect(list(refusedWith(status)).violated).toEqual([]);
      expect(list(refusedWith(status), (talk) => talk.made()).violated).toEqual([]);
      expect(list(refusedWith(status), known).violated).toEqual([`${status}`]);
    }
    for (const status of [401, 408, 429, 503]) expect(list(refusedWith(status), known).violated).toEqual([]);
  });

  it('SCH-01 leaves lists with anything but documented filters to others', () => {
    const refused = (filters: NonNullable<Said['filters']>) =>
      of('SCH-01', (talk) => talk.say('list', { ...refusedWith(400), filters })).violated;
    expect(refused([['status', 'CLOSED']])).toEqual(['400 with filters']);
    expect(refused([['iban', 'DE89370400440532013000']])).toEqual([]);
    expect(refused([['status', 'closed']])).toEqual([]);
    expect(refused([['unknown', 'x']])).toEqual([]);
    expect(
      refused([
        ['status', 'CLOSED'],
        ['status', 'ACTIVE'],
      ]),
    ).toEqual([]);
  });

  it('SCH-02 takes 200 only, never fails a refusal singly, and fails three that were accepted when sent again at once', () => {
    const creates = (...statuses: number[]) =>
      of('SCH-02', (talk) => {
        for (const status of statuses) {
          if (status === 200) talk.made();
          else talk.say('create', status < 300 ? { status, json: { customerProductId: randomUUID() } } : refusedWith(status));
        }
      }).violated;
    expect(creates(201)).toEqual(['201']);
    expect(creates(409, 409, 409, 409)).toEqual([]);
    expect(creates(409, 200, 409, 200)).toEqual([]);
    expect(creates(409, 200, 409, 200, 409, 200)).toEqual(['refused, then accepted']);
    expect(of('SCH-02', (talk) => talk.made())).toEqual({ ...silent, witnesses: 1 });
    const closedBetween = (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) {
        const product = talk.made();
        talk.say('create', refusedWith(409));
        talk.say('close', { product });
      }
      talk.made();
    };
    expect(of('SCH-02', closedBetween).violated).toEqual([]);
    // Of two sent at one time one is let through, and answered last.
    const beside = (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) {
        talk.say('create', refusedWith(409));
        talk.say('create', { json: { customerProductId: randomUUID() }, after: -1, takes: 4 });
      }
    };
    expect(of('SCH-02', beside).violated).toEqual([]);
    // A product that was on its way ends by the bank's own hand, and makes room.
    const rejected = (first: string) => (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) {
        const product = talk.made({ status: first });
        talk.say('create', refusedWith(409));
        if (first === 'ACTIVE') talk.say('get', { product, json: productOf(product, { status: 'BLOCKED' }) });
        talk.made();
      }
    };
    expect(of('SCH-02', rejected('PENDING')).violated).toEqual([]);
    expect(of('SCH-02', rejected('ACTIVE')).violated).toEqual([]);
    expect(of('SCH-02', rejected('BLOCKED')).violated).toEqual(['refused, then accepted']);
  });

  it('SCH-03 takes 200 only for a product that exists, and leaves not found to others', () => {
    const get = (status: number) =>
      of('SCH-03', (talk) => {
        const product = talk.made();
        talk.say('get', { product, status, json: productOf(product) });
      }).violated;
    expect(get(200)).toEqual([]);
    expect(get(203)).toEqual(['203']);
    expect(get(400)).toEqual(['400']);
    for (const status of [403, 404, 410, 503]) expect(get(status)).toEqual([]);
    expect(of('SCH-03', (talk) => talk.say('get', { product: randomUUID(), ...refusedWith(400) })).violated).toEqual([]);
    const listedBare = (talk: Talk) => {
      const bare = randomUUID().replaceAll('-', '');
      talk.say('list', { json: [productOf(bare)] });
      talk.say('get', { product: bare, ...refusedWith(400) });
    };
    expect(of('SCH-03', listedBare).violated).toEqual([]);
  });

  const closes = (statusOf: (index: number) => number, codes: readonly string[], each: number) => (talk: Talk) => {
    let index = 0;
    for (const productCode of codes)
      for (let times = 0; times < each; times += 1, index += 1) {
        const product = talk.made({ productCode });
        const status = statusOf(index);
        talk.say('close', { product, ...(status < 300 ? { status } : refusedWith(status)) });
      }
  };

  it('SCH-04 takes 200 only, and fails refusals where no product of any code can be closed', () => {
    expect(
      of(
        'SCH-04',
        closes(() => 204, ['WALLET'], 1),
      ).violated,
    ).toEqual(['204']);
    const codes = ['WALLET', 'BALANCE_ACCOUNT'];
    expect(
      of(
        'SCH-04',
        closes(() => 409, codes, 3),
      ).violated,
    ).toEqual(['no product can be closed']);
    expect(
      of(
        'SCH-04',
        closes(() => 409, codes, 2),
      ).violated,
    ).toEqual([]);
    expect(
      of(
        'SCH-04',
        closes((index) => (index === 5 ? 200 : 409), codes, 3),
      ).violated,
    ).toEqual([]);
    expect(
      of(
        'SCH-04',
        closes(() => 409, codes, 3),
        { ours: false },
      ).violated,
    ).toEqual([]);
    const whole = (talk: Talk) => {
      const product = talk.made();
      talk.say('close', { product });
      talk.say('get', { product, json: closedOf(product) });
    };
    expect(of('SCH-04', whole)).toEqual({ ...silent, witnesses: 1 });
  });

  const losing =
    (count: number, between: (talk: Talk, number: number) => void = () => {}) =>
    (talk: Talk) => {
      for (let number = 1; number <= count; number += 1) {
        talk.say('token', { json: { access_token: `«redacted:token#${number}»`, expires_in: 3600 } });
        between(talk, number);
        talk.say('list', { ...refusedWith(401), sends: { Authorization: bearer(`token#${number}`) } });
      }
    };

  it('SCH-01 fails tokens refused before their time, one after the other', () => {
    expect(of('SCH-01', losing(2)).violated).toEqual([]);
    expect(of('SCH-01', losing(3)).violated).toEqual(['a token refused before its time']);
    // A newer token may end the older ones (TOK-13).
    const another = (talk: Talk, number: number) => talk.say('token', { json: { access_token: `«redacted:token#${number}0»` } });
    expect(of('SCH-01', losing(3, another)).violated).toEqual([]);
  });

  it('SCH-01 fails one token that is refused now and taken again, three times', () => {
    const story = (times: number) => (talk: Talk) => {
      for (let count = 0; count < times; count += 1) {
        talk.say('list', { json: [] });
        talk.say('list', refusedWith(401));
      }
      talk.say('list', { json: [] });
    };
    expect(of('SCH-01', story(2)).violated).toEqual([]);
    expect(of('SCH-01', story(3)).violated).toEqual(['a token refused before its time']);
  });
});

describe('representations', () => {
  const listed =
    (over: Readonly<Record<string, unknown>>, ours = true) =>
    (talk: Talk) => {
      const id = ours ? talk.made() : randomUUID();
      talk.say('list', { json: [productOf(id, over)] });
    };
  const got = (over: Readonly<Record<string, unknown>>) => (talk: Talk) => talk.made(over);

  it('SCH-05 and SCH-07 look at required properties, types and enumerations', () => {
    expect(of('SCH-05', listed({}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-07', got({}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-05', listed({ status: undefined })).violated).toEqual(['status required']);
    expect(of('SCH-07', got({ modifiedOn: 5 })).violated).toEqual(['modifiedOn type']);
    expect(of('SCH-05', (talk) => talk.say('list', { json: {} })).violated).toEqual(['the content type']);
    expect(of('SCH-05', (talk) => talk.say('list', { json: [] }))).toEqual({ ...silent, witnesses: 0 });
    expect(of('SCH-05', listed({ internal: { any: 'thing' } }))).toEqual({ ...silent, witnesses: 1 });
  });

  it('SCH-05 warns of values beyond the facts in products of others, once each, and fails them in ours', () => {
    expect(of('SCH-05', listed({ status: 'SUSPENDED' }, false)).warned).toEqual(['status SUSPENDED']);
    expect(of('SCH-05', listed({ status: 'SUSPENDED' })).violated).toEqual(['status enum']);
    expect(of('SCH-05', listed({ status: 'active' }, false)).violated).toEqual(['status enum']);
    const declared = { profile: { values: { status: ['SUSPENDED'], productCode: [], productType: [] } } };
    expect(of('SCH-05', listed({ status: 'SUSPENDED' }), declared)).toEqual({ ...silent, witnesses: 1 });
    const read = (talk: Talk) => talk.say('get', { product: randomUUID(), json: productOf(randomUUID(), { status: 'SUSPENDED' }) });
    expect(of('SCH-07', read)).toEqual({ ...silent, witnesses: 0 });
  });

  it('SCH-06 wants an object with a UUID', () => {
    const create = (json: unknown) => of('SCH-06', (talk) => talk.say('create', { json })).violated;
    expect(create({ customerProductId: randomUUID().toUpperCase(), more: 1 })).toEqual([]);
    expect(create({ customerProductId: `{${randomUUID()}}` })).toEqual(['customerProductId format']);
    expect(create({ id: randomUUID() })).toEqual(['customerProductId required']);
    expect(create(randomUUID())).toEqual(['the content type']);
  });

  it('SCH-08 warns of content', () => {
    expect(of('SCH-08', (talk) => talk.say('close', { product: talk.made() }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-08', (talk) => talk.say('close', { product: talk.made(), json: {} })).warned).toEqual(['content']);
    expect(of('SCH-08', (talk) => talk.say('close', { product: talk.made(), ...refusedWith(409) }))).toEqual({ ...silent, witnesses: 0 });
  });

  it('SCH-09 to SCH-12 look at forms', () => {
    expect(of('SCH-09', listed({ proxyIds: ['x'] })).violated).toEqual(['proxyIds format']);
    expect(of('SCH-09', listed({ proxyIds: [randomUUID().toUpperCase()] }))).toEqual({ ...silent, witnesses: 2 });
    expect(of('SCH-10', got({ createdOn: '2026-11-22 18:00:00Z' })).violated).toEqual(['createdOn format']);
    expect(of('SCH-10', got({ createdOn: '2026-11-22T18:00:60+05:30' })).violated).toEqual([]);
    expect(of('SCH-11', got({ currency: 'eur' })).violated).toEqual(['currency pattern']);
    expect(of('SCH-11', got({}))).toEqual({ ...silent, witnesses: 0 });
    expect(of('SCH-12', got({ closedOn: null })).violated).toEqual(['closedOn type']);
    expect(of('SCH-12', got({ nickname: null }))).toEqual({ ...silent, witnesses: 1 });
  });
});

describe('values', () => {
  const two = (one: Readonly<Record<string, unknown>>, other: Readonly<Record<string, unknown>>) => (talk: Talk) => {
    talk.made(one);
    talk.made(other);
  };

  it('SCH-13 wants one type a code', () => {
    expect(of('SCH-13', two({}, {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-13', two({}, { productType: 'CASH' })).violated).toEqual(['WALLET']);
  });

  it('SCH-14 wants valid IBANs, each of one product', () => {
    const account = (iban: string) => ({ accountData: { iban, modifiedOn: '2026-11-22T18:00:00Z' } });
    const good = account('DE89370400440532013000');
    expect(of('SCH-14', two(good, {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-14', two(good, good)).violated).toEqual(['one IBAN, two products']);
    const bare = (talk: Talk) => {
      const product = talk.made(good);
      talk.say('list', { json: [productOf(product.replaceAll('-', ''), good)] });
    };
    expect(of('SCH-14', bare).violated).toEqual([]);
    expect(of('SCH-14', two(account('DE88370400440532013000'), {})).violated).toEqual(['check digits']);
    expect(of('SCH-14', two(account('DE8937040044053201300'), {})).violated).toEqual(['length']);
    expect(of('SCH-14', two(account('DE89 3704 0044 0532 0130 00'), {})).violated).toEqual(['characters']);
    expect(of('SCH-14', two(account('«iban#3 valid»'), {}))).toEqual({ ...silent, witnesses: 1 });
  });

  it('SCH-15 wants objects in refusals', () => {
    expect(of('SCH-15', (talk) => talk.say('list', { status: 400, json: ['no'] })).violated).toEqual(['list refused with an array']);
    expect(of('SCH-15', (talk) => talk.say('list', { status: 400, json: {} }))).toEqual({ ...silent, witnesses: 1 });
  });

  it('SCH-16 and SCH-17 compare with the tables', () => {
    expect(of('SCH-16', two({ currency: 'EUR' }, { currency: 'XCG' }))).toEqual({ ...silent, witnesses: 2 });
    expect(of('SCH-16', two({ currency: 'ZZZ' }, {})).violated).toEqual(['ZZZ']);
    const cash = { productCode: 'BALANCE_ACCOUNT', productType: 'CASH' };
    expect(of('SCH-17', two(cash, { currency: 'USD' }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('SCH-17', two({ ...cash, currency: 'USD' }, {})).violated).toEqual(['BALANCE_ACCOUNT in USD']);
    expect(of('SCH-17', two({ ...cash, productType: 'WALLET' }, {})).violated).toEqual(['BALANCE_ACCOUNT is WALLET']);
  });
});

it('a sound target is remarked on by no rule', () => {
  const talk = startTalk();
  for (const productCode of ['WALLET', 'CURRENCY_WALLET']) {
    const product = talk.made({ productCode });
    talk.say('list', { json: [productOf(product, { productCode })], customer: randomUUID() });
  }
  expect(talk.judged().remarks.filter((remark) => /^(MSG|TOK|AUT|SCH|REF)/.test(remark))).toEqual([]);
});
