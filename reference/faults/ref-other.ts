import { changeAnswer } from '../overriding.ts';
import { isUuid } from '../reading.ts';
import { answerProblem, Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';
import { break500, depthOf, is36, isObject, memberOf, takeAnyId } from './taking.ts';

/** Faults of refusing what any operation can be given. */
export const refOther: readonly Fault[] = [
  {
    name: 'requestor-with-any-letters',
    sentence: 'Of a Requestor-ID the hyphens and lengths are checked, not the digits.',
    caughtBy: ['REF-01', 'REF-02'],
    apply: (hooks) => ({
      readRequestor: (call) => (is36(call.headers['requestor-id'] as string | undefined) ? 'somebody' : hooks.readRequestor(call)),
    }),
  },
  {
    name: 'requestor-kept-by-connection',
    sentence: 'A connection that had a good Requestor-ID needs no further one.',
    caughtBy: ['REF-01', 'REF-02'],
    needs: 'history',
    apply: (hooks) => {
      const known = new Set<number>();
      return {
        readRequestor: (call) => {
          const field = call.headers['requestor-id'];
          if (field === undefined && known.has(call.connection)) return 'the one before';
          const requestor = hooks.readRequestor(call);
          known.add(call.connection);
          return requestor;
        },
      };
    },
  },
  {
    name: 'refused-with-200',
    sentence: 'The refusal of a bad Requestor-ID is 200 with an error in its content.',
    caughtBy: ['REF-01', 'REF-02', 'MSG-12'],
    apply: changeAnswer((answer, call) =>
      answer.status === 400 && !isUuid(String(call.headers['requestor-id'])) && (call.kind === 'create' || call.kind === 'close')
        ? { ...answer, status: 200 }
        : undefined,
    ),
  },
  {
    name: 'get-of-any-id-gives-a-product',
    sentence: 'The get of an id that is no UUID shows the newest product.',
    caughtBy: ['REF-07', 'LST-07'],
    apply: (hooks) => ({
      readProductId: (call) =>
        call.kind === 'get' && !isUuid(call.params.customerProductId ?? '')
          ? (call.system.store.all().at(-1)?.id ?? '')
          : hooks.readProductId(call),
    }),
  },
  {
    name: 'close-of-any-id-accepted',
    sentence: 'The close of an id that is no UUID is accepted.',
    caughtBy: ['REF-07'],
    apply: (hooks) => ({
      close: (call) => (isUuid(call.params.customerProductId ?? '') ? hooks.close(call) : { status: 200, headers: {}, body: '' }),
    }),
  },
  {
    name: 'id-cut-to-36-characters',
    sentence: 'Of the product id in the path the first 36 characters count.',
    caughtBy: ['REF-07', 'CLS-16', 'LST-07'],
    apply: (hooks) => ({
      readProductId: (call) =>
        hooks.readProductId({ ...call, params: { ...call.params, customerProductId: (call.params.customerProductId ?? '').slice(0, 36) } }),
    }),
  },
  {
    name: 'media-type-not-looked-at',
    sentence: 'Content of any media type is read as JSON.',
    caughtBy: ['REF-08'],
    apply: (hooks) => ({
      readContent: (call) => hooks.readContent({ ...call, headers: { ...call.headers, 'content-type': 'application/json' } }),
    }),
  },
  {
    name: 'form-read-on-close',
    sentence: 'A close reads its content whatever its media type says.',
    caughtBy: ['REF-08'],
    apply: (hooks) => ({
      readContent: (call) =>
        hooks.readContent(call.kind === 'close' ? { ...call, headers: { ...call.headers, 'content-type': 'application/json' } } : call),
    }),
  },
  {
    name: 'prototype-member-closes',
    sentence: 'Members of __proto__ count as members of the content.',
    caughtBy: ['REF-09', 'CLS-16'],
    apply: (hooks) => ({
      readContent: (call) => {
        const content = hooks.readContent(call);
        return isObject(content) ? { ...(memberOf(content, '__proto__') as object | undefined), ...(content as object) } : content;
      },
    }),
  },
  {
    name: 'deep-content-fails',
    sentence: 'Content with more than 200 levels is answered 500.',
    caughtBy: ['REF-09', 'MSG-06'],
    apply: break500((text) => depthOf(text) > 200),
  },
  {
    name: 'lone-surrogate-fails',
    sentence: 'An escape of half a surrogate pair is answered 500.',
    caughtBy: ['REF-09', 'MSG-06'],
    apply: break500((text) => /\\ud[89a-f]/i.test(text)),
  },
  {
    name: 'long-text-fails',
    sentence: 'A text of more than 10,000 characters in the content is answered 500.',
    caughtBy: ['REF-09', 'MSG-06'],
    apply: break500((text) => /"[^"]{10000}/.test(text)),
  },
  {
    name: 'quote-in-filter-fails',
    sentence: 'A quotation mark in a filter is answered 500.',
    caughtBy: ['REF-09', 'MSG-06'],
    apply: (hooks) => ({
      handle: (call) =>
        call.query.some(([, value]) => value.includes("'")) ? answerProblem(500, 'The query failed.') : hooks.handle(call),
    }),
  },
  {
    name: 'injection-in-filter-lists-all',
    sentence: 'A filter that ends its quotation and goes on with OR lists everything.',
    caughtBy: ['REF-09', 'FLT-12'],
    apply: (hooks) => ({
      readFilters: (call) => hooks.readFilters({ ...call, query: call.query.filter(([, value]) => !/' *or /i.test(value)) }),
    }),
  },
  { name: 'create-for-any-customer', sentence: 'A create takes any text as customerId.', caughtBy: ['REF-07'], apply: takeAnyId('create') },
  { name: 'list-for-any-customer', sentence: 'A list takes any text as customerId.', caughtBy: ['REF-10'], apply: takeAnyId('list') },
  {
    name: 'limit-refused-and-adding',
    sentence: 'A second open product of one code is refused with 409, and added.',
    caughtBy: ['REF-11'],
    needs: 'history',
    apply: (hooks) => ({
      create: async (call) => {
        const code = hooks.readCode(hooks.readContent(call), call);
        const hasOne = hooks
          .productsOf(hooks.readCustomer(call), call)
          .some((product) => product.code === code && product.status === 'ACTIVE');
        const answer = await hooks.create(call);
        if (hasOne) throw new Refusal(409, 'The customer has an open product of this code.');
        return answer;
      },
    }),
  },
];
