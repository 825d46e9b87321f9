/** Content coding of answers (RFC 9110 §8.4), within a limit: what a few octets unpack to is not for the sender to say. */

import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import type { Failure } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';
import { messageOf } from './system-error.ts';

export type Decoded = { readonly content: Buffer; readonly cutOff: boolean } | { readonly failure: Failure };

/** More codings than this over one another is mischief. */
const depth = 3;

const listCodings = (headers: readonly HeaderPair[]): string[] =>
  headers
    .filter(([name]) => name.toLowerCase() === 'content-encoding')
    .flatMap(([, value]) => value.split(','))
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity');

/** The `deflate` of HTTP is the zlib format (RFC 9110 §8.4.1.2); some send the bare stream, whose first octet tells. */
const isZlib = (content: Buffer): boolean => (content[0]! & 0x0f) === 8 && content.length > 1 && content.readUInt16BE(0) % 31 === 0;

const openDecoder = (coding: string, content: Buffer): Transform | undefined => {
  if (coding === 'gzip' || coding === 'x-gzip') return createGunzip();
  if (coding === 'br') return createBrotliDecompress();
  if (coding === 'deflate') return isZlib(content) ? createInflate() : createInflateRaw();
  return undefined;
};

const run = (decoder: Transform, content: Buffer, limit: number): Promise<{ content: Buffer; cutOff: boolean }> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let octets = 0;
    decoder.on('data', (chunk: Buffer) => {
      octets += chunk.length;
      if (octets <= limit) {
        chunks.push(chunk);
        return;
      }
      chunks.push(chunk.subarray(0, chunk.length - (octets - limit)));
      decoder.destroy();
      resolve({ content: chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), cutOff: true });
    });
    decoder.once('end', () => resolve({ content: Buffer.concat(chunks), cutOff: false }));
    decoder.once('error', reject);
    decoder.end(content);
  });

/** Who unpacks now. One after the other: what many unpack to at once would fill the memory, whatever each may hold. */
let unpacking: Promise<unknown> = Promise.resolve();
const runInTurn = (decoder: Transform, content: Buffer, limit: number): Promise<{ content: Buffer; cutOff: boolean }> => {
  const own = unpacking.then(() => run(decoder, content, limit));
  unpacking = own.catch(() => {});
  return own;
};

/** Undoes the codings that the header names, the last one first; a coding unknown to us leaves the content as it came. */
export const decodeContent = async (received: Buffer, headers: readonly HeaderPair[], limit: number): Promise<Decoded> => {
  const codings = listCodings(headers);
  if (codings.length > depth) {
    return {
      failure: { kind: 'protocol', message: `The content has ${codings.length} codings over one another, ${depth} at most are undone.` },
    };
  }
  let content = received;
  let cutOff = false;
  for (const coding of codings.reverse()) {
    const decoder = openDecoder(coding, content);
    if (decoder === undefined) return { content, cutOff };
    try {
      const decoded = await runInTurn(decoder, content, limit);
      content = decoded.content;
      cutOff ||= decoded.cutOff;
    } catch (error) {
      return {
        failure: { kind: 'protocol', message: `The content is not valid ${coding}, as its Content-Encoding says: ${messageOf(error)}.` },
      };
    }
    if (cutOff) break;
  }
  return { content, cutOff };
};
