/** CLS, continued: products become CLOSED by a close of their own, and a close changes nothing else. */
import type { Closing, Product, Sight } from '../../generators/model/product.ts';
import { findDifference } from '../agreement.ts';
import type { Known, Rules } from '../rule.ts';
import type { Violation } from '../tell.ts';

/** How many closes must each have changed the status of a bystander before that is more than the bank's own hand (rule 3). */
const triesNeeded = 3;

/** How many closes are looked back on. */
const recent = 64;

const opening = new Set(['RECEIVED', 'PENDING']);

export const bystanders: Pick<Rules<'CLS'>, 'CLS-06' | 'CLS-16'> = {
  'CLS-06': (tell, known) => {
    const closings: Closing[] = [];
    const changes: { name: string; closed: boolean; own: boolean; violation: Violation }[] = [];
    /** Properties seen to change with no close about: their changes are another row's. */
    const changedAlone = new Set<string>();
    return {
      closing(closing) {
        if (closing.outcome === 'accepted' && closing.valid) closings.push(closing);
      },
      sight(sight) {
        const { product, previous } = sight;
        if (
          previous === undefined ||
          product.creation === undefined ||
          !isExclusive(product, known) ||
          previous.to > sight.from ||
          sight.stale
        )
          return;
        if (product.closings.some(({ from, message }) => from < sight.to && (message === undefined || message.to > previous.from))) return;
        const name = findDifference(previous.shown, sight.shown);
        const window = closesBetween(closings, previous, sight);
        if (name === undefined || name === 'modifiedOn' || name === 'proxyIds') {
          if (window.length > 0) tell.holds();
          return;
        }
        if (name === 'status' && opening.has(previous.shown.status ?? '')) return;
        if (window.length === 0) {
          changedAlone.add(name);
          return;
        }
        const own = window.find(({ product: other }) => other.customer === product.customer);
        changes.push({
          name,
          closed: sight.shown.status === 'CLOSED',
          own: own !== undefined,
          violation: {
            cause: `${name} of ${own === undefined ? "another customer's product" : 'another product of the customer'}`,
            message: `A close changes ${name} of another product${own === undefined ? ', of another customer' : ''}.`,
            expected: `${name} ${text(previous, name)}, as before`,
            received: `${name} ${text(previous, name)} became ${text(sight, name)}`,
            exchanges: [previous.message.id, (own ?? window[0]!).message!.id, sight.message.id],
          },
        });
      },
      end() {
        const byHand = changes.filter(({ name, closed }) => name === 'status' && !closed);
        // The bank may block a product at any time; that it does so only ever along with a close of another is no chance.
        const byChance = byHand.length < triesNeeded || byHand.length * 2 < closings.length;
        for (const { name, closed, own, violation } of changes) {
          if (changedAlone.has(name) || (name === 'status' && !closed && byChance)) continue;
          if (name === 'status' && closed && own) tell.warned('R-BOUND', violation);
          else tell.violated(violation);
        }
      },
    };
  },

  'CLS-16': (tell, known) => {
    const closings: Closing[] = [];
    return {
      closing(closing) {
        if (closing.outcome !== 'refused' && closing.valid) closings.push(closing);
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
        const bound = closings.some(
          ({ product: other, from, message }) =>
            other.customer === product.customer && from < sight.to && (message === undefined || message.to > (previous?.from ?? 0)),
        );
        if (bound) return;
        const refused = product.closings.findLast(({ from }) => from < sight.to);
        tell.violated({
          cause: refused === undefined ? 'closed by nobody' : refused.valid ? 'closed by a refused close' : 'closed by an invalid request',
          message: 'A product became CLOSED though no valid close of it was accepted.',
          expected: `status ${previous?.shown.status ?? 'as created'}`,
          received: 'status CLOSED',
          exchanges: [
            ...(previous === undefined ? [] : [previous.message.id]),
            ...(refused?.message === undefined ? [] : [refused.message.id]),
            sight.message.id,
          ],
        });
      },
    };
  },
};

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
