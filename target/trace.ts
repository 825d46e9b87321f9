/** Trace context (W3C, level 1): an id of its own for every request, so that a vendor finds it in his logs. */
import { randomFillSync } from 'node:crypto';

const octetsEach = 24;
const pool = Buffer.allocUnsafe(octetsEach * 256);
let used = pool.length;

/** A fresh `traceparent`: `00-<32 hexadecimal digits>-<16>-01`. */
export const createTraceparent = (): string => {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const digits = pool.toString('hex', used, used + octetsEach);
  used += octetsEach;
  // Ids of zeros only are not valid; one digit that is none rules them out.
  return `00-1${digits.slice(1, 32)}-1${digits.slice(33)}-01`;
};
