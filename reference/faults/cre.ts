import type { ClientCall, Hooks } from '../hooks.ts';
import { changeNew, everyNth, without } from '../overriding.ts';
import type { JsonObject } from '../presentation.ts';
import type { Product } from '../product.ts';
import { closed } from '../product.ts';
import type { Fault } from '../registry.ts';

/** A member of the create's content, where it is a text. */
function memberOf(hooks: Hooks, call: ClientCall, name: string): string | undefined {
  const value = (hooks.readContent(call) as JsonObject)[name];
  return typeof value === 'string' ? value : undefined;
}

/** Takes a member of the content over into the new product. */
function takeOver(hooks: Hooks, name: string, change: (product: Product, value: string) => Product): Partial<Hooks> {
  return {
    newProduct: (code, customer, call) => {
      const product = hooks.newProduct(code, customer, call);
      const value = memberOf(hooks, call, name);
      return value === undefined ? product : change(product, value);
    },
  };
}

/** Faults of the create. */
export const cre: readonly Fault[] = [
  {
    name: 'every-seventh-create-forgotten',
    sentence: 'Every seventh create gives an id and keeps nothing.',
    caughtBy: ['CRE-01', 'CRE-05', 'LST-01'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(7);
      return { insert: (product, call) => (strikes() ? undefined : hooks.insert(product, call)) };
    },
  },
  {
    name: 'create-gives-another-id',
    sentence: 'The id a create answers is not the one the product is kept under.',
    caughtBy: ['CRE-01', 'CRE-05', 'LST-01', 'CRE-09'],
    apply: (hooks) => ({ answerCreate: (product, call) => hooks.answerCreate({ ...product, id: crypto.randomUUID() }, call) }),
  },
  {
    name: 'depository-not-kept',
    sentence: 'A depository account is accepted and not kept.',
    caughtBy: ['CRE-01', 'CRE-05', 'LST-01'],
    apply: (hooks) => ({ insert: (product, call) => (product.code === 'DEPOSITORY_ACCOUNT' ? undefined : hooks.insert(product, call)) }),
  },
  {
    name: 'currency-wallet-becomes-wallet',
    sentence: 'A CURRENCY_WALLET becomes a WALLET.',
    caughtBy: ['CRE-02'],
    apply: (hooks) => ({
      readCode: (content, call) => (hooks.readCode(content, call) === 'CURRENCY_WALLET' ? 'WALLET' : hooks.readCode(content, call)),
    }),
  },
  {
    name: 'code-of-the-create-before',
    sentence: 'After 12 creates every product gets the code of the create before it.',
    caughtBy: ['CRE-02'],
    needs: 'history',
    apply: (hooks) => {
      let creates = 0;
      let before: Product['code'] = 'WALLET';
      return {
        readCode: (content, call) => {
          const asked = hooks.readCode(content, call);
          const given = ++creates > 12 ? before : asked;
          before = asked;
          return given;
        },
      };
    },
  },
  {
    name: 'every-tenth-id-given-twice',
    sentence: 'Every tenth create gives the id of the one before it.',
    caughtBy: ['CRE-03'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(10);
      let last = '';
      return {
        newId: (call) => {
          last = strikes() ? last : hooks.newId(call);
          return last;
        },
      };
    },
  },
  {
    name: 'ids-of-a-small-space',
    sentence: 'Ids are drawn from 256 only.',
    caughtBy: ['CRE-03'],
    needs: 'history',
    apply: (hooks) => {
      const prefix = crypto.randomUUID().slice(0, 34);
      const hex = (): string =>
        Math.floor(hooks.random() * 256)
          .toString(16)
          .padStart(2, '0');
      return { newId: () => prefix + hex() };
    },
  },
  {
    name: 'depository-made-closed',
    sentence: 'A depository account is closed from the first.',
    caughtBy: ['CRE-04', 'CLS-16'],
    apply: changeNew((product) => (product.code === 'DEPOSITORY_ACCOUNT' ? closed(product, product.createdOn) : product)),
  },
  {
    name: 'made-closed-after-a-close',
    sentence: 'A product of a code whose last product was closed is closed from the first.',
    caughtBy: ['CRE-04', 'CLS-16'],
    needs: 'history',
    apply: changeNew((product, call) => {
      const last = call.system.store.productsOf(product.customer).findLast((other) => other.code === product.code);
      return last?.status === 'CLOSED' ? closed(product, product.createdOn) : product;
    }),
  },
  {
    name: 'new-product-listed-twice',
    sentence: 'Until the next create the newest product is listed twice.',
    caughtBy: ['CRE-05', 'LST-02'],
    apply: (hooks) => ({
      productsOf: (customer, call) => {
        const products = hooks.productsOf(customer, call);
        return [...products, ...products.slice(-1)];
      },
    }),
  },
  {
    name: 'requestor-as-idempotency-key',
    sentence: 'A create with the requestor, customer and code of an earlier one gives the earlier id.',
    caughtBy: ['CRE-03', 'CRE-06'],
    needs: 'history',
    apply: (hooks) => {
      const made = new Map<string, Product>();
      return {
        create: (call) => {
          const customer = hooks.readCustomer(call);
          const key = [hooks.readRequestor(call), customer, hooks.readCode(hooks.readContent(call), call)].join();
          const before = made.get(key);
          if (before) return hooks.answerCreate(before, call);
          const product = hooks.newProduct(hooks.readCode(hooks.readContent(call), call), customer, call);
          hooks.insert(product, call);
          made.set(key, product);
          return hooks.answerCreate(product, call);
        },
      };
    },
  },
  {
    name: 'same-create-within-a-second',
    sentence: 'The same create within a second gives the id of the first.',
    caughtBy: ['CRE-03', 'CRE-06'],
    needs: 'history',
    apply: (hooks) => ({
      newProduct: (code, customer, call) => {
        const product = hooks.newProduct(code, customer, call);
        const twin = call.system.store.productsOf(customer).findLast((other) => other.code === code);
        return twin && product.createdOn - twin.createdOn < 1000 ? twin : product;
      },
      insert: (product, call) => (call.system.store.find(product.id) ? undefined : hooks.insert(product, call)),
    }),
  },
  {
    name: 'status-taken-from-body',
    sentence: 'A status in the body of a create is taken over.',
    caughtBy: ['CRE-07', 'CLS-13', 'CRE-04', 'CON-03'],
    apply: (hooks) => takeOver(hooks, 'status', (product, value) => ({ ...product, status: value as Product['status'] })),
  },
  {
    name: 'id-taken-from-body',
    sentence: 'A customerProductId in the body of a create is taken over.',
    caughtBy: ['CRE-07'],
    apply: (hooks) => takeOver(hooks, 'customerProductId', (product, value) => ({ ...product, id: value.toLowerCase() })),
  },
  {
    name: 'closed-on-taken-from-body',
    sentence: 'A closedOn in the body of a create is taken over.',
    caughtBy: ['CRE-07', 'CLS-02', 'TIM-03'],
    apply: (hooks) =>
      takeOver(hooks, 'closedOn', (product, value) =>
        Number.isNaN(Date.parse(value)) ? product : { ...product, closedOn: Date.parse(value) },
      ),
  },
  {
    name: 'created-on-taken-from-body',
    sentence: 'A createdOn in the body of a create is taken over.',
    caughtBy: ['CRE-07', 'TIM-04', 'TIM-07'],
    apply: (hooks) =>
      takeOver(hooks, 'createdOn', (product, value) =>
        Number.isNaN(Date.parse(value)) ? product : { ...product, createdOn: Date.parse(value) },
      ),
  },
  {
    name: 'active-without-opened-on',
    sentence: 'A wallet is ACTIVE and has no openedOn.',
    caughtBy: ['CRE-08'],
    apply: changeNew((product) => (product.type === 'WALLET' ? without(product, 'openedOn') : product)),
  },
  {
    name: 'balance-account-brings-a-wallet',
    sentence: 'With a balance account a wallet is made that nobody asked for.',
    caughtBy: ['CRE-09', 'CON-07'],
    apply: (hooks) => ({
      insert: (product, call) => {
        hooks.insert(product, call);
        if (product.code === 'BALANCE_ACCOUNT') hooks.insert(hooks.newProduct('WALLET', product.customer, call), call);
      },
    }),
  },
  {
    name: 'every-eighth-create-made-twice',
    sentence: 'Every eighth create makes two products.',
    caughtBy: ['CRE-09', 'SCH-14'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(8);
      return {
        insert: (product, call) => {
          hooks.insert(product, call);
          if (strikes()) hooks.insert({ ...product, id: hooks.newId(call) }, call);
        },
      };
    },
  },
  {
    name: 'create-closes-the-one-before',
    sentence: 'A new product closes the customer’s open one of the same code.',
    caughtBy: ['CLS-16', 'CRE-04'],
    needs: 'history',
    apply: (hooks) => ({
      insert: (product, call) => {
        const open = call.system.store
          .productsOf(product.customer)
          .filter((other) => other.code === product.code && other.status === 'ACTIVE');
        for (const other of open) call.system.store.save(closed(other, hooks.now()));
        hooks.insert(product, call);
      },
    }),
  },
  {
    name: 'create-by-another-requestor-not-listed',
    sentence: 'Only what is created by the first requestor of a customer is listed.',
    caughtBy: ['CRE-05', 'LST-01'],
    needs: 'history',
    apply: (hooks) => {
      const first = new Map<string, string>();
      const hidden = new Set<string>();
      return {
        insert: (product, call) => {
          const requestor = hooks.readRequestor(call);
          if (!first.has(product.customer)) first.set(product.customer, requestor);
          if (first.get(product.customer) !== requestor) hidden.add(product.id);
          hooks.insert(product, call);
        },
        productsOf: (customer, call) => hooks.productsOf(customer, call).filter(({ id }) => !hidden.has(id)),
      };
    },
  },
  {
    name: 'opened-on-taken-from-body',
    sentence: 'An openedOn in the body of a create is taken over.',
    caughtBy: ['CRE-07', 'TIM-03'],
    apply: (hooks) =>
      takeOver(hooks, 'openedOn', (product, value) =>
        Number.isNaN(Date.parse(value)) ? product : { ...product, openedOn: Date.parse(value) },
      ),
  },
  {
    name: 'customer-taken-from-body',
    sentence: 'A create with a customerId in its body makes the product for that customer.',
    caughtBy: ['CRE-05', 'LST-01'],
    apply: (hooks) => takeOver(hooks, 'customerId', (product, value) => ({ ...product, customer: value.toLowerCase() })),
  },
];
