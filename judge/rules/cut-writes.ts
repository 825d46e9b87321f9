/** CON-07: a write whose connection we cut, tried with reads around it. */
import type { Message } from '../../generators/model/message.ts';
import { endedOtherwise, mayVanish, type Product, readShown, type Shown } from '../../generators/model/product.ts';
import { nameView } from '../effects.ts';
import { inRole, type Known, type Rule, type Trial } from '../rule.ts';
import type { Violation } from '../tell.ts';
import { deniesProduct } from './presence.ts';

/** Everything a read shows, by its id or in a list. */
function shownIn({ json, status }: Message): readonly Shown[] {
  if (status !== 200) return [];
  return (Array.isArray(json) ? json : [json]).flatMap((value) => readShown(value) ?? []);
}

const isFrom = (message: Message, operation: string): boolean => message.intent.operation === operation;

/** `CLOSED` without `closedOn`, or the reverse. */
const isHalfClosed = ({ status, raw }: Shown): boolean =>
  status !== undefined && !endedOtherwise.has(status) && (status === 'CLOSED') !== (raw.closedOn !== undefined && raw.closedOn !== null);

const halfDone = (what: string, expected: string, received: string, exchanges: readonly string[]): Violation => ({
  cause: `${what} half done`,
  message: `A ${what} whose connection was cut is done by half.`,
  expected,
  received,
  exchanges,
});

/** What is seen of a write that was cut. Of one kind with what is seen of others, it is not for the cut. */
interface Half {
  readonly what: string;
  readonly violation: Violation;
}

const halfClosed = 'half closed';
const wrongCode = 'another code';
const lacking = (name: string): string => `get without ${name}`;

/** What is half done of a close. */
function judgeClose(product: string, odd: Message, after: readonly Message[]): Half | undefined {
  for (const read of after) {
    const half = shownIn(read).find((shown) => shown.id === product && isHalfClosed(shown));
    if (half === undefined) continue;
    const closedOn = half.raw.closedOn === undefined ? 'no closedOn' : `closedOn ${JSON.stringify(half.raw.closedOn)}`;
    const received = `status ${half.status} and ${closedOn}`;
    return {
      what: halfClosed,
      violation: halfDone('close', 'status CLOSED and closedOn together, or neither', received, [odd.id, read.id]),
    };
  }
  return undefined;
}

/** What is half done of a create: it shows in a list what was not there before, and each of it can be got, whole. */
function judgeCreate(before: readonly Message[], odd: Message, after: readonly Message[], known: Known): Half | undefined {
  const lists = after.filter((message) => isFrom(message, 'list'));
  const there = new Set(before.flatMap(shownIn).map(({ id }) => id));
  const made = new Map<string, Message>();
  for (const list of lists)
    for (const { id } of shownIn(list)) {
      const isStranger = known.products.get(id)?.creation === undefined;
      if (isStranger && !there.has(id) && !made.has(id)) made.set(id, list);
    }
  // One that was cut before may have come to be only now.
  const open = known.customers.get(odd.intent.customer!.toLowerCase())?.creations.filter(({ outcome }) => outcome === 'unknown') ?? [];
  if (made.size > open.length)
    return {
      what: 'more products',
      violation: halfDone('create', `${open.length} products at most`, `${made.size} products`, [odd.id, lists.at(-1)!.id]),
    };
  for (const [id, list] of made) {
    const get = after.findLast((message) => isFrom(message, 'get') && message.intent.product?.toLowerCase() === id);
    const product = known.products.get(id);
    if (get?.status === undefined || product === undefined || mayVanish(product, known.endsProducts)) continue;
    const [shown] = shownIn(get);
    // Another replica may not have it yet.
    if (shown === undefined && (!deniesProduct(get) || get.from < list.to + (known.facts.settleMs ?? 0))) continue;
    const lacks = shown === undefined ? 'it' : required.find((name) => shown[name] === undefined);
    if (lacks !== undefined)
      return {
        what: lacking(lacks),
        violation: halfDone(
          'create',
          'a product that is listed and can be got, with all that belongs to it',
          `${get.status} without ${lacks}`,
          [odd.id, list.id, get.id],
        ),
      };
    if (!open.some(({ code }) => code === shown!.productCode))
      return {
        what: wrongCode,
        violation: halfDone('create', `productCode ${odd.intent.code}`, `productCode ${shown!.productCode}`, [odd.id, get.id]),
      };
  }
  return undefined;
}

const required = ['productCode', 'productType', 'status'] as const;

export const isWholeOrNothing: Rule = (tell, known: Known) => {
  /** Products whose close was cut, with its exchange. */
  const cut = new WeakMap<Product, string>();
  /** What is seen of writes that nobody cut as well: then it is not the cut (CLS-12, CLS-01, CRE-02, SCH-07 say it). */
  const anyway = new Set<string>();
  const halves: Half[] = [];
  return {
    sight({ product, shown, view }) {
      const { creation } = product;
      if (cut.has(product) || creation === undefined) return;
      if (isHalfClosed(shown)) anyway.add(halfClosed);
      if (creation.valid && shown.productCode !== undefined && shown.productCode !== creation.code) anyway.add(wrongCode);
      if (view === 'get') for (const name of required) if (shown[name] === undefined) anyway.add(lacking(name));
    },
    end() {
      for (const { what, violation } of halves) if (!anyway.has(what)) tell.violated(violation);
    },
    trial(trial: Trial) {
      const [odd] = inRole(trial, 'odd');
      const after = inRole(trial, 'after').filter(({ status }) => status !== undefined);
      if (odd === undefined || odd.status !== undefined || after.length === 0) return;
      const { product } = odd.intent;
      const customer = odd.intent.customer === undefined ? undefined : known.customers.get(odd.intent.customer.toLowerCase());
      // Where others write too, what came may be theirs.
      if (product === undefined && customer?.exclusive !== true) return;
      const half =
        product === undefined ? judgeCreate(inRole(trial, 'before'), odd, after, known) : judgeClose(product.toLowerCase(), odd, after);
      if (half !== undefined) halves.push(half);
      else if (after.some(({ json }) => showsProduct(json, product ?? ''))) tell.holds();
    },
    closing({ product, outcome }, message) {
      if (outcome === 'unknown' && message.intent.probe?.requirement === 'CON-07') cut.set(product, message.id);
    },
    effect(effect) {
      const { product, what, view, outcome, message, against } = effect;
      const id = cut.get(product);
      const kind = `${what === 'present' ? 'product' : 'state'} lost in ${view}`;
      // What goes back and forth is an old read, not a close by half.
      if (id === undefined && outcome !== 'shown' && outcome !== 'late') anyway.add(kind);
      if (id === undefined || product.creation === undefined || outcome !== 'lost') return;
      halves.push({
        what: kind,
        violation: halfDone(
          'close',
          'every read shows it done, or every read shows it not done',
          `${nameView(effect)} does not show what others show`,
          [...new Set([id, against?.id ?? id, message.id])],
        ),
      });
    },
  };
};

/** A read that a product is in: of a cut close its own, of a cut create any list of products. */
const showsProduct = (json: unknown, id: string): boolean =>
  Array.isArray(json) ? json.some((each) => readShown(each) !== undefined) : readShown(json)?.id === id.toLowerCase();
