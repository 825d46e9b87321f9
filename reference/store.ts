import type { Product } from './product.ts';

/** What a product is from a moment on. `since` is on the steady clock; it may lie ahead, for a change that is still to come. */
export interface Version {
  readonly since: number;
  readonly product: Product;
}

/**
 * All products, each as the list of its versions. A read takes the version of its moment, so the past can be
 * read (replicas) and the future planned (an opening that takes time) without timers.
 */
export interface Store {
  /** The steady clock: milliseconds that never go back. */
  steady(): number;
  /** A new product. */
  insert(product: Product, since?: number): void;
  /** A further version; it replaces what was planned for later moments. */
  save(product: Product, since?: number): void;
  /** Plans a version for a later moment, after those already planned. */
  plan(product: Product, since: number): void;
  /** The product by its id in any letter case, as of `at` (now, if left out). */
  find(id: string, at?: number): Product | undefined;
  /** The products of a customer in the order of making, as of `at`. */
  productsOf(customer: string, at?: number): Product[];
  versionsOf(id: string): readonly Version[];
  /** Takes a product out, as if it had never been. */
  remove(id: string): void;
  /** Every product, in the order of making, as of `at`. */
  all(at?: number): Product[];
}

export function createStore(steady: () => number): Store {
  const versions = new Map<string, Version[]>();
  const idsByCustomer = new Map<string, string[]>();

  const at = (id: string, moment: number): Product | undefined => {
    const list = versions.get(id) ?? [];
    for (let index = list.length - 1; index >= 0; index--) {
      const version = list[index]!;
      if (version.since <= moment) return version.product;
    }
    return undefined;
  };
  const those = (ids: Iterable<string>, moment: number): Product[] => {
    const found: Product[] = [];
    for (const id of ids) {
      const product = at(id, moment);
      if (product) found.push(product);
    }
    return found;
  };

  return {
    steady,
    insert(product, since = steady()) {
      const known = versions.has(product.id);
      versions.set(product.id, [{ since, product }]);
      if (known) return;
      const customer = product.customer.toLowerCase();
      const ids = idsByCustomer.get(customer);
      if (ids) ids.push(product.id);
      else idsByCustomer.set(customer, [product.id]);
    },
    save(product, since = steady()) {
      const kept = (versions.get(product.id) ?? []).filter((version) => version.since <= since);
      versions.set(product.id, [...kept, { since, product }]);
    },
    plan(product, since) {
      versions.set(product.id, [...(versions.get(product.id) ?? []), { since, product }]);
    },
    find: (id, moment = steady()) => at(id.toLowerCase(), moment),
    productsOf: (customer, moment = steady()) => those(idsByCustomer.get(customer.toLowerCase()) ?? [], moment),
    versionsOf: (id) => versions.get(id.toLowerCase()) ?? [],
    remove(id) {
      versions.delete(id);
      for (const ids of idsByCustomer.values()) {
        const index = ids.indexOf(id);
        if (index >= 0) ids.splice(index, 1);
      }
    },
    all: (moment = steady()) => those(versions.keys(), moment),
  };
}
