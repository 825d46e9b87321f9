import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Answer } from './answer.ts';
import { answerJson } from './answer.ts';
import type { Call, Client, IssuedToken, TokenRequest } from './hooks.ts';
import type { JsonObject } from './presentation.ts';
import { Refusal } from './refusal.ts';

/** The error codes of RFC 6749 §5.2 that this endpoint uses. */
export type TokenError = 'invalid_request' | 'invalid_client' | 'unsupported_grant_type';

/** A token request refused. 401 with a Basic challenge for a client that did not prove itself, else 400. */
export class TokenRefusal extends Refusal {
  readonly error: TokenError;

  constructor(error: TokenError, message: string) {
    const challenge = { 'WWW-Authenticate': 'Basic realm="customer-products", charset="UTF-8"' };
    super(error === 'invalid_client' ? 401 : 400, message, error === 'invalid_client' ? challenge : {});
    this.name = 'TokenRefusal';
    this.error = error;
  }
}

/** RFC 6749 §5.1 asks for both, on success; here errors carry them too. */
const notStored = { 'Cache-Control': 'no-store', Pragma: 'no-cache' };

/** id:secret, each percent-decoded as a form would (RFC 6749 §2.3.1). */
function readBasic(field: string | undefined): { id: string; secret: string } | undefined {
  if (field === undefined) return undefined;
  const match = /^basic +([a-z0-9+/_-]*={0,2}) *$/i.exec(field);
  const text = match ? Buffer.from(match[1]!, 'base64').toString('utf8') : '';
  const colon = text.indexOf(':');
  if (colon < 0)
    throw new TokenRefusal('invalid_client', 'The Authorization field is to be "Basic" and base64 of client_id:client_secret.');
  const decode = (part: string): string => new URLSearchParams(`v=${part.replaceAll('&', '%26')}`).get('v') ?? '';
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}

/** The form of a token request and its Basic credentials. Parameters in the URL are not looked at. Throws `invalid_request`. */
export function readTokenRequest(call: Call): TokenRequest {
  const type = (call.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/x-www-form-urlencoded') {
    throw new TokenRefusal(
      'invalid_request',
      `The content is to be application/x-www-form-urlencoded; ${type ? 'another media type' : 'none'} came.`,
    );
  }
  if (call.oversized) throw new TokenRefusal('invalid_request', 'The form is too long.');
  const form = [...new URLSearchParams(Buffer.from(call.body).toString('utf8'))];
  const basic = readBasic(call.headers.authorization);
  return basic ? { form, basic } : { form };
}

/** The value of a parameter; an empty one counts as missing, a repeated one is an error (RFC 6749 §3.2). */
export function readParameter(request: TokenRequest, name: string): string | undefined {
  const values = request.form.filter(([key]) => key === name);
  if (values.length > 1)
    throw new TokenRefusal('invalid_request', `The parameter ${name} stands ${values.length} times in the form; give it once.`);
  return values[0]?.[1] || undefined;
}

function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** The client that the credentials prove: in the form or by HTTP Basic, not both (RFC 6749 §2.3). */
export function identifyClient(request: TokenRequest, call: Call): Client {
  const id = readParameter(request, 'client_id');
  const secret = readParameter(request, 'client_secret');
  if (request.basic && (secret !== undefined || (id !== undefined && id !== request.basic.id))) {
    throw new TokenRefusal('invalid_request', 'The client proves itself in the form or by HTTP Basic; both came.');
  }
  const given = request.basic ?? { id, secret };
  const client = call.system.clients.find((known) => known.id === given.id);
  if (client === undefined || !isSame(given.secret ?? '', client.secret)) {
    throw new TokenRefusal('invalid_client', 'The client_id and client_secret fit no client; take them from the output of the server.');
  }
  return client;
}

export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Beyond this many, expired tokens are swept out before a new one is added. */
const sweepAt = 1000;

export function issueToken(client: Client, call: Call): IssuedToken {
  const { tokens, tokenSeconds, store } = call.system;
  const now = store.steady();
  if (tokens.size > sweepAt) for (const [token, issued] of tokens) if (issued.expiresAt <= now) tokens.delete(token);
  const issued: IssuedToken = { token: call.hooks.newToken(), client, lifetime: tokenSeconds, expiresAt: now + tokenSeconds * 1000 };
  tokens.set(issued.token, issued);
  return issued;
}

export function tokenContent(issued: IssuedToken): JsonObject {
  return { access_token: issued.token, token_type: 'Bearer', expires_in: issued.lifetime };
}

/** The token endpoint: client credentials only (RFC 6749 §4.4), errors as §5.2 wants them. */
export function answerToken(call: Call): Answer {
  const { hooks } = call;
  try {
    const request = hooks.readTokenRequest(call);
    for (const [name] of request.form) readParameter(request, name);
    const grant = readParameter(request, 'grant_type');
    if (grant === undefined) throw new TokenRefusal('invalid_request', 'The parameter grant_type is missing; send client_credentials.');
    const client = hooks.identifyClient(request, call);
    if (grant !== 'client_credentials') throw new TokenRefusal('unsupported_grant_type', 'The grant_type is to be client_credentials.');
    return answerJson(200, hooks.serialize(hooks.tokenContent(hooks.issueToken(client, call), call), call), notStored);
  } catch (refusal) {
    if (!(refusal instanceof TokenRefusal)) throw refusal;
    const content = { error: refusal.error, error_description: refusal.message };
    return answerJson(refusal.status, hooks.serialize(content, call), { ...notStored, ...refusal.headers });
  }
}
