/** CLS, continued: products become CLOSED by a close of their own, and a close changes nothing else. */
import { type Closing, isOpening, type Product, type Sight, siblingClosings } from '../../generators/model/product.ts';
import { compareMoments, differenceMs, unitMs } from '../../spec/moment.ts';
import { findDifference } from '../agreement.ts';
import type { Known, Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';

/** How many closes must each have changed the status of a bystander before that is more than the bank's own hand (rule 3). */
const triesNeeded = 3;

/** What one request does, it does within so many milliseconds. */
const sameTimeMs = 100;

/** How many closes are looked back on. */
const recent = 64;

interface Change {
  readonly name: string;
  readonly closed: boolean;
  /** Another product of the same customer was closed. */
  readonly own: boolean;
  readonly exclusive: boolean;
  readonly before: Sight;
  readonly after: Sight;
  /** The closes that were answered between the two sights. */
  readonly closings: readonly Closing[];
  readonly violation: Violation;
}

export const bystanders: Pick<Rules<'CLS'>, 'CLS-06' | 'CLS-16'> = {
  'CLS-06': (tell, known) => {
    const lateMs = known.facts.settleMs ?? known.facts.lostAfterMs;
    const closings: Closing[] = [];
    const changes: Change[] = [];
    /** Properties seen to change with no close about: their changes are another row's. */
    const changedAlone = new Set<string>();
    const observed = new Set<Closing>();
    let stayedElsewhere = false;

    function note(change: Change): void {
      if (change.name === 'status' && change.closed && change.own) tell.warned('R-BOUND', change.violation);
      else tell.violated(change.violation);
    }

    return {
      closing(closing) {
        if (closing.outcome === 'accepted' && closing.valid) closings.push(closing);
      },
      sight(sight) {
        const { product, previous } = sight;
        if (previous === undefined || product.creation === undefined || previous.to > sight.from || sight.stale || previous.stale) return;
        const closed = sight.shown.status === 'CLOSED';
        // What a close of its own did, at once or late, is no bystander's change.
        const own = product.closings.some(
          ({ from, message, outcome }) =>
            from < sight.to && (message === undefined || message.to > previous.from || (closed && outcome !== 'refused')),
        );
        if (own) return;
        const name = findDifference(previous.shown, sight.shown);
        const window = closesBetween(closings, previous, sight);
        const exclusive = isExclusive(product, known);
        for (const closing of window) observed.add(closing);
        if (name === undefined || name === 'modifiedOn' || name === 'proxyIds') {
          if (window.length === 0) return;
          if (!exclusive) stayedElsewhere = true;
          tell.holds();
          return;
        }
        if (name === 'status' && isOpening(previous.shown.status)) return;
        const sibling = window.find(({ product: other }) => other.customer === product.customer);
        if (closed && sibling === undefined && mayBeBound(product, previous.from - lateMs, sight.to, known)) return;
        if (window.length === 0) {
          changedAlone.add(name);
          return;
        }
        changes.push({
          name,
          closed,
          own: sibling !== undefined,
          exclusive,
          before: previous,
          after: sight,
          closings: window,
          violation: {
            cause: `${name} of ${sibling === undefined ? "another customer's product" : 'another product of the customer'}`,
            message: `A close changes ${name} of another product${sibling === undefined ? ', of another customer' : ''}.`,
            expected: `${name} ${text(previous, name)}, as before`,
            received: `${name} ${text(previous, name)} became ${text(sight, name)}`,
            exchanges: [previous.message.id, (sibling ?? window[0]!).message!.id, sight.message.id],
          },
        });
      },
      end() {
        const byHand = changes.filter(({ name, closed, exclusive }) => exclusive && name === 'status' && !closed);
        // The bank may block a product at any time. That it does so at the very time of a close, and at that of most, is no chance.
        const along = new Set(byHand.flatMap((change) => change.closings.filter((closing) => isAlongWith(change, closing))));
        const byChance = along.size < triesNeeded || along.size * 2 <= observed.size;
        const elsewhere = changes.filter((change) => !change.exclusive && change.closings.some((closing) => isAlongWith(change, closing)));
        for (const change of changes) {
          if (changedAlone.has(change.name) || (change.name === 'status' && !change.closed && byChance)) continue;
          // Where others write too, it must follow every time (rule 3).
          if (change.exclusive || (elsewhere.length >= triesNeeded && !stayedElsewhere && elsewhere.includes(change))) note(change);
        }
      },
    };
  },

  'CLS-16': (tell, known) => {
    const lateMs = known.facts.settleMs ?? known.facts.lostAfterMs;
    /** Closed some time after a close of another product: bound to it, if closes show late here. */
    const afterAnother: Violation[] = [];
    let slow = known.facts.settleMs !== undefined;
    return {
      effect({ what, delay }) {
        if (what === 'closed' && delay !== undefined) slow = true;
      },
      sight(sight) {
        const { product, shown, previous } = sight;
        if (
          product.creation === undefined ||
          !isExclusive(product, known) ||
          shown.status !== 'CLOSED' ||
          product.firstClosed !== undefined
        )
          return;
        if (product.closings.some(({ valid, from, outcome }) => valid && from < sight.to && outcome !== 'refused')) {
          tell.holds();
          return;
        }
        if (previous === undefined && product.closings.length === 0) return; // Born closed: CRE-04 says it.
        const since = previous?.from ?? 0;
        if (mayBeBound(product, since, sight.to, known)) return; // CLS-06 says it.
        const refused = product.closings.findLast(({ from }) => from < sight.to);
        const violation = {
          cause: refused === undefined ? 'closed by nobody' : refused.valid ? 'closed by a refused close' : 'closed by an invalid request',
          message: 'A product became CLOSED though no valid close of it was accepted.',
          expected: `status ${previous?.shown.status ?? 'as created'}`,
          received: 'status CLOSED',
          exchanges: [
            ...(previous === undefined ? [] : [previous.message.id]),
            ...(refused?.message === undefined ? [] : [refused.message.id]),
            sight.message.id,
          ],
        };
        if (mayBeBound(product, since - lateMs, sight.to, known)) afterAnother.push(violation);
        else tell.violated(violation);
      },
      end() {
        if (!slow) for (const violation of afterAnother) tell.violated(violation);
      },
    };
  },
};

/** Bound to the close of another, perhaps: one that shows late, that is still under way, or whose outcome is unknown. */
const mayBeBound = (product: Product, from: number, to: number, { customers }: Known): boolean =>
  siblingClosings(product, customers.get(product.customer ?? ''), from, to).length > 0;

/** A change without a time of its own, or at the time of the close. */
function isAlongWith({ before, after }: Change, { product }: Closing): boolean {
  const [was, is, closedOn] = [before.shown.modifiedOn, after.shown.modifiedOn, product.firstClosed?.shown.closedOn];
  if (was === undefined || is === undefined) return true;
  // In whole seconds much happens at the same time.
  if (unitMs(is) > sameTimeMs) return false;
  if (compareMoments(was, is) === 0) return true;
  return closedOn !== undefined && Math.abs(differenceMs(is, closedOn)) <= unitMs(closedOn) + sameTimeMs;
}

const isExclusive = (product: Product, known: Known): boolean =>
  product.customer !== undefined && known.customers.get(product.customer)?.exclusive === true;

/**
 * Accepted closes of other products, by the same campaign, that may have taken effect between two sights. Campaigns run side by
 * side on customers of their own: what another one closed meanwhile would explain anything.
 */
const closesBetween = (closings: readonly Closing[], before: Sight, after: Sight): Closing[] =>
  closings
    .slice(-recent)
    .filter(
      ({ product, from, message }) =>
        product !== after.product &&
        from < after.to &&
        message !== undefined &&
        message.to > before.from &&
        message.exchange.campaign === after.message.exchange.campaign,
    );

const text = (sight: Sight, name: string): string => {
  const value = name === 'iban' ? sight.shown.iban : sight.shown.raw[name];
  return value === undefined ? 'absent' : String(value);
};
