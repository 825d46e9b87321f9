/** The reference implementation behind a gateway that notes what comes, so that a test sees what a run really sent. */
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Reference, type ReferenceOptions, startReference } from '../reference/server.ts';

export interface Noted {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** The same for requests on one connection. */
  readonly connection: number;
  /** Milliseconds. */
  readonly at: number;
  /** How many were under way, this one among them. */
  readonly atOnce: number;
  status: number;
}

export interface Recorder {
  readonly url: string;
  readonly reference: Reference;
  readonly noted: readonly Noted[];
  close(): Promise<void>;
}

export async function startRecorder(options: ReferenceOptions): Promise<Recorder> {
  const reference = await startReference({ seed: 1, onError: () => {}, ...options });
  const agent = new Agent({ keepAlive: true });
  const noted: Noted[] = [];
  const numbers = new WeakMap<object, number>();
  let connections = 0;
  let underWay = 0;
  const server = createServer((message: IncomingMessage, response) => {
    const chunks: Buffer[] = [];
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    const note: Noted = {
      method: message.method ?? '',
      path: message.url ?? '',
      headers: message.headers,
      get body() {
        return Buffer.concat(chunks).toString();
      },
      connection: numbers.get(message.socket) ?? 0,
      at: performance.now(),
      atOnce: underWay,
      status: 0,
    };
    noted.push(note);
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const { host: _, connection: __, ...headers } = message.headers;
      const onward = request(
        reference.url + (message.url?.replace('/tokens/here', '/oauth2/token') ?? ''),
        { method: message.method ?? '', headers, agent },
        (head) => {
          note.status = head.statusCode ?? 0;
          response.writeHead(note.status, head.rawHeaders);
          head.pipe(response);
        },
      );
      onward.on('error', () => response.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  server.on('connection', (socket) => numbers.set(socket, ++connections));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    reference,
    noted,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
      await reference.close();
    },
  };
}
