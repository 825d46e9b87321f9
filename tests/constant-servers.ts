/** Servers that answer every request alike, whatever it is: from them nothing can be learnt, so nothing may pass. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

const product = {
  customerProductId: '7d9f3c1e-2b4a-4c8d-9e6f-0a1b2c3d4e5f',
  productCode: 'BALANCE_ACCOUNT',
  productType: 'CASH',
  currency: 'EUR',
  status: 'ACTIVE',
  proxyIds: [],
  createdOn: '2026-01-02T03:04:05.678Z',
  modifiedOn: '2026-01-02T03:04:06.789Z',
  openedOn: '2026-01-02T03:04:06.789Z',
  accountData: { iban: 'DE89370400440532013000', bic: 'SANDDEFFXXX', modifiedOn: '2026-01-02T03:04:06.789Z', availableBalance: 0 },
};
const closed = { ...product, status: 'CLOSED', closedOn: '2026-01-02T03:04:07.890Z', modifiedOn: '2026-01-02T03:04:07.890Z' };

interface ConstantAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const ofJson = (status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): ConstantAnswer => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(value),
});

/** By name; `nothing` accepts the connection and never says a word. */
export const constantAnswers = {
  '200 {}': ofJson(200, {}),
  '200 []': ofJson(200, []),
  'one product': ofJson(200, product),
  'one closed product': ofJson(200, closed),
  'a list of one product': ofJson(200, [product]),
  '204': { status: 204 },
  '404': ofJson(404, { title: 'Not Found', status: 404 }),
  '401': ofJson(401, { title: 'Unauthorized', status: 401 }, { 'WWW-Authenticate': 'Bearer realm="api"' }),
  '403': ofJson(403, { title: 'Forbidden', status: 403 }),
  '429': { status: 429 },
  '429 with Retry-After': ofJson(429, { title: 'Too Many Requests', status: 429 }, { 'Retry-After': '1' }),
  '500': ofJson(500, { title: 'Internal Server Error', status: 500 }),
  '503': { status: 503 },
  'an HTML page': {
    status: 200,
    headers: { 'Content-Type': 'text/html; charset=utf-8' },
    body: '<!doctype html><title>Welcome</title><h1>It works!</h1>',
  },
  'a redirect': { status: 302, headers: { Location: '/elsewhere' } },
  nothing: undefined,
} as const satisfies Record<string, ConstantAnswer | undefined>;

export type ConstantName = keyof typeof constantAnswers;

/**
 * - `open`: every request gets the answer
 * - `token`: a working token endpoint stands before it, whose tokens nobody asks for
 * - `guarded`: the API asks for them too, and refuses other calls as it should
 */
export type Access = 'open' | 'token' | 'guarded';

export interface ConstantServer {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** How many requests came to the API. */
  readonly requests: number;
  /** Resolves when the first of them comes. */
  readonly firstRequest: Promise<void>;
  close(): Promise<void>;
}

export async function startConstantServer(name: ConstantName, access: Access): Promise<ConstantServer> {
  const tokens = new Set<string>();
  const sockets = new Set<Socket>();
  let requests = 0;
  let tellFirst = (): void => {};
  const firstRequest = new Promise<void>((resolve) => {
    tellFirst = resolve;
  });
  const server = createServer((request, response) => {
    request.resume();
    if (access !== 'open' && request.url === '/oauth2/token') void answerToken(request, response, tokens);
    else if (access === 'guarded' && !tokens.has(request.headers.authorization?.replace(/^bearer /iu, '') ?? '')) refuse(response);
    else {
      requests += 1;
      tellFirst();
      answer(response, constantAnswers[name]);
    }
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}`,
    tokenUrl: `http://127.0.0.1:${port}/oauth2/token`,
    clientId: 'constant',
    clientSecret: 'a-secret-of-a-constant-server',
    get requests() {
      return requests;
    },
    firstRequest,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** A port that nobody listens on: it was free a moment ago. */
export async function findClosedPort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listen = (server: Server): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

function answer(response: ServerResponse, constant: ConstantAnswer | undefined): void {
  if (constant !== undefined) response.writeHead(constant.status, constant.headers).end(constant.body);
}

function refuse(response: ServerResponse): void {
  response.writeHead(401, { 'WWW-Authenticate': 'Bearer realm="api"', 'Content-Type': 'application/json' });
  response.end('{"title":"Unauthorized","status":401}');
}

async function answerToken(request: IncomingMessage, response: ServerResponse, tokens: Set<string>): Promise<void> {
  let text = '';
  for await (const part of request.setEncoding('utf8') as AsyncIterable<string>) text += part;
  const form = new URLSearchParams(text);
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', Pragma: 'no-cache' };
  const say = (status: number, value: unknown): void => void response.writeHead(status, headers).end(JSON.stringify(value));
  const type = form.get('grant_type');
  if (type === null || type === '') say(400, { error: 'invalid_request' });
  else if (type !== 'client_credentials') say(400, { error: 'unsupported_grant_type' });
  else if (form.get('client_secret') !== 'a-secret-of-a-constant-server') say(401, { error: 'invalid_client' });
  else {
    const token = `constant-token-${tokens.size + 1}-${'x'.repeat(16)}`;
    tokens.add(token);
    say(200, { access_token: token, token_type: 'Bearer', expires_in: 3600 });
  }
}
