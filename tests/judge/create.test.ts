import { describe, expect, it } from 'vitest';
import { type History, problem, startHistory } from './history.ts';

const ours = (h: History): [string, string] => {
  const customer = h.customer();
  return [customer, h.create(customer)];
};
const json = (value: unknown) => ({ body: { text: JSON.stringify(value), octets: JSON.stringify(value).length, sha256: '' } });

describe('CRE-01: the id a create answers can be read afterwards', () => {
  it('holds once the product is got', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p);
    expect(h.judged().witnesses('CRE-01')).toBe(1);
    expect(h.judged().remarks).toEqual([]);
  });
  it('is violated when it is still not found after 5 s', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p, undefined, { answer: problem(404) });
    h.wait(5_001);
    expect(h.judged().violated('CRE-01')).toEqual([]);
    h.get(p, undefined, { answer: problem(404) });
    expect(h.judged().violated('CRE-01')).toEqual(['missing in get']);
  });
  it('takes no answer that cannot be read, and no odd spelling, for absence', () => {
    for (const way of [
      { answer: { status: 203 } },
      { answer: { status: 200, headers: [['Content-Type', 'application/json']] as const } },
      { answer: problem(404), probe: { trial: 't', requirement: 'LST-11', case: 'of an id in capitals', role: 'spelling' } },
    ] as const) {
      const h = startHistory();
      const [, p] = ours(h);
      h.get(p);
      h.wait(6_000);
      h.get(p, undefined, way);
      h.wait(6_000);
      h.get(p, undefined, way);
      for (const id of ['CRE-01', 'LST-04', 'LST-09', 'CON-03'] as const) expect(h.judged().violated(id), id).toEqual([]);
    }
  });
  it('is violated when another product comes instead', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    const q = h.create(customer);
    h.wait(6_000);
    h.get(p, h.shown(q));
    expect(h.judged().violated('CRE-01')).toEqual(['missing in get']);
    expect(h.judged().violated('LST-07')).toEqual(['another product']);
  });
  it('is warned of when it shows late and no settle time is declared', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p, undefined, { answer: problem(404) });
    h.wait(300);
    h.get(p);
    expect(h.judged().warned('CRE-01')).toEqual(['late in get']);
    expect(h.judged().remarks).toEqual(['CRE-01 late in get']);
  });
  it('is violated when it goes back', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p);
    h.get(p, undefined, { answer: problem(404) });
    expect(h.judged().violated('CRE-01')).toEqual(['gone in get']);
  });
  it('goes to and fro within a declared settle time, and never after it', () => {
    const h = startHistory({ profile: { settleMs: 300 } });
    const [, p] = ours(h);
    h.get(p);
    h.get(p, undefined, { answer: problem(404) });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
    h.wait(300);
    h.get(p, undefined, { answer: problem(404) });
    expect(h.judged().violated('CRE-01')).toEqual(['gone in get']);
  });
  it('says nothing of reads that were asked for before the create was answered', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { when: [0, 20] });
    h.get(p, undefined, { when: [10, 7_000], answer: problem(404) });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('says nothing of products that were PENDING and vanished for good (R-ENDED)', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    h.get(p);
    h.wait(6_000);
    h.get(p, undefined, { answer: problem(404) });
    h.list(customer, { shows: [] });
    h.wait(6_000);
    h.list(customer, { shows: [], filters: [['productCode', 'WALLET']] });
    expect(h.judged().remarks).toEqual([]);
  });
  it('is violated when a product that had vanished is there again', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    h.get(p);
    h.get(p, undefined, { answer: problem(404) });
    h.get(p);
    expect(h.judged().violated('CRE-01')).toEqual(['gone in get']);
  });
  it('says nothing of answers that are no answers (R-BUSY)', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p);
    for (const status of [429, 503, 502, 504]) h.get(p, undefined, { answer: problem(status) });
    h.get(p);
    const { violated } = h.judged();
    expect([violated('CRE-01'), violated('LST-04'), violated('LST-09')]).toEqual([[], [], []]);
  });
});

describe('CRE-02: a new product has the code that was asked for', () => {
  it('holds, or is violated by another code', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p);
    expect(h.judged().witnesses('CRE-02')).toBe(1);
    const q = h.create(h.customer());
    h.get(q, h.shown(q, { productCode: 'CURRENCY_WALLET' }));
    expect(h.judged().violated('CRE-02')).toEqual(['WALLET became CURRENCY_WALLET']);
  });
  it('that it comes in other letters is SCH-07’s', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p, h.shown(p, { productCode: 'wallet' }));
    expect(h.judged().violated('CRE-02')).toEqual([]);
  });
  it('that the code changes later is TIM-01’s', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.get(p);
    h.get(p, h.shown(p, { productCode: 'CURRENCY_WALLET' }));
    expect([h.judged().violated('CRE-02'), h.judged().violated('TIM-01')]).toEqual([[], ['productCode changes']]);
  });
});

describe('CRE-03 and CRE-06: no id twice, two creates two products', () => {
  const twice = (h: History, between: (p: string) => void = () => {}) => {
    const customer = h.customer();
    const p = h.create(customer);
    h.get(p);
    between(p);
    h.create(customer, 'WALLET', { answer: json({ customerProductId: p.toUpperCase() }) });
    return h.judged();
  };
  it('hold for two ids', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.create(customer);
    expect([h.judged().witnesses('CRE-03'), h.judged().witnesses('CRE-06')]).toEqual([2, 1]);
  });
  it('are violated when one id is answered twice, in whatever letters', () => {
    const { violated } = twice(startHistory());
    expect([violated('CRE-03'), violated('CRE-06')]).toEqual([['an id given twice'], ['the second create made nothing']]);
  });
  it('one open product a code: CRE-06 warns, CRE-03 is silent (R-LIMITS)', () => {
    const { warned, violated } = twice(startHistory({ profile: { openProductsPerCode: 1 } }));
    expect([violated('CRE-03'), violated('CRE-06'), warned('CRE-06'), warned('CRE-03')]).toEqual([
      [],
      [],
      ['the second create made nothing'],
      [],
    ]);
  });
  it('one open product a code: the id of one that is no longer open is no answer', () => {
    const h = startHistory({ profile: { openProductsPerCode: 1 } });
    const { violated } = twice(h, (p) => {
      h.close(p);
      h.get(p);
    });
    expect(violated('CRE-03')).toEqual(['an id given twice']);
    expect(violated('CRE-06')).toEqual(['the second create made nothing']);
  });
  it('are violated across customers too', () => {
    const h = startHistory({ profile: { openProductsPerCode: 1 } });
    const [, p] = ours(h);
    h.create(h.customer(), 'WALLET', { answer: json({ customerProductId: p }) });
    expect(h.judged().violated('CRE-03')).toEqual(['an id given twice']);
  });
  it('CRE-06 holds when the second is refused and a list shows that it made nothing', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.list(customer);
    h.create(customer, 'WALLET', { answer: problem(409) });
    expect(h.judged().witnesses('CRE-06')).toBe(0);
    h.list(customer);
    expect(h.judged().witnesses('CRE-06')).toBe(1);
    expect(h.judged().violated('CRE-06')).toEqual([]);
  });
  it('a product listed before its create was answered is still the one that was created', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { when: [0, 50] });
    h.list(customer, { when: [10, 20], filters: [['productCode', 'WALLET']] });
    h.list(customer, { when: [60, 70] });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
    expect([h.judged().witnesses('CRE-03'), h.judged().witnesses('CRE-09')]).toEqual([1, 1]);
  });
});

describe('CRE-04: a new product is not CLOSED', () => {
  const bornClosed = (h: History, customer: string): string => {
    const at = h.time();
    return h.create(customer, 'WALLET', { as: { status: 'CLOSED', closedOn: at } });
  };
  it('holds for one that is open, and is violated by one that is not', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    h.get(p);
    expect(h.judged().witnesses('CRE-04')).toBe(1);
    h.get(bornClosed(h, customer));
    expect(h.judged().violated('CRE-04')).toEqual(['born closed']);
  });
  it('says nothing of one that we closed before it was looked at', () => {
    const h = startHistory();
    const [, p] = ours(h);
    h.close(p);
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('says nothing of one that may have closed along with another (R-BOUND)', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    h.get(p);
    const q = bornClosed(h, customer);
    h.close(p);
    h.get(q);
    expect(h.judged().violated('CRE-04')).toEqual([]);
  });
  it('says nothing where others may have closed it, unless they would have closed every one', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    h.get(bornClosed(h, customer));
    h.get(bornClosed(h, customer));
    expect(h.judged().violated('CRE-04')).toEqual([]);
    h.get(bornClosed(h, customer));
    expect(h.judged().violated('CRE-04')).toEqual(['born closed']);
    h.get(h.create(customer));
    expect(h.judged().violated('CRE-04')).toEqual([]);
  });
});

describe('CRE-05: a new product appears exactly once in its list', () => {
  it('holds, and is violated by one that is missing or stands there twice', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    h.list(customer);
    expect(h.judged().witnesses('CRE-05')).toBe(1);
    h.list(customer, { shows: [h.shown(p), h.shown(p)] });
    expect(h.judged().violated('CRE-05')).toEqual(['listed twice']);
    expect(h.judged().violated('LST-02')).toEqual(['twice in the list']);
    h.list(customer, { shows: [] });
    expect(h.judged().violated('CRE-05')).toEqual(['listed twice', 'gone in the list']);
  });
});

describe('CRE-08: an ACTIVE product has openedOn', () => {
  it('is violated by one that never shows it while others do', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    h.get(p);
    const q = h.create(customer, 'WALLET', { as: { openedOn: undefined } });
    h.get(q);
    expect(h.judged().violated('CRE-08')).toEqual(['ACTIVE without openedOn']);
    h.get(q, h.shown(q, { openedOn: h.shown(q).createdOn }));
    expect(h.judged().violated('CRE-08')).toEqual([]);
  });
  it('leaves the optional property out where a view never shows it', () => {
    const h = startHistory();
    const [customer, p] = ours(h);
    h.get(p);
    h.create(customer);
    h.list(customer, { shows: [h.shown(p, { openedOn: undefined })] });
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('CRE-09: one create adds exactly one product', () => {
  it('holds, and is violated by a second product that no create was answered with', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.list(customer);
    expect(h.judged().witnesses('CRE-09')).toBe(1);
    h.create(customer);
    h.find(customer);
    h.list(customer);
    expect(h.judged().violated('CRE-09')).toEqual(['a product nobody asked for']);
  });
  it('leaves open what a create that was cut off may have made, however late', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.list(customer);
    h.create(customer, 'WALLET', { answer: 'cut' });
    h.list(customer, { shows: [] });
    h.wait(20_000);
    h.list(customer);
    const { violated } = h.judged();
    expect([violated('CRE-09'), violated('OWN-02'), violated('REF-11')]).toEqual([[], [], []]);
  });
  it('leaves open what a create that was answered 503 may have made', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.create(customer, 'WALLET', { answer: problem(503) });
    h.find(customer);
    h.list(customer);
    expect(h.judged().violated('CRE-09')).toEqual([]);
  });
  it('blames no create for the answer of another that gave no id', () => {
    const h = startHistory();
    const [customer] = ours(h);
    h.create(customer, 'WALLET', { answer: json({}) });
    h.list(customer, { shows: [] });
    h.wait(300);
    h.list(customer);
    expect(h.judged().violated('CRE-09')).toEqual([]);
  });
  it('on shared ground it holds, and others come and go', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    h.find(customer);
    h.list(customer);
    h.create(customer);
    h.list(customer);
    expect(h.judged().witnesses('CRE-09')).toBe(1);
    for (let time = 0; time < 5; time += 1) {
      h.create(customer);
      if (time % 2 === 0) h.find(customer);
      h.list(customer);
    }
    expect(h.judged().remarks).toEqual([]);
  });
  it('on shared ground it is violated when one more comes with each of three creates', () => {
    const h = startHistory();
    const customer = h.customer('shared');
    h.list(customer);
    for (let time = 0; time < 3; time += 1) {
      expect(h.judged().violated('CRE-09')).toEqual([]);
      h.create(customer);
      h.find(customer);
      h.list(customer);
    }
    expect(h.judged().violated('CRE-09')).toEqual(['a product nobody asked for']);
  });
});
