/**
 * When writes show. Whatever should be seen in a view (a get, a list, a list under some filters) is noted here, seen or
 * lacking, and becomes an effect once time has decided between late and lost (rule 5). Time is an interval: a read
 * contradicts a write only if it began after the write was answered, and another read only if it began after that one ended.
 */

import { isSameState, type Watch } from '../generators/model/fold.ts';
import type { Listing } from '../generators/model/listing.ts';
import type { Message } from '../generators/model/message.ts';
import { acceptedClosing, mayVanish, type Product, type Sight } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import type { FilterPair } from '../spec/journal.ts';
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
}

export interface Visibility {
  readonly watch: Watch;
  /** Until when, on the run's clock, the same read should be sent again before it is believed; and which products to look at. */
  awaits(messageId: string): { readonly until: number; readonly products: readonly string[] } | undefined;
  /** Products may end INVALID or REJECTED here: the target has shown it. */
  readonly endsProducts: () => boolean;
}

interface State {
  /** What the view is awaited to show changes with the status. */
  epoch: string;
  seen: Message | undefined;
  lacking: { readonly first: Message; last: Message; readonly since: number; readonly against: Message | undefined } | undefined;
}

interface Doubt {
  readonly listing: { readonly filters: readonly FilterPair[]; readonly view: string };
  readonly viewName: 'get' | 'list';
  readonly message: Message;
  /** The status that must be seen again for the doubt to be one no longer; none: any sight will do. */
  readonly status: string | undefined;
  readonly since: number;
  readonly epoch: string;
}

const opening = new Set(['RECEIVED', 'PENDING']);

export function watchVisibility(facts: Facts, tell: (effect: Effect) => void): Visibility {
  const states = new WeakMap<Product, Map<string, State>>();
  const doubts = new WeakMap<Product, Doubt[]>();
  const awaiting = new Map<string, { until: number; products: string[] }>();
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

  function waitFor(message: Message, product: Product, until: number): void {
    if (awaiting.size > 4_096) awaiting.clear();
    const entry = awaiting.get(message.id);
    if (entry === undefined) awaiting.set(message.id, { until, products: [product.id] });
    else {
      entry.until = Math.max(entry.until, until);
      entry.products.push(product.id);
    }
  }

  /** A read showed, or lacked, what was to be seen since `since`. */
  function note(
    seen: boolean,
    product: Product,
    what: Awaited,
    read: { view: 'get' | 'list'; name: string; filters: readonly FilterPair[]; message: Message; known?: number },
    since: number,
    against: Message | undefined,
    epoch: string,
  ): void {
    const { message } = read;
    const state = stateOf(product, `${what} ${read.name}`, epoch);
    const effect = { product, what, view: read.view, filters: read.filters, message, known: read.known ?? 0 };
    if (seen) {
      const { lacking } = state;
      // Only a read that began after the lacking one ended shows that time has cured it.
      const delay = lacking && { atLeast: lacking.last.from - lacking.since, atMost: message.to - lacking.since };
      state.lacking = undefined;
      if (state.seen === undefined || message.to < state.seen.to) state.seen = message;
      tell({ ...effect, outcome: delay !== undefined && facts.settleMs === undefined ? 'late' : 'shown', delay, against: lacking?.last });
      return;
    }
    if (state.seen !== undefined && state.seen.to + (facts.settleMs ?? 0) <= message.from) {
      tell({ ...effect, outcome: 'back', delay: undefined, against: state.seen });
      return;
    }
    if (message.from < since) return;
    const kind = `${what} ${read.view} ${read.filters.map(([name]) => name).join()}`;
    if (message.from - since > boundMs) {
      lostKinds.add(kind);
      tell({ ...effect, outcome: 'lost', delay: { atLeast: message.from - since, atMost: Number.POSITIVE_INFINITY }, against });
      return;
    }
    if (state.lacking === undefined) state.lacking = { first: message, last: message, since, against };
    else if (message.from > state.lacking.last.from) state.lacking.last = message;
    if (!lostKinds.has(kind)) waitFor(message, product, since + boundMs);
  }

  const bornAt = (product: Product): { at: number; message: Message | undefined } => {
    const message = product.creation?.message ?? product.first?.message;
    return { at: message?.to ?? Number.POSITIVE_INFINITY, message };
  };

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
            : (product.constant.productCode?.shown.productCode ?? product.creation?.code);
        if (known !== value) return undefined;
      } else if (name === 'iban') {
        if (product.constant.iban === undefined || product.last?.shown.iban !== value) return undefined;
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
    const known = doubts.get(product);
    if (known === undefined) doubts.set(product, [doubt]);
    else if (known.length < 64) known.push(doubt);
    waitFor(doubt.message, product, doubt.since + boundMs);
  }

  function settleDoubts(sight: Sight): void {
    const known = doubts.get(sight.product);
    if (known === undefined) return;
    doubts.delete(sight.product);
    for (const doubt of known) {
      if (sight.from < doubt.message.to) addDoubt(sight.product, doubt);
      else if (doubt.status === undefined || doubt.status === sight.shown.status)
        note(
          false,
          sight.product,
          'present',
          { view: doubt.viewName, name: doubt.listing.view, filters: doubt.listing.filters, message: doubt.message },
          doubt.since,
          sight.message,
          doubt.epoch,
        );
    }
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
    const read = { view: sight.view, name: sight.viewName, filters: sight.listing?.filters ?? [], message: sight.message };
    // A state not seen before becomes the newest one by this very sight.
    const state = sight.stale || isSameState(newest.shown, sight.shown) ? newest.message : sight.message;
    note(!sight.stale, sight.product, 'fresh', read, newest.to, newest.message, state.id);
  }

  /** A list by status that shows a product as having another: an index may lag behind a change of status (rule 5). */
  function watchMismatch(sight: Sight, listing: Listing): void {
    const { product, shown, message } = sight;
    const status = listing.filters.find(([name]) => name === 'status')?.[1];
    if (status === undefined) return;
    const read = { view: 'list' as const, name: listing.view, filters: listing.filters, message };
    if (shown.status === status) return;
    const closing = shown.status === 'CLOSED' ? acceptedClosing(product) : undefined;
    const closingRuns = product.closings.some(
      ({ from, message: answer }) => from < listing.to && (answer === undefined || answer.to > listing.from),
    );
    if (closingRuns) return;
    const since =
      closing?.message?.to ??
      (product.statusSince !== undefined && product.statusSince.shown.status === shown.status ? product.statusSince.to : message.from);
    // Nothing leaves CLOSED, and on ground of ours nothing we have not seen in another status before: no lag explains that.
    const explicable =
      status !== 'CLOSED' &&
      (closing !== undefined || opening.has(status) || !listing.customer.exclusive || product.first?.shown.status === status);
    note(
      false,
      product,
      'absent',
      read,
      explicable ? since : Number.NEGATIVE_INFINITY,
      closing?.message ?? product.statusSince?.message,
      `${shown.status}`,
    );
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
      for (const product of listing.customer.products.values()) {
        const epoch = epochIn(listing.filters, product);
        if (listing.ids.has(product.id)) {
          note(true, product, 'present', read, 0, undefined, epoch);
          continue;
        }
        noteGone(product, listing);
        const due = expectIn(product, listing);
        if (due === undefined) continue;
        const vanishing = mayVanish(product, ended);
        if (due.status !== undefined || vanishing)
          addDoubt(product, { listing, viewName: 'list', message: listing.message, status: due.status, since: due.since, epoch });
        else note(false, product, 'present', read, due.since, due.against, epoch);
      }
    },
    unseen(product, message) {
      const born = bornAt(product);
      if (born.at > message.from) return;
      const read = { view: 'get' as const, name: 'get', filters: [], message };
      if (mayVanish(product, ended))
        addDoubt(product, {
          listing: { filters: [], view: 'get' },
          viewName: 'get',
          message,
          status: undefined,
          since: born.at,
          epoch: '',
        });
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
