/** The reference implementation put together from its parts, so that a test sees what is in its store. */
import type { AddressInfo } from 'node:net';
import { createClock } from '../reference/clock.ts';
import { createHooks } from '../reference/defaults.ts';
import type { System } from '../reference/hooks.ts';
import { createHttpServer } from '../reference/http.ts';
import { createRandom } from '../reference/random.ts';
import { createStore, type Store } from '../reference/store.ts';

export interface WatchedReference {
  readonly url: string;
  /** What the command line needs besides the URL. */
  readonly env: Readonly<Record<string, string>>;
  readonly store: Store;
  /** Resolves when so many products have been made. */
  made(count: number): Promise<void>;
  /** How many requests have come, whatever for. */
  readonly requests: number;
  /** Ids of the products that are not closed. */
  readonly open: readonly string[];
  close(): Promise<void>;
}

export async function startWatchedReference({
  latencyMs = 0,
  host = '127.0.0.1',
}: {
  latencyMs?: number;
  host?: string;
} = {}): Promise<WatchedReference> {
  const clock = createClock();
  const kept = createStore(clock.steady);
  const waiting = new Set<{ readonly count: number; readonly tell: () => void }>();
  let count = 0;
  const store: Store = {
    ...kept,
    insert(product, since) {
      kept.insert(product, since);
      count += 1;
      for (const each of waiting) if (count >= each.count) each.tell();
    },
  };
  const client = { id: 'watched', secret: 'a-secret-that-only-this-test-knows' };
  const system: System = { store, clients: [client], tokens: new Map(), tokenSeconds: 3600, bodyBytes: 1 << 20 };
  const server = createHttpServer(createHooks(clock, createRandom(1)), system, {
    basePath: '',
    latencyMs,
    requestTimeoutMs: 60_000,
    onError: (error) => {
      throw error;
    },
  });
  let requests = 0;
  server.on('request', () => {
    requests += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`;
  return {
    url,
    env: { CPC_TOKEN_URL: `${url}/oauth2/token`, CPC_CLIENT_ID: client.id, CPC_CLIENT_SECRET: client.secret },
    store,
    made: (wanted) => new Promise((tell) => (count >= wanted ? tell() : waiting.add({ count: wanted, tell }))),
    get requests() {
      return requests;
    },
    get open() {
      return store
        .all()
        .filter(({ status }) => status !== 'CLOSED')
        .map(({ id }) => id);
    },
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
