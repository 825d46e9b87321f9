/** Whether a read can be held against another: within a declared settle time replicas may still differ (rule 5). */
import type { Message } from '../generators/model/message.ts';
import type { Known } from './rule.ts';

/** Nothing was written to the customer, or to the owner of the product, for the settle time before the read was sent. */
export function isSettled(read: Message, { customers, products, facts }: Known): boolean {
  const { customer, product } = read.intent;
  const owner = customer ?? products.get(product?.toLowerCase() ?? '')?.customer;
  const lastWriteDone = customers.get(owner?.toLowerCase() ?? '')?.lastWriteDone ?? Number.NEGATIVE_INFINITY;
  return facts.settleMs === undefined || read.from >= lastWriteDone + facts.settleMs;
}
