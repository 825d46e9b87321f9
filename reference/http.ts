import type { IncomingMessage, Server } from 'node:http';
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { HttpBindings } from '@hono/node-server';
import { getRequestListener } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { Context } from 'hono';
import { Hono } from 'hono';
import type { Answer } from './answer.ts';
import type { Call, CallKind, Hooks, System, Wire } from './hooks.ts';
import { answerProblem } from './refusal.ts';
import { refuseBrokenRequests } from './refused-connection.ts';

type Bindings = { Bindings: HttpBindings };

export interface HttpSettings {
  /** `''` or a path such as `/partner/v1`, without a slash at the end. */
  readonly basePath: string;
  /** Waited for each answer, half before the work and half after it. */
  readonly latencyMs: number;
  /** How long a request may take to come. */
  readonly requestTimeoutMs: number;
  /** Told of errors that are ours; the client sees a bare 500. */
  readonly onError: (error: unknown) => void;
}

/** Header fields and request line beyond this are refused by Node's parser with 431. */
const headerBytes = 128 * 1024;
/**
 * The content, or `undefined` where it is longer than `limit`. All of it is read even so: what were left would be
 * taken for the next request, and a connection ended inside it could lose the answer. The request's time limit bounds it.
 * Rejects when the connection ends inside the content.
 */
async function readBody(incoming: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  if (incoming.headers['content-length'] === undefined && incoming.headers['transfer-encoding'] === undefined) return Buffer.alloc(0);
  const chunks: Buffer[] = [];
  let octets = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    octets += chunk.length;
    if (octets <= limit) chunks.push(chunk);
    else chunks.length = 0;
  }
  return octets <= limit ? Buffer.concat(chunks) : undefined;
}

function readQuery(target: string): [string, string][] {
  const mark = target.indexOf('?');
  return mark < 0 ? [] : [...new URLSearchParams(target.slice(mark + 1))];
}

/** The four operations and the token endpoint over HTTP; `hooks` decides every answer, here it is only read and routed. */
export function createHttpServer(hooks: Hooks, system: System, settings: HttpSettings): Server {
  let calls = 0;
  let connections = 0;
  const connectionNumbers = new WeakMap<Duplex, number>();
  const answering = new WeakSet<Duplex>();

  const readCall = async (context: Context<Bindings>, kind: CallKind, allow: string | undefined): Promise<Call> => {
    const { incoming } = context.env;
    const body = await readBody(incoming, system.bodyBytes);
    const target = incoming.url ?? '/';
    return {
      kind,
      number: ++calls,
      connection: connectionNumbers.get(incoming.socket) ?? 0,
      method: incoming.method ?? 'GET',
      target,
      query: readQuery(target),
      params: context.req.param(),
      headers: incoming.headers,
      rawHeaders: incoming.rawHeaders,
      body: body ?? new Uint8Array(),
      oversized: body === undefined,
      ...(allow !== undefined && { allow }),
      system,
      hooks,
    };
  };

  const answerCall = async (call: Call): Promise<Answer> => {
    try {
      return hooks.finish(await hooks.handle(call), call);
    } catch (error) {
      settings.onError(error);
      return hooks.finish(answerProblem(500, 'The server failed; its log has the cause.'), call);
    }
  };

  const serve = async (wire: Wire, context: Context<Bindings>, kind: CallKind, allow: string | undefined): Promise<void> => {
    const { socket } = wire.incoming;
    const call = await readCall(context, kind, allow);
    if (settings.latencyMs > 0) await delay(settings.latencyMs / 2);
    const answer = await answerCall(call);
    if (settings.latencyMs > 0) await delay(settings.latencyMs / 2);
    if (socket.destroyed) return;
    answering.add(socket);
    wire.outgoing.once('close', () => answering.delete(socket));
    await hooks.send(answer, wire, call);
  };

  const run =
    (kind: CallKind, allow?: string) =>
    async (context: Context<Bindings>): Promise<Response> => {
      try {
        await serve(context.env, context, kind, allow);
      } catch (error) {
        // Where the connection ended inside the request there is nobody to answer, and nothing was done.
        if (context.env.incoming.complete) settings.onError(error);
        context.env.outgoing.destroy();
      }
      return RESPONSE_ALREADY_SENT;
    };

  const app = new Hono<Bindings>();
  const products = `${settings.basePath}/customers/:customerId/products`;
  const product = `${settings.basePath}/products/:customerProductId`;
  const token = '/oauth2/token';
  app.get(products, run('list')).post(products, run('create')).all(products, run('other', 'GET, HEAD, POST, OPTIONS'));
  app.get(product, run('get')).patch(product, run('close')).all(product, run('other', 'GET, HEAD, PATCH, OPTIONS'));
  app.all(token, run('token', 'POST, OPTIONS'));
  app.notFound(run('other'));

  const listener = getRequestListener(app.fetch, {
    overrideGlobalObjects: false,
    // Of a request without Host, or whose target is no path, such as the one of OPTIONS *.
    errorHandler: (error) => {
      const cause = error instanceof Error ? error.message : 'it cannot be routed';
      const { status, headers, body } = answerProblem(400, `The request is to have a Host field and a path: ${cause}.`);
      return new Response(body, { status, headers: { ...(headers as Record<string, string>), 'Cache-Control': 'no-store' } });
    },
  });
  const serverOptions = {
    maxHeaderSize: headerBytes,
    requireHostHeader: false,
    requestTimeout: settings.requestTimeoutMs,
    connectionsCheckingInterval: Math.min(30_000, settings.requestTimeoutMs),
    keepAliveTimeout: 30_000,
  };
  const server = createServer(serverOptions, listener);
  server.on('connection', (socket) => {
    connectionNumbers.set(socket, ++connections);
    socket.setNoDelay(true);
  });
  refuseBrokenRequests(server, hooks.dateNow, (socket) => answering.has(socket));
  return server;
}
