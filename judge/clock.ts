/**
 * Rule 4: server times of events of ours. One offset between the target's clock and the run's monotonic one, give or take the
 * tolerance, must explain every `createdOn` and `closedOn` of this run. The offset itself may be anything (R-CLOCK).
 */

import { acceptedClosing, type Closing, type Product, siblingClosings } from '../generators/model/product.ts';
import { differenceMs, type Moment, unitMs } from '../spec/moment.ts';
import type { Known, RuleWatch } from './rule.ts';
import type { Tell } from './tell.ts';

/** An event of ours, the time the target gave it, and the offsets (server minus ours, in ms) that would explain it. */
interface Event {
  readonly product: Product;
  readonly low: number;
  readonly high: number;
  readonly value: string;
  readonly exchanges: readonly string[];
}

/** Server minus ours, in ms: any of them explains what most events show. */
export interface Offsets {
  readonly from: number;
  readonly to: number;
}

/** Before an offset is believed, this many creates must agree on it. */
const agreeingAtLeast = 3;

/**
 * The offsets that most events agree on, give or take half the tolerance. `undefined` where too few do. The clocks that stamp products
 * may be the whole tolerance apart: half of it each is what they have in common.
 */
export function findOffsets(events: readonly Pick<Event, 'low' | 'high'>[], toleranceMs: number): Offsets | undefined {
  const edges = events.flatMap(({ low, high }) => [
    { at: low - toleranceMs / 2, step: 1 },
    { at: high + toleranceMs / 2, step: -1 },
  ]);
  // At one point a range that begins is counted before one that ends.
  edges.sort((a, b) => a.at - b.at || b.step - a.step);
  let depth = 0;
  let deepest = 0;
  let from = 0;
  let to = 0;
  let open = false;
  for (const { at, step } of edges) {
    depth += step;
    if (depth > deepest) {
      deepest = depth;
      from = at;
      open = true;
    } else if (open && step < 0) {
      to = at;
      open = false;
    }
  }
  return deepest >= agreeingAtLeast && deepest * 2 > events.length ? { from, to } : undefined;
}

/** How late a write's own time may lie: until it was first seen, but no later than a write may show (rules 4 and 5). */
const latest = (answered: number, seen: number | undefined, { facts }: Known): number =>
  Math.max(answered, Math.min(seen ?? Number.POSITIVE_INFINITY, answered + (facts.settleMs ?? facts.lostAfterMs)));

function eventOf(
  product: Product,
  moment: Moment,
  epoch: Moment,
  from: number,
  to: number,
  value: string,
  exchanges: readonly string[],
): Event {
  const at = differenceMs(moment, epoch);
  const unit = unitMs(moment);
  return { product, low: at - unit - to, high: at + unit - from, value, exchanges };
}

/** Collects creates, and what their products show as `createdOn`. */
function creationsOf(known: Known): { events: Event[]; epoch: Moment | undefined } {
  const events: Event[] = [];
  let epoch: Moment | undefined;
  for (const product of known.products.values()) {
    const sight = product.constant.createdOn;
    const created = product.creation?.message;
    if (sight === undefined || created === undefined) continue;
    const moment = sight.shown.createdOn!;
    epoch ??= moment;
    // A create may have been answered with the id of a product that was open already (R-LIMITS).
    const from = known.facts.openProductsPerCode === 1 ? Number.NEGATIVE_INFINITY : created.from;
    const to = latest(created.to, product.first?.to, known);
    events.push(eventOf(product, moment, epoch, from, to, String(sight.shown.raw.createdOn), [created.id, sight.message.id]));
  }
  return { events, epoch };
}

function tellEvents(tell: Tell, events: readonly Event[], offsets: Offsets, tolerance: number, name: string, write: string): void {
  for (const { low, high, value, exchanges } of events) {
    // Held against the offset that suits it best.
    const early = low - offsets.to + tolerance / 2;
    const late = offsets.from + tolerance / 2 - high;
    if (early <= tolerance && late <= tolerance) {
      tell.holds();
      continue;
    }
    // A range of offsets above the ones agreed on means a server time too late.
    const after = early > tolerance;
    tell.violated({
      cause: after ? 'later' : 'earlier',
      message: `${name} lies ${after ? 'after' : 'before'} the ${write}, by the clock that the other products of the run agree on.`,
      expected: `${name} between the request and the answer of the ${write}, give or take ${tolerance} ms`,
      received: `${value}, ${Math.round(after ? early : late)} ms ${after ? 'after' : 'before'} it`,
      exchanges,
    });
  }
}

/** TIM-04. */
export function createdWithin(tell: Tell, known: Known): RuleWatch {
  return {
    end() {
      const { events } = creationsOf(known);
      const tolerance = known.facts.clockToleranceMs;
      const offsets = findOffsets(events, tolerance);
      if (offsets !== undefined) tellEvents(tell, events, offsets, tolerance, 'createdOn', 'create');
      else if (events.length >= agreeingAtLeast)
        tell.violated({
          cause: 'no offset explains them',
          message: 'No single difference of clocks explains the createdOn of the products of this run.',
          expected: 'one offset for most products',
          received: `${events.length} products, of which no majority agrees`,
          exchanges: events.slice(0, 4).flatMap(({ exchanges }) => exchanges),
        });
    },
  };
}

/** CLS-03. */
export function closedWithin(tell: Tell, known: Known): RuleWatch {
  return {
    end() {
      const { events: creations, epoch } = creationsOf(known);
      if (epoch === undefined) return;
      const closings: Event[] = [];
      for (const product of known.products.values()) {
        const closing = acceptedClosing(product);
        const sight = product.firstClosed;
        if (product.creation === undefined || closing?.message === undefined || sight?.shown.closedOn === undefined) continue;
        if (product.closings[0] !== closing || closing.seenBefore?.shown.status !== 'ACTIVE' || sight.to <= closing.from) continue;
        const from = closedFrom(closing, known);
        const to = latest(closing.message.to, sight.to, known);
        closings.push(
          eventOf(product, sight.shown.closedOn, epoch, from, to, String(sight.shown.raw.closedOn), [closing.message.id, sight.message.id]),
        );
      }
      const tolerance = known.facts.clockToleranceMs;
      const offsets = findOffsets(creations, tolerance) ?? findOffsets(closings, tolerance);
      if (offsets !== undefined) tellEvents(tell, closings, offsets, tolerance, 'closedOn', 'close');
    },
  };
}

/**
 * From when on what a close was sent to may have been closed: by an earlier close of it whose outcome is unknown, along with a sibling that
 * was closed since it was last seen open (R-BOUND), or, where others write too, by one of them.
 */
export function closedFrom({ product, seenBefore, from: until }: Closing, { customers, facts }: Known): number {
  const customer = customers.get(product.customer ?? '');
  const exclusive = customer?.exclusive === true;
  // It may have been shown open some time after it was closed.
  const since = (seenBefore?.from ?? Number.NEGATIVE_INFINITY) - (facts.settleMs ?? (exclusive ? 0 : facts.lostAfterMs));
  if (!exclusive) return Math.min(since, until);
  let first = until;
  for (const { from, outcome } of product.closings) if (outcome !== 'refused' && from < first) first = from;
  for (const { from } of siblingClosings(product, customer, since, until)) first = Math.min(first, from);
  return first;
}
