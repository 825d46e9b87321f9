import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type History, json, problem, startHistory } from './history.ts';

/** An ACTIVE product, seen so; then the clock stands at 100. */
function opened(h: History): [customer: string, product: string] {
  const customer = h.customer();
  const product = h.create(customer);
  h.create(customer, 'BALANCE_ACCOUNT');
  h.get(product);
  h.wait(100 - h.now);
  return [customer, product];
}

describe('CON-01: creates in parallel', () => {
  it('holds when each has its own product, all of them listed', () => {
    const h = startHistory();
    const customer = h.customer();
    h.create(customer, 'WALLET', { when: [0, 10] });
    h.create(customer, 'WALLET', { when: [1, 9] });
    h.list(customer);
    expect(h.judged().witnesses('CON-01')).toBe(1);
    expect(h.judged().remarks).toEqual([]);
  });
  it('says nothing of creates one after the other, and counts none refused for a limit', () => {
    const h = startHistory();
    const customer = h.customer();
    h.create(customer, 'WALLET', { when: [0, 10] });
    h.create(customer, 'WALLET', { when: [1, 9], answer: problem(409) });
    h.create(customer, 'WALLET', { when: [10, 20] });
    h.list(customer);
    expect(h.judged().witnesses('CON-01')).toBe(0);
    expect(h.judged().violated('CON-01')).toEqual([]);
  });
  it('is violated by one id for two, a product lost, and one too many', () => {
    const h = startHistory();
    const customer = h.customer();
    h.list(customer);
    const p = h.create(customer, 'WALLET', { when: [10, 20] });
    const q = h.create(customer, 'WALLET', { when: [11, 19] });
    h.create(customer, 'WALLET', { when: [12, 21], answer: h.get(q, { customerProductId: q }).answer! });
    h.list(customer, { shows: [h.shown(p), { ...h.shown(p), customerProductId: randomUUID() }] });
    h.wait(6_000);
    h.list(customer, { shows: [h.shown(p)] });
    expect([...h.judged().violated('CON-01')].sort()).toEqual(['lost in the list', 'more products than creates', 'one id for two creates']);
  });
});

describe('CON-02 and CON-03: closes of one product in parallel', () => {
  it('hold when one closedOn is left, however the closes were answered', () => {
    for (const answer of [{}, problem(409)]) {
      const h = startHistory();
      const [customer, p] = opened(h);
      h.close(p, { when: [100, 110] });
      h.close(p, { when: [101, 108], answer });
      h.get(p);
      h.list(customer);
      expect(h.judged().witnesses('CON-02')).toBe(1);
      expect(h.judged().witnesses('CON-03')).toBe(1);
      expect(h.judged().remarks).toEqual([]);
    }
  });
  it('are violated by a second closedOn, also where only a read in between saw the first', () => {
    const h = startHistory();
    const [, p] = opened(h);
    h.close(p, { when: [100, 140] });
    h.close(p, { when: [101, 150] });
    h.get(p, h.shown(p), { when: [120, 125] });
    h.get(p, h.shown(p, { closedOn: h.time(140) }), { when: [160, 165] });
    expect(h.judged().violated('CON-02')).toEqual(['several closedOn']);
    expect(h.judged().violated('CON-03')).toEqual(['no order']);
  });
  it('are violated where one undoes the other', () => {
    const h = startHistory();
    const [, p] = opened(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 140] });
    h.close(p, { when: [101, 150] });
    h.get(p, h.shown(p), { when: [120, 125] });
    h.get(p, before, { when: [160, 165] });
    for (const id of ['CON-02', 'CON-03', 'CON-04'] as const) expect(h.judged().violated(id), id).toHaveLength(1);
  });
});

describe('CON-03 and CON-04: the order of what was seen', () => {
  it('hold when reads during a close differ, on several connections, and never go back', () => {
    const h = startHistory();
    const [customer, p] = opened(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 200] });
    h.get(p, h.shown(p), { when: [110, 150] });
    h.get(p, before, { when: [120, 160] });
    h.list(customer, { when: [151, 170] });
    expect(h.judged().violated('CON-03')).toEqual([]);
    expect(h.judged().violated('CON-04')).toEqual([]);
  });
  it('a declared settle time allows to and fro inside it, and not after it', () => {
    for (const [at, causes] of [
      [450, []],
      // It was seen before it was answered: other replicas have the settle time from its answer on.
      [580, []],
      [900, ['no order']],
    ] as const) {
      const h = startHistory({ profile: { settleMs: 400 } });
      const [, p] = opened(h);
      const before = h.shown(p);
      h.close(p, { when: [100, 200] });
      h.get(p, h.shown(p), { when: [110, 150] });
      h.get(p, before, { when: [at, at + 5] });
      h.get(p);
      expect(h.judged().violated('CON-03')).toEqual(causes);
    }
  });
  it('without one, a view that is late is warned of, with how late; one that goes back fails', () => {
    const h = startHistory();
    const [customer, p] = opened(h);
    const before = h.shown(p);
    h.close(p, { when: [100, 200] });
    h.get(p, h.shown(p), { when: [110, 150] });
    h.list(customer, { shows: [before], when: [500, 505] });
    h.list(customer, { when: [600, 605] });
    expect(h.judged().warned('CON-03')).toEqual(['late in the list']);
    expect(h.judged().violated('CON-03')).toEqual([]);
    h.list(customer, { shows: [before], when: [700, 705] });
    expect(h.judged().violated('CON-03')).toEqual(['no order']);
    expect(h.judged().violated('CON-04')).toEqual(['the close unseen in the list']);
  });
  it('a close that has not shown yet is neither late nor in order', () => {
    const h = startHistory();
    const [, p] = opened(h);
    h.close(p, { when: [100, 200], acts: false });
    h.get(p, h.shown(p), { when: [110, 150] });
    h.get(p);
    expect([h.judged().witnesses('CON-03'), ...h.judged().warned('CON-03'), ...h.judged().violated('CON-03')]).toEqual([0]);
    h.wait(6_000);
    h.get(p);
    expect(h.judged().violated('CON-03')).toEqual(['no order']);
  });
  it('a cut close may take effect at any later time, and what the bank does by its own hand is no write', () => {
    const h = startHistory();
    const [, p] = opened(h);
    h.close(p, { when: [100, 120], answer: 'cut' });
    h.get(p, h.shown(p), { when: [110, 115] });
    h.change(p, { status: 'BLOCKED' });
    h.get(p, h.shown(p), { when: [300, 305] });
    h.wait(10_000);
    h.close(p, { answer: 'cut', acts: true });
    h.get(p);
    expect(h.judged().violated('CON-03')).toEqual([]);
    expect(h.judged().violated('CON-04')).toEqual([]);
  });
  it('the close of a product that was not seen ACTIVE may do nothing', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    h.get(p);
    h.close(p, { when: [100, 200], acts: false });
    h.get(p, h.shown(p), { when: [110, 150] });
    h.wait(6_000);
    h.get(p);
    expect(h.judged().violated('CON-03')).toEqual([]);
  });
});

describe('CON-05: answers mixed up', () => {
  it('of gets that overlap; not of gets one after the other', () => {
    for (const [when, causes] of [
      [[102, 108], ["get got another's answer"]],
      [[110, 115], []],
    ] as const) {
      const h = startHistory();
      const [customer, p] = opened(h);
      const q = h.create(customer);
      h.wait(100 - h.now);
      h.get(p, h.shown(q), { when: [100, 110] });
      h.get(q, h.shown(q), { when });
      expect(h.judged().violated('CON-05')).toEqual(causes);
      expect(h.judged().violated('LST-07')).toHaveLength(1);
    }
  });
  it('of creates, by the code or the customer of the other', () => {
    const h = startHistory();
    const [a, b] = [h.customer(), h.customer()];
    const p = h.create(a, 'WALLET', { when: [0, 10], as: { productCode: 'BALANCE_ACCOUNT' } });
    h.create(b, 'BALANCE_ACCOUNT', { when: [1, 9] });
    h.get(p);
    expect(h.judged().violated('CON-05')).toEqual(["create got another's answer"]);
  });
  it('not of a code that has changed, nor of an id given twice', () => {
    const h = startHistory();
    const [a, b] = [h.customer(), h.customer()];
    const p = h.create(a, 'WALLET', { when: [0, 10] });
    h.create(b, 'BALANCE_ACCOUNT', { when: [1, 9] });
    h.get(p);
    h.get(p, h.shown(p, { productCode: 'BALANCE_ACCOUNT' }));
    const q = h.create(a, 'WALLET', { when: [100, 110] });
    h.create(b, 'BALANCE_ACCOUNT', { when: [101, 111], answer: json({ customerProductId: q }) });
    h.get(q, h.shown(q, { productCode: 'BALANCE_ACCOUNT' }));
    expect(h.judged().violated('CON-05')).toEqual([]);
  });
  it('of lists of two customers', () => {
    const h = startHistory();
    const [a, b] = [h.customer(), h.customer()];
    const [p, q] = [h.create(a), h.create(b)];
    h.list(a, { when: [100, 110], shows: [h.shown(q)] });
    h.list(b, { when: [101, 111], shows: [h.shown(p)] });
    expect(h.judged().violated('CON-05')).toEqual(["list got another's answer"]);
  });
  it('holds when overlapping gets of different products got their own', () => {
    const h = startHistory();
    const [customer, p] = opened(h);
    const q = h.create(customer);
    h.get(p, h.shown(p), { when: [200, 210] });
    h.get(q, h.shown(q), { when: [201, 209] });
    expect(h.judged().witnesses('CON-05')).toBe(1);
  });
});

describe('CON-06: writes to different products in parallel', () => {
  it('are all kept, or one is lost', () => {
    for (const acts of [true, false]) {
      const h = startHistory();
      const [customer, p] = opened(h);
      const q = h.create(customer, 'WALLET');
      h.get(q);
      h.close(p, { when: [200, 210] });
      h.close(q, { when: [201, 209], acts });
      h.get(p);
      h.get(q);
      h.wait(6_000);
      h.get(q);
      expect(h.judged().violated('CON-06')).toEqual(acts ? [] : ['a close lost in get']);
      expect(h.judged().witnesses('CON-06')).toBe(acts ? 2 : 1);
    }
  });
});

describe('CON-07: writes cut off', () => {
  const probe = (role: 'before' | 'odd' | 'after') => ({ probe: { requirement: 'CON-07' as const, case: 'cut', trial: 't', role } });
  it('a get by another replica may not have yet what a list has shown just now', () => {
    const gotAfter = (waitMs: number) => {
      const h = startHistory({ profile: { settleMs: 500 } });
      const [customer] = opened(h);
      h.list(customer, probe('before'));
      const made = h.create(customer, 'WALLET', { answer: 'cut', ...probe('odd') });
      h.list(customer, probe('after'));
      h.wait(waitMs);
      h.get(made, undefined, { answer: problem(404), ...probe('after') });
      return h.judged().violated('CON-07');
    };
    expect(gotAfter(100)).toEqual([]);
    expect(gotAfter(600)).toEqual(['create half done']);
  });

  it('a close is done whole, or not at all, or by half', () => {
    for (const [over, violated] of [
      [{}, []],
      [{ closedOn: undefined }, ['close half done']],
    ] as const)
      for (const acts of [true, false]) {
        const h = startHistory();
        const [customer, p] = opened(h);
        h.get(p, h.shown(p), probe('before'));
        h.close(p, { ...probe('odd'), answer: 'cut', acts });
        h.get(p, h.shown(p, over), probe('after'));
        h.list(customer, { ...probe('after'), shows: [h.shown(p, over)] });
        const judged = h.judged();
        expect(judged.violated('CON-07')).toEqual(acts ? violated : []);
        expect(judged.witnesses('CON-07')).toBe(judged.violated('CON-07').length === 0 ? 1 : 0);
      }
  });
  it('a create is listed and can be got, or neither', () => {
    for (const [found, violated] of [
      [true, []],
      [false, ['create half done']],
    ] as const) {
      const h = startHistory();
      const [customer] = opened(h);
      h.list(customer, probe('before'));
      const made = h.create(customer, 'WALLET', { ...probe('odd'), answer: 'cut' });
      h.list(customer, probe('after'));
      if (found) h.get(made, h.shown(made), probe('after'));
      else h.get(made, undefined, { ...probe('after'), answer: { status: 404, ...problem(404) } });
      expect(h.judged().violated('CON-07')).toEqual(violated);
    }
  });
  it('is not what writes that nobody cut show as well', () => {
    const cutCreate = (over: Record<string, unknown>, anyway: boolean) => {
      const h = startHistory();
      const customer = h.customer();
      const other = h.create(customer, 'WALLET');
      h.get(other, h.shown(other, anyway ? over : {}));
      h.list(customer, probe('before'));
      const made = h.create(customer, 'WALLET', { ...probe('odd'), answer: 'cut' });
      h.list(customer, probe('after'));
      h.get(made, h.shown(made, over), probe('after'));
      return h.judged().violated('CON-07');
    };
    for (const over of [{ productType: undefined }, { productCode: 'CURRENCY_WALLET' }]) {
      expect(cutCreate(over, false)).toEqual(['create half done']);
      expect(cutCreate(over, true)).toEqual([]);
    }
    const lostClose = (anyway: boolean) => {
      const h = startHistory();
      const [customer, p] = opened(h);
      const q = h.create(customer);
      h.get(q);
      const open = { p: h.shown(p), q: h.shown(q) };
      h.close(p, { ...probe('odd'), answer: 'cut', acts: true });
      h.close(q);
      h.get(p, h.shown(p), probe('after'));
      const look = () => h.list(customer, { ...probe('after'), shows: [open.p, anyway ? open.q : h.shown(q)] });
      look();
      h.wait(6_000);
      look();
      return h.judged().violated('CON-07');
    };
    expect(lostClose(false)).toEqual(['close half done']);
    expect(lostClose(true)).toEqual([]);
  });
});
