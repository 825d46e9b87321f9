import type { ProductCode, ProductType, Status } from '../spec/values.ts';

/** A cash account, as the facts describe it: what the `iban` filter speaks of. */
export interface Account {
  readonly iban: string;
  readonly bic: string;
  /** Milliseconds since 1970. */
  readonly modifiedOn: number;
  readonly availableBalance: number;
  readonly withdrawableBalance: number;
}

/**
 * A product as the store keeps it, never changed in place: a change is a new version.
 * Times are milliseconds since 1970 on the system's wall clock; they may have fractions.
 */
export interface Product {
  /** A UUID in lower case. */
  readonly id: string;
  /** A UUID in lower case. */
  readonly customer: string;
  /** The client that created it; no other sees it. */
  readonly owner: string;
  readonly code: ProductCode;
  readonly type: ProductType;
  readonly status: Status;
  readonly createdOn: number;
  readonly modifiedOn: number;
  readonly openedOn?: number;
  readonly closedOn?: number;
  readonly currency?: string;
  readonly proxyIds?: readonly string[];
  readonly account?: Account;
}

const typeByCode: Readonly<Record<ProductCode, ProductType>> = {
  WALLET: 'WALLET',
  BALANCE_ACCOUNT: 'CASH',
  DEPOSITORY_ACCOUNT: 'DEPOSITORY',
  CURRENCY_WALLET: 'WALLET',
};

/** The type of every product of this code. The document leaves bare `WALLET` free; here it is a wallet. */
export function typeOf(code: ProductCode): ProductType {
  return typeByCode[code];
}

const currencyByCode: Readonly<Partial<Record<ProductCode, string>>> = {
  WALLET: 'EUR',
  BALANCE_ACCOUNT: 'EUR',
  CURRENCY_WALLET: 'USD',
};

/** The currency of every product of this code. A depository account holds securities and shows none. */
export function currencyOf(code: ProductCode): string | undefined {
  return currencyByCode[code];
}

const proxiesByCode: Readonly<Record<ProductCode, number>> = {
  WALLET: 1,
  BALANCE_ACCOUNT: 2,
  DEPOSITORY_ACCOUNT: 0,
  CURRENCY_WALLET: 1,
};

/** How many proxies a product of this code has. */
export function proxyCountOf(code: ProductCode): number {
  return proxiesByCode[code];
}

/** The product after a close at `time`. A closed product stays as it is. */
export function closed(product: Product, time: number): Product {
  if (product.status === 'CLOSED') return product;
  return { ...product, status: 'CLOSED', closedOn: time, modifiedOn: time };
}
