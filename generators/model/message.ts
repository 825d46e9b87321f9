/** An exchange as the rules read it: headers by name, content parsed once. */
import type { Exchange, Intent } from '../../spec/journal.ts';
import { recall } from './recall.ts';

export interface Message {
  readonly exchange: Exchange;
  readonly id: string;
  readonly intent: Intent;
  /** When it was sent and when its answer was whole, in milliseconds on the run's clock. */
  readonly from: number;
  readonly to: number;
  /** Absent where no answer came. */
  readonly status: number | undefined;
  readonly text: string | undefined;
  /** Parsed content; `undefined` where there is none, or where it is no JSON. */
  readonly json: unknown;
}

const read = new WeakMap<Exchange, Message>();

/** The same message for the same exchange, whoever asks. */
export const readMessage = (exchange: Exchange): Message => recall(read, exchange, () => parse(exchange));

function parse(exchange: Exchange): Message {
  const text = exchange.answer?.body?.text;
  return {
    exchange,
    id: exchange.id,
    intent: exchange.intent,
    from: exchange.sentAt,
    to: exchange.receivedAt,
    status: exchange.answer?.status,
    text,
    json: text === undefined || text === '' ? undefined : parseJson(text),
  };
}

/** Content shorter than this cannot nest so deep that it weighs. */
const heavyFrom = 16_384;
/** Nothing that the document describes is nested half as deep; deeper containers are left out of what is kept, not out of the text. */
const deepest = 32;

function parseJson(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return text.length >= heavyFrom && isDeeper(value, deepest) ? cutOffBelow(value, deepest) : value;
  } catch {
    return undefined;
  }
}

function isDeeper(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return depth === 0 || Object.values(value).some((each) => isDeeper(each, depth - 1));
}

function cutOffBelow(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return Array.isArray(value) ? [] : {};
  if (Array.isArray(value)) return (value as readonly unknown[]).map((each) => cutOffBelow(each, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, cutOffBelow(member, depth - 1)]));
}

/** The first field of that name in the answer, without case. */
export function headerOf(message: Message, name: string): string | undefined {
  for (const [field, value] of message.exchange.answer?.headers ?? [])
    if (field.length === name.length && field.toLowerCase() === name) return value;
  return undefined;
}

/** All fields of that name in the answer, in order. */
export function headersOf(message: Message, name: string): readonly string[] {
  return (message.exchange.answer?.headers ?? []).filter(([field]) => field.toLowerCase() === name).map(([, value]) => value);
}

export const isAccepted = (message: Message): boolean => message.status !== undefined && message.status >= 200 && message.status < 300;

/** A refusal of what was asked. 429 says "not now", and nothing of the request (R-BUSY). */
export const isRefused = (message: Message): boolean =>
  message.status !== undefined && message.status >= 400 && message.status < 500 && message.status !== 429;

/** Busy or broken on the way: says nothing of the request (R-BUSY). */
export const isBusy = (message: Message): boolean => [429, 502, 503, 504].includes(message.status ?? 0);

/**
 * Whether the request is a plain valid one, to be answered as the document says: no probe, or one of the ordinary
 * requests of a probe.
 */
export function isPlain(intent: Intent): boolean {
  return intent.probe === undefined || intent.probe.role === 'before' || intent.probe.role === 'after' || intent.probe.role === 'control';
}

/** Not for want of a token, and not for the moment. */
export const isBusinessRefusal = ({ status }: Message): boolean =>
  status !== undefined && status >= 400 && status < 500 && ![401, 408, 429].includes(status);
