/** The history of one product, as far as it can matter to the search for an order. */
import { isSameMoment, type Product } from '../generators/model/product.ts';
import type { Moment } from '../spec/moment.ts';
import type { Timed } from './linearizability.ts';
import type { Interval } from './overlaps.ts';
import type { RegisterOperation } from './register.ts';

/** A read of a product, by its id or in an unfiltered list. */
export interface Read extends Interval {
  readonly id: string;
  readonly view: 'get' | 'list';
  readonly shows: 'absent' | 'open' | 'closed';
  readonly closedOn: Moment | undefined;
}

/**
 * All reads that show the same in one view. A register never returns to a state it has left, so of these only two can contradict
 * anything: the one that ended first, and the one that began last. So memory grows with products, not with reads.
 */
interface Alike {
  endedFirst: Read;
  beganLast: Read;
}

/** More values of closedOn than this say no more. */
const valuesAtMost = 8;

export interface Reads {
  add(read: Read): void;
  /** Those that matter, of one view or of both. */
  of(view?: Read['view']): readonly Read[];
  /** The last to begin of those that show it so, and the first to end; `undefined` where none does. */
  alike(view: Read['view'], shows: Read['shows']): Readonly<Alike> | undefined;
}

export function collectReads(): Reads {
  const kept: Alike[] = [];
  const isAlike = (one: Read, other: Read): boolean =>
    one.view === other.view &&
    one.shows === other.shows &&
    (one.closedOn === other.closedOn ||
      (one.closedOn !== undefined && other.closedOn !== undefined && isSameMoment(one.closedOn, other.closedOn)));
  return {
    add(read) {
      const known = kept.find(({ endedFirst }) => isAlike(endedFirst, read));
      if (known === undefined) {
        if (kept.length < valuesAtMost) kept.push({ endedFirst: read, beganLast: read });
        return;
      }
      if (read.to < known.endedFirst.to) known.endedFirst = read;
      if (read.from > known.beganLast.from) known.beganLast = read;
    },
    of: (view) => [
      ...new Set(
        kept
          .filter(({ endedFirst }) => view === undefined || endedFirst.view === view)
          .flatMap(({ endedFirst, beganLast }) => [endedFirst, beganLast]),
      ),
    ],
    alike: (view, shows) => kept.find(({ endedFirst }) => endedFirst.view === view && endedFirst.shows === shows),
  };
}

/** An operation of a history, and the exchange that shows it. */
export interface Recorded extends Timed<RegisterOperation> {
  /** Absent where none of ours did it. */
  readonly id: string | undefined;
  readonly view: Read['view'] | undefined;
}

export interface Leeway {
  /** A read may show what was this long before it was sent: the settle time declared, inside which reads go to and fro. */
  readonly readsMs: number;
  /** A write may take effect this long after its answer. */
  readonly writesMs: number;
}

/**
 * The operations of a product's history. Refused writes did nothing, and are not in it; a write whose outcome is unknown, and the close
 * of a product that was not seen ACTIVE (R-CLOSABLE), may have done something or nothing.
 * @param closedAlong from when others, or the close of another product (R-BOUND), may have closed it
 */
export function historyOf(product: Product, reads: readonly Read[], { readsMs, writesMs }: Leeway, closedAlong?: number): Recorded[] {
  const never = Number.POSITIVE_INFINITY;
  const history: Recorded[] = [];
  const { creation } = product;
  if (creation !== undefined)
    history.push({
      operation: { do: 'create' },
      from: creation.from,
      to: creation.message === undefined ? never : creation.message.to + writesMs,
      id: creation.message?.id,
      view: undefined,
    });
  for (const { from, message, outcome, valid, seenBefore } of product.closings) {
    if (outcome === 'refused') continue;
    const before = seenBefore?.shown.status;
    const must = outcome === 'accepted' && valid && (before === 'ACTIVE' || before === 'CLOSED');
    const to = must && message !== undefined ? message.to + writesMs : never;
    history.push({ operation: { do: 'close' }, from, to, optional: !must, id: message?.id, view: undefined });
  }
  if (closedAlong !== undefined)
    history.push({ operation: { do: 'close' }, from: closedAlong, to: never, optional: true, id: undefined, view: undefined });
  const writes = [creation, ...product.closings].flatMap((write) => (write?.message === undefined ? [] : [write]));
  /** What was under way by then may have shown here and there already, and settles from its answer on. */
  const oldest = (at: number): number =>
    writes.reduce((first, { from, message }) => (message!.to > at ? Math.min(first, from) : first), at);
  for (const { from, to, id, view, shows, closedOn } of reads)
    history.push({
      operation: { do: 'read', shows, ...(closedOn === undefined ? {} : { closedOn }) },
      from: readsMs === 0 ? from : oldest(from - readsMs),
      to,
      id,
      view,
    });
  return history;
}
