import type { Answer } from '../answer.ts';
import { withHeaders } from '../answer.ts';
import type { Call, Override } from '../hooks.ts';
import { changeAnswer, isKind, setHeaders } from '../overriding.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

const isRefusal = (answer: Answer): boolean => answer.status >= 400 && answer.status < 500;
const isRead = (answer: Answer, call: Call): boolean => isKind(call, 'list', 'get') && answer.status === 200;

const dayOf: Readonly<Record<string, string>> = {
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
  Sun: 'Sunday',
};

/** Writes `Date` in another form. */
function rewriteDate(write: (date: string) => string, when: (answer: Answer) => boolean = () => true): Override {
  return changeAnswer((answer) => (when(answer) ? withHeaders(answer, { Date: write(String(answer.headers.Date)) }) : undefined));
}

/** Faults of header fields in answers. */
export const msgFields: readonly Fault[] = [
  {
    name: 'refusals-without-date',
    sentence: 'Refusals have no Date.',
    caughtBy: ['MSG-05'],
    apply: setHeaders({ Date: undefined }, isRefusal),
  },
  {
    name: 'close-without-date',
    sentence: 'The answer to a close has no Date.',
    caughtBy: ['MSG-05'],
    apply: setHeaders({ Date: undefined }, (_answer, call) => call.kind === 'close'),
  },
  {
    name: 'empty-list-without-date',
    sentence: 'An empty list has no Date.',
    caughtBy: ['MSG-05'],
    apply: setHeaders({ Date: undefined }, (answer, call) => call.kind === 'list' && answer.body === '[]'),
  },
  {
    name: 'date-in-iso-form',
    sentence: 'Date is written as a product time is.',
    caughtBy: ['MSG-22'],
    apply: rewriteDate((date) => new Date(date).toISOString()),
  },
  {
    name: 'date-with-offset',
    sentence: 'Date has +0000 for GMT.',
    caughtBy: ['MSG-22'],
    apply: rewriteDate((date) => date.replace('GMT', '+0000')),
  },
  {
    name: 'date-of-refusals-in-rfc-850-form',
    sentence: 'Date of refusals has the form of RFC 850, with the whole day and two digits of the year.',
    caughtBy: ['MSG-22'],
    apply: rewriteDate((date) => {
      const [day = '', number, month, year = '', time] = date.split(' ');
      return `${dayOf[day.slice(0, 3)]}, ${number}-${month}-${year.slice(2)} ${time} GMT`;
    }, isRefusal),
  },
  {
    name: 'retry-after-in-words',
    sentence: 'The 20th and the 60th list are 429 with Retry-After in words.',
    caughtBy: ['MSG-15'],
    needs: 'history',
    apply: (hooks) => {
      let lists = 0;
      return {
        list: (call) => {
          if ([20, 60].includes(++lists)) throw new Refusal(429, 'Too many requests; wait a second.', { 'Retry-After': '1 second' });
          return hooks.list(call);
        },
      };
    },
  },
  {
    name: 'retry-after-with-fraction',
    sentence: 'The 20th and the 60th get are 429 with Retry-After in fractions of a second.',
    caughtBy: ['MSG-15'],
    needs: 'history',
    apply: (hooks) => {
      let gets = 0;
      return {
        get: (call) => {
          if ([20, 60].includes(++gets)) throw new Refusal(429, 'Too many requests; wait a little.', { 'Retry-After': '0.25' });
          return hooks.get(call);
        },
      };
    },
  },
  {
    name: 'etag-blind-to-closes',
    sentence: 'The ETag of a product is made of its id alone, so the one of before a close is answered 304 after it.',
    caughtBy: ['MSG-23'],
    needs: 'history',
    apply: (hooks) => ({
      answerGet: (product, call) => {
        const etag = `"${product.id}"`;
        if (call.headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag }, body: '' };
        const answer = hooks.answerGet(product, call);
        return { ...answer, headers: { ...answer.headers, ETag: etag } };
      },
    }),
  },
  {
    name: 'etag-of-list-counts-products',
    sentence: 'The ETag of a list is the number of its products, so the one of before a close is answered 304 after it.',
    caughtBy: ['MSG-23'],
    needs: 'history',
    apply: (hooks) => ({
      answerList: (products, call) => {
        const etag = `W/"${products.length}"`;
        if (call.headers['if-none-match'] === etag) return { status: 304, headers: { ETag: etag }, body: '' };
        const answer = hooks.answerList(products, call);
        return { ...answer, headers: { ...answer.headers, ETag: etag } };
      },
    }),
  },
  {
    name: 'lists-for-shared-caches',
    sentence: 'Lists may be kept by any cache.',
    caughtBy: ['MSG-24'],
    apply: setHeaders({ 'Cache-Control': 'public, max-age=30' }, (answer, call) => isRead(answer, call) && call.kind === 'list'),
  },
  {
    name: 'gets-with-s-maxage',
    sentence: 'Gets give shared caches a minute.',
    caughtBy: ['MSG-24'],
    apply: setHeaders({ 'Cache-Control': 'max-age=0, s-maxage=60' }, (answer, call) => isRead(answer, call) && call.kind === 'get'),
  },
  {
    name: 'method-refused-without-allow',
    sentence: 'A 405 has no Allow.',
    caughtBy: ['MSG-09'],
    apply: setHeaders({ Allow: undefined }, (answer) => answer.status === 405),
  },
  {
    name: 'allow-forgets-patch',
    sentence: 'The Allow of a product names GET only.',
    caughtBy: ['MSG-26'],
    apply: setHeaders({ Allow: 'GET' }, (answer, call) => answer.status === 405 && call.params.customerProductId !== undefined),
  },
  {
    name: 'allow-of-list-names-what-was-sent',
    sentence: 'The Allow of the list is the same everywhere and names DELETE and PUT, not POST.',
    caughtBy: ['MSG-26'],
    apply: setHeaders({ Allow: 'GET, PUT, DELETE' }, (answer, call) => answer.status === 405 && call.params.customerId !== undefined),
  },
];
