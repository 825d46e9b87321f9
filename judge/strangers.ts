/** Products on ground of ours that no answer to a create accounts for. */
import type { Listing } from '../generators/model/listing.ts';
import type { Product, Shown } from '../generators/model/product.ts';
import { differenceMs, unitMs } from '../spec/moment.ts';

export interface Strangers {
  readonly strangers: readonly Product[];
  /**
   * Whose doing it must have been: a create's that was answered 2xx; that of one refused for a business limit; that of a
   * spoiled one, whose own rule speaks; or it stays open, since the outcome of a create is unknown.
   */
  readonly blame: 'create' | 'limit' | 'spoiled' | 'open';
}

/** Of an unfiltered list on exclusive ground. */
export function findStrangers(listing: Listing): Strangers {
  const { customer } = listing;
  const strangers = listing.sights
    .filter(({ product }) => product.creation === undefined && product.customer === customer.id)
    .map(({ product }) => product);
  if (strangers.length === 0) return { strangers, blame: 'create' };
  // Told once: products already in an earlier unfiltered list are no news. A customer that was there before the run may have had any.
  const earlier = customer.lists.get('');
  if (earlier === undefined && !customer.invented) return { strangers: [], blame: 'open' };
  const fresh = strangers.filter(({ id }) => earlier === undefined || !earlier.ids.has(id));
  const sent = customer.creations.filter(({ from }) => from < listing.to);
  const since = earlier?.from ?? Number.NEGATIVE_INFINITY;
  const recent = sent.filter(({ message }) => message === undefined || message.to > since);
  // An answer that gives no id is another row's matter; what it made may show at any later time.
  const open = sent.filter(
    ({ outcome, product }) => outcome === 'unknown' || outcome === 'pending' || (outcome === 'accepted' && product === undefined),
  ).length;
  if (fresh.length <= open) return { strangers: [], blame: 'open' };
  if (recent.some(({ valid }) => !valid)) return { strangers: fresh, blame: 'spoiled' };
  if (recent.some(({ outcome }) => outcome === 'refused')) return { strangers: fresh, blame: 'limit' };
  return { strangers: fresh, blame: 'create' };
}

/**
 * Where others write too: how many products came between two unfiltered lists that look like twins of those that creates of ours
 * were answered with, of the same code and made at the same time. `undefined` where no create was sent and accepted between the two.
 */
export function countTwins(listing: Listing, toleranceMs: number): { readonly made: number; readonly twins: number } | undefined {
  const earlier = listing.customer.lists.get('');
  if (earlier === undefined) return undefined;
  const between = listing.customer.creations.filter(
    ({ from, message }) => from >= earlier.to && from < listing.to && message !== undefined && message.to <= listing.from,
  );
  const made = between.flatMap(({ outcome, product }) => (outcome === 'accepted' && product !== undefined ? [product] : []));
  if (made.length === 0 || made.length < between.length) return undefined;
  const fresh = listing.sights.filter(({ product }) => product.creation === undefined && !earlier.ids.has(product.id));
  const twins = fresh.filter(({ shown }) => made.some((product) => isTwin(shown, product, toleranceMs)));
  return { made: made.length, twins: twins.length };
}

function isTwin(shown: Shown, { creation, constant }: Product, toleranceMs: number): boolean {
  const [born, other] = [constant.createdOn?.shown.createdOn, shown.createdOn];
  if (creation?.message === undefined || born === undefined || other === undefined || shown.productCode !== creation.code) return false;
  const { from, to } = creation.message;
  return Math.abs(differenceMs(born, other)) <= to - from + toleranceMs + Math.max(unitMs(born), unitMs(other));
}
