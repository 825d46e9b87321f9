/** Which products no list between two others can lawfully show, or lack, otherwise than they do. */
import { isSameState } from '../generators/model/fold.ts';
import type { Message } from '../generators/model/message.ts';
import { mayVanish, type Product, readShown, type Shown } from '../generators/model/product.ts';
import { tellsOfChange } from './coarse.ts';
import type { Known } from './rule.ts';

/**
 * Told of lists that enclose others in time: a function that says whether a product was the same all the while, on every replica. The bank may
 * move it meanwhile, and back, which matters where lists are asked for by status; and within a declared settle time replicas show, to and fro,
 * what is new, what vanished (R-ENDED), and what others made (R-OTHERS).
 */
export function watchRest(
  before: readonly Message[],
  after: readonly Message[],
  { products, customers, facts }: Known,
): (id: string) => boolean {
  const [was, is] = [statesIn(before), statesIn(after)];
  const from = Math.min(...before.map((list) => list.from));
  const settledFrom = from - (facts.settleMs ?? 0);
  const byStatus = before.some(({ intent }) => intent.filters?.some(([name]) => name === 'status') === true);
  const owner = customers.get(before[0]?.intent.customer?.toLowerCase() ?? '');

  function hasKeptStatus(product: Product, then: Shown | undefined, now: Shown | undefined): boolean {
    const { modifiedSince } = product;
    if (modifiedSince === undefined || (facts.settleMs !== undefined && modifiedSince.to > settledFrom)) return false;
    if (then === undefined || now === undefined) return modifiedSince.to <= from;
    return isSameState(then, now) && tellsOfChange(product, now, from, facts.clockToleranceMs);
  }

  return (id) => {
    const product = products.get(id);
    const [then, now] = [was.get(id), is.get(id)];
    // Never seen but by the odd request: others may have made it just now, where they write too.
    if (product?.first === undefined) return facts.settleMs === undefined || owner?.exclusive === true;
    // What we made has settled so long after its answer; what others made, after it was first seen.
    const there = product.creation?.message?.to ?? product.first.to;
    if (facts.settleMs !== undefined && (there > settledFrom || mayVanish(product, true))) return false;
    if ((then === undefined || now === undefined) && mayVanish(product, true)) return false;
    return !byStatus || hasKeptStatus(product, then, now);
  };
}

/**
 * How a list stands to the two around it, as far as products rested all the while: it is at odds with them if it lacks one that both show, or shows
 * one that neither does. `undefined` where no product rested.
 */
export function compareEnclosed(between: Message, before: Message, after: Message, known: Known): 'alike' | 'at odds' | undefined {
  const rests = watchRest([before], [after], known);
  const [was, shown, is] = [before, between, after].map((list) => statesIn([list])) as [States, States, States];
  const resting = [...was.keys()].filter((id) => is.has(id) && rests(id));
  if (resting.length === 0) return undefined;
  const isLacking = resting.some((id) => !shown.has(id));
  return isLacking || [...shown.keys()].some((id) => !was.has(id) && !is.has(id) && rests(id)) ? 'at odds' : 'alike';
}

type States = ReadonlyMap<string, Shown>;

function statesIn(lists: readonly Message[]): States {
  const states = new Map<string, Shown>();
  for (const { status, json } of lists)
    for (const value of status === 200 && Array.isArray(json) ? (json as readonly unknown[]) : []) {
      const shown = readShown(value);
      if (shown !== undefined) states.set(shown.id, shown);
    }
  return states;
}
