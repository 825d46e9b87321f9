/** CON-05: answers that went to another of the requests that were under way. Whether an answer is wrong at all, LST-07, CRE-02 and OWN-01 say. */
import type { Listing } from '../../generators/model/listing.ts';
import { isPlain, type Message } from '../../generators/model/message.ts';
import { type Creation, isRecord, type Product, type Sight } from '../../generators/model/product.ts';
import { createOf, overlap, watchWrites } from '../overlaps.ts';
import type { Rule } from '../rule.ts';
import type { Violation } from '../tell.ts';

/** An answered read: what was asked for, and what came. Lower case. */
interface Answered {
  readonly message: Message;
  readonly asked: string;
  /** A product, or, of a list, the customers whose products it shows. */
  readonly came: ReadonlySet<string>;
}

/** More than so many requests are never under way at once. */
const rememberedAtMost = 64;

/** Takes each read as its answer comes in; gives it with those before it that it overlapped. */
function watchReads(): (read: Answered) => readonly Answered[] {
  const recent: Answered[] = [];
  return (read) => {
    const beside = recent.filter((other) => overlap(other.message, read.message) && other.asked !== read.asked);
    recent.push(read);
    if (recent.length > rememberedAtMost) recent.shift();
    return beside;
  };
}

/** What one was asked for came in the answer to the other. */
const isSwapped = (wrong: Answered, owner: Answered): boolean => !wrong.came.has(wrong.asked) && wrong.came.has(owner.asked);

export const answersAreNotMixed: Rule = (tell) => {
  const noteGet = watchReads();
  const noteList = watchReads();
  const noteWrite = watchWrites();
  /** Creates under way at the same time that asked for something else. */
  const partners = new WeakMap<Creation, Creation[]>();
  const givenTwice = new WeakSet<Product>();

  function tellMixed(kind: string, expected: string, received: string, exchanges: readonly string[]): void {
    const violation: Violation = {
      cause: `${kind} got another's answer`,
      message: `A ${kind} was answered with what another request, sent in parallel, had asked for.`,
      expected,
      received,
      exchanges,
    };
    tell.violated(violation);
  }

  function compare(read: Answered, others: readonly Answered[], kind: 'get' | 'list'): void {
    for (const other of others)
      for (const [wrong, owner] of [
        [read, other],
        [other, read],
      ] as const)
        if (isSwapped(wrong, owner))
          tellMixed(
            kind,
            `${kind === 'get' ? 'the product' : 'products of the customer'} ${wrong.asked}`,
            `${kind === 'get' ? 'the product' : 'products of the customer'} ${owner.asked}`,
            [owner.message.id, wrong.message.id],
          );
  }

  function compareCreates(sight: Sight, creation: Creation): void {
    const { product, shown, listing, message } = sight;
    const [code, customer] = [shown.productCode, listing?.customer.id];
    // A code that was right at first has changed since (TIM-01); of an id given twice two products show (CRE-03).
    if (givenTwice.has(product)) return;
    const wrongCode = code !== undefined && code !== creation.code && product.constant.productCode?.shown.productCode !== creation.code;
    const wrongCustomer = customer !== undefined && customer !== creation.customer;
    if (!wrongCode && !wrongCustomer) return;
    const other = partners
      .get(creation)
      ?.find((partner) => (!wrongCode || partner.code === code) && (!wrongCustomer || partner.customer === customer));
    if (other === undefined) return;
    tellMixed(
      'create',
      `a product of code ${creation.code} under customer ${creation.customer}`,
      `code ${code}${wrongCustomer ? ` under customer ${customer}` : ''}, as the other create had asked for`,
      [creation.message?.id ?? '', other.message?.id ?? '', message.id].filter((id) => id !== ''),
    );
  }

  return {
    message(message) {
      const { intent, status, json } = message;
      if (intent.operation !== 'get' || intent.product === undefined || status !== 200 || !isPlain(intent)) return;
      const came = isRecord(json) && typeof json.customerProductId === 'string' ? json.customerProductId.toLowerCase() : undefined;
      if (came === undefined) return;
      const read = { message, asked: intent.product.toLowerCase(), came: new Set([came]) };
      const beside = noteGet(read);
      compare(read, beside, 'get');
      if (came === read.asked && beside.some((other) => other.came.has(other.asked))) tell.holds();
    },
    creation(creation, message) {
      if (!creation.valid) return;
      if (creation.product !== undefined && creation.product.creation !== creation) givenTwice.add(creation.product);
      for (const { creation: other } of noteWrite(createOf(creation, message))) {
        if (other === undefined || (other.customer === creation.customer && other.code === creation.code)) continue;
        partners.set(creation, [...(partners.get(creation) ?? []), other]);
        partners.set(other, [...(partners.get(other) ?? []), creation]);
      }
    },
    sight(sight) {
      const { creation } = sight.product;
      if (creation?.valid === true) compareCreates(sight, creation);
    },
    listing(listing) {
      const read = { message: listing.message, asked: listing.customer.id, came: customersIn(listing) };
      compare(read, noteList(read), 'list');
    },
  };
};

/** Whose products a list shows, as far as they are known. */
function customersIn({ sights }: Listing): ReadonlySet<string> {
  return new Set(sights.flatMap(({ product }: { product: Product }) => product.creation?.customer ?? []));
}
