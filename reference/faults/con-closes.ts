import { without } from '../overriding.ts';
import type { Product } from '../product.ts';
import { answerProblem } from '../refusal.ts';
import type { Fault } from '../registry.ts';
import { countUnderWay, oneIn, pause, productOf } from './racing.ts';

/** Faults of closes that overlap with other calls. */
export const conCloses: readonly Fault[] = [
  {
    name: 'parallel-closes-both-stamp',
    sentence: 'Closes of one product that overlap set closedOn each.',
    caughtBy: ['CON-02', 'CLS-07', 'CON-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      close: async (call) => {
        const before = productOf(call);
        if (oneIn(2, hooks)) await pause(2 + hooks.random() * 10);
        const answer = await hooks.close(call);
        if (before?.status === 'ACTIVE') {
          const now = hooks.now();
          call.system.store.save({ ...before, status: 'CLOSED', closedOn: now, modifiedOn: now });
        }
        return answer;
      },
    }),
  },
  {
    name: 'second-of-parallel-closes-reopens',
    sentence: 'A close that began while another of the same product was under way undoes it, one time in three.',
    caughtBy: ['CON-02', 'CLS-07', 'CLS-01', 'CON-03'],
    needs: 'concurrency',
    apply: (hooks) => {
      const closing = countUnderWay();
      return {
        close: (call) => {
          const before = productOf(call);
          const overlaps = closing.count(before?.id ?? '') > 0;
          return closing.during(before?.id ?? '', async () => {
            await pause(2);
            const answer = await hooks.close(call);
            if (overlaps && before?.status === 'ACTIVE' && oneIn(3, hooks)) call.system.store.save(before);
            return answer;
          });
        },
      };
    },
  },
  {
    name: 'parallel-close-fails',
    sentence: 'Of closes of one product that overlap all but the first are answered 500.',
    caughtBy: ['MSG-06'],
    needs: 'concurrency',
    apply: (hooks) => {
      const closing = countUnderWay();
      return {
        close: (call) => {
          const id = hooks.readProductId(call);
          if (closing.count(id) > 0) return answerProblem(500, 'A deadlock was found.');
          return closing.during(id, async () => {
            await pause(3);
            return hooks.close(call);
          });
        },
      };
    },
  },
  {
    name: 'torn-close',
    sentence: 'A close sets the status, and closedOn some milliseconds after it, one time in three.',
    caughtBy: ['CLS-12', 'CLS-13', 'CON-03'],
    needs: 'concurrency',
    apply: (hooks) => ({
      close: async (call) => {
        const before = productOf(call);
        const answer = await hooks.close(call);
        const after = productOf(call);
        if (before?.status === 'ACTIVE' && after !== undefined && oneIn(3, hooks)) {
          call.system.store.save(without(after, 'closedOn'));
          await pause(6);
          call.system.store.save(after);
        }
        return answer;
      },
    }),
  },
  {
    name: 'closed-on-before-status',
    sentence: 'A close sets closedOn, and the status some milliseconds after it, one time in three.',
    caughtBy: ['CLS-12', 'CLS-02'],
    needs: 'concurrency',
    apply: (hooks) => ({
      close: async (call) => {
        const before = productOf(call);
        const answer = await hooks.close(call);
        const after = productOf(call);
        if (before?.status === 'ACTIVE' && after !== undefined && oneIn(3, hooks)) {
          call.system.store.save({ ...after, status: 'ACTIVE' });
          await pause(6);
          call.system.store.save(after);
        }
        return answer;
      },
    }),
  },
  {
    name: 'close-undoes-parallel-closes',
    sentence: 'A close writes the customer’s other products back as they were when it began, one time in three.',
    caughtBy: ['CON-06', 'CON-03', 'CLS-07', 'CLS-01', 'TIM-02'],
    needs: 'concurrency',
    apply: (hooks) => ({
      close: async (call) => {
        const id = hooks.readProductId(call);
        const customer = call.system.store.find(id)?.customer;
        if (customer === undefined || !oneIn(3, hooks)) return hooks.close(call);
        const before = call.system.store.productsOf(customer).filter((product) => product.id !== id);
        await pause(4);
        for (const product of before) if (call.system.store.find(product.id) !== product) call.system.store.save(product);
        return hooks.close(call);
      },
    }),
  },
  {
    name: 'close-beside-reads-forgotten',
    sentence: 'A close while the same product is being read is accepted and does nothing, one time in two.',
    caughtBy: ['CLS-01', 'CON-03', 'CON-06'],
    needs: 'concurrency',
    apply: (hooks) => {
      const reading = countUnderWay();
      return {
        get: (call) =>
          reading.during(hooks.readProductId(call), async () => {
            await pause(4);
            return hooks.get(call);
          }),
        applyClose: (product, call) => (reading.count(product.id) > 0 && oneIn(2, hooks) ? product : hooks.applyClose(product, call)),
      };
    },
  },
  {
    name: 'close-hits-the-product-of-another-call',
    sentence: 'The product to close is kept in one place for all, so that of overlapping closes one closes the product of another.',
    caughtBy: ['CLS-01', 'CON-06', 'CON-03', 'CLS-09', 'CLS-10', 'CLS-11', 'CLS-16', 'REF-05', 'REF-06', 'REF-02'],
    needs: 'concurrency',
    apply: (hooks) => {
      let current = '';
      return {
        close: async (call) => {
          current = hooks.readProductId(call);
          if (oneIn(3, hooks)) await pause(2);
          return hooks.close({ ...call, hooks: { ...call.hooks, readProductId: () => current } });
        },
      };
    },
  },
  {
    name: 'cut-close-half-done',
    sentence: 'A close whose connection is cut before the answer sets the status and no closedOn.',
    caughtBy: ['CON-07', 'CLS-12', 'CLS-13'],
    needs: 'concurrency',
    apply: (hooks) => {
      const unfinished = new Map<number, Product>();
      return {
        close: async (call) => {
          const before = productOf(call);
          const answer = await hooks.close(call);
          const after = productOf(call);
          if (before?.status === 'ACTIVE' && after !== undefined) {
            unfinished.set(call.number, after);
            call.system.store.save(without(after, 'closedOn'));
            await pause(8);
          }
          return answer;
        },
        send: (answer, wire, call) => {
          const after = unfinished.get(call.number);
          if (after) call.system.store.save(after);
          unfinished.delete(call.number);
          return hooks.send(answer, wire, call);
        },
      };
    },
  },
];
