/** CRE: what a create makes. */
import type { Listing } from '../../generators/model/listing.ts';
import { isRefused } from '../../generators/model/message.ts';
import { type Creation, type Product, siblingClosings } from '../../generators/model/product.ts';
import { tellEffect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { Rules } from '../rule.ts';
import { countTwins, findStrangers } from '../strangers.ts';
import type { Violation } from '../tell.ts';
import { isOfPresence } from './presence.ts';
import { probed } from './probed.ts';

/** Where others write too, an effect nobody asked for must follow so often, and never fail to (rule 3). */
const triesNeeded = 3;

const presence = { awaited: 'the product', received: 'it is not there', reading: 'R-VISIBILITY' } as const;

export const create: Rules<'CRE'> = {
  'CRE-01': (tell) => ({
    effect(effect) {
      if (isOfPresence(effect) && effect.view === 'get' && effect.product.creation !== undefined) tellEffect(tell, effect, presence);
    },
  }),

  'CRE-02': (tell) => {
    /** Shown with the right code in that view; that it changed later TIM-01 says, or CLS-05. In other letters: SCH-05, SCH-07 (R-ENUMCASE). */
    const right = { get: new WeakSet<Product>(), list: new WeakSet<Product>() };
    return {
      sight({ product, shown, message, view }) {
        const { creation } = product;
        if (creation?.message === undefined || !creation.valid || shown.productCode === undefined || product.closings.length > 0) return;
        if (shown.productCode === creation.code) {
          right[view].add(product);
          tell.holds();
        } else if (!right[view].has(product) && shown.productCode.toUpperCase() !== creation.code)
          tell.violated({
            cause: `${creation.code} became ${shown.productCode}`,
            message: 'A product has another code than the one it was created with.',
            expected: `productCode ${creation.code}`,
            received: `productCode ${shown.productCode}`,
            exchanges: [creation.message.id, message.id],
          });
      },
    };
  },

  'CRE-03': (tell, known) => ({
    creation(creation, message) {
      const { product } = creation;
      if (product === undefined || product.creation === undefined) return;
      if (product.creation === creation) {
        tell.holds();
        return;
      }
      // CRE-06 warns of it.
      if (isAnsweredAgain(product, creation, known.facts)) return;
      tell.violated({
        cause: 'an id given twice',
        message: 'Two creates were answered with the same customerProductId.',
        expected: 'an id never given before',
        received: `the id that an earlier create of ${product.creation.code} was given`,
        exchanges: [product.creation.message?.id ?? message.id, message.id],
      });
    },
  }),

  'CRE-04': (tell, known) => {
    const elsewhere: Violation[] = [];
    let bornOpen = false;
    return {
      sight({ product, shown, message, to }) {
        const { creation } = product;
        if (creation?.message === undefined || product.first !== undefined) return;
        if (shown.status !== 'CLOSED') {
          bornOpen = true;
          tell.holds();
          return;
        }
        const customer = known.customers.get(creation.customer);
        // It may have closed along with another (R-BOUND).
        if (product.closings.length > 0 || siblingClosings(product, customer, creation.from, to).length > 0) return;
        const violation = {
          cause: 'born closed',
          message: 'A product that nobody closed is CLOSED when it is first seen.',
          expected: 'any status but CLOSED',
          received: 'status CLOSED',
          exchanges: [creation.message.id, message.id],
        };
        if (customer?.exclusive === true) tell.violated(violation);
        else elsewhere.push(violation);
      },
      end() {
        // Where others write too, one of them may have closed it: hardly every one (rule 3).
        if (!bornOpen && elsewhere.length >= triesNeeded) for (const violation of elsewhere) tell.violated(violation);
      },
    };
  },

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
    /** Second creates that were refused, until a list shows that they made nothing. */
    const refused = new Map<string, number>();
    return {
      creation(creation, message) {
        if (!creation.valid) return;
        const key = `${creation.customer} ${creation.code}`;
        const earlier = before.get(key);
        if (isRefused(message) && message.status !== 401 && earlier !== undefined) refused.set(creation.customer, message.to);
        if (creation.product === undefined) return;
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
        if (isAnsweredAgain(earlier, creation, known.facts)) tell.warned('R-LIMITS', violation);
        else tell.violated(violation);
      },
      listing(listing) {
        const at = refused.get(listing.customer.id);
        if (at === undefined || listing.filters.length > 0 || listing.from < at) return;
        refused.delete(listing.customer.id);
        if (findStrangers(listing).strangers.length === 0) tell.holds();
      },
    };
  },

  'CRE-07': probed['CRE-07'],

  'CRE-08': (tell) => {
    // Optional to show: a view that never shows openedOn is not asked for it.
    const views = { get: new Map<Product, string | undefined>(), list: new Map<Product, string | undefined>() };
    return {
      sight({ product, shown, message, view }) {
        if (product.creation === undefined || shown.status !== 'ACTIVE') return;
        const bare = views[view];
        if (shown.openedOn !== undefined) {
          bare.set(product, undefined);
          tell.holds();
        } else if (!bare.has(product)) bare.set(product, message.id);
      },
      end() {
        for (const bare of Object.values(views)) {
          const ids = [...bare.values()];
          const first = ids.find((id) => id !== undefined);
          if (first !== undefined && ids.includes(undefined))
            tell.violated({
              cause: 'ACTIVE without openedOn',
              message: 'A product is ACTIVE and never shows openedOn, though others do.',
              expected: 'openedOn',
              received: 'no openedOn',
              exchanges: [first],
            });
        }
      },
    };
  },

  'CRE-09': (tell, { facts }) => {
    const elsewhere: Violation[] = [];
    let exact = false;
    return {
      listing(listing) {
        if (listing.filters.length > 0) return;
        if (listing.customer.exclusive) {
          const { strangers, blame } = findStrangers(listing);
          if (strangers.length > 0 && blame === 'create') tell.violated(unasked(listing, strangers.length));
          else if (strangers.length === 0 && listing.sights.some(({ product }) => product.creation !== undefined)) tell.holds();
          return;
        }
        const company = countTwins(listing, facts.clockToleranceMs);
        if (company === undefined) return;
        if (company.twins >= company.made) elsewhere.push(unasked(listing, company.twins));
        else exact = true;
        if (company.twins === 0) tell.holds();
      },
      end() {
        // Others may create at any moment: hardly a twin of each of ours.
        if (!exact && elsewhere.length >= triesNeeded) for (const violation of elsewhere) tell.violated(violation);
      },
    };
  },
};

const unasked = (listing: Listing, more: number): Violation => ({
  cause: 'a product nobody asked for',
  message: 'The list shows a product that no create was answered with.',
  expected: `${listing.ids.size - more} products, one a create`,
  received: `${more} more`,
  exchanges: [...lastCreations(listing), listing.message.id],
});

const lastCreations = (listing: Listing): string[] =>
  listing.customer.creations.slice(-2).flatMap(({ message }) => (message === undefined ? [] : [message.id]));

/** Where there is one open product of a code a customer, a create may answer that one (R-LIMITS). */
const isAnsweredAgain = (open: Product, creation: Creation, { openProductsPerCode }: Facts): boolean =>
  openProductsPerCode === 1 &&
  open.customer === creation.customer &&
  (open.creation?.code ?? open.constant.productCode?.shown.productCode) === creation.code &&
  !((open.firstClosed?.to ?? Number.POSITIVE_INFINITY) <= creation.from);

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
