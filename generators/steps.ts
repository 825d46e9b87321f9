/** The words in which sequences are written. */
import type { Step, StepFilter } from '../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../spec/values.ts';
import type { Shared } from './near-iban.ts';

export const create = (as: string, customer: string, code: string): Step => ({ do: 'create', as, customer, code });
export const get = (product: string): Step => ({ do: 'get', product });
/** Read until it is ACTIVE. */
export const opened = (product: string): Step => ({ do: 'get', product, until: 'ACTIVE' });
export const close = (product: string): Step => ({ do: 'close', product });
export const wait = (ms: number): Step => ({ do: 'wait', ms });
export const list = (customer: string, ...filters: readonly StepFilter[]): Step => ({
  do: 'list',
  customer,
  ...(filters.length === 0 ? {} : { filters }),
});
export const together = (branches: readonly (readonly Step[])[]): Step => ({ do: 'together', branches });
/** A branch for each step. */
export const abreast = (steps: readonly Step[]): Step => together(steps.map((step) => [step]));

export const type = (value: string): StepFilter => ({ name: 'productType', value });
export const code = (value: string): StepFilter => ({ name: 'productCode', value });
export const status = (value: string): StepFilter => ({ name: 'status', value });
/** The IBAN of a product, or one that has only something in common with it. */
export const iban = (of: string, sharing?: Shared): StepFilter => ({ name: 'iban', of, ...(sharing === undefined ? {} : { sharing }) });

/** Every value of every filter, one list each, between two unfiltered lists. */
export function everyValue(customer: string): Step[] {
  const filters = [...productTypes.map(type), ...productCodes.map(code), ...statuses.map(status)];
  return [list(customer), abreast(filters.map((filter) => list(customer, filter))), list(customer)];
}

/** One order of two filters between two lists in the other. */
export const inTurn = (customer: string, one: StepFilter, other: StepFilter): readonly Step[] => [
  list(customer, one, other),
  list(customer, other, one),
  list(customer, one, other),
];
