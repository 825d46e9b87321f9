/** A small server of the API for tests of the way to it: a token endpoint, and answers as the test wants them. */
import { createServer, type IncomingMessage } from 'node:http';
import type { Profile } from '../../spec/profile.ts';

export interface Call {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  /** `performance.now()`. */
  readonly at: number;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface ApiServer {
  readonly origin: string;
  /** Requests to the API, those refused for want of a token too. */
  readonly calls: Call[];
  readonly tokenCalls: Call[];
  /** Tokens given, in order. */
  readonly tokens: string[];
  close(): Promise<void>;
}

export interface ApiServerOptions {
  /** What the API answers to a call with a valid token. */
  readonly answer?: (call: Call, number: number) => Reply | Promise<Reply>;
  /** What the token endpoint answers beside or instead of the usual. */
  readonly answerToken?: (call: Call, number: number) => Reply | undefined;
  /** How long a token is good for. */
  readonly tokenMs?: number;
  readonly needsToken?: boolean;
}

export const startApiServer = async ({
  answer,
  answerToken,
  tokenMs = 3_600_000,
  needsToken = true,
}: ApiServerOptions = {}): Promise<ApiServer> => {
  const calls: Call[] = [];
  const tokenCalls: Call[] = [];
  const tokens: string[] = [];
  const ends = new Map<string, number>();

  const giveToken = (call: Call): Reply => {
    tokenCalls.push(call);
    const reply = answerToken?.(call, tokenCalls.length);
    if (reply !== undefined) return reply;
    const token = `token-of-the-test-${tokens.length + 1}`;
    tokens.push(token);
    ends.set(token, performance.now() + tokenMs);
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-store' },
      body: { access_token: token, token_type: 'Bearer', expires_in: tokenMs / 1000 },
    };
  };
  const reply = async (call: Call): Promise<Reply> => {
    if (call.url.startsWith('/token')) return giveToken(call);
    calls.push(call);
    const end = ends.get((call.headers.authorization ?? '').replace(/^Bearer /, ''));
    if (needsToken && (end === undefined || end < performance.now())) return { status: 401, headers: { 'WWW-Authenticate': 'Bearer' } };
    return (await answer?.(call, calls.length)) ?? { status: 200, body: [] };
  };

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url = '', headers } = request;
      void reply({ method, url, headers, body: Buffer.concat(chunks).toString(), at: performance.now() }).then(
        ({ status, headers: fields = {}, body }) => {
          const content = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
          response.writeHead(status, {
            ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
            ...fields,
            'Content-Length': Buffer.byteLength(content),
          });
          response.end(content);
        },
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    calls,
    tokenCalls,
    tokens,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
};

export const testSecret = 'the-secret-of-the-test';

/** A profile with the defaults of loopback. */
export const profileFor = (origin: string, more: Partial<Profile> = {}): Profile => ({
  target: origin,
  auth: { type: 'oauth2', tokenUrl: `${origin}/token`, clientId: 'tester', clientSecret: testSecret },
  creatable: ['WALLET'],
  clockToleranceMs: 250,
  timeouts: { requestMs: 2000 },
  keepAlive: true,
  redact: [],
  allowSecretsInUrl: true,
  tls: {},
  headers: {},
  values: { productCode: [], productType: [], status: [] },
  waivers: [],
  ...more,
  limits: { concurrency: 16, products: 2000, requests: 20_000, bodyBytes: 8 << 20, ...more.limits },
});
