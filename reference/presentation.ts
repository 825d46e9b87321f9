import type { Product } from './product.ts';

export type JsonObject = Record<string, unknown>;

/** The product as the API shows it; optional properties that have no value are left out. */
export function presentProduct(product: Product, write: (milliseconds: number) => string): JsonObject {
  const shown: JsonObject = {
    customerProductId: product.id,
    productCode: product.code,
    productType: product.type,
  };
  if (product.currency !== undefined) shown.currency = product.currency;
  shown.status = product.status;
  if (product.proxyIds !== undefined) shown.proxyIds = product.proxyIds;
  shown.createdOn = write(product.createdOn);
  shown.modifiedOn = write(product.modifiedOn);
  if (product.openedOn !== undefined) shown.openedOn = write(product.openedOn);
  if (product.closedOn !== undefined) shown.closedOn = write(product.closedOn);
  if (product.account !== undefined) shown.accountData = { ...product.account, modifiedOn: write(product.account.modifiedOn) };
  return shown;
}
