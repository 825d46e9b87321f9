/** SCH, continued: what the values that products show have to do with each other and with the tables of the world. */

import { isRecord, type Product, type Sight } from '../../generators/model/product.ts';
import { currencyTableDate, standingOf } from '../../spec/currency.ts';
import { faultOfWrittenIban, isIbanMark, normalizeIban } from '../../spec/iban.ts';
import type { ProductCode } from '../../spec/values.ts';
import { productTypes, typeOfCode } from '../../spec/values.ts';
import type { Facts } from '../facts.ts';
import type { Rules } from '../rule.ts';

export const values: Pick<Rules<'SCH'>, 'SCH-13' | 'SCH-14' | 'SCH-16' | 'SCH-17'> = {
  'SCH-13': (tell, { facts }) => {
    const types = new Map<string, Sight>();
    return {
      sight(sight) {
        const { product, shown } = sight;
        const { productCode, productType } = shown;
        // A type that is none is SCH-05's and SCH-07's.
        if (product.creation === undefined || productCode === undefined || !isType(productType, facts)) return;
        const first = types.get(productCode);
        if (first === undefined) types.set(productCode, sight);
        else if (first.shown.productType !== productType)
          tell.violated({
            cause: productCode,
            message: `Products of code ${productCode} have different types.`,
            expected: `productType ${first.shown.productType}, as before`,
            received: `productType ${productType}`,
            exchanges: [first.message.id, sight.message.id],
          });
        else if (first.product !== product) tell.holds();
      },
    };
  },

  'SCH-14': (tell) => {
    const owners = new Map<string, Sight>();
    const checked = new WeakMap<Product, string>();
    return {
      sight(sight) {
        const { product, shown, message } = sight;
        if (shown.iban === undefined) return;
        const account = shown.raw.accountData;
        const text = isRecord(account) && typeof account.iban === 'string' ? account.iban : undefined;
        if (text === undefined || checked.get(product) === text) return;
        checked.set(product, text);
        const iban = normalizeIban(text);
        const fault = faultOfWrittenIban(text);
        const owner = owners.get(iban);
        if (owner === undefined) owners.set(iban, sight);
        if (fault !== undefined)
          tell.violated({
            cause: fault,
            message: isIbanMark(text) ? 'An IBAN is wrong.' : `An IBAN is wrong in its ${fault}.`,
            expected: 'a valid IBAN (ISO 13616)',
            received: isIbanMark(text) ? `${text}, as the record keeps it` : `${text.slice(0, 4)}… of ${iban.length} characters`,
            exchanges: [message.id],
          });
        else if (owner !== undefined && digitsOf(owner.product) !== digitsOf(product))
          tell.violated({
            cause: 'one IBAN, two products',
            message: 'Two products show one IBAN.',
            expected: 'an IBAN of its own for each product',
            received: `the IBAN of ${owner.product.id} in ${product.id}`,
            exchanges: [owner.message.id, message.id],
          });
        else tell.holds();
      },
    };
  },

  'SCH-16': (tell) => ({
    sight({ shown, message, product }) {
      const { currency } = shown;
      // The form is SCH-11's.
      if (currency === undefined || product.last?.shown.currency === currency || !/^[A-Z]{3}$/.test(currency)) return;
      if (standingOf(currency) !== 'unknown') tell.holds();
      else
        tell.violated({
          cause: currency,
          message: `${currency} is not in ISO 4217, as far as the table of ${currencyTableDate} knows.`,
          expected: 'a currency of list one or three',
          received: `currency ${currency}`,
          exchanges: [message.id],
        });
    },
  }),

  'SCH-17': (tell, { facts }) => ({
    sight({ shown, message }) {
      const { productCode: code, productType: type, currency } = shown;
      const due = code === undefined || !Object.hasOwn(typeOfCode, code) ? undefined : typeOfCode[code as ProductCode];
      if (due === undefined || !isType(type, facts)) return;
      if (type !== due)
        tell.violated({
          cause: `${code} is ${type}`,
          message: `A ${code} has type ${type}.`,
          expected: `productType ${due}`,
          received: `productType ${type}`,
          exchanges: [message.id],
        });
      else if (code === 'BALANCE_ACCOUNT' && currency !== undefined && currency !== 'EUR' && /^[A-Z]{3}$/.test(currency))
        tell.violated({
          cause: `BALANCE_ACCOUNT in ${currency}`,
          message: 'A BALANCE_ACCOUNT is not in EUR.',
          expected: 'currency EUR',
          received: `currency ${currency}`,
          exchanges: [message.id],
        });
      else tell.holds();
    },
  }),
};

/** An id that is written otherwise, without its hyphens say, is the same product all the same (SCH-09). */
const digitsOf = ({ id }: Product): string => id.replace(/[^0-9a-f]/gi, '').toLowerCase();

const isType = (type: string | undefined, { values }: Facts): type is string =>
  type !== undefined && ((productTypes as readonly string[]).includes(type) || values.productType.includes(type));
