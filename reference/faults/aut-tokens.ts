import type { Call, CallKind, Client, Hooks } from '../hooks.ts';
import { everyNth } from '../overriding.ts';
import type { Fault } from '../registry.ts';

/** Lets calls of this kind in whose token `opens` says so, as the first client. */
function letIn(hooks: Hooks, opens: (token: string | undefined, call: Call) => boolean): Partial<Hooks> {
  return {
    authorize: (call) => {
      const [, token] = (call.headers.authorization ?? '').split(' ');
      return opens(token, call) ? call.system.clients[0]! : hooks.authorize(call);
    },
  };
}

const withoutToken = (kind: CallKind) => (hooks: Hooks) =>
  letIn(hooks, (_token, call) => call.kind === kind && call.headers.authorization === undefined);

/** Any bearer token that is not a good one counts as the first client's, in all calls of the kind or in some. */
const withAnyToken =
  (kind: CallKind, opens: (call: Call) => boolean = () => true) =>
  (hooks: Hooks) => ({
    checkToken: (token: string, call: Call) =>
      hooks.checkToken(token, call) ?? (call.kind === kind && opens(call) ? call.system.clients[0] : undefined),
  });

const isOfClosed = ({ system, params }: Call): boolean => system.store.find(params.customerProductId ?? '')?.status === 'CLOSED';

/** A bearer token that is like none that was given out, at neither end, counts as the first client's: one of another issuer, say. */
const withForeignToken = (kind: CallKind) => (hooks: Hooks) => ({
  checkToken: (token: string, call: Call) => {
    const isLike = [...call.system.tokens.values()].some(
      (issued) => issued.token.slice(0, 8) === token.slice(0, 8) || issued.token.slice(-8) === token.slice(-8),
    );
    return hooks.checkToken(token, call) ?? (call.kind === kind && !isLike ? call.system.clients[0] : undefined);
  },
});

/** Finds the client of a token by a looser comparison than equality. */
function compareBy(hooks: Hooks, key: (token: string) => string): Partial<Hooks> {
  return {
    checkToken: (token, call) => {
      const near = [...call.system.tokens.values()].find((issued) => key(issued.token) === key(token));
      return hooks.checkToken(near?.token ?? token, call);
    },
  };
}

/** Faults of who is let in. */
export const autTokens: readonly Fault[] = [
  { name: 'list-without-token', sentence: 'A list needs no token.', caughtBy: ['AUT-01'], apply: withoutToken('list') },
  { name: 'create-without-token', sentence: 'A create needs no token.', caughtBy: ['AUT-02'], apply: withoutToken('create') },
  { name: 'get-without-token', sentence: 'A get needs no token.', caughtBy: ['AUT-03'], apply: withoutToken('get') },
  { name: 'close-without-token', sentence: 'A close needs no token.', caughtBy: ['AUT-04'], apply: withoutToken('close') },
  { name: 'list-with-any-token', sentence: 'A list takes any token.', caughtBy: ['AUT-05', 'AUT-09'], apply: withAnyToken('list') },
  { name: 'create-with-any-token', sentence: 'A create takes any token.', caughtBy: ['AUT-06', 'AUT-09'], apply: withAnyToken('create') },
  { name: 'get-with-any-token', sentence: 'A get takes any token.', caughtBy: ['AUT-07', 'AUT-09'], apply: withAnyToken('get') },
  { name: 'close-with-any-token', sentence: 'A close takes any token.', caughtBy: ['AUT-08', 'AUT-09'], apply: withAnyToken('close') },
  {
    name: 'list-with-foreign-token',
    sentence: 'A list takes tokens that are like none of its own.',
    caughtBy: ['AUT-05'],
    apply: withForeignToken('list'),
  },
  {
    name: 'get-with-foreign-token',
    sentence: 'A get takes tokens that are like none of its own.',
    caughtBy: ['AUT-07'],
    apply: withForeignToken('get'),
  },
  {
    name: 'token-checked-once-per-connection',
    sentence: 'After a good token every call on that connection is let in.',
    caughtBy: ['AUT-01', 'AUT-02', 'AUT-03', 'AUT-04', 'AUT-05', 'AUT-06', 'AUT-07', 'AUT-08', 'AUT-09', 'AUT-11', 'AUT-16', 'OWN-03'],
    needs: 'history',
    apply: (hooks) => {
      const known = new Map<number, Client>();
      return {
        authorize: (call) => {
          const client = known.get(call.connection) ?? hooks.authorize(call);
          known.set(call.connection, client);
          return client;
        },
      };
    },
  },
  {
    name: 'token-compared-by-first-half',
    sentence: 'Of a token the first 20 characters count.',
    caughtBy: ['AUT-09', 'AUT-05', 'AUT-06', 'AUT-07', 'AUT-08', 'CLS-16'],
    apply: (hooks) => compareBy(hooks, (token) => token.slice(0, 20)),
  },
  {
    name: 'token-compared-by-second-half',
    sentence: 'Of a token the last 20 characters count.',
    caughtBy: ['AUT-09', 'AUT-05', 'AUT-06', 'AUT-07', 'AUT-08', 'CLS-16'],
    apply: (hooks) => compareBy(hooks, (token) => token.slice(-20)),
  },
  {
    name: 'token-compared-by-ends',
    sentence: 'Of a token the first and the last eight characters count.',
    caughtBy: ['AUT-09'],
    apply: (hooks) => compareBy(hooks, (token) => token.slice(0, 8) + token.slice(-8)),
  },
  {
    name: 'token-signature-not-checked',
    sentence: 'Tokens have three parts, of which the last, the signature, is not checked.',
    caughtBy: ['AUT-09'],
    apply: (hooks) => ({
      newToken: () => {
        const payload = Buffer.from(JSON.stringify({ sub: 'client', jti: crypto.randomUUID() })).toString('base64url');
        return `${Buffer.from('{"alg":"HS256","typ":"JWT"}').toString('base64url')}.${payload}.${hooks.newToken()}`;
      },
      ...compareBy(hooks, (token) => token.split('.').slice(0, 2).join('.')),
    }),
  },
  {
    name: 'tokens-never-end',
    sentence: 'Tokens say that they are good for 2 s, and are good for ever.',
    caughtBy: ['AUT-10'],
    needs: 'time',
    apply: (hooks) => ({
      issueToken: (client, call) => {
        const issued = { ...hooks.issueToken(client, call), lifetime: 2, expiresAt: Number.POSITIVE_INFINITY };
        call.system.tokens.set(issued.token, issued);
        return issued;
      },
    }),
  },
  {
    name: 'expired-tokens-good-for-reading',
    sentence: 'Tokens are good for 2 s, for gets and lists for ever.',
    caughtBy: ['AUT-10'],
    needs: 'time',
    apply: (hooks) => {
      const owners = new Map<string, Client>();
      return {
        issueToken: (client, call) => {
          const issued = hooks.issueToken(client, call);
          const short = { ...issued, lifetime: 2, expiresAt: call.system.store.steady() + 2000 };
          call.system.tokens.set(short.token, short);
          owners.set(short.token, client);
          return short;
        },
        checkToken: (token, call) =>
          hooks.checkToken(token, call) ?? (call.kind === 'get' || call.kind === 'list' ? owners.get(token) : undefined),
      };
    },
  },
  {
    name: 'basic-scheme-taken',
    sentence: 'A token is taken with the scheme Basic too.',
    caughtBy: ['AUT-11'],
    apply: (hooks) => ({
      readToken: (call) =>
        /^basic /i.test(call.headers.authorization ?? '') ? call.headers.authorization!.slice(6) : hooks.readToken(call),
    }),
  },
  {
    name: 'any-scheme-taken-on-get',
    sentence: 'A get takes the token with any scheme.',
    caughtBy: ['AUT-11'],
    apply: (hooks) => ({
      readToken: (call) =>
        call.kind === 'get' && call.headers.authorization !== undefined
          ? call.headers.authorization.split(' ').at(-1)
          : hooks.readToken(call),
    }),
  },
  {
    name: 'bearer-with-capital-only',
    sentence: 'The scheme is Bearer with a capital only.',
    caughtBy: ['AUT-14'],
    apply: (hooks) => ({
      readToken: (call) => (/^Bearer /.test(call.headers.authorization ?? 'Bearer ') ? hooks.readToken(call) : undefined),
    }),
  },
  {
    name: 'tokens-wear-out',
    sentence: 'A token stops working after 150 calls.',
    caughtBy: ['SCH-01', 'SCH-02', 'SCH-03', 'SCH-04', 'TOK-13'],
    needs: 'history',
    apply: (hooks) => {
      const uses = new Map<string, number>();
      return {
        checkToken: (token, call) => {
          const used = (uses.get(token) ?? 0) + 1;
          uses.set(token, used);
          return used > 150 ? undefined : hooks.checkToken(token, call);
        },
      };
    },
  },
  {
    name: 'scheme-without-token-suffices',
    sentence: 'The word Bearer is let in without a token after it.',
    caughtBy: ['AUT-01', 'AUT-02', 'AUT-03', 'AUT-04'],
    apply: (hooks) => letIn(hooks, (_token, call) => call.headers.authorization?.trim().toLowerCase() === 'bearer'),
  },
  {
    name: 'token-found-anywhere-in-the-field',
    sentence: 'A good token counts wherever it stands in the Authorization field.',
    caughtBy: ['AUT-05', 'AUT-06', 'AUT-07', 'AUT-08'],
    apply: (hooks) => ({
      readToken: (call) => {
        const field = call.headers.authorization ?? '';
        const contained = /^bearer/i.test(field) ? [...call.system.tokens.keys()].find((token) => field.includes(token)) : undefined;
        return contained ?? hooks.readToken(call);
      },
    }),
  },
  {
    name: 'token-known-by-its-beginning',
    sentence: 'The first part of a token, from 14 characters on, counts as the token.',
    caughtBy: ['AUT-05', 'AUT-06', 'AUT-07', 'AUT-08'],
    apply: (hooks) => ({
      checkToken: (token, call) => {
        const begun = token.length < 14 ? undefined : [...call.system.tokens.keys()].find((issued) => issued.startsWith(token));
        return hooks.checkToken(begun ?? token, call);
      },
    }),
  },
  {
    name: 'every-third-close-lets-anyone-in',
    sentence: 'Of every third close the token is not looked at.',
    caughtBy: ['AUT-08', 'AUT-04', 'AUT-09', 'AUT-11', 'CLS-16', 'AUT-16', 'OWN-03'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(3);
      return letIn(hooks, (_token, call) => call.kind === 'close' && strikes());
    },
  },
  {
    name: 'get-of-closed-with-any-token',
    sentence: 'The get of a closed product takes any token.',
    caughtBy: ['AUT-07'],
    needs: 'history',
    apply: withAnyToken('get', isOfClosed),
  },
  {
    name: 'token-with-something-after-it',
    sentence: 'What begins with a good token counts as that token.',
    caughtBy: ['AUT-05', 'AUT-06', 'AUT-07', 'AUT-08', 'CLS-16'],
    apply: (hooks) => ({
      checkToken: (token, call) =>
        hooks.checkToken([...call.system.tokens.keys()].find((issued) => token.startsWith(issued)) ?? token, call),
    }),
  },
  {
    name: 'token-of-a-create-compared-by-its-ends',
    sentence: 'Of the token of a create the first and the last eight characters count.',
    caughtBy: ['AUT-09'],
    effort: 'standard',
    apply: (hooks) => {
      const loose = compareBy(hooks, (token) => token.slice(0, 8) + token.slice(-8)).checkToken!;
      return { checkToken: (token, call) => (call.kind === 'create' ? loose : hooks.checkToken)(token, call) };
    },
  },
  {
    name: 'any-scheme-taken-on-close',
    sentence: 'A close takes the token with any scheme.',
    caughtBy: ['AUT-11', 'CLS-16'],
    effort: 'standard',
    apply: (hooks) => ({
      readToken: (call) =>
        call.kind === 'close' && call.headers.authorization !== undefined
          ? call.headers.authorization.split(' ').at(-1)
          : hooks.readToken(call),
    }),
  },
  {
    name: 'filtered-list-without-token',
    sentence: 'A list with a filter needs no token.',
    caughtBy: ['AUT-01'],
    effort: 'standard',
    apply: (hooks) =>
      letIn(hooks, (_token, call) => call.kind === 'list' && call.query.length > 0 && call.headers.authorization === undefined),
  },
  {
    name: 'closing-again-with-any-token',
    sentence: 'The close of a closed product takes any token.',
    caughtBy: ['AUT-08'],
    needs: 'history',
    apply: withAnyToken('close', isOfClosed),
  },
  {
    name: 'expired-tokens-good-for-closing',
    sentence: 'Tokens are good for 2 s, for closes for ever.',
    caughtBy: ['AUT-10'],
    needs: 'time',
    apply: (hooks) => {
      const owners = new Map<string, Client>();
      return {
        issueToken: (client, call) => {
          const issued = hooks.issueToken(client, call);
          const short = { ...issued, lifetime: 2, expiresAt: call.system.store.steady() + 2000 };
          call.system.tokens.set(short.token, short);
          owners.set(short.token, client);
          return short;
        },
        checkToken: (token, call) => hooks.checkToken(token, call) ?? (call.kind === 'close' ? owners.get(token) : undefined),
      };
    },
  },
];
