import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearize, type Timed } from '../../judge/linearizability.ts';
import { type RegisterOperation, type RegisterState, register } from '../../judge/register.ts';
import { parseMoment } from '../../spec/moment.ts';

type Op = Timed<RegisterOperation>;

const moment = (second: number) => parseMoment(`2026-03-01T08:00:${String(second).padStart(2, '0')}.000Z`)!;
const at = (from: number, to: number, operation: RegisterOperation, optional = false): Op => ({ operation, from, to, optional });
const create = (from: number, to: number) => at(from, to, { do: 'create' });
const close = (from: number, to: number) => at(from, to, { do: 'close' });
/** Cut, or timed out: at any later time, or never. */
const cutClose = (from: number) => at(from, Number.POSITIVE_INFINITY, { do: 'close' }, true);
const absent = (from: number, to: number) => at(from, to, { do: 'read', shows: 'absent' });
const open = (from: number, to: number) => at(from, to, { do: 'read', shows: 'open' });
const closed = (from: number, to: number, second = 1) => at(from, to, { do: 'read', shows: 'closed', closedOn: moment(second) });
const verdict = (history: readonly Op[], budget?: number) => linearize(register, history, budget).verdict;

describe('histories that have an order', () => {
  const good: Readonly<Record<string, readonly Op[]>> = {
    'nothing at all': [],
    'one after the other': [create(0, 1), open(2, 3), close(4, 5), closed(6, 7)],
    'reads during a close, old and new': [create(0, 1), close(2, 10), open(3, 4), closed(5, 6), closed(7, 12)],
    'an old read that began before a new one ended': [create(0, 1), close(2, 10), closed(3, 8), open(7, 9)],
    'a list that lacks what is being created, and one that runs ahead of the answer': [create(0, 10), absent(1, 4), open(5, 6)],
    'closes in parallel, and one closedOn': [create(0, 1), close(2, 9), close(3, 8), close(4, 20), closed(5, 6), closed(21, 22)],
    'a cut close that took effect late': [create(0, 1), cutClose(2), open(50, 51), closed(60, 61)],
    'a cut close that never did': [create(0, 1), cutClose(2), open(50, 51), open(60, 61)],
    'closing again': [create(0, 1), close(2, 3), closed(4, 5), close(6, 7), closed(8, 9)],
    'what ended in the moment the other began': [create(0, 1), close(2, 5), open(5, 6), closed(7, 8)],
  };
  it.each(Object.entries(good))('%s', (_, history) => {
    expect(verdict(history)).toBe('linearizable');
  });
  it('and the order explains them, leaving out what never happened', () => {
    const history = [closed(8, 12), cutClose(0), close(3, 10), open(4, 6), create(1, 2)];
    expect(linearize(register, history).order).toEqual([4, 3, 2, 0]);
  });
});

describe('histories that have none', () => {
  const bad: Readonly<Record<string, readonly Op[]>> = {
    'open again after it was seen closed': [create(0, 1), close(2, 10), closed(3, 4), open(5, 6)],
    'open after the close was answered': [create(0, 1), close(2, 3), open(4, 5)],
    'closed before anyone asked': [create(0, 1), closed(2, 3), close(4, 5)],
    'two values of closedOn': [create(0, 1), close(2, 9), close(3, 8), closed(4, 5, 1), closed(10, 11, 2)],
    'there before it was created': [open(0, 1), create(2, 3)],
    'gone after it was seen': [create(0, 10), open(1, 2), absent(3, 4)],
    'not there after it was created': [create(0, 1), absent(2, 3)],
    'back and forth after a cut close': [create(0, 1), cutClose(2), closed(3, 4), open(5, 6), closed(7, 8)],
    'closed before it was created': [close(0, 1), create(2, 3)],
  };
  it.each(Object.entries(bad))('%s', (_, history) => {
    expect(verdict(history)).toBe('not');
  });
});

describe('the budget', () => {
  it('spent, says so, and neither of the others', () => {
    const history = [create(0, 1), ...Array.from({ length: 30 }, () => cutClose(2)), closed(3, 4), open(5, 6)];
    expect(verdict(history, 20)).toBe('spent');
    expect(verdict(history)).toBe('not');
  });
  it('lasts for forty closes in parallel with forty reads', () => {
    const history = [
      create(0, 1),
      ...Array.from({ length: 40 }, (_, index) => [close(2, 90 + index), index < 20 ? open(3, 80) : closed(3, 81)]).flat(),
    ];
    expect(verdict(history)).toBe('linearizable');
  });
});

/** What one client wanted, how long before and after its moment it was sent and answered, and what became of the answer. */
const request = fc.record({
  kind: fc.constantFrom('create' as const, 'close' as const, 'read' as const, 'read' as const, 'read' as const),
  before: fc.integer({ min: 0, max: 60 }),
  after: fc.integer({ min: 1, max: 60 }),
  fate: fc.constantFrom('answered', 'answered', 'answered', 'cut and done', 'cut and not done'),
});

/** A bank that does one thing after the other, 10 ms apart, asked by clients whose requests overlap. */
function simulate(requests: readonly (typeof request extends fc.Arbitrary<infer T> ? T : never)[]): Op[] {
  let state: RegisterState = register.init;
  return requests.flatMap(({ kind, before, after, fate }, index): Op[] => {
    const now = index * 10;
    const [from, to] = [now - before, now + after];
    if (kind === 'read')
      return [
        at(from, to, state.is === 'closed' ? { do: 'read', shows: 'closed', closedOn: state.closedOn! } : { do: 'read', shows: state.is }),
      ];
    const cut = fate !== 'answered';
    const never: Op = at(from, Number.POSITIVE_INFINITY, { do: kind }, true);
    if (fate === 'cut and not done') return [never];
    // Refused, it did nothing and leaves no trace in the history.
    if (kind === 'create' ? state.is !== 'absent' : state.is === 'absent') return cut ? [never] : [];
    if (kind === 'create') state = { is: 'open' };
    else if (state.is === 'open') state = { is: 'closed', closedOn: moment(index % 60) };
    return [cut ? never : at(from, to, { do: kind })];
  });
}

const histories = fc.array(request, { maxLength: 40 }).map(simulate);

describe('any history of a bank that does one thing after the other', () => {
  it('has an order, however its requests overlap', () => {
    fc.assert(
      fc.property(histories, (history) => verdict(history) === 'linearizable'),
      { numRuns: 400 },
    );
  });
  it('has none with a read of the old value after a new one was seen', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const seen = history.find(({ operation }) => operation.do === 'read' && operation.shows === 'closed');
        fc.pre(seen !== undefined);
        expect(verdict([...history, open(seen!.to + 1, seen!.to + 2)])).toBe('not');
      }),
      { numRuns: 200 },
    );
  });
  it('has none with a second closedOn, whenever it was read', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: -100, max: 500 }), (history, from) => {
        fc.pre(history.some(({ operation }) => operation.do === 'read' && operation.shows === 'closed'));
        expect(
          verdict([...history, at(from, from + 100, { do: 'read', shows: 'closed', closedOn: parseMoment('2027-01-01T00:00:00Z')! })]),
        ).toBe('not');
      }),
      { numRuns: 200 },
    );
  });
});

/** The same question, answered by trying all orders of all choices of the optional ones. */
function hasOrder(history: readonly Op[], states: readonly RegisterState[] = [register.init]): boolean {
  if (states.length === 0) return false;
  if (history.every(({ optional }) => optional)) return true;
  return history.some((first, index) => {
    const rest = history.filter((_, other) => other !== index);
    if (rest.some(({ to, optional }) => !optional && to < first.from)) return false;
    return hasOrder(
      rest,
      states.flatMap((state) => register.step(state, first.operation)),
    );
  });
}

const anyOperation: fc.Arbitrary<RegisterOperation> = fc.oneof(
  fc.constantFrom<RegisterOperation>({ do: 'create' }, { do: 'close' }, { do: 'read', shows: 'absent' }, { do: 'read', shows: 'open' }),
  fc.integer({ min: 1, max: 2 }).map((second): RegisterOperation => ({ do: 'read', shows: 'closed', closedOn: moment(second) })),
);
const anyHistory = fc.array(
  fc
    .tuple(anyOperation, fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 6 }), fc.boolean())
    .map(([operation, from, length, cut]) =>
      cut && operation.do !== 'read' ? at(from, Number.POSITIVE_INFINITY, operation, true) : at(from, from + length, operation),
    ),
  { maxLength: 6 },
);

it('says of any small history what trying all orders says', () => {
  fc.assert(
    fc.property(anyHistory, (history) => (verdict(history) === 'linearizable') === hasOrder(history)),
    { numRuns: 2_000 },
  );
});
