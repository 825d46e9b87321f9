import type { ProductCode } from '../../spec/values.ts';
import type { Hooks } from '../hooks.ts';
import { combine } from '../overriding.ts';
import type { Product } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { Variant } from '../registry.ts';
import { churn, declareCustomers, fillWithPast, givenCustomers, knowCustomers } from './customers.ts';
import { openLater } from './life.ts';

const isOpen = ({ status }: Product): boolean => !['CLOSED', 'INVALID', 'REJECTED'].includes(status);

/** Allows one open product of each code to a customer; a second is refused. */
export function oneOpenPerCode(hooks: Hooks): Partial<Hooks> {
  return {
    newProduct: (code, customer, call) => {
      const open = hooks.productsOf(customer, call).find((other) => other.code === code && isOpen(other));
      if (open) throw new Refusal(409, `The customer has an open ${code}; close it before another is made.`);
      return hooks.newProduct(code, customer, call);
    },
  };
}

/** So many open products to a customer, of whatever codes. */
export function capOpen(count: number, status: number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    newProduct: (code, customer, call) => {
      if (hooks.productsOf(customer, call).filter(isOpen).length >= count)
        throw new Refusal(status, `The customer has ${count} open products, which is the most.`);
      return hooks.newProduct(code, customer, call);
    },
  });
}

/** Each given customer has a requestor of its own, who alone may act there. */
const requestorOf = (customer: string): string => `9a8b7c6d${customer.slice(8)}`;

function ownRequestors(hooks: Hooks): Partial<Hooks> {
  return {
    readRequestor: (call) => {
      const requestor = hooks.readRequestor(call);
      const { customerId, customerProductId } = call.params;
      const customer = customerId ?? call.system.store.find(customerProductId ?? '')?.customer;
      if (customer !== undefined && requestor !== requestorOf(customer.toLowerCase()))
        throw new Refusal(403, 'This requestor may not act for the customer.');
      return requestor;
    },
  };
}

function capAt(count: number, status: number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    newProduct: (code, customer, call) => {
      if (hooks.productsOf(customer, call).length >= count)
        throw new Refusal(status, `The customer has ${count} products, which is the most.`);
      return hooks.newProduct(code, customer, call);
    },
  });
}

function offerOnly(status: number, ...offered: readonly ProductCode[]) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readCode: (content, call) => {
      const code = hooks.readCode(content, call);
      if (!offered.includes(code)) throw new Refusal(status, `The product ${code} is not offered here.`);
      return code;
    },
  });
}

/** Readings of the limits of the business. */
export const limits: readonly Variant[] = [
  {
    name: 'one-open-product-per-code',
    sentence: 'A second open product of one code is 409, as declared.',
    readings: ['R-LIMITS'],
    warns: [],
    profile: { openProductsPerCode: 1 },
    apply: oneOpenPerCode,
  },
  {
    name: 'one-open-product-per-code-undeclared',
    sentence: 'A second open product of one code is 409, and nothing says so.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: oneOpenPerCode,
  },
  {
    name: 'second-create-gives-the-open-one',
    sentence: 'A create for a code that is open gives the id of the open product, as declared.',
    readings: ['R-LIMITS'],
    warns: ['CRE-06'],
    profile: { openProductsPerCode: 1 },
    apply: (hooks) => ({
      newProduct: (code, customer, call) =>
        hooks.productsOf(customer, call).find((other) => other.code === code && other.status === 'ACTIVE') ??
        hooks.newProduct(code, customer, call),
      insert: (product, call) => (call.system.store.find(product.id) ? undefined : hooks.insert(product, call)),
    }),
  },
  {
    name: 'two-codes-offered',
    sentence: 'WALLET and BALANCE_ACCOUNT are offered, the other codes are 422.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: offerOnly(422, 'WALLET', 'BALANCE_ACCOUNT'),
  },
  {
    name: 'one-code-offered-as-declared',
    sentence: 'CURRENCY_WALLET alone is offered, as declared.',
    readings: ['R-LIMITS'],
    warns: [],
    profile: { creatable: ['CURRENCY_WALLET'] },
    apply: offerOnly(422, 'CURRENCY_WALLET'),
  },
  {
    name: 'thirty-products-at-most',
    sentence: 'A customer can have 30 products; a further create is 409.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: capAt(30, 409),
  },
  {
    name: 'eight-products-at-most',
    sentence: 'A customer can have 8 products; a further create is 403.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: capAt(8, 403),
  },
  {
    name: 'one-code-offered-undeclared',
    sentence: 'BALANCE_ACCOUNT alone is offered, any other code is 400, and nothing says so.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: offerOnly(400, 'BALANCE_ACCOUNT'),
  },
  {
    name: 'two-codes-offered-conflict',
    sentence: 'BALANCE_ACCOUNT and CURRENCY_WALLET are offered, the other codes are 409.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: offerOnly(409, 'BALANCE_ACCOUNT', 'CURRENCY_WALLET'),
  },
  {
    name: 'one-open-product-at-most',
    sentence: 'A customer can have one open product, of whatever code; a further create is 409.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: capOpen(1, 409),
  },
  {
    name: 'three-open-products-at-most',
    sentence: 'A customer can have three open products; a further create is 422.',
    readings: ['R-LIMITS'],
    warns: [],
    apply: capOpen(3, 422),
  },
  {
    name: 'five-open-products-at-most',
    sentence: 'Six exclusive customers are known, who can have five open products each and open late; a further create is 400.',
    readings: ['R-LIMITS', 'R-CUSTOMER', 'R-OPENING'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: combine(knowCustomers(404), capOpen(5, 400), openLater),
  },
  {
    name: 'one-open-product-at-most-customers-given',
    sentence: 'Six shared customers with a past are known, who can have one open product each; a further create is 403.',
    readings: ['R-LIMITS', 'R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(false) },
    apply: combine(knowCustomers(404), fillWithPast(20, ['CLOSED', 'REJECTED']), capOpen(1, 403)),
  },
  {
    name: 'customers-given-requestors-of-their-own',
    sentence: 'Six exclusive customers are known, each with a requestor who alone may act there.',
    readings: ['R-CUSTOMER', 'R-REQUESTOR'],
    warns: [],
    profile: { customers: givenCustomers.map((customerId) => ({ customerId, requestorId: requestorOf(customerId), exclusive: true })) },
    apply: combine(knowCustomers(404), ownRequestors),
  },
  {
    name: 'one-code-one-open-customers-given',
    sentence: 'Six exclusive customers are known, BALANCE_ACCOUNT alone is offered, and one may be open.',
    readings: ['R-LIMITS', 'R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: combine(knowCustomers(404), offerOnly(422, 'BALANCE_ACCOUNT'), oneOpenPerCode),
  },
  {
    name: 'two-customers-given-others-at-work',
    sentence:
      'Two shared customers with a past are declared, products open late, and somebody else makes, closes and blocks products there.',
    readings: ['R-CUSTOMER', 'R-OTHERS', 'R-OPENING'],
    warns: [],
    profile: { customers: declareCustomers(false).slice(0, 2) },
    apply: combine(knowCustomers(404), fillWithPast(40), openLater, churn),
  },
  {
    name: 'one-customer-given',
    sentence: 'One exclusive customer is declared.',
    readings: ['R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(true).slice(0, 1) },
    apply: knowCustomers(404),
  },
];
