/** MSG, continued: header fields of answers. */
import { headerOf, headersOf, isAccepted, isBusy, type Message } from '../../generators/model/message.ts';
import { renderValue } from '../../spec/rendering.ts';
import { hasDirective, isHttpDate, isPreferredDate, membersOf } from '../fields.ts';
import { articles } from '../refusal.ts';
import type { Rules } from '../rule.ts';

const standardMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);
const tooLong = new Set<number | undefined>([413, 414, 431]);

/**
 * Refused, as a rule, by the HTTP parser or a gateway in front, before the application sees the request: what is too long, and
 * methods that nobody knows. Those answers are bare in many a sound server.
 */
export const isOfTheParser = ({ status, intent, exchange }: Message): boolean =>
  tooLong.has(status) ||
  intent.probe?.requirement === 'MSG-16' ||
  intent.probe?.requirement === 'MSG-17' ||
  !standardMethods.has(exchange.request.method);

export const messageFields: Pick<Rules<'MSG'>, 'MSG-05' | 'MSG-09' | 'MSG-15' | 'MSG-22' | 'MSG-24' | 'MSG-26'> = {
  'MSG-05': (tell) => ({
    message(message) {
      const { status, intent } = message;
      // What says "not now" may come from a gateway, and is not judged singly (R-BUSY).
      if (status === undefined || status < 200 || status >= 500 || isBusy(message) || isOfTheParser(message)) return;
      if (headerOf(message, 'date') !== undefined) tell.holds();
      else
        tell.violated({
          cause: `${intent.operation} ${Math.trunc(status / 100)}xx`,
          message: `The answer to ${articles[intent.operation].toLowerCase()} has no Date.`,
          expected: 'Date',
          received: `${status} without Date`,
          exchanges: [message.id],
        });
    },
  }),

  'MSG-09': (tell) => ({
    message(message) {
      if (message.status !== 405) return;
      if (headerOf(message, 'allow') !== undefined) tell.holds();
      else
        tell.violated({
          cause: `${resourceOf(message)} without Allow`,
          message: `A 405 of the ${resourceOf(message)} has no Allow.`,
          expected: 'Allow',
          received: '405 without Allow',
          exchanges: [message.id],
        });
    },
  }),

  'MSG-15': (tell) => ({
    message(message) {
      for (const value of headersOf(message, 'retry-after')) {
        if (/^\d+$/.test(value.trim()) || isHttpDate(value.trim())) tell.holds();
        else
          tell.violated({
            cause: 'neither seconds nor a date',
            message: 'Retry-After is neither a whole number of seconds nor an HTTP date.',
            expected: 'seconds or an HTTP date',
            received: renderValue(value),
            exchanges: [message.id],
          });
      }
    },
  }),

  'MSG-22': (tell) => ({
    message(message) {
      for (const name of ['date', 'retry-after'] as const) {
        for (const value of headersOf(message, name)) {
          const text = value.trim();
          // A Retry-After that is no date at all is MSG-15's.
          if (name === 'retry-after' && !isHttpDate(text)) continue;
          if (isPreferredDate(text)) tell.holds();
          else
            tell.violated({
              cause: `${name} in another form`,
              message: `${name === 'date' ? 'Date' : 'Retry-After'} is not written in the preferred form of HTTP dates.`,
              expected: 'a date such as Sun, 06 Nov 1994 08:49:37 GMT',
              received: renderValue(text),
              exchanges: [message.id],
            });
        }
      }
    },
  }),

  'MSG-24': (tell) => ({
    message(message) {
      if (message.status !== 200 || !showsProducts(message)) return;
      const shared = ['public', 's-maxage'].find((name) => hasDirective(message, name));
      if (shared === undefined) tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} ${shared}`,
          message: `The answer to ${articles[message.intent.operation].toLowerCase()} may be kept by shared caches.`,
          expected: 'neither public nor s-maxage in Cache-Control',
          received: `Cache-Control: ${headersOf(message, 'cache-control').join(', ')}`,
          exchanges: [message.id],
        });
    },
  }),

  'MSG-26': (tell) => ({
    message(message) {
      if (message.status !== 405 || headerOf(message, 'allow') === undefined) return;
      const resource = resourceOf(message);
      const documented = documentedMethods[resource];
      if (documented === undefined) return;
      const allowed = membersOf(headersOf(message, 'allow'));
      const missing = documented.filter((method) => !allowed.includes(method));
      if (missing.length === 0) tell.holds();
      else
        tell.violated({
          cause: `${resource} without ${missing.join(' and ')}`,
          message: `The Allow of the ${resource} does not name ${missing.join(' and ')}.`,
          expected: `Allow with ${documented.join(' and ')}`,
          received: `Allow: ${allowed.join(', ')}`,
          exchanges: [message.id],
        });
    },
  }),
};

type Resource = 'list' | 'product' | 'token endpoint' | 'resource';

const documentedMethods: Partial<Record<Resource, readonly string[]>> = { list: ['GET', 'POST'], product: ['GET', 'PATCH'] };

function resourceOf({ intent }: Message): Resource {
  if (intent.operation === 'token') return 'token endpoint';
  return intent.product !== undefined ? 'product' : intent.customer !== undefined ? 'list' : 'resource';
}

const showsProducts = (message: Message): boolean =>
  isAccepted(message) &&
  message.exchange.request.method === 'GET' &&
  ((message.intent.operation === 'list' && Array.isArray(message.json) && message.json.length > 0) ||
    (message.intent.operation === 'get' && message.json !== undefined));
