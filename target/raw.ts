/** Requests on a socket of our own, octet for octet as given: for what an HTTP client corrects, hides or refuses to send. */
import type { Socket } from 'node:net';
import type { Failure, Wire } from '../spec/journal.ts';
import { keptOctets } from './attempt.ts';
import type { HeaderPair } from './capture.ts';
import { openConnection } from './connection.ts';
import { decodeContent } from './content-coding.ts';
import { explainFailure } from './failure.ts';
import { createResponseParser, type ResponseParser } from './response-parser.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface RawRequest {
  readonly method: string;
  /** The request target, as it stands in the request line. */
  readonly target: string;
  /** All of them, in order, spelled as they shall be: nothing is added. */
  readonly headers: readonly HeaderPair[];
  /** What follows the header, framed already, in parts that are written one after the other. */
  readonly content: readonly Uint8Array[];
  /** The content is held back until an answer is there, or half a second has passed. */
  readonly holdsContent?: boolean | undefined;
  /** We end the connection once this was written. */
  readonly cutAfter?: 'headers' | 'body' | undefined;
  /** Called at the last moment before the first octet is written; nothing is written when it throws. */
  readonly onSend: () => void;
}

export interface RawAnswer {
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  readonly content: Buffer;
  readonly cutOff: boolean;
  readonly wire: Wire;
}

export interface RawOutcome {
  readonly answer?: RawAnswer;
  readonly failure?: Failure;
  readonly endedAt: number;
}

export interface RawOptions {
  readonly origin: string;
  readonly tls?: TlsMaterial;
  /** For each request. */
  readonly timeoutMs: number;
  readonly headerOctets: number;
  readonly bodyBytes: number;
  /** Told of the socket while it is open, by who may have to cut it. */
  readonly sockets: Set<Socket>;
}

/** How long content is held back for an answer that may come before it. */
const holdMs = 500;
/** How long after an answer we listen for what should not come any more … */
const lingerMs = 50;
/** … and for the end of the connection, where the answer announces it. */
const closingMs = 1000;

/** What comes in on a socket, for one reader after another. */
interface Inlet {
  parser: ResponseParser | undefined;
  isEnded: boolean;
  error: Error | undefined;
  /** Called after each change of the above. */
  notify: () => void;
}

const watch = (socket: Socket): Inlet => {
  const inlet: Inlet = { parser: undefined, isEnded: false, error: undefined, notify: () => {} };
  socket.on('data', (chunk: Buffer) => {
    inlet.parser?.feed(chunk);
    inlet.notify();
  });
  socket.on('error', (error) => {
    inlet.error ??= error;
  });
  const onEnd = (): void => {
    inlet.isEnded = true;
    inlet.notify();
  };
  socket.on('end', onEnd).on('close', onEnd);
  socket.resume();
  return inlet;
};

/** Waits until `isMet`, asked after everything that comes in, or for so long. Whether it was met. */
const until = (inlet: Inlet, isMet: () => boolean, ms: number): Promise<boolean> =>
  new Promise((resolve) => {
    const finish = (met: boolean): void => {
      clearTimeout(timer);
      inlet.notify = () => {};
      resolve(met);
    };
    const timer = setTimeout(() => finish(false), Math.max(0, ms));
    inlet.notify = () => {
      if (isMet()) finish(true);
    };
    inlet.notify();
  });

/** Hands octets to the system, as long as it takes them in this time. A write that fails is told by the reading side, which may still hold an answer. */
const write = (socket: Socket, octets: Uint8Array | string, timeoutMs: number): Promise<void> =>
  new Promise((resolve) => {
    if (socket.destroyed || !socket.writable) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, timeoutMs);
    const onWritten = (): void => {
      clearTimeout(timer);
      resolve();
    };
    if (typeof octets === 'string') socket.write(octets, 'latin1', onWritten);
    else socket.write(octets, onWritten);
  });

const writeRequest = async (
  socket: Socket,
  inlet: Inlet,
  parser: ResponseParser,
  request: RawRequest,
  timeoutMs: number,
): Promise<void> => {
  const isAnswered = (): boolean => parser.state !== 'reading' || inlet.isEnded;
  const fields = request.headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const head = `${request.method} ${request.target} HTTP/1.1\r\n${fields}\r\n`;
  const [first = '', ...others] = request.content;
  if (request.cutAfter === 'headers' || request.holdsContent === true) {
    await write(socket, head, timeoutMs);
    if (request.cutAfter === 'headers') return;
    await until(inlet, isAnswered, holdMs);
    await write(socket, first, timeoutMs);
  } else await write(socket, Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(first)]), timeoutMs);
  for (const part of others) await write(socket, part, timeoutMs);
};

const fail = (failure: Failure): RawOutcome => ({ failure, endedAt: performance.now() });

const exchange = async (socket: Socket, inlet: Inlet, request: RawRequest, options: RawOptions): Promise<RawOutcome> => {
  if (inlet.isEnded) return fail({ kind: 'cut', message: 'The connection had ended before this request could be sent on it.' });
  const deadline = performance.now() + options.timeoutMs;
  const parser = createResponseParser(request.method, options);
  inlet.parser = parser;
  request.onSend();
  const writing = writeRequest(socket, inlet, parser, request, options.timeoutMs);
  // Content held back is a wait of its own, for the same inlet.
  if (request.holdsContent === true || request.cutAfter !== undefined) await writing;
  if (request.cutAfter !== undefined) {
    socket.destroy();
    const part = request.cutAfter === 'body' ? 'content' : 'header';
    return fail({ kind: 'aborted', message: `We cut the connection after the ${part} of the request, on purpose.` });
  }
  const isIn = (): boolean => {
    if (inlet.isEnded) parser.end();
    return parser.state !== 'reading';
  };
  const isAnswered = await until(inlet, isIn, deadline - performance.now());
  const endedAt = performance.now();
  if (!isAnswered) {
    const what = parser.status === 0 ? 'There was no answer' : `The answer, of status ${parser.status}, had not ended`;
    return {
      failure: {
        kind: 'timeout',
        message: `${what} within ${options.timeoutMs} ms; ${parser.contentOctets} octets of its content had come.`,
      },
      endedAt,
    };
  }
  if (parser.failure !== undefined) {
    const { error } = inlet;
    const failure =
      parser.failure.kind === 'cut' && error !== undefined
        ? explainFailure(error, { status: parser.status, octets: parser.contentOctets })
        : parser.failure;
    return { failure, endedAt };
  }
  await until(inlet, () => inlet.isEnded, parser.willClose && !parser.cutOff ? closingMs : lingerMs);
  const wire: Wire = { contentOctets: parser.contentOctets, closed: inlet.isEnded, surplusOctets: parser.surplusOctets };
  const { status, headers, content, cutOff } = parser;
  const decoded = await decodeContent(content, headers, options.bodyBytes);
  if ('failure' in decoded) return { failure: decoded.failure, endedAt };
  const isCutOff = cutOff || decoded.cutOff;
  const kept = isCutOff ? decoded.content.subarray(0, keptOctets) : decoded.content;
  return { answer: { status, headers, content: kept, cutOff: isCutOff, wire }, endedAt };
};

/**
 * Sends the requests one after the other on one new connection, each after the answer to the one before, and resolves to an outcome for each.
 * Rejects only with what an `onSend` throws.
 */
export const exchangeRaw = async (requests: readonly RawRequest[], options: RawOptions): Promise<RawOutcome[]> => {
  const opened = await openConnection(options);
  if ('failure' in opened) return requests.map(() => fail(opened.failure));
  const { socket } = opened;
  options.sockets.add(socket);
  const inlet = watch(socket);
  const outcomes: RawOutcome[] = [];
  try {
    for (const request of requests) {
      const before = outcomes.at(-1);
      if (before === undefined || before.answer !== undefined) outcomes.push(await exchange(socket, inlet, request, options));
      else outcomes.push(fail({ kind: 'aborted', message: 'It was not sent: the request before it on this connection had no answer.' }));
    }
  } finally {
    options.sockets.delete(socket);
    socket.destroy();
  }
  return outcomes;
};
