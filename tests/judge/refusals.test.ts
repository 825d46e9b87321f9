import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closedOf, of, productOf, refusedWith, type Said, silent, type Talk } from './talk.ts';

/** A spoiled create between two lists, and an ordinary one after it. */
const create =
  (
    row: 'REF-01' | 'REF-03' | 'REF-08',
    name: string,
    said: Said,
    { after = [] as readonly unknown[], control = 200, role = 'spoiled' as 'spoiled' | 'odd', isControlled = false } = {},
  ) =>
  (talk: Talk) => {
    for (let looks = isControlled ? 2 : 1; looks > 0; looks -= 1) talk.say('list', { json: [], probe: [row, 'before', 'create'] });
    talk.say('create', { ...said, probe: [row, role, name] });
    talk.say('list', { json: after, probe: [row, 'after', name] });
    talk.say('create', {
      ...(control < 300 ? { json: { customerProductId: randomUUID() } } : refusedWith(control)),
      probe: [row, 'control', 'create'],
    });
  };

describe('a refusal', () => {
  it('counts when it had no effect and the same request was accepted without the defect', () => {
    expect(of('REF-01', create('REF-01', 'without Requestor-ID', refusedWith(400)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('REF-01', create('REF-01', 'without Requestor-ID', refusedWith(400), { control: 409 }))).toEqual({ ...silent, witnesses: 0 });
  });

  it('is none when the spoiled request is accepted', () => {
    const accepted = { json: { customerProductId: randomUUID() } };
    expect(of('REF-01', create('REF-01', 'without Requestor-ID', accepted)).violated).toEqual(['create without Requestor-ID answered 200']);
    expect(of('REF-01', create('REF-01', 'without Requestor-ID', { status: 307 })).violated).toEqual([
      'create without Requestor-ID answered 307',
    ]);
    expect(of('REF-01', create('REF-01', 'without Requestor-ID', { status: 307 }, { control: 409 })).violated).toEqual([]);
  });

  it('says nothing when the target is busy or breaks', () => {
    for (const status of [408, 429, 500, 502, 503])
      expect(of('REF-01', create('REF-01', 'without Requestor-ID', { status }))).toEqual({ ...silent, witnesses: 0 });
  });

  it('is warned of when its status is neither usual nor fitting', () => {
    const remark = (row: 'REF-03' | 'REF-08', status: number) => of(row, create(row, 'oddly', refusedWith(status))).warned;
    expect(remark('REF-03', 422)).toEqual([]);
    expect(remark('REF-03', 409)).toEqual(['409 to create oddly']);
    expect(remark('REF-08', 415)).toEqual([]);
    expect(remark('REF-03', 415)).toEqual(['415 to create oddly']);
  });

  it('may be left out for an enumerated value in other letters', () => {
    const accepted = { json: { customerProductId: randomUUID() } };
    const letters = create('REF-03', 'with productCode in small letters', accepted, { role: 'odd' });
    expect(of('REF-03', letters)).toEqual({
      violated: [],
      warned: ['create with productCode in small letters answered 200'],
      witnesses: 0,
    });
  });

  it('that acts fails at once on ground of ours, after some times of as many elsewhere, each with its control', () => {
    const acts = (isControlled: boolean, code = 'WALLET') =>
      create('REF-01', 'without Requestor-ID', refusedWith(400), { after: [productOf(randomUUID(), { productCode: code })], isControlled });
    expect(of('REF-01', acts(false)).violated).toEqual(['create without Requestor-ID refused and created']);
    const times = (count: number, { last = (_: Talk) => {} } = {}) =>
      of(
        'REF-01',
        (talk) => {
          for (let time = 0; time < count; time += 1) acts(true)(talk);
          last(talk);
        },
        { ours: false },
      ).violated;
    expect(times(3)).toEqual([]);
    expect(times(3, { last: create('REF-01', 'without Requestor-ID', refusedWith(400), { isControlled: true }) })).toEqual([]);
    expect(times(3, { last: acts(true, 'CURRENCY_WALLET') })).toEqual([]);
    expect(times(4)).toEqual(['create without Requestor-ID refused and created']);
  });

  it('is not blamed for what a create of ours has made, or may have', () => {
    const story = (other: Said) => (talk: Talk) => {
      const id = randomUUID();
      talk.say('create', other);
      create('REF-01', 'without Requestor-ID', refusedWith(400), { after: [productOf(id)] })(talk);
    };
    expect(of('REF-01', story({ failure: { kind: 'timeout', message: 'nothing' } })).violated).toEqual([]);
  });
});

/** Spoiled closes of one product, a get after each, and an ordinary close. */
const closes =
  (row: 'CLS-10' | 'REF-05', cases: readonly (readonly [name: string, said: Said, shown: Readonly<Record<string, unknown>>])[]) =>
  (talk: Talk) => {
    const product = talk.made();
    talk.say('get', { product, json: productOf(product), probe: [row, 'before', 'close'] });
    for (const [name, said, shown] of cases) {
      talk.say('close', { product, ...said, probe: [row, name.endsWith('letters') ? 'odd' : 'spoiled', name] });
      talk.say('get', { product, json: productOf(product, shown), probe: [row, 'after', name] });
    }
    talk.say('close', { product, probe: [row, 'control', 'close'] });
  };

describe('closes', () => {
  it('one control serves all the cases before it', () => {
    const cases = ['RECEIVED', 'BLOCKED', 'ACTIVE'].map((status) => [`with status ${status}`, refusedWith(400), {}] as const);
    expect(of('CLS-10', closes('CLS-10', cases))).toEqual({ ...silent, witnesses: 3 });
  });

  it('CLS-10 sees a refused status that closes, or is set all the same three times of three', () => {
    const closed = { status: 'CLOSED', closedOn: '2026-11-22T18:00:01Z' };
    expect(of('CLS-10', closes('CLS-10', [['with status BLOCKED', refusedWith(400), closed]])).violated).toEqual([
      'close with status BLOCKED refused and closed',
    ]);
    const blocked = ['with status BLOCKED', { ...refusedWith(400), body: '{"status":"BLOCKED"}' }, { status: 'BLOCKED' }] as const;
    expect(of('CLS-10', closes('CLS-10', [blocked])).violated).toEqual([]);
    const thrice = (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) closes('CLS-10', [blocked])(talk);
    };
    expect(of('CLS-10', thrice).violated).toEqual(['close with status BLOCKED refused and asked']);
  });

  it('CLS-11 sees what any refused close did, and lets the bank have its own hand', () => {
    const spoiled = (shown: Readonly<Record<string, unknown>>) => closes('REF-05', [['without status', refusedWith(400), shown]]);
    expect(of('CLS-11', spoiled({})).violated).toEqual([]);
    expect(of('CLS-11', spoiled({})).witnesses).toBe(1);
    expect(of('CLS-11', spoiled({ currency: 'USD', productType: 'CASH' })).violated).toEqual(['a close without status: changed']);
    expect(of('CLS-11', spoiled({ status: 'RESTRICTED', modifiedOn: '2026-11-22T18:00:09Z' })).violated).toEqual([]);
    const moved = { modifiedOn: '2026-11-22T18:00:09Z' };
    expect(of('CLS-11', spoiled(moved)).violated).toEqual([]);
    const thrice = (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) spoiled(moved)(talk);
    };
    expect(of('CLS-11', thrice).violated).toEqual(['a close without status: touched']);
    // Where it blocks and frees products, it may have done so between any two reads.
    const beside = (talk: Talk) => {
      talk.made({ status: 'BLOCKED' });
      thrice(talk);
    };
    expect(of('CLS-11', beside).violated).toEqual([]);
  });

  it('CLS-11 takes what ended otherwise, with closedOn, for no close', () => {
    const ended = (status: string) => (talk: Talk) => {
      const pending = { status: 'PENDING', openedOn: undefined };
      const product = talk.made(pending);
      talk.say('close', { product, ...refusedWith(409) });
      talk.say('get', { product, json: closedOf(product, { status }) });
    };
    expect(of('CLS-11', ended('INVALID')).violated).toEqual([]);
    expect(of('CLS-11', ended('CLOSED')).violated).toEqual(['a valid close: closed']);
    expect(of('CLS-11', ended('ACTIVE')).violated).toEqual(['a valid close: closed']);
  });

  it('CLS-11 lets the bank hold what is to be closed, and free it', () => {
    const refusedThrice = (was: typeof productOf) => (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) {
        const product = talk.made();
        talk.say('get', { product, json: was(product) });
        talk.say('close', { product, ...refusedWith(409) });
        talk.say('get', { product, json: was(product, { modifiedOn: '2026-11-22T18:00:09Z' }) });
      }
    };
    expect(of('CLS-11', refusedThrice(productOf)).violated).toEqual([]);
    expect(of('CLS-11', refusedThrice(closedOf)).violated).toEqual(['a valid close: touched']);
  });

  it('CLS-11 sees a refused close that reopens, outside the settle time', () => {
    const story = (talk: Talk) => {
      const product = talk.made();
      talk.say('close', { product });
      talk.say('get', { product, json: closedOf(product) });
      talk.say('close', { product, ...refusedWith(400), probe: ['CLS-10', 'spoiled', 'with status ACTIVE'] });
      talk.say('get', { product, json: productOf(product, { modifiedOn: '2026-11-22T18:00:05.000Z' }) });
    };
    expect(of('CLS-11', story).violated).toEqual(['a close with status ACTIVE: reopened']);
    expect(of('CLS-11', story, { profile: { settleMs: 1_000 } }).violated).toEqual([]);
  });

  it('CLS-09 wants a refusal that makes nothing', () => {
    const story = (status: number, after: number) => (talk: Talk) => {
      const [product, unknown] = [talk.made(), randomUUID()];
      const is = (found: number): Said => (found < 300 ? { json: productOf(unknown) } : refusedWith(found));
      talk.say('get', { product: unknown, ...refusedWith(404), probe: ['CLS-09', 'before', 'of an unknown id'] });
      talk.say('close', { product: unknown, ...is(status), probe: ['CLS-09', 'spoiled', 'of an unknown id'] });
      talk.say('get', { product: unknown, ...is(after), probe: ['CLS-09', 'after', 'of an unknown id'] });
      talk.say('close', { product, probe: ['CLS-09', 'control', 'of an unknown id'] });
    };
    expect(of('CLS-09', story(404, 404))).toEqual({ ...silent, witnesses: 1 });
    expect(of('CLS-09', story(403, 404))).toEqual({ ...silent, witnesses: 1 });
    expect(of('CLS-09', story(200, 404)).violated).toEqual(['answered 200']);
    expect(of('CLS-09', story(404, 200)).violated).toEqual(['of an unknown id: created']);
  });
});

describe('hostile input', () => {
  const story =
    (odd: Said, listed: (product: string) => unknown = (product) => productOf(product)) =>
    (talk: Talk) => {
      const product = talk.made();
      talk.say('list', { json: [productOf(product)], probe: ['REF-09', 'before', 'hostile input'] });
      talk.say('close', { product, ...refusedWith(400), ...odd, probe: ['REF-09', 'spoiled', 'with NUL in status'] });
      talk.say('list', { json: [listed(product)], probe: ['REF-09', 'after', 'with NUL in status'] });
      talk.say('close', { product, probe: ['REF-09', 'control', 'hostile input'] });
    };

  it('REF-09 allows any refusal, no 500 and no change', () => {
    expect(of('REF-09', story({ status: 418 }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('REF-09', story({ status: 500 })).violated).toEqual(['with NUL in status: 500']);
    expect(of('REF-09', story({}, closedOf)).violated).toEqual(['with NUL in status: closed']);
    expect(of('REF-09', story({ status: 503 })).violated).toEqual([]);
  });

  it('REF-09 sees a filter that was not taken literally', () => {
    const list = (json: unknown) => (talk: Talk) => {
      const product = talk.made();
      talk.say('list', { json, filters: [['iban', "x' OR '1'='1"]], probe: ['REF-09', 'spoiled', 'with SQL in iban'] });
      talk.say('close', { product, probe: ['REF-09', 'control', 'hostile input'] });
    };
    expect(of('REF-09', list([]))).toEqual({ ...silent, witnesses: 1 });
    expect(of('REF-09', list([productOf(randomUUID())])).violated).toEqual(['with SQL in iban: matched']);
  });
});

describe('limits of the business', () => {
  const story =
    (status: number, after: readonly unknown[], times = 1) =>
    (talk: Talk) => {
      for (let time = 0; time < times; time += 1) {
        talk.say('list', { json: [] });
        talk.say('create', refusedWith(status));
        talk.say('list', { json: after });
      }
    };

  it('REF-11 sees a product that a refused create has added', () => {
    expect(of('REF-11', story(409, []))).toEqual({ ...silent, witnesses: 1 });
    expect(of('REF-11', story(409, [productOf(randomUUID())])).violated).toEqual(['a refused create adds a product']);
    expect(of('REF-11', story(401, []))).toEqual({ ...silent, witnesses: 0 });
  });

  it('REF-11 needs three times of three on shared ground', () => {
    expect(of('REF-11', story(409, [productOf(randomUUID())]), { ours: false }).violated).toEqual([]);
    const fresh = (talk: Talk) => {
      const all: unknown[] = [];
      for (let time = 0; time < 3; time += 1) {
        talk.say('list', { json: [...all] });
        talk.say('create', refusedWith(409));
        all.push(productOf(randomUUID()));
        talk.say('list', { json: [...all] });
      }
    };
    expect(of('REF-11', fresh, { ours: false }).violated).toEqual(['a refused create adds a product']);
  });
});
