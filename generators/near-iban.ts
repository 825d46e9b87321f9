/** IBANs that look like another: for finding comparisons that stop short. */
import { faultOfIban, normalizeIban } from '../spec/iban.ts';

/** What the other IBAN shares with the given one. */
export type Shared = 'head' | 'tail' | 'checkDigits' | 'account';

/**
 * An IBAN of the same country that no comparison may take for the given one.
 * - `head`, `tail`: valid, and differs in a single digit of the account besides the check digits: in its last digit, or in its first
 * - `checkDigits`: valid, with the same check digits, and differs in the last digits of the account only
 * - `account`: differs in the check digits only, and so is not valid
 *
 * `undefined` where there is none.
 */
export function nearIban(iban: string, shared: Shared): string | undefined {
  const own = normalizeIban(iban);
  if (shared === 'checkDigits') return withSameCheckDigits(own);
  if (shared === 'account') {
    const check = (Number(own.slice(2, 4)) + 1) % 97;
    return `${own.slice(0, 2)}${String(check).padStart(2, '0')}${own.slice(4)}`;
  }
  const account = own.slice(4);
  const at = shared === 'head' ? account.search(/\d\D*$/) : account.search(/\d/);
  if (at < 0) return undefined;
  for (let step = 1; step < 10; step += 1) {
    const digit = (Number(account[at]) + step) % 10;
    const changed = `${account.slice(0, at)}${digit}${account.slice(at + 1)}`;
    for (let check = 2; check <= 98; check += 1) {
      const candidate = `${own.slice(0, 2)}${String(check).padStart(2, '0')}${changed}`;
      if (faultOfIban(candidate) === undefined) return candidate;
    }
  }
  return undefined;
}

/** The calculation is modulo 97: a number at the end that is larger or smaller by it has the same check digits. */
function withSameCheckDigits(own: string): string | undefined {
  const [digits = ''] = /\d{2,15}$/.exec(own.slice(4)) ?? [];
  for (const step of [97, -97]) {
    const changed = String(Number(digits) + step).padStart(digits.length, '0');
    const candidate = `${own.slice(0, own.length - digits.length)}${changed}`;
    if (changed.length === digits.length && !changed.includes('-') && faultOfIban(candidate) === undefined) return candidate;
  }
  return undefined;
}
