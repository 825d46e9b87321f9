/**
 * One HTTP client over undici. It never throws on a status, never follows a redirect, never sends anything twice;
 * whatever goes wrong on the way is a `Failure`.
 */
import { type buildConnector, Client, type Dispatcher } from 'undici';
import { Attempt, type AttemptOwner, type Line, type Outbound, type Outcome } from './attempt.ts';
import { openConnection } from './connection.ts';
import { ConnectionFailed } from './failure.ts';
import { proxyFor } from './proxy.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface ClientOptions {
  readonly keepAlive: boolean;
  /** Octets of content, as received and after decoding. */
  readonly bodyBytes: number;
  readonly tls?: TlsMaterial;
}

export interface HttpClient {
  /** Rejects only when the request could not be recorded (`onSend`) or is none that HTTP allows. */
  exchange(outbound: Outbound): Promise<Outcome>;
  /** The number of a connection that someone else is about to open. */
  numberConnection(): number;
  /** Cuts the requests that are under way, but those that are spared. */
  abort(): void;
  /** Closes all connections. */
  close(): Promise<void>;
}

/** Octets of header fields of one answer. */
export const headerOctets = 64 * 1024;
/** An idle connection is not used again after this long: many servers drop theirs after a few seconds, and a write lost so proves nothing. */
const idleMs = 1500;
/** After so many answers in a row beyond the limit, of the next ones only so much is read: there is no end to be seen. */
const endlessAfter = 20;
const endlessOctets = 256 * 1024;
/** All content under way together: large answers on many connections at once are read one after the other. */
const heldLimit = 32 * 1024 * 1024;
/** A target that so often closes a connection we kept, without having said so, gets a new one for each request. */
const staleLimit = 3;
/** The way through a proxy is given up after this long; the request that waits for it has its own time. */
const connectMs = 30_000;
/** How often requests are looked over for those whose time is up. */
const watchMs = 50;

export const createClient = ({ keepAlive, bodyBytes, tls = {} }: ClientOptions): HttpClient => {
  const options = {
    pipelining: keepAlive ? 1 : 0,
    keepAliveTimeout: idleMs,
    keepAliveTimeoutThreshold: 500,
    maxHeaderSize: headerOctets,
    // Our own watch is over the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 0,
    connect: { ...tls, timeout: 0 },
  };
  /** Lines that are free, the one that rested longest first: so all connections of a target are seen. */
  const free = new Map<string, Line[]>();
  const dispatchers = new Set<Dispatcher>();
  const underWay = new Set<Attempt>();
  /** Octets of content that the answers under way hold together, who reads on when they are too many, and who waits then. */
  let held = 0;
  let reader: Attempt | undefined;
  const waiting: Attempt[] = [];
  /** By origin: how often a kept connection was found to have been closed without a word. */
  const stale = new Map<string, number>();
  let lastConnection = 0;
  let isClosed = false;
  let cutInRow = 0;
  let watch: NodeJS.Timeout | undefined;

  const connectThroughProxy =
    (origin: string): buildConnector.connector =>
    (_, callback) => {
      openConnection({ origin, tls, timeoutMs: connectMs }).then(
        (opened) => ('failure' in opened ? callback(new ConnectionFailed(opened.failure), null) : callback(null, opened.socket)),
        (error: Error) => callback(error, null),
      );
    };

  const openLine = (origin: string, isPooled: boolean): Line => {
    const dispatcher = new Client(origin, proxyFor(origin) === undefined ? options : { ...options, connect: connectThroughProxy(origin) });
    const line: Line = { dispatcher, connection: undefined, uses: 0, isPooled };
    dispatcher.on('connect', () => {
      line.connection = ++lastConnection;
      line.uses = 0;
    });
    dispatchers.add(dispatcher);
    return line;
  };

  const owner: AttemptOwner = {
    get bodyBytes() {
      return cutInRow < endlessAfter ? bodyBytes : Math.min(bodyBytes, endlessOctets);
    },
    noteAnswer(cutOff) {
      cutInRow = cutOff ? cutInRow + 1 : 0;
    },
    give(origin, line) {
      if (!line.isPooled) owner.drop(line);
      if (!line.isPooled || !dispatchers.has(line.dispatcher)) return;
      const lines = free.get(origin);
      if (lines === undefined) free.set(origin, [line]);
      else lines.push(line);
    },
    drop({ dispatcher }) {
      if (!dispatchers.delete(dispatcher)) return;
      // Not from within a callback of its parser.
      setImmediate(() => void dispatcher.destroy());
    },
    noteStale: (origin) => void stale.set(origin, (stale.get(origin) ?? 0) + 1),
    hold(attempt, octets) {
      held += octets;
      if (held <= heldLimit) return true;
      // One always reads on, so that there is an end.
      reader ??= attempt;
      if (reader === attempt) return true;
      waiting.push(attempt);
      return false;
    },
    finish(attempt, octets) {
      underWay.delete(attempt);
      held -= octets;
      if (reader === attempt) reader = undefined;
      if (waiting.length > 0) setImmediate(goOn);
    },
  };

  const goOn = (): void => {
    for (const attempt of waiting.splice(0)) attempt.goOn();
  };
  const look = (): void => {
    watch = undefined;
    const now = performance.now();
    for (const attempt of underWay) if (attempt.deadline <= now) attempt.expire();
    keepWatch();
  };
  const keepWatch = (): void => {
    if (underWay.size > 0) watch ??= setTimeout(look, watchMs);
  };

  return {
    exchange: (outbound) =>
      new Promise((resolve, reject) => {
        if (isClosed) {
          resolve({ failure: { kind: 'aborted', message: 'It was not sent: the run is over.' }, endedAt: performance.now() });
          return;
        }
        const { origin } = outbound;
        const fresh = outbound.fresh === true || (stale.get(origin) ?? 0) >= staleLimit;
        const line = (fresh ? undefined : free.get(origin)?.shift()) ?? openLine(origin, !fresh);
        const attempt = new Attempt(fresh ? { ...outbound, fresh } : outbound, line, owner, resolve, reject);
        underWay.add(attempt);
        keepWatch();
        attempt.start();
      }),
    numberConnection: () => ++lastConnection,
    abort() {
      for (const attempt of [...underWay]) {
        if (attempt.outbound.isSpared !== true)
          attempt.fail({ kind: 'aborted', message: 'The run is being ended and the request was cut off.' });
      }
    },
    async close() {
      isClosed = true;
      free.clear();
      clearTimeout(watch);
      await Promise.all([...dispatchers].map((dispatcher) => dispatcher.destroy()));
      dispatchers.clear();
    },
  };
};
