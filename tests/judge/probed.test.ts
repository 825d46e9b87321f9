import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closedOf, of, productOf, refusedWith, type Said, silent, type Talk } from './talk.ts';

describe('creates', () => {
  it('CRE-07 wants foreign members ignored or refused, one of them throughout', () => {
    const id = randomUUID();
    const member =
      (body: object, made: string, shown: Readonly<Record<string, unknown>> = {}) =>
      (talk: Talk) => {
        talk.say('create', { json: { customerProductId: made }, body: JSON.stringify(body), probe: ['CRE-07', 'odd', 'with a member'] });
        talk.say('get', { product: made, json: productOf(made, shown), probe: ['CRE-07', 'after', 'with a member'] });
      };
    const other = randomUUID();
    expect(of('CRE-07', member({ customerProductId: id }, other))).toEqual({ ...silent, witnesses: 1 });
    expect(of('CRE-07', member({ customerProductId: id }, id)).violated).toEqual(['customerProductId']);
    expect(of('CRE-07', member({ status: 'CLOSED' }, other, { status: 'CLOSED' })).violated).toEqual(['status']);
    expect(of('CRE-07', member({ createdOn: '2001-02-03T04:05:06Z' }, other, { createdOn: '2001-02-03T05:05:06+01:00' })).violated).toEqual(
      ['createdOn'],
    );
    expect(of('CRE-07', member({ openedOn: '2001-02-03T04:05:06Z' }, other, { openedOn: '2001-02-03T04:05:06Z' })).violated).toEqual([
      'openedOn',
    ]);
    const close = (talk: Talk) => {
      const product = talk.made();
      talk.say('close', { product, status: 200, body: '{"status":"CLOSED","closedOn":"x"}', probe: ['CRE-07', 'odd', 'with closedOn'] });
      talk.say('get', { product, json: productOf(product, { status: 'CLOSED' }), probe: ['CRE-07', 'after', 'with closedOn'] });
    };
    expect(of('CRE-07', close)).toEqual({ ...silent, witnesses: 0 });
    const refused = (talk: Talk) => {
      for (let times = 0; times < 2; times += 1) talk.say('create', { ...refusedWith(400), probe: ['CRE-07', 'odd', 'with another'] });
      talk.say('create', { json: { customerProductId: randomUUID() }, probe: ['CRE-07', 'control', 'create'] });
    };
    expect(of('CRE-07', refused).warned).toEqual([]);
    const both = (talk: Talk) => {
      member({ customerProductId: id }, other)(talk);
      refused(talk);
    };
    expect(of('CRE-07', both).warned).toEqual([]);
  });
});

describe('lists and gets', () => {
  const unknown = (said: Said) => (talk: Talk) => {
    const product = talk.made();
    talk.say('get', { product: randomUUID(), ...said, probe: ['LST-06', 'spoiled', 'of an unknown id'] });
    talk.say('get', { product, json: productOf(product), probe: ['LST-06', 'control', 'get'] });
  };

  it('LST-06 lets ids be counted: the neighbour of a product is another one', () => {
    const neighbour = (shown: string, asked: string) => (talk: Talk) => {
      const product = talk.made();
      talk.say('get', { product: asked, json: productOf(shown), probe: ['LST-06', 'spoiled', 'of an id with its last digit changed'] });
      talk.say('get', { product, json: productOf(product), probe: ['LST-06', 'control', 'get'] });
    };
    const [one, other] = [randomUUID(), randomUUID()];
    expect(of('LST-06', neighbour(one, one)).violated).toEqual([]);
    expect(of('LST-06', neighbour(other, one)).violated).toEqual(['get of an id with its last digit changed answered 200']);
  });

  it('LST-06 and LST-10 want an unknown id refused, with 404', () => {
    expect(of('LST-06', unknown(refusedWith(404)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('LST-06', unknown(refusedWith(403)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('LST-06', unknown({ json: productOf(randomUUID()) })).violated).toEqual(['get of an unknown id answered 200']);
    expect(of('LST-06', unknown({ status: 204 })).violated).toEqual(['get of an unknown id answered 204']);
    expect(of('LST-10', unknown(refusedWith(404)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('LST-10', unknown(refusedWith(403))).violated).toEqual(['403']);
  });

  const between = (row: 'LST-08', odd: Said, last?: readonly unknown[]) => (talk: Talk) => {
    const list = [productOf(talk.made())];
    talk.say('list', { json: list, probe: [row, 'before', 'plain'] });
    talk.say('list', { json: list, filters: [['unknown', '1']], ...odd, probe: [row, 'odd', 'with the unknown parameter unknown'] });
    talk.say('list', { json: last ?? list, probe: [row, 'after', 'plain'] });
  };

  it('LST-08 wants an unknown parameter ignored or refused', () => {
    expect(of('LST-08', between('LST-08', {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('LST-08', between('LST-08', refusedWith(400)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('LST-08', between('LST-08', { json: [] })).violated).toEqual(['with the unknown parameter unknown']);
    expect(of('LST-08', between('LST-08', { json: [] }, [])).violated).toEqual([]);
    const mixed = (talk: Talk) => {
      between('LST-08', {})(talk);
      between('LST-08', refusedWith(400))(talk);
    };
    expect(of('LST-08', mixed).warned).toEqual(['parameters now ignored, now refused']);
  });

  it('LST-08 lets replicas show, to and fro, what vanishes and what others make', () => {
    const settling = { profile: { settleMs: 500 } };
    const rejected = { status: 'REJECTED', openedOn: undefined };
    const vanishing = (talk: Talk) => {
      const [stays, goes] = [talk.made(), talk.made(rejected)];
      const all = [productOf(stays), productOf(goes, rejected)];
      talk.say('list', { json: all, after: 2_000, probe: ['LST-08', 'before', 'plain'] });
      talk.say('list', {
        json: all.slice(0, 1),
        filters: [['unknown', '1']],
        probe: ['LST-08', 'odd', 'with the unknown parameter unknown'],
      });
      talk.say('list', { json: all, probe: ['LST-08', 'after', 'plain'] });
    };
    expect(of('LST-08', vanishing, settling).violated).toEqual([]);
    expect(of('LST-08', vanishing).violated).toEqual(['with the unknown parameter unknown']);
    const added = (talk: Talk) => {
      const own = productOf(talk.made());
      talk.say('list', { json: [own], after: 2_000, probe: ['LST-08', 'before', 'plain'] });
      const more = [own, productOf(randomUUID())];
      talk.say('list', { json: more, filters: [['unknown', '1']], probe: ['LST-08', 'odd', 'with the unknown parameter unknown'] });
      talk.say('list', { json: [own], probe: ['LST-08', 'after', 'plain'] });
    };
    expect(of('LST-08', added, { ...settling, ours: false }).violated).toEqual([]);
    expect(of('LST-08', added, settling).violated).toEqual(['with the unknown parameter unknown']);
  });

  it('LST-11 wants an id found in either letter case, once replicas agree', () => {
    const story = (status: number, settleMs?: number, before: Said = {}) =>
      of(
        'LST-11',
        (talk) => {
          const product = talk.made();
          talk.say('get', { product, json: productOf(product), ...before, probe: ['LST-11', 'before', 'letters'] });
          const capitals = status === 200 ? { json: productOf(product) } : refusedWith(status);
          talk.say('get', { product: product.toUpperCase(), ...capitals, probe: ['LST-11', 'spelling', 'of an id in capitals'] });
          talk.say('get', { product, json: productOf(product), probe: ['LST-11', 'control', 'letters'] });
        },
        { profile: settleMs === undefined ? {} : { settleMs } },
      );
    expect(story(200)).toEqual({ ...silent, witnesses: 1 });
    expect(story(404).violated).toEqual(['get of an id in capitals']);
    expect(story(404, 1_000).violated).toEqual([]);
    // A get had not shown it before either.
    expect(story(404, undefined, refusedWith(404)).violated).toEqual([]);
    // Or it vanishes, and has vanished from some replicas only.
    const vanishing = (status: string) =>
      of(
        'LST-11',
        (talk) => {
          const product = talk.made({ status });
          const shown = { product, json: productOf(product, { status }) };
          talk.say('get', { ...shown, after: 2_000, probe: ['LST-11', 'before', 'letters'] });
          talk.say('get', { product: product.toUpperCase(), ...refusedWith(404), probe: ['LST-11', 'spelling', 'of an id in capitals'] });
          talk.say('get', { ...shown, probe: ['LST-11', 'control', 'letters'] });
        },
        { profile: { settleMs: 1_000 } },
      );
    expect(vanishing('PENDING').violated).toEqual([]);
    expect(vanishing('ACTIVE').violated).toEqual(['get of an id in capitals']);
  });

  it('LST-11 wants a customer found in either letter case', () => {
    const story = (said: Said, left?: readonly unknown[], settleMs?: number) =>
      of(
        'LST-11',
        (talk) => {
          const list = [productOf(talk.made())];
          talk.say('list', { json: list, probe: ['LST-11', 'before', 'letters'] });
          talk.say('list', { json: list, ...said, probe: ['LST-11', 'odd', 'of a customer in capitals'] });
          talk.say('list', { json: left ?? list, probe: ['LST-11', 'control', 'letters'] });
        },
        { profile: settleMs === undefined ? {} : { settleMs } },
      );
    expect(story({})).toEqual({ ...silent, witnesses: 1 });
    expect(story({ json: [] }).violated).toEqual(['list of a customer in capitals']);
    expect(story(refusedWith(404)).violated).toEqual(['list of a customer in capitals']);
    // Others may have taken it away meanwhile, or a replica be behind.
    expect(story({ json: [] }, []).violated).toEqual([]);
    expect(story({ json: [] }, undefined, 1_000).violated).toEqual([]);
  });
});

describe('filters', () => {
  const value =
    (row: 'FLT-12' | 'FLT-13', name: string, filter: string, said: Said, control: readonly unknown[] = [productOf(randomUUID())]) =>
    (talk: Talk) => {
      talk.say('list', { ...said, filters: [['status', filter]], probe: [row, 'spoiled', name] });
      talk.say('list', { json: control, probe: [row, 'control', 'unfiltered'] });
    };
  const active = [productOf(randomUUID())];

  it('FLT-12 and FLT-13 want nothing, or a refusal, while there is something to be listed', () => {
    for (const row of ['FLT-12', 'FLT-13'] as const) {
      expect(of(row, value(row, 'with no value', 'NONE', { json: [] }))).toEqual({ ...silent, witnesses: 1 });
      expect(of(row, value(row, 'with no value', 'NONE', refusedWith(400)))).toEqual({ ...silent, witnesses: 1 });
      expect(of(row, value(row, 'with no value', 'NONE', refusedWith(400), []))).toEqual({ ...silent, witnesses: 0 });
      expect(of(row, value(row, 'with no value', 'NONE', refusedWith(409))).warned).toEqual(['409 to status']);
      expect(of(row, value(row, 'with no value', 'NONE', { json: active })).violated).toEqual(['with no value']);
    }
  });

  it('other letters may be taken for the value they spell, and no other', () => {
    const letters = (json: readonly unknown[]) => of('FLT-12', value('FLT-12', 'with status in small letters', 'active', { json }));
    expect(letters(active).warned).toEqual(['with status in small letters']);
    expect(letters([closedOf(randomUUID())]).violated).toEqual(['with status in small letters']);
  });

  it('FLT-17 wants a refusal', () => {
    expect(of('FLT-17', value('FLT-12', 'with no value', 'NONE', refusedWith(400)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('FLT-17', value('FLT-12', 'with no value', 'NONE', { json: [] })).violated).toEqual(['status']);
    expect(of('FLT-17', value('FLT-12', 'with status in small letters', 'active', { json: active })).warned).toEqual([
      'status in another letter case',
    ]);
  });

  const [one, other] = [productOf(randomUUID()), productOf(randomUUID(), { productCode: 'BALANCE_ACCOUNT' })];
  const twice =
    (...answers: readonly Said[]) =>
    (talk: Talk) => {
      const look = (role: 'before' | 'after') => {
        talk.say('list', { json: [one, other], probe: ['FLT-16', role, 'plain'] });
        talk.say('list', { json: [one], filters: [['productCode', 'WALLET']], probe: ['FLT-16', role, 'plain'] });
        talk.say('list', { json: [other], filters: [['productCode', 'BALANCE_ACCOUNT']], probe: ['FLT-16', role, 'plain'] });
      };
      look('before');
      const values = [['productCode', 'WALLET'] as const, ['productCode', 'BALANCE_ACCOUNT'] as const];
      for (const [index, said] of answers.entries())
        talk.say('list', {
          ...said,
          filters: index % 2 === 0 ? values : values.toReversed(),
          query: String(index),
          probe: ['FLT-16', 'odd', `twice ${index}`],
        });
      look('after');
    };

  it('FLT-16 lets the bank block a product, and free it, between two equal lists', () => {
    const byStatus = (freed: Readonly<Record<string, unknown>>) =>
      of('FLT-16', (talk) => {
        const [active, closed] = [talk.made(), talk.made()];
        const values = [['status', 'CLOSED'] as const, ['status', 'ACTIVE'] as const];
        const look = (role: 'before' | 'after', over: Readonly<Record<string, unknown>>): void => {
          const [one, other] = [closedOf(closed), productOf(active, over)];
          talk.say('list', { json: [one, other], probe: ['FLT-16', role, 'plain'] });
          talk.say('list', { json: [one], filters: values.slice(0, 1), probe: ['FLT-16', role, 'plain'] });
          talk.say('list', { json: [other], filters: values.slice(1), probe: ['FLT-16', role, 'plain'] });
        };
        look('before', {});
        talk.say('list', { json: [], filters: values, query: '0', probe: ['FLT-16', 'odd', 'twice 0'] });
        talk.say('list', { json: [closedOf(closed)], filters: values.toReversed(), query: '1', probe: ['FLT-16', 'odd', 'twice 1'] });
        look('after', freed);
      }).violated;
    expect(byStatus({ modifiedOn: '2026-11-22T18:00:09.000Z' })).toEqual([]);
    expect(byStatus({})).toEqual(['twice 1']);
  });
  it('FLT-16 wants a repeated filter taken one way', () => {
    expect(of('FLT-16', twice(refusedWith(400), refusedWith(400)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('FLT-16', twice({ json: [one] }, { json: [other] }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('FLT-16', twice({ json: [one, other] }, { json: [other, one] }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('FLT-16', twice({ json: [] }, { json: [] }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('FLT-16', twice({ json: [one] }, { json: [one] })).violated).toEqual(['twice 1']);
    expect(of('FLT-16', twice({ json: [one] }, refusedWith(400))).violated).toEqual(['twice 1']);
  });
});

describe('a second client', () => {
  it('OWN-03 wants it to see and close nothing', () => {
    const story =
      (got: Said, shown: (product: string) => unknown = productOf) =>
      (talk: Talk) => {
        const product = talk.made();
        talk.say('get', { product, json: productOf(product), probe: ['OWN-03', 'before', 'by a second client'] });
        talk.say('get', { product, ...got, json: got.json ?? productOf(product), probe: ['OWN-03', 'odd', 'by a second client'] });
        talk.say('close', { product, ...refusedWith(404), probe: ['OWN-03', 'odd', 'by a second client'] });
        talk.say('get', { product, json: shown(product), probe: ['OWN-03', 'after', 'by a second client'] });
        talk.say('close', { product, probe: ['OWN-03', 'control', 'by a second client'] });
      };
    expect(of('OWN-03', story(refusedWith(404)))).toEqual({ ...silent, witnesses: 2 });
    expect(of('OWN-03', story({})).violated).toEqual(['get']);
    expect(of('OWN-03', story(refusedWith(404), closedOf)).violated).toEqual(['close']);
  });
});
