/** The values of the four enumerations of the document, as the facts beside it give them. */

export const productTypes = ['CASH', 'WALLET', 'DEPOSITORY'] as const;
export type ProductType = (typeof productTypes)[number];

export const productCodes = ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'] as const;
export type ProductCode = (typeof productCodes)[number];

export const statuses = ['RECEIVED', 'INVALID', 'PENDING', 'ACTIVE', 'BLOCKED', 'RESTRICTED', 'INACTIVE', 'CLOSED', 'REJECTED'] as const;
export type Status = (typeof statuses)[number];

/** The type the facts give each code; bare `WALLET` is left free. */
export const typeOfCode: Readonly<Record<ProductCode, ProductType | undefined>> = {
  WALLET: undefined,
  BALANCE_ACCOUNT: 'CASH',
  DEPOSITORY_ACCOUNT: 'DEPOSITORY',
  CURRENCY_WALLET: 'WALLET',
};

export const filterNames = ['productType', 'productCode', 'status', 'iban'] as const;
export type FilterName = (typeof filterNames)[number];

export const operations = ['list', 'create', 'get', 'close'] as const;
export type Operation = (typeof operations)[number];
