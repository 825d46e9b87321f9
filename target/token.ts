/** Tokens by client credentials (RFC 6749 §4.4): asked for once for all who wait, kept until shortly before they expire, renewed when refused. */
import type { Auth } from '../spec/profile.ts';
import type { HeaderPair } from './capture.ts';
import { TokenRefused } from './errors.ts';

/** How a request for a token is sent: as any exchange, journal included. Only here is an answer read before secrets are taken out. */
export type SendTokenRequest = (headers: readonly HeaderPair[], form: string) => Promise<TokenAnswer>;

export interface TokenAnswer {
  readonly status?: number;
  readonly content?: Buffer;
  /** What went wrong on the way, where there is no answer. */
  readonly failure?: string;
  /** On the clock of the session. */
  readonly sentAt: number;
}

export interface TokenSource {
  /** The value of `Authorization`, at once where a token is at hand; undefined where the target asks for none. */
  authorization(): string | undefined | Promise<string | undefined>;
  /** After a 401 to a request that carried `refused`: whether there is another token now, worth a second try. */
  renew(refused: string | undefined): Promise<boolean>;
  /** A request with the current token was answered other than 401. */
  confirm(): void;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

type OAuth2 = Extract<Auth, { type: 'oauth2' }>;

/** Renewed so long before its end, or a quarter of its life before where that is less. */
const marginMs = 30_000;
/** Tries to get a token in mid-run, so far apart: a token endpoint that stumbles once does not end the run. */
const retryMs = [200, 1000];
/** So many renewals in a row that did not help, and a 401 is taken as it is. */
const vainLimit = 3;

/** The token in an answer, read leniently: what is wrong with the answer is for the judge to say. */
export const readToken = (content: Buffer | undefined): { token: string; expiresInMs?: number } | undefined => {
  if (content === undefined) return undefined;
  let answer: unknown;
  try {
    answer = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
  } catch {
    answer = Object.fromEntries(new URLSearchParams(content.toString('utf8')));
  }
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer)) return undefined;
  const token = answer.access_token;
  if (typeof token !== 'string' || token === '') return undefined;
  const seconds = 'expires_in' in answer ? Number(answer.expires_in) : Number.NaN;
  return Number.isFinite(seconds) && seconds > 0 ? { token, expiresInMs: seconds * 1000 } : { token };
};

/** Sends the request that oauth4webapi makes of the settings, by our own client. Resolves to what was answered, whatever it is. */
export const requestToken = async (auth: OAuth2, { clientId, clientSecret }: Credentials, send: SendTokenRequest): Promise<TokenAnswer> => {
  const oauth = await import('oauth4webapi');
  const byBasic = auth.clientAuthentication === 'client_secret_basic';
  const authenticate = byBasic ? oauth.ClientSecretBasic(clientSecret) : oauth.ClientSecretPost(clientSecret);
  let answer: TokenAnswer = { sentAt: 0, failure: 'No request was made.' };
  const parameters: Record<string, string> = auth.scope === undefined ? {} : { scope: auth.scope };
  await oauth.clientCredentialsGrantRequest(
    { issuer: new URL(auth.tokenUrl).origin, token_endpoint: auth.tokenUrl },
    { client_id: clientId },
    authenticate,
    parameters,
    {
      [oauth.allowInsecureRequests]: true,
      async [oauth.customFetch](_url, { headers, body }) {
        answer = await send(Object.entries(headers), String(body));
        // The library only passes this on: the answer is read from `answer`, and leniently.
        return new Response(null);
      },
    },
  );
  return answer;
};

const describe = ({ status, content, failure }: TokenAnswer): string => {
  if (failure !== undefined) return `a failure: ${failure.replace(/\.$/, '')}`;
  const text = content?.toString('utf8').slice(0, 200).trim() ?? '';
  return `status ${status}${text === '' ? ' without content' : `: ${text}`}`;
};

/** More than this in a header field is taken by hardly any server. */
const longestToken = 64 * 1024;
/** What a header field may carry (RFC 9110 §5.5). */
const isSendable = (token: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(token);

/** What keeps a token from being sent in `Authorization`; undefined: nothing. */
const findObstacle = (token: string): string | undefined => {
  if (token.length > longestToken) return `a token of ${token.length} characters, more than ${longestToken}, which hardly any server takes`;
  return isSendable(token) ? undefined : 'a token with characters that no header field may carry';
};

/** The advice that fits a token endpoint's answer. */
const advise = ({ status, failure }: TokenAnswer): string => {
  if (failure !== undefined) return 'check auth.tokenUrl (--token-url) and the way there';
  if (status === 400 || status === 401 || status === 403)
    return 'check auth.clientId, auth.clientSecret, auth.scope and auth.clientAuthentication';
  if (status !== undefined && status >= 500) return 'the token endpoint itself fails, ask its operator';
  return 'check that auth.tokenUrl (--token-url) is the address of the token endpoint';
};

export const refuseToken = (auth: OAuth2, answer: TokenAnswer, redact: (text: string) => string): TokenRefused =>
  new TokenRefused(`POST ${auth.tokenUrl}`, redact(describe(answer)), advise(answer));

const isTransient = ({ status, failure }: TokenAnswer): boolean =>
  failure !== undefined || (status !== undefined && (status >= 500 || status === 429));

/** A token source for one client of the token endpoint. `now` is the session's clock, in milliseconds. */
export const createTokenSource = (
  auth: OAuth2,
  credentials: Credentials,
  { send, now, redact }: { send: SendTokenRequest; now: () => number; redact: (text: string) => string },
): TokenSource => {
  let current: { authorization: string; renewAt: number } | undefined;
  let asking: Promise<string> | undefined;
  let vain = 0;
  let hadOne = false;

  const ask = async (): Promise<string> => {
    for (let attempt = 0; ; attempt++) {
      const answer = await requestToken(auth, credentials, send);
      const given = readToken(answer.content);
      const obstacle = given === undefined ? undefined : findObstacle(given.token);
      if (obstacle !== undefined) throw new TokenRefused(`POST ${auth.tokenUrl}`, obstacle, 'ask the operator of the token endpoint');
      if (given !== undefined) {
        const life = given.expiresInMs ?? Number.POSITIVE_INFINITY;
        current = { authorization: `Bearer ${given.token}`, renewAt: answer.sentAt + life - Math.min(marginMs, life / 4) };
        hadOne = true;
        return current.authorization;
      }
      const pause = retryMs[attempt];
      if (!hadOne || pause === undefined || !isTransient(answer)) throw refuseToken(auth, answer, redact);
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  const askOnce = (): Promise<string> => {
    asking ??= ask().finally(() => {
      asking = undefined;
    });
    return asking;
  };

  return {
    authorization() {
      if (current !== undefined && now() < current.renewAt) return current.authorization;
      return askOnce();
    },
    async renew(refused) {
      // Someone else was faster, or the token is already another.
      if (current !== undefined && current.authorization !== refused) return true;
      if (asking !== undefined) {
        await asking;
        return true;
      }
      if (vain >= vainLimit) return false;
      vain++;
      current = undefined;
      await askOnce();
      return true;
    },
    confirm() {
      vain = 0;
    },
  };
};

/** For `auth: bearer` and `auth: none`: the same all through the run. */
export const createFixedSource = (authorization: string | undefined): TokenSource => ({
  authorization: () => authorization,
  renew: async () => false,
  confirm() {},
});
