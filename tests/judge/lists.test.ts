import { describe, expect, it } from 'vitest';
import { type History, problem, startHistory } from './history.ts';

const pair = (h: History): [customer: string, p: string, q: string] => {
  const customer = h.customer();
  return [customer, h.create(customer), h.create(customer, 'BALANCE_ACCOUNT')];
};

describe('LST-01: every product is in the unfiltered list', () => {
  it('holds, also for closed ones', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.get(p);
    h.close(p);
    h.list(customer);
    expect(h.judged().witnesses('LST-01')).toBe(2);
    expect(h.judged().remarks).toEqual([]);
  });
  it('is violated when a closed product is left out', () => {
    const h = startHistory();
    const [customer, p, q] = pair(h);
    h.list(customer);
    h.close(p);
    h.get(p);
    h.list(customer, { shows: [h.shown(q)] });
    expect(h.judged().violated('LST-01')).toEqual(['gone in the list']);
    expect(h.judged().violated('LST-04')).toEqual(['gone in the list']);
  });
  it('is violated when a product is never listed, after 5 s or the declared settle time', () => {
    for (const profile of [{}, { settleMs: 400 }]) {
      const h = startHistory({ profile });
      const [customer, p] = pair(h);
      h.list(customer, { shows: [h.shown(p)] });
      h.wait(profile.settleMs ?? 5_000);
      h.list(customer, { shows: [h.shown(p)] });
      expect(h.judged().violated('LST-01')).toEqual(['missing in the list']);
    }
  });
  it('a list asked for before the create was answered may lack it', () => {
    const h = startHistory();
    const customer = h.customer();
    h.create(customer, 'WALLET', { when: [0, 50] });
    h.list(customer, { when: [40, 6_000], shows: [] });
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
  });
  it('says nothing of found products that are gone on shared ground, and speaks when they come back', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    const [p, q] = [h.find(customer), h.find(customer)];
    h.list(customer);
    h.wait(6_000);
    h.list(customer, { shows: [h.shown(q)] });
    h.get(p, undefined, { answer: problem(404) });
    expect(h.judged().remarks).toEqual([]);
    h.list(customer);
    expect(h.judged().violated('LST-01')).toEqual(['gone in the list']);
  });
});

describe('LST-02: no product twice in one list', () => {
  it('is violated in a filtered list too, by the same id in other letters', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.list(customer, { filters: [['productCode', 'WALLET']], shows: [h.shown(p), h.shown(p, { customerProductId: p.toUpperCase() })] });
    expect(h.judged().violated('LST-02')).toEqual(['twice in a filtered list']);
  });
});

describe('LST-03: list and get agree', () => {
  it('holds where two equal gets enclose a list, and two equal lists a get', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.get(p);
    h.list(customer);
    h.get(p);
    expect(h.judged().witnesses('LST-03')).toBe(1);
    h.list(customer);
    expect(h.judged().witnesses('LST-03')).toBe(2);
  });
  for (const [name, over] of Object.entries({
    status: { status: 'BLOCKED' },
    productType: { productType: 'CASH' },
    currency: { currency: 'USD' },
    createdOn: { createdOn: '2020-01-01T00:00:00Z' },
    proxyIds: { proxyIds: ['9f3c0f64-3b0f-4d3c-9d6c-0a5c0a1b2c3d'] },
  }))
    it(`is violated when the list shows another ${name}`, () => {
      const h = startHistory();
      const [customer, p] = pair(h);
      h.get(p);
      h.list(customer, { shows: [h.shown(p, over)] });
      h.get(p);
      expect(h.judged().violated('LST-03')).toEqual([name]);
    });
  it('compares times as moments and proxyIds as a set, and lets either leave optional properties out', () => {
    const h = startHistory();
    const customer = h.customer();
    const proxies = ['9f3c0f64-3b0f-4d3c-9d6c-0a5c0a1b2c3d', '1b2c3d9f-3c0f-464b-8f4d-3c9d6c0a5c0a'];
    const at = '2026-03-01T08:00:00.000Z';
    const p = h.create(customer, 'WALLET', { as: { proxyIds: proxies, createdOn: at, modifiedOn: at, openedOn: at } });
    const spelled = {
      customerProductId: p.toUpperCase(),
      proxyIds: [proxies[1]?.toUpperCase(), proxies[0]],
      createdOn: '2026-03-01T10:00:00+02:00',
      modifiedOn: '2026-03-01T08:00:00Z',
      openedOn: '2026-03-01t02:30:00.0000000-05:30',
    };
    h.get(p);
    h.list(customer, { shows: [h.shown(p, spelled)] });
    h.get(p, h.shown(p, { currency: undefined }));
    h.list(customer, { shows: [h.shown(p, { ...spelled, currency: undefined, openedOn: undefined })] });
    h.get(p);
    const { remarks, witnesses } = h.judged();
    expect(remarks).toEqual([]);
    expect(witnesses('LST-03')).toBeGreaterThan(1);
  });
  it('is silent where it may have been blocked and freed within the unit of its times, and speaks once that is over', () => {
    const story = (restMs: number) => {
      const h = startHistory({ write: (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z` });
      const [customer, p] = pair(h);
      h.get(p);
      h.wait(restMs);
      h.get(p);
      h.list(customer, { shows: [h.shown(p, { status: 'BLOCKED' })] });
      h.get(p);
      return h.judged().violated('LST-03');
    };
    expect(story(300)).toEqual([]);
    expect(story(1_400)).toEqual(['status']);
  });
  it('is silent where the product was blocked and freed again in between', () => {
    const h = startHistory({ write: (ms) => `${new Date(ms).toISOString().slice(0, 19)}Z` });
    const [customer, p] = pair(h);
    h.wait(2_000);
    h.get(p);
    h.change(p, { status: 'BLOCKED' });
    h.list(customer);
    h.wait(1_500);
    h.change(p, { status: 'ACTIVE' });
    h.get(p);
    h.wait(9_000);
    h.get(p);
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
  });
  it('a list that lags behind a get is warned of within 5 s, and fails after', () => {
    const late = (ms: number) => {
      const h = startHistory();
      const [customer, p, q] = pair(h);
      h.get(p);
      h.list(customer);
      const before = h.shown(p);
      h.change(p, { status: 'BLOCKED' });
      h.get(p);
      h.list(customer, { shows: [before, h.shown(q)] });
      h.wait(ms);
      h.list(customer, { shows: [before, h.shown(q)] });
      h.list(customer);
      return h.judged();
    };
    expect([late(500).warned('LST-03'), late(500).violated('LST-03')]).toEqual([['late in the list'], []]);
    expect(late(5_100).violated('LST-03')).toEqual(['missing in the list']);
  });
});

describe('LST-04: reads at rest show the same', () => {
  it('holds for two lists without a write between', () => {
    const h = startHistory();
    const [customer] = pair(h);
    h.list(customer);
    h.list(customer);
    expect(h.judged().witnesses('LST-04')).toBe(1);
  });
  it('is violated when a product comes that nobody asked for', () => {
    const h = startHistory();
    const [customer] = pair(h);
    h.wait(6_000);
    h.list(customer);
    h.find(customer);
    h.list(customer);
    expect(h.judged().violated('LST-04')).toEqual(['a product comes at rest']);
  });
  it('is violated when a lasting property changes by itself, the IBAN too', () => {
    const h = startHistory();
    const [, , q] = pair(h);
    h.wait(6_000);
    h.get(q);
    h.get(q, h.shown(q, { accountData: { iban: 'NL91ABNA0417164300', modifiedOn: h.time() } }));
    expect(h.judged().violated('LST-04')).toEqual(['iban changes at rest']);
  });
  it('is silent on shared ground', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    const p = h.create(customer);
    h.wait(6_000);
    h.list(customer);
    h.get(p);
    h.find(customer);
    h.list(customer);
    expect(h.judged().violated('LST-04')).toEqual([]);
  });
});

describe('LST-05: lists stay complete as they grow', () => {
  const many = (h: History, count: number): [string, string[]] => {
    const customer = h.customer();
    return [customer, Array.from({ length: count }, () => h.create(customer))];
  };
  it('holds for a list of 64', () => {
    const h = startHistory();
    const [customer] = many(h, 64);
    h.list(customer);
    expect(h.judged().witnesses('LST-05')).toBe(1);
  });
  it('is violated when long lists are cut and short ones are whole', () => {
    const h = startHistory();
    const [customer, ids] = many(h, 60);
    h.wait(6_000);
    h.list(customer, { shows: ids.slice(0, 50).map((id) => h.shown(id)) });
    expect(h.judged().violated('LST-05')).toEqual(['products are left out as the list grows']);
  });
  it('leaves it to LST-01 where short lists lack products too', () => {
    const h = startHistory();
    const [customer, ids] = many(h, 5);
    h.wait(6_000);
    h.list(customer, { shows: ids.slice(1).map((id) => h.shown(id)) });
    expect([h.judged().violated('LST-05'), h.judged().violated('LST-01')]).toEqual([[], ['missing in the list']]);
  });
});

describe('LST-07 and LST-09: an id finds its product', () => {
  it('hold for what is listed and got, in either letter case', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.list(customer);
    h.get(p, h.shown(p, { customerProductId: p.toUpperCase() }));
    expect([h.judged().witnesses('LST-07'), h.judged().witnesses('LST-09')]).toEqual([1, 1]);
    expect(h.judged().violated('LST-07')).toEqual([]);
  });
  it('LST-09 holds, too, for what had been got before its list caught up', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.get(p);
    h.list(customer);
    expect(h.judged().witnesses('LST-09')).toBe(0);
    h.get(p);
    h.get(p);
    expect(h.judged().witnesses('LST-09')).toBe(1);
  });
  it('LST-09 is violated by a listed product that get does not know', () => {
    const h = startHistory();
    const [customer, p] = pair(h);
    h.list(customer);
    h.wait(5_100);
    h.get(p, undefined, { answer: problem(404) });
    expect(h.judged().violated('LST-09')).toEqual(['missing in get']);
  });
});
