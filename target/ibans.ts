/**
 * The IBANs of products that are not ours, and the marks that stand for them in the record. The first sight of an IBAN decides for the
 * whole run what stands for it, so that two that are equal stay equal: a product of ours that is listed before the answer to its create
 * came keeps a mark.
 */
import { faultOfWrittenIban, isIbanMark, markIban, normalizeIban } from '../spec/iban.ts';
import { compileNames, replaceMembers } from './json-members.ts';

export interface Ibans {
  /** A product that this run created: its IBAN stays, unless it was seen before. */
  own(product: string): void;
  /** The mark of an IBAN that is not ours, from now on taken out of every text. */
  mark(iban: string): string;
  /** JSON text with the `iban` members of products that are not ours replaced by marks. */
  redactMembers(text: string): string;
  /** IBANs with marks so far. What `redact` makes of a text stays the same as long as this does. */
  readonly count: number;
  /** Any text with all IBANs that have marks replaced by them, however they are grouped or cased. */
  redact(text: string): string;
  /** A path and query that go out: marks become what they stand for. */
  reveal(path: string): string;
  /** What `derive` makes of an IBAN; of one that has a mark, a mark again. */
  derive(iban: string, derive: (real: string) => string | undefined): string | undefined;
}

const ibanMember = compileNames(['iban']);
/** As `encodeURIComponent` writes a mark. */
const encodedMark = /%C2%ABiban%23\d+%20(?:in)?valid%C2%BB/g;
const start = /[A-Z]{2}\d{2}/gi;
/** What people put between the groups of an IBAN, as it is or in an address. */
const separator = /^(?:%20|[ +-])/;
const alphanumeric = /[A-Za-z0-9]/;
/** Anything shorter may be part of another word. */
const shortest = 10;

const parse = (raw: string): unknown => {
  try {
    return JSON.parse(raw) as unknown;
  } catch {
    return undefined;
  }
};

export const createIbans = (): Ibans => {
  const products = new Set<string>();
  /** Of our own products, in one spelling. */
  const ours = new Set<string>();
  /** Of others, in one spelling: their numbers. */
  const numbers = new Map<string, number>();
  /** What each mark stands for, as it was first written. */
  const meant = new Map<string, string>();
  /** Of those long enough to be looked for: how long they are, and how they begin. */
  const lengths = new Set<number>();
  const beginnings = new Set<string>();

  const mark = (written: string): string => {
    const iban = normalizeIban(written);
    let number = numbers.get(iban);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(iban, number);
      if (iban.length >= shortest) {
        lengths.add(iban.length);
        beginnings.add(iban.slice(0, 4));
      }
    }
    const text = markIban(number, !isIbanMark(written) && faultOfWrittenIban(written) === undefined);
    if (!meant.has(text)) meant.set(text, written);
    return text;
  };

  /** Reads in whole content whose the IBANs are that were not met before. Content may be nested as deep as it likes. */
  const learn = (text: string): void => {
    const waiting: { readonly value: unknown; readonly isOurs: boolean }[] = [{ value: parse(text), isOurs: false }];
    for (const { value, isOurs } of waiting) {
      if (typeof value !== 'object' || value === null) continue;
      if (Array.isArray(value)) {
        for (const each of value) waiting.push({ value: each, isOurs });
        continue;
      }
      const { customerProductId: id, iban } = value as Readonly<Record<string, unknown>>;
      const isOfOurs = typeof id === 'string' ? products.has(id.toLowerCase()) : isOurs;
      if (isOfOurs && typeof iban === 'string' && !isIbanMark(iban) && !numbers.has(normalizeIban(iban))) ours.add(normalizeIban(iban));
      for (const each of Object.values(value)) if (typeof each === 'object') waiting.push({ value: each, isOurs: isOfOurs });
    }
  };

  /** The end, in the text, of an IBAN with a mark that begins at `from`, and its spelling without separators. */
  const find = (text: string, from: number): { readonly end: number; readonly iban: string } | undefined => {
    const longest = Math.max(...lengths);
    let iban = '';
    for (let at = from; at < text.length && iban.length < longest; ) {
      const letter = text[at]!;
      if (alphanumeric.test(letter)) {
        iban += letter.toUpperCase();
        at++;
        if (lengths.has(iban.length) && numbers.has(iban) && !alphanumeric.test(text[at] ?? '')) return { end: at, iban };
        continue;
      }
      const between = separator.exec(text.slice(at, at + 3));
      if (between === null) return undefined;
      at += between[0].length;
    }
    return undefined;
  };

  const ibans: Ibans = {
    own: (product) => void products.add(product.toLowerCase()),
    mark,
    redactMembers(text) {
      if (!text.includes('iban"')) return text;
      let isLearnt = false;
      return replaceMembers(text, ibanMember, (_, raw) => {
        const written = parse(raw);
        // What was marked already stays so.
        if (typeof written !== 'string' || meant.has(written)) return raw;
        const iban = normalizeIban(written);
        if (!isLearnt && !ours.has(iban) && !numbers.has(iban)) {
          learn(text);
          isLearnt = true;
        }
        return ours.has(iban) ? raw : JSON.stringify(mark(written));
      });
    },
    get count() {
      return numbers.size;
    },
    redact(text) {
      if (lengths.size === 0) return text;
      let redacted = '';
      let done = 0;
      start.lastIndex = 0;
      for (let found = start.exec(text); found !== null; found = start.exec(text)) {
        const whole = beginnings.has(found[0].toUpperCase()) ? find(text, found.index) : undefined;
        start.lastIndex = whole?.end ?? found.index + 1;
        if (whole === undefined) continue;
        redacted += text.slice(done, found.index) + mark(whole.iban);
        done = whole.end;
      }
      return done === 0 ? text : redacted + text.slice(done);
    },
    reveal: (path) =>
      path.includes('%C2%ABiban')
        ? path.replaceAll(encodedMark, (text) => encodeURIComponent(meant.get(decodeURIComponent(text)) ?? decodeURIComponent(text)))
        : path,
    derive(iban, derive) {
      const real = meant.get(iban);
      const derived = derive(real ?? iban);
      return derived === undefined || real === undefined ? derived : mark(derived);
    },
  };
  return ibans;
};
