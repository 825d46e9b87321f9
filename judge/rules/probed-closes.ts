/** CLS, continued: closes that are to be refused, and what a refused close must not do. */
import { isAccepted, isRefused, type Message } from '../../generators/model/message.ts';
import { type Closing, type Product, type Sight, siblingClosings } from '../../generators/model/product.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import { type Consequence, compareSights, weighTries } from '../aftermath.ts';
import { nameAttempt, refusal } from '../refusal.ts';
import type { Rule } from '../rule.ts';
import { attemptsOf } from '../series.ts';

const closedness: ReadonlySet<Consequence> = new Set(['closed', 'reopened']);
const everything: ReadonlySet<Consequence> = new Set(['closed', 'reopened', 'changed', 'asked', 'touched']);

export const probedCloses: Readonly<Record<('CLS-09' | 'CLS-10' | 'CLS-11') & RequirementId, Rule>> = {
  'CLS-09': (tell) => ({
    trial(trial) {
      for (const attempt of attemptsOf(trial)) {
        const { odd, before, after, control, case: name } = attempt;
        if (isAccepted(odd)) {
          tell.violated({
            cause: `answered ${odd.status}`,
            message: `${nameAttempt(attempt)} is answered ${odd.status}.`,
            expected: 'a refusal with 4xx',
            received: `${odd.status}`,
            exchanges: [odd.id],
          });
          continue;
        }
        if (!isRefused(odd) || odd.status === 401 || odd.status === 408) continue;
        const own = (read: Message): boolean => read.intent.product === odd.intent.product;
        const [was, is] = [before.findLast(own), after.find(own)];
        if (was === undefined || is === undefined || !isRefused(was)) continue;
        if (isAccepted(is))
          tell.violated({
            cause: `${name}: created`,
            message: `${nameAttempt(attempt)} makes a product of that id.`,
            expected: `${was.status} to its get, as before`,
            received: `${is.status}`,
            exchanges: [was.id, odd.id, is.id],
          });
        else if (control !== undefined) tell.holds();
      }
    },
  }),

  'CLS-10': refusal(),

  'CLS-11': (tell, known) => {
    const weigh = weighTries();
    const refused = new Map<Product, { before: Sight; closing: Closing; message: Message }>();
    return {
      closing(closing, message) {
        const { product, seenBefore, from } = closing;
        if (closing.outcome !== 'refused' || product.creation === undefined || message.status === 429) return;
        const before = refused.get(product)?.before ?? seenBefore;
        if (before !== undefined && before.to <= from) refused.set(product, { before, closing, message });
      },
      sight(sight) {
        const entry = refused.get(sight.product);
        if (entry === undefined || sight.from < entry.message.to || sight.stale) return;
        refused.delete(sight.product);
        const { before, closing, message } = entry;
        const acted = sight.product.closings.some(
          (other) =>
            other.outcome !== 'refused' && other.from < sight.to && (other.message === undefined || other.message.to > before.from),
        );
        // It may have closed along with another (R-BOUND).
        const customer = known.customers.get(sight.product.customer ?? '');
        const bound =
          sight.shown.status === 'CLOSED' &&
          siblingClosings(sight.product, customer, before.from - (known.facts.settleMs ?? 0), sight.to).length > 0;
        if (acted || bound) return;
        const probe = message.intent.probe;
        const name = probe === undefined || closing.valid ? 'a valid close' : `a close ${probe.case}`;
        // Two views may differ in how they show one state (LST-03), but not in whether it is closed.
        const heeded = before.view === sight.view ? everything : closedness;
        // A valid close of what was not closed is refused where the business holds it, and it is the bank that holds and frees it (R-CLOSABLE).
        const isHeld = closing.valid && before.shown.status !== 'CLOSED';
        const found = [...compareSights(before, sight, message, known)].find(
          ({ what }) => heeded.has(what) && !(isHeld && what === 'touched'),
        );
        const proven = weigh(name, found);
        if (proven !== undefined)
          tell.violated({
            cause: `${name}: ${proven.what}`,
            message: `${capital(name)} is refused with ${message.status}, and changes the product.`,
            expected: proven.expected,
            received: proven.received,
            exchanges: [before.message.id, message.id, sight.message.id],
          });
        else if (found === undefined) tell.holds();
      },
    };
  },
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
