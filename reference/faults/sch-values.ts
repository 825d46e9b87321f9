import { ibanOf } from '../account.ts';
import type { Override } from '../hooks.ts';
import { changeNew, changeShown, without } from '../overriding.ts';
import type { JsonObject } from '../presentation.ts';
import type { Product } from '../product.ts';
import type { Fault } from '../registry.ts';

/** Writes every time in another form. */
function writeTimes(write: (text: string) => string): Override {
  return (hooks) => ({ writeTime: (time, call) => write(hooks.writeTime(time, call)) });
}

/** Changes what lists show, or gets, and only that. */
function changeIn(kind: 'list' | 'get', change: (shown: JsonObject, product: Product) => JsonObject): Override {
  return changeShown((shown, product, call) => (call.kind === kind ? change(shown, product) : shown));
}

/** Changes the account a product is made with. */
function changeAccount(change: (account: NonNullable<Product['account']>, made: number) => NonNullable<Product['account']>): Override {
  return (hooks) => {
    let made = 0;
    return { newAccount: (openedOn, call) => change(hooks.newAccount(openedOn, call), ++made) };
  };
}

/** Faults of the properties of a product. */
export const schValues: readonly Fault[] = [
  {
    name: 'list-without-modified-on',
    sentence: 'Lists leave out modifiedOn.',
    caughtBy: ['SCH-05'],
    apply: changeIn('list', (shown) => without(shown, 'modifiedOn')),
  },
  {
    name: 'get-without-product-type',
    sentence: 'A get leaves out productType.',
    caughtBy: ['SCH-07', 'LST-03'],
    apply: changeIn('get', (shown) => without(shown, 'productType')),
  },
  {
    name: 'get-of-closed-without-modified-on',
    sentence: 'The get of a closed product leaves out modifiedOn.',
    caughtBy: ['SCH-07'],
    needs: 'history',
    apply: changeIn('get', (shown, product) => (product.status === 'CLOSED' ? without(shown, 'modifiedOn') : shown)),
  },
  {
    name: 'closed-listed-without-created-on',
    sentence: 'A closed product is listed without createdOn.',
    caughtBy: ['SCH-05'],
    needs: 'history',
    apply: changeIn('list', (shown, product) => (product.status === 'CLOSED' ? without(shown, 'createdOn') : shown)),
  },
  {
    name: 'list-type-in-small-letters',
    sentence: 'Lists show productType in small letters.',
    caughtBy: ['SCH-05', 'FLT-01', 'FLT-09', 'LST-03'],
    apply: changeIn('list', (shown, product) => ({ ...shown, productType: product.type.toLowerCase() })),
  },
  {
    name: 'get-says-open',
    sentence: 'A get shows OPEN for ACTIVE.',
    caughtBy: ['SCH-07', 'LST-03'],
    apply: changeIn('get', (shown, product) => (product.status === 'ACTIVE' ? { ...shown, status: 'OPEN' } : shown)),
  },
  {
    name: 'closed-with-small-letters',
    sentence: 'A closed product shows Closed.',
    caughtBy: ['SCH-05', 'SCH-07', 'CLS-01', 'CLS-02', 'FLT-03', 'FLT-09', 'CON-03', 'CON-06', 'CON-07'],
    needs: 'history',
    apply: changeShown((shown, product) => (product.status === 'CLOSED' ? { ...shown, status: 'Closed' } : shown)),
  },
  {
    name: 'code-with-hyphen',
    sentence: 'BALANCE_ACCOUNT is shown as BALANCE-ACCOUNT.',
    caughtBy: ['SCH-05', 'SCH-07', 'CRE-02', 'FLT-02', 'FLT-09'],
    apply: changeShown((shown) => ({ ...shown, productCode: String(shown.productCode).replace('BALANCE_', 'BALANCE-') })),
  },
  {
    name: 'status-as-number',
    sentence: 'Lists show the status as a number.',
    caughtBy: ['SCH-05', 'CLS-01', 'CON-06', 'LST-03'],
    apply: changeIn('list', (shown, product) => ({ ...shown, status: product.status === 'CLOSED' ? 7 : 3 })),
  },
  {
    name: 'filter-value-shown-back',
    sentence: 'A status filter is matched without case, and the products show it as it was written.',
    caughtBy: ['SCH-05', 'FLT-12', 'FLT-17'],
    apply: (hooks) => ({
      readFilters: (call) =>
        hooks.readFilters({
          ...call,
          query: call.query.map(([name, value]) => [name, name === 'status' ? value.toUpperCase() : value] as const),
        }),
      present: (product, call) => {
        const shown = hooks.present(product, call);
        const wanted = call.query.find(([name]) => name === 'status')?.[1];
        return call.kind === 'list' && wanted !== undefined && wanted.toUpperCase() === shown.status ? { ...shown, status: wanted } : shown;
      },
    }),
  },
  {
    name: 'proxies-as-text',
    sentence: 'proxyIds is one text with commas.',
    caughtBy: ['SCH-05', 'SCH-07'],
    apply: changeShown((shown) => (Array.isArray(shown.proxyIds) ? { ...shown, proxyIds: shown.proxyIds.join(',') } : shown)),
  },
  {
    name: 'proxies-not-uuids',
    sentence: 'proxyIds holds numbers of ten digits as text.',
    caughtBy: ['SCH-09', 'SCH-05', 'SCH-07'],
    apply: changeShown((shown) =>
      Array.isArray(shown.proxyIds) ? { ...shown, proxyIds: shown.proxyIds.map((_proxy, index) => `000000000${index}`) } : shown,
    ),
  },
  {
    name: 'second-proxy-cut-short',
    sentence: 'The second proxy id is one character short.',
    caughtBy: ['SCH-09', 'SCH-05', 'SCH-07'],
    apply: changeShown((shown) =>
      Array.isArray(shown.proxyIds)
        ? { ...shown, proxyIds: shown.proxyIds.map((proxy, index) => (index === 1 ? String(proxy).slice(1) : proxy)) }
        : shown,
    ),
  },
  {
    name: 'times-with-space',
    sentence: 'Times have a space for the T.',
    caughtBy: ['SCH-10'],
    apply: writeTimes((text) => text.replace('T', ' ')),
  },
  { name: 'times-without-zone', sentence: 'Times have no zone.', caughtBy: ['SCH-10'], apply: writeTimes((text) => text.replace('Z', '')) },
  {
    name: 'times-with-short-offset',
    sentence: 'Times end with +0000.',
    caughtBy: ['SCH-10'],
    apply: writeTimes((text) => text.replace('Z', '+0000')),
  },
  {
    name: 'times-with-comma',
    sentence: 'Times have a comma before the fraction.',
    caughtBy: ['SCH-10'],
    apply: writeTimes((text) => text.replace('.', ',')),
  },
  {
    name: 'times-without-seconds',
    sentence: 'Times stop at the minute.',
    caughtBy: ['SCH-10'],
    apply: writeTimes((text) => `${text.slice(0, 16)}Z`),
  },
  {
    name: 'created-on-as-number',
    sentence: 'createdOn is milliseconds since 1970.',
    caughtBy: ['SCH-10', 'SCH-05', 'SCH-07'],
    apply: changeShown((shown, product) => ({ ...shown, createdOn: Math.floor(product.createdOn) })),
  },
  {
    name: 'closed-on-a-day',
    sentence: 'closedOn is a date without a time.',
    caughtBy: ['SCH-10'],
    needs: 'history',
    apply: changeShown((shown) => (typeof shown.closedOn === 'string' ? { ...shown, closedOn: shown.closedOn.slice(0, 10) } : shown)),
  },
  {
    name: 'closed-on-with-month-from-nought',
    sentence: 'closedOn counts months from 0 and days from 30 on, so it is no real moment.',
    caughtBy: ['SCH-10'],
    needs: 'history',
    apply: changeShown((shown) =>
      typeof shown.closedOn === 'string' ? { ...shown, closedOn: shown.closedOn.replace(/^(\d{4})-\d\d-\d\d/, '$1-02-30') } : shown,
    ),
  },
  {
    name: 'currency-in-small-letters',
    sentence: 'The currency is in small letters.',
    caughtBy: ['SCH-11'],
    apply: changeShown((shown, product) => (product.currency ? { ...shown, currency: product.currency.toLowerCase() } : shown)),
  },
  {
    name: 'currency-as-symbol',
    sentence: 'The currency of a EUR product is a symbol.',
    caughtBy: ['SCH-11'],
    apply: changeShown((shown) => (shown.currency === 'EUR' ? { ...shown, currency: '€' } : shown)),
  },
  {
    name: 'currency-as-number',
    sentence: 'The currency is the number of ISO 4217.',
    caughtBy: ['SCH-11'],
    apply: changeShown((shown, product) => (product.currency ? { ...shown, currency: product.currency === 'EUR' ? '978' : '840' } : shown)),
  },
  {
    name: 'currency-of-no-country',
    sentence: 'A currency wallet shows the currency USX.',
    caughtBy: ['SCH-16'],
    apply: changeNew((product) => (product.code === 'CURRENCY_WALLET' ? { ...product, currency: 'USX' } : product)),
  },
  {
    name: 'closed-on-null-while-open',
    sentence: 'An open product shows closedOn as null.',
    caughtBy: ['SCH-12'],
    apply: changeShown((shown) => ({ closedOn: null, ...shown })),
  },
  {
    name: 'currency-null',
    sentence: 'A depository account shows currency as null.',
    caughtBy: ['SCH-12'],
    apply: changeShown((shown) => ({ currency: null, ...shown })),
  },
  {
    name: 'proxies-null',
    sentence: 'A product without proxies is listed with proxyIds null.',
    caughtBy: ['SCH-12'],
    apply: changeIn('list', (shown) => ({ proxyIds: null, ...shown })),
  },
  {
    name: 'opened-on-null-once-closed',
    sentence: 'A closed product shows openedOn as null.',
    caughtBy: ['SCH-12', 'CLS-05'],
    needs: 'history',
    apply: changeShown((shown, product) => (product.status === 'CLOSED' ? { ...shown, openedOn: null } : shown)),
  },
  {
    name: 'wallet-type-by-turns',
    sentence: 'Every second WALLET is of the type CASH.',
    caughtBy: ['SCH-13'],
    needs: 'history',
    apply: (hooks) => {
      let wallets = 0;
      return { typeOf: (code) => (code === 'WALLET' && ++wallets % 2 === 0 ? 'CASH' : hooks.typeOf(code)) };
    },
  },
  {
    name: 'third-depository-is-cash',
    sentence: 'The third DEPOSITORY_ACCOUNT of a customer is of the type CASH.',
    caughtBy: ['SCH-13', 'SCH-17'],
    needs: 'history',
    apply: changeNew((product, call) => {
      const others = call.system.store.productsOf(product.customer).filter((other) => other.code === 'DEPOSITORY_ACCOUNT');
      return product.code === 'DEPOSITORY_ACCOUNT' && others.length === 2 ? { ...product, type: 'CASH' } : product;
    }),
  },
  {
    name: 'iban-with-check-digits-nought',
    sentence: 'The check digits of an IBAN are 00.',
    caughtBy: ['SCH-14'],
    apply: changeAccount((account) => ({ ...account, iban: `DE00${account.iban.slice(4)}` })),
  },
  {
    name: 'iban-too-short',
    sentence: 'An IBAN has one digit too few.',
    caughtBy: ['SCH-14'],
    apply: changeAccount((account) => ({ ...account, iban: account.iban.slice(0, -1) })),
  },
  {
    name: 'iban-of-one-account',
    sentence: 'Every tenth account gets the IBAN of the one before it.',
    caughtBy: ['SCH-14'],
    needs: 'history',
    apply: (hooks) => {
      let last = '';
      let made = 0;
      return {
        newAccount: (openedOn, call) => {
          const account = hooks.newAccount(openedOn, call);
          const iban: string = ++made % 10 === 0 ? last : account.iban;
          last = iban;
          return { ...account, iban };
        },
      };
    },
  },
  {
    name: 'iban-of-every-account-the-same',
    sentence: 'All accounts show one IBAN.',
    caughtBy: ['SCH-14', 'FLT-15'],
    needs: 'history',
    apply: changeAccount((account) => ({ ...account, iban: ibanOf(1) })),
  },
  {
    name: 'balance-account-in-dollars',
    sentence: 'A balance account is in USD.',
    caughtBy: ['SCH-17'],
    apply: changeNew((product) => (product.code === 'BALANCE_ACCOUNT' ? { ...product, currency: 'USD' } : product)),
  },
  {
    name: 'currency-wallet-is-cash',
    sentence: 'A currency wallet is of the type CASH.',
    caughtBy: ['SCH-17'],
    apply: (hooks) => ({ typeOf: (code) => (code === 'CURRENCY_WALLET' ? 'CASH' : hooks.typeOf(code)) }),
  },
  {
    name: 'depository-is-a-wallet',
    sentence: 'A depository account is of the type WALLET.',
    caughtBy: ['SCH-17'],
    apply: (hooks) => ({ typeOf: (code) => (code === 'DEPOSITORY_ACCOUNT' ? 'WALLET' : hooks.typeOf(code)) }),
  },
];
