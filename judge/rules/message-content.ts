/** MSG, continued: the content of answers, and what it must not give away. */
import { headerOf, isAccepted, isRefused, type Message } from '../../generators/model/message.ts';
import { isRecord } from '../../generators/model/product.ts';
import { renderValue } from '../../spec/rendering.ts';
import { hasContent, isJsonType, mediaTypeOf } from '../fields.ts';
import { findLeak, isWorthALook } from '../leaks.ts';
import { findRepeatedName } from '../member-names.ts';
import { articles } from '../refusal.ts';
import type { Rules } from '../rule.ts';
import { isOfTheParser } from './message-fields.ts';

/** A 200 of list, create or get: the answers whose content the document describes; not of what was to be refused. */
export const hasDescribedContent = ({ intent, status, exchange }: Message): boolean =>
  status === 200 &&
  intent.probe?.role !== 'spoiled' &&
  ((exchange.request.method === 'GET' && (intent.operation === 'list' || intent.operation === 'get')) ||
    (exchange.request.method === 'POST' && intent.operation === 'create'));

/** A refusal that the application itself may be asked to explain; 429 is about the moment. */
const isExplained = (message: Message): boolean =>
  isRefused(message) && message.exchange.request.method !== 'HEAD' && !isOfTheParser(message);

const codings = new Set(['gzip', 'br', 'deflate', 'zstd', 'identity', 'chunked']);

const byteOrderMark = '\uFEFF';

export const messageContent: Pick<Rules<'MSG'>, 'MSG-01' | 'MSG-02' | 'MSG-03' | 'MSG-11' | 'MSG-12' | 'MSG-13' | 'MSG-14' | 'MSG-27'> = {
  'MSG-01': (tell) => ({
    message(message) {
      for (const name of ['content-encoding', 'transfer-encoding']) {
        const coding = headerOf(message, name);
        if (coding !== undefined)
          tell.took('R-TRANSPORT', codings.has(coding.toLowerCase()) ? coding.toLowerCase() : 'another coding', message.id);
      }
      if (!hasDescribedContent(message) || !hasContent(message)) return;
      const type = mediaTypeOf(message);
      if (type === 'application/json') tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} as ${type ?? 'nothing said'}`,
          message: `${articles[message.intent.operation]} is answered 200 with content of another media type.`,
          expected: 'Content-Type: application/json',
          received: type === undefined ? 'no Content-Type' : `Content-Type: ${type}`,
          exchanges: [message.id],
        });
    },
  }),

  'MSG-02': (tell, known) => ({
    message(message) {
      if (!hasContent(message) || message.exchange.answer!.body!.cutOff === true || message.exchange.request.method === 'HEAD') return;
      const type = mediaTypeOf(message);
      if (!isJsonType(type) && !(type === undefined && hasDescribedContent(message))) return;
      const { operation } = message.intent;
      const { text } = message;
      const fault =
        text === undefined
          ? 'not UTF-8'
          : text.startsWith(byteOrderMark)
            ? 'with a byte order mark'
            : message.json === undefined
              ? 'not well-formed'
              : undefined;
      if (fault === undefined) {
        if (known.products.size > 0) tell.holds();
        return;
      }
      tell.violated({
        cause: `${operation} ${isAccepted(message) ? '' : 'refusal '}${fault}`,
        message: `JSON in the answer to ${articles[operation].toLowerCase()} is ${fault}.`,
        expected: 'one JSON text in UTF-8 without a byte order mark',
        received: text === undefined ? 'octets that are not UTF-8' : renderValue(text),
        exchanges: [message.id],
      });
    },
  }),

  'MSG-03': (tell) => ({
    message(message) {
      if (message.text === undefined || typeof message.json !== 'object' || message.json === null) return;
      const name = findRepeatedName(message.text, message.json);
      if (name === undefined) tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} repeats ${name}`,
          message: `An object in the answer to ${articles[message.intent.operation].toLowerCase()} has the member ${name} twice.`,
          expected: 'each member name once in an object',
          received: `${name} twice`,
          exchanges: [message.id],
        });
    },
  }),

  'MSG-11': (tell) => ({
    message(message) {
      if (!isExplained(message)) return;
      if (message.json !== undefined) {
        tell.took('R-ERRORS', mediaTypeOf(message) === 'application/problem+json' ? 'problem documents' : 'JSON', message.id);
        tell.holds();
        return;
      }
      const empty = !hasContent(message);
      tell.warned('R-ERRORS', {
        cause: `${message.intent.operation} refused ${empty ? 'without content' : 'with content that is not JSON'}`,
        message: `A refusal of ${articles[message.intent.operation].toLowerCase()} ${empty ? 'has no content' : 'has content that is not JSON'}.`,
        expected: 'JSON that explains the refusal',
        received: `${message.status} ${empty ? 'without content' : `with ${mediaTypeOf(message) ?? 'content of no media type'}`}`,
        exchanges: [message.id],
      });
    },
  }),

  'MSG-12': (tell) => ({
    message(message) {
      if (mediaTypeOf(message) !== 'application/problem+json' || !isRecord(message.json) || !('status' in message.json)) return;
      const { status } = message.json;
      if (status === message.status) {
        tell.holds();
        return;
      }
      tell.violated({
        cause:
          typeof status === 'number' ? `${status} for ${message.status}` : `a status of type ${status === null ? 'null' : typeof status}`,
        message: 'The status in a problem document is not the status of the answer.',
        expected: `${message.status}, as a number`,
        received: renderValue(status),
        exchanges: [message.id],
      });
    },
  }),

  'MSG-13': (tell) => ({
    message(message) {
      const { text, intent } = message;
      if (text === undefined || text === '' || (isAccepted(message) && intent.operation === 'list')) return;
      const leak = isWorthALook(text) ? findLeak(text, message.exchange.request) : undefined;
      if (leak !== undefined)
        tell.violated({
          cause: `${leak.what} to ${intent.operation}`,
          message: `The answer to ${articles[intent.operation].toLowerCase()} shows ${leak.what}.`,
          expected: 'nothing of how the target is made',
          received: renderValue(leak.text),
          exchanges: [message.id],
        });
      else if (isRefused(message)) tell.holds();
    },
  }),

  'MSG-14': (tell) => ({
    message(message) {
      const { exchange, intent } = message;
      if (intent.operation === 'token' || exchange.answer === undefined || sendsSecretsInUrl(message)) return;
      const place =
        exchange.answer.headers.find(([, value]) => value.includes(anyMark) && longSecret.test(value))?.[0] ??
        (message.text?.includes(anyMark) === true && longSecret.test(message.text) ? 'content' : undefined);
      if (place !== undefined)
        tell.violated({
          cause: `${intent.operation} in ${place}`,
          message: `The answer to ${articles[intent.operation].toLowerCase()} repeats a token or the client secret.`,
          expected: 'no secret in an answer of the API',
          received: place === 'content' ? 'a secret in the content' : `a secret in the field ${place}`,
          exchanges: [message.id],
        });
      else if (exchange.request.headers.some(([name, value]) => name.toLowerCase() === 'authorization' && longSecret.test(value)))
        tell.holds();
    },
  }),

  'MSG-27': (tell) => ({
    message(message) {
      if (!isExplained(message) || !hasContent(message)) return;
      const type = mediaTypeOf(message);
      if (type === 'application/json' || type === 'application/problem+json') tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} refused as ${type ?? 'nothing said'}`,
          message: `The content of a refusal of ${articles[message.intent.operation].toLowerCase()} is neither application/json nor application/problem+json.`,
          expected: 'application/json or application/problem+json',
          received: type ?? 'no Content-Type',
          exchanges: [message.id],
        });
    },
  }),
};

const anyMark = '«redacted:';

/** The mark of a token or client secret of 16 characters or more; shorter ones may stand in a text by chance. */
const longSecret = /«redacted:(?:token|client-secret)#\d+»/;

/** There an echo of the address is an echo of what we put there ourselves. */
const sendsSecretsInUrl = ({ intent }: Message): boolean =>
  intent.probe?.requirement === 'AUT-15' || intent.probe?.requirement === 'TOK-12';
