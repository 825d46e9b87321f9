/**
 * Short names for the identifiers of one finding: `customer a`, `p1`. Thirty-six characters of UUID tell a reader nothing but
 * "the same" and "another", and a name says that better.
 */
import type { Exchange } from '../spec/journal.ts';

export interface Names {
  /** `a` for a customer of the sequence; else the beginning of its id. */
  customer(id: string): string;
  /** `p1` for a product of the sequence; else the beginning of its id. */
  product(id: string): string;
  isKnown(id: string): boolean;
  /** Who is who: `p1` and its id, `customer a` and its id. */
  readonly all: readonly { readonly name: string; readonly id: string }[];
  /** A text with the names in place of the ids it holds. */
  rename(text: string): string;
}

/** A UUID is compared without case (R-CASE). */
function keyOf(id: string): string {
  return id.toLowerCase();
}

function abbreviate(id: string): string {
  return id.length > 12 ? `${id.slice(0, 8)}…` : id;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Names as bound by steps, `real id → name`. */
export function namesFrom(customers: ReadonlyMap<string, string>, products: ReadonlyMap<string, string>): Names {
  const all = [
    ...[...customers].map(([id, name]) => ({ name: `customer ${name}`, id })),
    ...[...products].map(([id, name]) => ({ name, id })),
  ];
  const namedCustomers = new Map([...customers].map(([id, name]) => [keyOf(id), name]));
  const namedProducts = new Map([...products].map(([id, name]) => [keyOf(id), name]));
  return {
    customer: (id) => namedCustomers.get(keyOf(id)) ?? abbreviate(id),
    product: (id) => namedProducts.get(keyOf(id)) ?? abbreviate(id),
    isKnown: (id) => namedCustomers.has(keyOf(id)) || namedProducts.has(keyOf(id)),
    all,
    rename: (text) => all.filter(({ id }) => uuid.test(id)).reduce((renamed, { id, name }) => renamed.replaceAll(id, name), text),
  };
}

/** 0 → `a`, 25 → `z`, 26 → `aa`. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(97 + index) : letterOf(Math.floor(index / 26) - 1) + letterOf(index % 26);
}

/** The value of an exchange's JSON answer; undefined where there is none or it is no JSON. */
export function answerValue(exchange: Exchange): unknown {
  const text = exchange.answer?.body?.text;
  if (text === undefined || text.length > 1_000_000) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A member of a JSON object that is a string. */
export function stringMember(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
    return undefined;
  }
  const member = (value as Readonly<Record<string, unknown>>)[name];
  return typeof member === 'string' ? member : undefined;
}

/** The id a create was answered with. */
export function createdProduct(exchange: Exchange): string | undefined {
  return exchange.intent.operation === 'create' ? stringMember(answerValue(exchange), 'customerProductId') : undefined;
}

/** Names by first appearance: customers `a`, `b`, products `p1`, `p2`. */
export function namesByAppearance(exchanges: readonly Exchange[]): Names {
  const customers = new Map<string, string>();
  const products = new Map<string, string>();
  const seen = new Set<string>();
  const isNew = (id: string | undefined): id is string => id !== undefined && !seen.has(keyOf(id)) && seen.add(keyOf(id)).size > 0;
  for (const exchange of exchanges) {
    const { customer, product } = exchange.intent;
    if (isNew(customer)) {
      customers.set(customer, letterOf(customers.size));
    }
    for (const id of [product, createdProduct(exchange)]) {
      if (isNew(id)) {
        products.set(id, `p${products.size + 1}`);
      }
    }
  }
  return namesFrom(customers, products);
}
