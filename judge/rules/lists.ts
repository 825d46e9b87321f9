/** LST: list and get show the same products, all of them, each once. */
import type { Customer } from '../../generators/model/listing.ts';
import { mayVanish, type Product, type Sight } from '../../generators/model/product.ts';
import { findLastingChange, watchAgreement } from '../agreement.ts';
import { tellEffect } from '../effects.ts';
import type { Known, Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';
import type { Effect } from '../visibility.ts';
import { repeated } from './create.ts';
import { isOfPresence } from './presence.ts';
import { probed } from './probed.ts';

const presence = { awaited: 'the product', received: 'it is not there', reading: 'R-VISIBILITY' } as const;
const isUnfiltered = (effect: Effect): boolean => effect.view === 'list' && effect.filters.length === 0;

/** Lists of fewer products than this say nothing of growth. */
const few = 10;
/** Enough to say that lists stay complete as they grow. */
const many = 64;

export const lists: Rules<'LST'> = {
  'LST-01': (tell) => ({
    effect(effect) {
      if (effect.what === 'present' && isUnfiltered(effect)) tellEffect(tell, effect, presence);
    },
  }),

  'LST-02': (tell) => ({
    listing(listing) {
      const twice = repeated(listing);
      if (twice !== undefined)
        tell.violated({
          cause: listing.filters.length === 0 ? 'twice in the list' : 'twice in a filtered list',
          message: 'A product appears twice in one list.',
          expected: 'each product once',
          received: `${listing.sights.length} entries for ${listing.ids.size} products`,
          exchanges: [listing.message.id],
        });
      else if (listing.ids.size > 1) tell.holds();
    },
  }),

  'LST-03': (tell, { facts }) => ({
    ...watchAgreement(tell, facts.settleMs, facts.clockToleranceMs),
    effect(effect) {
      if (effect.what !== 'fresh' || effect.outcome === 'shown' || effect.outcome === 'back') return;
      tellEffect(tell, effect, {
        awaited: 'the newest state that another read had shown',
        received: 'an earlier state of the product',
        reading: 'R-VISIBILITY',
      });
    },
  }),

  'LST-04': (tell, known) => ({
    effect(effect) {
      if (!isOfPresence(effect) || effect.outcome !== 'back') return;
      if (effect.view === 'list' && effect.filters.length > 0) return;
      if (isOurs(effect.product, known)) tellEffect(tell, effect, presence);
    },
    sight(sight) {
      const { product, previous, shown } = sight;
      if (product.creation === undefined || previous === undefined || !isOurs(product, known)) return;
      if (!isAtRest(known.customers.get(product.customer!)!, previous, sight, settleMs(known))) return;
      const name = findLastingChange(previous.shown, shown);
      if (name !== undefined)
        tell.violated({
          cause: `${name} changes at rest`,
          message: `${name} of a product changes between two reads, with no write before or between them.`,
          expected: `${name} ${render(previous, name)}`,
          received: `${name} ${render(sight, name)}`,
          exchanges: [previous.message.id, sight.message.id],
        });
    },
    listing(listing) {
      const { customer } = listing;
      const before = customer.lists.get('');
      if (listing.filters.length > 0 || !customer.exclusive || before === undefined || !isAtRest(customer, before, listing, 0)) return;
      // What is about to vanish may show here and there (R-ENDED).
      const came = listing.sights.filter(({ product }) => !before.ids.has(product.id) && !mayVanish(product, true));
      if (came.length === 0) {
        if (before.ids.size > 0 && before.ids.size === listing.ids.size) tell.holds();
        return;
      }
      if (!isAtRest(customer, before, listing, settleMs(known))) return;
      tell.violated({
        cause: 'a product comes at rest',
        message: 'A list shows a product that an earlier list did not, with no write before or between them.',
        expected: `${before.ids.size} products, as before`,
        received: `${came.length} more`,
        exchanges: [before.message.id, listing.message.id],
      });
    },
  }),

  'LST-05': (tell) => {
    const missing: { known: number; violation: Violation }[] = [];
    let smallMissing = 0;
    return {
      effect(effect) {
        if (effect.what !== 'present' || !isUnfiltered(effect) || (effect.outcome !== 'lost' && effect.outcome !== 'back')) return;
        const { known } = effect;
        if (known < few) smallMissing += 1;
        else
          missing.push({
            known,
            violation: {
              cause: 'products are left out as the list grows',
              message: `The list of a customer with ${known} products leaves some out, where shorter lists are complete.`,
              expected: `${known} products`,
              received: `${(effect.message.json as readonly unknown[]).length} products`,
              exchanges: [effect.message.id],
            },
          });
      },
      listing(listing) {
        if (
          listing.filters.length === 0 &&
          listing.ids.size >= many &&
          [...listing.customer.products.keys()].every((id) => listing.ids.has(id))
        )
          tell.holds();
      },
      end() {
        // A defect that small lists show too is no matter of growth: LST-01 says it.
        if (smallMissing > 0) return;
        for (const { violation } of missing.sort((a, b) => a.known - b.known)) tell.violated(violation);
      },
    };
  },

  'LST-06': probed['LST-06'],

  'LST-07': (tell) => ({
    message(message) {
      const { operation, product } = message.intent;
      if (operation !== 'get' || product === undefined || message.status !== 200) return;
      const shown = (message.json as { customerProductId?: unknown } | null | undefined)?.customerProductId;
      if (typeof shown !== 'string') return;
      if (shown.toLowerCase() === product.toLowerCase()) tell.holds();
      else
        tell.violated({
          cause: 'another product',
          message: 'A get was answered with another product than the one asked for.',
          expected: `customerProductId ${product}`,
          received: `customerProductId ${shown}`,
          exchanges: [message.id],
        });
    },
  }),

  'LST-08': probed['LST-08'],

  'LST-09': (tell) => {
    const listed = new WeakSet<Product>();
    const got = new WeakSet<Product>();
    return {
      sight({ product, view }) {
        if (view === 'list') listed.add(product);
        else if (listed.has(product) && !got.has(product)) {
          got.add(product);
          tell.holds();
        }
      },
      effect(effect) {
        if (isOfPresence(effect) && effect.outcome !== 'shown' && effect.view === 'get' && listed.has(effect.product))
          tellEffect(tell, effect, { ...presence, awaited: 'a product that is listed' });
      },
    };
  },

  'LST-10': probed['LST-10'],
  'LST-11': probed['LST-11'],
};

const settleMs = ({ facts }: Known): number => facts.settleMs ?? facts.lostAfterMs;

const isOurs = (product: Product, { customers }: Known): boolean =>
  product.customer !== undefined && customers.get(product.customer)?.exclusive === true;

interface Read {
  readonly from: number;
  readonly to: number;
}

/** Two reads one after the other, and the last write to the customer was answered some time before the earlier was asked for. */
export const isAtRest = (customer: Customer, before: Read, after: Read, settledMs: number): boolean =>
  before.to <= after.from && customer.lastWriteDone + settledMs <= before.from && customer.lastWriteSent < before.from;

const render = ({ shown }: Sight, name: string): string => JSON.stringify(name === 'iban' ? shown.iban : shown.raw[name]);
