/** What the document's schemas say of the content of an answer, worked out once a message for all rules that ask. */
import type { Message } from '../generators/model/message.ts';
import { recall } from '../generators/model/recall.ts';
import { createValidators, type Problem } from '../spec/validators.ts';
import type { Facts } from './facts.ts';
import { isLetterCase } from './letter-case.ts';

const known = new WeakMap<Message, readonly Problem[]>();

/** Of a 200 of list, get or create; whatever else, and content beyond the limit, is `undefined`: it is not judged by shape. */
export function problemsOf(message: Message, facts: Facts): readonly Problem[] | undefined {
  const { intent, status, exchange } = message;
  if (status !== 200 || exchange.answer?.body?.cutOff === true) return undefined;
  // What was to be refused is answered wrongly whatever its shape, unless it may be taken for a valid value (R-ENUMCASE).
  if (intent.probe?.role === 'spoiled' && !isLetterCase(intent.probe.case)) return undefined;
  const { method } = exchange.request;
  const isRead = method === 'GET' && (intent.operation === 'list' || intent.operation === 'get');
  if (!isRead && !(method === 'POST' && intent.operation === 'create')) return undefined;
  return recall(known, message, () => {
    const { checkList, checkProduct, checkCreated } = createValidators(facts.values);
    if (intent.operation === 'list') return checkList(message.json);
    return intent.operation === 'get' ? checkProduct(message.json) : checkCreated(message.json);
  });
}

/** The products that a 200 of list or get shows. */
export function productsIn(message: Message): readonly unknown[] {
  if (message.intent.operation === 'create') return [];
  if (Array.isArray(message.json)) return message.json as readonly unknown[];
  return message.json === undefined ? [] : [message.json];
}
