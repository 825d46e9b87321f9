/**
 * When writes show. Whatever should be seen in a view (a get, a list, a list under some filters) is noted here, seen or
 * lacking, and becomes an effect once time has decided between late and lost (rule 5). Time is an interval: a read
 * contradicts a write only if it began after the write was answered, and another read only if it began after that one ended.
 */

import { isSameState, type Watch } from '../generators/model/fold.ts';
import type { Listing } from '../generators/model/listing.ts';
import type { Message } from '../generators/model/message.ts';
import { acceptedClosing, isOpening, mayVanish, normalIban, type Product, type Shown, type Sight } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import type { FilterPair } from '../spec/journal.ts';
import { compareMoments, type Moment } from '../spec/moment.ts';
import type { Facts } from './facts.ts';

/**
 * What is awaited of a product in a view.
 * - `present`: it is there · `closed`: it is shown CLOSED · `absent`: it has left the list of a status it no longer has
 * - `fresh`: it is shown in the newest state that was seen by any view
 */
export type Awaited = 'present' | 'closed' | 'absent' | 'fresh';

export interface Effect {
  readonly product: Product;
  readonly what: Awaited;
  readonly view: 'get' | 'list';
  /** Of the list; none for the unfiltered one. */
  readonly filters: readonly FilterPair[];
  /**
   * - `shown`: in time · `late`: within 5 s, no settle time declared (⚠) · `lost`: not within the settle time
   * - `back`: seen in this view before, and no longer
   */
  readonly outcome: 'shown' | 'late' | 'lost' | 'back';
  /** From the write's answer: until the last read that lacked it began, and until the first that showed it was in. */
  readonly delay: { readonly atLeast: number; readonly atMost: number } | undefined;
  /** The read that decided. */
  readonly message: Message;
  /** How many products its customer was known to have when it was asked for. */
  readonly known: number;
  /** What the read is held against: the write, or the read that had shown it. */
  readonly against: Message | undefined;
  /** Of `fresh`: what was shown, and of which state. */
  readonly sight?: Sight;
}

export interface Visibility {
  readonly watch: Watch;
  /**
   * Until when, on the run's clock, the same read should be sent again before it is believed; and which products may have changed by
   * the bank's own hand meanwhile, so that they should be looked at themselves.
   */
  awaits(messageId: string): { readonly until: number; readonly doubtful: readonly string[] } | undefined;
  /** Products may end INVALID or REJECTED here: the target has shown it. */
  readonly endsProducts: () => boolean;
}

interface State {
  /** What the view is awaited to show changes with the status. */
  epoch: string;
  seen: Message | undefined;
  lacking: { readonly first: Message; last: Message; readonly since: number; readonly against: Message | undefined } | undefined;
}

/** A read that lacked, or showed, what may have an innocent reason; the next sight of the product tells. */
interface Doubt {
  readonly what: 'present' | 'absent';
  readonly read: Read;
  /** What must be seen again for the doubt to be one no longer; none: any sight will do. */
  readonly state: Pick<Shown, 'status' | 'modifiedOn'> | undefined;
  readonly since: number;
  /** Only a sight that was asked for after this tells. */
  readonly notBefore: number;
  readonly epoch: string;
}

/** The read that something is noted of. */
interface Read {
  readonly view: 'get' | 'list';
  /** Of the view: reads are held against earlier ones of the same. */
  readonly name: string;
  readonly filters: readonly FilterPair[];
  readonly message: Message;
  readonly known?: number;
  readonly sight?: Sight;
}

/** More doubts about one product say no more. */
const doubtsAtMost = 64;

const isEqual = (one: Moment | undefined, other: Moment | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && compareMoments(one, other) === 0);

const plainly: Readonly<Record<string, (shown: Shown) => string | undefined>> = {
  productType: ({ productType }) => productType,
  productCode: ({ productCode }) => productCode,
  status: ({ status }) => status,
};

/** Whether what a list shows of a product is what the list was asked for; what it does not show cannot tell. */
function matches({ shown, product }: Sight, filters: readonly FilterPair[]): boolean {
  return filters.every(([name, value]) => {
    if (name === 'iban') return (shown.iban ?? product.constant.iban?.shown.iban) === normalIban(value);
    const is = plainly[name]?.(shown);
    return is === undefined || is === value;
  });
}

/** @param isExclusive whether only we write to a customer */
export function watchVisibility(
  facts: Facts,
  tell: (effect: Effect) => void,
  isExclusive: (customer: string | undefined) => boolean = () => false,
): Visibility {
  const states = new WeakMap<Product, Map<string, State>>();
  const doubts = new WeakMap<Product, Doubt[]>();
  const awaiting = new Map<string, { until: number; doubtful: string[] }>();
  /** What was lost once is waited for no more: the run has what it needs to fail, and has others to think of. */
  const lostKinds = new Set<string>();
  const boundMs = facts.settleMs ?? facts.lostAfterMs;
  let ended = false;

  function stateOf(product: Product, key: string, epoch: string): State {
    const known = recall(states, product, () => new Map<string, State>());
    const state = known.get(key);
    if (state?.epoch === epoch) return state;
    const fresh: State = { epoch, seen: undefined, lacking: undefined };
    known.set(key, fresh);
    return fresh;
  }

  function waitFor(message: Message, until: number, doubtful?: Product): void {
    if (until <= message.to) return;
    if (awaiting.size > 4_096) awaiting.clear();
    const entry = recall(awaiting, message.id, () => ({ until, doubtful: [] as string[] }));
    entry.until = Math.max(entry.until, until);
    if (doubtful !== undefined) entry.doubtful.push(doubtful.id);
  }

  /**
   * A read showed, or lacked, what was to be seen since `since`, or, where nobody can say when it began, since it was first lacking.
   */
  function note(
    seen: boolean,
    product: Product,
    what: Awaited,
    read: Read,
    due: number | 'first lacking',
    against: Message | undefined,
    epoch: string,
  ): void {
    const { message } = read;
    const state = stateOf(product, `${what} ${read.name}`, epoch);
    const since = due === 'first lacking' ? (state.lacking?.since ?? message.from) : due;
    const effect = {
      product,
      what,
      view: read.view,
      filters: read.filters,
      message,
      known: read.known ?? 0,
      ...(read.sight === undefined ? {} : { sight: read.sight }),
    };
    if (seen) {
      const { lacking } = state;
      // Only a read that began after the lacking one ended shows that time has cured it.
      const delay = lacking && { atLeast: lacking.last.from - lacking.since, atMost: message.to - lacking.since };
      state.lacking = undefined;
      if (state.seen === undefined || message.to < state.seen.to) state.seen = message;
      tell({ ...effect, outcome: delay !== undefined && facts.settleMs === undefined ? 'late' : 'shown', delay, against: lacking?.last });
      return;
    }
    if (state.seen !== undefined && settledAt(state.seen.to, product, message) <= message.from) {
      tell({ ...effect, outcome: 'back', delay: undefined, against: state.seen });
      return;
    }
    if (message.from < since) return;
    const kind = `${what} ${read.view}`;
    if (message.from - since > boundMs) {
      lostKinds.add(kind);
      tell({ ...effect, outcome: 'lost', delay: { atLeast: message.from - since, atMost: Number.POSITIVE_INFINITY }, against });
      return;
    }
    if (state.lacking === undefined) state.lacking = { first: message, last: message, since, against };
    else if (message.from > state.lacking.last.from) state.lacking.last = message;
    if (!lostKinds.has(kind)) waitFor(message, since + boundMs);
  }

  /**
   * From when on what was seen must stay seen. Where a settle time is declared, a write may show here and there before it is
   * answered, and go to and fro until the settle time after its answer is over (rule 5).
   */
  function settledAt(seen: number, product: Product, read: Message): number {
    return facts.settleMs === undefined ? seen : Math.max(seen, lastWriteTo(product, read)) + facts.settleMs;
  }

  const bornAt = (product: Product): { at: number; message: Message | undefined } => {
    const message = product.creation?.message ?? product.first?.message;
    return { at: message?.to ?? Number.POSITIVE_INFINITY, message };
  };

  /** When the last write of ours to it was answered; `Infinity` while one is under way. */
  function lastWriteTo(product: Product, read: Message): number {
    let last = product.creation?.message?.to ?? Number.NEGATIVE_INFINITY;
    for (const { from, message, outcome } of product.closings)
      if (from < read.to && outcome !== 'refused') last = Math.max(last, message?.to ?? Number.POSITIVE_INFINITY);
    return last;
  }

  /** How a known product stands to a list's filters, as far as was known before the list was asked for. */
  function expectIn(
    product: Product,
    listing: Listing,
  ): { status: string | undefined; since: number; against: Message | undefined } | undefined {
    const born = bornAt(product);
    let since = born.at;
    let against = born.message;
    let status: string | undefined;
    for (const [name, value] of listing.filters) {
      if (name === 'productType' || name === 'productCode') {
        const known =
          name === 'productType'
            ? product.constant.productType?.shown.productType
            : (product.constant.productCode?.shown.productCode ?? (product.creation?.valid ? product.creation.code : undefined));
        if (known !== value) return undefined;
      } else if (name === 'iban') {
        if (product.constant.iban === undefined || product.last?.shown.iban !== normalIban(value)) return undefined;
        since = Math.max(since, product.constant.iban.to);
      } else if (name === 'status') {
        const closing = acceptedClosing(product);
        if (value === 'CLOSED' && closing?.message !== undefined && closing.seenBefore?.shown.status === 'ACTIVE') {
          since = Math.max(since, closing.message.to);
          against = closing.message;
        } else if (value === 'CLOSED' && product.firstClosed !== undefined) {
          since = Math.max(since, product.firstClosed.to);
          against = product.firstClosed.message;
        } else if (product.last?.shown.status === value && product.statusSince !== undefined && value !== 'CLOSED') {
          if (product.closings.some(({ from }) => from < listing.to)) return undefined;
          since = Math.max(since, product.statusSince.to);
          against = product.statusSince.message;
          status = value;
        } else return undefined;
      } else return undefined;
    }
    return since <= listing.from ? { status, since, against } : undefined;
  }

  const epochIn = (filters: readonly FilterPair[], product: Product): string =>
    filters.some(([name]) => name === 'status')
      ? product.firstClosed !== undefined || acceptedClosing(product) !== undefined
        ? 'CLOSED'
        : `${product.statusSince?.message.id}`
      : '';

  function addDoubt(product: Product, doubt: Doubt): void {
    const known = recall(doubts, product, () => []);
    if (known.length < doubtsAtMost) known.push(doubt);
    if (!product.gone) waitFor(doubt.read.message, doubt.since + boundMs, product);
  }

  function settleDoubts({ product, shown, from, message }: Sight): void {
    const known = doubts.get(product);
    if (known === undefined) return;
    doubts.delete(product);
    const open: Doubt[] = [];
    for (const doubt of known) {
      const { what, read, state, since, notBefore, epoch } = doubt;
      if (from < notBefore) open.push(doubt);
      // A product that came back to a status was changed, and shows it.
      else if (state === undefined || (state.status === shown.status && isEqual(state.modifiedOn, shown.modifiedOn)))
        note(false, product, what, read, since, message, epoch);
    }
    if (open.length > 0) doubts.set(product, open);
  }

  function watchClosed(sight: Sight): void {
    const { product, shown, message } = sight;
    const read = { view: sight.view, name: sight.viewName, filters: sight.listing?.filters ?? [], message };
    const closing = acceptedClosing(product);
    if (shown.status === 'CLOSED') {
      note(true, product, 'closed', read, closing?.message?.to ?? sight.from, closing?.message, '');
      return;
    }
    const due =
      closing?.message !== undefined && closing.seenBefore?.shown.status === 'ACTIVE' ? closing.message.to : Number.POSITIVE_INFINITY;
    note(false, product, 'closed', read, due, closing?.message, '');
  }

  /** Views may lag behind each other; none may stay behind (rule 5). */
  function watchFresh(sight: Sight): void {
    const { newest } = sight.product;
    if (newest === undefined || newest.to > sight.from || sight.product.creation === undefined) return;
    const read = { view: sight.view, name: sight.viewName, filters: sight.listing?.filters ?? [], message: sight.message, sight };
    // A state not seen before becomes the newest one by this very sight.
    const state = sight.stale || isSameState(newest.shown, sight.shown) ? newest.message : sight.message;
    const since = Math.max(newest.to, lastWriteTo(sight.product, sight.message));
    note(!sight.stale, sight.product, 'fresh', read, since, newest.message, state.id);
  }

  /** A list by status that shows a product as having another: an index may lag behind a change of status, or run ahead of it (rule 5). */
  function watchMismatch(sight: Sight, listing: Listing): void {
    const { product, shown, message } = sight;
    const status = listing.filters.find(([name]) => name === 'status')?.[1];
    if (status === undefined || status === '' || shown.status === undefined || shown.status === status) return;
    const closings = product.closings.filter(({ from, outcome }) => from < listing.to && outcome !== 'refused');
    if (closings.some(({ message: answer }) => answer === undefined || answer.to > listing.from)) return;
    const read = { view: 'list' as const, name: listing.view, filters: listing.filters, message };
    const { statusSince } = product;
    const closed = closings.findLast(({ message: answer }) => answer !== undefined)?.message;
    const lag = (since: number | 'first lacking', against: Message | undefined): void =>
      note(false, product, 'absent', read, since, against, shown.status!);
    const [isClosing, wasSeen] = [shown.status === 'CLOSED' || status === 'CLOSED', statusSince?.shown.status === shown.status];
    if (isClosing && closed !== undefined) lag(closed.to, closed);
    // Behind: it may have had that status, and has left it.
    else if (status !== 'CLOSED' && wasSeen && (product.statuses.has(status) || isOpening(status) || shown.status === 'CLOSED'))
      lag(statusSince!.to, statusSince!.message);
    // Ahead, or moved by others: nobody can say since when.
    else if (isOpening(shown.status) || !listing.customer.exclusive) lag('first lacking', undefined);
    // What else would explain it moves the product too.
    else
      addDoubt(product, {
        what: 'absent',
        read,
        state: shown,
        since: Number.NEGATIVE_INFINITY,
        notBefore: message.to + (facts.settleMs ?? 0),
        epoch: shown.status,
      });
  }

  /** A product that was in the list of a status it has left is there no longer. */
  function noteGone(product: Product, listing: Listing): void {
    const status = listing.filters.find(([name]) => name === 'status')?.[1];
    const now = product.last?.shown.status;
    if (status === undefined || now === undefined || now === status) return;
    const read = { view: 'list' as const, name: listing.view, filters: listing.filters, message: listing.message };
    if (product.statusSince !== undefined && product.statusSince.to <= listing.from)
      note(true, product, 'absent', read, product.statusSince.to, undefined, now);
  }

  /** It may have vanished for good (R-ENDED), or, where it is not ours, by the hand of others (R-OTHERS). */
  const mayBeGone = (product: Product, exclusive: boolean): boolean =>
    mayVanish(product, ended) || (product.creation === undefined && !exclusive);

  const watch: Watch = {
    sight(sight) {
      if (sight.shown.status === 'INVALID' || sight.shown.status === 'REJECTED') ended = true;
      settleDoubts(sight);
      watchClosed(sight);
      watchFresh(sight);
      if (sight.listing !== undefined) watchMismatch(sight, sight.listing);
      else {
        const born = bornAt(sight.product);
        note(true, sight.product, 'present', { view: 'get', name: 'get', filters: [], message: sight.message }, born.at, born.message, '');
      }
    },
    listing(listing) {
      const read = {
        view: 'list' as const,
        name: listing.view,
        filters: listing.filters,
        message: listing.message,
        known: listing.customer.products.size,
      };
      const matching = new Set(listing.sights.filter((sight) => matches(sight, listing.filters)).map(({ product }) => product));
      for (const product of listing.customer.products.values()) {
        if (product.gone && !listing.ids.has(product.id)) continue;
        const epoch = epochIn(listing.filters, product);
        if (listing.ids.has(product.id)) {
          if (matching.has(product)) note(true, product, 'present', read, 0, undefined, epoch);
          continue;
        }
        noteGone(product, listing);
        const due = expectIn(product, listing);
        if (due === undefined) continue;
        if (due.status !== undefined || mayBeGone(product, listing.customer.exclusive))
          addDoubt(product, {
            what: 'present',
            read,
            state: due.status === undefined ? undefined : product.last!.shown,
            since: due.since,
            notBefore: listing.to,
            epoch,
          });
        else note(false, product, 'present', read, due.since, due.against, epoch);
      }
    },
    unseen(product, message) {
      const born = bornAt(product);
      if (born.at > message.from) return;
      const read = { view: 'get' as const, name: 'get', filters: [], message };
      product.gone = mayBeGone(product, isExclusive(product.customer));
      if (product.gone) addDoubt(product, { what: 'present', read, state: undefined, since: born.at, notBefore: message.to, epoch: '' });
      else note(false, product, 'present', read, born.at, born.message, '');
    },
  };

  return {
    watch,
    awaits(messageId) {
      const entry = awaiting.get(messageId);
      awaiting.delete(messageId);
      return entry;
    },
    endsProducts: () => ended,
  };
}
