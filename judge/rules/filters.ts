/** FLT: a filter gives all that match and only those. Single filters, then several together. */

import type { Customer, Listing } from '../../generators/model/listing.ts';
import { isAccepted, isRefused } from '../../generators/model/message.ts';
import { mayVanish, normalIban, type Product, type Sight } from '../../generators/model/product.ts';
import { faultOfIban } from '../../spec/iban.ts';
import { tellEffect } from '../effects.ts';
import type { Known, Rule, Rules } from '../rule.ts';
import type { Effect } from '../visibility.ts';
import { filterSets } from './filter-sets.ts';
import { probed } from './probed.ts';

type Plain = 'productType' | 'productCode' | 'status';

const missing = { awaited: 'a product that matches', received: 'it is not listed', reading: 'R-VISIBILITY' } as const;
const lingering = { awaited: 'only products in that status', received: 'a product in another status', reading: 'R-CLOSING' } as const;

/** Without a value it may be no filter at all (R-EMPTY). */
const filterIn = (listing: Listing, name: string): string | undefined =>
  listing.filters.find(([filter, value]) => filter === name && value !== '')?.[1];
const isBy = (effect: Effect, name: string): boolean => effect.filters.length === 1 && effect.filters[0]![0] === name;

/** Every product listed matches. A product's type and code never change, so one that does not match is wrong at once. */
function onlyMatching(name: 'productType' | 'productCode'): Rule {
  return (tell) => ({
    listing(listing) {
      const value = filterIn(listing, name);
      if (value === undefined) return;
      const wrong = listing.sights.find(({ shown }) => shown[name] !== undefined && shown[name] !== value);
      if (wrong !== undefined) tell.violated(mismatch(name, value, wrong, listing));
      else if (
        listing.sights.length > 0 &&
        (hasOthers(listing.customer, (product) => product.last?.shown[name], value) || isNoneOfAnother(listing, name, value))
      )
        tell.holds();
    },
  });
}

function mismatch(name: Plain, value: string, wrong: Sight, listing: Listing) {
  return {
    cause: listing.filters.length === 1 ? `by ${name}` : `by ${name} with other filters`,
    message: `A list by ${listing.filters.map(([filter]) => filter).join(' and ')} shows a product with another ${name}.`,
    expected: `only products with ${name} ${value}`,
    received: `a product with ${name} ${String(wrong.shown[name])}`,
    exchanges: [listing.message.id],
  };
}

/** Every product known to match is listed. */
function allMatching(name: Plain): Rule {
  return (tell) => ({
    effect(effect) {
      if (effect.what === 'present' && effect.view === 'list' && isBy(effect, name)) tellEffect(tell, effect, missing);
    },
  });
}

const hasOthers = (customer: Customer, read: (product: Product) => string | undefined, value: string): boolean => {
  for (const product of customer.products.values()) {
    const known = read(product);
    if (known !== undefined && known !== value) return true;
  }
  return false;
};

/** Where a customer has products of one value only: the list by another value, asked when they were there, showed none of them. */
function isNoneOfAnother({ customer, sights }: Listing, name: string, value: string): boolean {
  for (const { filters: sent, ids, from } of customer.lists.values()) {
    const [filter] = sent;
    if (sent.length === 1 && filter![0] === name && filter![1] !== value && ids.size === 0)
      return sights.some(({ product: { first } }) => first !== undefined && first.to <= from);
  }
  return false;
}

export const filters: Rules<'FLT'> = {
  'FLT-01': onlyMatching('productType'),
  'FLT-02': onlyMatching('productCode'),
  'FLT-03': (tell) => ({
    effect(effect) {
      if (effect.what === 'absent' && effect.outcome !== 'shown') tellEffect(tell, effect, lingering);
    },
    listing(listing) {
      const value = filterIn(listing, 'status');
      if (
        value !== undefined &&
        listing.sights.length > 0 &&
        listing.sights.every(({ shown }) => shown.status === value) &&
        hasOthers(listing.customer, (product) => product.last?.shown.status, value)
      )
        tell.holds();
    },
  }),
  'FLT-04': allMatching('productType'),
  'FLT-05': allMatching('productCode'),
  'FLT-06': allMatching('status'),

  'FLT-07': (tell, known) => {
    const takenWithout = new Map<string, { status: number; exchange: string }>();
    return {
      message(message) {
        const { operation, customer: id, filters: sent = [], probe } = message.intent;
        if (operation !== 'list' || probe !== undefined || id === undefined || message.status === undefined || message.status === 401)
          return;
        const customer = known.customers.get(id.toLowerCase());
        if (customer === undefined) return;
        if (customer.products.size === 0 && customer.creations.every(({ outcome }) => outcome === 'refused')) {
          // Products that this very list shows are not known yet.
          if (sent.length === 0 && (message.status !== 200 || (Array.isArray(message.json) && message.json.length === 0)))
            keepToOneReading(customer.invented ? 'an invented customer' : 'a customer without products', message.status, message.id);
        } else if (
          (isRefused(message) || (isAccepted(message) && message.status !== 200)) &&
          sent.length > 0 &&
          !sent.some(([name]) => name === 'iban') &&
          hasLasting(customer, message.from, known)
        )
          tell.violated({
            cause: `answered ${message.status}`,
            message: `A filter on a customer with products is answered ${message.status}.`,
            expected: '200 and a list, empty where nothing matches',
            received: `${message.status}`,
            exchanges: [message.id],
          });
      },
      listing(listing) {
        if (listing.filters.length > 0 && listing.sights.length === 0 && hasLasting(listing.customer, listing.from, known)) tell.holds();
      },
    };

    /** R-CUSTOMER leaves open how a customer without products is answered, and asks to keep to it. */
    function keepToOneReading(who: string, status: number, exchange: string): void {
      if (status !== 200 && status !== 404 && status !== 403) return;
      tell.took('R-CUSTOMER', `${who}: ${status}`, exchange);
      const before = takenWithout.get(who);
      if (before === undefined) takenWithout.set(who, { status, exchange });
      else if (before.status !== status)
        tell.warned('R-CUSTOMER', {
          cause: `${who}: now one, now the other`,
          message: `The list of ${who} is answered ${before.status} one time and ${status} another.`,
          expected: 'one answer, kept to',
          received: `${before.status}, then ${status}`,
          exchanges: [before.exchange, exchange],
        });
    }
  },

  'FLT-08': (tell, known) => {
    const ibansOf = new Map<Product, { iban: string; exchange: string }>();
    /** Lists by an IBAN of products that show none: of whose product it is, a later answer may tell. */
    const unexplained: { readonly iban: string; readonly exchange: string }[] = [];
    return {
      effect(effect) {
        if (effect.what === 'present' && effect.view === 'list' && isBy(effect, 'iban')) tellEffect(tell, effect, missing);
      },
      message(message) {
        const { operation, filters: sent = [], probe } = message.intent;
        if (
          operation !== 'list' ||
          probe !== undefined ||
          sent.length !== 1 ||
          sent[0]![0] !== 'iban' ||
          faultOfIban(sent[0]![1]) !== undefined ||
          !isRefused(message) ||
          message.status === 401
        )
          return;
        // A customer without products may be answered so whatever the filter (R-CUSTOMER).
        const customer = known.customers.get(message.intent.customer?.toLowerCase() ?? '');
        if (customer === undefined || !hasLasting(customer, message.from, known)) return;
        tell.warned('R-REFUSAL', {
          cause: `an IBAN is refused with ${message.status}`,
          message: `A well-formed IBAN is refused with ${message.status}.`,
          expected: '200 and the products with this IBAN, or none',
          received: `${message.status}`,
          exchanges: [message.id],
        });
      },
      listing(listing) {
        const iban = normalIban(filterIn(listing, 'iban'));
        if (iban === undefined) return;
        for (const { product, shown } of listing.sights) {
          // One view may leave out what the other shows.
          const own = shown.iban ?? product.constant.iban?.shown.iban;
          if (own !== undefined && own !== iban)
            tell.violated({
              cause: 'a product with another IBAN',
              message: 'A list by IBAN shows a product that has another.',
              expected: 'only the product with this IBAN',
              received: 'a product that shows another IBAN',
              exchanges: [listing.message.id],
            });
          if (own !== undefined) continue;
          unexplained.push({ iban, exchange: listing.message.id });
          const other = ibansOf.get(product);
          if (other === undefined) ibansOf.set(product, { iban, exchange: listing.message.id });
          else if (other.iban !== iban)
            tell.violated({
              cause: 'one product under two IBANs',
              message: 'A product is listed under two different IBANs.',
              expected: 'a product under one IBAN',
              received: 'the same product under two',
              exchanges: [other.exchange, listing.message.id],
            });
          if (listing.sights.length > 1)
            tell.warned('R-VALUES', {
              cause: 'a second product that shows no IBAN',
              message: 'A list by IBAN shows a second product, which shows no IBAN.',
              expected: 'one product',
              received: `${listing.sights.length} products`,
              exchanges: [listing.message.id],
            });
        }
      },
      end() {
        for (const { iban, exchange } of unexplained)
          if (!isKnownIban(iban, known))
            tell.violated({
              cause: 'a product under an IBAN that no product has',
              message: 'A list by an IBAN that no product has shows one.',
              expected: 'no product',
              received: 'a product that shows no IBAN',
              exchanges: [exchange],
            });
      },
    };
  },

  ...filterSets,

  'FLT-12': probed['FLT-12'],
  'FLT-13': probed['FLT-13'],
  'FLT-16': probed['FLT-16'],
  'FLT-17': probed['FLT-17'],
};

/** It had shown products that cannot vanish, before this was asked for: so long before that no replica lacks them. */
const hasLasting = (customer: Customer, from: number, { facts }: Known): boolean => {
  for (const product of customer.products.values())
    if (product.first !== undefined && product.first.to + (facts.settleMs ?? 0) <= from && !mayVanish(product, true)) return true;
  return false;
};

/** Some product shows it, or the profile says that a customer has it. */
function isKnownIban(iban: string, known: Known): boolean {
  if (known.facts.ibans.includes(iban)) return true;
  for (const product of known.products.values())
    if (product.constant.iban?.shown.iban === iban || product.last?.shown.iban === iban) return true;
  return false;
}
