/** TOK: the token endpoint. Tokens themselves never come here: in their place stand marks. */
import { headersOf, isAccepted, isPlain, isRefused, type Message } from '../../generators/model/message.ts';
import { isRecord } from '../../generators/model/product.ts';
import { renderValue } from '../../spec/rendering.ts';
import { challengesOf, hasDirective, mediaTypeOf, membersOf } from '../fields.ts';
import type { Rule, Rules } from '../rule.ts';
import { tokenProbes } from './token-probes.ts';

/** Refused so often, while others were given a token: no accident. */
const refusalsNeeded = 3;

export const tokens: Rules<'TOK'> = {
  'TOK-01': (tell) => {
    const refused: Message[] = [];
    let given = 0;
    return {
      message(message) {
        const { status, intent } = message;
        if (intent.operation !== 'token' || !isPlain(intent) || status === undefined || status >= 500 || status === 429 || status === 408)
          return;
        if (isRefused(message)) {
          refused.push(message);
          return;
        }
        const fault = faultOfAnswer(message);
        if (fault === undefined) {
          given += 1;
          tell.holds();
        } else
          tell.violated({
            cause: fault,
            message: `A valid token request is answered with ${fault}.`,
            expected: '200 and a JSON object with access_token and token_type',
            received: status === 200 ? renderValue(message.json) : `${status}`,
            exchanges: [message.id],
          });
      },
      end() {
        if (refused.length < refusalsNeeded || given === 0) return;
        tell.violated({
          cause: `refused with ${refused[0]!.status}`,
          message: `A valid token request is refused, ${refused.length} times beside ${given} that got a token.`,
          expected: '200 and a token',
          received: `${refused[0]!.status}`,
          exchanges: refused.slice(0, refusalsNeeded).map(({ id }) => id),
        });
      },
    };
  },

  // That there is none, or that it is no text, TOK-01 says.
  'TOK-02': ofTokens(
    'token_type',
    'Bearer',
    ({ token_type: type }) => typeof type === 'string' && type.toLowerCase() === 'bearer',
    ({ token_type: type }) => typeof type === 'string',
  ),
  'TOK-03': ofTokens(
    'expires_in',
    'a whole number above 0, or no expires_in',
    ({ expires_in: seconds }) => typeof seconds === 'number' && Number.isInteger(seconds) && seconds > 0,
    ({ expires_in: seconds }) => seconds !== undefined,
  ),
  'TOK-04': ofTokenFields('Cache-Control', 'no-store', (message) => hasDirective(message, 'no-store')),

  'TOK-05': tokenProbes['TOK-05'],
  'TOK-06': tokenProbes['TOK-06'],

  'TOK-07': (tell) => ({
    message(message) {
      const { status, intent, json } = message;
      if (intent.operation !== 'token' || (status !== 400 && status !== 401)) return;
      if (isRecord(json) && typeof json.error === 'string') tell.holds();
      else
        tell.violated({
          cause: isRecord(json) ? 'no error' : 'no JSON object',
          message: 'An error of the token endpoint is not JSON with error.',
          expected: 'a JSON object with error, a string',
          received: json === undefined ? 'no JSON' : renderValue(json),
          exchanges: [message.id],
        });
    },
  }),

  'TOK-08': tokenProbes['TOK-08'],

  'TOK-09': ofTokens('refresh_token', 'no refresh_token', (answer) => !('refresh_token' in answer)),

  'TOK-10': (tell) => ({
    message(message) {
      if (message.intent.operation === 'token' && isBasic(message) && faultOfAnswer(message) === undefined) tell.holds();
    },
  }),

  'TOK-11': tokenProbes['TOK-11'],
  'TOK-12': tokenProbes['TOK-12'],
  'TOK-13': tokenProbes['TOK-13'],

  'TOK-14': ofTokens('expires_in', 'expires_in', (answer) => 'expires_in' in answer),
  'TOK-15': ofTokenFields('Pragma', 'no-cache', (message) =>
    membersOf(headersOf(message, 'pragma')).some((member) => member.toLowerCase() === 'no-cache'),
  ),

  'TOK-16': (tell) => ({
    message(message) {
      if (message.intent.operation !== 'token' || message.status !== 401 || !isBasic(message)) return;
      if (challengesOf(message).some(({ scheme }) => scheme === 'basic')) tell.holds();
      else
        tell.violated({
          cause: 'no Basic challenge',
          message: 'A 401 to Basic credentials has no Basic challenge.',
          expected: 'WWW-Authenticate: Basic',
          received: headersOf(message, 'www-authenticate').join(', ') || 'no WWW-Authenticate',
          exchanges: [message.id],
        });
    },
  }),

  'TOK-17': tokenProbes['TOK-17'],

  'TOK-18': (tell) => {
    const told = new Set<string>();
    return {
      message(message) {
        if (message.exchange.answer === undefined) return;
        const { url } = message.exchange.request;
        const origin = url.slice(0, url.indexOf('/', 'https://'.length));
        if (told.has(origin)) return;
        told.add(origin);
        const { protocol, hostname } = new URL(url);
        if (isLoopback(hostname)) return;
        if (protocol === 'https:') tell.holds();
        else {
          const what = message.intent.operation === 'token' ? 'The token endpoint' : 'The API';
          tell.violated({
            cause: `${what} without TLS`,
            message: `${what} is not on loopback and has no https address.`,
            expected: 'https',
            received: protocol.slice(0, -1),
            exchanges: [message.id],
          });
        }
      },
    };
  },
};

type TokenAnswer = Readonly<Record<string, unknown>>;

/** A token was given to a valid request. */
function tokenIn(message: Message): TokenAnswer | undefined {
  const { intent, status, json } = message;
  const given =
    intent.operation === 'token' && isPlain(intent) && status === 200 && isRecord(json) && typeof json.access_token === 'string';
  return given ? (json as TokenAnswer) : undefined;
}

/** What is wrong with the answer to a valid request; refusals apart. */
function faultOfAnswer(message: Message): string | undefined {
  const { status, json } = message;
  if (status !== 200) return `${status}`;
  if (!isRecord(json)) return 'no JSON object';
  if (mediaTypeOf(message) !== 'application/json') return `${mediaTypeOf(message) ?? 'no media type'}`;
  if (typeof json.access_token !== 'string' || json.access_token === '') return 'no access_token';
  return typeof json.token_type === 'string' ? undefined : 'no token_type';
}

/** A rule about a member of every answer that gives a token. */
function ofTokens(
  name: string,
  expected: string,
  isRight: (answer: TokenAnswer) => boolean,
  applies: (answer: TokenAnswer) => boolean = () => true,
): Rule {
  return (tell) => ({
    message(message) {
      const answer = tokenIn(message);
      if (answer === undefined || !applies(answer)) return;
      if (isRight(answer)) tell.holds();
      else
        tell.violated({
          cause: name,
          message: `An answer with a token ${name in answer ? `has ${name} ${name === 'refresh_token' ? '' : renderValue(answer[name])}`.trim() : `has no ${name}`}.`,
          expected,
          received: name in answer ? (name === 'refresh_token' ? 'a refresh_token' : `${name} ${renderValue(answer[name])}`) : `no ${name}`,
          exchanges: [message.id],
        });
    },
  });
}

function ofTokenFields(name: string, expected: string, isRight: (message: Message) => boolean): Rule {
  return (tell) => ({
    message(message) {
      if (tokenIn(message) === undefined) return;
      if (isRight(message)) tell.holds();
      else
        tell.violated({
          cause: name,
          message: `An answer with a token has no ${name}: ${expected}.`,
          expected: `${name}: ${expected}`,
          received: headersOf(message, name.toLowerCase()).join(', ') || `no ${name}`,
          exchanges: [message.id],
        });
    },
  });
}

const isBasic = ({ exchange }: Message): boolean =>
  exchange.request.headers.some(([name, value]) => name.toLowerCase() === 'authorization' && /^basic /i.test(value));

export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname.endsWith('.localhost') || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname);

/** Whether a token request was granted. */
export const isGranted = (message: Message): boolean => isAccepted(message) && isRecord(message.json) && 'access_token' in message.json;
