import { answerEmpty } from '../answer.ts';
import type { Call, ClientCall, Hooks } from '../hooks.ts';
import { setHeaders } from '../overriding.ts';
import { closed } from '../product.ts';
import type { Fault } from '../registry.ts';

function closeInPath(hooks: Hooks, call: Call): void {
  const product = call.system.store.find(call.params.customerProductId ?? '');
  if (product) call.system.store.save(closed(product, hooks.now()));
}

/** Faults of methods that the document does not have. */
export const msgMethods: readonly Fault[] = [
  {
    name: 'put-closes',
    sentence: 'PUT closes a product, as PATCH does.',
    caughtBy: ['MSG-08', 'CLS-16'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method !== 'PUT' || call.params.customerProductId === undefined) return hooks.answerOther(call);
        closeInPath(hooks, call);
        return answerEmpty(200);
      },
    }),
  },
  {
    name: 'delete-is-refused-and-closes',
    sentence: 'DELETE is answered 405, and closes the product.',
    caughtBy: ['MSG-08', 'CLS-16'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method === 'DELETE') closeInPath(hooks, call);
        return hooks.answerOther(call);
      },
    }),
  },
  {
    name: 'delete-removes',
    sentence: 'DELETE takes a product away for good.',
    caughtBy: ['MSG-08', 'LST-04'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method !== 'DELETE' || call.params.customerProductId === undefined) return hooks.answerOther(call);
        call.system.store.remove(call.params.customerProductId);
        return answerEmpty(204);
      },
    }),
  },
  {
    name: 'post-on-product-touches-it',
    sentence: 'POST on a product is accepted and moves modifiedOn.',
    caughtBy: ['MSG-08'],
    apply: (hooks) => ({
      answerOther: (call) => {
        const product = call.system.store.find(call.params.customerProductId ?? '');
        if (call.method !== 'POST' || product === undefined) return hooks.answerOther(call);
        call.system.store.save({ ...product, modifiedOn: hooks.now() });
        return answerEmpty(202);
      },
    }),
  },
  {
    name: 'delete-on-list-closes-all',
    sentence: 'DELETE on a list closes every product of the customer.',
    caughtBy: ['MSG-08', 'CLS-16'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method !== 'DELETE' || call.params.customerId === undefined) return hooks.answerOther(call);
        for (const product of call.system.store.productsOf(call.params.customerId)) call.system.store.save(closed(product, hooks.now()));
        return answerEmpty(204);
      },
    }),
  },
  {
    name: 'put-on-list-creates',
    sentence: 'PUT on a list is refused, and adds a wallet.',
    caughtBy: ['MSG-08', 'CRE-09'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method === 'PUT' && call.params.customerId !== undefined) {
          const authorized: ClientCall = { ...call, client: hooks.authorize(call) };
          hooks.insert(hooks.newProduct('WALLET', call.params.customerId.toLowerCase(), authorized), authorized);
        }
        return hooks.answerOther(call);
      },
    }),
  },
  {
    name: 'head-without-media-type',
    sentence: 'HEAD says application/octet-stream.',
    caughtBy: ['MSG-10'],
    apply: setHeaders({ 'Content-Type': 'application/octet-stream' }, (answer, call) => call.method === 'HEAD' && answer.status === 200),
  },
  {
    name: 'head-closes',
    sentence: 'HEAD on a product falls through to the close.',
    caughtBy: ['MSG-10', 'CLS-16'],
    apply: (hooks) => ({
      get: (call) => {
        const answer = hooks.get(call);
        if (call.method === 'HEAD') closeInPath(hooks, call);
        return answer;
      },
    }),
  },
  {
    name: 'options-closes',
    sentence: 'OPTIONS on a product falls through to the close.',
    caughtBy: ['MSG-08', 'CLS-16'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method === 'OPTIONS') closeInPath(hooks, call);
        return hooks.answerOther(call);
      },
    }),
  },
  {
    name: 'options-on-list-closes-all',
    sentence: 'OPTIONS on a list closes every product of the customer.',
    caughtBy: ['MSG-08', 'CLS-16', 'OWN-02'],
    apply: (hooks) => ({
      answerOther: (call) => {
        if (call.method === 'OPTIONS' && call.params.customerId !== undefined)
          for (const product of call.system.store.productsOf(call.params.customerId)) call.system.store.save(closed(product, hooks.now()));
        return hooks.answerOther(call);
      },
    }),
  },
  {
    name: 'delete-purges-the-closed',
    sentence: 'DELETE takes a closed product away for good, and is refused for any other.',
    caughtBy: ['MSG-08', 'LST-04'],
    needs: 'history',
    effort: 'standard',
    apply: (hooks) => ({
      answerOther: (call) => {
        const id = call.params.customerProductId;
        if (call.method !== 'DELETE' || id === undefined || call.system.store.find(id)?.status !== 'CLOSED') return hooks.answerOther(call);
        call.system.store.remove(id);
        return answerEmpty(204);
      },
    }),
  },
  {
    name: 'put-reopens-the-closed',
    sentence: 'PUT on a closed product is refused, and opens it again.',
    caughtBy: ['MSG-08', 'CLS-07'],
    needs: 'history',
    effort: 'standard',
    apply: (hooks) => ({
      answerOther: (call) => {
        const product = call.system.store.find(call.params.customerProductId ?? '');
        if (call.method === 'PUT' && product?.status === 'CLOSED') {
          const { closedOn: _, ...open } = product;
          call.system.store.save({ ...open, status: 'ACTIVE' });
        }
        return hooks.answerOther(call);
      },
    }),
  },
];
