import type { Status } from '../../spec/values.ts';
import { ibanOf } from '../account.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import { changeClosed, changeNew, changeShown, everyNth, without } from '../overriding.ts';
import type { Product } from '../product.ts';
import { closed } from '../product.ts';
import type { Fault } from '../registry.ts';

/** Something that happens to other products when one is closed. */
function alsoTo(others: (product: Product, call: ClientCall) => Product[], change: (other: Product, now: number) => Product) {
  return (hooks: Hooks): Partial<Hooks> => ({
    applyClose: (product, call) => {
      if (product.status !== 'CLOSED') for (const other of others(product, call)) call.system.store.save(change(other, hooks.now()));
      return hooks.applyClose(product, call);
    },
  });
}

const hour = 3_600_000;

/** Faults of what a close does. */
export const clsEffect: readonly Fault[] = [
  {
    name: 'close-does-nothing',
    sentence: 'A close is accepted and does nothing.',
    caughtBy: ['CLS-01'],
    apply: () => ({ applyClose: (product) => product }),
  },
  {
    name: 'every-fifth-close-does-nothing',
    sentence: 'Every fifth close is accepted and does nothing.',
    caughtBy: ['CLS-01'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(5);
      return { applyClose: (product, call) => (strikes() ? product : hooks.applyClose(product, call)) };
    },
  },
  {
    name: 'depository-stays-open',
    sentence: 'The close of a depository account is accepted and does nothing.',
    caughtBy: ['CLS-01'],
    apply: changeClosed((after, before) => (before.code === 'DEPOSITORY_ACCOUNT' ? before : after)),
  },
  {
    name: 'close-shows-in-get-only',
    sentence: 'Lists show the status a product was made with.',
    caughtBy: ['CLS-01', 'LST-03', 'FLT-03'],
    apply: changeShown((shown, product, call) =>
      call.kind === 'list' && product.status === 'CLOSED' ? { ...without(shown, 'closedOn'), status: 'ACTIVE' } : shown,
    ),
  },
  {
    name: 'close-shows-in-list-only',
    sentence: 'Gets show the status a product was made with.',
    caughtBy: ['CLS-01', 'LST-03'],
    apply: changeShown((shown, product, call) =>
      call.kind === 'get' && product.status === 'CLOSED' ? { ...without(shown, 'closedOn'), status: 'ACTIVE' } : shown,
    ),
  },
  {
    name: 'close-makes-inactive',
    sentence: 'A close makes the product INACTIVE.',
    caughtBy: ['CLS-01', 'CLS-02'],
    apply: changeClosed((after) => ({ ...after, status: 'INACTIVE' })),
  },
  {
    name: 'closed-on-from-the-first',
    sentence: 'An open product shows closedOn, the same as createdOn.',
    caughtBy: ['CLS-02'],
    apply: changeNew((product) => ({ ...product, closedOn: product.createdOn })),
  },
  {
    name: 'closed-on-at-the-end-of-time',
    sentence: 'An open product shows a closedOn in the year 9999.',
    caughtBy: ['CLS-02'],
    apply: changeNew((product) => ({ ...product, closedOn: Date.UTC(9999, 11, 31) })),
  },
  {
    name: 'open-listed-with-closed-on',
    sentence: 'Lists show closedOn of open products, the same as modifiedOn.',
    caughtBy: ['CLS-02'],
    apply: changeShown((shown, _product, call) =>
      call.kind === 'list' ? { ...shown, closedOn: shown.closedOn ?? shown.modifiedOn } : shown,
    ),
  },
  {
    name: 'closed-on-of-creation',
    sentence: 'closedOn is createdOn.',
    caughtBy: ['CLS-03'],
    needs: 'time',
    apply: changeClosed((after, before) => ({ ...after, closedOn: before.createdOn })),
  },
  {
    name: 'closed-on-in-local-time',
    sentence: 'closedOn is an hour ahead: local time with a Z.',
    caughtBy: ['CLS-03'],
    apply: changeClosed((after) => ({ ...after, closedOn: (after.closedOn ?? 0) + hour })),
  },
  {
    name: 'closed-on-at-midnight',
    sentence: 'closedOn is the beginning of the day.',
    caughtBy: ['CLS-03', 'TIM-03'],
    apply: changeClosed((after) => ({ ...after, closedOn: Math.floor((after.closedOn ?? 0) / (24 * hour)) * 24 * hour })),
  },
  {
    name: 'closed-on-at-end-of-month',
    sentence: 'closedOn is 30 days ahead: the end of the notice.',
    caughtBy: ['CLS-03'],
    apply: changeClosed((after) => ({ ...after, closedOn: (after.closedOn ?? 0) + 30 * 24 * hour })),
  },
  {
    name: 'closed-on-two-seconds-late',
    sentence: 'The clock of the closing service is two seconds ahead.',
    caughtBy: ['CLS-03'],
    apply: changeClosed((after) => ({ ...after, closedOn: (after.closedOn ?? 0) + 2000, modifiedOn: after.modifiedOn + 2000 })),
  },
  {
    name: 'closed-on-of-the-close-before',
    sentence: 'closedOn is when the server last closed a product before this one.',
    caughtBy: ['CLS-03', 'TIM-03'],
    needs: 'history',
    apply: (hooks) => {
      let last = 0;
      return {
        applyClose: (product, call) => {
          const after = hooks.applyClose(product, call);
          if (product.status === 'CLOSED' || after.closedOn === undefined) return after;
          const before = last || after.closedOn;
          last = after.closedOn;
          return { ...after, closedOn: before };
        },
      };
    },
  },
  {
    name: 'close-keeps-modified-on',
    sentence: 'A close does not move modifiedOn.',
    caughtBy: ['CLS-04', 'TIM-05'],
    needs: 'time',
    apply: changeClosed((after, before) => ({ ...after, modifiedOn: before.modifiedOn })),
  },
  {
    name: 'close-moves-modified-on-back',
    sentence: 'After a close modifiedOn is a second before createdOn.',
    caughtBy: ['CLS-04', 'TIM-02', 'TIM-03', 'LST-03'],
    apply: changeClosed((after, before) => ({ ...after, modifiedOn: before.createdOn - 1000 })),
  },
  {
    name: 'close-changes-currency',
    sentence: 'A close sets the currency to EUR.',
    caughtBy: ['CLS-05', 'TIM-01'],
    apply: changeClosed((after) => ({ ...after, currency: after.code === 'CURRENCY_WALLET' ? 'EUR' : (after.currency ?? 'EUR') })),
  },
  {
    name: 'close-moves-created-on',
    sentence: 'A close sets createdOn anew.',
    caughtBy: ['CLS-05', 'TIM-01', 'TIM-03'],
    apply: changeClosed((after) => ({ ...after, createdOn: after.modifiedOn })),
  },
  {
    name: 'close-moves-opened-on',
    sentence: 'A close sets openedOn to closedOn.',
    caughtBy: ['CLS-05', 'TIM-01'],
    apply: changeClosed((after) => ({ ...after, openedOn: after.modifiedOn })),
  },
  {
    name: 'close-changes-code',
    sentence: 'A closed currency wallet becomes a wallet.',
    caughtBy: ['CLS-05', 'TIM-01', 'FLT-05', 'FLT-09'],
    apply: changeClosed((after) => (after.code === 'CURRENCY_WALLET' ? { ...after, code: 'WALLET' } : after)),
  },
  {
    name: 'close-changes-iban',
    sentence: 'A closed account shows another IBAN.',
    caughtBy: ['CLS-05'],
    apply: (hooks) => {
      let next = 8_000_000_000;
      return changeClosed((after) => (after.account ? { ...after, account: { ...after.account, iban: ibanOf(next++) } } : after))(hooks);
    },
  },
  {
    name: 'close-loses-a-proxy',
    sentence: 'A close takes the first proxy away.',
    caughtBy: ['CLS-15'],
    apply: changeClosed((after) => (after.proxyIds ? { ...after, proxyIds: after.proxyIds.slice(1) } : after)),
  },
  {
    name: 'close-closes-a-stranger',
    sentence: 'A close closes the newest open product of the same code of another customer too.',
    caughtBy: ['CLS-06', 'CLS-16', 'OWN-02', 'CRE-04'],
    needs: 'history',
    apply: alsoTo(
      (product, call) =>
        call.system.store
          .all()
          .filter((other) => other.customer !== product.customer && other.code === product.code && other.status === 'ACTIVE')
          .slice(-1),
      closed,
    ),
  },
  {
    name: 'close-sets-closed-on-of-all',
    sentence: 'A close sets closedOn of every product of the customer.',
    caughtBy: ['CLS-06', 'CLS-02', 'CLS-07', 'CLS-08', 'LST-03', 'TIM-05'],
    needs: 'history',
    apply: alsoTo(
      (product, call) => call.system.store.productsOf(product.customer).filter((other) => other.id !== product.id),
      (other, now) => ({ ...other, closedOn: now }),
    ),
  },
  {
    name: 'close-moves-opened-on-of-others',
    sentence: 'A close sets openedOn of the customer’s other open products to now.',
    caughtBy: ['CLS-06', 'TIM-01', 'CLS-05'],
    needs: 'history',
    apply: alsoTo(
      (product, call) =>
        call.system.store.productsOf(product.customer).filter((other) => other.id !== product.id && other.status === 'ACTIVE'),
      (other, now) => ({ ...other, openedOn: now, modifiedOn: now }),
    ),
  },
  {
    name: 'close-blocks-the-rest',
    sentence: 'A close changes the closed products of the customer to INACTIVE.',
    caughtBy: ['CLS-06', 'CLS-07', 'CLS-08', 'CLS-14', 'LST-03'],
    needs: 'history',
    apply: alsoTo(
      (product, call) => call.system.store.productsOf(product.customer).filter((other) => other.status === 'CLOSED'),
      (other) => ({ ...without(other, 'closedOn'), status: 'INACTIVE' }),
    ),
  },
  {
    name: 'closed-without-closed-on',
    sentence: 'A close sets no closedOn.',
    caughtBy: ['CLS-13'],
    apply: changeClosed((after) => without(after, 'closedOn')),
  },
  {
    name: 'closed-listed-without-closed-on',
    sentence: 'Lists leave closedOn out.',
    caughtBy: ['CLS-13'],
    apply: changeShown((shown, _product, call) => (call.kind === 'list' ? without(shown, 'closedOn') : shown)),
  },
  {
    name: 'closed-account-without-closed-on',
    sentence: 'A closed product with an account shows no closedOn.',
    caughtBy: ['CLS-13'],
    apply: changeShown((shown, product) => (product.account ? without(shown, 'closedOn') : shown)),
  },
  {
    name: 'closed-on-set-by-the-first-get',
    sentence: 'closedOn is set when the closed product is first got.',
    caughtBy: ['CLS-03', 'CLS-13', 'CLS-12'],
    needs: 'history',
    apply: (hooks) => ({
      ...changeClosed((after) => without(after, 'closedOn'))(hooks),
      answerGet: (product, call) => {
        if (product.status !== 'CLOSED' || product.closedOn !== undefined) return hooks.answerGet(product, call);
        const stamped = { ...product, closedOn: hooks.now() };
        call.system.store.save(stamped);
        return hooks.answerGet(stamped, call);
      },
    }),
  },
  {
    name: 'oldest-closed-beyond-forty',
    sentence: 'When a customer has more than 40 open products, the oldest is closed.',
    caughtBy: ['CLS-16'],
    needs: 'history',
    apply: (hooks) => ({
      insert: (product, call) => {
        hooks.insert(product, call);
        const open = call.system.store.productsOf(product.customer).filter((other) => other.status === 'ACTIVE');
        if (open.length > 40) call.system.store.save(closed(open[0]!, hooks.now()));
      },
    }),
  },
  {
    name: 'idle-product-closes-itself',
    sentence: 'A product that is got 1.5 s after its last change or later is closed.',
    caughtBy: ['CLS-16'],
    needs: 'time',
    apply: (hooks) => ({
      find: (id, call) => {
        const product = hooks.find(id, call);
        const isIdle = product?.status === 'ACTIVE' && hooks.now() - product.modifiedOn > 1500;
        if (isIdle) call.system.store.save(closed(product, hooks.now()));
        return isIdle ? hooks.find(id, call) : product;
      },
    }),
  },
  {
    name: 'list-of-forty-closes',
    sentence: 'The unfiltered list of more than 40 products closes the first open one of them.',
    caughtBy: ['CLS-16'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        const open = selected.find((product) => product.status === 'ACTIVE');
        if (open && selected.length > 40 && Object.keys(filters).length === 0) call.system.store.save(closed(open, hooks.now()));
        return selected;
      },
    }),
  },
  {
    name: 'statuses-mixed-after-100',
    sentence: 'After a hundred creates of the server a close is kept under the status BLOCKED.',
    caughtBy: ['CLS-01'],
    needs: 'history',
    apply: (hooks) => ({
      ...changeClosed((after, _before, call) =>
        call.system.store.all().length > 100 ? { ...without(after, 'closedOn'), status: 'BLOCKED' satisfies Status } : after,
      )(hooks),
    }),
  },
];
