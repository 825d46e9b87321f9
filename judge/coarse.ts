/** Times shown in coarse units: within one a product may change and change back, and show the same `modifiedOn` before and after. */
import { isOpening, type Product, type Shown, type Sight } from '../generators/model/product.ts';
import { compareMoments, differenceMs, unitMs } from '../spec/moment.ts';

/** Finer than this, no two changes of a product share a `modifiedOn`. In milliseconds. */
const coarseMs = 100;

/**
 * Whether the unit of the `modifiedOn` shown, first seen in `since`, was over at a moment of the run's clock: what changed later shows another.
 * @param toleranceMs how far the clocks that stamp products may differ (R-CLOCK)
 */
export function isUnitOver({ modifiedOn }: Pick<Shown, 'modifiedOn'>, since: Sight | undefined, at: number, toleranceMs: number): boolean {
  if (modifiedOn === undefined) return true;
  const unit = unitMs(modifiedOn);
  return unit < coarseMs || (since !== undefined && at - since.to > unit + toleranceMs);
}

/**
 * Whether the same state, seen again at any later time, tells that the product had no other since that moment: it is one to which nothing returns,
 * or the unit of its `modifiedOn` was over.
 */
export function tellsOfChange(
  { modifiedSince }: Product,
  state: Pick<Shown, 'status' | 'modifiedOn'>,
  at: number,
  toleranceMs: number,
): boolean {
  if (state.status === 'CLOSED' || isOpening(state.status)) return true;
  const { modifiedOn } = state;
  const since = modifiedSince?.shown.modifiedOn;
  const isSeen = modifiedOn !== undefined && since !== undefined && compareMoments(modifiedOn, since) === 0;
  return isUnitOver(state, isSeen ? modifiedSince : undefined, at, toleranceMs);
}

/** The earliest sight known of the `modifiedOn` that a sight shows, which may be written to another precision each time. */
export function firstWith({ first, modifiedSince }: Product, sight: Sight): Sight {
  const is = sight.shown.modifiedOn!;
  return (
    [first, modifiedSince].find((each) => {
      const was = each?.shown.modifiedOn;
      return was !== undefined && (compareMoments(was, is) === 0 || Math.abs(differenceMs(was, is)) < Math.max(unitMs(was), unitMs(is)));
    }) ?? sight
  );
}
