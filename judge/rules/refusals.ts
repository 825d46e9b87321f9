/** REF: bad input is refused, and does nothing. */
import { isAccepted, isBusinessRefusal, isBusy, isPlain, type Message } from '../../generators/model/message.ts';
import { readShown } from '../../generators/model/product.ts';
import { aftermathOf, type Consequence, weighTries } from '../aftermath.ts';
import { nameAttempt, refusal, usualRefusal } from '../refusal.ts';
import type { Rules } from '../rule.ts';
import { attemptsOf } from '../series.ts';
import type { Violation } from '../tell.ts';

const defect = refusal();

/** What a hostile request may not do; that it is accepted, where it is valid, adds the product it asks for. */
const harm: ReadonlySet<Consequence> = new Set(['closed', 'reopened', 'changed', 'asked']);

export const refusals: Rules<'REF'> = {
  'REF-01': defect,
  'REF-02': defect,
  'REF-03': defect,
  'REF-04': defect,
  'REF-05': defect,
  'REF-06': defect,
  'REF-07': refusal({ remark: usualRefusal(404) }),
  'REF-08': refusal({ remark: usualRefusal(415) }),

  'REF-09': (tell, known) => {
    const weigh = weighTries();
    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) {
          const { odd, case: name, control } = attempt;
          const { status } = odd;
          if (status === undefined || isBusy(odd) || status > 500) continue;
          const found = aftermathOf(attempt, known, harm);
          const proven = weigh(name, found);
          if (status === 500 || proven !== undefined)
            tell.violated({
              cause: `${name}: ${proven?.what ?? '500'}`,
              message: proven === undefined ? `${nameAttempt(attempt)} is answered 500.` : `${nameAttempt(attempt)} changes a product.`,
              expected: proven?.expected ?? 'a refusal with 4xx, or to be taken literally',
              received: proven?.received ?? '500',
              exchanges: proven === undefined ? [odd.id] : [proven.reads[0].id, odd.id, proven.reads[1].id],
            });
          else if (showsProducts(odd))
            tell.violated({
              cause: `${name}: matched`,
              message: `${nameAttempt(attempt)} lists products, none of which has that value.`,
              expected: 'a refusal with 4xx, or no product',
              received: `${status} with products`,
              exchanges: [odd.id],
            });
          else if (control !== undefined && found === undefined) tell.holds();
        }
      },
    };
  },

  'REF-10': refusal({ remark: usualRefusal(404) }),

  'REF-11': (tell) => {
    const added: Violation[] = [];
    let kept = 0;
    const limited = new Set<string>();
    return {
      creation(creation, message) {
        if (creation.outcome !== 'refused' || !isPlain(message.intent) || !isBusinessRefusal(message)) return;
        limited.add(creation.customer);
        tell.took('R-LIMITS', `a create is refused with ${message.status}`, message.id);
      },
      listing(listing) {
        const { customer, ids } = listing;
        if (listing.filters.length > 0 || !limited.has(customer.id)) return;
        const before = customer.lists.get('');
        const refused = customer.creations.filter(
          ({ outcome, message }) =>
            outcome === 'refused' &&
            message !== undefined &&
            isPlain(message.intent) &&
            isBusinessRefusal(message) &&
            before !== undefined &&
            message.from >= before.to &&
            message.to <= listing.from,
        );
        const last = refused.at(-1);
        if (before === undefined || last === undefined) return;
        // A create whose outcome is unknown may add one at any time.
        if (customer.creations.some(({ outcome, from }) => from < listing.to && (outcome === 'unknown' || outcome === 'pending'))) return;
        const strangers = listing.sights.filter(({ product }) => product.creation === undefined && !before.ids.has(product.id));
        const spoiled = customer.creations.some(({ valid, from }) => !valid && from >= before.from && from <= listing.to);
        if (strangers.length === 0) {
          kept += 1;
          if (ids.size >= before.ids.size) tell.holds();
          return;
        }
        if (spoiled) return;
        const violation = {
          cause: 'a refused create adds a product',
          message: `A create refused with ${last.message!.status} adds a product all the same.`,
          expected: 'the same products as before',
          received: `${strangers.length} more`,
          exchanges: [before.message.id, last.message!.id, listing.message.id],
        };
        if (customer.exclusive) tell.violated(violation);
        else if (strangers.some(({ shown }) => shown.productCode === last.code)) added.push(violation);
        else kept += 1;
      },
      end() {
        // Where others create too, only what follows every time is ours (rule 3).
        if (kept === 0 && added.length >= triesNeeded) for (const violation of added) tell.violated(violation);
      },
    };
  },
};

const triesNeeded = 3;

/** A list under a hostile filter that shows products: the value was not taken literally. */
const showsProducts = (message: Message): boolean =>
  isAccepted(message) &&
  message.intent.operation === 'list' &&
  (message.intent.filters?.length ?? 0) > 0 &&
  Array.isArray(message.json) &&
  message.json.some((value) => readShown(value) !== undefined);
