import { becoming, opened, pending } from '../life.ts';
import { changeNew, changeShown } from '../overriding.ts';
import type { Fault } from '../registry.ts';

const day = 86_400_000;

/** Faults of times and of the life of a product. */
export const tim: readonly Fault[] = [
  {
    name: 'created-on-moves-with-lists',
    sentence: 'Lists show their own time as createdOn.',
    caughtBy: ['TIM-01', 'LST-03', 'CLS-05', 'CLS-08', 'TIM-03', 'TIM-05'],
    needs: 'time',
    apply: changeShown((shown, _product, call) =>
      call.kind === 'list' ? { ...shown, createdOn: call.hooks.writeTime(call.hooks.now(), call) } : shown,
    ),
  },
  {
    name: 'opened-on-follows-modified-on',
    sentence: 'openedOn is shown as modifiedOn, so it moves with the close.',
    caughtBy: ['TIM-01', 'CLS-05'],
    needs: 'history',
    apply: changeShown((shown) => ({ ...shown, openedOn: shown.modifiedOn })),
  },
  {
    name: 'currency-changes-after-a-second',
    sentence: 'After a second a currency wallet shows EUR.',
    caughtBy: ['TIM-01', 'LST-04', 'CLS-05', 'CLS-08'],
    needs: 'time',
    apply: changeShown((shown, product, call) =>
      product.code === 'CURRENCY_WALLET' && call.hooks.now() - product.createdOn > 1000 ? { ...shown, currency: 'EUR' } : shown,
    ),
  },
  {
    name: 'modified-on-goes-back-between-reads',
    sentence: 'Every other get of a closed product shows the modifiedOn of before the close.',
    caughtBy: ['TIM-02', 'CLS-04', 'TIM-08', 'CLS-14', 'LST-03'],
    needs: 'history',
    apply: (hooks) => {
      let gets = 0;
      return {
        present: (product, call) => {
          const shown = hooks.present(product, call);
          const isOld = call.kind === 'get' && product.status === 'CLOSED' && ++gets % 2 === 0;
          return isOld ? { ...shown, modifiedOn: hooks.writeTime(product.createdOn, call) } : shown;
        },
      };
    },
  },
  {
    name: 'opened-before-created',
    sentence: 'openedOn is three seconds before createdOn.',
    caughtBy: ['TIM-03'],
    apply: changeNew((product) => ({ ...product, openedOn: product.createdOn - 3000 })),
  },
  {
    name: 'modified-before-created',
    sentence: 'modifiedOn of a new product is the beginning of the day.',
    caughtBy: ['TIM-03'],
    apply: changeNew((product) => ({ ...product, modifiedOn: Math.floor(product.createdOn / day) * day - 1 })),
  },
  {
    name: 'opened-after-closed',
    sentence: 'A product closed within 10 s of its making shows an openedOn after closedOn: the opening is booked ahead.',
    caughtBy: ['TIM-03'],
    apply: changeNew((product) => ({ ...product, openedOn: product.createdOn + 10_000 })),
  },
  {
    name: 'created-on-of-a-slow-clock',
    sentence: 'createdOn is taken from a clock that moves every five seconds.',
    caughtBy: ['TIM-04', 'CLS-03'],
    needs: 'time',
    apply: changeNew((product) => ({ ...product, createdOn: Math.floor(product.createdOn / 5000) * 5000 })),
  },
  {
    name: 'created-on-an-hour-behind',
    sentence: 'createdOn is in another zone than the other times, an hour behind.',
    caughtBy: ['TIM-04', 'CLS-03', 'TIM-07'],
    apply: changeNew((product) => ({ ...product, createdOn: product.createdOn - 3_600_000 })),
  },
  {
    name: 'created-on-stops-after-19',
    sentence: 'From the 20th product of the server on createdOn is that of the 19th.',
    caughtBy: ['TIM-04'],
    needs: 'time',
    apply: (hooks) => {
      let made = 0;
      let kept = 0;
      return {
        newProduct: (code, customer, call) => {
          const product = hooks.newProduct(code, customer, call);
          if (++made <= 19) kept = product.createdOn;
          return made > 19 ? { ...product, createdOn: kept } : product;
        },
      };
    },
  },
  {
    name: 'milliseconds-without-noughts',
    sentence: 'The fraction of a time loses its leading noughts: 7 ms is written .7.',
    caughtBy: ['TIM-02', 'TIM-03', 'TIM-04', 'CLS-03', 'CLS-04', 'LST-03'],
    needs: 'history',
    apply: (hooks) => ({ writeTime: (time, call) => hooks.writeTime(time, call).replace(/\.0+(?=\d)/, '.') }),
  },
  {
    name: 'closed-on-rounded-up-to-the-minute',
    sentence: 'closedOn is rounded up to the minute.',
    caughtBy: ['CLS-03'],
    needs: 'history',
    apply: changeShown((shown, product, call) =>
      product.closedOn === undefined
        ? shown
        : { ...shown, closedOn: call.hooks.writeTime(Math.ceil(product.closedOn / 60_000) * 60_000, call) },
    ),
  },
  {
    name: 'opening-keeps-modified-on',
    sentence: 'A product is PENDING for 1.2 s, and modifiedOn does not move when it opens.',
    caughtBy: ['TIM-05'],
    needs: 'time',
    apply: becoming(pending, [1200, (product, at) => ({ ...opened(product, at), modifiedOn: product.modifiedOn })]),
  },
  {
    name: 'pending-with-opened-on',
    sentence: 'A product is PENDING for 100 ms, and shows openedOn.',
    caughtBy: ['TIM-06'],
    needs: 'time',
    apply: becoming((product) => ({ ...product, status: 'PENDING' }), [100, (product) => ({ ...product, status: 'ACTIVE' })]),
  },
  {
    name: 'product-clock-five-minutes-ahead',
    sentence: 'The clock that stamps products is five minutes ahead of Date.',
    caughtBy: ['TIM-07'],
    apply: (hooks) => ({ now: () => hooks.now() + 300_000 }),
  },
  {
    name: 'modified-on-moves-with-gets',
    sentence: 'A get moves modifiedOn.',
    caughtBy: ['TIM-08'],
    needs: 'history',
    apply: (hooks) => ({
      answerGet: (product, call) => {
        const touched = { ...product, modifiedOn: Math.max(product.modifiedOn, hooks.now()) };
        call.system.store.save(touched);
        return hooks.answerGet(touched, call);
      },
    }),
  },
  {
    name: 'modified-on-moves-with-creates',
    sentence: 'A create moves modifiedOn of the customer’s other products.',
    caughtBy: ['TIM-08'],
    needs: 'history',
    apply: (hooks) => ({
      insert: (product, call) => {
        for (const other of call.system.store.productsOf(product.customer))
          call.system.store.save({ ...other, modifiedOn: product.createdOn });
        hooks.insert(product, call);
      },
    }),
  },
  {
    name: 'active-goes-back-to-pending',
    sentence: 'A product is ACTIVE, after 80 ms PENDING again for 80 ms, then ACTIVE.',
    caughtBy: ['LIF-01', 'TIM-06'],
    needs: 'time',
    apply: becoming(
      (product) => product,
      [80, (product, at) => ({ ...product, status: 'PENDING', modifiedOn: at })],
      [160, (product, at) => ({ ...product, status: 'ACTIVE', modifiedOn: at })],
    ),
  },
  {
    name: 'rejected-opens-after-all',
    sentence: 'A depository account is REJECTED for 150 ms and then ACTIVE.',
    caughtBy: ['LIF-01'],
    needs: 'time',
    apply: (hooks) => {
      const change = becoming((product) => ({ ...pending(product), status: 'REJECTED' }), [150, opened])(hooks);
      return {
        insert: (product, call) => (product.code === 'DEPOSITORY_ACCOUNT' ? change.insert?.(product, call) : hooks.insert(product, call)),
      };
    },
  },
];
