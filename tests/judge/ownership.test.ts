import { describe, expect, it } from 'vitest';
import { type History, startHistory } from './history.ts';

const two = (h: History): { readonly a: string; readonly b: string; readonly p: string; readonly q: string } => {
  const [a, b] = [h.customer(), h.customer()];
  return { a, b, p: h.create(a), q: h.create(b) };
};

describe('OWN-01: a product is listed under one customer only', () => {
  it('holds while another customer has products', () => {
    const h = startHistory();
    const { a, b } = two(h);
    h.list(a);
    h.list(b);
    expect(h.judged().witnesses('OWN-01')).toBe(2);
  });
  it('is violated in the unfiltered list and under a filter', () => {
    const h = startHistory();
    const { a, b, p, q } = two(h);
    h.list(b, { shows: [h.shown(p), h.shown(q)] });
    h.list(a, { filters: [['status', 'ACTIVE']], shows: [h.shown(p), h.shown(q)] });
    expect(h.judged().violated('OWN-01')).toEqual(["in another customer's list", "in another customer's filtered list"]);
  });
  it('is violated in a list that was asked for oddly', () => {
    const h = startHistory();
    const { a, p, q } = two(h);
    const probe = { trial: 'x1', requirement: 'FLT-13', role: 'odd', case: 'with an empty status' } as const;
    h.list(a, { filters: [['status', '']], shows: [h.shown(p)], probe });
    expect(h.judged().violated('OWN-01')).toEqual([]);
    h.list(a, { filters: [['status', '']], shows: [h.shown(p), h.shown(q)], probe });
    expect(h.judged().violated('OWN-01')).toEqual(["in another customer's list that was asked for oddly"]);
  });
  it('says nothing of found products', () => {
    const h = startHistory();
    const [a, b] = [h.customer('shared'), h.customer('shared')];
    const p = h.find(a);
    h.list(a);
    h.list(b, { shows: [h.shown(p)] });
    expect(h.judged().violated('OWN-01')).toEqual([]);
  });
});

describe('OWN-02: what happens under one customer changes nothing under another', () => {
  it('holds where a list is the same around the writes of others', () => {
    const h = startHistory();
    const { a, b, q } = two(h);
    h.list(a);
    h.create(b);
    h.close(q);
    h.list(a);
    expect(h.judged().witnesses('OWN-02')).toBe(1);
    expect(h.judged().remarks).toEqual([]);
  });
  it('is violated by a product that comes, or is closed', () => {
    const h = startHistory();
    const { a, b, p } = two(h);
    h.list(a);
    h.create(b);
    h.find(a);
    h.list(a);
    expect(h.judged().violated('OWN-02')).toEqual(['a product came']);
    h.create(b);
    h.change(p, { status: 'CLOSED', closedOn: h.time() });
    h.list(a);
    expect(h.judged().violated('OWN-02')).toContain('a product was closed');
  });
  it('leaves the bank its own hand, and shared ground to others', () => {
    const h = startHistory();
    const { a, b, p } = two(h);
    const shared = h.customer('shared');
    const mine = h.create(shared);
    h.list(a);
    h.list(shared);
    h.create(b);
    h.change(p, { status: 'BLOCKED' });
    h.change(mine, { status: 'CLOSED', closedOn: h.time() });
    h.find(shared);
    h.list(a);
    h.list(shared);
    expect(h.judged().remarks).toEqual([]);
  });
  it('takes what is bound to a close under the same customer for that, late as it may show', () => {
    const h = startHistory({ profile: { settleMs: 500 } });
    const { a, b, p } = two(h);
    const bound = h.create(a);
    h.get(p);
    h.get(bound);
    const before = h.shown(bound);
    h.close(p);
    h.change(bound, { status: 'CLOSED', closedOn: h.time() });
    h.list(a, { shows: [h.shown(p), before] });
    h.create(b);
    h.list(a);
    expect(h.judged().violated('OWN-02')).toEqual([]);
  });
});
