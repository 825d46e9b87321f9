import type { ProductCode, Status } from '../../spec/values.ts';
import { productCodes, statuses } from '../../spec/values.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import { newProduct } from '../operations.ts';
import { changeAnswer, combine, without } from '../overriding.ts';
import type { Product } from '../product.ts';
import { closed } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { DeclaredProfile, Variant } from '../registry.ts';

/** The customers of the variants that know only some, and the requestor of those that know only one. */
export const givenCustomers = [1, 2, 3, 4, 5, 6].map((digit) => `0c5fa1b2-7d3e-4a6f-8b9c-00000000000${digit}`);
const knownRequestor = '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d';

/** The customers, as a user would declare them. */
export function declareCustomers(exclusive: boolean): NonNullable<DeclaredProfile['customers']> {
  return givenCustomers.map((customerId) => ({ customerId, exclusive }));
}

/** Knows the given customers only; any other is refused with this status. */
export function knowCustomers(status: number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    readCustomer: (call) => {
      const customer = hooks.readCustomer(call);
      if (!givenCustomers.includes(customer)) throw new Refusal(status, 'This customer is not known.');
      return customer;
    },
  });
}

/** Does something once, before the first call of a client. */
export function beforeFirst(prepare: (call: ClientCall) => void) {
  return (hooks: Hooks): Partial<Hooks> => {
    let isDone = false;
    return {
      authorize: (call) => {
        const client = hooks.authorize(call);
        if (!isDone) prepare({ ...call, client: call.system.clients[0]! });
        isDone = true;
        return client;
      },
    };
  };
}

/** A product that has been there for days, in some status. */
function oldProduct(code: ProductCode, customer: string, status: Status, days: number, call: ClientCall): Product {
  const made = newProduct(code, customer, call);
  const at = made.createdOn - days * 86_400_000;
  const open: Product = { ...made, createdOn: at, openedOn: at + 1000, modifiedOn: at + 1000 };
  if (status === 'CLOSED') return closed(open, at + 3_600_000);
  const opened = !['RECEIVED', 'PENDING', 'INVALID', 'REJECTED'].includes(status);
  return { ...(opened ? open : without(open, 'openedOn')), status };
}

/** Fills the given customers with products of the past, in these statuses by turns. */
export function fillWithPast(each: number, past: readonly Status[] = statuses) {
  return beforeFirst((call) => {
    for (const customer of givenCustomers) {
      for (let index = 0; index < each; index++) {
        const code = productCodes[index % productCodes.length]!;
        const status = past[(index * 7) % past.length]!;
        call.system.store.insert(oldProduct(code, customer, status, each - index, call));
      }
    }
  });
}

/** Somebody else who makes, closes and blocks products of his own under the given customers, now and then. */
export function churn(hooks: Hooks): Partial<Hooks> {
  const his: string[] = [];
  const act = (call: ClientCall): void => {
    const { store } = call.system;
    const customer = givenCustomers[Math.floor(hooks.random() * givenCustomers.length)]!;
    const code = productCodes[Math.floor(hooks.random() * productCodes.length)]!;
    const own = store.find(his[Math.floor(hooks.random() * his.length)] ?? '');
    const hasOpen = store.productsOf(customer).some((product) => product.code === code && product.status !== 'CLOSED');
    const now = hooks.now();
    if (hooks.random() < 0.5 && !hasOpen) {
      const product = hooks.newProduct(code, customer, { ...call, hooks });
      his.push(product.id);
      store.insert(product);
    } else if (own?.status === 'ACTIVE') {
      store.save(hooks.random() < 0.7 ? closed(own, now) : { ...own, status: 'BLOCKED', modifiedOn: now });
    } else if (own?.status === 'BLOCKED') {
      store.save({ ...own, status: 'ACTIVE', modifiedOn: now });
    }
  };
  return {
    authorize: (call) => {
      const client = hooks.authorize(call);
      if (hooks.random() < 0.1) act({ ...call, client: call.system.clients[0]! });
      return client;
    },
  };
}

/** Readings of customers, requestors and other actors. */
export const customers: readonly Variant[] = [
  {
    name: 'customers-given',
    sentence: 'Six customers are known, any other is 404.',
    readings: ['R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: knowCustomers(404),
  },
  {
    name: 'customers-given-others-forbidden',
    sentence: 'Six customers are known, any other is 403.',
    readings: ['R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: knowCustomers(403),
  },
  {
    name: 'customers-with-a-past',
    sentence: 'Six customers are known, each with 80 old products in all statuses.',
    readings: ['R-CUSTOMER', 'R-OTHERS'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: combine(knowCustomers(404), fillWithPast(80)),
  },
  {
    name: 'customers-with-500-old-products',
    sentence: 'Six shared customers are known, each with 500 old products in all statuses.',
    readings: ['R-CUSTOMER', 'R-OTHERS'],
    warns: [],
    profile: { customers: declareCustomers(false) },
    apply: combine(knowCustomers(404), fillWithPast(500)),
  },
  {
    name: 'customer-without-products-not-found',
    sentence: 'A customer is 404 until its first product.',
    readings: ['R-CUSTOMER'],
    warns: [],
    apply: (hooks) => ({
      list: (call) => {
        if (hooks.productsOf(hooks.readCustomer(call), call).length === 0) throw new Refusal(404, 'This customer is not known.');
        return hooks.list(call);
      },
    }),
  },
  {
    name: 'one-requestor-known',
    sentence: 'One requestor is known, any other is 403.',
    readings: ['R-REQUESTOR'],
    warns: [],
    profile: { requestorId: knownRequestor },
    apply: (hooks) => ({
      readRequestor: (call) => {
        const requestor = hooks.readRequestor(call);
        if (requestor !== knownRequestor) throw new Refusal(403, 'This requestor may not act for the customer.');
        return requestor;
      },
    }),
  },
  {
    name: 'statuses-beyond-the-facts',
    sentence: 'Old products of the six known customers are SUSPENDED or of the code SAVINGS_ACCOUNT.',
    readings: ['R-VALUES', 'R-CUSTOMER'],
    warns: ['SCH-05'],
    profile: { customers: declareCustomers(true) },
    apply: combine(
      knowCustomers(404),
      beforeFirst((call) => {
        for (const customer of givenCustomers) {
          call.system.store.insert(oldProduct('WALLET', customer, 'SUSPENDED' as Status, 3, call));
          call.system.store.insert({ ...oldProduct('WALLET', customer, 'ACTIVE', 2, call), code: 'SAVINGS_ACCOUNT' as ProductCode });
        }
      }),
    ),
  },
  {
    name: 'statuses-beyond-the-facts-declared',
    sentence: 'Old products of the six known customers are SUSPENDED, and the profile has the value.',
    readings: ['R-VALUES', 'R-CUSTOMER'],
    warns: [],
    profile: { customers: declareCustomers(true), values: { status: ['SUSPENDED'] } },
    apply: combine(
      knowCustomers(404),
      beforeFirst((call) => {
        for (const customer of givenCustomers) call.system.store.insert(oldProduct('WALLET', customer, 'SUSPENDED' as Status, 3, call));
      }),
      (hooks) => ({
        readFilters: (call) => {
          const isSuspended = call.query.some(([name, value]) => name === 'status' && value === 'SUSPENDED');
          const query = call.query.map(([name, value]) => [name, name === 'status' && value === 'SUSPENDED' ? 'CLOSED' : value] as const);
          const filters = hooks.readFilters({ ...call, query });
          return isSuspended ? { ...filters, status: 'SUSPENDED' } : filters;
        },
      }),
    ),
  },
  {
    name: 'others-at-work',
    sentence: 'Six shared customers are known, and somebody else makes, closes and blocks products there.',
    readings: ['R-CUSTOMER', 'R-OTHERS'],
    warns: [],
    profile: { customers: declareCustomers(false) },
    apply: combine(knowCustomers(404), churn),
  },
  {
    name: 'refused-customers-plain',
    sentence: 'A list of an unknown customer is 404, of a known one without products an empty array; six are known.',
    readings: ['R-CUSTOMER', 'R-ERRORS'],
    warns: [],
    profile: { customers: declareCustomers(true) },
    apply: combine(
      knowCustomers(404),
      changeAnswer((answer) =>
        answer.status === 404 ? { ...answer, headers: { ...answer.headers, 'Content-Type': 'application/json' } } : undefined,
      ),
    ),
  },
];
