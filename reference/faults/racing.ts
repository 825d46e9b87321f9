/** What faults that need concurrency are made of. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from '../answer.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import type { Product } from '../product.ts';

export { pause };

/** True once in `n` askings on the average. */
export function oneIn(n: number, hooks: Hooks): boolean {
  return hooks.random() * n < 1;
}

/** How many calls are under way for each key. */
export interface UnderWay {
  count(key: string): number;
  /** Performs the work with the key counted. */
  during<T>(key: string, work: () => Promise<T>): Promise<T>;
}

export function countUnderWay(): UnderWay {
  const counts = new Map<string, number>();
  const count = (key: string): number => counts.get(key) ?? 0;
  return {
    count,
    async during(key, work) {
      counts.set(key, count(key) + 1);
      try {
        return await work();
      } finally {
        counts.set(key, count(key) - 1);
      }
    },
  };
}

/** Two that overlap exchange what they hold; one that waits alone for 3 ms keeps its own. `mayWait` says who waits for a partner. */
export function createExchange<T>(): (own: T, mayWait: boolean) => Promise<T> | T {
  let waiting: { readonly held: T; readonly take: (other: T) => void } | undefined;
  return (own, mayWait) => {
    const partner = waiting;
    if (partner) {
      waiting = undefined;
      partner.take(own);
      return partner.held;
    }
    if (!mayWait) return own;
    return new Promise((resolve) => {
      const entry = { held: own, take: resolve };
      waiting = entry;
      setTimeout(() => {
        if (waiting === entry) waiting = undefined;
        resolve(own);
      }, 3);
    });
  };
}

/** Performs the create, and tells of the product it is about to keep. */
export async function createAndTell(hooks: Hooks, call: ClientCall, tell: (product: Product) => void): Promise<Answer> {
  const insert: Hooks['insert'] = (product, inner) => {
    tell(product);
    call.hooks.insert(product, inner);
  };
  return hooks.create({ ...call, hooks: { ...call.hooks, insert } });
}

/** The product in the path, if there is one. */
export function productOf(call: ClientCall): Product | undefined {
  return call.system.store.find(call.params.customerProductId ?? '');
}
