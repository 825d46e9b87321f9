import type { Hooks } from '../hooks.ts';
import { changeSelected } from '../overriding.ts';
import type { Fault } from '../registry.ts';

/** A list where this parameter stands without a value shows everybody's products. */
const listEveryone =
  (parameter: string) =>
  (hooks: Hooks): Partial<Hooks> => ({
    list: (call) =>
      call.query.some(([name, value]) => name === parameter && value === '')
        ? hooks.answerList(call.system.store.all(), call)
        : hooks.list(call),
  });

/** Faults of whose product is whose. */
export const own: readonly Fault[] = [
  {
    name: 'closed-listed-for-anyone',
    sentence: 'A list with status CLOSED shows the closed products of all customers.',
    caughtBy: ['OWN-01'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        filters.status === 'CLOSED'
          ? call.system.store.all().filter((product) => hooks.matches(product, filters, call))
          : hooks.selectList(customer, filters, call),
    }),
  },
  {
    name: 'empty-status-lists-everyone',
    sentence: 'A list with an empty status shows the products of all customers.',
    caughtBy: ['OWN-01'],
    needs: 'history',
    apply: listEveryone('status'),
  },
  {
    name: 'empty-list-shows-a-stranger',
    sentence: 'A customer without products is shown the newest product of the server.',
    caughtBy: ['OWN-01', 'OWN-03', 'CRE-09', 'LST-01', 'LST-04', 'OWN-02'],
    needs: 'history',
    apply: (hooks) => ({
      productsOf: (customer, call) => {
        const products = hooks.productsOf(customer, call);
        return products.length > 0 ? products : call.system.store.all().slice(-1);
      },
    }),
  },
  {
    name: 'product-moves-with-its-close',
    sentence: 'A closed product is listed under the customer that created last.',
    caughtBy: ['OWN-01', 'LST-01', 'FLT-08'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const all = call.system.store.all();
        const last = all.at(-1)?.customer;
        const open = hooks.selectList(customer, filters, call).filter((product) => product.status !== 'CLOSED');
        const closed = all.filter((product) => product.status === 'CLOSED' && hooks.matches(product, filters, call));
        return customer === last ? [...open, ...closed] : open;
      },
    }),
  },
  {
    name: 'customers-by-first-digit',
    sentence: 'Customers whose ids begin with the same digit share a list.',
    caughtBy: ['OWN-01', 'CRE-09', 'LST-04', 'OWN-02'],
    needs: 'history',
    apply: (_hooks) => ({
      productsOf: (customer, call) =>
        call.system.store.all().filter((product) => product.customer[0] === customer[0] && product.owner === call.client.id),
    }),
  },
  {
    name: 'customers-by-all-but-the-last-digit',
    sentence: 'Customers whose ids differ in the last digit only share a list.',
    caughtBy: ['OWN-01', 'CRE-09', 'LST-04', 'OWN-02', 'FLT-15'],
    needs: 'history',
    apply: (_hooks) => ({
      productsOf: (customer, call) =>
        call.system.store
          .all()
          .filter((product) => product.customer.slice(0, -1) === customer.slice(0, -1) && product.owner === call.client.id),
    }),
  },
  {
    name: 'customer-kept-by-connection',
    sentence: 'Every 25th list on a connection is of the customer asked for before on it.',
    caughtBy: ['OWN-01', 'LST-01', 'CON-05'],
    needs: 'history',
    apply: (hooks) => {
      const asked = new Map<number, { times: number; customer: string }>();
      return {
        productsOf: (customer, call) => {
          const before = asked.get(call.connection);
          const times = (before?.times ?? 0) + 1;
          asked.set(call.connection, { times, customer });
          return hooks.productsOf(before && times % 25 === 0 ? before.customer : customer, call);
        },
      };
    },
  },
  {
    name: 'long-list-filled-up-with-strangers',
    sentence: 'A list of more than 30 products has one of another customer at its end.',
    caughtBy: ['OWN-01', 'FLT-01', 'FLT-02', 'FLT-03'],
    needs: 'history',
    apply: changeSelected((products, call) => {
      const own = products[0]?.customer;
      const stranger = call.system.store.all().findLast((product) => product.customer !== own);
      return products.length > 30 && stranger ? [...products, stranger] : products;
    }),
  },
  {
    name: 'close-touches-strangers',
    sentence: 'A close moves modifiedOn of every open product of the same code, whoever’s it is.',
    caughtBy: ['OWN-02', 'TIM-08'],
    needs: 'history',
    apply: (hooks) => ({
      save: (product, call) => {
        hooks.save(product, call);
        const touched = call.system.store
          .all()
          .filter((other) => other.customer !== product.customer && other.code === product.code && other.status === 'ACTIVE');
        for (const other of touched) call.system.store.save({ ...other, modifiedOn: Math.max(other.modifiedOn, product.modifiedOn) });
      },
    }),
  },
  {
    name: 'create-changes-currency-of-a-stranger',
    sentence: 'A create gives the newest product of the customer who created before the currency of the new one.',
    caughtBy: ['OWN-02', 'TIM-01', 'CLS-05', 'SCH-17'],
    needs: 'history',
    apply: (hooks) => ({
      insert: (product, call) => {
        const last = call.system.store.all().at(-1);
        if (last && last.customer !== product.customer && product.currency !== undefined)
          call.system.store.save({ ...last, currency: product.currency });
        hooks.insert(product, call);
      },
    }),
  },
  {
    name: 'other-client-sees',
    sentence: 'A client sees the products of every client.',
    caughtBy: ['OWN-03'],
    apply: () => ({
      find: (id, call) => call.system.store.find(id),
      productsOf: (customer, call) => call.system.store.productsOf(customer),
    }),
  },
  {
    name: 'other-client-closes',
    sentence: 'A client can close the products of every client, though it does not see them.',
    caughtBy: ['OWN-03'],
    apply: () => ({ findToClose: (id, call) => call.system.store.find(id) }),
  },
  {
    name: 'empty-code-lists-everyone',
    sentence: 'A list with an empty productCode shows the products of all customers.',
    caughtBy: ['OWN-01'],
    needs: 'history',
    apply: listEveryone('productCode'),
  },
];
