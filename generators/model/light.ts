/** What is kept of a message whose content is large: all that is known of a product rests on documented members, and those are small. */
import type { Message } from './message.ts';
import { isRecord } from './product.ts';

/** Characters of content, up to which a message is kept as it is. */
const heavyFrom = 16_384;
const longest = 1_000;

/** The message itself, or one without the text of its content and without what is long or deep in it. */
export function lighten(message: Message): Message {
  if ((message.text?.length ?? 0) < heavyFrom) return message;
  const { json, exchange } = message;
  const { answer } = exchange;
  const products = Array.isArray(json) && json.every(isRecord);
  if (answer === undefined || (!products && !isRecord(json))) return message;
  const { body: _, ...rest } = answer;
  return {
    ...message,
    text: undefined,
    json: products ? (json as readonly unknown[]).map((product) => pruned(product, 2)) : pruned(json, 2),
    exchange: { ...exchange, answer: rest },
  };
}

/** Most content has nothing that is long or deep, and stays what it is. */
const pruned = (value: unknown, depth: number): unknown => (isLight(value, depth) ? value : prune(value, depth));

function isLight(value: unknown, depth: number): boolean {
  if (typeof value === 'string') return value.length <= longest;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === 0 || (Array.isArray(value) && value.length > longest)) return false;
  return Object.values(value).every((each) => isLight(each, depth - 1));
}

/** Members that are short, and of the others their names; containers so deep. */
function prune(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value.length > longest ? undefined : value;
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) return value.length > longest ? undefined : (value as readonly unknown[]).map((each) => prune(each, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, prune(member, depth - 1)]));
}
