import type { Account } from './product.ts';

const bankCode = '50010060';
const bic = 'SANDDEFFXXX';

/** A German IBAN for the account number, with its check digits by ISO 7064 mod 97-10 (ISO 13616). */
export function ibanOf(accountNumber: number): string {
  const bban = bankCode + String(accountNumber).padStart(10, '0');
  // D and E are 13 and 14 in the reckoning; the check digits stand as 00 at the end.
  const remainder = BigInt(`${bban}131400`) % 97n;
  return `DE${String(98n - remainder).padStart(2, '0')}${bban}`;
}

/** Opens accounts one after the other, each number used once. `first` is the first account number. */
export function createAccounts(first: number): (openedOn: number) => Account {
  let next = first;
  return (openedOn) => ({ iban: ibanOf(next++), bic, modifiedOn: openedOn, availableBalance: 0, withdrawableBalance: 0 });
}
