import fc from 'fast-check';
import { composeIBAN } from 'ibantools';
import { describe, expect, it } from 'vitest';
import { currencyTableDate, standingOf } from '../../spec/currency.ts';
import { faultOfIban, normalizeIban } from '../../spec/iban.ts';

describe('a currency', () => {
  it.each([
    ['EUR', 'current'],
    ['USD', 'current'],
    ['CHF', 'current'],
    ['ZWG', 'current'],
    ['XCG', 'later'],
    ['XAD', 'later'],
    ['DEM', 'historic'],
    ['HRK', 'historic'],
    ['ZWL', 'historic'],
    ['XYZ', 'unknown'],
    ['eur', 'unknown'],
    ['EU', 'unknown'],
    ['', 'unknown'],
    ['toString', 'unknown'],
  ])('%s is %s', (code, standing) => {
    expect(standingOf(code)).toBe(standing);
  });

  it('is looked up in a table with a date', () => {
    expect(currencyTableDate).toMatch(/^\d{4}-\d{2}-\d{2}$/);
  });
});

const austrian = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 16, maxLength: 16 }).map((bban) => {
  const iban = composeIBAN({ countryCode: 'AT', bban });
  if (iban === null) throw new Error(`Expected an IBAN for ${bban}, got none.`);
  return iban;
});

describe('an IBAN', () => {
  it.each([
    'AT611904300234573201',
    'DE89370400440532013000',
    'NL91ABNA0417164300',
    'GB82WEST12345698765432',
    'MT84MALT011000012345MTLCAST001S',
    'NO9386011117947',
    'at61 1904 3002 3457 3201',
  ])('is valid: %s', (iban) => {
    expect(faultOfIban(iban)).toBeUndefined();
  });

  it.each([
    ['', 'characters'],
    ['AT61', 'characters'],
    ['61AT1904300234573201', 'characters'],
    ['AT6119043002345732Ö1', 'characters'],
    ['ZZ611904300234573201', 'country'],
    ['AT61190430023457320', 'length'],
    ['AT6119043002345732011', 'length'],
    ['AT621904300234573201', 'check digits'],
    ['AT611904300234573210', 'check digits'],
  ])('%j is wrong in its %s', (iban, fault) => {
    expect(faultOfIban(iban)).toBe(fault);
  });

  it('does not answer for accounts, whose own checks are the business of banks', () => {
    // A Belgian account number whose inner check digits are wrong, under right outer ones.
    expect(faultOfIban('BE16000000000102')).toBeUndefined();
  });

  it('that a library composes is valid, and no longer with one digit changed', () => {
    fc.assert(
      fc.property(austrian, fc.integer({ min: 2, max: 19 }), fc.integer({ min: 1, max: 9 }), (iban, at, by) => {
        expect(faultOfIban(iban)).toBeUndefined();
        const changed = iban.slice(0, at) + ((Number(iban[at]) + by) % 10) + iban.slice(at + 1);
        expect(faultOfIban(changed)).toBe('check digits');
      }),
    );
  });

  it('has one spelling to compare by', () => {
    expect(normalizeIban('at61 1904 3002 3457 3201')).toBe('AT611904300234573201');
  });

  it('removed from the record says itself whether it was valid', () => {
    expect(faultOfIban('«iban#3 valid»')).toBeUndefined();
    expect(faultOfIban('«iban#3 invalid»')).toBe('check digits');
    expect(normalizeIban('«iban#3 valid»')).toBe('«iban#3»');
    expect(faultOfIban('«iban#3»')).toBe('characters');
  });
});
