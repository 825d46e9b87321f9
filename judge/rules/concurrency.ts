/** CON: requests that overlap. Which order they took effect in is in `orders.ts`, whose answers they got in `mixed-answers.ts`. */
import { type Creation, isSameMoment, type Product, type Sight } from '../../generators/model/product.ts';
import { recall } from '../../generators/model/recall.ts';
import { nameView } from '../effects.ts';
import type { Facts } from '../facts.ts';
import { watchLosses } from '../losses.ts';
import { closeOf, createOf, isRaced, spanOf, watchWrites } from '../overlaps.ts';
import type { Rule, Rules } from '../rule.ts';
import { findStrangers } from '../strangers.ts';
import { isWholeOrNothing } from './cut-writes.ts';
import { answersAreNotMixed } from './mixed-answers.ts';
import { isLinearizable, neverGoesBack } from './orders.ts';
import { isOfPresence } from './presence.ts';

/** CON-01. */
const parallelCreates: Rule = (tell, known) => {
  const note = watchWrites();
  /** Creates of one customer that overlapped. */
  const parallel = new WeakSet<Creation>();
  /** Products of overlapping creates, not both of them listed yet. */
  const awaited = new Map<Product, Product[]>();
  const listed = new WeakSet<Product>();

  function tellListed(product: Product): void {
    if (listed.has(product)) return;
    listed.add(product);
    const others = awaited.get(product) ?? [];
    for (const other of others) if (listed.has(other)) tell.holds();
    awaited.delete(product);
  }

  return {
    creation(creation, message) {
      if (!creation.valid) return;
      for (const { creation: other, id } of note(createOf(creation, message))) {
        if (other === undefined || other.product === undefined || creation.product === undefined) continue;
        if (other.customer === creation.customer) {
          parallel.add(other);
          parallel.add(creation);
        }
        if (other.product !== creation.product) {
          recall(awaited, other.product, () => []).push(creation.product);
          recall(awaited, creation.product, () => []).push(other.product);
        } else if (!isAnsweredAgain(other, creation, known.facts))
          tell.violated({
            cause: 'one id for two creates',
            message: 'Two creates in parallel were answered with the same customerProductId.',
            expected: 'an id for each',
            received: 'one id for both',
            exchanges: [id, message.id],
          });
      }
    },
    sight({ product, listing, message }) {
      const made = product.creation?.message;
      if (listing?.filters.length === 0 && product.customer === listing.customer.id && made !== undefined && made.to <= message.from)
        tellListed(product);
    },
    listing(listing) {
      if (listing.filters.length > 0 || !listing.customer.exclusive) return;
      const { strangers, blame } = findStrangers(listing);
      const earlier = listing.customer.lists.get('')?.from ?? Number.NEGATIVE_INFINITY;
      const creations = listing.customer.creations.filter(
        (creation) => parallel.has(creation) && creation.from < listing.to && creation.message!.to > earlier,
      );
      if (strangers.length === 0 || blame !== 'create' || creations.length === 0) return;
      tell.violated({
        cause: 'more products than creates',
        message: 'After creates in parallel the list shows a product that none of them was answered with.',
        expected: `${listing.ids.size - strangers.length} products, one a create`,
        received: `${strangers.length} more`,
        exchanges: [...creations.slice(-4).flatMap(({ message }) => message?.id ?? []), listing.message.id],
      });
    },
    ...watchLosses((effect) => {
      const { product, view, message, against } = effect;
      if (!isOfPresence(effect) || product.creation === undefined || !parallel.has(product.creation)) return;
      tell.violated({
        cause: `lost in ${nameView(effect)}`,
        message: 'A product that was created in parallel with another is lost.',
        expected: `the product in ${nameView(effect)}`,
        received: view === 'get' ? 'it is not found' : 'it is not listed',
        exchanges: [...new Set([product.creation.message?.id ?? '', against?.id ?? '', message.id])].filter((id) => id !== ''),
      });
    }),
  };
};

/** Where there is one open product of a code a customer, a create may answer that one (R-LIMITS). */
const isAnsweredAgain = (one: Creation, other: Creation, { openProductsPerCode }: Facts): boolean =>
  openProductsPerCode === 1 && one.customer === other.customer && one.code === other.code;

/** CON-02. */
const parallelCloses: Rule = (tell, known) => {
  /** The first sight of a product as CLOSED, of those closed by several at once (of which all but one may have been refused: R-AGAIN). */
  const firsts = new WeakMap<Product, Sight>();

  /** All closes are over, and what they left has had its time to show. */
  const isAfterwards = (sight: Sight): boolean =>
    sight.product.closings.every((closing) => spanOf(closing).to + (known.facts.settleMs ?? 0) <= sight.from);

  return {
    sight(sight) {
      const { product, shown, message } = sight;
      if (product.creation === undefined || shown.status !== 'CLOSED' || shown.closedOn === undefined || !isRaced(product)) return;
      if (known.facts.settleMs !== undefined && !isAfterwards(sight)) return;
      const first = recall(firsts, product, () => sight);
      if (first === sight) return;
      if (isSameMoment(first.shown.closedOn!, shown.closedOn)) {
        if (isAfterwards(sight)) tell.holds();
        return;
      }
      tell.violated({
        cause: 'several closedOn',
        message: 'Closes of one product in parallel have left more than one closedOn.',
        expected: `closedOn ${JSON.stringify(first.shown.raw.closedOn)}, as it was first shown`,
        received: `closedOn ${JSON.stringify(shown.raw.closedOn)}`,
        exchanges: [...closesOf(product), first.message.id, message.id],
      });
    },
    ...watchLosses((effect) => {
      const { product, what, message, against } = effect;
      if (what !== 'closed' || product.creation === undefined || !isRaced(product)) return;
      tell.violated({
        cause: `not closed in ${nameView(effect)}`,
        message: 'A product that was closed by several at once is not closed.',
        expected: 'CLOSED, as the closes were answered',
        received: `${nameView(effect)} shows it in another status`,
        exchanges: [...new Set([...closesOf(product), against?.id ?? message.id, message.id])],
      });
    }),
  };
};

const closesOf = ({ closings }: Product): string[] => closings.slice(0, 8).flatMap(({ message }) => message?.id ?? []);

/** CON-06. */
const parallelWrites: Rule = (tell) => {
  const note = watchWrites();
  /** Products written beside another of the same customer, with the exchanges of both writes. */
  const beside = new WeakMap<Product, readonly string[]>();
  /** Products written beside one of another customer: that they are kept is worth as much, that they are lost has nothing to do with it. */
  const across = new WeakSet<Product>();
  const witnessed = new WeakSet<Product>();
  const losses = watchLosses((effect) => {
    const { product, what, message } = effect;
    const writes = beside.get(product);
    if (writes === undefined || product.creation === undefined || (what !== 'closed' && !isOfPresence(effect))) return;
    tell.violated({
      cause: `${what === 'closed' ? 'a close' : 'a create'} lost in ${nameView(effect)}`,
      message: `A ${what === 'closed' ? 'close' : 'create'} is lost that was sent while another product of the customer was written.`,
      expected: `${nameView(effect)} shows what both writes left`,
      received: `${nameView(effect)} does not show ${what === 'closed' ? 'the product as CLOSED' : 'the product'}`,
      exchanges: [...new Set([...writes, message.id])],
    });
  });

  return {
    creation(creation, message) {
      if (creation.valid) noteWrite(createOf(creation, message), creation.product);
    },
    closing(closing, message) {
      if (closing.valid) noteWrite(closeOf(closing, message), closing.product);
    },
    effect(effect) {
      losses.effect(effect);
      const { product, what, filters, outcome } = effect;
      if (what !== 'closed' || filters.length > 0 || (outcome !== 'shown' && outcome !== 'late') || witnessed.has(product)) return;
      if ((!beside.has(product) && !across.has(product)) || product.creation === undefined) return;
      witnessed.add(product);
      tell.holds();
    },
    campaignEnd: losses.campaignEnd,
    end: losses.end,
  };

  function noteWrite(write: Parameters<typeof note>[0], product: Product | undefined): void {
    for (const other of note(write)) {
      const its = other.closing?.product ?? other.creation?.product;
      // Creates beside creates are CON-01's.
      if (its === undefined || product === undefined || its === product) continue;
      if (other.creation !== undefined && write.creation !== undefined) continue;
      if (other.customer !== write.customer) {
        across.add(its);
        across.add(product);
        continue;
      }
      if (!beside.has(its)) beside.set(its, [other.id, write.id]);
      if (!beside.has(product)) beside.set(product, [other.id, write.id]);
    }
  }
};

export const concurrency: Rules<'CON'> = {
  'CON-01': parallelCreates,
  'CON-02': parallelCloses,
  'CON-03': isLinearizable,
  'CON-04': neverGoesBack,
  'CON-05': answersAreNotMixed,
  'CON-06': parallelWrites,
  'CON-07': isWholeOrNothing,
};
