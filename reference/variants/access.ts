import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import type { Hooks } from '../hooks.ts';
import { changeAnswer, textOf, withText } from '../overriding.ts';
import type { Variant } from '../registry.ts';
import { readParameter, TokenRefusal } from '../token.ts';

/** Tokens that can be read by anyone and made by the server alone. */
function signTokens(): Partial<Hooks> {
  const key = randomUUID();
  const sign = (text: string): string => createHmac('sha256', key).update(text).digest('base64url');
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return {
    issueToken: (client, call) => {
      const now = call.system.store.steady();
      const lifetime = call.system.tokenSeconds;
      const text = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: client.id, until: now + lifetime * 1000, jti: randomUUID() })}`;
      return { token: `${text}.${sign(text)}`, client, lifetime, expiresAt: now + lifetime * 1000 };
    },
    checkToken: (token, call) => {
      const [header, payload, signature = ''] = token.split('.');
      const right = Buffer.from(sign(`${header}.${payload}`));
      const given = Buffer.from(signature);
      if (right.length !== given.length || !timingSafeEqual(right, given)) return undefined;
      const { sub, until } = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString()) as { sub: string; until: number };
      return call.system.store.steady() < until ? call.system.clients.find((client) => client.id === sub) : undefined;
    },
  };
}

/** The clock of products runs ahead of that of `Date` by so many milliseconds. */
export function shiftClocks(products: number, date: number) {
  return (hooks: Hooks): Partial<Hooks> => ({ now: () => hooks.now() + products, dateNow: () => hooks.dateNow() + date });
}

const unauthenticated = [
  'AUT-01',
  'AUT-02',
  'AUT-03',
  'AUT-04',
  'AUT-05',
  'AUT-06',
  'AUT-07',
  'AUT-08',
  'AUT-09',
  'AUT-10',
  'AUT-11',
  'AUT-12',
  'AUT-16',
  'AUT-17',
] as const;
const minutes = 60_000;

/** Readings of tokens, of who is let in, and of clocks. */
export const access: readonly Variant[] = [
  {
    name: 'basic-only',
    sentence: 'The token endpoint takes HTTP Basic only, as declared.',
    readings: [],
    warns: [],
    profile: { auth: { clientAuthentication: 'client_secret_basic' } },
    apply: (hooks) => ({
      identifyClient: (request, call) => {
        if (request.basic === undefined) throw new TokenRefusal('invalid_client', 'The client is to prove itself by HTTP Basic.');
        return hooks.identifyClient(request, call);
      },
    }),
  },
  {
    name: 'form-only',
    sentence: 'The token endpoint takes credentials in the form only.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      identifyClient: (request, call) => {
        if (request.basic !== undefined) throw new TokenRefusal('invalid_client', 'The client is to prove itself in the form.');
        return hooks.identifyClient(request, call);
      },
    }),
  },
  {
    name: 'wrong-secret-bad-request',
    sentence: 'A wrong secret in the form is 400, by Basic 401.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      answerToken: (call) => {
        const answer = hooks.answerToken(call);
        const { 'WWW-Authenticate': _challenge, ...headers } = answer.headers;
        return answer.status === 401 && call.headers.authorization === undefined ? { ...answer, status: 400, headers } : answer;
      },
    }),
  },
  {
    name: 'scope-given',
    sentence: 'The token answer has a scope, more members than RFC 6749 names, and token_type in small letters.',
    readings: ['R-EXTRA'],
    warns: [],
    apply: (hooks) => ({
      tokenContent: (issued, call) => {
        const scope = readParameter(hooks.readTokenRequest(call), 'scope') ?? 'products:read products:write';
        return { ...hooks.tokenContent(issued, call), token_type: 'bearer', scope, issued_at: Math.floor(hooks.now()), not_before: 0 };
      },
    }),
  },
  {
    name: 'lifetime-not-told',
    sentence: 'The token answer has no expires_in.',
    readings: [],
    warns: ['TOK-14'],
    apply: (hooks) => ({
      tokenContent: (issued, call) => {
        const { expires_in: _lifetime, ...content } = hooks.tokenContent(issued, call);
        return content;
      },
    }),
  },
  {
    name: 'no-authentication',
    sentence: 'Calls need no token, as declared.',
    readings: [],
    warns: [],
    profile: { auth: { type: 'none' } },
    apply: () => ({ authorize: (call) => call.system.clients[0]! }),
  },
  { name: 'short-tokens', sentence: 'Tokens are good for 2 s.', readings: [], warns: [], settings: { tokenSeconds: 2 }, apply: () => ({}) },
  {
    name: 'signed-tokens',
    sentence: 'Tokens are signed, in three parts, and good for 3 s.',
    readings: [],
    warns: [],
    settings: { tokenSeconds: 3 },
    apply: signTokens,
  },
  {
    name: 'base-path',
    sentence: 'The operations lie below /partner/v1.',
    readings: [],
    warns: [],
    settings: { basePath: '/partner/v1' },
    apply: () => ({}),
  },
  {
    name: 'forbidden-without-token',
    sentence: 'A call without a good token is 403, with a challenge.',
    readings: ['R-401'],
    warns: unauthenticated,
    apply: changeAnswer((answer, call) =>
      answer.status === 401 && call.kind !== 'token'
        ? { ...withText(answer, textOf(answer).replace('"status":401', '"status":403').replace('Unauthorized', 'Forbidden')), status: 403 }
        : undefined,
    ),
  },
  {
    name: 'malformed-credentials-bad-request',
    sentence: 'Another scheme than Bearer is 400, with a challenge.',
    readings: ['R-401'],
    warns: [],
    apply: changeAnswer((answer, call) =>
      answer.status === 401 &&
      call.kind !== 'token' &&
      call.headers.authorization !== undefined &&
      !/^bearer /i.test(call.headers.authorization)
        ? {
            ...withText(answer, textOf(answer).replace('"status":401', '"status":400').replace('Unauthorized', 'Bad Request')),
            status: 400,
          }
        : undefined,
    ),
  },
  {
    name: 'clocks-minutes-ahead',
    sentence: 'All clocks are seven minutes ahead.',
    readings: ['R-CLOCK'],
    warns: [],
    apply: shiftClocks(7 * minutes, 7 * minutes),
  },
  {
    name: 'product-clock-minutes-behind',
    sentence: 'The clock of products is four minutes behind that of Date.',
    readings: ['R-CLOCK'],
    warns: ['TIM-07'],
    apply: shiftClocks(-4 * minutes, 0),
  },
  {
    name: 'gateway-clock-behind',
    sentence: 'Date is of a gateway that is ten minutes behind.',
    readings: ['R-CLOCK'],
    warns: ['TIM-07'],
    apply: shiftClocks(0, -10 * minutes),
  },
  {
    name: 'closing-clock-ahead',
    sentence: 'Closes are stamped by a clock that is 150 ms ahead.',
    readings: ['R-CLOCK'],
    warns: [],
    apply: (hooks) => ({
      applyClose: (product, call) => hooks.applyClose(product, { ...call, hooks: { ...call.hooks, now: () => call.hooks.now() + 150 } }),
    }),
  },
  {
    name: 'closing-clock-behind',
    sentence: 'Closes are stamped by a clock that is 150 ms behind, so modifiedOn may be earlier after a close than before it.',
    readings: ['R-CLOCK'],
    warns: [],
    apply: (hooks) => ({
      applyClose: (product, call) => hooks.applyClose(product, { ...call, hooks: { ...call.hooks, now: () => call.hooks.now() - 150 } }),
    }),
  },
  {
    name: 'closing-clock-ahead-as-declared',
    sentence: 'Closes are stamped by a clock that is 800 ms ahead, and the tolerance is declared.',
    readings: ['R-CLOCK'],
    warns: [],
    profile: { clockToleranceMs: 1000 },
    apply: (hooks) => ({
      applyClose: (product, call) => hooks.applyClose(product, { ...call, hooks: { ...call.hooks, now: () => call.hooks.now() + 800 } }),
    }),
  },
];
