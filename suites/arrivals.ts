/** What a run has learnt of waiting for its products to be there: what never came is not waited for again and again. */

/** Waits for products of one code. */
interface Waits {
  /** Products that came, or were there at once. */
  came: number;
  /** Products waited for to the end, and never seen. */
  vain: number;
}

/** Shared by all who wait in a run. */
export interface Arrivals {
  readonly byCode: Map<string, Waits>;
  /** The longest that a product which came was waited for, in milliseconds. */
  slowestMs: number;
}

export const newArrivals = (): Arrivals => ({ byCode: new Map(), slowestMs: 0 });

/** How long is waited, in milliseconds, where nothing was waited for in vain. */
export const fullMs = 5_000;
/** Where of a code none ever came, though one was waited for to the end. */
const littleMs = 300;
/** Where so many of such a code were waited for, nothing is any more. */
const vainAtMost = 8;

const none: Readonly<Waits> = { came: 0, vain: 0 };

/** How long a product of that code may take to be there, in milliseconds. */
export function patienceFor({ byCode, slowestMs }: Arrivals, code: string): number {
  const { came, vain } = byCode.get(code) ?? none;
  if (came === 0) return vain === 0 ? fullMs : vain < vainAtMost ? littleMs : 0;
  return [...byCode.values()].some((each) => each.vain > 0) ? Math.min(fullMs, 1_000 + 4 * slowestMs) : fullMs;
}

/** A product of that code came after so long, or was not there by then. */
export function noteArrival(arrivals: Arrivals, code: string, came: boolean, waitedMs: number): void {
  const before = arrivals.byCode.get(code) ?? none;
  arrivals.byCode.set(code, { came: before.came + (came ? 1 : 0), vain: before.vain + (came ? 0 : 1) });
  if (came) arrivals.slowestMs = Math.max(arrivals.slowestMs, waitedMs);
}

/** Of that code none ever came, though one was waited for to the end. */
export function isHopeless({ byCode }: Arrivals, code: string): boolean {
  const { came, vain } = byCode.get(code) ?? none;
  return came === 0 && vain > 0;
}
