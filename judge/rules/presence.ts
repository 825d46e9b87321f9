/** What the answer to a get says of whether its product is there. */
import { isAccepted, type Message } from '../../generators/model/message.ts';
import { readShown } from '../../generators/model/product.ts';
import type { Effect } from '../visibility.ts';

/**
 * Whether a get that does not show its product says that it is not there. One that is answered 2xx with something else says nothing of
 * that (SCH-03, SCH-07, MSG-02 say it); nor does one that was oddly spelled, which is perhaps not understood (LST-11).
 */
export const deniesProduct = (get: Message): boolean => !isAccepted(get) && get.intent.probe?.role !== 'spelling';

/**
 * Whether an effect may be held against the presence of its product: it shows, or is lacking in a read that says so. A get that shows
 * another product says so only if it goes on: once it may have been given the answer of another (LST-07, CON-05).
 */
export const isOfPresence = ({ product, what, view, outcome, message }: Effect): boolean =>
  what === 'present' &&
  (view === 'list' ||
    outcome === 'shown' ||
    outcome === 'late' ||
    deniesProduct(message) ||
    (outcome === 'lost' && (readShown(message.json)?.id ?? product.id) !== product.id));
