/** How findings about products quote what was seen. */
import type { Closing, Sight } from '../generators/model/product.ts';

/** A property as a sight shows it: `status "CLOSED"`, or `no closedOn`. */
export const shownText = (sight: Sight, name: string): string => {
  const value = name === 'iban' ? sight.shown.iban : sight.shown.raw[name];
  return value === undefined ? `no ${name}` : `${name} ${JSON.stringify(value)}`;
};

/** The exchange of a close, where it was answered. */
export const idOf = (closing: Closing | undefined): string[] => (closing?.message === undefined ? [] : [closing.message.id]);

/** Whether only we write to the customer of a product that was seen. */
export const isExclusive = (sight: Sight, customers: ReadonlyMap<string, { readonly exclusive: boolean }>): boolean =>
  sight.product.customer !== undefined && customers.get(sight.product.customer)?.exclusive === true;
