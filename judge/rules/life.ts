/** LIF: the order of statuses in the life of a product. */
import { isOpening } from '../../generators/model/product.ts';
import type { Rules } from '../rule.ts';

const final = new Set(['INVALID', 'REJECTED']);

export const life: Rules<'LIF'> = {
  'LIF-01': (tell) => ({
    sight({ product, shown, previous, message, stale, from }) {
      const [was, is] = [previous?.shown.status, shown.status];
      if (product.creation === undefined || was === undefined || is === undefined || previous!.to > from) return;
      // A read of an older state is visibility's matter, not a return; what we closed, we closed (R-CLOSABLE).
      if (stale || (is === 'CLOSED' && product.closings.length > 0)) return;
      if (was === is) {
        if (final.has(is) || (!isOpening(is) && [...product.statuses].some(isOpening))) tell.holds();
      } else if (isOpening(is) && !isOpening(was))
        tell.violated({
          cause: `${was} became ${is}`,
          message: `A product that was ${was} is ${is} again.`,
          expected: 'any status but RECEIVED and PENDING',
          received: `status ${is}`,
          exchanges: [previous!.message.id, message.id],
        });
      else if (final.has(was))
        tell.violated({
          cause: `${was} became ${is}`,
          message: `A product that ended ${was} is now ${is}.`,
          expected: `status ${was}`,
          received: `status ${is}`,
          exchanges: [previous!.message.id, message.id],
        });
      else tell.holds();
    },
  }),
};
