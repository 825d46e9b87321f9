/** The reference implementation behind a limit of requests a second, counted as gateways count. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClock } from '../reference/clock.ts';
import { createHooks } from '../reference/defaults.ts';
import { createHttpServer } from '../reference/http.ts';
import { createRandom } from '../reference/random.ts';
import { createStore } from '../reference/store.ts';

/** Whether a request at this moment, in milliseconds, is let through. */
export type Window = (at: number) => boolean;

/** So many in any second. */
export function slidingWindow(limit: number): Window {
  const taken: number[] = [];
  return (at) => {
    while (taken.length > 0 && taken[0]! <= at - 1000) taken.shift();
    if (taken.length >= limit) return false;
    taken.push(at);
    return true;
  };
}

/** So many between one tick of a clock and the next. */
export function fixedWindow(limit: number): Window {
  let window = -1;
  let count = 0;
  return (at) => {
    const current = Math.floor(at / 1000);
    if (current !== window) count = 0;
    window = current;
    count += 1;
    return count <= limit;
  };
}

export interface LimitedReference {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** When each request came, and how it was answered where it was turned away. */
  readonly calls: readonly { readonly at: number; readonly refused: number | undefined }[];
  close(): Promise<void>;
}

/** @param turnAway an answer in the place of the reference's, if the request is not let through; asked with its number, from 1 */
export async function startLimitedReference(
  turnAway: (at: number, number: number) => { readonly status: number; readonly retryAfter?: string } | undefined,
): Promise<LimitedReference> {
  const clock = createClock();
  const client = { id: 'limited', secret: 'a-secret-of-the-limited' };
  const system = { store: createStore(clock.steady), clients: [client], tokens: new Map(), tokenSeconds: 3600, bodyBytes: 1 << 20 };
  const settings = { basePath: '', latencyMs: 0, requestTimeoutMs: 60_000, onError: () => {} };
  const server = createHttpServer(createHooks(clock, createRandom(1)), system, settings);
  const [serve] = server.listeners('request') as ((request: IncomingMessage, response: ServerResponse) => void)[];
  const calls: { at: number; refused: number | undefined }[] = [];
  server.removeAllListeners('request').on('request', (request: IncomingMessage, response: ServerResponse) => {
    const at = performance.now();
    const refusal = turnAway(at, calls.length + 1);
    calls.push({ at, refused: refusal?.status });
    if (refusal === undefined) {
      serve?.(request, response);
      return;
    }
    const headers = { 'Content-Type': 'application/problem+json', ...(refusal.retryAfter && { 'Retry-After': refusal.retryAfter }) };
    request.resume();
    response.writeHead(refusal.status, headers).end('{"title":"Later"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: { CPC_TOKEN_URL: `${url}/oauth2/token`, CPC_CLIENT_ID: client.id, CPC_CLIENT_SECRET: client.secret },
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
