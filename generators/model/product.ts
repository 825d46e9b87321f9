/** What is known of a product: folded from all that was sent about it and all that was seen of it. */
import { normalizeIban } from '../../spec/iban.ts';
import { compareMoments, differenceMs, type Moment, parseMoment, unitMs } from '../../spec/moment.ts';
import type { Listing } from './listing.ts';
import type { Message } from './message.ts';

/** The documented properties of one representation; a property of another type than documented is taken as absent. */
export interface Shown {
  readonly id: string;
  readonly productCode: string | undefined;
  readonly productType: string | undefined;
  readonly status: string | undefined;
  readonly currency: string | undefined;
  /** Lower case, sorted. */
  readonly proxyIds: readonly string[] | undefined;
  readonly createdOn: Moment | undefined;
  readonly modifiedOn: Moment | undefined;
  readonly openedOn: Moment | undefined;
  readonly closedOn: Moment | undefined;
  /** `accountData.iban`, capitals, without spaces; of a mark of the record, its number. */
  readonly iban: string | undefined;
  readonly raw: Readonly<Record<string, unknown>>;
}

/** A product seen in an answer: by its id, or in a list. */
export interface Sight {
  readonly product: Product;
  readonly shown: Shown;
  readonly message: Message;
  readonly from: number;
  readonly to: number;
  readonly view: 'get' | 'list';
  /** The list it was seen in. */
  readonly listing: Listing | undefined;
  /** `get`, or the list and its filters; a read is held against earlier ones of the same view. */
  readonly viewName: string;
  /** The sight of this product that came in before this one, by any view; until the next one comes in. */
  previous: Sight | undefined;
  /** A state of the product that an earlier sight had already seen it leave. */
  readonly stale: boolean;
}

/** An answered or pending request to close. */
export interface Closing {
  readonly product: Product;
  readonly from: number;
  /** The last sight before it was sent. */
  readonly seenBefore: Sight | undefined;
  /** Absent while the answer is awaited. */
  message?: Message;
  /** `unknown`: cut or timed out; it may take effect at any later time. */
  outcome: 'pending' | 'accepted' | 'refused' | 'unknown';
  /** Sent to close, with nothing wrong about it. */
  readonly valid: boolean;
}

export interface Creation {
  readonly customer: string;
  readonly code: string;
  readonly from: number;
  message?: Message;
  outcome: 'pending' | 'accepted' | 'refused' | 'unknown';
  readonly valid: boolean;
  /** Given by the answer. */
  product?: Product;
}

export interface Product {
  readonly id: string;
  /** Created in this run, by an answer to a request of ours; it may have been listed before that answer came. */
  creation: Creation | undefined;
  /** Whose it is: where it was created, or where it was first listed. */
  customer: string | undefined;
  readonly closings: Closing[];
  first: Sight | undefined;
  last: Sight | undefined;
  /** The first sight of the newest state seen; later ones may be stale. */
  newest: Sight | undefined;
  /** Every status it was seen in. */
  readonly statuses: Set<string>;
  /** The first sight of the status it has now. */
  statusSince: Sight | undefined;
  /** The first sight of the `modifiedOn` it has now. */
  modifiedSince: Sight | undefined;
  firstClosed: Sight | undefined;
  /** Ever seen ACTIVE. */
  active: Sight | undefined;
  /** It may have ended INVALID or REJECTED, and was not found when last asked for: it is taken to have vanished (R-ENDED) until seen again. */
  gone: boolean;
  /** As first shown; what never changes is compared with it. */
  readonly constant: { productType?: Sight; productCode?: Sight; currency?: Sight; createdOn?: Sight; openedOn?: Sight; iban?: Sight };
}

export function newProduct(id: string, customer: string | undefined, creation: Creation | undefined): Product {
  return {
    id,
    customer,
    creation,
    closings: [],
    first: undefined,
    last: undefined,
    newest: undefined,
    statuses: new Set(),
    statusSince: undefined,
    modifiedSince: undefined,
    firstClosed: undefined,
    active: undefined,
    gone: false,
    constant: {},
  };
}

/** The same, within one unit of the coarser precision shown (rule 4). */
export const isSameMoment = (a: Moment, b: Moment): boolean => a === b || Math.abs(differenceMs(a, b)) <= Math.max(unitMs(a), unitMs(b));

/** Statuses from which a product opens. */
export const isOpening = (status: string | undefined): boolean => status === 'RECEIVED' || status === 'PENDING';

/**
 * Whether a representation is of an earlier state than the newest one seen, when the newest was seen before this was asked for:
 * an older `modifiedOn`, or, under the same one, a status to which nothing returns. (A bank may block a product and free it again
 * within one unit of a coarse precision.)
 * @param toleranceMs how far the clocks that stamp changes may differ (R-CLOCK)
 */
export function isStale(product: Product, shown: Shown, from: number, viewName: string, toleranceMs: number): boolean {
  const { newest } = product;
  return newest !== undefined && newest.to <= from && isEarlierState(product, shown, newest, viewName, toleranceMs);
}

/** Nothing that opened returns to where it was, and nothing that is CLOSED reopens, whichever of its clocks stamped it (R-CLOCK). */
const rankOf = ({ status }: Shown): number => (status === 'CLOSED' ? 2 : isOpening(status) ? 0 : 1);

/** No further apart than the clocks that stamp changes may be (R-CLOCK), and the units shown: which came first, the stamps do not tell. */
const isWithin = (one: Moment, other: Moment, toleranceMs: number): boolean =>
  Math.abs(differenceMs(one, other)) <= toleranceMs + Math.max(unitMs(one), unitMs(other));

/** Whether a state that the product has left, by its status, may all the same show a later `modifiedOn`: two clocks may have stamped the two. */
export function mayBeOlder(left: Shown, since: Shown, toleranceMs: number): boolean {
  const [a, b] = [left.modifiedOn, since.modifiedOn];
  return rankOf(left) < rankOf(since) && a !== undefined && b !== undefined && isWithin(a, b, toleranceMs);
}

/** Whether nothing tells which of two states of a product came first: either status may follow the other, and two clocks may have stamped them. */
export function isOrderOpen(one: Shown, other: Shown, toleranceMs: number): boolean {
  const [a, b] = [one.modifiedOn, other.modifiedOn];
  return one.status !== other.status && rankOf(one) === rankOf(other) && a !== undefined && b !== undefined && isWithin(a, b, toleranceMs);
}

function isEarlierState({ statuses }: Product, shown: Shown, last: Sight, viewName: string, toleranceMs: number): boolean {
  const newest = last.shown;
  if (rankOf(shown) > rankOf(newest)) return false;
  const before = newest.modifiedOn;
  const now = shown.modifiedOn;
  if (before !== undefined && now !== undefined && !isSameMoment(now, before)) {
    if (newest.status === 'CLOSED' && mayBeOlder(shown, newest, toleranceMs)) return true;
    // What was not seen before, or is seen where the newest was, may have been stamped by the clock that is behind.
    const isNews = shown.status !== undefined && (!statuses.has(shown.status) || viewName === last.viewName);
    if (isNews && isOrderOpen(shown, newest, toleranceMs)) return false;
    return compareMoments(now, before) < 0;
  }
  if (shown.status === undefined || shown.status === newest.status) return false;
  return newest.status === 'CLOSED' || (isOpening(shown.status) && !isOpening(newest.status));
}

/** Whether a sight is of an earlier state than the newest one seen, whenever each was asked for. */
export const isOlder = ({ product, shown, viewName }: Sight, toleranceMs: number): boolean =>
  product.newest !== undefined && isEarlierState(product, shown, product.newest, viewName, toleranceMs);

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const moment = (value: unknown): Moment | undefined => (typeof value === 'string' ? parseMoment(value) : undefined);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Reads a representation leniently; `undefined` where it carries no id. */
export function readShown(value: unknown): Shown | undefined {
  if (!isRecord(value)) return undefined;
  const id = text(value.customerProductId);
  if (id === undefined) return undefined;
  const account = value.accountData;
  const proxies = value.proxyIds;
  return {
    id: id.toLowerCase(),
    productCode: text(value.productCode),
    productType: text(value.productType),
    status: text(value.status),
    currency: text(value.currency),
    proxyIds: Array.isArray(proxies) ? proxies.map((proxy) => String(proxy).toLowerCase()).sort() : undefined,
    createdOn: moment(value.createdOn),
    modifiedOn: moment(value.modifiedOn),
    openedOn: moment(value.openedOn),
    closedOn: moment(value.closedOn),
    iban: isRecord(account) ? normalIban(text(account.iban)) : undefined,
    raw: value,
  };
}

/** `accountData.iban` as the target writes it: what it gives is what it must take back. */
export const ibanAsWritten = ({ raw }: Shown): string | undefined => (isRecord(raw.accountData) ? text(raw.accountData.iban) : undefined);

export const normalIban = (iban: string | undefined): string | undefined => (iban === undefined ? undefined : normalizeIban(iban));

/** Statuses from which a product may end without ever opening, and then vanish for good (R-ENDED). */
const mayHaveEnded = new Set(['RECEIVED', 'PENDING', 'INVALID', 'REJECTED']);

/** Whether a product in that status may have vanished when it is looked at next (R-ENDED). */
export const maySoonVanish = (status: string | undefined): boolean => status === undefined || mayHaveEnded.has(status);

/** Statuses that are not CLOSED, but in which a product has come to an end of another kind: closedOn is only warned of. */
export const endedOtherwise: ReadonlySet<string | undefined> = new Set(['INVALID', 'REJECTED', 'INACTIVE']);

/** Whether its absence may be R-ENDED: it ended INVALID or REJECTED, or may have since it was last seen. */
export function mayVanish(product: Product, targetEndsProducts: boolean): boolean {
  const status = product.last?.shown.status;
  return status === undefined ? targetEndsProducts : mayHaveEnded.has(status);
}

/** Whether a close of it, valid or not, may have taken effect before `at`. */
export const closeSentBefore = (product: Product, at: number): boolean => product.closings.some((closing) => closing.from < at);

/** The first valid close that was accepted. */
export const acceptedClosing = (product: Product): Closing | undefined =>
  product.closings.find(({ outcome, valid }) => valid && outcome === 'accepted');

/** Until when a close may have taken effect: its answer, where the outcome is known. */
const endOf = ({ message, outcome }: Closing): number =>
  message === undefined || outcome === 'unknown' ? Number.POSITIVE_INFINITY : message.to;

/** Closes of other products of the customer, not refused, that may have taken effect between two moments. */
export function siblingClosings(
  product: Product,
  customer: { readonly products: ReadonlyMap<string, Product> } | undefined,
  from: number,
  to: number,
): Closing[] {
  const found: Closing[] = [];
  for (const sibling of customer?.products.values() ?? [])
    for (const closing of sibling.closings)
      if (sibling !== product && closing.outcome !== 'refused' && closing.from < to && endOf(closing) > from) found.push(closing);
  return found;
}
