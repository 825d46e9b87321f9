/** OWN: whose a product is. */
import type { Customer } from '../../generators/model/listing.ts';
import type { Message } from '../../generators/model/message.ts';
import { isRecord } from '../../generators/model/product.ts';
import type { Rules } from '../rule.ts';
import { findStrangers } from '../strangers.ts';
import { isAtRest } from './lists.ts';
import { probed } from './probed.ts';

export const ownership: Rules<'OWN'> = {
  'OWN-01': (tell, known) => {
    const isOurs = (id: string | undefined): boolean => {
      const customer = known.customers.get(id ?? '');
      return customer !== undefined && (customer.invented || customer.exclusive);
    };
    return {
      sight({ product, listing, message }) {
        if (listing === undefined || product.creation === undefined || product.customer === undefined) return;
        if (product.customer === listing.customer.id) return;
        tell.violated({
          cause: listing.filters.length === 0 ? "in another customer's list" : "in another customer's filtered list",
          message: 'A product is listed under a customer that it was not created for.',
          expected: `the product in the list of ${product.customer} only`,
          received: `it is listed under ${listing.customer.id}`,
          exchanges: [...(product.creation.message === undefined ? [] : [product.creation.message.id]), message.id],
        });
      },
      message(message) {
        const asked = askedOddly(message);
        if (asked === undefined) return;
        const foreign = listedIds(message)
          .map((id) => known.products.get(id))
          .find((product) => product?.creation?.outcome === 'accepted' && product.customer !== asked && isOurs(product.customer));
        if (foreign?.creation === undefined) return;
        tell.violated({
          cause: "in another customer's list that was asked for oddly",
          message: 'A product is listed under a customer that it was not created for.',
          expected: `the product in the list of ${foreign.customer} only`,
          received: `it is listed under ${asked}`,
          exchanges: [...(foreign.creation.message === undefined ? [] : [foreign.creation.message.id]), message.id],
        });
      },
      listing(listing) {
        // Worth something only while another customer has products that could be shown here.
        if (
          listing.sights.length > 0 &&
          listing.sights.every(({ product }) => product.customer === undefined || product.customer === listing.customer.id) &&
          othersHaveProducts(listing.customer, known.customers)
        )
          tell.holds();
      },
    };
  },

  'OWN-02': (tell, known) => ({
    listing(listing) {
      const { customer } = listing;
      const before = customer.lists.get('');
      if (listing.filters.length > 0 || !customer.exclusive || before === undefined || !isAtRest(customer, before, listing, 0)) return;
      const written = [...known.customers.values()].filter(
        (other) => other !== customer && other.lastWriteSent > before.from && other.lastWriteSent < listing.from,
      );
      if (written.length === 0) return;
      const came = findStrangers(listing).strangers.length;
      const gone = [...before.ids].filter((id) => !listing.ids.has(id));
      // What a close under this customer closed along with its product may show later (R-BOUND).
      const settled = isAtRest(customer, before, listing, known.facts.settleMs ?? known.facts.lostAfterMs) || !hasClosings(customer);
      const closed = listing.sights.filter(
        ({ product, shown }) =>
          settled &&
          shown.status === 'CLOSED' &&
          before.sights.some((sight) => sight.product === product && sight.shown.status !== 'CLOSED') &&
          product.closings.length === 0,
      );
      if (came > 0 || closed.length > 0)
        tell.violated({
          cause: came > 0 ? 'a product came' : 'a product was closed',
          message: 'Something changed under a customer while writes were sent under others only.',
          expected: `${before.ids.size} products, as before`,
          received: came > 0 ? `${came} more` : 'one of them CLOSED',
          exchanges: [before.message.id, listing.message.id],
        });
      else if (gone.length === 0 && listing.ids.size > 0) tell.holds();
    },
  }),

  'OWN-03': probed['OWN-03'],
};

/** The customer of a list whose request has a defect: whatever it asks for otherwise, it asks of that customer. */
function askedOddly({ intent, exchange, status }: Message): string | undefined {
  const isOdd = intent.probe?.role === 'odd' || intent.probe?.role === 'spoiled';
  if (!isOdd || intent.operation !== 'list' || exchange.request.method !== 'GET' || status !== 200) return undefined;
  const asked = intent.customer?.toLowerCase();
  return asked !== undefined && exchange.request.url.toLowerCase().includes(`/customers/${asked}/products`) ? asked : undefined;
}

const listedIds = ({ json }: Message): string[] =>
  Array.isArray(json)
    ? json.flatMap((each: unknown) =>
        isRecord(each) && typeof each.customerProductId === 'string' ? [each.customerProductId.toLowerCase()] : [],
      )
    : [];

const hasClosings = ({ products }: Customer): boolean => [...products.values()].some(({ closings }) => closings.length > 0);

function othersHaveProducts(customer: Customer, customers: ReadonlyMap<string, Customer>): boolean {
  for (const other of customers.values()) if (other !== customer && other.products.size > 0) return true;
  return false;
}
