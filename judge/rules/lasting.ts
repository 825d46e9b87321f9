/** CLS, continued: what a product keeps when it is closed. */
import { acceptedClosing, type Closing, isSameMoment, type Shown, type Sight } from '../../generators/model/product.ts';
import { idOf, isExclusive, shownText } from '../quoting.ts';
import type { Rules } from '../rule.ts';
import type { Tell } from '../tell.ts';
import { watchBeforeClose } from './before-closes.ts';

const lastingNames = ['productCode', 'productType', 'currency', 'iban', 'createdOn', 'openedOn'] as const;
type LastingName = (typeof lastingNames)[number];

/** Whether a property differs; where one of the two does not show it, that is unknown. */
function differs(name: LastingName, one: Shown, other: Shown): boolean {
  const [was, is] = [one[name], other[name]];
  if (was === undefined || is === undefined) return false;
  return typeof was === 'object' && typeof is === 'object' ? !isSameMoment(was, is) : was !== is;
}

export const lasting: Pick<Rules<'CLS'>, 'CLS-05' | 'CLS-15'> = {
  'CLS-05': (tell) => {
    const beforeClose = watchBeforeClose();
    /** Properties that the views show differently before any close: that they do so after it, LST-03 says. */
    const unsteady = new Set<LastingName>();
    const acrossViews: { readonly name: LastingName; readonly before: Sight; readonly closing: Closing; readonly sight: Sight }[] = [];
    return {
      sight(sight) {
        const { product, shown } = sight;
        if (product.creation === undefined) return;
        const before = beforeClose.sameView(sight);
        const [closing, again] = product.closings.filter(({ valid, from }) => valid && from < sight.to);
        if (closing === undefined) {
          const other = beforeClose.otherView(sight);
          if (other !== undefined) for (const name of lastingNames) if (differs(name, other.shown, shown)) unsteady.add(name);
          return;
        }
        // What a second close does is CLS-08's.
        if (closing.from >= sight.from || again !== undefined) return;
        let compared = false;
        for (const name of lastingNames) {
          if (shown[name] === undefined) continue;
          const known = before?.shown[name] === undefined ? product.constant[name] : before;
          if (known === undefined || known.to > closing.from) continue;
          compared = true;
          if (!differs(name, known.shown, shown)) continue;
          if (known === before) tellChanged(tell, name, known, closing, sight);
          else acrossViews.push({ name, before: known, closing, sight });
        }
        if (compared && shown.status === 'CLOSED') tell.holds();
      },
      end() {
        for (const { name, before, closing, sight } of acrossViews)
          if (!unsteady.has(name)) tellChanged(tell, name, before, closing, sight);
      },
    };
  },

  'CLS-15': (tell, known) => {
    const beforeClose = watchBeforeClose();
    return {
      sight(sight) {
        const before = beforeClose.sameView(sight);
        const closing = acceptedClosing(sight.product);
        if (sight.product.creation === undefined || before === undefined || closing === undefined || sight.shown.status !== 'CLOSED')
          return;
        const [was, is] = [before.shown.proxyIds, sight.shown.proxyIds];
        if (was === undefined || is === undefined) return;
        if ([...new Set(was)].join() === [...new Set(is)].join()) tell.holds();
        else if (isExclusive(sight, known.customers))
          tell.violated({
            cause: 'proxyIds change',
            message: 'proxyIds change with the close.',
            expected: shownText(before, 'proxyIds'),
            received: shownText(sight, 'proxyIds'),
            exchanges: [before.message.id, ...idOf(closing), sight.message.id],
          });
      },
    };
  },
};

function tellChanged(tell: Tell, name: string, before: Sight, closing: Closing, sight: Sight): void {
  tell.violated({
    cause: `${name} changes`,
    message: `${name} changes with the close.`,
    expected: shownText(before, name),
    received: shownText(sight, name),
    exchanges: [before.message.id, ...idOf(closing), sight.message.id],
  });
}
