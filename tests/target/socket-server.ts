/** A server that speaks exactly the octets it is told to: for targets that no HTTP server library would be. */
import { createServer, type Server, type Socket } from 'node:net';

export interface SocketServer {
  readonly origin: string;
  readonly port: number;
  /** What came, by connection, in order. */
  readonly received: string[];
  readonly connections: number;
  close(): Promise<void>;
}

/** `answer` is called for every whole request (header and content) with its text, the socket, and its number on this connection from 1. */
export const startSocketServer = async (
  answer: (request: string, socket: Socket, number: number) => void,
  { onConnection }: { onConnection?: (socket: Socket) => void } = {},
): Promise<SocketServer> => {
  const sockets = new Set<Socket>();
  const received: string[] = [];
  let connections = 0;
  const server: Server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    onConnection?.(socket);
    let text = '';
    let number = 0;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      for (let length = measureRequest(text); length > 0; length = measureRequest(text)) {
        const request = text.slice(0, length);
        text = text.slice(length);
        received.push(request);
        answer(request, socket, ++number);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    received,
    get connections() {
      return connections;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
};

/** The length of the request at the beginning of the text, 0 while it is not whole. */
export const measureRequest = (text: string): number => {
  const head = text.indexOf('\r\n\r\n');
  if (head < 0) return 0;
  const fields = text.slice(0, head).toLowerCase();
  const length = /\r\ncontent-length: *(\d+)/.exec(fields)?.[1];
  if (length !== undefined) return text.length >= head + 4 + Number(length) ? head + 4 + Number(length) : 0;
  if (!/\r\ntransfer-encoding: *chunked/.test(fields)) return head + 4;
  const end = /(?:^|\r\n)0\r\n\r\n/.exec(text.slice(head + 4));
  return end === null ? 0 : head + 4 + end.index + end[0].length;
};

/** An answer in HTTP/1.1, its length as it is. */
export const compose = (status: number, content: string | Buffer = '', headers: Readonly<Record<string, string>> = {}): Buffer => {
  const body = Buffer.from(content);
  const fields = Object.entries({ Date: 'Sun, 22 Nov 2026 10:00:00 GMT', 'Content-Length': String(body.length), ...headers });
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status} X\r\n${fields.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`, 'latin1'),
    body,
  ]);
};
