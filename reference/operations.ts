import type { ProductCode } from '../spec/values.ts';
import type { Answer } from './answer.ts';
import { answerEmpty, answerJson, withHeaders } from './answer.ts';
import { writeHttpDate } from './clock.ts';
import type { Filters } from './filters.ts';
import type { Call, ClientCall } from './hooks.ts';
import type { Product } from './product.ts';
import { currencyOf, proxyCountOf } from './product.ts';
import { answerProblem, Refusal } from './refusal.ts';

/** A product of this code, open at once. */
export function newProduct(code: ProductCode, customer: string, call: ClientCall): Product {
  const { hooks } = call;
  const now = hooks.now();
  const currency = currencyOf(code);
  const type = hooks.typeOf(code);
  const proxies = proxyCountOf(code);
  return {
    id: hooks.newId(call),
    customer,
    owner: call.client.id,
    code,
    type,
    status: 'ACTIVE',
    createdOn: now,
    modifiedOn: now,
    openedOn: now,
    ...(currency !== undefined && { currency }),
    ...(proxies > 0 && { proxyIds: Array.from({ length: proxies }, () => crypto.randomUUID()) }),
    ...(type === 'CASH' && { account: hooks.newAccount(now, call) }),
  };
}

/** The product with this id, if it is the client's. */
export function find(id: string, call: ClientCall): Product | undefined {
  const product = call.system.store.find(id);
  return product?.owner === call.client.id ? product : undefined;
}

/** The products of the customer that are the client's, in the order of making. */
export function productsOf(customer: string, call: ClientCall): Product[] {
  return call.system.store.productsOf(customer).filter((product) => product.owner === call.client.id);
}

export function selectList(customer: string, filters: Filters, call: ClientCall): Product[] {
  return call.hooks.productsOf(customer, call).filter((product) => call.hooks.matches(product, filters, call));
}

export function list(call: ClientCall): Answer {
  const { hooks } = call;
  const customer = hooks.readCustomer(call);
  return hooks.answerList(hooks.selectList(customer, hooks.readFilters(call), call), call);
}

export function create(call: ClientCall): Answer {
  const { hooks } = call;
  const customer = hooks.readCustomer(call);
  hooks.readRequestor(call);
  const product = hooks.newProduct(hooks.readCode(hooks.readContent(call), call), customer, call);
  hooks.insert(product, call);
  return hooks.answerCreate(product, call);
}

function refuseUnknown(): never {
  throw new Refusal(404, 'No product has this customerProductId; take the id from the answer to a create or from a list.');
}

export function get(call: ClientCall): Answer {
  const { hooks } = call;
  return hooks.answerGet(hooks.find(hooks.readProductId(call), call) ?? refuseUnknown(), call);
}

/** Closing a closed product is accepted and changes nothing. */
export function close(call: ClientCall): Answer {
  const { hooks } = call;
  const id = hooks.readProductId(call);
  hooks.readRequestor(call);
  hooks.readStatus(hooks.readContent(call), call);
  const before = hooks.findToClose(id, call) ?? refuseUnknown();
  const after = hooks.applyClose(before, call);
  if (after !== before) hooks.save(after, call);
  return hooks.answerClose(after, call);
}

export function answerList(products: readonly Product[], call: ClientCall): Answer {
  const { hooks } = call;
  return answerJson(
    200,
    hooks.serialize(
      products.map((product) => hooks.present(product, call)),
      call,
    ),
  );
}

export function answerCreate(product: Product, call: ClientCall): Answer {
  return answerJson(200, call.hooks.serialize({ customerProductId: product.id }, call));
}

export function answerGet(product: Product, call: ClientCall): Answer {
  return answerJson(200, call.hooks.serialize(call.hooks.present(product, call), call));
}

/** Of a resource that is not there, or a method that it does not have (RFC 9110 §15.5.6). */
export function answerOther(call: Call): Answer {
  if (call.allow === undefined) {
    throw new Refusal(404, 'Nothing is at this path; the API has /customers/{customerId}/products and /products/{customerProductId}.');
  }
  if (call.method === 'OPTIONS') return answerEmpty(204, { Allow: call.allow });
  throw new Refusal(405, `This resource has the methods ${call.allow} only.`, { Allow: call.allow });
}

/** A longer request target is refused with 414. */
const targetCharacters = 16 * 1024;

/** Authentication comes before anything else, so a caller without a token learns nothing. */
export async function handle(call: Call): Promise<Answer> {
  const { hooks } = call;
  try {
    if (call.target.length > targetCharacters) {
      throw new Refusal(414, `The request target is longer than the ${targetCharacters} characters that are read here.`);
    }
    if (call.kind === 'token') return call.method === 'POST' ? hooks.answerToken(call) : hooks.answerOther(call);
    const authorized: ClientCall = { ...call, client: hooks.authorize(call) };
    if (call.kind === 'other') return hooks.answerOther(authorized);
    return await hooks[call.kind](authorized);
  } catch (refusal) {
    if (refusal instanceof Refusal) return hooks.answerRefusal(refusal, call);
    throw refusal;
  }
}

export function answerRefusal(refusal: Refusal): Answer {
  return answerProblem(refusal.status, refusal.message, refusal.headers);
}

/** `Date` as RFC 9110 §6.6.1 asks of every answer; nothing is to be kept by caches. */
export function finish(answer: Answer, call: Call): Answer {
  return withHeaders(answer, { Date: writeHttpDate(call.hooks.dateNow()), 'Cache-Control': 'no-store' });
}
