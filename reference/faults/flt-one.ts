import type { FilterName } from '../../spec/values.ts';
import { answerEmpty } from '../answer.ts';
import type { Filters } from '../filters.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import { without } from '../overriding.ts';
import type { Product } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

/** A filter that says yes also where `also` does. */
function widen(also: (product: Product, filters: Filters, call: ClientCall) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    matches: (product, filters, call) => hooks.matches(product, filters, call) || also(product, filters, call),
  });
}

/** A filter that says no also where `not` does. */
function narrow(not: (product: Product, filters: Filters, call: ClientCall) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    matches: (product, filters, call) => hooks.matches(product, filters, call) && !not(product, filters, call),
  });
}

/** The product passes every filter but this one, which is there. */
function passesWithout(hooks: Hooks, name: FilterName, product: Product, filters: Filters, call: ClientCall): boolean {
  return filters[name] !== undefined && hooks.matches(product, without(filters, name), call);
}

const ignore =
  (name: FilterName) =>
  (hooks: Hooks): Partial<Hooks> => ({
    matches: (product, filters, call) => hooks.matches(product, without(filters, name), call),
  });

/** Compares one filter by another measure than equality. */
function compare(name: FilterName, own: (product: Product) => string | undefined, isLike: (own: string, asked: string) => boolean) {
  return (hooks: Hooks): Partial<Hooks> => ({
    matches: (product, filters, call) => {
      const asked = filters[name];
      const value = own(product);
      return (
        hooks.matches(product, filters, call) ||
        (asked !== undefined && value !== undefined && passesWithout(hooks, name, product, filters, call) && isLike(value, asked))
      );
    },
  });
}

/** What the query says of a filter goes past the check of its values. */
function uncheck(name: FilterName, take: (value: string) => string | undefined) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readFilters: (call) => {
      const query = call.query.flatMap(([key, value]) => {
        const taken = key === name ? take(value) : value;
        return taken === undefined ? [] : [[key, taken] as const];
      });
      return hooks.readFilters({ ...call, query });
    },
  });
}

const known = ['RECEIVED', 'INVALID', 'PENDING', 'ACTIVE', 'BLOCKED', 'RESTRICTED', 'INACTIVE', 'CLOSED', 'REJECTED'];
const codes = ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'];

/** Faults of one filter alone. */
export const fltOne: readonly Fault[] = [
  { name: 'product-type-ignored', sentence: 'The filter productType is ignored.', caughtBy: ['FLT-01'], apply: ignore('productType') },
  { name: 'product-code-ignored', sentence: 'The filter productCode is ignored.', caughtBy: ['FLT-02'], apply: ignore('productCode') },
  { name: 'status-ignored', sentence: 'The filter status is ignored.', caughtBy: ['FLT-03'], apply: ignore('status') },
  { name: 'iban-ignored', sentence: 'The filter iban is ignored.', caughtBy: ['FLT-08', 'FLT-15'], apply: ignore('iban') },
  {
    name: 'type-cash-lists-depositories',
    sentence: 'productType CASH lists depositories too.',
    caughtBy: ['FLT-01', 'FLT-11'],
    apply: widen(
      (product, filters) =>
        filters.productType === 'CASH' &&
        filters.productCode === undefined &&
        filters.status === undefined &&
        filters.iban === undefined &&
        product.type === 'DEPOSITORY',
    ),
  },
  {
    name: 'type-wallet-without-currency-wallets',
    sentence: 'productType WALLET lists no currency wallets.',
    caughtBy: ['FLT-04', 'FLT-11'],
    apply: narrow((product, filters) => filters.productType === 'WALLET' && product.code === 'CURRENCY_WALLET'),
  },
  {
    name: 'type-filter-without-closed',
    sentence: 'With productType closed products are not listed.',
    caughtBy: ['FLT-04'],
    needs: 'history',
    apply: narrow((product, filters) => filters.productType !== undefined && filters.status === undefined && product.status === 'CLOSED'),
  },
  {
    name: 'code-filter-without-closed',
    sentence: 'With productCode closed products are not listed.',
    caughtBy: ['FLT-05'],
    needs: 'history',
    apply: narrow((product, filters) => filters.productCode !== undefined && filters.status === undefined && product.status === 'CLOSED'),
  },
  {
    name: 'code-filter-misses-the-first',
    sentence: 'A list with productCode leaves out the customer’s first product.',
    caughtBy: ['FLT-05'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        hooks
          .selectList(customer, filters, call)
          .filter((product) => filters.productCode === undefined || product !== hooks.productsOf(customer, call)[0]),
    }),
  },
  {
    name: 'code-of-wallet-lists-all-wallets',
    sentence: 'productCode WALLET lists every code that ends with WALLET.',
    caughtBy: ['FLT-02', 'FLT-11'],
    apply: compare(
      'productCode',
      (product) => product.code,
      (own, asked) => own.endsWith(asked),
    ),
  },
  {
    name: 'status-inactive-lists-active',
    sentence: 'status INACTIVE lists ACTIVE products: the value is looked for inside.',
    caughtBy: ['FLT-03', 'FLT-07', 'FLT-11'],
    apply: compare(
      'status',
      (product) => product.status,
      (own, asked) => asked.includes(own),
    ),
  },
  {
    name: 'status-filter-by-history',
    sentence: 'A closed product is listed with status ACTIVE too, as it once was.',
    caughtBy: ['FLT-03', 'FLT-14'],
    needs: 'history',
    apply: compare(
      'status',
      (product) => (product.openedOn === undefined ? undefined : 'ACTIVE'),
      (own, asked) => own === asked,
    ),
  },
  {
    name: 'status-closed-lists-five',
    sentence: 'status CLOSED lists the five latest closed products only.',
    caughtBy: ['FLT-06', 'FLT-14'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        filters.status === 'CLOSED' ? hooks.selectList(customer, filters, call).slice(-5) : hooks.selectList(customer, filters, call),
    }),
  },
  {
    name: 'filtered-list-of-twenty',
    sentence: 'A list with a filter shows 20 products at most.',
    caughtBy: ['FLT-04', 'FLT-05', 'FLT-06', 'FLT-11'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        hooks.selectList(customer, filters, call).slice(0, Object.keys(filters).length > 0 ? 20 : undefined),
    }),
  },
  {
    name: 'filters-look-at-the-first-fifty',
    sentence: 'A filter looks at the customer’s first 50 products only.',
    caughtBy: ['FLT-04', 'FLT-05', 'FLT-06', 'FLT-08', 'FLT-11'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const first = new Set(hooks.productsOf(customer, call).slice(0, 50));
        const selected = hooks.selectList(customer, filters, call);
        return Object.keys(filters).length > 0 ? selected.filter((product) => first.has(product)) : selected;
      },
    }),
  },
  {
    name: 'status-filter-limit-before-filter',
    sentence: 'A list with status is cut to the newest 32 products before the filter is applied.',
    caughtBy: ['FLT-06', 'FLT-11'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const newest = new Set(hooks.productsOf(customer, call).slice(-32));
        const selected = hooks.selectList(customer, filters, call);
        return filters.status !== undefined ? selected.filter((product) => newest.has(product)) : selected;
      },
    }),
  },
  {
    name: 'no-match-not-found',
    sentence: 'A filter that nothing passes is 404.',
    caughtBy: ['FLT-07', 'SCH-01', 'FLT-08'],
    apply: (hooks) => ({
      answerList: (products, call) => {
        if (products.length === 0 && Object.keys(hooks.readFilters(call)).length > 0)
          throw new Refusal(404, 'No product passes the filters.');
        return hooks.answerList(products, call);
      },
    }),
  },
  {
    name: 'no-match-no-content',
    sentence: 'A filter that nothing passes is 204.',
    caughtBy: ['FLT-07', 'SCH-01'],
    apply: (hooks) => ({
      answerList: (products, call) =>
        products.length === 0 && call.query.length > 0 ? answerEmpty(204) : hooks.answerList(products, call),
    }),
  },
  {
    name: 'no-match-lists-all',
    sentence: 'A filter that nothing passes lists everything.',
    caughtBy: ['FLT-07', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-08', 'FLT-15'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        return selected.length > 0 ? selected : hooks.selectList(customer, {}, call);
      },
    }),
  },
  {
    name: 'iban-of-closed-gives-nothing',
    sentence: 'The IBAN of a closed product gives nothing.',
    caughtBy: ['FLT-08'],
    needs: 'history',
    apply: narrow((product, filters) => filters.iban !== undefined && product.status === 'CLOSED'),
  },
  {
    name: 'iban-compared-by-bank',
    sentence: 'Of an IBAN the bank code counts.',
    caughtBy: ['FLT-08', 'FLT-15'],
    apply: compare(
      'iban',
      (product) => product.account?.iban,
      (own, asked) => own.slice(4, 12) === asked.slice(4, 12),
    ),
  },
  {
    name: 'iban-compared-without-last-digit',
    sentence: 'Of an IBAN the check digits and the last digit do not count.',
    caughtBy: ['FLT-08', 'FLT-15'],
    needs: 'history',
    apply: compare(
      'iban',
      (product) => product.account?.iban,
      (own, asked) => own.slice(4, -1) === asked.slice(4, -1),
    ),
  },
  {
    name: 'iban-compared-up-to-eighteen',
    sentence: 'Of an IBAN the first 18 characters count: so wide is the column.',
    caughtBy: ['FLT-08'],
    needs: 'history',
    apply: compare(
      'iban',
      (product) => product.account?.iban,
      (own, asked) => own.slice(0, 18) === asked.slice(0, 18),
    ),
  },
  {
    name: 'iban-lists-products-without-one',
    sentence: 'A list with iban shows the products that have none as well.',
    caughtBy: ['FLT-08', 'FLT-15', 'FLT-01', 'FLT-02', 'FLT-03'],
    apply: widen((product, filters) => filters.iban !== undefined && product.account === undefined),
  },
  {
    name: 'iban-of-anyone',
    sentence: 'A list with iban shows the product that has it, whoever’s it is.',
    caughtBy: ['FLT-15', 'OWN-01'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        filters.iban === undefined
          ? hooks.selectList(customer, filters, call)
          : call.system.store.all().filter((product) => hooks.matches(product, filters, call)),
    }),
  },
  {
    name: 'unknown-status-lists-all',
    sentence: 'A status outside the enumeration is no filter.',
    caughtBy: ['FLT-12', 'FLT-17'],
    apply: uncheck('status', (value) => (known.includes(value) ? value : undefined)),
  },
  {
    name: 'unknown-status-lists-none',
    sentence: 'A status outside the enumeration gives an empty list.',
    caughtBy: ['FLT-17'],
    apply: uncheck('status', (value) => (known.includes(value) ? value : 'RECEIVED')),
  },
  {
    name: 'unknown-code-is-wallet',
    sentence: 'A productCode outside the enumeration counts as WALLET.',
    caughtBy: ['FLT-12', 'FLT-17'],
    apply: uncheck('productCode', (value) => (codes.includes(value) ? value : 'WALLET')),
  },
  {
    name: 'status-by-its-beginning',
    sentence: 'The beginning of a status is enough.',
    caughtBy: ['FLT-13', 'FLT-12', 'FLT-17'],
    apply: uncheck('status', (value) => known.find((status) => value.length >= 3 && status.startsWith(value)) ?? value),
  },
  {
    name: 'code-by-a-part',
    sentence: 'A part of a productCode is enough.',
    caughtBy: ['FLT-13', 'FLT-12', 'FLT-17'],
    apply: uncheck('productCode', (value) =>
      codes.includes(value) ? value : (codes.find((code) => value.length >= 3 && code.includes(value)) ?? value),
    ),
  },
  {
    name: 'type-by-its-end',
    sentence: 'The end of a productType is enough.',
    caughtBy: ['FLT-13', 'FLT-12', 'FLT-17'],
    apply: uncheck(
      'productType',
      (value) => ['CASH', 'WALLET', 'DEPOSITORY'].find((type) => value.length >= 2 && type.endsWith(value)) ?? value,
    ),
  },
];
