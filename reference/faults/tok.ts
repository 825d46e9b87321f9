import type { Answer } from '../answer.ts';
import type { Call, Hooks, Override } from '../hooks.ts';
import { changeAnswer, setHeaders, textOf, without, withText } from '../overriding.ts';
import type { JsonObject } from '../presentation.ts';
import type { Fault } from '../registry.ts';
import { readParameter, TokenRefusal } from '../token.ts';

/** Changes the content of a token answer. */
function changeContent(change: (content: JsonObject, call: Call) => JsonObject): Override {
  return (hooks) => ({ tokenContent: (issued, call) => change(hooks.tokenContent(issued, call), call) });
}

/** Changes the content of every token answer but the first, so that a client can begin. */
function changeLaterContent(change: (content: JsonObject) => JsonObject): Override {
  return (hooks) => {
    let given = 0;
    return {
      tokenContent: (issued, call) => (++given === 1 ? hooks.tokenContent(issued, call) : change(hooks.tokenContent(issued, call))),
    };
  };
}

/** Changes refusals of the token endpoint with this error. */
function changeError(error: string, change: (answer: Answer, call: Call) => Answer): Override {
  return changeAnswer((answer, call) =>
    call.kind === 'token' && textOf(answer).includes(`"error":"${error}"`) ? change(answer, call) : undefined,
  );
}

/** The token request as it would be with this grant type; one that has several stays as it is. */
function withGrant(hooks: Hooks, change: (grant: string | undefined) => string | undefined): Partial<Hooks> {
  return {
    readTokenRequest: (call) => {
      const request = hooks.readTokenRequest(call);
      if (request.form.filter(([name]) => name === 'grant_type').length > 1) return request;
      const old = request.form.find(([name]) => name === 'grant_type')?.[1];
      const grant = change(old);
      const rest = request.form.filter(([name]) => name !== 'grant_type');
      return { ...request, form: grant === undefined ? rest : [...rest, ['grant_type', grant] as const] };
    },
  };
}

/** Faults of the token endpoint. */
export const tok: readonly Fault[] = [
  {
    name: 'later-tokens-created',
    sentence: 'Every token but the first comes with 201.',
    caughtBy: ['TOK-01'],
    needs: 'history',
    apply: (hooks) => {
      let given = 0;
      return {
        answerToken: (call) => {
          const answer = hooks.answerToken(call);
          return answer.status === 200 && ++given > 1 ? { ...answer, status: 201 } : answer;
        },
      };
    },
  },
  {
    name: 'later-tokens-without-type',
    sentence: 'Every token but the first comes without token_type.',
    caughtBy: ['TOK-01'],
    needs: 'history',
    apply: changeLaterContent((content) => without(content, 'token_type')),
  },
  {
    name: 'later-tokens-of-type-mac',
    sentence: 'The token_type of every token but the first is MAC.',
    caughtBy: ['TOK-02'],
    needs: 'history',
    apply: changeLaterContent((content) => ({ ...content, token_type: 'MAC' })),
  },
  {
    name: 'expires-in-as-text',
    sentence: 'expires_in is text.',
    caughtBy: ['TOK-03'],
    apply: changeContent((content) => ({ ...content, expires_in: String(content.expires_in) })),
  },
  {
    name: 'expires-in-with-fraction',
    sentence: 'expires_in has a fraction.',
    caughtBy: ['TOK-03'],
    apply: changeContent((content) => ({ ...content, expires_in: Number(content.expires_in) - 0.5 })),
  },
  {
    name: 'expires-in-as-date',
    sentence: 'expires_in is the moment of expiry.',
    caughtBy: ['TOK-03'],
    apply: (hooks) => ({
      tokenContent: (issued, call) => ({
        ...hooks.tokenContent(issued, call),
        expires_in: new Date(hooks.now() + issued.lifetime * 1000).toISOString(),
      }),
    }),
  },
  {
    name: 'expires-in-missing',
    sentence: 'The token answer does not say how long the token is good.',
    caughtBy: ['TOK-14'],
    apply: changeContent((content) => without(content, 'expires_in')),
  },
  {
    name: 'token-answer-without-cache-control',
    sentence: 'The token answer has no Cache-Control.',
    caughtBy: ['TOK-04'],
    apply: setHeaders({ 'Cache-Control': undefined }, (_answer, call) => call.kind === 'token'),
  },
  {
    name: 'token-answer-no-cache',
    sentence: 'The token answer says no-cache where no-store is asked for.',
    caughtBy: ['TOK-04'],
    apply: setHeaders({ 'Cache-Control': 'no-cache, max-age=0' }, (_answer, call) => call.kind === 'token'),
  },
  {
    name: 'token-answer-without-pragma',
    sentence: 'The token answer has no Pragma.',
    caughtBy: ['TOK-15'],
    apply: setHeaders({ Pragma: undefined }, (_answer, call) => call.kind === 'token'),
  },
  {
    name: 'any-secret-will-do',
    sentence: 'The client secret is not looked at.',
    caughtBy: ['TOK-05'],
    apply: (hooks) => ({
      identifyClient: (request, call) => {
        const id = readParameter(request, 'client_id') ?? request.basic?.id;
        return call.system.clients.find((client) => client.id === id) ?? hooks.identifyClient(request, call);
      },
    }),
  },
  {
    name: 'wrong-secret-invalid-grant',
    sentence: 'A wrong secret is refused with 401 invalid_grant.',
    caughtBy: ['TOK-05'],
    apply: changeError('invalid_client', (answer) => withText(answer, textOf(answer).replace('invalid_client', 'invalid_grant'))),
  },
  {
    name: 'wrong-secret-forbidden',
    sentence: 'A wrong secret is refused with 403.',
    caughtBy: ['TOK-05'],
    apply: changeError('invalid_client', (answer) => ({ ...answer, status: 403 })),
  },
  {
    name: 'grant-type-optional',
    sentence: 'A missing grant_type is taken for client_credentials.',
    caughtBy: ['TOK-06'],
    apply: (hooks) => withGrant(hooks, (grant) => grant || 'client_credentials'),
  },
  {
    name: 'missing-grant-type-unsupported',
    sentence: 'A missing grant_type is answered unsupported_grant_type.',
    caughtBy: ['TOK-06'],
    apply: (hooks) => withGrant(hooks, (grant) => grant || 'none'),
  },
  {
    name: 'unknown-grant-type-invalid',
    sentence: 'An unknown grant_type is answered invalid_request.',
    caughtBy: ['TOK-06'],
    apply: changeError('unsupported_grant_type', (answer) =>
      withText(answer, textOf(answer).replace('unsupported_grant_type', 'invalid_request')),
    ),
  },
  {
    name: 'grant-type-not-looked-at',
    sentence: 'Any grant_type gives a token.',
    caughtBy: ['TOK-06'],
    apply: (hooks) => withGrant(hooks, (grant) => (grant ? 'client_credentials' : grant)),
  },
  {
    name: 'empty-grant-type-unsupported',
    sentence: 'An empty grant_type is answered unsupported_grant_type.',
    caughtBy: ['TOK-08'],
    apply: (hooks) => withGrant(hooks, (grant) => (grant === '' ? 'empty' : grant)),
  },
  {
    name: 'unknown-token-parameter-refused',
    sentence: 'A parameter of another name is refused with invalid_request.',
    caughtBy: ['TOK-08'],
    apply: (hooks) => ({
      readTokenRequest: (call) => {
        const request = hooks.readTokenRequest(call);
        const known = ['grant_type', 'client_id', 'client_secret', 'scope'];
        const unknown = request.form.find(([name]) => !known.includes(name));
        if (unknown) throw new TokenRefusal('invalid_request', `The parameter ${unknown[0].slice(0, 40)} is not known.`);
        return request;
      },
    }),
  },
  {
    name: 'token-errors-as-text',
    sentence: 'Errors of the token endpoint are plain text.',
    caughtBy: ['TOK-07', 'TOK-05', 'TOK-06', 'MSG-11', 'MSG-27'],
    apply: changeAnswer((answer, call) =>
      call.kind === 'token' && answer.status >= 400
        ? { ...withText(answer, 'The token request was refused.'), headers: { ...answer.headers, 'Content-Type': 'text/plain' } }
        : undefined,
    ),
  },
  {
    name: 'token-errors-without-error',
    sentence: 'Errors of the token endpoint have a code and a message, and no error.',
    caughtBy: ['TOK-07', 'TOK-05', 'TOK-06'],
    apply: changeAnswer((answer, call) =>
      call.kind === 'token' && answer.status >= 400
        ? withText(answer, textOf(answer).replace('"error":', '"code":').replace('"error_description":', '"message":'))
        : undefined,
    ),
  },
  {
    name: 'refresh-token-given',
    sentence: 'The token answer has a refresh_token.',
    caughtBy: ['TOK-09'],
    apply: changeContent((content) => ({ ...content, refresh_token: crypto.randomUUID() })),
  },
  {
    name: 'repeated-grant-type-taken',
    sentence: 'Of a repeated grant_type the first counts.',
    caughtBy: ['TOK-11'],
    apply: (hooks) => ({
      readTokenRequest: (call) => {
        const request = hooks.readTokenRequest(call);
        const first = request.form.findIndex(([name]) => name === 'grant_type');
        return { ...request, form: request.form.filter(([name], index) => name !== 'grant_type' || index === first) };
      },
    }),
  },
  {
    name: 'credentials-in-url-taken',
    sentence: 'Credentials in the URL are taken.',
    caughtBy: ['TOK-12'],
    apply: (hooks) => ({
      readTokenRequest: (call) => {
        const request = hooks.readTokenRequest(call);
        const given = new Set(request.form.map(([name]) => name));
        return { ...request, form: [...request.form, ...call.query.filter(([name]) => !given.has(name))] };
      },
    }),
  },
  {
    name: 'new-token-ends-the-old',
    sentence: 'A new token ends the one before it.',
    caughtBy: ['TOK-13'],
    needs: 'history',
    apply: (hooks) => ({
      issueToken: (client, call) => {
        for (const [token, issued] of call.system.tokens) if (issued.client === client) call.system.tokens.delete(token);
        return hooks.issueToken(client, call);
      },
    }),
  },
  {
    name: 'tokens-asked-together-clash',
    sentence: 'Of tokens asked for within 20 ms only the last works.',
    caughtBy: ['TOK-13'],
    needs: 'concurrency',
    apply: (hooks) => {
      let last = { token: '', at: Number.NEGATIVE_INFINITY };
      return {
        issueToken: (client, call) => {
          const issued = hooks.issueToken(client, call);
          const at = call.system.store.steady();
          if (at - last.at < 20) call.system.tokens.delete(last.token);
          last = { token: issued.token, at };
          return issued;
        },
      };
    },
  },
  {
    name: 'basic-refused-without-challenge',
    sentence: 'Wrong Basic credentials are refused with 401 and no challenge.',
    caughtBy: ['TOK-16'],
    apply: setHeaders({ 'WWW-Authenticate': undefined }, (answer, call) => call.kind === 'token' && answer.status === 401),
  },
  {
    name: 'basic-refused-with-bearer-challenge',
    sentence: 'Wrong Basic credentials are refused with a Bearer challenge.',
    caughtBy: ['TOK-16'],
    apply: setHeaders(
      { 'WWW-Authenticate': 'Bearer realm="customer-products"' },
      (answer, call) => call.kind === 'token' && answer.status === 401,
    ),
  },
  {
    name: 'unknown-client-told-apart',
    sentence: 'An unknown client is refused with 404, so that names can be tried out.',
    caughtBy: ['TOK-17'],
    apply: (hooks) => ({
      answerToken: (call) => {
        const answer = hooks.answerToken(call);
        if (answer.status !== 401) return answer;
        const request = hooks.readTokenRequest(call);
        const id = request.basic?.id ?? request.form.find(([name]) => name === 'client_id')?.[1];
        return call.system.clients.some((client) => client.id === id) ? answer : { ...answer, status: 404 };
      },
    }),
  },
];
