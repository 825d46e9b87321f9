/** How many requests and products a run may still use. What is needed to close what is open is kept back. */
import type { Intent } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { LimitReached } from './errors.ts';

/** Kept back beside one request for each open product: tokens, and a close that has to be sent again. */
const spare = 5;

export interface Budget {
  /** Counts a request that is about to be sent; one that is spared may use what is kept back. Throws `LimitReached`. */
  spend(intent: Intent, isSpared?: boolean): void;
  /** Whether another request may be sent for this. */
  allows(intent: Intent): boolean;
  /** Counts what became of it. `product`: the id in a create's answer. `status`: absent when no answer came. */
  settle(intent: Intent, status: number | undefined, product?: string): void;
  readonly requests: number;
  /** Created, as far as known; a create whose answer never came counts. */
  readonly products: number;
}

export const createBudget = (limits: Profile['limits']): Budget => {
  let requests = 0;
  let products = 0;
  let pending = 0;
  const open = new Set<string>();
  /** Made perhaps, by creates that told no id: it takes a list to find them and a close each. */
  let unknown = 0;

  const reaches = (intent: Intent, isSpared: boolean): 'requests' | 'products' | undefined => {
    const reserve = isSpared ? 0 : open.size + 2 * unknown + pending + spare;
    if (requests + reserve >= limits.requests) return 'requests';
    return intent.operation === 'create' && products + pending >= limits.products ? 'products' : undefined;
  };

  return {
    spend(intent, isSpared = intent.cleanup === true) {
      const limit = reaches(intent, isSpared);
      if (limit !== undefined) throw new LimitReached(limit, limits[limit]);
      requests++;
      if (intent.operation === 'create') pending++;
    },
    allows: (intent) => reaches(intent, intent.cleanup === true) === undefined,
    settle(intent, status, product) {
      if (intent.operation === 'create') {
        pending--;
        const isDone = status === undefined || status < 400 || status >= 500;
        if (!isDone) return;
        products++;
        if (product === undefined) unknown++;
        else open.add(product);
      } else if (intent.operation === 'close' && intent.product !== undefined && status !== undefined && status >= 200 && status < 300) {
        open.delete(intent.product);
      }
    },
    get requests() {
      return requests;
    },
    get products() {
      return products;
    },
  };
};
