import { describe, expect, it } from 'vitest';
import { findOffsets } from '../../judge/clock.ts';
import { type History, startHistory, writeMillis, writeSeconds } from './history.ts';

const open = (h: History, customer = h.customer()): string => {
  const p = h.create(customer);
  h.get(p);
  return p;
};

describe('TIM-01: what never changes', () => {
  const changes = {
    productCode: { productCode: 'CURRENCY_WALLET' },
    productType: { productType: 'CASH' },
    currency: { currency: 'USD' },
    createdOn: { createdOn: '2026-03-01T07:00:00Z' },
    openedOn: { openedOn: '2026-03-01T07:30:00Z' },
  };
  for (const [name, over] of Object.entries(changes))
    it(name, () => {
      const h = startHistory();
      const p = open(h);
      h.get(p);
      expect(h.judged().witnesses('TIM-01')).toBe(1);
      h.get(p, h.shown(p, over));
      expect(h.judged().violated('TIM-01')).toEqual([`${name} changes`]);
    });
  it('what list and get show differently all along is LST-03’s', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = open(h, customer);
    const listed = { shows: [h.shown(p, { currency: 'USD', createdOn: '2026-03-01T07:00:00Z' })] };
    h.get(p);
    h.list(customer, listed);
    h.get(p);
    h.list(customer, listed);
    expect(h.judged().violated('TIM-01')).toEqual([]);
    expect(h.judged().violated('LST-03')).not.toEqual([]);
  });
  it('currency and openedOn may come later, and go', () => {
    const h = startHistory();
    const p = h.create(h.customer(), 'WALLET', { as: { currency: undefined, openedOn: undefined, status: 'PENDING' } });
    h.get(p);
    h.change(p, { currency: 'EUR', openedOn: h.time(), status: 'ACTIVE' });
    h.get(p);
    h.get(p, h.shown(p, { currency: undefined, openedOn: undefined }));
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('TIM-02: modifiedOn never goes back', () => {
  it('holds, and is violated', () => {
    const h = startHistory();
    const p = open(h);
    h.wait(2_000);
    h.change(p, { status: 'BLOCKED' });
    h.get(p);
    h.get(p);
    expect(h.judged().witnesses('TIM-02')).toBeGreaterThan(0);
    h.get(p, h.shown(p, { modifiedOn: h.shown(p).createdOn }));
    expect(h.judged().violated('TIM-02')).toEqual(['gone in get']);
  });
  it('lets one view write fewer digits than another', () => {
    const h = startHistory({ write: writeMillis });
    const customer = h.customer();
    const p = open(h, customer);
    h.wait(900);
    h.change(p, { status: 'BLOCKED' });
    h.get(p);
    h.list(customer, { shows: [h.shown(p, { modifiedOn: writeSeconds(Date.parse(String(h.shown(p).modifiedOn))) })] });
    h.get(p);
    expect(h.judged().remarks).toEqual([]);
  });
  it('is told of what goes back in time only: a status alone is another row', () => {
    const h = startHistory();
    const p = open(h);
    h.close(p);
    h.get(p);
    h.get(p, h.shown(p, { status: 'ACTIVE', closedOn: undefined }));
    expect(h.judged().violated('TIM-02')).toEqual([]);
  });
});

describe('TIM-03: times in their order', () => {
  const shows = (over: Record<string, unknown>) => {
    const h = startHistory();
    const p = open(h);
    h.close(p);
    h.get(p, h.shown(p, over));
    return h.judged();
  };
  it('hold', () => expect(shows({}).witnesses('TIM-03')).toBe(2));
  it('are violated beyond the tolerance for clocks', () => {
    expect(shows({ openedOn: '2026-03-01T07:59:59.500Z' }).violated('TIM-03')).toEqual(['openedOn before createdOn']);
    expect(shows({ modifiedOn: '2026-03-01T07:59:59.500Z' }).violated('TIM-03')).toEqual(['modifiedOn before createdOn']);
    expect(shows({ openedOn: '2026-03-01T09:00:00Z', createdOn: undefined }).violated('TIM-03')).toEqual(['closedOn before openedOn']);
    expect(shows({ closedOn: '2026-03-01T07:00:00Z', openedOn: undefined }).violated('TIM-03')).toEqual(['closedOn before createdOn']);
    expect(shows({ openedOn: '2026-03-01T07:59:59.900Z' }).violated('TIM-03')).toEqual([]);
  });
  it('allow for the precision shown', () => {
    const whole = '2026-03-01T08:00:00Z';
    const { violated } = shows({ createdOn: '2026-03-01T08:00:00.9Z', openedOn: whole, modifiedOn: whole, closedOn: whole });
    expect(violated('TIM-03')).toEqual([]);
  });
  it('are compared as moments, whatever their zones', () => {
    const h = startHistory();
    const p = h.create(h.customer());
    h.get(p, h.shown(p, { openedOn: '2026-03-01T02:30:00.100-05:30', modifiedOn: '2026-03-01T10:00:00.100+02:00' }));
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('TIM-04 and CLS-03: events of ours, by one offset of clocks', () => {
  const run = (h: History, shift: (index: number) => number, closeShift: (index: number) => number = () => 0, count = 6) => {
    for (let index = 0; index < count; index += 1) {
      const p = h.create(h.customer(), 'WALLET', { at: h.now + 2 + shift(index) });
      h.get(p);
      h.wait(10);
      h.close(p, { at: h.now + 2 + closeShift(index) });
      h.get(p);
      h.wait(50);
    }
    const { violated, witnesses } = h.judged();
    return { created: violated('TIM-04'), closed: violated('CLS-03'), witnesses: witnesses('TIM-04') + witnesses('CLS-03') };
  };
  it('hold whatever the offset, and in whole seconds', () => {
    for (const clockMs of [0, 7_200_000, -86_400_000])
      for (const write of [writeMillis, writeSeconds]) {
        const { created, closed, witnesses } = run(startHistory({ clockMs, write }), () => 0);
        expect([created, closed, witnesses]).toEqual([[], [], 12]);
      }
  });
  it('are violated by one that lies outside its request', () => {
    expect(run(startHistory(), (index) => (index === 3 ? 2_000 : 0)).created).toEqual(['later']);
    expect(run(startHistory(), (index) => (index === 3 ? -2_000 : 0)).created).toEqual(['earlier']);
    expect(
      run(
        startHistory(),
        () => 0,
        () => 1_500,
      ).closed,
    ).toEqual(['later']);
    expect(
      run(
        startHistory(),
        () => 0,
        (index) => (index < 2 ? -900 : 0),
      ).closed,
    ).toEqual(['earlier']);
  });
  it('allow clocks of several nodes that are the tolerance apart', () => {
    const nodes = (index: number): number => (index % 2 === 0 ? 0 : 240);
    const { created, closed } = run(startHistory(), nodes, (index) => nodes(index + 1));
    expect([created, closed]).toEqual([[], []]);
  });
  it('TIM-04 is violated where no offset explains the most', () => {
    expect(run(startHistory(), (index) => index * 5_000).created).toEqual(['no offset explains them']);
  });
  it('allow a close to take effect between its answer and the first sight of it', () => {
    const h = startHistory();
    for (let index = 0; index < 5; index += 1) {
      const p = open(h);
      h.close(p, { at: h.now + 400 });
      h.wait(800);
      h.get(p);
    }
    expect(h.judged().violated('CLS-03')).toEqual([]);
  });
  it('CLS-03 takes a product that closed along with another for closed then (R-BOUND)', () => {
    const h = startHistory();
    const customer = h.customer();
    const [p, q] = [open(h, customer), open(h, customer)];
    open(h);
    h.close(p);
    h.change(q, { status: 'CLOSED', closedOn: h.shown(p).closedOn });
    h.wait(1_000);
    h.close(q);
    h.get(q);
    expect(h.judged().violated('CLS-03')).toEqual([]);
  });
  it('CLS-03 leaves it to others on shared ground', () => {
    const h = startHistory();
    const p = open(h, h.customer('shared'));
    open(h);
    open(h);
    h.change(p, { status: 'CLOSED', closedOn: h.time() });
    h.wait(1_000);
    h.close(p);
    h.get(p);
    expect(h.judged().violated('CLS-03')).toEqual([]);
  });
  it('finds the offsets that most agree on', () => {
    const at = (low: number, high: number) => ({ low, high });
    expect(findOffsets([at(0, 10), at(5, 15), at(8, 20), at(900, 901)], 0)).toEqual({ from: 8, to: 10 });
    expect(findOffsets([at(0, 1), at(0, 1)], 0)).toBeUndefined();
    expect(findOffsets([at(0, 1), at(10, 11), at(20, 21), at(30, 31)], 0)).toBeUndefined();
    expect(findOffsets([at(0, 0), at(100, 100), at(0, 0), at(100, 100)], 100)).toEqual({ from: 50, to: 50 });
  });
});

describe('TIM-05: modifiedOn moves when a property changes', () => {
  const changed = (restMs: number, over: Record<string, unknown>, write = writeMillis) => {
    const h = startHistory({ write });
    const p = open(h);
    h.wait(restMs);
    h.get(p);
    const before = h.shown(p).modifiedOn;
    h.change(p, { status: 'BLOCKED', ...over });
    h.get(p, over.modifiedOn === null ? h.shown(p, { modifiedOn: before }) : h.shown(p));
    return h.judged();
  };
  it('holds, is violated, and asks nothing within a second and one unit', () => {
    expect(changed(1_200, {}).witnesses('TIM-05')).toBe(1);
    expect(changed(1_200, { modifiedOn: null }).violated('TIM-05')).toEqual(['status changes, modifiedOn does not']);
    expect(changed(900, { modifiedOn: null }).violated('TIM-05')).toEqual([]);
    expect(changed(1_500, { modifiedOn: null }, writeSeconds).violated('TIM-05')).toEqual([]);
  });
  it('holds where one moment is written to another precision each time', () => {
    const h = startHistory();
    const p = open(h);
    h.get(p);
    h.wait(2_500);
    const shown = h.shown(p);
    h.get(p, { ...shown, modifiedOn: `${String(shown.modifiedOn).slice(0, 19)}Z` });
    h.change(p, { status: 'BLOCKED' });
    h.get(p);
    expect([h.judged().witnesses('TIM-05'), h.judged().violated('TIM-05')]).toEqual([1, []]);
  });
  it('leaves a status that is none to the shapes', () => {
    const h = startHistory();
    const p = open(h);
    h.wait(3_000);
    h.get(p);
    h.get(p, h.shown(p, { status: 'OPEN' }));
    expect(h.judged().violated('TIM-05')).toEqual([]);
  });
  it('takes no disagreement of list and get for a change', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = open(h, customer);
    h.wait(3_000);
    h.get(p);
    h.list(customer, { shows: [h.shown(p, { currency: 'USD' })] });
    expect(h.judged().violated('TIM-05')).toEqual([]);
  });
});

describe('R-TIME: a leap second', () => {
  it('a product made within it, and opened and changed after it, is remarked on by no row', () => {
    const h = startHistory();
    const customer = h.customer();
    const leap = '2026-06-30T23:59:60.700Z';
    const p = h.create(customer, 'WALLET', { as: { createdOn: leap, modifiedOn: leap, openedOn: undefined, status: 'PENDING' } });
    h.get(p);
    const opened = '2026-07-01T00:00:00.200Z';
    h.change(p, { status: 'ACTIVE', openedOn: opened, modifiedOn: opened });
    h.get(p);
    h.list(customer);
    h.change(p, { status: 'BLOCKED', modifiedOn: '2026-07-01T00:00:00.300Z' });
    h.list(customer);
    h.get(p);
    // Date knows nothing of it here.
    expect(h.judged().remarks.filter((remark) => !remark.startsWith('TIM-07'))).toEqual([]);
  });
});

describe('R-CLOCK: a clock that is behind stamps what the bank does by its own hand', () => {
  /** Seen; then moved to another status, stamped by a clock so far behind; then seen in both views for 8 s. */
  const movedBehind = (behindMs: number, restMs: number, clockToleranceMs = 250, [first, then] = ['ACTIVE', 'BLOCKED']) => {
    const h = startHistory({ profile: { clockToleranceMs } });
    const customer = h.customer();
    const p = h.create(customer, 'WALLET', { as: { status: first, ...(first === 'ACTIVE' ? {} : { openedOn: undefined }) } });
    h.get(p);
    h.wait(restMs);
    h.get(p);
    h.change(p, { status: then, modifiedOn: h.time(h.now - behindMs) });
    for (let second = 0; second < 8; second += 1) {
      h.get(p);
      h.list(customer);
      h.wait(1_000);
    }
    return h.judged();
  };
  it('no row takes it for a step back within the tolerance', () => {
    expect(movedBehind(160, 40).remarks).toEqual([]);
    expect(movedBehind(160, 40, 250, ['RECEIVED', 'PENDING']).remarks).toEqual([]);
    expect(movedBehind(4_000, 2_000, 5_000).remarks).toEqual([]);
    // That it moved bears witness all the same.
    expect(movedBehind(0, 2_000, 5_000).witnesses('TIM-05')).toBe(1);
  });
  it('beyond the tolerance it is one', () => {
    expect(movedBehind(400, 40).violated('TIM-02')).toEqual(['gone in get']);
    expect(movedBehind(400, 40).violated('LST-03')).toEqual(['missing in the list']);
  });
  it('blocked and freed within it, the product is what its view showed last', () => {
    const h = startHistory();
    const customer = h.customer();
    const p = h.create(customer);
    h.get(p);
    h.change(p, { status: 'BLOCKED', modifiedOn: h.time(h.now + 100) });
    h.get(p);
    h.list(customer);
    h.change(p, { status: 'ACTIVE', modifiedOn: h.time(h.now + 20) });
    for (let second = 0; second < 8; second += 1) {
      h.list(customer);
      h.get(p);
      h.wait(1_000);
    }
    expect(h.judged().remarks).toEqual([]);
  });
});

describe('TIM-06: no openedOn before it opens', () => {
  it('holds, and is violated', () => {
    const h = startHistory();
    h.get(h.create(h.customer(), 'WALLET', { as: { status: 'RECEIVED', openedOn: undefined } }));
    expect(h.judged().witnesses('TIM-06')).toBe(1);
    h.get(h.create(h.customer(), 'WALLET', { as: { status: 'PENDING' } }));
    expect(h.judged().violated('TIM-06')).toEqual(['openedOn while PENDING']);
  });
});

describe('TIM-07: createdOn and Date', () => {
  it('within a minute holds, beyond is warned of (R-CLOCK)', () => {
    const apart = (clockMs: number) => {
      const h = startHistory({ clockMs });
      open(h);
      return h.judged();
    };
    expect(apart(-50_000).witnesses('TIM-07')).toBe(1);
    expect(apart(62_000).warned('TIM-07')).toEqual(['createdOn far from Date']);
    expect(apart(-3_600_000).remarks).toEqual(['TIM-07 createdOn far from Date']);
  });
});

describe('TIM-08: modifiedOn rests', () => {
  const moving = (h: History, p: string, times: number, over: Record<string, unknown> = {}) => {
    for (let time = 0; time < times; time += 1) {
      h.change(p, over);
      h.get(p);
    }
    return h.judged();
  };
  it('holds, and is violated by one that moves by itself again and again', () => {
    const h = startHistory();
    const p = open(h);
    h.get(p);
    expect(h.judged().witnesses('TIM-08')).toBe(1);
    expect(moving(h, p, 2).violated('TIM-08')).toEqual([]);
    expect(moving(h, p, 1).violated('TIM-08')).toEqual(['modifiedOn moves by itself']);
  });
  it('is silent where something else moved with it, documented or not, and on shared ground', () => {
    const h = startHistory();
    const p = open(h);
    for (let balance = 0; balance < 4; balance += 1) moving(h, p, 1, { accountData: { availableBalance: balance } });
    expect(h.judged().violated('TIM-08')).toEqual([]);
    expect(moving(h, open(h, h.customer('shared')), 5).violated('TIM-08')).toEqual([]);
  });
});

describe('LIF-01: the order of statuses', () => {
  const through = (...statuses: readonly string[]) => {
    const h = startHistory();
    const p = h.create(h.customer(), 'WALLET', { as: { status: statuses[0], openedOn: undefined } });
    for (const status of statuses) {
      h.wait(10);
      h.change(p, { status });
      h.get(p);
    }
    return h.judged();
  };
  it('holds once a product has opened, or ended', () => {
    expect(through('ACTIVE', 'ACTIVE').witnesses('LIF-01')).toBe(0);
    expect(through('RECEIVED', 'PENDING', 'RECEIVED', 'ACTIVE').witnesses('LIF-01')).toBeGreaterThan(0);
    expect(through('PENDING', 'REJECTED', 'REJECTED').witnesses('LIF-01')).toBeGreaterThan(0);
  });
  it('is violated by a return, and by what becomes of what has ended', () => {
    expect(through('PENDING', 'ACTIVE', 'PENDING').violated('LIF-01')).toEqual(['ACTIVE became PENDING']);
    expect(through('INVALID', 'ACTIVE').violated('LIF-01')).toEqual(['INVALID became ACTIVE']);
    expect(through('REJECTED', 'INVALID').violated('LIF-01')).toEqual(['REJECTED became INVALID']);
  });
  /** Made by one clock and opened by another that is 60 ms behind; a list asked for later shows the state before, and another the new one. */
  const openedBehind = (profile: Parameters<typeof startHistory>[0], listedAfterMs: number, over = {}) => {
    const h = startHistory(profile);
    const c = h.customer();
    const p = h.create(c, 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    const before = h.shown(p, over);
    h.list(c, { shows: [] });
    h.change(p, { status: 'ACTIVE', openedOn: h.time(h.now - 60), modifiedOn: h.time(h.now - 60) });
    h.get(p);
    h.wait(listedAfterMs);
    h.list(c, { shows: [before] });
    h.get(p);
    h.wait(1_000);
    h.list(c);
    return h.judged();
  };
  it('is silent about an old read where the clock that opens is behind the one that makes', () => {
    expect(openedBehind({ profile: { settleMs: 500 } }, 100).remarks).toEqual([]);
    // Undeclared, that lists lag is said elsewhere.
    for (const id of ['LIF-01', 'LST-03'] as const) expect(openedBehind({}, 100).violated(id)).toEqual([]);
  });
  it('is violated where it cannot be an old read', () => {
    const cause = ['ACTIVE became PENDING'];
    expect(openedBehind({ profile: { settleMs: 500 } }, 600).violated('LIF-01')).toEqual(cause);
    expect(openedBehind({ profile: { settleMs: 500 } }, 100, { modifiedOn: '2026-03-01T08:00:00.400Z' }).violated('LIF-01')).toEqual(cause);
  });
  it('is silent about a stale read, and about what we closed', () => {
    const h = startHistory({ profile: { settleMs: 500 }, write: writeSeconds });
    const p = h.create(h.customer(), 'WALLET', { as: { status: 'PENDING', openedOn: undefined } });
    const before = h.shown(p);
    h.change(p, { status: 'ACTIVE', openedOn: h.time() });
    h.get(p, before);
    h.get(p);
    h.get(p, before);
    h.get(p);
    const ended = h.create(h.customer(), 'WALLET', { as: { status: 'REJECTED', openedOn: undefined } });
    h.get(ended);
    h.close(ended);
    h.get(ended);
    expect(h.judged().remarks).toEqual([]);
  });
});
