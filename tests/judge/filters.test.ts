import { describe, expect, it } from 'vitest';
import type { FilterPair } from '../../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';
import { type History, problem, type Shown, startHistory } from './history.ts';

/** A customer with a wallet, a balance account and a depository account. */
const mixed = (h: History, customer = h.customer()): [customer: string, wallet: string, cash: string, depository: string] => {
  const made = [h.create(customer, 'WALLET'), h.create(customer, 'BALANCE_ACCOUNT'), h.create(customer, 'DEPOSITORY_ACCOUNT')] as const;
  h.list(customer);
  return [customer, ...made];
};
const ibanOf = (value: Shown): string => (value.accountData as { iban: string }).iban;

describe('FLT-01 to FLT-06: a filter gives all that match and only those', () => {
  const cases = [
    ['FLT-01', 'FLT-04', 'productType', 'CASH'],
    ['FLT-02', 'FLT-05', 'productCode', 'BALANCE_ACCOUNT'],
    ['FLT-03', 'FLT-06', 'status', 'BLOCKED'],
  ] as const;
  for (const [only, all, name, value] of cases) {
    const start = (options = {}) => {
      const h = startHistory(options);
      const [customer, wallet, cash] = mixed(h);
      if (name === 'status') {
        h.change(cash, { status: 'BLOCKED' });
        h.get(cash);
      }
      return {
        h,
        customer,
        wallet,
        cash,
        ask: (shows?: readonly Shown[]) => h.list(customer, { filters: [[name, value]], ...(shows && { shows }) }),
      };
    };
    it(`${only} and ${all} hold by ${name}`, () => {
      const { h, ask } = start();
      ask();
      expect([h.judged().witnesses(only), h.judged().witnesses(all)]).toEqual([1, 1]);
      expect(h.judged().remarks).toEqual([]);
    });
    it(`${only} is violated by a product of another ${name}`, () => {
      const { h, wallet, cash, ask } = start();
      ask([h.shown(wallet), h.shown(cash)]);
      h.get(wallet);
      expect(h.judged().violated(only)).toHaveLength(1);
    });
    it(`a list that takes no notice of ${name} is no witness for what does not match`, () => {
      const { h, wallet, ask } = start();
      ask([h.shown(wallet)]);
      expect(h.judged().witnesses(all)).toBe(0);
    });
    it(`${all} is violated by a product that is left out for more than 5 s, and warned of before`, () => {
      const { h, cash, ask } = start();
      ask([]);
      h.wait(200);
      const { h: other, ask: askOther, cash: otherCash } = start();
      askOther([]);
      other.wait(200);
      other.get(otherCash);
      askOther();
      expect(other.judged().remarks).toEqual([`${all} late in the list by ${name}`]);
      h.wait(5_000);
      ask([]);
      h.get(cash);
      expect(h.judged().violated(all)).toEqual([`missing in the list by ${name}`]);
    });
    it(`${all}: what was listed must stay listed`, () => {
      const { h, cash, ask } = start();
      ask();
      ask([]);
      h.get(cash);
      expect(h.judged().violated(all)).toEqual([`gone in the list by ${name}`]);
    });
  }

  it('FLT-06: a product that was blocked between two reads need not be under ACTIVE', () => {
    const h = startHistory();
    const [customer, wallet] = mixed(h);
    h.wait(6_000);
    h.list(customer, { filters: [['status', 'ACTIVE']] });
    h.change(wallet, { status: 'BLOCKED' });
    h.list(customer, { filters: [['status', 'ACTIVE']] });
    h.wait(10);
    h.change(wallet, { status: 'ACTIVE' });
    h.get(wallet);
    h.list(customer, { filters: [['status', 'ACTIVE']] });
    expect(h.judged().remarks).toEqual([]);
  });
  it('FLT-03: an index may list for a while what has left the status, and warns; after 5 s it fails', () => {
    const after = (ms: number) => {
      const h = startHistory();
      const [customer, wallet] = mixed(h);
      h.close(wallet);
      h.get(wallet);
      h.list(customer, { filters: [['status', 'ACTIVE']], shows: [h.shown(wallet)] });
      h.wait(ms);
      h.list(customer, { filters: [['status', 'ACTIVE']], shows: [h.shown(wallet)] });
      h.list(customer, { filters: [['status', 'ACTIVE']] });
      return h.judged();
    };
    expect([after(100).violated('FLT-03'), after(100).warned('FLT-03')]).toEqual([[], ['late in the list by status']]);
    expect([after(100).violated('FLT-14'), after(100).warned('FLT-14')]).toEqual([[], ['late in the list by status']]);
    expect(after(5_000).violated('FLT-03')).toEqual(['missing in the list by status']);
  });
  it('FLT-03: within a declared settle time an index may run ahead of what it shows', () => {
    const h = startHistory({ profile: { settleMs: 500 } });
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    h.wait(9_000);
    h.get(p);
    h.wait(9_000);
    const pending = h.shown(p);
    h.change(p, { status: 'ACTIVE', openedOn: h.time() });
    h.list(customer, { filters: [['status', 'ACTIVE']], shows: [pending] });
    h.wait(100);
    const open = h.shown(p);
    h.get(p);
    h.close(p);
    h.list(customer, { filters: [['status', 'CLOSED']], shows: [open] });
    h.wait(500);
    h.list(customer, { filters: [['status', 'CLOSED']] });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('an empty value is no filter, or gives nothing (R-EMPTY)', () => {
    const h = startHistory();
    const [customer, ...ids] = mixed(h);
    h.wait(6_000);
    for (const name of ['productType', 'productCode', 'status', 'iban']) {
      h.list(customer, { filters: [[name, '']], shows: ids.map((id) => h.shown(id)) });
      h.list(customer, { filters: [[name, '']], shows: [] });
      h.list(customer, {
        filters: [
          [name, ''],
          ['productCode', 'WALLET'],
        ],
        shows: [h.shown(ids[0]!)],
      });
    }
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('FLT-07: a filter that matches nothing gives 200 and an empty array', () => {
  it('holds, or is violated by a refusal', () => {
    const h = startHistory();
    const [customer] = mixed(h);
    h.list(customer, { filters: [['status', 'BLOCKED']] });
    expect(h.judged().witnesses('FLT-07')).toBe(1);
    h.list(customer, { filters: [['status', 'BLOCKED']], answer: problem(404) });
    expect(h.judged().violated('FLT-07')).toEqual(['answered 404']);
  });
  it('a replica may have none of the products that another has shown just now', () => {
    const answered = (waitMs: number, whose: 'ours' | 'shared') => {
      const h = startHistory({ profile: { settleMs: 500 } });
      const customer = h.customer(whose);
      if (whose === 'ours') h.get(h.create(customer));
      else h.find(customer);
      h.list(customer);
      h.wait(waitMs);
      h.list(customer, { answer: problem(404) });
      h.list(customer, { filters: [['status', 'ACTIVE']], answer: problem(404) });
      return h.judged();
    };
    for (const whose of ['ours', 'shared'] as const) {
      expect(answered(100, whose).remarks).toEqual([]);
      expect(answered(600, whose).violated('FLT-07')).toEqual(['answered 404']);
      expect(answered(600, whose).violated('SCH-01')).toEqual(['404', '404 with filters']);
    }
  });
  it('a customer without products may be answered 404, with and without filter (R-CUSTOMER)', () => {
    const h = startHistory();
    mixed(h);
    const empty = h.customer();
    h.list(empty, { answer: problem(404) });
    h.list(empty, { answer: problem(404), filters: [['status', 'ACTIVE']] });
    h.list(empty, { answer: problem(404), filters: [['iban', 'NL91ABNA0417164300']] });
    h.list(h.customer(), { answer: problem(404) });
    expect(h.judged().remarks).toEqual([]);
    expect([...(h.judged().conclusion.readings.get('R-CUSTOMER')?.taken ?? [])]).toEqual(['an invented customer: 404']);
  });
  it('warns of a target that keeps to no reading of R-CUSTOMER', () => {
    const h = startHistory();
    h.list(h.customer(), { answer: problem(404) });
    h.list(h.customer());
    expect(h.judged().warned('FLT-07')).toEqual(['an invented customer: now one, now the other']);
  });
  it('the first list of a customer with found products says nothing of customers without any', () => {
    const h = startHistory();
    const [full, empty] = [h.customer('shared'), h.customer('shared')];
    h.find(full);
    h.list(full);
    h.list(empty, { answer: problem(404) });
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('FLT-08 and FLT-15: an IBAN finds its product, and no other', () => {
  it('hold, open or closed', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    const iban = ibanOf(h.shown(cash));
    const other = mixed(h)[0];
    h.list(customer, { filters: [['iban', iban]] });
    h.get(cash);
    h.close(cash);
    h.list(customer, { filters: [['iban', iban]] });
    h.list(other, { filters: [['iban', iban]], shows: [] });
    expect([h.judged().witnesses('FLT-08'), h.judged().witnesses('FLT-15')]).toEqual([1, 1]);
    expect(h.judged().remarks).toEqual([]);
  });
  it('are violated by a product with another IBAN, or of another customer', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    const [other, , otherCash] = mixed(h);
    const iban = ibanOf(h.shown(cash));
    h.list(other, { filters: [['iban', iban]], shows: [h.shown(otherCash)] });
    expect(h.judged().violated('FLT-08')).toEqual(['a product with another IBAN']);
    expect(h.judged().violated('FLT-15')).toEqual(["another customer's IBAN"]);
    h.list(customer, { filters: [['iban', 'GB82WEST12345698765432']], shows: [h.shown(mixed(h)[1])] });
    expect(h.judged().violated('FLT-08')).toContain('a product under an IBAN that no product has');
  });
  it('FLT-08 is violated when a closed product is no longer found by the IBAN it shows', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    const filters: FilterPair[] = [['iban', ibanOf(h.shown(cash))]];
    h.list(customer, { filters });
    h.close(cash);
    h.get(cash);
    h.list(customer, { filters, shows: [] });
    expect(h.judged().violated('FLT-08')).toEqual(['gone in the list by iban']);
  });
  it('FLT-08 asks for nothing once the product shows its IBAN no more', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    const filters: FilterPair[] = [['iban', ibanOf(h.shown(cash))]];
    h.list(customer, { filters });
    h.close(cash);
    h.get(cash, h.shown(cash, { accountData: undefined }));
    h.list(customer, { filters, shows: [] });
    expect(h.judged().violated('FLT-08')).toEqual([]);
  });
  it('FLT-08 takes an IBAN in groups and small letters for the same', () => {
    const h = startHistory();
    const customer = h.customer();
    const spaced = 'de89 3704 0044 0532 0130 00';
    const p = h.create(customer, 'BALANCE_ACCOUNT', { as: { accountData: { iban: spaced, modifiedOn: h.time() } } });
    h.get(p);
    h.list(customer, { filters: [['iban', spaced]] });
    expect(h.judged().witnesses('FLT-08')).toBe(1);
    h.list(customer, { filters: [['iban', 'DE89370400440532013000']], shows: [h.shown(p)] });
    expect(h.judged().violated('FLT-08')).toEqual([]);
  });
  it('a second product that shows no IBAN, and a refusal, are warned of', () => {
    const h = startHistory();
    const [customer, wallet, cash] = mixed(h);
    h.list(customer, { filters: [['iban', ibanOf(h.shown(cash))]], shows: [h.shown(cash), h.shown(wallet)] });
    h.list(customer, { filters: [['iban', 'GB82WEST12345698765432']], answer: problem(404) });
    expect(h.judged().warned('FLT-08')).toEqual(['a second product that shows no IBAN', 'an IBAN is refused with 404']);
    expect(h.judged().violated('FLT-08')).toEqual([]);
  });
  it('a product that comes under two different IBANs is violated', () => {
    const h = startHistory();
    const [customer, wallet, cash] = mixed(h);
    const second = h.create(customer, 'BALANCE_ACCOUNT');
    h.get(second);
    for (const each of [cash, second])
      h.list(customer, { filters: [['iban', ibanOf(h.shown(each))]], shows: [h.shown(each), h.shown(wallet)] });
    expect(h.judged().violated('FLT-08')).toEqual(['one product under two IBANs']);
  });
  it('FLT-15 is silent where the customer has a product with that IBAN itself', () => {
    const h = startHistory();
    const [, , cash] = mixed(h);
    const iban = ibanOf(h.shown(cash));
    const other = h.customer();
    h.create(other, 'BALANCE_ACCOUNT', { as: { accountData: { iban, modifiedOn: h.time() } } });
    h.list(other, { filters: [['iban', iban]] });
    expect(h.judged().violated('FLT-15')).toEqual([]);
  });
});

describe('FLT-09: several filters together', () => {
  it('hold, or are violated by a product that one of them would not list, or that is left out', () => {
    const h = startHistory();
    const [customer, wallet, cash] = mixed(h);
    const filters: FilterPair[] = [
      ['productType', 'CASH'],
      ['status', 'ACTIVE'],
    ];
    h.list(customer, { filters });
    expect(h.judged().witnesses('FLT-09')).toBe(1);
    h.list(customer, { filters, shows: [h.shown(wallet), h.shown(cash)] });
    expect(h.judged().violated('FLT-09')).toEqual(['productType and status do not go together']);
    h.list(customer, { filters, shows: [] });
    h.get(cash);
    expect(h.judged().violated('FLT-09')).toContain('gone in the list by productType and status');
  });
});

describe('FLT-10: the order of parameters', () => {
  const one: FilterPair[] = [
    ['productType', 'CASH'],
    ['productCode', 'BALANCE_ACCOUNT'],
  ];
  const other = [...one].reverse();
  it('does not matter, or is violated', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    for (const filters of [one, other, one]) h.list(customer, { filters });
    expect(h.judged().witnesses('FLT-10')).toBe(1);
    h.list(customer, { filters: other, shows: [] });
    h.list(customer, { filters: one });
    h.get(cash);
    expect(h.judged().violated('FLT-10')).toEqual(['productCode and productType']);
  });
  it('says nothing of a product that the bank frees for the list in between, and of one that stays what it is', () => {
    const byStatus: FilterPair[] = [
      ['status', 'ACTIVE'],
      ['productType', 'CASH'],
    ];
    const freed = (isFreed: boolean) => {
      const h = startHistory();
      const [customer, , cash] = mixed(h);
      h.change(cash, { status: 'BLOCKED' });
      h.get(cash);
      h.list(customer, { filters: byStatus });
      if (isFreed) h.change(cash, { status: 'ACTIVE' });
      h.list(customer, { filters: [...byStatus].reverse(), shows: [h.shown(cash)] });
      if (isFreed) h.change(cash, { status: 'BLOCKED' });
      h.list(customer, { filters: byStatus });
      h.get(cash);
      return h.judged();
    };
    expect(freed(true).remarks).toEqual([]);
    expect(freed(false).violated('FLT-10')).toEqual(['productType and status']);
  });
  it('is silent within the settle time of a write', () => {
    const h = startHistory({ profile: { settleMs: 1_000 } });
    const [customer] = mixed(h);
    h.list(customer, { filters: one });
    h.list(customer, { filters: other, shows: [] });
    h.list(customer, { filters: one });
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('FLT-11: the lists of all values of one filter', () => {
  const all: Record<string, readonly string[]> = { productType: productTypes, productCode: productCodes, status: statuses };
  const sweep = (h: History, customer: string, wrong: Record<string, readonly Shown[]> = {}) => {
    h.list(customer);
    for (const [name, values] of Object.entries(all))
      for (const value of values) {
        const shows = wrong[`${name}=${value}`];
        h.list(customer, { filters: [[name, value]], ...(shows === undefined ? {} : { shows }) });
      }
    h.list(customer);
    return h.judged();
  };
  it('divide the unfiltered list', () => {
    const h = startHistory();
    expect(sweep(h, mixed(h)[0]).witnesses('FLT-11')).toBe(3);
  });
  it('are violated by a product in none of them, or in two', () => {
    const h = startHistory();
    const [customer, , cash] = mixed(h);
    h.wait(6_000);
    expect(sweep(h, customer, { 'status=BLOCKED': [h.shown(cash)] }).violated('FLT-11')).toEqual(['status: in two lists']);
    expect(sweep(h, customer, { 'productCode=BALANCE_ACCOUNT': [] }).violated('FLT-11')).toContain('productCode: in no list');
  });
  it('are silent about an index that still lags behind the last write', () => {
    const h = startHistory();
    const [customer] = mixed(h);
    expect(sweep(h, customer, { 'productCode=BALANCE_ACCOUNT': [] }).violated('FLT-11')).toEqual([]);
  });
  it('are silent about a product that was blocked and freed meanwhile', () => {
    const h = startHistory();
    const [customer, wallet] = mixed(h);
    h.wait(6_000);
    h.list(customer);
    for (const [name, values] of Object.entries(all))
      for (const value of values) {
        if (value === 'ACTIVE') h.change(wallet, { status: 'BLOCKED' });
        h.list(customer, { filters: [[name, value]] });
        if (value === 'ACTIVE') h.change(wallet, { status: 'ACTIVE' });
      }
    h.list(customer);
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('FLT-14: closing moves a product between the lists', () => {
  it('holds, or is violated by one that stays where it was', () => {
    const h = startHistory();
    const [customer, wallet] = mixed(h);
    h.list(customer, { filters: [['status', 'ACTIVE']] });
    h.close(wallet);
    h.get(wallet);
    h.list(customer, { filters: [['status', 'ACTIVE']] });
    h.list(customer, { filters: [['status', 'CLOSED']] });
    expect(h.judged().witnesses('FLT-14')).toBe(2);
    h.wait(5_000);
    h.list(customer, { filters: [['status', 'CLOSED']], shows: [] });
    expect(h.judged().violated('FLT-14')).toEqual(['gone in the list by status']);
  });
});
