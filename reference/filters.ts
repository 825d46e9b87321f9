import type { FilterName } from '../spec/values.ts';
import { filterNames, productCodes, productTypes, statuses } from '../spec/values.ts';
import type { Product } from './product.ts';
import { describeValue, Refusal } from './refusal.ts';

/** The filters of a list request; each narrows the list. */
export type Filters = Readonly<Partial<Record<FilterName, string>>>;

const enumerations: Readonly<Partial<Record<FilterName, readonly string[]>>> = {
  productType: productTypes,
  productCode: productCodes,
  status: statuses,
};

function isFilterName(name: string): name is FilterName {
  return (filterNames as readonly string[]).includes(name);
}

/**
 * The filters of a query. Parameters of other names are ignored.
 * Throws a Refusal (400) for a value outside the enumeration, an empty value, and a filter given twice.
 */
export function readFilters(query: readonly (readonly [string, string])[]): Filters {
  const filters: Partial<Record<FilterName, string>> = {};
  for (const [name, value] of query) {
    if (!isFilterName(name)) continue;
    if (filters[name] !== undefined) throw new Refusal(400, `The query parameter ${name} stands twice in the URL; give it once.`);
    if (value === '') throw new Refusal(400, `The query parameter ${name} is empty; give it a value or leave it out to list all.`);
    const values = enumerations[name];
    if (values && !values.includes(value)) {
      throw new Refusal(400, `The query parameter ${name} is one of ${values.join(', ')}; ${describeValue(value)} came.`);
    }
    filters[name] = value;
  }
  return filters;
}

/** Whether the product passes every filter. */
export function matches(product: Product, filters: Filters): boolean {
  return (
    (filters.productType === undefined || product.type === filters.productType) &&
    (filters.productCode === undefined || product.code === filters.productCode) &&
    (filters.status === undefined || product.status === filters.status) &&
    (filters.iban === undefined || product.account?.iban === filters.iban)
  );
}
