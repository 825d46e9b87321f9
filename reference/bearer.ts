import type { Call, Client } from './hooks.ts';
import { Refusal } from './refusal.ts';

const realm = 'Bearer realm="customer-products"';

/**
 * The bearer token of a call (RFC 6750 §2.1); the scheme's letters do not matter (RFC 9110 §11.1).
 * Throws a Refusal where the Authorization field holds something else.
 */
export function readToken(call: Call): string | undefined {
  const field = call.headers.authorization;
  if (field === undefined) return undefined;
  const [scheme = '', ...rest] = field.trim().split(/ +/);
  if (scheme.toLowerCase() !== 'bearer') {
    throw new Refusal(
      401,
      `The Authorization field is to be "Bearer" and a token; the scheme ${JSON.stringify(scheme.slice(0, 20))} came.`,
      {
        'WWW-Authenticate': realm,
      },
    );
  }
  const [token] = rest;
  if (token === undefined || rest.length !== 1) {
    throw new Refusal(401, 'The Authorization field is to be "Bearer", one space and one token; fetch one at the token endpoint.', {
      'WWW-Authenticate': `${realm}, error="invalid_token", error_description="No single token was given"`,
    });
  }
  return token;
}

/** The client of a token that was issued here and has not expired. */
export function checkToken(token: string, call: Call): Client | undefined {
  const issued = call.system.tokens.get(token);
  if (issued === undefined) return undefined;
  if (call.system.store.steady() >= issued.expiresAt) {
    call.system.tokens.delete(token);
    return undefined;
  }
  return issued.client;
}

/** Who asks. Throws a Refusal (401) with a challenge: without `error` for no token, `invalid_token` for a bad one (RFC 6750 §3.1). */
export function authorize(call: Call): Client {
  const token = call.hooks.readToken(call);
  if (token === undefined) {
    throw new Refusal(401, 'No access token came; fetch one at the token endpoint and send it as "Authorization: Bearer …".', {
      'WWW-Authenticate': realm,
    });
  }
  const client = call.hooks.checkToken(token, call);
  if (client === undefined) {
    throw new Refusal(401, 'The access token is unknown or has expired; fetch a new one at the token endpoint.', {
      'WWW-Authenticate': `${realm}, error="invalid_token", error_description="The access token is unknown or has expired"`,
    });
  }
  return client;
}
