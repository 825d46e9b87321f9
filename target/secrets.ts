/** The secrets of a run and the marks that stand for them in the record. */

import { filterNames, productCodes, productTypes, statuses } from '../spec/values.ts';
import { createPieces } from './pieces.ts';

/** `credential`: what was presented as one without being known, such as a token with a character changed. */
export type SecretKind = 'token' | 'refresh-token' | 'id-token' | 'client-secret' | 'credential' | 'passphrase' | 'header';

/**
 * What stands in the record for a secret: `«redacted:token#2»`. The number tells secrets of a kind apart, the same all through a run.
 * `short` is there when the secret has fewer than 16 characters, which a text may also hold by chance.
 */
export const markPattern = /«redacted:(token|refresh-token|id-token|client-secret|credential|passphrase|header)#(\d+)( short)?»/g;

export interface Secrets {
  /**
   * The mark of a secret, from now on taken out of every text (short ones, and what was never known, only where they would be missed);
   * `owner` is the client id a client secret belongs to.
   */
  add(kind: SecretKind, secret: string, owner?: string): string;
  /** Another written form of a secret that is known by its mark. */
  addForm(text: string, mark: string): void;
  /** The mark of a secret in any of its written forms, if it is known. */
  find(text: string): string | undefined;
  /** Written forms known so far. What `find` and `redact` say of a text stays the same as long as this does. */
  readonly count: number;
  /** The text with every known secret replaced by its mark. */
  redact(text: string): string;
}

/** Shorter ones are replaced only where they stand as a word of their own … */
const wordBelow = 8;
/** … and still shorter ones, or words of the API, only where they are known to be secrets. */
const silentBelow = 4;
/** … but for forms that are long enough to mean nothing else. */
const distinctFrom = 12;
const shortBelow = 16;
const commonWords = new Set(
  [
    ...productTypes,
    ...productCodes,
    ...statuses,
    ...filterNames,
    'eur null true false client secret token bearer basic error code type title detail'.split(' '),
  ]
    .flat()
    .map((word) => word.toLowerCase()),
);

interface Form {
  readonly text: string;
  readonly mark: string;
  /** For short secrets: where the form stands as a word. */
  readonly word?: RegExp;
}

const escapePattern = (text: string): string => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
const encodeForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
/** As careful clients write Basic credentials: everything but letters and digits escaped. */
const encodeStrictly = (text: string): string =>
  encodeForm(text).replaceAll(/[-_.*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
const encodeBase64 = (text: string): string[] => {
  const coded = Buffer.from(text, 'utf8').toString('base64');
  return [coded.replace(/=+$/, ''), Buffer.from(text, 'utf8').toString('base64url')];
};
const lowerPercents = (text: string): string => text.replaceAll(/%[0-9A-F]{2}/g, (octet) => octet.toLowerCase());
const encodeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');

/** Only what is not ASCII escaped: as writers of JSON do, and what is left of a text that was escaped whole once its ASCII is read again. */
const encodeForeign = (text: string): string[] => {
  const escapeWith = (write: (letter: string) => string): string => text.replaceAll(/[^\0-\x7f]/g, write);
  const unit = (letter: string): string => letter.charCodeAt(0).toString(16).padStart(4, '0');
  // A lone surrogate has no octets: what is left of it in UTF-8 is its replacement.
  const pointwise = text.replaceAll(/[^\0-\x7f]+/gu, (letters) => encodeURIComponent(Buffer.from(letters).toString()));
  return [
    escapeWith((letter) => `\\u${unit(letter)}`),
    escapeWith((letter) => `\\u${unit(letter).toUpperCase()}`),
    pointwise,
    lowerPercents(pointwise),
  ];
};

/** The ways a secret is written on the wire or likely to be echoed. */
const writeForms = (secret: string, owner: string | undefined): Set<string> => {
  const quoted = JSON.stringify(secret).slice(1, -1);
  const encoded = [encodeForm(secret), encodeForm(secret).replaceAll('+', '%20'), encodeStrictly(secret)];
  const forms = [
    secret,
    quoted,
    quoted.replaceAll('/', '\\/'),
    ...encoded,
    ...encoded.map(lowerPercents),
    encodeHtml(secret),
    ...encodeBase64(secret),
    ...encodeForeign(secret),
  ];
  if (owner !== undefined) {
    for (const encode of [(text: string) => text, encodeForm, encodeStrictly])
      forms.push(...encodeBase64(`${encode(owner)}:${encode(secret)}`));
  }
  return new Set(forms);
};

export const createSecrets = (): Secrets => {
  const marks = new Map<string, string>();
  const marksOfForms = new Map<string, string>();
  const counts = new Map<SecretKind, number>();
  const forms: Form[] = [];
  const pieces = createPieces();

  const scanFor = (kind: SecretKind, secret: string, text: string, mark: string): void => {
    if (kind === 'credential' && secret.length < shortBelow) return;
    const isOrdinary = secret.length < silentBelow || commonWords.has(secret.toLowerCase());
    if (isOrdinary && text.length < distinctFrom) return;
    const isWord = secret.length < wordBelow && text.length < wordBelow * 2;
    pieces.add(text);
    forms.push(
      isWord ? { text, mark, word: new RegExp(`(?<![\\p{L}\\p{N}_-])${escapePattern(text)}(?![\\p{L}\\p{N}_-])`, 'gu') } : { text, mark },
    );
  };

  // The longest first: a secret may hold another.
  const sort = (): void => void forms.sort((a, b) => b.text.length - a.text.length);

  /** Where the forms begin that fit into a text of so many characters: most texts are header fields, and shorter than most secrets. */
  const firstWithin = (length: number): number => {
    let from = 0;
    for (let to = forms.length; from < to; ) {
      const middle = (from + to) >>> 1;
      if (forms[middle]!.text.length > length) from = middle + 1;
      else to = middle;
    }
    return from;
  };

  return {
    add(kind, secret, owner) {
      const known = marks.get(secret);
      if (known !== undefined && owner === undefined) return known;
      const number = (counts.get(kind) ?? 0) + 1;
      if (known === undefined) counts.set(kind, number);
      const mark = known ?? `«redacted:${kind}#${number}${secret.length < shortBelow ? ' short' : ''}»`;
      marks.set(secret, mark);
      for (const text of writeForms(secret, owner)) {
        if (text === '' || marksOfForms.has(text)) continue;
        marksOfForms.set(text, mark);
        scanFor(kind, secret, text, mark);
      }
      sort();
      return mark;
    },
    addForm(text, mark) {
      if (marksOfForms.has(text)) return;
      marksOfForms.set(text, mark);
      if (text.length < distinctFrom) return;
      pieces.add(text);
      forms.push({ text, mark });
      sort();
    },
    find: (text) => marksOfForms.get(text) ?? marksOfForms.get(text.replace(/=+$/, '')),
    get count() {
      return marksOfForms.size;
    },
    redact(text) {
      if (!pieces.mayBeIn(text)) return text;
      let redacted = text;
      for (let index = firstWithin(text.length); index < forms.length; index += 1) {
        const form = forms[index]!;
        if (!redacted.includes(form.text)) continue;
        redacted = form.word === undefined ? redacted.replaceAll(form.text, () => form.mark) : redacted.replace(form.word, () => form.mark);
      }
      return redacted;
    },
  };
};
