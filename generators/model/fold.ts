/**
 * State is a fold: journal lines in, knowledge of customers and products out, and a call for each thing that a rule may
 * want to look at. Memory grows with products, not with exchanges.
 */

import { isUuid } from '../../spec/formats.ts';
import type { Exchange, Ground, Intent, JournalLine, Sent } from '../../spec/journal.ts';
import { compareMoments, type Moment } from '../../spec/moment.ts';
import { lighten } from './light.ts';
import { type Customer, type Listing, newCustomer, viewOf } from './listing.ts';
import { isAccepted, isPlain, isRefused, type Message, readMessage } from './message.ts';
import {
  type Closing,
  type Creation,
  isOlder,
  isRecord,
  isStale,
  newProduct,
  type Product,
  readShown,
  type Shown,
  type Sight,
} from './product.ts';
import { recall } from './recall.ts';

/** What may be watched. Calls come in the order in which the answers came. */
export interface Watch {
  /** Every exchange, before anything is drawn from it. */
  message?(message: Message): void;
  /** A request to create was answered, or failed. */
  creation?(creation: Creation, message: Message): void;
  /** A request to close was answered, or failed. */
  closing?(closing: Closing, message: Message): void;
  /** A product was seen; its `product` still says what was known before. */
  sight?(sight: Sight): void;
  /** A list was answered 200 with an array; its sights have been told. */
  listing?(listing: Listing): void;
  /** A get of a known product was answered 2xx, but not with that product, or was refused. */
  unseen?(product: Product, message: Message): void;
  /** All exchanges of a campaign are in. */
  campaignEnd?(campaign: string): void;
}

/** What is known by now. */
export interface Knowledge {
  readonly customers: Map<string, Customer>;
  readonly products: Map<string, Product>;
  /** Products of this run that were seen in an answer, by id. */
  readonly shown: Set<string>;
}

export const newKnowledge = (): Knowledge => ({ customers: new Map(), products: new Map(), shown: new Set() });

export interface Fold {
  observe(line: JournalLine): void;
}

const writes = new Set(['POST', 'PATCH', 'PUT', 'DELETE']);

/** @param toleranceMs how far the clocks that stamp changes may differ (R-CLOCK) */
export function createFold(watches: readonly Watch[], { customers, products, shown }: Knowledge, toleranceMs: number): Fold {
  const pending = new Map<string, { creation?: Creation; closing?: Closing; customer: Customer | undefined }>();
  const watching = {
    message: pick(watches, 'message'),
    creation: pick(watches, 'creation'),
    closing: pick(watches, 'closing'),
    sight: pick(watches, 'sight'),
    listing: pick(watches, 'listing'),
    unseen: pick(watches, 'unseen'),
    campaignEnd: pick(watches, 'campaignEnd'),
  };

  const customerOf = (id: string): Customer => {
    const key = id.toLowerCase();
    return recall(customers, key, () => newCustomer(key, false, false));
  };

  function settle(ground: Ground): void {
    const key = ground.customer.toLowerCase();
    if (!customers.has(key)) customers.set(key, newCustomer(key, ground.exclusive, ground.invented));
  }

  function beginWrite(sent: Pick<Sent, 'id' | 'intent' | 'sentAt' | 'method'>): void {
    const { intent } = sent;
    const product = intent.product === undefined ? undefined : products.get(intent.product.toLowerCase());
    const owner = intent.customer ?? product?.customer;
    const customer = owner === undefined ? undefined : customerOf(owner);
    const valid = isPlain(intent) || intent.probe?.role !== 'spoiled';
    const write: { creation?: Creation; closing?: Closing; customer: Customer | undefined } = { customer };
    if (intent.operation === 'create' && customer !== undefined) {
      write.creation = { customer: customer.id, code: intent.code ?? '', from: sent.sentAt, outcome: 'pending', valid };
      customer.creations.push(write.creation);
    } else if (intent.operation === 'close' && product !== undefined) {
      write.closing = { product, from: sent.sentAt, seenBefore: product.last, outcome: 'pending', valid };
      product.closings.push(write.closing);
    }
    if (customer !== undefined) {
      customer.lastWriteSent = sent.sentAt;
      customer.lastWriteDone = Number.POSITIVE_INFINITY;
    }
    pending.set(sent.id, write);
  }

  function endWrite(message: Message): void {
    if (!pending.has(message.id))
      beginWrite({ id: message.id, intent: message.intent, sentAt: message.from, method: message.exchange.request.method });
    const write = pending.get(message.id)!;
    pending.delete(message.id);
    const outcome = outcomeOf(message);
    if (write.creation !== undefined) {
      write.creation.message = message;
      write.creation.outcome = outcome;
      const id = createdId(message);
      if (id !== undefined) write.creation.product = bear(id, write.creation);
      for (const tell of watching.creation) tell(write.creation, message);
    }
    if (write.closing !== undefined) {
      write.closing.message = message;
      write.closing.outcome = outcome;
      for (const tell of watching.closing) tell(write.closing, message);
    }
    if (write.customer !== undefined) {
      if (outcome === 'unknown') write.customer.restless = true;
      if (!write.customer.restless && !hasPending(write.customer)) write.customer.lastWriteDone = message.to;
    }
  }

  function hasPending(customer: Customer): boolean {
    for (const write of pending.values()) if (write.customer === customer) return true;
    return false;
  }

  function bear(id: string, creation: Creation): Product {
    const known = products.get(id);
    if (known !== undefined) {
      // A list asked for meanwhile may show it before its create is answered; what was there before the create was sent is another's.
      if (known.creation === undefined && (known.first === undefined || known.first.to > creation.from)) adopt(known, creation);
      return known;
    }
    const product = newProduct(id, creation.customer, creation);
    products.set(id, product);
    customerOf(creation.customer).products.set(id, product);
    return product;
  }

  function adopt(product: Product, creation: Creation): void {
    if (product.customer !== undefined) customerOf(product.customer).products.delete(product.id);
    product.creation = creation;
    product.customer = creation.customer;
    customerOf(creation.customer).products.set(product.id, product);
    if (product.first !== undefined) shown.add(product.id);
  }

  function see(value: unknown, message: Message, view: 'get' | 'list', listing: Listing | undefined): Sight | undefined {
    const representation = readShown(value);
    if (representation === undefined) return undefined;
    const product = recall(products, representation.id, () => newProduct(representation.id, undefined, undefined));
    const viewName = listing?.name ?? 'get';
    const stale = isStale(product, representation, message.from, viewName, toleranceMs);
    // Nobody looks further back than one: a chain would keep every answer of the run.
    if (product.last !== undefined) product.last.previous = undefined;
    return {
      product,
      shown: representation,
      message,
      from: message.from,
      to: message.to,
      view,
      listing,
      viewName,
      previous: product.last,
      stale,
    };
  }

  function tellSight(sight: Sight): void {
    for (const tell of watching.sight) tell(sight);
    remember(sight, toleranceMs);
    if (sight.product.creation !== undefined) shown.add(sight.product.id);
  }

  function readList(message: Message): void {
    const customer = customerOf(message.intent.customer!);
    const filters = message.intent.filters ?? [];
    const sights: Sight[] = [];
    const ids = new Set<string>();
    const view = viewOf(filters);
    const status = filters.find(([name]) => name === 'status')?.[1];
    const { from, to } = message;
    const listing: Listing = { message, customer, from, to, filters, status, view, name: `list ${view}`, sights, ids };
    for (const value of message.json as readonly unknown[]) {
      const sight = see(value, message, 'list', listing);
      if (sight === undefined) continue;
      sights.push(sight);
      ids.add(sight.product.id);
    }
    for (const sight of sights) {
      tellSight(sight);
      // Where nothing better is known, a product is whose list shows it.
      if (sight.product.customer === undefined) {
        sight.product.customer = customer.id;
        customer.products.set(sight.product.id, sight.product);
      }
    }
    for (const tell of watching.listing) tell(listing);
    customer.lists.set(listing.view, listing);
  }

  function readGet(message: Message): void {
    const sight = message.status === 200 ? see(message.json, message, 'get', undefined) : undefined;
    if (sight !== undefined) tellSight(sight);
    const asked = products.get(message.intent.product!.toLowerCase());
    if (asked !== undefined && sight?.product !== asked && (isAccepted(message) || (isRefused(message) && message.status !== 401)))
      for (const tell of watching.unseen) tell(asked, message);
  }

  function exchange(line: Exchange): void {
    const message = readMessage(line);
    const { intent } = message;
    for (const tell of watching.message) tell(message);
    if (line.request.method === 'GET') {
      if (intent.operation === 'list' && isReadable(intent) && message.status === 200 && Array.isArray(message.json))
        readList(lighten(message));
      else if (intent.operation === 'get' && isReadable(intent) && intent.product !== undefined) readGet(lighten(message));
    } else if (writes.has(line.request.method)) endWrite(message);
  }

  return {
    observe(line) {
      if (line.type === 'exchange') exchange(line);
      else if (line.type === 'sent') beginWrite(line);
      else if (line.type === 'ground') settle(line);
      else if (line.type === 'campaign' && line.event === 'end') for (const tell of watching.campaignEnd) tell(line.campaign);
    },
  };
}

/** Reads with a defect in them show whatever they show; only plain ones, and plain ones oddly spelled, are evidence of the state. */
const isReadable = (intent: Intent): boolean => isPlain(intent) || intent.probe?.role === 'spelling';

function createdId(message: Message): string | undefined {
  if (!isAccepted(message) || !isRecord(message.json)) return undefined;
  const id = message.json.customerProductId;
  return typeof id === 'string' && isUuid(id) ? id.toLowerCase() : undefined;
}

function outcomeOf(message: Message): 'accepted' | 'refused' | 'unknown' {
  if (isAccepted(message)) return 'accepted';
  // 5xx leaves open whether it was done; so does a lost answer.
  return message.status !== undefined && message.status >= 300 && message.status < 500 ? 'refused' : 'unknown';
}

const isEqual = (one: Moment | undefined, other: Moment | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && compareMoments(one, other) === 0);

export const isSameState = (one: Shown, other: Shown): boolean => one.status === other.status && isEqual(one.modifiedOn, other.modifiedOn);

/** Folds what was seen into what is known. */
function remember(sight: Sight, toleranceMs: number): void {
  const { product, shown } = sight;
  product.first ??= sight;
  product.gone = false;
  if (!isOlder(sight, toleranceMs)) {
    if (product.newest === undefined || !isSameState(product.newest.shown, shown)) product.newest = sight;
    if (product.statusSince?.shown.status !== shown.status) product.statusSince = sight;
    if (product.modifiedSince === undefined || !isEqual(product.modifiedSince.shown.modifiedOn, shown.modifiedOn))
      product.modifiedSince = sight;
  }
  if (shown.status !== undefined) product.statuses.add(shown.status);
  if (shown.status === 'CLOSED') product.firstClosed ??= sight;
  if (shown.status === 'ACTIVE') product.active ??= sight;
  const { constant } = product;
  if (shown.productType !== undefined) constant.productType ??= sight;
  if (shown.productCode !== undefined) constant.productCode ??= sight;
  if (shown.currency !== undefined) constant.currency ??= sight;
  if (shown.createdOn !== undefined) constant.createdOn ??= sight;
  if (shown.openedOn !== undefined) constant.openedOn ??= sight;
  if (shown.iban !== undefined) constant.iban ??= sight;
  product.last = sight;
}

function pick<Name extends keyof Watch>(watches: readonly Watch[], name: Name): NonNullable<Watch[Name]>[] {
  return watches.flatMap((watch) => {
    const told = watch[name];
    return told === undefined ? [] : [told.bind(watch) as NonNullable<Watch[Name]>];
  });
}
