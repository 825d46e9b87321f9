/** What a refusal shows of products to a caller who has no right to see any. What the caller had sent is no news to him. */
import type { Message } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';
import type { Known } from './rule.ts';

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi;
const productMembers = ['productCode', 'productType', 'status', 'createdOn', 'modifiedOn'];
const deepest = 8;

export function findExposure(message: Message, known: Known): 'a product' | 'a product id' | undefined {
  const { text, json, exchange } = message;
  if (text === undefined || text === '') return undefined;
  if (holdsProduct(json, 0)) return 'a product';
  const sent = `${exchange.request.url} ${exchange.request.body?.text ?? ''}`.toLowerCase();
  for (const [id] of text.matchAll(uuids)) {
    const lower = id.toLowerCase();
    if (known.products.has(lower) && !sent.includes(lower)) return 'a product id';
  }
  return holdsNewId(json, sent) ? 'a product id' : undefined;
}

/** A representation: the id with properties of a product beside it; one alone, such as `status`, may be the error's own. */
function holdsProduct(value: unknown, depth: number): boolean {
  if (depth > deepest) return false;
  if (Array.isArray(value)) return value.slice(0, 100).some((member) => holdsProduct(member, depth + 1));
  if (!isRecord(value)) return false;
  if (typeof value.customerProductId === 'string' && productMembers.filter((name) => typeof value[name] === 'string').length > 1)
    return true;
  return Object.values(value).some((member) => holdsProduct(member, depth + 1));
}

/** As the answer to a create has it. */
const holdsNewId = (value: unknown, sent: string): boolean =>
  isRecord(value) &&
  typeof value.customerProductId === 'string' &&
  value.customerProductId !== '' &&
  !sent.includes(value.customerProductId.toLowerCase());
