/** The two clocks of the system: `wall` stamps products and answers, `steady` orders versions and ends tokens. Both in milliseconds. */
export interface Clock {
  /** Since 1970, with fractions. Runs with the steady clock, so a correction of the machine's time never makes it go back. */
  wall(): number;
  /** Since some fixed moment; never goes back. */
  steady(): number;
}

export function createClock(): Clock {
  const origin = performance.timeOrigin;
  return { wall: () => origin + performance.now(), steady: () => performance.now() };
}

/** RFC 3339 in UTC with three digits after the second; what is finer is cut off, so the order of moments is kept. */
export function writeTime(milliseconds: number): string {
  return new Date(Math.floor(milliseconds)).toISOString();
}

/** The preferred form of HTTP dates (RFC 9110 §5.6.7). */
export function writeHttpDate(milliseconds: number): string {
  return new Date(milliseconds).toUTCString();
}
