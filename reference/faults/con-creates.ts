import type { ProductCode } from '../../spec/values.ts';
import type { Answer } from '../answer.ts';
import type { Fault } from '../registry.ts';
import { countUnderWay, createAndTell, createExchange, oneIn, pause } from './racing.ts';

/** Faults of creates that overlap with other calls. */
export const conCreates: readonly Fault[] = [
  {
    name: 'parallel-creates-lose-one',
    sentence: 'A create writes the customer’s list back as it was when the create began, one time in four with a pause between.',
    caughtBy: ['CON-01', 'CRE-05', 'LST-01'],
    needs: 'concurrency',
    apply: (hooks) => {
      const listed = new Map<string, readonly string[]>();
      return {
        create: async (call) => {
          const customer = hooks.readCustomer(call);
          const before = listed.get(customer) ?? [];
          if (oneIn(4, hooks)) await pause(3);
          return createAndTell(hooks, call, (product) => listed.set(customer, [...before, product.id]));
        },
        productsOf: (customer, call) => hooks.productsOf(customer, call).filter((product) => listed.get(customer)?.includes(product.id)),
      };
    },
  },
  {
    name: 'ids-of-the-millisecond',
    sentence: 'An id is made of the time, so creates in the same millisecond get the same one.',
    caughtBy: ['CON-01', 'CRE-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      newId: () => {
        const digits = Math.floor(hooks.now()).toString(16).padStart(12, '0');
        return `${digits.slice(0, 8)}-${digits.slice(8)}-7000-8000-000000000000`;
      },
    }),
  },
  {
    name: 'parallel-creates-share-a-slot',
    sentence: 'Of creates for one customer that overlap, one in three takes the place of the other, which cannot be found again.',
    caughtBy: ['CON-01', 'CRE-01', 'CRE-05', 'LST-01', 'LST-05', 'FLT-05'],
    needs: 'concurrency',
    apply: (hooks) => {
      const creating = countUnderWay();
      const newest = new Map<string, string>();
      return {
        create: (call) => {
          const customer = hooks.readCustomer(call);
          const overlaps = creating.count(customer) > 0;
          return creating.during(customer, async () => {
            await pause(2);
            return createAndTell(hooks, call, (product) => {
              const other = newest.get(customer);
              if (overlaps && other !== undefined && oneIn(3, hooks)) call.system.store.remove(other);
              newest.set(customer, product.id);
            });
          });
        },
      };
    },
  },
  {
    name: 'create-made-twice-under-load',
    sentence: 'With three creates under way for a customer, one in four is made twice.',
    caughtBy: ['CRE-09', 'CON-01'],
    needs: 'concurrency',
    apply: (hooks) => {
      const creating = countUnderWay();
      return {
        create: (call) => {
          const customer = hooks.readCustomer(call);
          return creating.during(customer, async () => {
            const isLoaded = creating.count(customer) >= 3;
            await pause(2);
            if (isLoaded && oneIn(4, hooks)) await hooks.create(call);
            return hooks.create(call);
          });
        },
      };
    },
  },
  {
    name: 'code-of-parallel-create',
    sentence: 'The code of a create is kept in one place for all, so that overlapping creates make the code of the last.',
    caughtBy: ['CRE-02', 'CON-05'],
    needs: 'concurrency',
    apply: (hooks) => {
      let asked: ProductCode | undefined;
      return {
        create: async (call) => {
          asked = hooks.readCode(hooks.readContent(call), call);
          if (oneIn(3, hooks)) await pause(2);
          return hooks.create({ ...call, hooks: { ...call.hooks, readCode: () => asked ?? 'WALLET' } });
        },
      };
    },
  },
  {
    name: 'customer-of-parallel-create',
    sentence: 'The customer of a create is kept in one place for all, so that of overlapping creates one goes to the customer of another.',
    caughtBy: ['CRE-05', 'CON-01', 'OWN-01', 'LST-01'],
    needs: 'concurrency',
    apply: (hooks) => {
      let asked = '';
      return {
        create: async (call) => {
          asked = hooks.readCustomer(call);
          if (oneIn(3, hooks)) await pause(2);
          return hooks.create({ ...call, hooks: { ...call.hooks, readCustomer: () => asked } });
        },
      };
    },
  },
  {
    name: 'created-ids-swapped',
    sentence: 'Two creates that overlap are answered with each other’s id, one time in four.',
    caughtBy: ['CRE-02', 'CRE-05', 'CON-05', 'CON-01', 'CRE-09', 'LST-01', 'FLT-06', 'FLT-14', 'OWN-01', 'CON-03', 'CON-07', 'FLT-08'],
    needs: 'concurrency',
    apply: (hooks) => {
      const exchange = createExchange<Answer>();
      return { create: async (call) => exchange(await hooks.create(call), oneIn(4, hooks)) };
    },
  },
  {
    name: 'create-undoes-parallel-closes',
    sentence: 'A create writes all the customer’s products back as they were when it began, one time in three.',
    caughtBy: ['CON-06', 'CON-03', 'CLS-07', 'CLS-01', 'TIM-02', 'LST-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      create: async (call) => {
        const before = call.system.store.productsOf(hooks.readCustomer(call));
        if (!oneIn(3, hooks)) return hooks.create(call);
        await pause(4);
        for (const product of before) if (call.system.store.find(product.id) !== product) call.system.store.save(product);
        return hooks.create(call);
      },
    }),
  },
  {
    name: 'cut-create-half-done',
    sentence: 'A create whose connection is cut before the answer is listed and cannot be got.',
    caughtBy: ['CON-07', 'LST-09'],
    needs: 'concurrency',
    apply: (hooks) => {
      const unfinished = new Map<number, string>();
      return {
        create: async (call) => {
          const answer = await createAndTell(hooks, call, (product) => unfinished.set(call.number, product.id));
          await pause(8);
          return answer;
        },
        find: (id, call) => ([...unfinished.values()].includes(id) ? undefined : hooks.find(id, call)),
        send: (answer, wire, call) => {
          unfinished.delete(call.number);
          return hooks.send(answer, wire, call);
        },
      };
    },
  },
];
