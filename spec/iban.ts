/** IBANs (ISO 13616): one spelling of each, and what is wrong with one. */
import { electronicFormatIBAN, getCountrySpecifications } from 'ibantools';

/** Also of countries that use IBANs and are not in the registry, or were not when the table was made. */
const lengths: ReadonlyMap<string, number> = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) => (chars === null ? [] : [[country, chars] as const])),
);

const mark = /^«iban#(\d+) (valid|invalid)»$/;

/**
 * What the record holds in place of an IBAN that is not ours to show. Equal IBANs of one record have equal numbers; `isValid` is of the
 * spelling that was shown, which may differ from time to time.
 */
export const markIban = (number: number, isValid: boolean): string => `«iban#${number} ${isValid ? 'valid' : 'invalid'}»`;

export const isIbanMark = (text: string): boolean => text.startsWith('«') && mark.test(text);

/** Capitals without spaces, the spelling in which two IBANs are the same account or not; of a mark, its number alone. */
export function normalizeIban(text: string): string {
  if (text.startsWith('«')) return text.replace(mark, '«iban#$1»');
  return electronicFormatIBAN(text) ?? text;
}

export type IbanFault = 'characters' | 'country' | 'length' | 'check digits';

/**
 * The first thing wrong with an IBAN in any spelling, or undefined when it is valid: characters, then country,
 * then its length, then the check digits (ISO 7064 MOD 97-10). What banks put inside, account checks of a country too, is not judged.
 * A mark of the record says itself whether it stood for a valid one; its fault, if any, is called `check digits`.
 */
export function faultOfIban(text: string): IbanFault | undefined {
  const marked = mark.exec(text);
  if (marked !== null) return marked[2] === 'valid' ? undefined : 'check digits';
  const iban = normalizeIban(text);
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]+$/.test(iban)) return 'characters';
  const length = lengths.get(iban.slice(0, 2));
  if (length === undefined) return 'country';
  if (iban.length !== length) return 'length';
  return hasCheckDigits(iban) ? undefined : 'check digits';
}

/** The same of an IBAN as an answer shows it: the electronic form has capitals and digits only. */
export function faultOfWrittenIban(text: string): IbanFault | undefined {
  return faultOfIban(text) ?? (isIbanMark(text) || normalizeIban(text) === text ? undefined : 'characters');
}

/** 02 to 98 are the only digits that the calculation gives; 00, 01 and 99 are another account's remainder written wrong. */
function hasCheckDigits(iban: string): boolean {
  const given = Number(iban.slice(2, 4));
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1 && given >= 2 && given <= 98;
}
