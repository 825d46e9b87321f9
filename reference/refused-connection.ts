import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { writeHttpDate } from './clock.ts';
import { answerProblem, titleOf } from './refusal.ts';

/** How long a connection is still read after its last answer, so that the answer is not lost to a reset. */
const lingerMs = 500;

/** An error of Node's HTTP parser, with the octets it was reading. */
export interface ParserError extends Error {
  readonly code?: string;
  readonly rawPacket?: Buffer;
}

const requestLine = /(?:^|\n)[!#$%&'*+.^_`|~0-9a-z-]+ \S+ HTTP\/1\.[01]\r?\n/i;

/** Status and sentence for a message that Node's parser refused. An unknown method in a well-formed request is 501 (RFC 9110 §9.1). */
export function explainParserError(error: ParserError): { status: number; detail: string } {
  switch (error.code) {
    case 'HPE_HEADER_OVERFLOW':
      return { status: 431, detail: 'The request line and header fields together are too long.' };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, detail: 'The chunk extensions are too long.' };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { status: 408, detail: 'The request did not come whole in time; send it again on a new connection.' };
    case 'HPE_INVALID_METHOD':
      if (requestLine.test(error.rawPacket?.toString('latin1') ?? '')) {
        return { status: 501, detail: 'This server does not know the method of the request.' };
      }
      return { status: 400, detail: 'The request does not begin with a request line of HTTP/1.1.' };
    default:
      return { status: 400, detail: 'The request is not a well-formed HTTP/1.1 message.' };
  }
}

/** A whole answer as octets: `Date`, length, problem content, and the end of the connection. */
export function writeLastAnswer(status: number, detail: string, now: number, fields: Readonly<Record<string, string>> = {}): string {
  const { body, headers } = answerProblem(status, detail, fields);
  const lines = Object.entries({
    ...headers,
    'Content-Length': Buffer.byteLength(body),
    Date: writeHttpDate(now),
    'Cache-Control': 'no-store',
    Connection: 'close',
  }).map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${status} ${titleOf(status)}\r\n${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Answers what never becomes a request: Node's own answers to it have no `Date` and no content. `isAnswering` tells of sockets with an answer under way. */
export function refuseBrokenRequests(server: Server, now: () => number, isAnswering: (socket: Duplex) => boolean): void {
  const endWith = (socket: Duplex, text: string): void => {
    socket.on('error', () => socket.destroy());
    socket.end(text);
    socket.on('data', () => undefined);
    const timer = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('end', () => socket.destroy());
    socket.once('close', () => clearTimeout(timer));
  };
  server.on('clientError', (error: ParserError, socket: Duplex) => {
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy();
      return;
    }
    const { status, detail } = explainParserError(error);
    endWith(socket, writeLastAnswer(status, detail, now()));
  });
  server.on('connect', (_request, socket: Socket) => {
    endWith(socket, writeLastAnswer(501, 'This server is no proxy; the method CONNECT is not offered.', now()));
  });
}
