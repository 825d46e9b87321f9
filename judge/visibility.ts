/**
 * When writes show. Whatever should be seen in a view (a get, a list, a list under some filters) is noted here, seen or
 * lacking, and becomes an effect once time has decided between late and lost (rule 5). Time is an interval: a read
 * contradicts a write only if it began after the write was answered, and another read only if it began after that one ended.
 */

import { isSameState, type Watch } from '../generators/model/fold.ts';
import type { Customer, Listing } from '../generators/model/listing.ts';
import type { Message } from '../generators/model/message.ts';
import {
  acceptedClosing,
  isOpening,
  isOrderOpen,
  mayVanish,
  normalIban,
  type Product,
  type Shown,
  type Sight,
} from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import type { FilterPair } from '../spec/journal.ts';
import { tellsOfChange } from './coarse.ts';
import type { Facts } from './facts.ts';
import { createSightings, lastWriteTo } from './sightings.ts';

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
  /** Tells what could only be told once all is seen. */
  end(): void;
}

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

/**
 * The first sight of the status that a product has now. A later `modifiedOn` may mean that it had another in between, which nobody
 * saw.
 */
function stateSince({ statusSince, modifiedSince }: Product): Sight | undefined {
  if (statusSince === undefined || modifiedSince === undefined) return statusSince;
  return modifiedSince.to > statusSince.to ? modifiedSince : statusSince;
}

const newViews = (): Map<string, Set<Product>> => new Map();
const newProducts = (): Set<Product> => new Set();

/** Whether a sight shows a change that was not seen before. */
const isNews = ({ product, shown }: Sight): boolean =>
  product.modifiedSince !== undefined && !isSameState({ ...product.modifiedSince.shown, status: shown.status }, shown);

/** @param isExclusive whether only we write to a customer */
export function watchVisibility(
  facts: Facts,
  tell: (effect: Effect) => void,
  isExclusive: (customer: string | undefined) => boolean = () => false,
): Visibility {
  /** Lost, and never seen at all: such a product may have ended, and vanished, before anybody looked (R-ENDED). */
  const neverSeen: Effect[] = [];
  const { note, addDoubt, settleDoubts, awaits, end } = createSightings(facts, (effect) => {
    if (effect.outcome === 'lost' && effect.product.first === undefined) neverSeen.push(effect);
    else tell(effect);
  });
  /** Replicas may show what others no longer do for so long. */
  const settleMs = facts.settleMs ?? 0;
  const boundMs = facts.settleMs ?? facts.lostAfterMs;
  const vanished = new Set<Product>();
  /** The products that a customer's list under a status has shown, by its view. */
  const listedIn = new Map<Customer, Map<string, Set<Product>>>();
  let ended = false;

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
          const now = stateSince(product)!;
          since = Math.max(since, now.to);
          against = now.message;
          status = value;
        } else return undefined;
      } else return undefined;
    }
    return since <= listing.from ? { status, since, against } : undefined;
  }

  const epochIn = ({ status }: Listing, product: Product): string =>
    status !== undefined
      ? product.firstClosed !== undefined || acceptedClosing(product) !== undefined
        ? 'CLOSED'
        : `${stateSince(product)?.message.id}`
      : '';

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
    // Replicas may show the one and the other, to and fro, so that nothing tells which is the newer.
    if (settleMs > 0 && isOrderOpen(newest.shown, sight.shown, facts.clockToleranceMs)) return;
    const read = { view: sight.view, name: sight.viewName, filters: sight.listing?.filters ?? [], message: sight.message, sight };
    // A state not seen before becomes the newest one by this very sight.
    const state = sight.stale || isSameState(newest.shown, sight.shown) ? newest.message : sight.message;
    const since = Math.max(newest.to, lastWriteTo(sight.product, sight.message));
    note(!sight.stale, sight.product, 'fresh', read, since, newest.message, state.id);
  }

  /** A list by status that shows a product as having another: an index may lag behind a change of status, or run ahead of it (rule 5). */
  function watchMismatch(sight: Sight, listing: Listing): void {
    const { product, shown, message } = sight;
    const { status } = listing;
    if (status === undefined || status === '' || shown.status === undefined || shown.status === status) return;
    const closings = product.closings.filter(({ from, outcome }) => from < listing.to && outcome !== 'refused');
    if (closings.some(({ message: answer }) => answer === undefined || answer.to > listing.from)) return;
    const read = { view: 'list' as const, name: listing.view, filters: listing.filters, message };
    const { statusSince } = product;
    const closed = closings.findLast(({ outcome }) => outcome === 'accepted')?.message;
    const lag = (since: number | 'first lacking', against: Message | undefined, epoch: string): void =>
      note(false, product, 'absent', read, since, against, epoch);
    // What else would explain it moves the product, and that shows.
    const doubt = (since: number, epoch: string): void =>
      addDoubt(product, { what: 'absent', read, state: shown, since, notBefore: message.to + settleMs, epoch });
    const isClosing = shown.status === 'CLOSED' || status === 'CLOSED';
    if (isClosing && closed !== undefined) lag(closed.to, closed, shown.status === 'CLOSED' ? 'CLOSED' : 'not yet CLOSED');
    // Behind: it may have had that status, and has left it, by what was seen before or by this very list; among replicas, unseen.
    else if (
      status !== 'CLOSED' &&
      (settleMs > 0 || product.statuses.has(status) || isOpening(status) || shown.status === 'CLOSED') &&
      !(isOpening(shown.status) && !isOpening(status))
    ) {
      const isKnown = statusSince?.shown.status === shown.status && !isNews(sight);
      const since = isKnown && tellsOfChange(product, shown, message.from, facts.clockToleranceMs) ? stateSince(product) : undefined;
      const epoch = shown.status === 'CLOSED' ? 'CLOSED' : (since?.message ?? message).id;
      // So late it may as well have come to have that status again, and the index run ahead.
      if (shown.status !== 'CLOSED' && message.from - (since?.to ?? message.from) > boundMs) doubt(since!.to, epoch);
      else lag(since?.to ?? message.from, since?.message, epoch);
    }
    // Ahead, or moved by others: nobody can say since when.
    else if (isOpening(shown.status) || !listing.customer.exclusive || (status === 'CLOSED' && closings.length > 0))
      lag('first lacking', undefined, `not yet ${status}`);
    else doubt(Number.NEGATIVE_INFINITY, `not yet ${status}`);
  }

  /** Once CLOSED is for good; any other status it may come to have again. */
  const epochOf = (product: Product, status: string): string => (status === 'CLOSED' ? status : `${stateSince(product)?.message.id}`);

  /** A product that was in the list of a status it has left is there no longer. */
  function noteGone(product: Product, listing: Listing, listed: ReadonlySet<Product>): void {
    const { status } = listing;
    const now = product.statusSince?.shown.status;
    if (status === undefined || now === undefined || now === status || !listed.has(product)) return;
    const read = { view: 'list' as const, name: listing.view, filters: listing.filters, message: listing.message };
    const since = stateSince(product)!;
    if (since.to <= listing.from) note(true, product, 'absent', read, since.to, undefined, epochOf(product, now));
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
      const listed = recall(recall(listedIn, listing.customer, newViews), listing.view, newProducts);
      const matching = new Set(listing.sights.filter((sight) => matches(sight, listing.filters)).map(({ product }) => product));
      for (const product of listing.customer.products.values()) {
        if (product.gone && !listing.ids.has(product.id)) continue;
        const epoch = epochIn(listing, product);
        if (listing.ids.has(product.id)) {
          if (listing.status !== undefined) listed.add(product);
          if (matching.has(product)) note(true, product, 'present', read, 0, undefined, epoch);
          continue;
        }
        noteGone(product, listing, listed);
        const due = expectIn(product, listing);
        if (due === undefined) continue;
        if (due.status !== undefined || mayBeGone(product, listing.customer.exclusive))
          addDoubt(product, {
            what: 'present',
            read,
            state: due.status === undefined ? undefined : product.last!.shown,
            since: due.since,
            notBefore: listing.to + settleMs,
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
      if (product.gone) {
        vanished.add(product);
        addDoubt(product, { what: 'present', read, state: undefined, since: born.at, notBefore: message.to + settleMs, epoch: '' });
      } else note(false, product, 'present', read, born.at, born.message, '');
    },
  };

  return {
    watch,
    awaits,
    endsProducts: () => ended,
    end() {
      end();
      const ends = ended || [...vanished].some(({ gone, creation }) => gone && creation !== undefined);
      for (const effect of neverSeen) if (!ends || effect.product.first !== undefined) tell(effect);
    },
  };
}
