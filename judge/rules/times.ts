/** TIM: the times a product shows. */
import { headerOf, type Message } from '../../generators/model/message.ts';
import { isOpening, isOrderOpen, isSameMoment, type Product, type Sight } from '../../generators/model/product.ts';
import { recall } from '../../generators/model/recall.ts';
import { compareMoments, differenceMs, type Moment, unitMs } from '../../spec/moment.ts';
import { statuses } from '../../spec/values.ts';
import { findDifference } from '../agreement.ts';
import { createdWithin } from '../clock.ts';
import { firstWith } from '../coarse.ts';
import { tellEffect } from '../effects.ts';
import type { Facts } from '../facts.ts';
import type { Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';
import type { Effect } from '../visibility.ts';

/** R-CLOCK: how far the clock of products and that of `Date` may be apart unremarked, in milliseconds. */
const clocksApartMs = 60_000;

/** A bank may block a product and free it unseen; so often it does not. */
const movesNeeded = 3;

const constants = ['productCode', 'productType', 'currency', 'createdOn', 'openedOn'] as const;

/** The first sight that shows a property. */
type Firsts = Partial<Record<(typeof constants)[number], Sight>>;

const written = (sight: Sight, name: string): string => {
  const value = sight.shown.raw[name];
  return value === undefined ? `no ${name}` : `${name} ${JSON.stringify(value)}`;
};

export const times: Rules<'TIM'> = {
  'TIM-01': (tell) => {
    // What the views show differently all along is LST-03's: each is held against itself.
    const firsts = { get: new WeakMap<Product, Firsts>(), list: new WeakMap<Product, Firsts>() };
    return {
      sight(sight) {
        const { product, shown, message, view } = sight;
        if (product.creation === undefined) return;
        const known = recall(firsts[view], product, (): Firsts => ({}));
        let changed: { name: string; before: Sight } | undefined;
        for (const name of constants) {
          const is = shown[name];
          if (is === undefined) continue;
          known[name] ??= sight;
          const before = known[name];
          const was = before.shown[name]!;
          const isSame = typeof was === 'object' && typeof is === 'object' ? isSameMoment(was, is) : was === is;
          if (!isSame) changed ??= { name, before };
        }
        if (changed !== undefined)
          tell.violated({
            cause: `${changed.name} changes`,
            message: `${changed.name} of a product changes.`,
            expected: written(changed.before, changed.name),
            received: written(sight, changed.name),
            exchanges: [changed.before.message.id, message.id],
          });
        else if (product.first !== undefined) tell.holds();
      },
    };
  },

  'TIM-02': (tell, { facts }) => ({
    effect(effect) {
      if (effect.what !== 'fresh' || effect.product.creation === undefined) return;
      if (effect.outcome === 'shown') tell.holds();
      else if (effect.outcome === 'back' && isBack(effect, facts.clockToleranceMs))
        tellEffect(tell, effect, {
          awaited: 'modifiedOn no earlier than it had shown',
          received: 'an earlier state of the product',
          reading: 'R-VISIBILITY',
        });
    },
    /** What opens, blocks or closes a product may be stamped by another clock than what came before it, within the tolerance (R-CLOCK). */
    sight(sight) {
      const { product, previous, shown } = sight;
      const [was, is] = [previous?.shown.modifiedOn, shown.modifiedOn];
      if (product.creation === undefined || previous === undefined || previous.to > sight.from || was === undefined || is === undefined)
        return;
      if (sight.stale || previous.shown.status === shown.status || !isBefore(is, was, facts.clockToleranceMs)) return;
      tell.violated({
        cause: 'modifiedOn earlier with another status',
        message: `modifiedOn of a product is earlier when it is ${shown.status} than when it was ${previous.shown.status}.`,
        expected: `modifiedOn not before ${String(previous.shown.raw.modifiedOn)}`,
        received: written(sight, 'modifiedOn'),
        exchanges: [previous.message.id, sight.message.id],
      });
    },
  }),

  'TIM-03': (tell, { facts }) => ({
    sight(sight) {
      const { product, shown, message } = sight;
      if (product.creation === undefined) return;
      const pairs = [
        ['createdOn', 'openedOn'],
        ['openedOn', 'closedOn'],
        ['createdOn', 'closedOn'],
        ['createdOn', 'modifiedOn'],
      ] as const;
      let compared = false;
      for (const [first, second] of pairs) {
        const [a, b] = [shown[first], shown[second]];
        if (a === undefined || b === undefined) continue;
        compared = true;
        if (!isBefore(b, a, facts.clockToleranceMs)) continue;
        tell.violated({
          cause: `${second} before ${first}`,
          message: `${second} of a product is before its ${first}.`,
          expected: `${second} not before ${written(sight, first)}`,
          received: written(sight, second),
          exchanges: [message.id],
        });
        return;
      }
      if (compared) tell.holds();
    },
  }),

  'TIM-04': (tell, known) => createdWithin(tell, known),

  'TIM-05': (tell, { facts }) => {
    // Where reads lag behind, the change may have come before the earlier read was asked for.
    const unmoved: { readonly spareMs: number; readonly violation: Violation }[] = [];
    let slow = false;
    return {
      effect({ delay }) {
        if (delay !== undefined) slow = true;
      },
      sight(sight) {
        const { product, shown, previous, message } = sight;
        if (product.creation === undefined || previous === undefined || previous.to > sight.from || sight.stale || previous.stale) return;
        const [was, is] = [previous.shown.modifiedOn, shown.modifiedOn];
        if (was === undefined || is === undefined) return;
        // Where list and get disagree, nothing need have changed: LST-03 says it. A status that is none is SCH-05's and SCH-07's.
        if (![previous, sight].every((each) => isStatus(each.shown.status, facts))) return;
        const name = previous.view === sight.view || previous.shown.status !== shown.status ? documentedChange(previous, sight) : undefined;
        if (name === undefined) return;
        // The change came after the earlier read was asked for; its modifiedOn was set before it was first seen.
        const since = firstWith(product, previous);
        const spareMs = previous.from - since.to - Math.max(unitMs(was), unitMs(is), unitMs(since.shown.modifiedOn ?? was)) - 1_000;
        if (spareMs <= 0) return;
        if (compareMoments(is, was) > 0) tell.holds();
        else
          unmoved.push({
            // Two clocks may stand still for as long as they may differ (R-CLOCK).
            spareMs: spareMs - Math.max(0, facts.clockToleranceMs - 1_000),
            violation: {
              cause: `${name} changes, modifiedOn does not`,
              message: `${name} of a product changed, and modifiedOn did not move.`,
              expected: `modifiedOn after ${String(previous.shown.raw.modifiedOn)}`,
              received: written(sight, 'modifiedOn'),
              exchanges: [previous.message.id, message.id],
            },
          });
      },
      end() {
        const lagMs = facts.settleMs ?? (slow ? facts.lostAfterMs : 0);
        for (const { spareMs, violation } of unmoved) if (spareMs > lagMs) tell.violated(violation);
      },
    };
  },

  'TIM-06': (tell) => ({
    sight({ product, shown, message }) {
      if (product.creation === undefined || (shown.status !== 'RECEIVED' && shown.status !== 'PENDING')) return;
      // Null is no moment; that it should be left out instead, SCH-12 says.
      if (shown.raw.openedOn === undefined || shown.raw.openedOn === null) tell.holds();
      else
        tell.violated({
          cause: `openedOn while ${shown.status}`,
          message: `A product that is ${shown.status} has openedOn.`,
          expected: 'no openedOn',
          received: `openedOn ${JSON.stringify(shown.raw.openedOn)}`,
          exchanges: [message.id],
        });
    },
  }),

  'TIM-07': (tell) => {
    const dateOf = new Map<Product, { at: number; message: Message }>();
    return {
      creation(creation, message) {
        const date = headerOf(message, 'date');
        const at = date === undefined ? Number.NaN : Date.parse(date);
        if (creation.product !== undefined && creation.product.creation === creation && !Number.isNaN(at))
          dateOf.set(creation.product, { at, message });
      },
      sight({ product, shown, message }) {
        const date = dateOf.get(product);
        if (date === undefined || shown.createdOn === undefined) return;
        dateOf.delete(product);
        const apart = Math.abs(shown.createdOn.seconds * 1_000 - date.at);
        if (apart <= clocksApartMs + 1_000) tell.holds();
        else
          tell.warned('R-CLOCK', {
            cause: 'createdOn far from Date',
            message: 'createdOn of a new product is more than a minute from the Date of the answer that gave it.',
            expected: `createdOn within a minute of ${headerOf(date.message, 'date')}`,
            received: `createdOn ${JSON.stringify(shown.raw.createdOn)}`,
            exchanges: [date.message.id, message.id],
          });
      },
    };
  },

  'TIM-08': (tell, known) => {
    const lasts = { get: new WeakMap<Product, Sight>(), list: new WeakMap<Product, Sight>() };
    const settleMs = known.facts.settleMs ?? 0;
    const moved: Violation[] = [];
    // Where the bank changes statuses by its own hand, a product may have been changed and changed back between two reads.
    let changedByHand = false;
    return {
      sight(sight) {
        const { product, shown, view } = sight;
        if (product.creation === undefined || product.customer === undefined) return;
        if (known.customers.get(product.customer)?.exclusive !== true || sight.stale) return;
        // What one view shows beside the document another may not: each is held against itself.
        const before = lasts[view].get(product);
        lasts[view].set(product, sight);
        if (before === undefined || before.to > sight.from) return;
        // A close whose outcome is not known may take effect long after it was cut off.
        const isWritten = product.closings.some(
          ({ from, message, outcome }) =>
            from < sight.to && (message === undefined || outcome === 'unknown' || message.to + settleMs > before.from),
        );
        if (isWritten) return;
        if (shown.status !== before.shown.status && !isOpening(before.shown.status)) changedByHand = true;
        const [was, is] = [before.shown.modifiedOn, shown.modifiedOn];
        if (was === undefined || is === undefined) return;
        if (isSameMoment(was, is)) tell.holds();
        else if (sameButModified(before, sight))
          moved.push({
            cause: 'modifiedOn moves by itself',
            message: 'modifiedOn of a product moved between two reads, and nothing else did.',
            expected: written(before, 'modifiedOn'),
            received: written(sight, 'modifiedOn'),
            exchanges: [before.message.id, sight.message.id],
          });
      },
      end() {
        if (!changedByHand && moved.length >= movesNeeded) for (const violation of moved) tell.violated(violation);
      },
    };
  },
};

const isStatus = (status: string | undefined, { values }: Facts): boolean =>
  status === undefined || (statuses as readonly string[]).includes(status) || values.status.includes(status);

/** An earlier `modifiedOn` than the newest; with another status, by more than two clocks may differ. */
function isBack({ sight, product: { newest } }: Effect, toleranceMs: number): boolean {
  if (sight === undefined || newest === undefined || isOrderOpen(sight.shown, newest.shown, toleranceMs)) return false;
  return isEarlier(sight.shown.modifiedOn, newest.shown.modifiedOn);
}

const isEarlier = (is: Moment | undefined, was: Moment | undefined): boolean =>
  is !== undefined && was !== undefined && !isSameMoment(is, was) && compareMoments(is, was) < 0;

/** Earlier by more than the precision shown and the tolerance for clocks explain (rule 4). */
const isBefore = (a: Moment, b: Moment, toleranceMs: number): boolean => differenceMs(b, a) > Math.max(unitMs(a), unitMs(b)) + toleranceMs;

/** The documented property, other than modifiedOn, that differs; one that has appeared differs too. An account has a modifiedOn of its own. */
function documentedChange(before: Sight, after: Sight): string | undefined {
  const name = findDifference(
    { ...before.shown, modifiedOn: undefined, iban: undefined },
    { ...after.shown, modifiedOn: undefined, iban: undefined },
  );
  if (name !== undefined) return name;
  return (['closedOn', 'openedOn'] as const).find(
    (each) => before.shown[each] === undefined && after.shown[each] !== undefined && before.view === after.view,
  );
}

/** All that two representations show is the same, documented or not, but for modifiedOn. */
const sameButModified = (before: Sight, after: Sight): boolean =>
  JSON.stringify({ ...before.shown.raw, modifiedOn: 0 }) === JSON.stringify({ ...after.shown.raw, modifiedOn: 0 });
