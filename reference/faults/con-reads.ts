import type { Answer } from '../answer.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import type { Product } from '../product.ts';
import type { Fault } from '../registry.ts';
import { countUnderWay, createExchange, oneIn, pause } from './racing.ts';

/** Two calls of one operation that overlap are given each other's answers, one time in `n`. */
function swapAnswers(operation: 'list' | 'get', n: number) {
  return (hooks: Hooks): Partial<Hooks> => {
    const exchange = createExchange<Answer>();
    return { [operation]: async (call: ClientCall) => exchange(await hooks[operation](call), oneIn(n, hooks)) };
  };
}

/** The product as it was before its last change, if that was less than `within` ms ago. */
function olderOf(product: Product, call: ClientCall, within: number): Product | undefined {
  const { store } = call.system;
  const versions = store.versionsOf(product.id);
  const index = versions.findIndex((version) => version.product === product);
  const version = versions[index];
  return version !== undefined && store.steady() - version.since < within ? versions[index - 1]?.product : product;
}

/** Faults of reads that overlap, or that see different copies. */
export const conReads: readonly Fault[] = [
  {
    name: 'gets-swapped',
    sentence: 'Two gets that overlap get each other’s answers, one time in five.',
    caughtBy: ['CON-05', 'LST-07'],
    needs: 'concurrency',
    apply: swapAnswers('get', 5),
  },
  {
    name: 'lists-swapped',
    sentence: 'Two lists that overlap get each other’s answers, one time in five.',
    caughtBy: ['CON-05', 'OWN-01', 'LST-01', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-06', 'FLT-08', 'FLT-10', 'FLT-14', 'LST-08'],
    needs: 'concurrency',
    apply: swapAnswers('list', 5),
  },
  {
    name: 'list-content-overwritten',
    sentence:
      'Lists are written into one place for all, so that of overlapping lists all but the last show what the last shows, one time in four.',
    caughtBy: ['CON-05', 'OWN-01', 'LST-01', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-06', 'FLT-08', 'FLT-10', 'FLT-11', 'FLT-14'],
    needs: 'concurrency',
    apply: (hooks) => {
      let written: Answer | undefined;
      return {
        list: async (call) => {
          const own = await hooks.list(call);
          written = own;
          if (hooks.random() * 4 >= 1) return own;
          await pause(2);
          return written;
        },
      };
    },
  },
  {
    name: 'gets-go-back',
    sentence: 'For a second after a close one get in ten shows the product open.',
    caughtBy: ['CON-04', 'CON-03', 'CLS-01', 'CLS-07', 'TIM-02', 'LST-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      find: (id, call) => {
        const product = hooks.find(id, call);
        return product && hooks.random() < 0.1 ? (olderOf(product, call, 1000) ?? product) : product;
      },
    }),
  },
  {
    name: 'lists-go-back',
    sentence: 'One list in ten is half a second old.',
    caughtBy: ['CON-04', 'CON-03', 'LST-01', 'CLS-01', 'CLS-07', 'TIM-02', 'LST-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      productsOf: (customer, call) => {
        const { store } = call.system;
        const isOld = hooks.random() < 0.1;
        return isOld
          ? store.productsOf(customer, store.steady() - 500).filter((product) => product.owner === call.client.id)
          : hooks.productsOf(customer, call);
      },
    }),
  },
  {
    name: 'new-product-comes-and-goes',
    sentence: 'For a second after a create one get in ten of the product is 404.',
    caughtBy: ['CON-04', 'CRE-01', 'CON-03', 'LST-04', 'LST-09'],
    needs: 'concurrency',
    apply: (hooks) => ({
      find: (id, call) => {
        const product = hooks.find(id, call);
        const isNew = product !== undefined && hooks.now() - product.createdOn < 1000;
        return isNew && hooks.random() < 0.1 ? undefined : product;
      },
    }),
  },
  {
    name: 'products-kept-by-connection',
    sentence: 'A connection keeps what it has got until it writes itself.',
    caughtBy: ['CON-04', 'CON-03', 'CLS-01', 'LST-03', 'CLS-07', 'TIM-02'],
    needs: 'concurrency',
    apply: (hooks) => {
      const kept = new Map<string, Product>();
      const forget = (connection: number): void => {
        for (const key of kept.keys()) if (key.startsWith(`${connection}/`)) kept.delete(key);
      };
      return {
        find: (id, call) => {
          const key = `${call.connection}/${id}`;
          const product = kept.get(key) ?? hooks.find(id, call);
          if (product) kept.set(key, product);
          return product;
        },
        save: (product, call) => {
          forget(call.connection);
          hooks.save(product, call);
        },
        insert: (product, call) => {
          forget(call.connection);
          hooks.insert(product, call);
        },
      };
    },
  },
  {
    name: 'two-replicas-by-connection',
    sentence: 'Connections with an odd number read a copy that is 700 ms behind.',
    caughtBy: [
      'CON-04',
      'CON-03',
      'CRE-01',
      'CLS-01',
      'CRE-05',
      'LST-01',
      'LST-03',
      'LST-04',
      'LST-09',
      'FLT-04',
      'FLT-05',
      'FLT-08',
      'CLS-07',
      'TIM-02',
    ],
    needs: 'concurrency',
    apply: (hooks) => ({
      find: (id, call) => {
        const { store } = call.system;
        return call.connection % 2 === 1 ? store.find(id, store.steady() - 700) : hooks.find(id, call);
      },
      productsOf: (customer, call) => {
        const { store } = call.system;
        return call.connection % 2 === 1 ? store.productsOf(customer, store.steady() - 700) : hooks.productsOf(customer, call);
      },
    }),
  },
  {
    name: 'list-beside-a-create-misses-the-newest',
    sentence: 'A list while a create is under way for the customer leaves out the newest product that was there, one time in two.',
    caughtBy: ['LST-01', 'CON-04'],
    needs: 'concurrency',
    apply: (hooks) => {
      const creating = countUnderWay();
      return {
        create: (call) =>
          creating.during(hooks.readCustomer(call), async () => {
            await pause(3);
            return hooks.create(call);
          }),
        productsOf: (customer, call) => {
          const products = hooks.productsOf(customer, call);
          return creating.count(customer) > 0 && oneIn(2, hooks) ? products.slice(0, -1) : products;
        },
      };
    },
  },
  {
    name: 'list-beside-a-close-shows-it-twice',
    sentence: 'A list while a close is under way shows the product twice, open and closed, one time in two.',
    caughtBy: ['LST-02', 'CON-03', 'CLS-01'],
    needs: 'concurrency',
    apply: (hooks) => {
      const closing = new Map<string, Product>();
      return {
        close: async (call) => {
          const id = hooks.readProductId(call);
          const before = call.system.store.find(id);
          const answer = await hooks.close(call);
          if (before?.status !== 'ACTIVE') return answer;
          closing.set(id, before);
          await pause(4);
          closing.delete(id);
          return answer;
        },
        productsOf: (customer, call) => {
          const products = hooks.productsOf(customer, call);
          return hooks.random() < 0.5
            ? products.flatMap((product) => [product, ...[closing.get(product.id)].filter((open) => open !== undefined)])
            : products;
        },
      };
    },
  },
];
