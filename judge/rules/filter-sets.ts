/** FLT, continued: what lists under several filters, several values or several customers must have to do with each other. */

import { isSameState } from '../../generators/model/fold.ts';
import type { Customer, Listing } from '../../generators/model/listing.ts';
import { mayVanish, normalIban, type Product, type Shown, type Sight } from '../../generators/model/product.ts';
import { recall } from '../../generators/model/recall.ts';
import { filterNames, productCodes, productTypes, statuses } from '../../spec/values.ts';
import { tellsOfChange } from '../coarse.ts';
import { tellEffect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { Rule, Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';
import type { Effect } from '../visibility.ts';
import { isAtRest } from './lists.ts';

const missing = { awaited: 'a product that matches', received: 'it is not listed', reading: 'R-VISIBILITY' } as const;

const isByStatus = (effect: Effect): boolean => effect.filters.length === 1 && effect.filters[0]![0] === 'status';
const names = (listing: Listing): string => listing.filters.map(([name]) => name).join(' and ');
const sameIds = (one: Listing, other: Listing): boolean => one.ids.size === other.ids.size && [...one.ids].every((id) => other.ids.has(id));
/**
 * What a list in between shows otherwise than both of two lists around it: it lacks what both show in one state, or, where only we write
 * and the two are equal, shows what neither does. What came, went or changed meanwhile says nothing.
 */
function differenceAtRest(before: Listing, between: Listing, after: Listing, toleranceMs: number): readonly Product[] {
  const stateAfter = new Map(after.sights.map(({ product, shown }) => [product, shown]));
  const lacking = before.sights.filter(({ product, shown, from }) => {
    const later = stateAfter.get(product);
    if (between.ids.has(product.id) || later === undefined || !isSameState(shown, later)) return false;
    return tellsOfChange(product, later, from, toleranceMs);
  });
  const added =
    between.customer.exclusive && sameIds(before, after)
      ? between.sights.filter((sight) => !before.ids.has(sight.product.id) && !mayHaveCome(sight, before, toleranceMs))
      : [];
  return [...lacking, ...added].map(({ product }) => product);
}

/** The bank may move a product to the status that a list is asked for by, and on to another, unless it was known to be as it is shown. */
function mayHaveCome({ product, shown, listing }: Sight, { from }: Listing, toleranceMs: number): boolean {
  if (listing?.status === undefined) return false;
  const { modifiedSince } = product;
  return modifiedSince === undefined || modifiedSince.to > from || !tellsOfChange(product, shown, from, toleranceMs);
}

const known = new Set<string>(filterNames);

/** Lists of one view in any order: while something settles, one may be asked for several times. */
const keptAtMost = 12;

export const filterSets: Pick<Rules<'FLT'>, 'FLT-09' | 'FLT-10' | 'FLT-11' | 'FLT-14' | 'FLT-15'> = {
  'FLT-09': (tell) => {
    /** Late under several filters: no news where each alone, or the product itself, is late as well. */
    const late: Effect[] = [];
    let isSlowElsewhere = false;
    return {
      effect(effect) {
        if (effect.view === 'get' || effect.filters.length < 2) {
          if (effect.outcome === 'late') isSlowElsewhere = true;
          return;
        }
        if (effect.what !== 'present' && (effect.what !== 'absent' || effect.outcome === 'shown')) return;
        if (effect.outcome === 'late') late.push(effect);
        else tellEffect(tell, effect, missing);
      },
      end() {
        for (const effect of late) {
          if (isSlowElsewhere) tell.holds();
          else tellEffect(tell, effect, missing);
        }
      },
      listing(listing) {
        if (listing.filters.length < 2) return;
        for (const { shown } of listing.sights) {
          // A status may lag behind in an index: that is an effect, above.
          const wrong = listing.filters.find(([name, value]) => name !== 'status' && differs(shown, name, value));
          if (wrong === undefined) continue;
          tell.violated({
            cause: `${sortedNames(listing)} do not go together`,
            message: `A list by ${names(listing)} shows a product that does not match ${wrong[0]}.`,
            expected: `only products with ${listing.filters.map(([name, value]) => `${name} ${value}`).join(' and ')}`,
            received: `a product with another ${wrong[0]}`,
            exchanges: [listing.message.id],
          });
          return;
        }
      },
    };
  },

  'FLT-10': (tell, { facts }) => {
    const settleMs = facts.settleMs ?? 0;
    const before = new Map<Customer, Map<string, Listing[]>>();
    return {
      listing(listing) {
        if (listing.filters.length < 2) return;
        const views = recall(before, listing.customer, () => new Map<string, Listing[]>());
        const lists = recall(views, listing.view, () => []);
        const second = lists.findLast((list) => order(list) !== order(listing) && list.to <= listing.from);
        const first = lists.findLast((list) => order(list) === order(listing) && second !== undefined && list.to <= second.from);
        lists.push(listing);
        if (lists.length > keptAtMost) lists.shift();
        // Two lists enclose the one in another order: of what both show alike nothing but the order differs.
        if (first === undefined || second === undefined) return;
        const differing = differenceAtRest(first, second, listing, facts.clockToleranceMs);
        if (differing.length === 0) {
          if (first.sights.some(({ product }) => second.ids.has(product.id))) tell.holds();
          return;
        }
        if (!isAtRest(listing.customer, first, listing, settleMs)) return;
        // By the bank's hand, or others', two replicas may stay behind where a third does not.
        const settled =
          settleMs === 0 || differing.some((product) => lastChange(product) + settleMs <= first.from && !mayVanish(product, true));
        if (settled && (settleMs === 0 || listing.filters.every(([name]) => name !== 'status')))
          tell.violated({
            cause: sortedNames(listing),
            message: `The list by ${names(listing)} depends on the order of the parameters.`,
            expected: `${first.ids.size} products, as in the other order before and after`,
            received: `${second.ids.size} products, not the same ones`,
            exchanges: [first.message.id, second.message.id, listing.message.id],
          });
      },
    };
  },

  'FLT-11': partition(),

  'FLT-14': (tell) => ({
    effect(effect) {
      if (effect.view !== 'list' || !isByStatus(effect)) return;
      const closed = effect.product.closings.some(
        ({ outcome, message }) => outcome !== 'refused' && message !== undefined && message.to <= effect.message.from,
      );
      if (!closed) return;
      const value = effect.filters[0]![1];
      const moved =
        (effect.what === 'present' && value === 'CLOSED') ||
        (effect.what === 'absent' && value !== 'CLOSED' && effect.product.last?.shown.status === 'CLOSED');
      if (moved)
        tellEffect(tell, effect, {
          awaited: 'a closed product under CLOSED and under no other status',
          received: effect.what === 'present' ? 'it is not listed under CLOSED' : 'it is still listed under its old status',
          reading: 'R-CLOSING',
        });
    },
  }),

  'FLT-15': (tell, { products }) => ({
    listing(listing) {
      const iban = normalIban(listing.filters.length === 1 && listing.filters[0]![0] === 'iban' ? listing.filters[0]![1] : undefined);
      if (iban === undefined) return;
      let foreign = false;
      for (const product of products.values()) {
        if (product.constant.iban?.shown.iban !== iban) continue;
        if (product.customer === listing.customer.id) return;
        foreign = true;
      }
      if (!foreign) return;
      if (listing.sights.length === 0) tell.holds();
      else
        tell.violated({
          cause: "another customer's IBAN",
          message: "A list by another customer's IBAN shows products.",
          expected: 'no product',
          received: `${listing.sights.length} products`,
          exchanges: [listing.message.id],
        });
    },
  }),
};

const order = (listing: Listing): string => listing.filters.map(([name]) => name).join();
const sortedNames = (listing: Listing): string =>
  listing.filters
    .map(([name]) => name)
    .sort()
    .join(' and ');

function differs(shown: Shown, name: string, value: string): boolean {
  if (!known.has(name) || value === '') return false;
  const own = name === 'iban' ? shown.iban : shown[name as 'productType' | 'productCode' | 'status'];
  return own !== undefined && own !== (name === 'iban' ? normalIban(value) : value);
}

type Property = 'productType' | 'productCode' | 'status';
const factsOf: Readonly<Record<Property, readonly string[]>> = { productType: productTypes, productCode: productCodes, status: statuses };

const valuesOf = (name: Property, facts: Facts): readonly string[] => [...factsOf[name], ...facts.values[name]];

/** FLT-11: between two unfiltered lists, the lists of all values of one filter are disjoint and together the whole. */
function partition(): Rule {
  return (tell, { facts }) => {
    const boundMs = facts.settleMs ?? facts.lostAfterMs;
    /** Where replicas may stay behind: what must still be so once all is settled. */
    const claims = new Map<Product, { readonly shown: Shown; readonly notBefore: number; readonly violation: Violation }[]>();
    return {
      sight({ product, shown, from }) {
        const known = claims.get(product);
        if (known === undefined || from < known.at(-1)!.notBefore) return;
        claims.delete(product);
        for (const claim of known) if (isSameState(claim.shown, shown)) tell.violated(claim.violation);
      },
      listing(after) {
        const { customer } = after;
        const before = customer.lists.get('');
        if (after.filters.length > 0 || before === undefined || before.ids.size < 2 || customer.lastWriteSent > before.from) return;
        const seenBefore = new Map(before.sights.map(({ product, shown }) => [product, shown]));
        for (const name of Object.keys(factsOf) as Property[]) {
          const values = valuesOf(name, facts);
          const parts = values.map((value) => customer.lists.get(`${name}=${value}`));
          if (!parts.every((list) => list !== undefined && list.from >= before.to && list.to <= after.from)) continue;
          let compared = 0;
          let wrong = 0;
          for (const { product, shown } of after.sights) {
            const value = shown[name];
            const was = seenBefore.get(product);
            // What was changed meanwhile, to another value or there and back, shows it.
            if (value === undefined || !values.includes(value) || was === undefined || !isSameState(was, shown) || was[name] !== value)
              continue;
            compared += 1;
            const holding = parts.filter((list) => list!.ids.has(product.id));
            if (holding.length === 1) continue;
            wrong += 1;
            // An index may still lag behind: FLT-04 to FLT-06 wait for it.
            if (lastChange(product) + boundMs > before.from) continue;
            if (name === 'status' && !tellsOfChange(product, shown, before.from, facts.clockToleranceMs)) continue;
            const violation = {
              cause: `${name}: ${holding.length === 0 ? 'in no list' : 'in two lists'}`,
              message: `The lists of all values of ${name} are ${holding.length === 0 ? 'not the whole' : 'not disjoint'}.`,
              expected: `each product in the list of its ${name}, and in no other`,
              received: `a product with ${name} ${value} in ${holding.length} of the lists`,
              exchanges: [before.message.id, ...holding.map((list) => list!.message.id), after.message.id],
            };
            if (facts.settleMs === undefined) tell.violated(violation);
            else recall(claims, product, () => []).push({ shown, notBefore: after.to + facts.settleMs, violation });
          }
          if (compared > 1 && wrong === 0) tell.holds();
        }
      },
    };
  };
}

/** When what is known to have happened last to a product was over: a write of ours, or a change that was seen. */
const lastChange = ({ creation, closings, statusSince, modifiedSince }: Product): number =>
  Math.max(
    modifiedSince?.to ?? Number.NEGATIVE_INFINITY,
    creation?.message?.to ?? Number.NEGATIVE_INFINITY,
    statusSince?.to ?? Number.NEGATIVE_INFINITY,
    ...closings.map(({ message }) => message?.to ?? Number.POSITIVE_INFINITY),
  );
