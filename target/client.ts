/**
 * One HTTP client over undici. It never throws on a status, never follows a redirect, never sends anything twice;
 * whatever goes wrong on the way is a `Failure`.
 */
import { Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Failure } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';
import { decodeContent } from './content-coding.ts';
import { ConformanceError } from './errors.ts';
import { explainFailure } from './failure.ts';
import { codeOf } from './system-error.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface Outbound {
  readonly method: string;
  /** `http://host:port`. */
  readonly origin: string;
  /** Path and query, encoded. */
  readonly path: string;
  readonly headers: readonly HeaderPair[];
  readonly body?: string | Uint8Array | undefined;
  /** From the moment of the call until the last octet of the answer. */
  readonly timeoutMs: number;
  /** On a connection of its own, closed afterwards. */
  readonly fresh?: boolean | undefined;
  /** Left alone by `abort`. */
  readonly isSpared?: boolean | undefined;
  /**
   * Called once, at the last moment before the request is handed to the socket; nothing leaves when it throws, and `exchange` rejects with what
   * it threw. Not called when there was no connection.
   */
  readonly onSend?: ((connection: number | undefined) => void) | undefined;
}

export interface Inbound {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /** After content decoding, up to the limit. */
  readonly content: Buffer;
  readonly cutOff: boolean;
}

export interface Outcome {
  /** Exactly one of `answer` and `failure` is there. */
  readonly answer?: Inbound;
  readonly failure?: Failure;
  /** `performance.now()` when the last octet was in, or the failure was known. */
  readonly endedAt: number;
}

export interface ClientOptions {
  /** Connections to one origin at most. */
  readonly connections: number;
  readonly keepAlive: boolean;
  /** Octets of content, as received and after decoding. */
  readonly bodyBytes: number;
  readonly tls?: TlsMaterial;
  /** Environment with `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. */
  readonly proxies?: boolean;
}

export interface HttpClient {
  exchange(outbound: Outbound): Promise<Outcome>;
  /** Cuts the requests that are under way, but those that are spared. */
  abort(): void;
  /** Closes all connections. */
  close(): Promise<void>;
}

/** Octets of header fields of one answer. */
export const headerOctets = 64 * 1024;
/** An idle connection is not used again after this long: many servers drop theirs after a few seconds, and a write lost so proves nothing. */
const idleMs = 1500;

/** A connection's worth of client: undici opens another when the last one ended. */
interface Line {
  readonly dispatcher: Dispatcher;
  /** Of the connection now open; undefined through a proxy agent, which does not tell. */
  connection: number | undefined;
  readonly isPooled: boolean;
}

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/** Whether requests to this origin go through a proxy of the environment. Loopback never does. */
export const usesProxy = (origin: string, environment: NodeJS.ProcessEnv = process.env): boolean => {
  const { hostname, protocol } = new URL(origin);
  if (isLoopback(hostname)) return false;
  const find = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()];
  const http = find('http_proxy');
  return Boolean(protocol === 'https:' ? find('https_proxy') || http : http);
};

const readHeaders = (raw: unknown): HeaderPair[] => {
  const pairs: HeaderPair[] = [];
  if (!Array.isArray(raw)) return pairs;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const [name, value]: unknown[] = [raw[index], raw[index + 1]];
    pairs.push([
      Buffer.isBuffer(name) ? name.toString('latin1') : String(name),
      Buffer.isBuffer(value) ? value.toString('latin1') : String(value),
    ]);
  }
  return pairs;
};

/** What undici refuses to send at all. */
const isMisuse = (error: Error): boolean => ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'].includes(codeOf(error) ?? '');

export const createClient = ({ connections, keepAlive, bodyBytes, tls = {}, proxies = true }: ClientOptions): HttpClient => {
  const options = {
    pipelining: keepAlive ? 1 : 0,
    keepAliveTimeout: idleMs,
    keepAliveTimeoutThreshold: 500,
    maxHeaderSize: headerOctets,
    // Our own clock runs over the whole exchange.
    headersTimeout: 0,
    bodyTimeout: 0,
    connectTimeout: 0,
    connect: { ...tls, timeout: 0 },
  };
  /** Lines that are free, the one that rested longest first: so all connections of a target are seen. */
  const free = new Map<string, Line[]>();
  const all = new Set<Dispatcher>();
  let proxy: Dispatcher | undefined;
  let lastConnection = 0;
  const underWay = new Set<(failure: Failure) => void>();

  const openLine = (origin: string, isPooled: boolean): Line => {
    if (proxies && usesProxy(origin)) {
      proxy ??= new EnvHttpProxyAgent({ ...options, connections, requestTls: tls });
      all.add(proxy);
      return { dispatcher: proxy, connection: undefined, isPooled };
    }
    const dispatcher = new Client(origin, options);
    const line: Line = { dispatcher, connection: undefined, isPooled };
    dispatcher.on('connect', () => {
      line.connection = ++lastConnection;
    });
    all.add(dispatcher);
    return line;
  };

  const takeLine = (origin: string, fresh: boolean): Line => {
    if (fresh) return openLine(origin, false);
    return free.get(origin)?.shift() ?? openLine(origin, true);
  };

  const dropLine = (line: Line): void => {
    if (line.dispatcher === proxy || !all.delete(line.dispatcher)) return;
    // Not from within a callback of its parser.
    setImmediate(() => void line.dispatcher.destroy());
  };

  const giveLine = (origin: string, line: Line): void => {
    if (!line.isPooled) dropLine(line);
    if (!line.isPooled || !all.has(line.dispatcher)) return;
    const lines = free.get(origin);
    if (lines === undefined) free.set(origin, [line]);
    else lines.push(line);
  };

  const exchange = ({
    method,
    origin,
    path,
    headers,
    body,
    timeoutMs,
    fresh = false,
    isSpared = false,
    onSend,
  }: Outbound): Promise<Outcome> =>
    new Promise((resolve, reject) => {
      const line = takeLine(origin, fresh);
      let controller: Dispatcher.DispatchController | undefined;
      let isDone = false;
      let status = 0;
      let fields: HeaderPair[] = [];
      let chunks: Buffer[] = [];
      let octets = 0;

      const finish = (): number => {
        isDone = true;
        clearTimeout(timer);
        underWay.delete(fail);
        return performance.now();
      };
      const fail = (failure: Failure): void => {
        if (isDone) return;
        const endedAt = finish();
        chunks = [];
        if (controller === undefined) dropLine(line);
        else controller.abort(new Error(failure.message));
        resolve({ failure, endedAt });
      };
      const answer = (cutOff: boolean): void => {
        if (isDone) return;
        const endedAt = finish();
        const content = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
        if (cutOff) controller?.abort(new Error('the limit of content is reached'));
        const coding = fields.some(([name]) => name.length === 16 && name.toLowerCase() === 'content-encoding');
        if (!coding || content.length === 0) {
          resolve({ answer: { status, headers: fields, content, cutOff }, endedAt });
          return;
        }
        decodeContent(content, fields, bodyBytes).then((decoded) => {
          if ('failure' in decoded) resolve({ failure: decoded.failure, endedAt });
          else resolve({ answer: { status, headers: fields, content: decoded.content, cutOff: cutOff || decoded.cutOff }, endedAt });
        }, reject);
      };
      const timer = setTimeout(() => {
        const progress = status === 0 ? 'no answer' : `an answer of status ${status} with ${octets} octets of content so far, not ended,`;
        fail({
          kind: 'timeout',
          message: `${controller === undefined ? 'No connection' : `There was ${progress}`} within ${timeoutMs} ms.`,
        });
      }, timeoutMs);
      if (!isSpared) underWay.add(fail);

      line.dispatcher.dispatch(
        { origin, method, path, headers: headers.flat(), body: body ?? null, ...(fresh ? { reset: true } : {}) },
        {
          onRequestStart(given) {
            // Aborted while it waited for a connection; or undici wants to send it again.
            if (isDone || controller !== undefined) {
              given.abort(new Error('the request is over'));
              fail({ kind: 'cut', message: 'The connection ended before the request was answered.' });
              return;
            }
            controller = given;
            try {
              onSend?.(line.connection);
            } catch (error) {
              finish();
              given.abort(new Error('the request could not be recorded'));
              reject(error);
            }
          },
          onResponseStart(given, code) {
            if (code < 200) return;
            status = code;
            fields = readHeaders(given.rawHeaders);
          },
          onResponseData(_, chunk) {
            if (isDone) return;
            octets += chunk.length;
            if (octets <= bodyBytes) {
              chunks.push(chunk);
              return;
            }
            chunks.push(chunk.subarray(0, chunk.length - (octets - bodyBytes)));
            answer(true);
          },
          onResponseEnd() {
            giveLine(origin, line);
            answer(false);
          },
          onResponseError(_, error) {
            if (isMisuse(error)) {
              finish();
              const what = `${method} ${origin}${path.slice(0, 200)}`;
              reject(new ConformanceError(5, `${what} cannot be sent: ${error.message}; please report this.`, { cause: error }));
            } else fail(explainFailure(error, { status, octets }));
            giveLine(origin, line);
          },
        },
      );
    });

  return {
    exchange,
    abort() {
      for (const fail of [...underWay]) fail({ kind: 'aborted', message: 'The run is being ended and the request was cut off.' });
    },
    async close() {
      free.clear();
      await Promise.all([...all].map((dispatcher) => dispatcher.destroy()));
      all.clear();
    },
  };
};
