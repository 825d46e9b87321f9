import { productCodes, statuses } from '../../spec/values.ts';
import type { Filters } from '../filters.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import { everyNth, without } from '../overriding.ts';
import type { Product } from '../product.ts';
import type { Fault } from '../registry.ts';

/** The filters that count, out of those that came. */
function count(choose: (filters: Filters, call: ClientCall) => Filters) {
  return (hooks: Hooks): Partial<Hooks> => ({ readFilters: (call) => choose(hooks.readFilters(call), call) });
}

/** The filters in the order of the query. */
function inOrder(filters: Filters, call: ClientCall): [string, string][] {
  return call.query.flatMap(([name]) => Object.entries(filters).filter(([key]) => key === name));
}

/** Ignores one filter where others stand beside it. */
function drop(name: keyof Filters, beside: (filters: Filters) => boolean) {
  return count((filters) => (beside(filters) ? without(filters, name) : filters));
}

/** The one of two values that counts where a parameter is repeated. */
function pickRepeated(hooks: Hooks, pick: (values: readonly string[]) => string): Partial<Hooks> {
  return {
    readFilters: (call) => {
      const names = [...new Set(call.query.map(([name]) => name))];
      const query = names.map((name) => [name, pick(call.query.filter(([key]) => key === name).map(([, value]) => value))] as const);
      return hooks.readFilters({ ...call, query });
    },
  };
}

/** Faults of several filters, of their order, and of filters with a past. */
export const fltSeveral: readonly Fault[] = [
  {
    name: 'filters-joined-by-or',
    sentence: 'A product that passes one of several filters is listed.',
    caughtBy: ['FLT-09', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-08'],
    apply: (hooks) => ({
      matches: (product, filters, call) => {
        const each = Object.entries(filters);
        return each.length < 2
          ? hooks.matches(product, filters, call)
          : each.some(([name, value]) => hooks.matches(product, { [name]: value }, call));
      },
    }),
  },
  {
    name: 'first-filter-counts',
    sentence: 'Of several filters the first in the query counts.',
    caughtBy: ['FLT-09', 'FLT-10', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-08'],
    apply: count((filters, call) => Object.fromEntries(inOrder(filters, call).slice(0, 1))),
  },
  {
    name: 'last-filter-counts',
    sentence: 'Of several filters the last in the query counts.',
    caughtBy: ['FLT-09', 'FLT-10', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-08'],
    apply: count((filters, call) => Object.fromEntries(inOrder(filters, call).slice(-1))),
  },
  {
    name: 'third-filter-ignored',
    sentence: 'Of three filters the third in the query is ignored.',
    caughtBy: ['FLT-09', 'FLT-10', 'FLT-01', 'FLT-02', 'FLT-03', 'FLT-08'],
    apply: count((filters, call) => Object.fromEntries(inOrder(filters, call).slice(0, 2))),
  },
  {
    name: 'status-ignored-beside-code',
    sentence: 'Beside productCode the filter status is ignored.',
    caughtBy: ['FLT-09', 'FLT-03'],
    apply: drop('status', (filters) => filters.productCode !== undefined),
  },
  {
    name: 'type-ignored-beside-code',
    sentence: 'Beside productCode the filter productType is ignored, so a pair that fits nothing lists products.',
    caughtBy: ['FLT-09', 'FLT-01'],
    apply: drop('productType', (filters) => filters.productCode !== undefined),
  },
  {
    name: 'status-ignored-beside-iban',
    sentence: 'Beside iban the filter status is ignored.',
    caughtBy: ['FLT-09', 'FLT-03'],
    apply: drop('status', (filters) => filters.iban !== undefined),
  },
  {
    name: 'iban-ignored-beside-code',
    sentence: 'Beside productCode the filter iban is ignored.',
    caughtBy: ['FLT-09', 'FLT-08'],
    apply: drop('iban', (filters) => filters.productCode !== undefined),
  },
  {
    name: 'type-ignored-beside-two',
    sentence: 'The filter productType is ignored where status and iban stand beside it.',
    caughtBy: ['FLT-09', 'FLT-01'],
    apply: drop('productType', (filters) => filters.status !== undefined && filters.iban !== undefined),
  },
  {
    name: 'status-ignored-where-all-four-stand',
    sentence: 'Where all four filters stand, status is ignored.',
    caughtBy: ['FLT-09', 'FLT-03'],
    apply: drop('status', (filters) => Object.values(filters).filter(Boolean).length === 4),
  },
  {
    name: 'type-and-closed-empty',
    sentence: 'productType together with status CLOSED lists nothing.',
    caughtBy: ['FLT-09'],
    needs: 'history',
    apply: (hooks) => ({
      matches: (product, filters, call) => hooks.matches(product, filters, call) && !(filters.productType && filters.status === 'CLOSED'),
    }),
  },
  {
    name: 'type-and-status-list-five',
    sentence: 'productType together with status lists five products at most.',
    caughtBy: ['FLT-09'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        return filters.productType && filters.status && Object.keys(filters).length === 2 ? selected.slice(0, 5) : selected;
      },
    }),
  },
  {
    name: 'type-status-code-in-this-order-lose-one',
    sentence: 'The filters productType, status and productCode, in this order, lose the last product.',
    caughtBy: ['FLT-09', 'FLT-10'],
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        return call.query.map(([name]) => name).join() === 'productType,status,productCode' ? selected.slice(0, -1) : selected;
      },
    }),
  },
  {
    name: 'code-after-status-ignored',
    sentence: 'productCode counts only where it stands before status.',
    caughtBy: ['FLT-09', 'FLT-10', 'FLT-02'],
    apply: count((filters, call) => {
      const names = inOrder(filters, call).map(([name]) => name);
      const isLate = names.includes('status') && names.indexOf('productCode') > names.indexOf('status');
      return isLate ? without(filters, 'productCode') : filters;
    }),
  },
  {
    name: 'repeated-parameter-by-turns',
    sentence: 'Of a repeated parameter now the first counts, now the last.',
    caughtBy: ['FLT-16'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(2);
      return pickRepeated(hooks, (values) => (values.length > 1 && strikes() ? values[0]! : values.at(-1)!));
    },
  },
  {
    name: 'filtered-list-cached',
    sentence: 'A list with a filter is kept for the customer and that query for ever.',
    caughtBy: ['FLT-14', 'FLT-03', 'FLT-04', 'FLT-05', 'FLT-06'],
    needs: 'history',
    apply: (hooks) => {
      const kept = new Map<string, readonly string[]>();
      return {
        selectList: (customer, filters, call) => {
          if (Object.keys(filters).length === 0) return hooks.selectList(customer, filters, call);
          const key = customer + JSON.stringify(filters);
          const ids = kept.get(key) ?? hooks.selectList(customer, filters, call).map((product) => product.id);
          kept.set(key, ids);
          return hooks.productsOf(customer, call).filter((product) => ids.includes(product.id));
        },
      };
    },
  },
  {
    name: 'filtered-list-cached-for-anyone',
    sentence: 'A list with a filter is kept for a second under its query, whoever’s it is.',
    caughtBy: ['OWN-01', 'FLT-04', 'FLT-05', 'FLT-06', 'CLS-01', 'FLT-08', 'FLT-10', 'LST-03'],
    needs: 'history',
    apply: (hooks) => {
      const kept = new Map<string, { products: Product[]; until: number }>();
      return {
        selectList: (customer, filters, call) => {
          if (Object.keys(filters).length === 0) return hooks.selectList(customer, filters, call);
          const key = JSON.stringify(filters);
          const now = call.system.store.steady();
          const entry = kept.get(key);
          if (entry && entry.until > now) return entry.products;
          const products = hooks.selectList(customer, filters, call);
          kept.set(key, { products, until: now + 1000 });
          return products;
        },
      };
    },
  },
  {
    name: 'status-index-one-close-behind',
    sentence: 'status CLOSED does not list the customer’s latest closed product until another is closed.',
    caughtBy: ['FLT-06', 'FLT-14'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        if (filters.status !== 'CLOSED') return selected;
        const latest = Math.max(...selected.map((product) => product.closedOn ?? 0));
        return selected.filter((product) => product.closedOn !== latest);
      },
    }),
  },
  {
    name: 'code-filter-breaks-after-mixed-closes',
    sentence: 'Once products of two codes are closed, productCode lists the closed ones of both.',
    caughtBy: ['FLT-02', 'FLT-01', 'FLT-03', 'FLT-08'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const selected = hooks.selectList(customer, filters, call);
        const closed = hooks.productsOf(customer, call).filter((product) => product.status === 'CLOSED');
        if (filters.productCode === undefined || new Set(closed.map((product) => product.code)).size < 2) return selected;
        return [...new Set([...selected, ...closed])];
      },
    }),
  },
  {
    name: 'active-list-loses-a-neighbour',
    sentence: 'After a close, status ACTIVE leaves out the product made next after the closed one.',
    caughtBy: ['FLT-06', 'FLT-11'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => {
        const all = hooks.productsOf(customer, call);
        const selected = hooks.selectList(customer, filters, call);
        return filters.status === 'ACTIVE' ? selected.filter((product) => all[all.indexOf(product) - 1]?.status !== 'CLOSED') : selected;
      },
    }),
  },
  {
    name: 'status-restricted-ignored-beside-code',
    sentence: 'Beside productCode the status RESTRICTED counts as ACTIVE.',
    caughtBy: ['FLT-09', 'FLT-03'],
    apply: count((filters) =>
      filters.productCode !== undefined && filters.status === 'RESTRICTED' ? { ...filters, status: 'ACTIVE' } : filters,
    ),
  },
  {
    name: 'status-blocked-ignored-beside-two',
    sentence: 'Beside productCode and productType the status BLOCKED is ignored.',
    caughtBy: ['FLT-09', 'FLT-03'],
    apply: count((filters) =>
      filters.productCode !== undefined && filters.productType !== undefined && filters.status === 'BLOCKED'
        ? without(filters, 'status')
        : filters,
    ),
  },
  {
    name: 'unknown-iban-ignored-beside-status',
    sentence: 'Beside status an iban that nobody has is ignored.',
    caughtBy: ['FLT-08', 'FLT-09'],
    apply: count((filters, call) =>
      filters.status !== undefined && !call.system.store.all().some(({ account }) => account?.iban === filters.iban)
        ? without(filters, 'iban')
        : filters,
    ),
  },
  {
    name: 'unknown-status-ignored-beside-another',
    sentence: 'Beside another filter a status outside the enumeration is ignored, alone it is refused.',
    caughtBy: ['FLT-12'],
    effort: 'standard',
    apply: (hooks) => ({
      readFilters: (call) => {
        const query = call.query.filter(([name, value]) => name !== 'status' || statuses.some((status) => status === value));
        return hooks.readFilters(call.query.length < 2 ? call : { ...call, query });
      },
    }),
  },
  {
    name: 'product-type-takes-a-code',
    sentence: 'A productCode as productType counts as the type of that code.',
    caughtBy: ['FLT-12'],
    effort: 'standard',
    apply: (hooks) => ({
      readFilters: (call) => {
        const typeIn = (name: string, value: string): string =>
          name === 'productType' ? (productCodes.filter((code) => code === value).map(hooks.typeOf)[0] ?? value) : value;
        return hooks.readFilters({ ...call, query: call.query.map(([name, value]) => [name, typeIn(name, value)] as const) });
      },
    }),
  },
  {
    name: 'depository-by-its-beginning',
    sentence: 'The beginning of DEPOSITORY is enough as productType, of other types it is not.',
    caughtBy: ['FLT-13', 'FLT-12', 'FLT-17'],
    effort: 'standard',
    apply: (hooks) => ({
      readFilters: (call) => {
        const whole = (name: string, value: string): string =>
          name === 'productType' && value.length > 2 && 'DEPOSITORY'.startsWith(value) ? 'DEPOSITORY' : value;
        return hooks.readFilters({ ...call, query: call.query.map(([name, value]) => [name, whole(name, value)] as const) });
      },
    }),
  },
  {
    name: 'filtered-list-of-a-hundred',
    sentence: 'A list with a filter shows 100 products at most.',
    caughtBy: ['FLT-04', 'FLT-05', 'FLT-06', 'FLT-09', 'FLT-11', 'FLT-14'],
    needs: 'history',
    effort: 'standard',
    apply: (hooks) => ({
      selectList: (customer, filters, call) => hooks.selectList(customer, filters, call).slice(0, call.query.length > 0 ? 100 : undefined),
    }),
  },
  {
    name: 'three-filters-list-sixteen',
    sentence: 'A list with three filters shows 16 products at most.',
    caughtBy: ['FLT-09'],
    needs: 'history',
    apply: (hooks) => ({
      selectList: (customer, filters, call) =>
        hooks.selectList(customer, filters, call).slice(0, Object.keys(filters).length > 2 ? 16 : undefined),
    }),
  },
];
