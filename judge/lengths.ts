/** Content-Length against the octets that came, where a socket of our own has counted them. */
import { headersOf, type Message } from '../generators/model/message.ts';

/** The announced length; `undefined` where none is, or where it is no number at all. */
export function lengthOf(message: Message): number | undefined {
  const [value] = headersOf(message, 'content-length');
  return value !== undefined && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** Octets of content, those beyond the end of the message too. */
export const octetsOf = ({ exchange }: Message): number =>
  (exchange.answer?.wire?.contentOctets ?? 0) + (exchange.answer?.wire?.surplusOctets ?? 0);

/** Whether the length is wrong, or the message was cut off; `undefined` where nothing was announced or counted. */
export function isMissized(message: Message): boolean | undefined {
  const { exchange, status } = message;
  if (exchange.failure !== undefined) return exchange.failure.kind === 'cut' ? true : undefined;
  const announced = lengthOf(message);
  if (exchange.answer?.wire === undefined || announced === undefined) return undefined;
  // HEAD, 204 and 304 announce the length of content that does not come.
  const bare = exchange.request.method === 'HEAD' || status === 204 || status === 304;
  return octetsOf(message) !== (bare ? 0 : announced);
}
