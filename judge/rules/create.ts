/** CRE: what a create makes. */
import type { Listing } from '../../generators/model/listing.ts';
import type { Product } from '../../generators/model/product.ts';
import { tellEffect } from '../effects.ts';
import type { Rules } from '../rule.ts';
import { findStrangers } from '../strangers.ts';
import { probed } from './probed.ts';

const presence = { awaited: 'the product', received: 'it is not there', reading: 'R-VISIBILITY' } as const;

export const create: Rules<'CRE'> = {
  'CRE-01': (tell) => ({
    effect(effect) {
      if (effect.what === 'present' && effect.view === 'get' && effect.product.creation !== undefined) tellEffect(tell, effect, presence);
    },
  }),

  'CRE-02': (tell) => ({
    sight({ product, shown, message }) {
      const { creation } = product;
      if (creation?.message === undefined || !creation.valid || shown.productCode === undefined) return;
      if (shown.productCode === creation.code) tell.holds();
      else
        tell.violated({
          cause: `${creation.code} became ${shown.productCode}`,
          message: 'A product has another code than the one it was created with.',
          expected: `productCode ${creation.code}`,
          received: `productCode ${shown.productCode}`,
          exchanges: [creation.message.id, message.id],
        });
    },
  }),

  'CRE-03': (tell, known) => ({
    creation(creation, message) {
      const { product } = creation;
      if (product === undefined || product.creation === undefined) return;
      if (product.creation === creation) {
        tell.holds();
        return;
      }
      // Where there is one open product of a code a customer, a create may answer that one (R-LIMITS).
      const limited =
        product.creation.customer === creation.customer &&
        product.creation.code === creation.code &&
        product.last?.shown.status !== 'CLOSED';
      const violation = {
        cause: 'an id given twice',
        message: 'Two creates were answered with the same customerProductId.',
        expected: 'an id never given before',
        received: `the id that an earlier create of ${product.creation.code} was given`,
        exchanges: [product.creation.message?.id ?? message.id, message.id],
      };
      if (limited && known.facts.openProductsPerCode === 1) tell.warned('R-LIMITS', violation);
      else tell.violated(violation);
    },
  }),

  'CRE-04': (tell) => ({
    sight({ product, shown, message }) {
      if (product.creation?.message === undefined || product.first !== undefined) return;
      if (shown.status !== 'CLOSED') tell.holds();
      else if (product.closings.length === 0)
        tell.violated({
          cause: 'born closed',
          message: 'A product that nobody closed is CLOSED when it is first seen.',
          expected: 'any status but CLOSED',
          received: 'status CLOSED',
          exchanges: [product.creation.message.id, message.id],
        });
    },
  }),

  'CRE-05': (tell) => ({
    effect(effect) {
      if (effect.what === 'present' && effect.view === 'list' && effect.filters.length === 0 && effect.product.creation !== undefined)
        tellEffect(tell, effect, presence);
    },
    listing(listing) {
      const twice = repeated(listing);
      if (listing.filters.length === 0 && twice?.creation !== undefined)
        tell.violated({
          cause: 'listed twice',
          message: 'A product appears more than once in the list of its customer.',
          expected: 'the product once',
          received: `the product ${listing.sights.filter(({ product }) => product === twice).length} times`,
          exchanges: [listing.message.id],
        });
    },
  }),

  'CRE-06': (tell, known) => {
    const before = new Map<string, Product>();
    return {
      creation(creation, message) {
        if (!creation.valid || creation.product === undefined) return;
        const key = `${creation.customer} ${creation.code}`;
        const earlier = before.get(key);
        before.set(key, creation.product);
        if (earlier === undefined) return;
        if (earlier !== creation.product) {
          tell.holds();
          return;
        }
        const violation = {
          cause: 'the second create made nothing',
          message: 'The same create sent twice made one product.',
          expected: 'a second product, or a refusal',
          received: 'the id of the first product again',
          exchanges: [earlier.creation?.message?.id ?? message.id, message.id],
        };
        if (known.facts.openProductsPerCode === 1) tell.warned('R-LIMITS', violation);
        else tell.violated(violation);
      },
    };
  },

  'CRE-07': probed['CRE-07'],

  'CRE-08': (tell) => {
    // Optional to show: a target that never shows openedOn is not asked for it.
    const bare = new Map<Product, string>();
    let everShown = false;
    return {
      sight({ product, shown, message }) {
        if (product.creation === undefined || shown.status !== 'ACTIVE') return;
        if (shown.openedOn !== undefined) {
          everShown = true;
          bare.delete(product);
          tell.holds();
        } else if (product.constant.openedOn === undefined) bare.set(product, message.id);
      },
      end() {
        const first = [...bare.values()][0];
        if (everShown && first !== undefined)
          tell.violated({
            cause: 'ACTIVE without openedOn',
            message: 'A product is ACTIVE and never shows openedOn, though others do.',
            expected: 'openedOn',
            received: 'no openedOn',
            exchanges: [first],
          });
      },
    };
  },

  'CRE-09': (tell) => ({
    listing(listing) {
      if (listing.filters.length > 0 || !listing.customer.exclusive) return;
      const { strangers, blame } = findStrangers(listing);
      if (strangers.length > 0 && blame === 'create')
        tell.violated({
          cause: 'a product nobody asked for',
          message: 'The list shows a product that no create was answered with.',
          expected: `${listing.customer.products.size - strangers.length} products, one a create`,
          received: `${strangers.length} more`,
          exchanges: [...lastCreations(listing), listing.message.id],
        });
      else if (strangers.length === 0 && listing.sights.some(({ product }) => product.creation !== undefined)) tell.holds();
    },
  }),
};

const lastCreations = (listing: Listing): string[] =>
  listing.customer.creations.slice(-2).flatMap(({ message }) => (message === undefined ? [] : [message.id]));

/** The first product that stands more than once in a list. */
export function repeated(listing: Listing): Product | undefined {
  if (listing.ids.size === listing.sights.length) return undefined;
  const seen = new Set<Product>();
  for (const { product } of listing.sights) {
    if (seen.has(product)) return product;
    seen.add(product);
  }
  return undefined;
}
