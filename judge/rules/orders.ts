/** CON, continued: in which order the requests on one product took effect. */
import type { Message } from '../../generators/model/message.ts';
import { mayVanish, type Product, type Sight } from '../../generators/model/product.ts';
import { recall } from '../../generators/model/recall.ts';
import { nameView } from '../effects.ts';
import { linearize } from '../linearizability.ts';
import { isRaced, overlap, spanOf } from '../overlaps.ts';
import { collectReads, historyOf, type Read, type Reads, type Recorded } from '../product-history.ts';
import { type RegisterState, register } from '../register.ts';
import type { Known, Rule } from '../rule.ts';
import { deniesProduct } from './presence.ts';

/** Whether a write to the product was under way while it was read. */
const isRead = (product: Product, message: Message): boolean => product.closings.some((closing) => overlap(spanOf(closing), message));

interface Track {
  readonly product: Product;
  readonly reads: Reads;
  /** Requests on it overlapped, one of them a write. */
  overlapped: boolean;
  /** Something was sent or seen since it was last looked at. */
  campaign: string | undefined;
  held: boolean;
  /** There is no order, or the search for one was given up: nothing that comes later makes one. */
  decided: boolean;
  /** Looked at when a campaign ended; what others do with it later is looked at together, at the end. */
  looked: boolean;
}

/** CON-03. */
export const isLinearizable: Rule = (tell, known) => {
  const tracks = new WeakMap<Product, Track>();
  const changed = new Set<Track>();

  function touch(product: Product, message: Message): Track {
    const track = recall(tracks, product, (): Track => {
      return { product, reads: collectReads(), overlapped: false, campaign: undefined, held: false, decided: false, looked: false };
    });
    track.overlapped ||= isRead(product, message);
    track.campaign = message.exchange.campaign;
    changed.add(track);
    return track;
  }

  function see(product: Product, message: Message, seen: Pick<Read, 'view' | 'shows' | 'closedOn'>): void {
    const { id, from, to } = message;
    touch(product, message).reads.add({ id, from, to, ...seen });
  }

  /** That it is not there may be R-ENDED. */
  function lack(product: Product, message: Message, view: Read['view']): void {
    if (product.creation === undefined || mayVanish(product, known.endsProducts)) return;
    see(product, message, { view, shows: 'absent', closedOn: undefined });
  }

  function look(track: Track): void {
    changed.delete(track);
    if (!track.overlapped || track.decided || track.product.creation === undefined) return;
    const found = explain(track.product, track.reads, known);
    track.decided = found.is === 'spent' || found.is === 'not';
    switch (found.is) {
      case 'spent':
        tell.missing('the search for an order of the requests on one product was given up');
        return;
      case 'not':
        tell.violated({
          cause: 'no order',
          message: 'No order of the requests on one product explains what was seen of it.',
          expected: 'an order in which each read shows what the writes before it left',
          received: found.stuck,
          exchanges: cite(found.history),
        });
        return;
      case 'late':
        tell.warned('R-VISIBILITY', {
          cause: `late in ${nameView({ view: found.view, filters: [] })}`,
          message: `The requests on one product have an order only if a write may take effect ${Math.ceil(found.lateMs)} ms after its answer; declare settleMs if the target is made so.`,
          expected: 'an order in which each write takes effect before its answer, or within a declared settleMs',
          received: `a write that ${nameView({ view: found.view, filters: [] })} did not show ${Math.ceil(found.lateMs)} ms after it should`,
          exchanges: cite(found.history),
        });
    }
    if (found.is === 'open' || track.held) return;
    track.held = true;
    tell.holds();
  }

  return {
    sight(sight: Sight) {
      const { product, shown, message, view, listing } = sight;
      if (shown.status === undefined || (listing !== undefined && listing.filters.length > 0)) return;
      const isOurs = product.creation !== undefined || listing?.customer.creations.some((creation) => creation.message === undefined);
      if (!isOurs) return;
      const closed = shown.status === 'CLOSED';
      see(product, message, { view, shows: closed ? 'closed' : 'open', closedOn: closed ? shown.closedOn : undefined });
    },
    listing(listing) {
      if (listing.filters.length > 0) return;
      for (const product of listing.customer.products.values()) if (!listing.ids.has(product.id)) lack(product, listing.message, 'list');
    },
    unseen(product, message) {
      if (!deniesProduct(message)) return;
      if (message.status === 404 || message.status === 410 || message.status === 403) lack(product, message, 'get');
    },
    closing({ product }, message) {
      const track = touch(product, message);
      track.overlapped ||= isRaced(product);
    },
    campaignEnd(campaign) {
      for (const track of changed)
        if (track.campaign === campaign && !track.looked) {
          track.looked = true;
          look(track);
        }
    },
    end() {
      for (const track of changed) look(track);
    },
  };
};

type Explained =
  | { readonly is: 'ordered' | 'open' | 'spent' }
  | { readonly is: 'late'; readonly view: Read['view']; readonly lateMs: number; readonly history: readonly Recorded[] }
  | { readonly is: 'not'; readonly stuck: string; readonly history: readonly Recorded[] };

const views = ['get', 'list'] as const;

/**
 * Where no settle time is declared, an order is sought first in which each write has taken effect when it is answered; failing that,
 * one for each view by itself, in which writes take effect up to 5 s later: one view may lag behind the other, and none may go back.
 */
function explain(product: Product, reads: Reads, known: Known): Explained {
  const { settleMs, lostAfterMs } = known.facts;
  const along = closedAlong(product, known);
  const strict = historyOf(product, reads.of(), { readsMs: settleMs ?? 0, writesMs: 0 }, along);
  const { verdict, order } = linearize(register, strict);
  if (verdict === 'linearizable') return { is: 'ordered' };
  if (verdict === 'spent') return { is: 'spent' };
  if (settleMs !== undefined) return { is: 'not', stuck: describeStuck(strict, order), history: strict };

  let late: Explained | undefined;
  for (const view of views) {
    const history = historyOf(product, reads.of(view), { readsMs: 0, writesMs: lostAfterMs }, along);
    const lenient = linearize(register, history);
    if (lenient.verdict === 'spent') return { is: 'spent' };
    if (lenient.verdict === 'not') return { is: 'not', stuck: describeStuck(history, lenient.order), history };
    const lateMs = latenessIn(view, product, reads);
    if (lateMs === undefined) continue;
    // A write that has not shown yet may be late, or lost.
    if (lateMs === 'not yet') return { is: 'open' };
    if (late === undefined || (late.is === 'late' && late.lateMs < lateMs)) late = { is: 'late', view, lateMs, history: strict };
  }
  return late ?? { is: 'open' };
}

/** How long a view went on showing what had been left: after the write's answer, or after the other view had shown it. */
function latenessIn(view: Read['view'], product: Product, reads: Reads): number | 'not yet' | undefined {
  const other = view === 'get' ? 'list' : 'get';
  const closed = product.closings.flatMap(({ outcome, message }) => (outcome === 'accepted' && message !== undefined ? [message.to] : []));
  const shownClosed = reads.alike(other, 'closed')?.endedFirst.to;
  const left = [
    { old: reads.alike(view, 'open'), since: Math.min(...closed, shownClosed ?? Number.POSITIVE_INFINITY), now: ['closed'] },
    { old: reads.alike(view, 'absent'), since: product.creation?.message?.to ?? Number.POSITIVE_INFINITY, now: ['open', 'closed'] },
  ] as const;
  const late = left.flatMap(({ old, since, now }) =>
    old === undefined || old.beganLast.from <= since
      ? []
      : [{ ms: old.beganLast.from - since, shown: now.some((shows) => reads.alike(view, shows) !== undefined) }],
  );
  if (late.some(({ shown }) => !shown)) return 'not yet';
  return late.length === 0 ? undefined : Math.max(...late.map(({ ms }) => ms));
}

/** From when on something else than a close of it may have closed it: others (R-OTHERS), or the close of another product (R-BOUND). */
function closedAlong(product: Product, known: Known): number | undefined {
  const customer = product.customer === undefined ? undefined : known.customers.get(product.customer);
  if (customer?.exclusive !== true) return Number.NEGATIVE_INFINITY;
  const others = [...customer.products.values()].flatMap((other) => (other === product ? [] : other.closings.map(({ from }) => from)));
  return others.length === 0 ? undefined : Math.min(...others);
}

/** The operation that no order could place, and what the product was by then. */
function describeStuck(history: readonly Recorded[], order: readonly number[]): string {
  const placed = new Set(order);
  const [stuck] = history.filter((operation, index) => !placed.has(index) && operation.optional !== true).sort((a, b) => a.to - b.to);
  const state = order.reduce<RegisterState>(
    (before, index) => register.step(before, history[index]!.operation)[0] ?? before,
    register.init,
  );
  if (stuck === undefined) return 'none';
  const { operation, view } = stuck;
  if (operation.do !== 'read') return `a ${operation.do} that was accepted while the product was ${wordsFor(state.is)}`;
  const again = operation.shows === 'closed' && state.is === 'closed' ? ' with another closedOn' : '';
  return `${view === 'get' ? 'a get' : 'a list'} that shows the product ${wordsFor(operation.shows)}${again}, when it was ${wordsFor(state.is)}`;
}

const wordsFor = (state: RegisterState['is']): string => (state === 'absent' ? 'not there' : state);

const citedAtMost = 16;

/** In the order of sending. */
function cite(history: readonly Recorded[]): string[] {
  const own = [...history].sort((a, b) => a.from - b.from).flatMap(({ id }) => (id === undefined ? [] : [id]));
  return own.length <= citedAtMost ? own : [...own.slice(0, citedAtMost / 2), ...own.slice(-citedAtMost / 2)];
}

/** CON-04. */
export const neverGoesBack: Rule = (tell) => {
  const overlapped = new WeakSet<Product>();
  /** The first read of each view that showed it closed. */
  const closed = new WeakMap<Product, Map<string, Message>>();
  return {
    sight({ product, shown, message, viewName }) {
      if (isRead(product, message)) overlapped.add(product);
      if (product.creation === undefined || shown.status !== 'CLOSED') return;
      const seen = recall(closed, product, () => new Map<string, Message>());
      const first = recall(seen, viewName, () => message);
      const [one, other] = [first.exchange.connection, message.exchange.connection];
      if (first.to <= message.from && (one === undefined || one !== other)) tell.holds();
    },
    closing({ product }) {
      if (isRaced(product)) overlapped.add(product);
    },
    effect({ product, what, outcome, view, filters, message, against, sight }) {
      if (outcome !== 'back' || product.creation === undefined || !overlapped.has(product) || filters.length > 0) return;
      // It was answered with another product: LST-07, CON-05.
      if (what === 'present' && view === 'get' && message.status === 200) return;
      // Of a closed product it is the close that is unseen.
      if (what === 'fresh' && product.newest?.shown.status === 'CLOSED' && sight?.shown.status !== 'CLOSED') return;
      const where = nameView({ view, filters });
      const gone = what === 'present' ? 'the product' : what === 'closed' ? 'the close' : 'the newest state';
      tell.violated({
        cause: `${gone} unseen in ${where}`,
        message: `What ${where} had shown of a product, a later read of it does not show.`,
        expected: `${gone}, which ${where} had shown${connectionOf(against)}`,
        received: `${what === 'present' ? 'no such product' : 'an earlier state'}${connectionOf(message)}`,
        exchanges: against === undefined ? [message.id] : [against.id, message.id],
      });
    },
  };
};

const connectionOf = (message: Message | undefined): string =>
  message?.exchange.connection === undefined ? '' : ` on connection ${message.exchange.connection}`;
