import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { createClock } from './clock.ts';
import { createHooks } from './defaults.ts';
import type { Client, System } from './hooks.ts';
import { createHttpServer } from './http.ts';
import { combine } from './overriding.ts';
import { createRandom } from './random.ts';
import type { DeclaredProfile, Variant } from './registry.ts';
import { pickFaults, pickVariants } from './registry.ts';
import { createStore } from './store.ts';

export interface ReferenceOptions {
  /** 0, the default: any free one. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Added to every answer. Default 0. */
  readonly latencyMs?: number;
  /** Names of faults to build in; `listFaults` knows them. */
  readonly faults?: readonly string[];
  /** Names of variants to build in; `listVariants` knows them. Applied before the faults. */
  readonly variants?: readonly string[];
  /** Makes what is left to chance the same each time; identifiers, tokens and secrets apart. */
  readonly seed?: number;
  /** Path before the four operations. Default none. */
  readonly basePath?: string;
  /** Lifetime of a token. Default 3600. */
  readonly tokenSeconds?: number;
  /** Content beyond this is refused with 413. Default 1 MiB. */
  readonly bodyBytes?: number;
  /** How long a request may take to come. Default five minutes. */
  readonly requestTimeoutMs?: number;
  /** Credentials; random ones by default. */
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Told of errors of the server itself. Default: they are thrown as warnings of the process. */
  readonly onError?: (error: unknown) => void;
}

/** A server that is listening, and what a client needs to know of it. */
export interface Reference {
  /** Base URL of the four operations, without a slash at the end. */
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** A second client, which sees and closes its own products only. */
  readonly other: { readonly clientId: string; readonly clientSecret: string };
  readonly port: number;
  /** What a user would declare in his profile because of the variants in force. */
  readonly profile: DeclaredProfile;
  /** Ends all connections; what was made is gone. */
  close(): Promise<void>;
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : new Error(String(error)));
}

/**
 * Starts the implementation on a port of its own, with nothing in it.
 * Rejects where the port cannot be listened on, and on a name of a fault or variant that is not known.
 */
export async function startReference(options: ReferenceOptions = {}): Promise<Reference> {
  const variants = pickVariants(options.variants ?? []);
  const faults = pickFaults(options.faults ?? []);
  const settings = Object.assign({}, ...variants.map((variant) => variant.settings)) as NonNullable<Variant['settings']>;
  const clock = createClock();
  const random = createRandom(options.seed ?? randomBytes(4).readUInt32LE());
  const clients: [Client, Client] = [
    { id: options.clientId ?? 'sandbox', secret: options.clientSecret ?? randomBytes(24).toString('base64url') },
    { id: 'sandbox-2', secret: randomBytes(24).toString('base64url') },
  ];
  const system: System = {
    store: createStore(clock.steady),
    clients,
    tokens: new Map(),
    tokenSeconds: options.tokenSeconds ?? settings.tokenSeconds ?? 3600,
    bodyBytes: options.bodyBytes ?? 1024 * 1024,
  };
  const overrides = [...variants, ...faults].map(({ apply }) => apply);
  const hooks = combine(...overrides)(createHooks(clock, random));
  const basePath = options.basePath ?? settings.basePath ?? '';
  const server = createHttpServer(hooks, system, {
    basePath,
    latencyMs: options.latencyMs ?? 0,
    requestTimeoutMs: options.requestTimeoutMs ?? 300_000,
    onError: options.onError ?? warn,
  });
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: origin + basePath,
    tokenUrl: `${origin}/oauth2/token`,
    clientId: clients[0].id,
    clientSecret: clients[0].secret,
    other: { clientId: clients[1].id, clientSecret: clients[1].secret },
    port,
    profile: Object.assign({}, ...variants.map((variant) => variant.profile)) as DeclaredProfile,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}
