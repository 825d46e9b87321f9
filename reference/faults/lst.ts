import type { Hooks } from '../hooks.ts';
import { changeSelected, changeShown } from '../overriding.ts';
import type { Product } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

/** A list that never shows more than its first, or last, products. */
function capped(name: string, at: number, end: 'first' | 'last'): Fault {
  return {
    name,
    sentence: `A list shows the ${end} ${at} products only.`,
    caughtBy: ['LST-01', 'LST-05', 'CRE-05'],
    needs: 'history',
    apply: changeSelected((products) => (end === 'first' ? products.slice(0, at) : products.slice(-at))),
  };
}

/** Finds products by something less than the whole id. */
function findBy(hooks: Hooks, key: (id: string) => string): Partial<Hooks> {
  return {
    find: (id, call) =>
      hooks.find(id, call) ?? call.system.store.all().find((product) => key(product.id) === key(id) && product.owner === call.client.id),
  };
}

/** Faults of lists and gets. */
export const lst: readonly Fault[] = [
  capped('list-of-ten', 10, 'first'),
  capped('list-of-the-last-twenty', 20, 'last'),
  capped('list-of-fifty', 50, 'first'),
  capped('list-of-64', 64, 'first'),
  { ...capped('list-of-the-last-hundred', 100, 'last'), effort: 'standard' },
  {
    name: 'plain-list-without-closed-currency-wallets',
    sentence: 'A list without filters leaves out closed currency wallets.',
    caughtBy: ['LST-01'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const isHidden = ({ code, status }: Product): boolean => code === 'CURRENCY_WALLET' && status === 'CLOSED';
        const selected = hooks.selectList(customer, filters, call);
        return Object.keys(filters).length === 0 ? selected.filter((product) => !isHidden(product)) : selected;
      },
    }),
  },
  {
    name: 'list-without-closed',
    sentence: 'Closed products are not listed unless asked for by status.',
    caughtBy: ['LST-01', 'FLT-08'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        hooks.selectList(customer, filters, call).filter((product) => product.status !== 'CLOSED' || filters.status !== undefined),
    }),
  },
  {
    name: 'list-without-newest-of-many',
    sentence: 'From the second product on the newest is not listed.',
    caughtBy: ['LST-01', 'CRE-05'],
    needs: 'history',
    apply: changeSelected((products) => (products.length > 1 ? products.slice(0, -1) : products)),
  },
  {
    name: 'product-at-page-end-twice',
    sentence: 'A list is put together from pages of 25, and the first of each page is the last of the one before.',
    caughtBy: ['LST-02'],
    needs: 'history',
    apply: changeSelected((products) =>
      products.flatMap((product, index) => (index > 0 && index % 25 === 0 ? [products[index - 1]!, product] : [product])),
    ),
  },
  {
    name: 'product-at-page-end-lost',
    sentence: 'A list is put together from pages of 20, and the last of each full page is lost.',
    caughtBy: ['LST-01', 'LST-05'],
    needs: 'history',
    apply: changeSelected((products) => products.filter((_product, index) => index % 20 !== 19 || index === products.length - 1)),
  },
  {
    name: 'closed-listed-twice',
    sentence: 'A closed product stands in the list as its last element once more.',
    caughtBy: ['LST-02'],
    needs: 'history',
    apply: changeSelected((products) => [...products, ...products.filter((product) => product.status === 'CLOSED').slice(-1)]),
  },
  {
    name: 'list-shows-another-currency',
    sentence: 'Lists show EUR for every wallet, gets the right currency.',
    caughtBy: ['LST-03'],
    apply: changeShown((shown, product, call) =>
      call.kind === 'list' && product.type === 'WALLET' ? { ...shown, currency: 'EUR' } : shown,
    ),
  },
  {
    name: 'list-times-an-hour-off',
    sentence: 'Lists show createdOn in another zone and write Z.',
    caughtBy: ['LST-03', 'TIM-03', 'TIM-04', 'TIM-07'],
    apply: changeShown((shown, product, call) =>
      call.kind === 'list' ? { ...shown, createdOn: call.hooks.writeTime(product.createdOn + 3_600_000, call) } : shown,
    ),
  },
  {
    name: 'list-modified-on-as-created',
    sentence: 'Lists show the modifiedOn a product was made with.',
    caughtBy: ['LST-03', 'CLS-04', 'TIM-02'],
    needs: 'history',
    apply: changeShown((shown, product, call) =>
      call.kind === 'list' ? { ...shown, modifiedOn: call.hooks.writeTime(product.createdOn, call) } : shown,
    ),
  },
  {
    name: 'get-loses-a-proxy',
    sentence: 'A get shows one proxy less than the list.',
    caughtBy: ['LST-03'],
    apply: changeShown((shown, product, call) =>
      call.kind === 'get' && product.proxyIds ? { ...shown, proxyIds: product.proxyIds.slice(1) } : shown,
    ),
  },
  {
    name: 'list-opened-on-as-modified',
    sentence: 'Lists show modifiedOn for openedOn, which is right until the close.',
    caughtBy: ['LST-03', 'CLS-05', 'TIM-01'],
    needs: 'history',
    apply: changeShown((shown, product, call) =>
      call.kind === 'list' ? { ...shown, openedOn: call.hooks.writeTime(product.modifiedOn, call) } : shown,
    ),
  },
  {
    name: 'list-forgets-after-a-while',
    sentence: 'A product that has not changed for 1.5 s is no longer listed.',
    caughtBy: ['LST-01', 'LST-04', 'CON-04'],
    needs: 'time',
    apply: (hooks) => ({
      productsOf: (customer, call) => hooks.productsOf(customer, call).filter((product) => hooks.now() - product.modifiedOn < 1500),
    }),
  },
  {
    name: 'closed-purged-after-a-second',
    sentence: 'A product that was closed a second ago is gone.',
    caughtBy: ['LST-01', 'LST-04', 'LST-09'],
    needs: 'time',
    apply: (hooks) => {
      const isThere = (product: Product): boolean => product.closedOn === undefined || hooks.now() - product.closedOn < 1000;
      return {
        productsOf: (customer, call) => hooks.productsOf(customer, call).filter(isThere),
        find: (id, call) => [hooks.find(id, call)].find((product) => product !== undefined && isThere(product)),
      };
    },
  },
  {
    name: 'every-third-list-stale',
    sentence: 'Every third list of a customer is the one from before the last close.',
    caughtBy: ['LST-04', 'CLS-01', 'CON-04', 'CLS-07', 'TIM-02', 'LST-03'],
    needs: 'history',
    apply: (hooks) => {
      const asked = new Map<string, number>();
      return {
        productsOf: (customer, call) => {
          const products = hooks.productsOf(customer, call);
          const times = (asked.get(customer) ?? 0) + 1;
          asked.set(customer, times);
          if (times % 3 !== 0) return products;
          const lastClose = Math.max(...products.map((product) => product.closedOn ?? 0));
          return products.map((product) =>
            lastClose > 0 && product.closedOn === lastClose ? (call.system.store.versionsOf(product.id)[0]?.product ?? product) : product,
          );
        },
      };
    },
  },
  {
    name: 'unknown-id-gives-the-first',
    sentence: 'The get of an unknown id shows the first product of all.',
    caughtBy: ['LST-06', 'OWN-03'],
    apply: (hooks) => ({ find: (id, call) => hooks.find(id, call) ?? call.system.store.all()[0] }),
  },
  {
    name: 'unknown-id-gives-an-object',
    sentence: 'The get of an unknown id is 200 with an empty object.',
    caughtBy: ['LST-06', 'SCH-07'],
    apply: (hooks) => ({
      get: (call) =>
        hooks.find(hooks.readProductId(call), call)
          ? hooks.get(call)
          : { status: 200, headers: { 'Content-Type': 'application/json' }, body: '{}' },
    }),
  },
  {
    name: 'unknown-id-no-content',
    sentence: 'The get of an unknown id is 204.',
    caughtBy: ['LST-06'],
    apply: (hooks) => ({
      get: (call) => (hooks.find(hooks.readProductId(call), call) ? hooks.get(call) : { status: 204, headers: {}, body: '' }),
    }),
  },
  {
    name: 'id-compared-without-last-digit',
    sentence: 'The last digit of an id does not matter.',
    caughtBy: ['LST-06', 'LST-07'],
    apply: (hooks) => findBy(hooks, (id) => id.slice(0, -1)),
  },
  {
    name: 'id-compared-without-first-digit',
    sentence: 'The first digit of an id does not matter.',
    caughtBy: ['LST-06', 'LST-07'],
    apply: (hooks) => findBy(hooks, (id) => id.slice(1)),
  },
  {
    name: 'products-in-a-small-table',
    sentence: 'Gets look in a table of 64 places, where a later product takes the place of an earlier one.',
    caughtBy: ['LST-07', 'CRE-01', 'LST-09', 'LST-06'],
    needs: 'history',
    apply: (hooks) => {
      const place = (id: string): number => Number.parseInt(id.slice(0, 2), 16) % 64;
      const table = new Map<number, string>();
      return {
        insert: (product, call) => {
          table.set(place(product.id), product.id);
          hooks.insert(product, call);
        },
        find: (id, call) => hooks.find(table.get(place(id)) ?? id, call),
      };
    },
  },
  {
    name: 'unknown-parameter-empties-the-list',
    sentence: 'A parameter of another name is a filter that nothing passes.',
    caughtBy: ['LST-08'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const known = ['productType', 'productCode', 'status', 'iban'];
        return call.query.some(([name]) => !known.includes(name)) ? [] : hooks.selectList(customer, filters, call);
      },
    }),
  },
  {
    name: 'depository-cannot-be-got',
    sentence: 'A depository account is listed, and its get is 404.',
    caughtBy: ['LST-09', 'CRE-01'],
    apply: (hooks) => ({ find: (id, call) => [hooks.find(id, call)].find((product) => product?.code !== 'DEPOSITORY_ACCOUNT') }),
  },
  {
    name: 'get-knows-the-last-32',
    sentence: 'Only the 32 newest products of the server can be got.',
    caughtBy: ['LST-09', 'LST-04', 'CRE-01'],
    needs: 'history',
    apply: (hooks) => {
      const newest: string[] = [];
      return {
        insert: (product, call) => {
          newest.push(product.id);
          if (newest.length > 32) newest.shift();
          hooks.insert(product, call);
        },
        find: (id, call) => (newest.includes(id) ? hooks.find(id, call) : undefined),
      };
    },
  },
  {
    name: 'unknown-id-bad-request',
    sentence: 'The get of an unknown id is 400.',
    caughtBy: ['LST-10'],
    apply: (hooks) => ({
      answerRefusal: (refusal, call) =>
        hooks.answerRefusal(call.kind === 'get' && refusal.status === 404 ? new Refusal(400, refusal.message) : refusal, call),
    }),
  },
  {
    name: 'id-in-capitals-unknown',
    sentence: 'An id in capitals is not found.',
    caughtBy: ['LST-11'],
    apply: (hooks) => ({ find: (id, call) => (/[A-F]/.test(call.params.customerProductId ?? '') ? undefined : hooks.find(id, call)) }),
  },
  {
    name: 'customer-in-capitals-another',
    sentence: 'A customer whose id is written in capitals is another, without products.',
    caughtBy: ['LST-11'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        /[A-F]/.test(call.params.customerId ?? '') ? [] : hooks.selectList(customer, filters, call),
    }),
  },
  {
    name: 'list-cached-until-a-create',
    sentence: 'A list is kept until the customer’s next create, so closes do not show.',
    caughtBy: ['CLS-01', 'LST-03', 'FLT-14'],
    needs: 'history',
    apply: (hooks) => {
      const kept = new Map<string, Product[]>();
      return {
        insert: (product, call) => {
          for (const key of kept.keys()) if (key.startsWith(product.customer)) kept.delete(key);
          hooks.insert(product, call);
        },
        selectList: (customer, filters, call) => {
          const key = `${customer}?${JSON.stringify(filters)}`;
          const products = kept.get(key) ?? hooks.selectList(customer, filters, call);
          kept.set(key, products);
          return products;
        },
      };
    },
  },
  {
    name: 'get-cached-for-good',
    sentence: 'A product is shown as it was when it was first got.',
    caughtBy: ['CLS-01', 'LST-03', 'CON-04', 'OWN-03'],
    needs: 'history',
    apply: (hooks) => {
      const kept = new Map<string, Product>();
      return {
        find: (id, call) => {
          const product = kept.get(id) ?? hooks.find(id, call);
          if (product) kept.set(id, product);
          return product;
        },
      };
    },
  },
  {
    name: 'customer-id-finds-a-product',
    sentence: 'The get of the id of a customer shows the first product of that customer.',
    caughtBy: ['LST-06', 'LST-07'],
    apply: (hooks) => ({
      find: (id, call) => hooks.find(id, call) ?? call.system.store.productsOf(id)[0],
    }),
  },
];
