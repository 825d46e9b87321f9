/** Reading one answer in HTTP/1.1 (RFC 9112), octet by octet as it comes: strictly, within limits, and keeping count of what clients hide. */
import type { Failure } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';

export interface ParserLimits {
  readonly headerOctets: number;
  readonly bodyBytes: number;
}

export interface ResponseParser {
  /** Takes what came. Octets after the end of the message are counted, not read. */
  feed(chunk: Buffer): void;
  /** The connection ended. */
  end(): void;
  readonly state: 'reading' | 'complete' | 'broken';
  /** 0 until the header of the final answer was read. */
  readonly status: number;
  readonly headers: readonly HeaderPair[];
  /** Content after transfer decoding, up to the limit. */
  readonly content: Buffer;
  readonly contentOctets: number;
  readonly surplusOctets: number;
  /** The content went on beyond the limit. */
  readonly cutOff: boolean;
  /** Why it is broken. */
  readonly failure: Failure | undefined;
  /** Whether the target says, or its framing means, that the connection ends with this answer. */
  readonly willClose: boolean;
}

/** More interim answers than this before the final one are mischief. */
const interimLimit = 100;
/** Octets of a chunk's size line, its extensions included. */
const sizeLineOctets = 4096;

type Framing = { readonly by: 'none' | 'chunks' | 'close' } | { readonly by: 'length'; readonly length: number };
type Stage = 'status' | 'fields' | 'content' | 'chunk size' | 'chunk' | 'chunk end' | 'trailers' | 'over';

const findAll = (headers: readonly HeaderPair[], wanted: string): string[] =>
  headers
    .filter(([name]) => name.toLowerCase() === wanted)
    .flatMap(([, value]) => value.split(',').map((part) => part.trim().toLowerCase()));

/** How the end of the content is told (RFC 9112 §6.3), or what is wrong with that. */
const readFraming = (method: string, status: number, headers: readonly HeaderPair[]): Framing | string => {
  if (method === 'HEAD' || status === 204 || status === 304) return { by: 'none' };
  const codings = findAll(headers, 'transfer-encoding');
  if (codings.length > 0) return { by: codings.at(-1) === 'chunked' ? 'chunks' : 'close' };
  const lengths = findAll(headers, 'content-length');
  const first = lengths[0];
  if (first === undefined) return { by: 'close' };
  if (!/^\d{1,15}$/.test(first)) return `Content-Length is "${first.slice(0, 40)}"`;
  if (lengths.some((length) => length !== first)) return 'there are several lengths of content';
  return { by: 'length', length: Number(first) };
};

class Parser implements ResponseParser {
  state: ResponseParser['state'] = 'reading';
  status = 0;
  headers: HeaderPair[] = [];
  contentOctets = 0;
  surplusOctets = 0;
  cutOff = false;
  failure: Failure | undefined;
  willClose = false;
  private readonly method: string;
  private readonly limits: ParserLimits;
  private stage: Stage = 'status';
  private pending: Buffer = Buffer.alloc(0);
  private readonly parts: Buffer[] = [];
  private kept = 0;
  private headerOctets = 0;
  private interim = 0;
  private code = 0;
  private version = '1.1';
  private fields: HeaderPair[] = [];
  /** Octets of the content, or of the chunk, that are still to come. */
  private left = 0;

  constructor(method: string, limits: ParserLimits) {
    this.method = method;
    this.limits = limits;
  }

  private get isOver(): boolean {
    return this.stage === 'over';
  }

  get content(): Buffer {
    return Buffer.concat(this.parts);
  }

  feed(chunk: Buffer): void {
    if (this.state !== 'reading') {
      this.surplusOctets += chunk.length;
      return;
    }
    this.pending = this.pending.length === 0 ? chunk : Buffer.concat([this.pending, chunk]);
    while (!this.isOver && this.step());
    if (this.isOver) {
      this.surplusOctets += this.pending.length;
      this.pending = Buffer.alloc(0);
    }
  }

  end(): void {
    if (this.state !== 'reading') return;
    if (this.stage === 'content') {
      // Closed before its length was reached: said by the count, not by a failure.
      this.willClose = true;
      this.finish();
      return;
    }
    const where = this.status === 0 ? 'before the header of the answer was whole' : `in an answer of status ${this.status}, inside a chunk`;
    this.fail('cut', `The connection ended ${where}.`);
  }

  /** Reads what can be read next; false when more has to come first. */
  private step(): boolean {
    if (this.stage === 'content' || this.stage === 'chunk') return this.readContent();
    const line = this.readLine();
    if (line === undefined) return false;
    if (this.stage === 'status') this.readStatus(line);
    else if (this.stage === 'fields') this.readField(line, this.fields);
    else if (this.stage === 'chunk size') this.readSize(line);
    else if (this.stage === 'chunk end') {
      if (line === '') this.stage = 'chunk size';
      else this.fail('protocol', 'The answer is not HTTP/1.1: a chunk is longer than its size says.');
    } else if (line === '') this.finish();
    return true;
  }

  private readLine(): string | undefined {
    const feed = this.pending.indexOf(0x0a);
    const length = feed < 0 ? this.pending.length : feed + 1;
    const isSmall = this.stage === 'chunk size' || this.stage === 'chunk end';
    if (isSmall ? length > sizeLineOctets : this.headerOctets + length > this.limits.headerOctets) {
      if (isSmall) this.fail('protocol', 'The answer is not HTTP/1.1: the size of a chunk has no end.');
      else this.fail('size', `The header of the answer is larger than ${this.limits.headerOctets} octets.`);
      return undefined;
    }
    if (feed < 0) {
      if (this.stage === 'status' && this.pending.length >= 5 && !this.pending.toString('latin1').startsWith('HTTP/')) this.failStatus('');
      return undefined;
    }
    if (!isSmall) this.headerOctets += length;
    const line = this.pending.toString('latin1', 0, feed > 0 && this.pending[feed - 1] === 0x0d ? feed - 1 : feed);
    this.pending = this.pending.subarray(feed + 1);
    return line;
  }

  private failStatus(line: string): void {
    const came = line === '' ? this.pending.toString('latin1').slice(0, 40) : line.slice(0, 40);
    this.fail('protocol', `The answer is not HTTP/1.1: it begins with ${JSON.stringify(came)}.`);
  }

  private readStatus(line: string): void {
    const [, version, code] = /^HTTP\/(1\.[01]) ([1-9]\d{2})(?: .*)?$/.exec(line) ?? [];
    if (version === undefined || code === undefined) {
      this.failStatus(line);
      return;
    }
    this.version = version;
    this.code = Number(code);
    this.fields = [];
    this.stage = 'fields';
  }

  private readField(line: string, fields: HeaderPair[]): void {
    if (line === '') {
      this.endHeader();
      return;
    }
    const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/s.exec(line) ?? [];
    if (name === undefined || value === undefined)
      this.fail('protocol', `The answer is not HTTP/1.1: a header line is ${JSON.stringify(line.slice(0, 40))}.`);
    else fields.push([name, value]);
  }

  private endHeader(): void {
    if (this.code < 200) {
      this.stage = 'status';
      this.headerOctets = 0;
      if (this.code === 101) this.fail('protocol', 'The answer changes the protocol, which nobody asked for.');
      else if (++this.interim > interimLimit) this.fail('protocol', `More than ${interimLimit} interim answers came before the final one.`);
      return;
    }
    this.status = this.code;
    this.headers = this.fields;
    const framing = readFraming(this.method, this.status, this.headers);
    if (typeof framing === 'string') {
      this.fail('protocol', `The answer is not HTTP/1.1: ${framing}.`);
      return;
    }
    const options = findAll(this.headers, 'connection');
    this.willClose = framing.by === 'close' || options.includes('close') || (this.version === '1.0' && !options.includes('keep-alive'));
    this.left = framing.by === 'length' ? framing.length : Number.POSITIVE_INFINITY;
    if (framing.by === 'none' || this.left === 0) this.finish();
    else this.stage = framing.by === 'chunks' ? 'chunk size' : 'content';
  }

  private readSize(line: string): void {
    const size = /^([0-9a-fA-F]{1,8})[ \t]*(?:;.*)?$/.exec(line)?.[1];
    if (size === undefined) {
      this.fail('protocol', `The answer is not HTTP/1.1: the size of a chunk is ${JSON.stringify(line.slice(0, 40))}.`);
      return;
    }
    this.left = Number.parseInt(size, 16);
    this.stage = this.left === 0 ? 'trailers' : 'chunk';
  }

  private readContent(): boolean {
    const part = this.pending.subarray(0, Math.min(this.left, this.pending.length));
    if (part.length === 0) return false;
    this.pending = this.pending.subarray(part.length);
    this.contentOctets += part.length;
    this.left -= part.length;
    const room = this.limits.bodyBytes - this.kept;
    if (room > 0) this.parts.push(part.subarray(0, room));
    this.kept += Math.min(room, part.length);
    if (this.contentOctets > this.limits.bodyBytes) {
      this.cutOff = true;
      this.willClose = true;
      this.finish();
    } else if (this.left === 0) {
      if (this.stage === 'chunk') this.stage = 'chunk end';
      else this.finish();
    }
    return true;
  }

  private finish(): void {
    this.stage = 'over';
    this.state = 'complete';
  }

  private fail(kind: Failure['kind'], message: string): void {
    this.stage = 'over';
    this.state = 'broken';
    this.failure = { kind, message };
  }
}

/** A parser for the answer to one request, of this method. */
export const createResponseParser = (method: string, limits: ParserLimits): ResponseParser => new Parser(method, limits);
