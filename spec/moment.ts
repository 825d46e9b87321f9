/**
 * A moment: a date-time of RFC 3339, kept exactly as far as the target wrote it.
 * No JavaScript Date is involved, which would round to milliseconds and refuse second 60.
 */

export interface Moment {
  /**
   * Whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted: all of second 60 is the beginning of the next minute, kept to the
   * second, so that it is neither before second 59 nor after second 0.
   */
  readonly seconds: number;
  /** The digits after the second without trailing zeros; compares as text. */
  readonly fraction: string;
  /** How many digits after the second were written, zeros too: the precision the target shows. */
  readonly digits: number;
}

/** As many texts as a long run keeps asking for; beyond it the memory starts afresh. */
const remembered = 8192;
const memory = new Map<string, Moment | undefined>();

/**
 * Reads a date-time as RFC 3339 §5.6 writes it: four-digit year, real calendar day, `T` or `t`, second up to 60 (at any minute: which
 * minutes have a leap second is announced only half a year ahead), any number of fraction digits, and a zone, `Z`, `z` or `±hh:mm`.
 * Anything else is undefined.
 */
export function parseMoment(text: string): Moment | undefined {
  const known = memory.get(text);
  if (known !== undefined || memory.has(text)) return known;
  const moment = readMoment(text);
  if (memory.size >= remembered) memory.clear();
  memory.set(text, moment);
  return moment;
}

/** Negative when `a` is before `b`, 0 when they are the same moment, whatever their zones and digits; positive when it is after. */
export function compareMoments(a: Moment, b: Moment): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  if (a.fraction === b.fraction) return 0;
  return a.fraction < b.fraction ? -1 : 1;
}

/** `a` minus `b` in milliseconds, fractions kept as far as a double holds them. */
export function differenceMs(a: Moment, b: Moment): number {
  return (a.seconds - b.seconds) * 1000 + (fractionMs(a) - fractionMs(b));
}

/** The unit of the precision shown, in milliseconds: 1000 without fraction digits, 1 with three. */
export const unitMs = (moment: Moment): number => 1000 / 10 ** moment.digits;

const fractionMs = (moment: Moment): number => (moment.fraction === '' ? 0 : Number(`0.${moment.fraction}`) * 1000);

const DASH = 0x2d;
const COLON = 0x3a;
const DOT = 0x2e;
const PLUS = 0x2b;

function readMoment(text: string): Moment | undefined {
  if (text.length < 20) return undefined;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 2);
  const day = digitsAt(text, 8, 2);
  const hour = digitsAt(text, 11, 2);
  const minute = digitsAt(text, 14, 2);
  const second = digitsAt(text, 17, 2);
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH || !isLetter(text, 10, 'T')) return undefined;
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return undefined;
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return undefined;

  let at = 19;
  if (text.charCodeAt(at) === DOT) {
    at += 1;
    while (isDigit(text.charCodeAt(at))) at += 1;
    if (at === 20) return undefined;
  }
  const offset = offsetSeconds(text, at);
  if (offset === undefined) return undefined;
  return {
    seconds: daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset,
    fraction: second === 60 ? '' : withoutTrailingZeros(text, 20, at),
    digits: second === 60 || at === 19 ? 0 : at - 20,
  };
}

function offsetSeconds(text: string, at: number): number | undefined {
  if (text.length === at + 1 && isLetter(text, at, 'Z')) return 0;
  const sign = text.charCodeAt(at);
  if (text.length !== at + 6 || (sign !== PLUS && sign !== DASH) || text.charCodeAt(at + 3) !== COLON) return undefined;
  const hours = digitsAt(text, at + 1, 2);
  const minutes = digitsAt(text, at + 4, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  return (sign === PLUS ? 1 : -1) * (hours * 3600 + minutes * 60);
}

function withoutTrailingZeros(text: string, from: number, to: number): string {
  let end = to;
  while (end > from && text.charCodeAt(end - 1) === 0x30) end -= 1;
  return end > from ? text.slice(from, end) : '';
}

/** The number that `count` digits make, or -1 when one of them is no digit. */
function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 0x30;
  }
  return value;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;

const isLetter = (text: string, at: number, capital: string): boolean => text[at] === capital || text[at] === capital.toLowerCase();

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

function daysInMonth(year: number, month: number): number {
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 && leap ? 29 : (monthLengths[month - 1] ?? 0);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar, years counted from March so that the leap day ends them. */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const y = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + dayOfYear - 719_468;
}
