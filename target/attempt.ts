/** One request on its way through undici, as the handler that is told what becomes of it. */
import type { Dispatcher } from 'undici';
import type { Failure } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';
import { decodeContent } from './content-coding.ts';
import { ConformanceError } from './errors.ts';
import { explainFailure } from './failure.ts';
import { codeOf } from './system-error.ts';

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
  /** Left alone when requests are cut off because the run ends. */
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
  /** After content decoding; its beginning only, where it is cut off. */
  readonly content: Buffer;
  readonly cutOff: boolean;
}

export interface Outcome {
  /** Exactly one of `answer` and `failure` is there. */
  readonly answer?: Inbound;
  readonly failure?: Failure;
  /** Of a failure: the header of an answer had come by then, so somebody is there. */
  readonly began?: boolean;
  /** `performance.now()` when the last octet was in, or the failure was known. */
  readonly endedAt: number;
}

/** A connection's worth of client: undici opens another when the last one ended. */
export interface Line {
  readonly dispatcher: Dispatcher;
  /** Number of the connection now open; undefined while there is none. */
  connection: number | undefined;
  /** Requests sent on that connection. */
  uses: number;
  /** Whether it serves further requests. */
  readonly isPooled: boolean;
}

/** What an attempt asks of the client it belongs to. */
export interface AttemptOwner {
  /** Octets of content that are read of an answer, now. */
  readonly bodyBytes: number;
  /** An answer came to its end, or was cut off at the limit. */
  noteAnswer(cutOff: boolean): void;
  /** The line may serve the next one. */
  give(origin: string, line: Line): void;
  /** The line is of no use any more. */
  drop(line: Line): void;
  /** A connection that had served before ended instead of serving again. */
  noteStale(origin: string): void;
  /** It holds so many octets of content more. False: it has to wait until `goOn`, for all together hold too many. */
  hold(attempt: Attempt, octets: number): boolean;
  /** It is over, whatever undici may still say; it held so many octets. */
  finish(attempt: Attempt, octets: number): void;
}

const flatten = (headers: readonly HeaderPair[]): string[] => {
  const flat: string[] = [];
  for (const pair of headers) flat.push(pair[0], pair[1]);
  return flat;
};

/** The parser leaves white space at the end of a value, which is not part of it (RFC 9112 §5). */
const readValue = (raw: Buffer): string => {
  const value = raw.toString('latin1');
  const last = value.charCodeAt(value.length - 1);
  return last === 0x20 || last === 0x09 ? value.replace(/[ \t]+$/, '') : value;
};

const pairUp = (raw: readonly Buffer[]): HeaderPair[] => {
  const pairs: HeaderPair[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) pairs.push([raw[index]!.toString('latin1'), readValue(raw[index + 1]!)]);
  return pairs;
};

/** Of content that goes on beyond the limit no more than this is kept: enough to see what it is. */
export const keptOctets = 4096;

const findHeader = (headers: readonly HeaderPair[], wanted: string): string | undefined =>
  headers.find((field) => field[0].length === wanted.length && field[0].toLowerCase() === wanted)?.[1];

/** What undici refuses to send at all. */
const isMisuse = (error: Error): boolean => ['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED'].includes(codeOf(error) ?? '');

/** A class, and undici's first form of handler: it is made for every request, and the newer form parses each header a second time. */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly outbound: Outbound;
  readonly deadline: number;
  private readonly line: Line;
  private readonly owner: AttemptOwner;
  private readonly resolve: (outcome: Outcome) => void;
  private readonly reject: (error: unknown) => void;
  private cut: ((error?: Error) => void) | undefined;
  private isDone = false;
  private status = 0;
  private fields: HeaderPair[] = [];
  private chunks: Buffer[] = [];
  private octets = 0;
  private held = 0;
  private resume: (() => void) | undefined;
  /** The length of the content as its header says. */
  private declared = 0;

  constructor(outbound: Outbound, line: Line, owner: AttemptOwner, resolve: (outcome: Outcome) => void, reject: (error: unknown) => void) {
    this.outbound = outbound;
    this.deadline = performance.now() + outbound.timeoutMs;
    this.line = line;
    this.owner = owner;
    this.resolve = resolve;
    this.reject = reject;
  }

  start(): void {
    const { method, origin, path, headers, body = null, fresh } = this.outbound;
    const options: Dispatcher.DispatchOptions = { origin, method, path, headers: flatten(headers), body };
    if (fresh === true) options.reset = true;
    this.line.dispatcher.dispatch(options, this);
  }

  /** Ends it with a failure of our making. */
  fail(failure: Failure): void {
    if (this.isDone) return;
    const endedAt = this.finish();
    this.chunks = [];
    if (this.cut === undefined) this.owner.drop(this.line);
    else this.cut(new Error(failure.message));
    this.resolve({ failure, endedAt, began: this.status !== 0 });
  }

  expire(): void {
    const { timeoutMs } = this.outbound;
    if (this.cut === undefined) this.fail({ kind: 'timeout', message: `There was no connection within ${timeoutMs} ms.` });
    else if (this.status === 0) this.fail({ kind: 'timeout', message: `There was no answer within ${Math.round(timeoutMs)} ms.` });
    else {
      const message = `The answer, of status ${this.status}, had not ended within ${timeoutMs} ms; ${this.octets} octets of its content had come.`;
      this.fail({ kind: 'timeout', message });
    }
  }

  onConnect(cut: (error?: Error) => void): void {
    // It was over while it waited for a connection; or undici wants to send it a second time.
    if (this.isDone || this.cut !== undefined) {
      this.fail({ kind: 'cut', message: 'The connection ended before the request was answered.' });
      cut(new Error('the request is over'));
      return;
    }
    this.cut = cut;
    this.line.uses++;
    try {
      this.outbound.onSend?.(this.line.connection);
    } catch (error) {
      this.finish();
      cut(new Error('the request could not be recorded'));
      this.reject(error);
    }
  }

  onHeaders(status: number, headers: Buffer[], resume: () => void): boolean {
    this.resume = resume;
    if (status >= 200) {
      this.status = status;
      this.fields = pairUp(headers);
      this.declared = Number(findHeader(this.fields, 'content-length') ?? 0);
    }
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.isDone) return true;
    this.octets += chunk.length;
    const { bodyBytes } = this.owner;
    // An announced length beyond the limit is believed: there is no need to read that far.
    const isTooLong = this.octets > bodyBytes || (this.octets >= keptOctets && this.declared > bodyBytes);
    this.chunks.push(this.octets > bodyBytes ? chunk.subarray(0, chunk.length - (this.octets - bodyBytes)) : chunk);
    if (!isTooLong) {
      this.held += chunk.length;
      return this.owner.hold(this, chunk.length);
    }
    this.succeed(true);
    this.cut?.(new Error('the limit of content is reached'));
    return true;
  }

  /** Reads on after it had to wait. */
  goOn(): void {
    if (!this.isDone) this.resume?.();
  }

  onComplete(): void {
    this.owner.give(this.outbound.origin, this.line);
    this.succeed(false);
  }

  onError(error: Error): void {
    if (isMisuse(error)) {
      this.finish();
      const what = `${this.outbound.method} ${this.outbound.origin}${this.outbound.path.slice(0, 200)}`;
      this.reject(new ConformanceError(5, `${what} cannot be sent: ${error.message}; please report this.`, { cause: error }));
    } else {
      const failure = explainFailure(error, this.progress);
      if (!this.isDone && failure.kind === 'cut' && this.status === 0 && this.line.uses > 1) this.owner.noteStale(this.outbound.origin);
      this.fail(failure);
    }
    this.owner.give(this.outbound.origin, this.line);
  }

  /** How far the answer has come. */
  get progress(): { status: number; octets: number } {
    return { status: this.status, octets: this.octets };
  }

  private finish(): number {
    this.isDone = true;
    this.owner.finish(this, this.held);
    return performance.now();
  }

  private succeed(cutOff: boolean): void {
    if (this.isDone) return;
    const endedAt = this.finish();
    const { status, fields: headers, chunks, resolve } = this;
    const content = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
    const answer = (whole: Buffer, isCutOff: boolean): Outcome => {
      this.owner.noteAnswer(isCutOff);
      const kept = isCutOff ? Buffer.from(whole.subarray(0, keptOctets)) : whole;
      return { answer: { status, headers, content: kept, cutOff: isCutOff }, endedAt };
    };
    if (content.length === 0 || findHeader(headers, 'content-encoding') === undefined) {
      resolve(answer(content, cutOff));
      return;
    }
    decodeContent(content, headers, this.owner.bodyBytes).then((decoded) => {
      if ('failure' in decoded) resolve({ failure: decoded.failure, endedAt });
      else resolve(answer(decoded.content, cutOff || decoded.cutOff));
    }, this.reject);
  }
}
