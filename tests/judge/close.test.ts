import { describe, expect, it } from 'vitest';
import { statuses } from '../../spec/values.ts';
import { type History, problem, startHistory, writeSeconds } from './history.ts';

/** A product seen ACTIVE, and one beside it. */
const open = (h: History, customer = h.customer()): [customer: string, p: string, q: string] => {
  const [p, q] = [h.create(customer, 'BALANCE_ACCOUNT'), h.create(customer, 'WALLET')];
  h.get(p);
  h.get(q);
  return [customer, p, q];
};

describe('CLS-01: after a close the product is CLOSED', () => {
  it('holds in get and in every list', () => {
    const h = startHistory();
    const [customer, p] = open(h);
    h.close(p);
    h.get(p);
    h.list(customer);
    h.list(customer, { filters: [['productCode', 'BALANCE_ACCOUNT']] });
    expect(h.judged().witnesses('CLS-01')).toBe(3);
    expect(h.judged().remarks).toEqual([]);
  });
  it('is warned of when it shows late, fails after 5 s, and is for a declared settle time to wait', () => {
    const late = (ms: number, settleMs?: number) => {
      const h = startHistory({ profile: settleMs === undefined ? {} : { settleMs } });
      const [, p] = open(h);
      const before = h.shown(p);
      h.close(p);
      h.get(p, before);
      h.wait(ms);
      h.get(p, before);
      h.get(p);
      return h.judged().remarks.filter((remark) => remark.startsWith('CLS'));
    };
    expect(late(100)).toEqual(['CLS-01 late in get']);
    expect(late(5_000)).toContain('CLS-01 missing in get');
    expect(late(100, 200)).toEqual([]);
    expect(late(300, 200)).toContain('CLS-01 missing in get');
  });
  it('a list asked for before the close was answered may show it open', () => {
    const h = startHistory();
    const [customer, p, q] = open(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 140] });
    h.list(customer, { when: [130, 9_000], shows: [before, h.shown(q)] });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('asks nothing of a close that was refused, or cut off', () => {
    const h = startHistory();
    const [, p, q] = open(h);
    h.close(p, { answer: problem(409) });
    h.close(q, { answer: 'cut' });
    h.wait(9_000);
    h.get(p);
    h.get(q);
    h.wait(9_000);
    h.get(q);
    expect(h.judged().remarks).toEqual([]);
  });
  it('takes the late effect of a close that was cut off', () => {
    const h = startHistory();
    const [customer, p] = open(h);
    h.close(p, { answer: 'cut' });
    h.get(p);
    h.wait(20_000);
    h.close(p, { answer: 'cut', acts: true });
    h.get(p);
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
    expect(h.judged().witnesses('CLS-16')).toBe(1);
  });
  it('asks nothing of the close of a product that was never seen ACTIVE (R-CLOSABLE)', () => {
    const h = startHistory();
    const p = h.create(h.customer(), 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    h.get(p);
    h.close(p, { acts: false });
    h.wait(6_000);
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('CLS-02, CLS-12 and CLS-13: CLOSED and closedOn come together', () => {
  it('hold', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.close(p);
    h.get(p);
    expect(['CLS-02', 'CLS-12', 'CLS-13'].map((id) => h.judged().witnesses(id as 'CLS-02'))).toEqual([2, 1, 1]);
  });
  it('CLOSED without closedOn', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.close(p);
    h.get(p, h.shown(p, { closedOn: undefined }));
    expect([h.judged().violated('CLS-12'), h.judged().violated('CLS-13')]).toEqual([[], ['no closedOn in get']]);
  });
  it('by half first, then whole, in one view', () => {
    const half = (over: Record<string, unknown>) => {
      const h = startHistory();
      const [, p] = open(h);
      h.close(p);
      h.get(p, h.shown(p, over));
      h.get(p);
      return h.judged().violated('CLS-12');
    };
    expect(half({ closedOn: undefined })).toEqual(['CLOSED without closedOn']);
    expect(half({ status: 'ACTIVE' })).toEqual(['closedOn without CLOSED']);
  });
  it('by half in one view for good is CLS-13 alone', () => {
    const h = startHistory();
    const [customer, p, q] = open(h);
    h.close(p);
    h.list(customer, { shows: [h.shown(p, { closedOn: undefined }), h.shown(q)] });
    h.get(p);
    expect(h.judged().remarks).toEqual(['CLS-13 no closedOn in list']);
  });
  for (const status of statuses.filter((each) => each !== 'CLOSED'))
    it(`closedOn while ${status}`, () => {
      const h = startHistory();
      const [, p] = open(h);
      h.change(p, { status });
      h.get(p, h.shown(p, { closedOn: h.time() }));
      const isEnd = ['INVALID', 'REJECTED', 'INACTIVE'].includes(status);
      expect(h.judged()[isEnd ? 'warned' : 'violated']('CLS-02')).toEqual([`closedOn while ${status}`]);
      expect(h.judged().violated('CLS-12')).toEqual([]);
    });
  it('null is told by SCH-12, not by CLS-02', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.get(p, h.shown(p, { closedOn: null }));
    expect(h.judged().remarks.map((remark) => remark.slice(0, 6))).toEqual(['SCH-12']);
  });
  it('judge found products by nothing of it', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    h.find(customer, 'WALLET', { status: 'CLOSED' });
    h.find(customer, 'WALLET', { closedOn: h.time() });
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('CLS-04: modifiedOn moves with the close', () => {
  const aged = (restMs: number, over: Record<string, unknown>, write?: (ms: number) => string) => {
    const h = startHistory(write === undefined ? {} : { write });
    const [, p] = open(h);
    h.wait(restMs);
    h.close(p);
    h.get(p, h.shown(p, over));
    return h.judged();
  };
  it('holds once it had time to move', () => {
    expect(aged(1_200, {}).witnesses('CLS-04')).toBe(1);
    expect(aged(500, {}).witnesses('CLS-04')).toBe(0);
    expect(aged(1_200, {}, writeSeconds).witnesses('CLS-04')).toBe(0);
    expect(aged(2_200, {}, writeSeconds).witnesses('CLS-04')).toBe(1);
  });
  it('counts from the first sight of the same moment, however it is written', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.wait(1_200);
    h.get(p, h.shown(p, { modifiedOn: String(h.shown(p).modifiedOn).replace('Z', '+00:00') }));
    h.close(p);
    h.get(p);
    expect(h.judged().witnesses('CLS-04')).toBe(1);
  });
  it('counts from the first sight of what may be the same moment, written to another precision', () => {
    const aged = (restMs: number, over: Record<string, unknown>) => {
      const h = startHistory();
      const [, p] = open(h);
      h.wait(restMs);
      h.get(p, h.shown(p, { modifiedOn: String(h.shown(p).modifiedOn).replace(/\.\d+Z/, 'Z') }));
      h.close(p);
      h.get(p, h.shown(p, over));
      return h.judged();
    };
    expect(aged(2_200, {}).witnesses('CLS-04')).toBe(1);
    expect(aged(1_500, { modifiedOn: '2026-03-01T08:00:00Z' }).remarks).toEqual([]);
    expect(aged(2_200, { modifiedOn: '2026-03-01T08:00:00Z' }).violated('CLS-04')).toEqual(['modifiedOn the same']);
  });
  it('is violated by one that stays, or goes back', () => {
    const born = '2026-03-01T08:00:00.002Z';
    expect(aged(1_200, { modifiedOn: born }).violated('CLS-04')).toEqual(['modifiedOn the same']);
    expect(aged(100, { modifiedOn: '2026-03-01T07:59:59.000Z' }).violated('CLS-04')).toEqual(['modifiedOn earlier']);
  });
  it('lets the clock that stamps closes be behind, within the tolerance', () => {
    const behind = { modifiedOn: '2026-03-01T07:59:59.800Z', closedOn: '2026-03-01T07:59:59.800Z' };
    expect(aged(20, behind).remarks).toEqual([]);
    const further = { modifiedOn: '2026-03-01T07:59:59.600Z', closedOn: '2026-03-01T07:59:59.800Z' };
    expect(aged(20, further).violated('CLS-04')).toEqual(['modifiedOn earlier']);
    expect(aged(20, further).violated('TIM-02')).toEqual(['modifiedOn earlier with another status']);
  });
  it('a list that lags, and shows an open state that a clock ahead had stamped, is late, and at odds with nothing', () => {
    const h = startHistory();
    const [customer, p] = open(h);
    const before = h.shown(p, { modifiedOn: h.time(h.now + 150) });
    h.close(p);
    h.get(p);
    h.list(customer, { shows: [before] });
    h.get(p);
    h.wait(300);
    h.list(customer);
    expect(h.judged().violated('LST-03')).toEqual([]);
    expect(h.judged().warned('LST-03')).toEqual(['late in the list']);
  });
  it('counts to an earlier close whose outcome is unknown', () => {
    const closedTwice = (over: Record<string, unknown>) => {
      const h = startHistory();
      const [, p] = open(h);
      h.wait(300);
      // Done all the same, and stamped by a clock that is behind.
      h.close(p, { answer: 'cut', acts: true });
      h.wait(1_200);
      h.close(p);
      h.get(p, h.shown(p, over));
      return h.judged();
    };
    expect(closedTwice({ modifiedOn: '2026-03-01T08:00:00.002Z' }).violated('CLS-04')).toEqual([]);
    expect(closedTwice({ modifiedOn: '2026-03-01T07:59:59.000Z' }).violated('CLS-04')).toEqual(['modifiedOn earlier']);
  });
  it('lets it stay, or be earlier, as long as the tolerance declared for clocks explains it', () => {
    const aged = (restMs: number, behindMs = 4_000) => {
      const h = startHistory({ profile: { clockToleranceMs: 5_000 } });
      const [, p] = open(h);
      h.wait(restMs);
      h.close(p, { at: h.now - behindMs });
      h.get(p);
      return h.judged();
    };
    expect(aged(2_000).remarks).toEqual([]);
    expect(aged(6_000).witnesses('CLS-04')).toBe(1);
    expect(aged(2_000, 0).witnesses('CLS-04')).toBe(1);
  });
  it('lets it stay within a second and one unit', () => {
    expect(aged(900, { modifiedOn: '2026-03-01T08:00:00.002Z' }).violated('CLS-04')).toEqual([]);
    expect(aged(1_900, { modifiedOn: '2026-03-01T08:00:00Z' }, writeSeconds).violated('CLS-04')).toEqual([]);
  });
});

describe('CLS-05: lasting properties do not change with the close', () => {
  const changes = {
    productCode: { productCode: 'WALLET' },
    productType: { productType: 'WALLET' },
    currency: { currency: 'USD' },
    createdOn: { createdOn: '2026-03-01T07:00:00Z' },
    openedOn: { openedOn: '2026-03-01T07:30:00Z' },
    iban: { accountData: { iban: 'NL91ABNA0417164300', modifiedOn: '2026-03-01T07:30:00Z' } },
  };
  for (const [name, over] of Object.entries(changes))
    it(`${name}`, () => {
      const h = startHistory();
      const [, p] = open(h);
      h.close(p);
      h.get(p);
      expect(h.judged().witnesses('CLS-05')).toBe(1);
      h.get(p, h.shown(p, over));
      expect(h.judged().violated('CLS-05')).toEqual([`${name} changes`]);
    });
  it('are held against the other view where this one had not shown the product, unless the views disagree anyway', () => {
    const seen = (listedBefore: boolean) => {
      const h = startHistory();
      const customer = h.customer();
      const p = h.create(customer, 'WALLET');
      h.get(p);
      if (listedBefore) h.list(customer, { shows: [h.shown(p, { currency: 'USD' })] });
      h.close(p);
      h.list(customer, { shows: [h.shown(p, { currency: 'USD' })] });
      return h.judged().violated('CLS-05');
    };
    expect(seen(false)).toEqual(['currency changes']);
    expect(seen(true)).toEqual([]);
  });
  it('what a second close does is CLS-08’s', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.close(p);
    h.get(p);
    h.close(p);
    h.get(p, h.shown(p, { accountData: changes.iban.accountData }));
    expect(h.judged().remarks).toEqual(['CLS-08 iban changes']);
  });
  it('may be left out, and written otherwise', () => {
    const h = startHistory({ write: (ms) => new Date(ms).toISOString() });
    const [, p] = open(h);
    const created = String(h.shown(p).createdOn);
    h.close(p);
    h.get(p, h.shown(p, { currency: undefined, openedOn: undefined, accountData: undefined, createdOn: `${created.slice(0, 19)}Z` }));
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('CLS-07: closed stays closed', () => {
  it('holds', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.close(p);
    h.get(p);
    h.get(p);
    expect(h.judged().witnesses('CLS-07')).toBe(1);
  });
  it('is violated by another status, or another closedOn', () => {
    const h = startHistory();
    const [, p] = open(h);
    h.close(p);
    h.get(p);
    h.get(p, h.shown(p, { closedOn: '2026-03-01T09:00:00.000Z' }));
    expect(h.judged().violated('CLS-07')).toEqual(['closedOn changes']);
    h.get(p, h.shown(p, { status: 'ACTIVE', closedOn: undefined }));
    expect(h.judged().violated('CLS-07')).toContain('gone in get');
  });
  it('an overlapping read may still show it open', () => {
    const h = startHistory();
    const [, p] = open(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 110] });
    h.get(p, h.shown(p), { when: [115, 120] });
    h.get(p, before, { when: [104, 400] });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('to and fro within a declared settle time, counted from the answer of the close', () => {
    const h = startHistory({ profile: { settleMs: 300 } });
    const [, p] = open(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 800], at: 101 });
    h.get(p, h.shown(p), { when: [110, 115] });
    h.get(p, before, { when: [600, 605] });
    h.get(p, before, { when: [1_000, 1_005] });
    h.get(p, h.shown(p), { when: [1_101, 1_105] });
    expect(h.judged().remarks).toEqual([]);
    h.get(p, before, { when: [1_120, 1_125] });
    expect(h.judged().violated('CLS-07')).toEqual(['gone in get']);
  });
  it('is silent about found products', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    const p = h.find(customer, 'WALLET', { status: 'CLOSED', closedOn: h.time() });
    h.list(customer);
    h.get(p, h.shown(p, { status: 'ACTIVE', closedOn: undefined }));
    expect(h.judged().violated('CLS-07')).toEqual([]);
  });
});

describe('CLS-08 and CLS-14: closing again changes nothing', () => {
  const again = (h: History, answer?: Parameters<History['close']>[1]): string => {
    const [, p] = open(h);
    h.close(p);
    h.get(p);
    h.close(p, answer);
    return p;
  };
  it('hold, accepted or refused (R-AGAIN)', () => {
    for (const answer of [{}, { answer: problem(409) }]) {
      const h = startHistory();
      const p = again(h, answer);
      h.get(p);
      again(h, answer);
      expect([h.judged().witnesses('CLS-08'), h.judged().witnesses('CLS-14')]).toEqual([1, 1]);
      expect(h.judged().remarks).toEqual([]);
    }
  });
  it('take no disagreement of list and get for a change', () => {
    const h = startHistory();
    const [customer, p, q] = open(h);
    h.close(p);
    h.get(p);
    h.close(p);
    h.list(customer, { shows: [h.shown(p, { currency: 'USD', modifiedOn: h.time(), proxyIds: undefined }), h.shown(q)] });
    expect([h.judged().violated('CLS-08'), h.judged().violated('CLS-14')]).toEqual([[], []]);
  });
  it('are warned of when now one, now the other', () => {
    const h = startHistory();
    again(h);
    again(h, { answer: problem(409) });
    expect(h.judged().warned('CLS-08')).toEqual(['closing again is now accepted, now refused']);
  });
  it('429, 401, 5xx and lost answers say nothing of R-AGAIN', () => {
    const h = startHistory();
    again(h);
    for (const answer of [problem(429), problem(401), problem(503), 'cut' as const]) again(h, { answer });
    expect(h.judged().warned('CLS-08')).toEqual([]);
  });
  it('CLS-08 is violated by a new closedOn, CLS-14 by a new modifiedOn', () => {
    const h = startHistory();
    const p = again(h);
    const later = h.time(h.now + 1_000);
    h.get(p, h.shown(p, { modifiedOn: later }));
    expect([h.judged().violated('CLS-08'), h.judged().violated('CLS-14')]).toEqual([[], ['modifiedOn moves']]);
    h.get(p, h.shown(p, { closedOn: later, modifiedOn: later }));
    expect(h.judged().violated('CLS-08')).toEqual(['closedOn changes']);
  });
  it('a stale read within the settle time is no change', () => {
    const h = startHistory({ profile: { settleMs: 500 } });
    const [, p] = open(h);
    const before = h.shown(p);
    h.wait(2_000);
    h.close(p);
    h.get(p);
    h.close(p);
    h.get(p, before);
    h.wait(600);
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('CLS-15: proxyIds do not change with the close', () => {
  const proxies = ['9f3c0f64-3b0f-4d3c-9d6c-0a5c0a1b2c3d', '1b2c3d9f-3c0f-464b-8f4d-3c9d6c0a5c0a'];
  const closed = (after: readonly string[]) => {
    const h = startHistory();
    const p = h.create(h.customer(), 'WALLET', { as: { proxyIds: proxies } });
    h.get(p);
    h.close(p);
    h.get(p, h.shown(p, { proxyIds: after }));
    return h.judged();
  };
  it('holds as a set, and is violated by another', () => {
    expect(closed([...proxies].reverse().map((id) => id.toUpperCase())).witnesses('CLS-15')).toBe(1);
    expect(closed(proxies.slice(1)).violated('CLS-15')).toEqual(['proxyIds change']);
  });
});

describe('CLS-06: a close changes no other product', () => {
  it('holds for a sibling, and for the product of another customer', () => {
    const h = startHistory();
    const [, p, q] = open(h);
    const other = h.create(h.customer());
    h.get(other);
    h.close(p);
    h.get(q);
    h.get(other);
    expect(h.judged().witnesses('CLS-06')).toBe(2);
  });
  it('a product bound to it may close with it, and is warned of (R-BOUND); not one of another customer', () => {
    const h = startHistory();
    const [, p, q] = open(h);
    const other = h.create(h.customer());
    h.get(other);
    h.close(p);
    h.change(q, { status: 'CLOSED', closedOn: h.time() });
    h.get(q);
    expect(h.judged().warned('CLS-06')).toEqual(['status of another product of the customer']);
    expect(h.judged().remarks).toHaveLength(1);
    h.change(other, { status: 'CLOSED', closedOn: h.time() });
    h.get(other);
    expect(h.judged().violated('CLS-06')).toEqual(["status of another customer's product"]);
    expect(h.judged().violated('CLS-16')).toEqual(['closed by nobody']);
  });
  it('is violated by a lasting property of a sibling', () => {
    const h = startHistory();
    const [, p, q] = open(h);
    h.close(p);
    h.get(q, h.shown(q, { currency: 'USD' }));
    expect(h.judged().violated('CLS-06')).toEqual(['currency of another product of the customer']);
  });
  it('leaves the bank its own hand: blocking a few, but not one with each close', () => {
    const blocking = (each: boolean) => {
      const h = startHistory();
      for (let time = 0; time < 8; time += 1) {
        const [, p, q] = open(h);
        h.close(p);
        if (each || time < 3) h.change(q, { status: 'BLOCKED' });
        h.get(q);
        h.get(p);
      }
      return h.judged().violated('CLS-06');
    };
    expect(blocking(false)).toEqual([]);
    expect(blocking(true)).toEqual(['status of another product of the customer']);
  });
  it('takes the late effect of a close for its own', () => {
    const h = startHistory({ profile: { settleMs: 500 } });
    const [, p, q] = open(h);
    const before = h.shown(p);
    h.close(p);
    h.get(p, before);
    h.close(q);
    h.wait(20);
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('on shared ground it must follow every time', () => {
    const tries = (stays: boolean) => {
      const h = startHistory();
      for (let time = 0; time < 3; time += 1) {
        const [, p, q] = open(h, h.customer('shared'));
        h.close(p);
        if (!stays || time > 0) h.change(q, { status: 'CLOSED', closedOn: h.time() });
        h.get(q);
        h.get(p);
      }
      return h.judged();
    };
    expect([tries(true).warned('CLS-06'), tries(true).violated('CLS-06')]).toEqual([[], []]);
    expect(tries(false).warned('CLS-06')).toEqual(['status of another product of the customer']);
  });
});

describe('CLS-16: a product becomes CLOSED only after a close of it', () => {
  it('is violated by one that nobody closed, or whose close was refused', () => {
    const h = startHistory();
    const [, p, q] = open(h);
    h.close(q, { answer: problem(409), acts: true });
    h.get(q);
    h.change(p, { status: 'CLOSED', closedOn: h.time() });
    h.get(p);
    expect(h.judged().violated('CLS-16')).toEqual(['closed by a refused close', 'closed by nobody']);
  });
  it('is silent on shared ground, and about a product bound to another, however late it shows', () => {
    const h = startHistory({ profile: { settleMs: 500 } });
    const [, p] = open(h, h.customer('shared'));
    h.change(p, { status: 'CLOSED', closedOn: h.time() });
    h.get(p);
    const [, one, bound] = open(h);
    const before = h.shown(bound);
    h.close(one);
    h.change(bound, { status: 'CLOSED', closedOn: h.time() });
    h.get(bound, before);
    h.wait(20);
    h.get(bound);
    expect(h.judged().violated('CLS-16')).toEqual([]);
  });
});
