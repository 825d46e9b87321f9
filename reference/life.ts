import type { Hooks } from './hooks.ts';
import { without } from './overriding.ts';
import type { Product } from './product.ts';

/** What becomes of a product so many milliseconds after it was made; `at` is that moment on the wall clock. */
export type Turn = readonly [after: number, change: (product: Product, at: number) => Product];

/** A new product is first what `first` makes of it, and takes its turns later. A close before a turn cancels it. */
export function becoming(first: (product: Product) => Product, ...turns: readonly Turn[]) {
  return becomingEach(() => ({ first, turns }));
}

/** The same, with a life chosen for each product; undefined for one that is open at once. */
export function becomingEach(
  choose: (
    product: Product,
    hooks: Hooks,
  ) => { readonly first: (product: Product) => Product; readonly turns: readonly Turn[] } | undefined,
) {
  return (hooks: Hooks): Partial<Hooks> => ({
    insert: (product, call) => {
      const life = choose(product, hooks);
      if (life === undefined) return hooks.insert(product, call);
      const { store } = call.system;
      const begin = store.steady();
      let version = life.first(product);
      hooks.insert(version, call);
      for (const [after, change] of life.turns) {
        version = change(version, product.createdOn + after);
        store.plan(version, begin + after);
      }
    },
  });
}

export function pending(product: Product): Product {
  return { ...without(product, 'openedOn'), status: 'PENDING' };
}

export function opened(product: Product, at: number): Product {
  return { ...product, status: 'ACTIVE', openedOn: at, modifiedOn: at };
}
