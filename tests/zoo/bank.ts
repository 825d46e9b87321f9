/** The reference implementation behind a wire that spoils some of its answers. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { measureRequest } from '../target/socket-server.ts';
import { startWatchedReference } from '../watched-reference.ts';
import type { Call, Spoiler, TrueAnswer } from './beast.ts';

export interface Bank {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  /** How many products are not closed. */
  readonly open: number;
  close(): Promise<void>;
}

/** Octets go through as they come; answers to picked calls are held until they are whole, and given to `answer` instead. */
export async function startBank({ picks, answer }: Pick<Spoiler, 'picks' | 'answer'>): Promise<Bank> {
  const reference = await startWatchedReference();
  const { port } = new URL(reference.url);
  const sockets = new Set<Socket>();
  const counts = new Map<string, number>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    return socket.on('error', () => {}).once('close', () => sockets.delete(socket));
  };

  const server: Server = createServer((client) => {
    keep(client);
    const bank = keep(connect(Number(port), '127.0.0.1'));
    let asked = '';
    let call: (Call & { readonly isPicked: boolean }) | undefined;
    let answered = Buffer.alloc(0);
    client.on('data', (chunk) => {
      asked += chunk.toString('latin1');
      const head = /^([A-Z]+) (\S+) HTTP/u.exec(asked);
      if (call === undefined && head !== null && asked.includes('\r\n\r\n')) {
        const operation = operationOf(head[1]!, head[2]!);
        const number = (counts.get(operation) ?? 0) + 1;
        counts.set(operation, number);
        call = { operation, number, isPicked: picks({ operation, number }) };
      }
      const length = measureRequest(asked);
      if (length > 0) asked = asked.slice(length);
      bank.write(chunk);
    });
    bank.on('data', (chunk) => {
      if (call?.isPicked !== true) {
        client.write(chunk);
        if (asked === '') call = undefined;
        return;
      }
      answered = Buffer.concat([answered, chunk]);
      const truth = readAnswer(answered);
      if (truth === undefined) return;
      answered = Buffer.alloc(0);
      const picked = call;
      call = undefined;
      answer(client, truth, picked);
    });
    client.once('end', () => bank.end()).once('close', () => bank.destroy());
    bank.once('end', () => client.end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  return {
    url,
    env: { ...reference.env, CPC_TOKEN_URL: `${url}/oauth2/token` },
    get open() {
      return reference.open.length;
    },
    async close() {
      const ended = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await ended;
      await reference.close();
    },
  };
}

function operationOf(method: string, path: string): Call['operation'] {
  if (path.startsWith('/oauth2/token')) return 'token';
  if (/^\/customers\/[^/]+\/products(?:\?|$)/u.test(path)) return method === 'GET' ? 'list' : method === 'POST' ? 'create' : 'other';
  if (!path.startsWith('/products/')) return 'other';
  return method === 'GET' ? 'get' : method === 'PATCH' ? 'close' : 'other';
}

/** The answer, once it is whole; the bank frames all of its own by length. */
function readAnswer(octets: Buffer): TrueAnswer | undefined {
  const end = octets.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...fields] = octets.toString('latin1', 0, end).split('\r\n');
  const length = Number(fields.map((field) => /^content-length: *(\d+)/iu.exec(field)?.[1]).find((found) => found !== undefined) ?? 0);
  if (octets.length < end + 4 + length) return undefined;
  return { status: Number(first.split(' ')[1]), headers: fields, body: octets.toString('utf8', end + 4, end + 4 + length) };
}
