/**
 * What a view showed of a product before it was closed, and before it was closed again. A read is held against one of the same view:
 * where list and get disagree all along, no close has changed anything (LST-03 says it).
 */
import type { Closing, Product, Sight } from '../../generators/model/product.ts';

type ByView = Readonly<Record<Sight['view'], WeakMap<Product, Sight>>>;

const newByView = (): ByView => ({ get: new WeakMap(), list: new WeakMap() });

/** The other view's memory may be asked as well. */
export interface BeforeClose {
  /** The last sight in the view that ended before any valid close was sent; `undefined` too where this one is such a sight. */
  sameView(sight: Sight): Sight | undefined;
  otherView(sight: Sight): Sight | undefined;
}

const firstClosing = ({ closings }: Product): Closing | undefined => closings.find(({ valid }) => valid);

export function watchBeforeClose(): BeforeClose {
  const kept = newByView();
  return {
    sameView(sight) {
      const closing = firstClosing(sight.product);
      if (closing !== undefined && closing.from < sight.to) return kept[sight.view].get(sight.product);
      kept[sight.view].set(sight.product, sight);
      return undefined;
    },
    otherView: ({ view, product }) => kept[view === 'get' ? 'list' : 'get'].get(product),
  };
}

/** A valid close of a product that had been seen CLOSED. */
const isAgain = ({ valid, seenBefore }: Closing): boolean => valid && seenBefore?.shown.status === 'CLOSED';

export interface ClosedAgain {
  readonly again: Closing;
  /** CLOSED, in the same view, before it was closed again for the first time. */
  readonly before: Sight;
}

/** Of a sight after a second close that was answered: that close, and the sight to hold this one against. */
export function watchClosedAgain(): (sight: Sight) => ClosedAgain | undefined {
  const kept = newByView();
  return (sight) => {
    const { product, shown, view } = sight;
    if (!product.closings.some((closing) => isAgain(closing) && closing.from < sight.to)) {
      if (shown.status === 'CLOSED') kept[view].set(product, sight);
      return undefined;
    }
    const again = product.closings.findLast(
      (closing) => isAgain(closing) && closing.message !== undefined && closing.message.to <= sight.from,
    );
    const before = kept[view].get(product);
    return again === undefined || before === undefined ? undefined : { again, before };
  };
}
