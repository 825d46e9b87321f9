/** IBANs that look like another: for finding comparisons that stop short. */
import { faultOfIban, normalizeIban } from '../spec/iban.ts';

/**
 * A valid IBAN of the same country that differs from the given one in a single digit of the account besides the check digits: in its
 * last digit (`head` is shared) or in its first (`tail`). `undefined` where there is none.
 */
export function nearIban(iban: string, sharing: 'head' | 'tail'): string | undefined {
  const own = normalizeIban(iban);
  const account = own.slice(4);
  const at = sharing === 'head' ? account.search(/\d\D*$/) : account.search(/\d/);
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
