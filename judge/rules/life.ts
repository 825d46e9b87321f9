/** LIF: the order of statuses in the life of a product. */
import { isOpening, mayBeOlder, type Product } from '../../generators/model/product.ts';
import type { Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';

const final = new Set(['INVALID', 'REJECTED']);

export const life: Rules<'LIF'> = {
  'LIF-01': (tell, { facts }) => {
    /** When a product was first seen in a status that it came to by opening, or by ending. */
    const left = new WeakMap<Product, number>();
    /** May be old reads, where reads lag behind and nothing says so. */
    const lagging: Violation[] = [];
    let slow = false;
    return {
      effect({ delay }) {
        if (delay !== undefined) slow = true;
      },
      sight({ product, shown, previous, message, stale, from, to }) {
        const [was, is] = [previous?.shown.status, shown.status];
        if (is !== undefined && !isOpening(is) && !left.has(product)) left.set(product, to);
        if (product.creation === undefined || was === undefined || is === undefined || previous!.to > from) return;
        // A read of an older state is visibility's matter, not a return; what we closed, we closed (R-CLOSABLE).
        if (stale || (is === 'CLOSED' && product.closings.length > 0)) return;
        if (was === is) {
          if (final.has(is) || (!isOpening(is) && [...product.statuses].some(isOpening))) tell.holds();
        } else if (isOpening(is) && !isOpening(was)) {
          const violation = {
            cause: `${was} became ${is}`,
            message: `A product that was ${was} is ${is} again.`,
            expected: 'any status but RECEIVED and PENDING',
            received: `status ${is}`,
            exchanges: [previous!.message.id, message.id],
          };
          const sinceMs = from - left.get(product)!;
          // What opened it may have been stamped by a clock behind the one that made it.
          if (!mayBeOlder(shown, previous!.shown, facts.clockToleranceMs) || sinceMs > (facts.settleMs ?? facts.lostAfterMs))
            tell.violated(violation);
          else if (facts.settleMs === undefined) lagging.push(violation);
        } else if (final.has(was))
          tell.violated({
            cause: `${was} became ${is}`,
            message: `A product that ended ${was} is now ${is}.`,
            expected: `status ${was}`,
            received: `status ${is}`,
            exchanges: [previous!.message.id, message.id],
          });
        else tell.holds();
      },
      end() {
        if (!slow) for (const violation of lagging) tell.violated(violation);
      },
    };
  },
};
