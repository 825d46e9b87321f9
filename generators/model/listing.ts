/** A list as it was answered, and the customer it is of. */
import type { FilterPair } from '../../spec/journal.ts';
import type { Message } from './message.ts';
import type { Creation, Product, Sight } from './product.ts';

/** A list answered 200 with an array. */
export interface Listing {
  readonly message: Message;
  readonly customer: Customer;
  readonly from: number;
  readonly to: number;
  /** As sent. */
  readonly filters: readonly FilterPair[];
  /** The first status it was asked for. */
  readonly status: string | undefined;
  /** The filters without regard to their order; `''` for the unfiltered list. */
  readonly view: string;
  /** The same, told from a get's. */
  readonly name: string;
  /** In the order listed, repeated ids as often as they stand there. */
  readonly sights: readonly Sight[];
  readonly ids: ReadonlySet<string>;
}

export interface Customer {
  readonly id: string;
  /** Only we write there. */
  readonly exclusive: boolean;
  readonly invented: boolean;
  readonly products: Map<string, Product>;
  readonly creations: Creation[];
  /** When the last write to this customer, or to a product of it, was sent. */
  lastWriteSent: number;
  /** When the last write was answered; `Infinity` while one is awaited, and for good once the outcome of one is unknown. */
  lastWriteDone: number;
  /** The outcome of a write is unknown: it may take effect at any later time. */
  restless: boolean;
  /** The last list of each view. */
  readonly lists: Map<string, Listing>;
}

export function newCustomer(id: string, exclusive: boolean, invented: boolean): Customer {
  return {
    id,
    exclusive,
    invented,
    products: new Map(),
    creations: [],
    lastWriteSent: Number.NEGATIVE_INFINITY,
    lastWriteDone: Number.NEGATIVE_INFINITY,
    restless: false,
    lists: new Map(),
  };
}

/** One name for a set of filters, whatever their order. */
export function viewOf(filters: readonly FilterPair[]): string {
  if (filters.length === 0) return '';
  return filters
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join('&');
}
