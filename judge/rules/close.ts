/** CLS: what a close does to its product. What it must not do to others is in `bystanders.ts`. */
import { isAccepted, isPlain } from '../../generators/model/message.ts';
import {
  acceptedClosing,
  closeSentBefore,
  endedOtherwise,
  isSameMoment,
  type Product,
  type Shown,
  type Sight,
} from '../../generators/model/product.ts';
import { recall } from '../../generators/model/recall.ts';
import { compareMoments, differenceMs, unitMs } from '../../spec/moment.ts';
import { findLastingChange } from '../agreement.ts';
import { closedFrom, closedWithin } from '../clock.ts';
import { firstWith } from '../coarse.ts';
import { tellEffect } from '../effects.ts';
import { idOf, isExclusive, shownText } from '../quoting.ts';
import type { Rules } from '../rule.ts';
import { watchClosedAgain } from './before-closes.ts';
import { bystanders } from './bystanders.ts';
import { lasting } from './lasting.ts';
import { probed } from './probed.ts';

/** On ground where others write too an effect is proven by so many products on which it followed, and none on which it did not. */
const triesNeeded = 3;

/** Null is no moment; that it should be left out instead, SCH-12 says. */
const hasClosedOn = ({ raw }: Shown): boolean => raw.closedOn !== undefined && raw.closedOn !== null;

/** How a close shows in one view. */
interface Applied {
  half?: Sight;
  whole?: Sight;
}

export const close: Rules<'CLS'> = {
  'CLS-01': (tell) => ({
    effect(effect) {
      if (effect.what !== 'closed' || effect.outcome === 'back' || acceptedClosing(effect.product) === undefined) return;
      tellEffect(tell, effect, { awaited: 'the product as CLOSED', received: 'the product in another status', reading: 'R-CLOSING' });
    },
  }),

  'CLS-02': (tell) => ({
    sight(sight) {
      const { product, shown, message } = sight;
      if (product.creation === undefined || shown.status === undefined || shown.status === 'CLOSED') return;
      if (!hasClosedOn(shown)) {
        tell.holds();
        return;
      }
      const violation = {
        cause: `closedOn while ${shown.status}`,
        message: `A product that is ${shown.status} has closedOn.`,
        expected: 'no closedOn',
        received: shownText(sight, 'closedOn'),
        exchanges: [message.id],
      };
      if (endedOtherwise.has(shown.status)) tell.warned('R-ENDED', violation);
      else tell.violated(violation);
    },
  }),

  'CLS-03': (tell, known) => closedWithin(tell, known),

  'CLS-04': (tell, known) => ({
    sight(sight) {
      const closing = acceptedClosing(sight.product);
      const before = closing?.seenBefore;
      const [was, is] = [before?.shown.modifiedOn, sight.shown.modifiedOn];
      if (
        sight.shown.status !== 'CLOSED' ||
        before === undefined ||
        before.shown.status === 'CLOSED' ||
        was === undefined ||
        is === undefined ||
        before.to > sight.from ||
        (sight.product.firstClosed ?? sight).to <= closing!.from
      )
        return;
      const order = compareMoments(is, was);
      const since = sight.product.closings[0] === closing ? firstWith(sight.product, before) : before;
      const setAt = since.to;
      const coarse = Math.max(unitMs(was), unitMs(is), unitMs(since.shown.modifiedOn!));
      // Another clock may have stamped the close (R-CLOCK).
      const { clockToleranceMs } = known.facts;
      // It may have been closed before ours was sent, by others or along with another; that it moved bears witness all the same.
      const due = closedFrom(closing!, known) - setAt > coarse + Math.max(1_000, clockToleranceMs);
      const moved = order > 0 && closing!.from - setAt > coarse + 1_000;
      if (differenceMs(was, is) > coarse + clockToleranceMs || (due && order <= 0))
        tell.violated({
          cause: order < 0 ? 'modifiedOn earlier' : 'modifiedOn the same',
          message: order < 0 ? 'modifiedOn is earlier after the close than before it.' : 'A close leaves modifiedOn as it was.',
          expected: `modifiedOn ${order < 0 ? 'not before' : 'after'} ${String(before.shown.raw.modifiedOn)}`,
          received: shownText(sight, 'modifiedOn'),
          exchanges: [before.message.id, ...idOf(closing), sight.message.id],
        });
      else if (due || moved) tell.holds();
    },
  }),

  'CLS-05': lasting['CLS-05'],

  'CLS-06': bystanders['CLS-06'],

  'CLS-07': (tell) => {
    const closedOn = new WeakMap<Product, Sight>();
    return {
      effect(effect) {
        if (effect.what === 'closed' && effect.outcome === 'back' && effect.product.creation !== undefined)
          tellEffect(tell, effect, { awaited: 'the product as CLOSED', received: 'the product in another status', reading: 'R-CLOSING' });
      },
      sight(sight) {
        const { product, shown } = sight;
        if (product.creation === undefined || shown.status !== 'CLOSED' || shown.closedOn === undefined) return;
        const first = closedOn.get(product);
        if (first === undefined) closedOn.set(product, sight);
        else if (isSameMoment(first.shown.closedOn!, shown.closedOn)) tell.holds();
        else
          tell.violated({
            cause: 'closedOn changes',
            message: 'closedOn of a closed product changes.',
            expected: shownText(first, 'closedOn'),
            received: shownText(sight, 'closedOn'),
            exchanges: [first.message.id, sight.message.id],
          });
      },
    };
  },

  'CLS-08': (tell) => {
    const closedAgain = watchClosedAgain();
    let taken: { way: string; exchange: string } | undefined;
    return {
      closing(closing, message) {
        if (!isPlain(message.intent) || closing.seenBefore?.shown.status !== 'CLOSED' || closing.seenBefore.to > closing.from) return;
        if (closing.outcome !== 'accepted' && closing.outcome !== 'refused') return;
        if (message.status === 429 || message.status === 401) return;
        const way = isAccepted(message) ? 'accepted' : 'refused';
        tell.took('R-AGAIN', way, message.id);
        taken ??= { way, exchange: message.id };
        if (taken.way !== way)
          tell.warned('R-AGAIN', {
            cause: 'closing again is now accepted, now refused',
            message: 'Closing a closed product is accepted one time and refused another.',
            expected: `${taken.way}, as the first time`,
            received: way,
            exchanges: [taken.exchange, message.id],
          });
      },
      sight(sight) {
        const closed = closedAgain(sight);
        if (closed === undefined) return;
        const { again, before } = closed;
        const [was, is] = [before.shown.closedOn, sight.shown.closedOn];
        const differing =
          was !== undefined && is !== undefined && !isSameMoment(was, is) ? 'closedOn' : findLastingChange(before.shown, sight.shown);
        // A status that is no longer CLOSED may be a stale read; if it stays so, CLS-07 says it.
        if (differing === undefined) {
          if (sight.shown.status === 'CLOSED') tell.holds();
          return;
        }
        tell.violated({
          cause: `${differing} changes`,
          message: `Closing a closed product again changes ${differing}.`,
          expected: shownText(before, differing),
          received: shownText(sight, differing),
          exchanges: [before.message.id, ...idOf(again), sight.message.id],
        });
      },
    };
  },

  'CLS-09': probed['CLS-09'],
  'CLS-10': probed['CLS-10'],
  'CLS-11': probed['CLS-11'],

  'CLS-12': (tell) => {
    /** What a view showed of a close that was sent, by half; what it never shows whole is CLS-02's and CLS-13's. */
    const views = { get: new WeakMap<Product, Applied>(), list: new WeakMap<Product, Applied>() };
    return {
      sight(sight) {
        const { product, shown, view } = sight;
        if (product.creation === undefined || shown.status === undefined || endedOtherwise.has(shown.status)) return;
        const closed = shown.status === 'CLOSED';
        const isHalf = closed !== hasClosedOn(shown);
        if (!isHalf && closed) tell.holds();
        if ((!isHalf && !closed) || !closeSentBefore(product, sight.to)) return;
        const seen = recall(views[view], product, (): Applied => ({}));
        if (isHalf) seen.half ??= sight;
        else seen.whole ??= sight;
        if (seen.half === undefined || seen.whole === undefined) return;
        const isClosed = seen.half.shown.status === 'CLOSED';
        tell.violated({
          cause: isClosed ? 'CLOSED without closedOn' : 'closedOn without CLOSED',
          message: 'A read shows a close half applied.',
          expected: 'status CLOSED and closedOn together, as another read shows them, or neither',
          received: `status ${seen.half.shown.status} and ${shownText(seen.half, 'closedOn')}`,
          exchanges: [seen.half.message.id, seen.whole.message.id],
        });
        views[view].delete(product);
      },
    };
  },

  'CLS-13': (tell) => ({
    sight(sight) {
      const { product, shown, message } = sight;
      if (product.creation === undefined || shown.status !== 'CLOSED') return;
      if (hasClosedOn(shown)) tell.holds();
      else
        tell.violated({
          cause: `no closedOn in ${sight.view}`,
          message: 'A CLOSED product has no closedOn.',
          expected: 'closedOn',
          received: 'no closedOn',
          exchanges: [message.id],
        });
    },
  }),

  'CLS-14': (tell, known) => {
    /** Where others write too, a product counts once, and only what follows every time proves anything (rule 3). */
    const moved = new Set<Product>();
    const stayed = new Set<Product>();
    const closedAgain = watchClosedAgain();
    return {
      sight(sight) {
        const { again, before } = closedAgain(sight) ?? {};
        const [was, is] = [before?.shown.modifiedOn, sight.shown.modifiedOn];
        if (sight.product.creation === undefined || before === undefined || was === undefined || is === undefined) return;
        if (sight.stale || sight.shown.status !== 'CLOSED') return;
        const exclusive = isExclusive(sight, known.customers);
        if (!exclusive) (isSameMoment(was, is) ? stayed : moved).add(sight.product);
        if (isSameMoment(was, is)) tell.holds();
        else if (exclusive || (moved.size >= triesNeeded && stayed.size === 0))
          tell.violated({
            cause: 'modifiedOn moves',
            message: 'Closing a closed product again moves modifiedOn.',
            expected: shownText(before, 'modifiedOn'),
            received: shownText(sight, 'modifiedOn'),
            exchanges: [before.message.id, ...idOf(again), sight.message.id],
          });
      },
    };
  },

  'CLS-15': lasting['CLS-15'],
  'CLS-16': bystanders['CLS-16'],
};
