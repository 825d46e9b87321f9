/** How beasts speak: octets for a socket, honest and not. */
import type { Socket } from 'node:net';
import type { TrueAnswer } from './beast.ts';

/** Fields of the truth without those that tell of its framing and content. */
const plainFields = (truth: TrueAnswer): string[] =>
  truth.headers.filter((field) => !/^(?:content-length|content-encoding|transfer-encoding|connection|keep-alive):/iu.test(field));

/** The head of an answer, to its empty line. */
export const composeHead = (status: number, fields: readonly string[]): string => [`HTTP/1.1 ${status} X`, ...fields, '', ''].join('\r\n');

/** The true answer with another content, framed as it should be, and other fields besides. */
export function composeWith(truth: TrueAnswer, content: string | Buffer = truth.body, fields: readonly string[] = []): Buffer {
  const body = Buffer.from(content);
  return Buffer.concat([
    Buffer.from(composeHead(truth.status, [...plainFields(truth), ...fields, `Content-Length: ${body.length}`]), 'latin1'),
    body,
  ]);
}

/** The head of the true answer with these fields in the place of its framing. */
export const headWith = (truth: TrueAnswer, fields: readonly string[]): string =>
  composeHead(truth.status, [...plainFields(truth), ...fields]);

/** An answer of no bank. */
export const compose = (
  status: number,
  content: string | Buffer = '',
  fields: readonly string[] = ['Content-Type: application/json'],
): Buffer => composeWith({ status, headers: ['Date: Sun, 22 Nov 2026 10:00:00 GMT'], body: '' }, content, fields);

/** So much is written at one go: a call of the system for each small piece would keep the process from everything else. */
const pouredOctets = 1 << 14;

/** Writes until the other side is gone. */
export function pour(socket: Socket, piece: string | Buffer, restMs = 2): void {
  const octets = Buffer.from(piece);
  const batch = Buffer.concat(Array.from({ length: Math.ceil(pouredOctets / octets.length) }, () => octets));
  const more = (): void => {
    while (!socket.destroyed && socket.write(batch));
    // Not as fast as it goes: the others of the zoo live in the same process.
    if (!socket.destroyed) socket.once('drain', () => setTimeout(more, restMs));
  };
  more();
}

/** Writes a piece at a time. */
export function drip(socket: Socket, octets: Buffer, everyMs: number, piece = 1): void {
  let at = 0;
  const timer = setInterval(() => {
    if (socket.destroyed || at >= octets.length) clearInterval(timer);
    else socket.write(octets.subarray(at, at + piece));
    at += piece;
  }, everyMs);
}
