import type { Call, ClientCall, Hooks } from '../hooks.ts';
import { changeAnswer, setHeaders, textOf, withText } from '../overriding.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

const realm = 'Bearer realm="customer-products"';

/** Something that is done although the call has no good token; the refusal stays. */
function actAllTheSame(hooks: Hooks, kind: Call['kind'], act: (call: ClientCall) => void): Partial<Hooks> {
  return {
    authorize: (call) => {
      try {
        return hooks.authorize(call);
      } catch (refusal) {
        if (call.kind === kind && refusal instanceof Refusal) act({ ...call, client: call.system.clients[0]! });
        throw refusal;
      }
    },
  };
}

/** Reads something of the request before it is known who asks. */
function readFirst(hooks: Hooks, read: (call: ClientCall) => void): Partial<Hooks> {
  return {
    authorize: (call) => {
      read({ ...call, client: call.system.clients[0]! });
      return hooks.authorize(call);
    },
  };
}

/** Performs what can be performed of the call, in silence. */
async function attempt(operation: () => unknown): Promise<void> {
  try {
    await operation();
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) throw refusal;
  }
}

/** Faults of how callers without a good token are turned away. */
export const autRefusals: readonly Fault[] = [
  {
    name: 'no-challenge',
    sentence: 'A 401 has no WWW-Authenticate.',
    caughtBy: ['AUT-12'],
    apply: setHeaders({ 'WWW-Authenticate': undefined }, (answer, call) => answer.status === 401 && call.kind !== 'token'),
  },
  {
    name: 'no-challenge-on-close',
    sentence: 'The 401 to a close has no WWW-Authenticate.',
    caughtBy: ['AUT-12'],
    apply: setHeaders({ 'WWW-Authenticate': undefined }, (answer, call) => answer.status === 401 && call.kind === 'close'),
  },
  {
    name: 'challenge-of-basic',
    sentence: 'A 401 asks for Basic.',
    caughtBy: ['AUT-12'],
    apply: setHeaders(
      { 'WWW-Authenticate': 'Basic realm="customer-products"' },
      (answer, call) => answer.status === 401 && call.kind !== 'token',
    ),
  },
  {
    name: 'forbidden-without-challenge',
    sentence: 'A bad token is 403, without a challenge.',
    caughtBy: ['AUT-12', 'AUT-01', 'AUT-02', 'AUT-03', 'AUT-04', 'AUT-05', 'AUT-06', 'AUT-07', 'AUT-08', 'AUT-09', 'AUT-11', 'AUT-16'],
    apply: changeAnswer((answer, call) => {
      if (answer.status !== 401 || call.kind === 'token') return undefined;
      const { 'WWW-Authenticate': _challenge, ...headers } = answer.headers;
      return { ...withText(answer, textOf(answer).replace('401', '403')), status: 403, headers };
    }),
  },
  {
    name: 'error-for-no-token',
    sentence: 'The challenge to a call without a token says invalid_token.',
    caughtBy: ['AUT-13'],
    apply: setHeaders(
      { 'WWW-Authenticate': `${realm}, error="invalid_token"` },
      (answer, call) => answer.status === 401 && call.kind !== 'token',
    ),
  },
  {
    name: 'no-error-for-bad-token',
    sentence: 'The challenge to a bad token does not say invalid_token.',
    caughtBy: ['AUT-13'],
    apply: setHeaders({ 'WWW-Authenticate': realm }, (answer, call) => answer.status === 401 && call.kind !== 'token'),
  },
  {
    name: 'other-error-for-bad-token',
    sentence: 'The challenge to a bad token says invalid_request.',
    caughtBy: ['AUT-13'],
    apply: setHeaders(
      { 'WWW-Authenticate': `${realm}, error="invalid_request"` },
      (answer, call) => answer.status === 401 && call.kind !== 'token' && call.headers.authorization !== undefined,
    ),
  },
  {
    name: 'bare-challenge',
    sentence: 'The challenge is the word Bearer alone.',
    caughtBy: ['AUT-18'],
    apply: setHeaders(
      { 'WWW-Authenticate': 'Bearer' },
      (answer, call) => answer.status === 401 && call.kind !== 'token' && call.headers.authorization === undefined,
    ),
  },
  {
    name: 'content-read-before-token',
    sentence: 'A bad body without a token is 400.',
    caughtBy: ['AUT-16'],
    apply: (hooks) =>
      readFirst(hooks, (call) => {
        if (call.kind === 'create') hooks.readCode(hooks.readContent(call), call);
        if (call.kind === 'close') hooks.readStatus(hooks.readContent(call), call);
      }),
  },
  {
    name: 'product-found-before-token',
    sentence: 'An unknown id without a token is 404.',
    caughtBy: ['AUT-16'],
    apply: (hooks) =>
      readFirst(hooks, (call) => {
        const id = call.params.customerProductId;
        if (id !== undefined && call.system.store.find(id) === undefined) throw new Refusal(404, 'No product has this id.');
      }),
  },
  {
    name: 'refusal-shows-product',
    sentence: 'The 401 to a get shows the product.',
    caughtBy: ['AUT-17'],
    apply: (hooks) => ({
      answerRefusal: (refusal, call) => {
        const answer = hooks.answerRefusal(refusal, call);
        const product = call.system.store.find(call.params.customerProductId ?? '');
        if (refusal.status !== 401 || call.kind !== 'get' || product === undefined) return answer;
        const shown = hooks.present(product, { ...call, client: call.system.clients[0]! });
        return withText(answer, textOf(answer).replace(/\}$/, `,"resource":${JSON.stringify(shown)}}`));
      },
    }),
  },
  {
    name: 'refusal-shows-ids',
    sentence: 'The 401 to a list names the ids of the customer’s products.',
    caughtBy: ['AUT-17'],
    apply: (hooks) => ({
      answerRefusal: (refusal, call) => {
        const answer = hooks.answerRefusal(refusal, call);
        if (refusal.status !== 401 || call.kind !== 'list') return answer;
        const ids = call.system.store.productsOf(call.params.customerId ?? '').map((product) => product.id);
        return withText(answer, textOf(answer).replace(/\}$/, `,"protected":${JSON.stringify(ids)}}`));
      },
    }),
  },
  {
    name: 'refused-create-creates',
    sentence: 'A create without a good token is 401, and adds a product.',
    caughtBy: ['AUT-17', 'AUT-02', 'AUT-06'],
    apply: (hooks) => actAllTheSame(hooks, 'create', (call) => void attempt(() => hooks.create(call))),
  },
  {
    name: 'refused-close-closes',
    sentence: 'A close without a good token is 401, and closes the product.',
    caughtBy: ['AUT-17', 'CLS-16', 'AUT-04', 'AUT-08', 'CLS-11'],
    apply: (hooks) => actAllTheSame(hooks, 'close', (call) => void attempt(() => hooks.close(call))),
  },
];
