/** How a rule speaks about an effect: what shows in time holds, what shows late is warned of, what does not show or goes back is violated. */
import type { ReadingId } from '../spec/catalogue/index.ts';
import type { Tell } from './tell.ts';
import type { Effect } from './visibility.ts';

/** Names a view in prose: `get`, `the list`, `the list by status and iban`. */
export function nameView(effect: Pick<Effect, 'view' | 'filters'>): string {
  if (effect.view === 'get') return 'get';
  if (effect.filters.length === 0) return 'the list';
  return `the list by ${effect.filters
    .map(([name]) => name)
    .sort()
    .join(' and ')}`;
}

const seconds = (ms: number): string => (ms >= 1_000 ? `${(ms / 1_000).toFixed(1)} s` : `${Math.max(0, Math.round(ms))} ms`);

export interface EffectText {
  /** What the view should show: `the product`, `the product as CLOSED`. */
  readonly awaited: string;
  readonly received: string;
  readonly reading: ReadingId;
}

export function tellEffect(tell: Tell, effect: Effect, text: EffectText): void {
  const { outcome, message, against, delay } = effect;
  if (outcome === 'shown') {
    tell.holds();
    return;
  }
  const view = nameView(effect);
  const exchanges = against === undefined ? [message.id] : [against.id, message.id];
  if (outcome === 'late') {
    tell.holds();
    tell.warned(text.reading, {
      cause: `late in ${view}`,
      message: `A write shows late in ${view}: ${seconds(delay!.atLeast)} to ${seconds(delay!.atMost)} after its answer; declare settleMs if the target is made so.`,
      expected: `${view} shows ${text.awaited} at once, or within a declared settleMs`,
      received: `shown only after ${seconds(delay!.atLeast)} or more`,
      exchanges,
    });
    return;
  }
  const gone = outcome === 'back';
  tell.violated({
    cause: `${gone ? 'gone' : 'missing'} in ${view}`,
    message: gone ? `What ${view} had shown, it shows no longer.` : `${upper(view)} does not show ${text.awaited}.`,
    expected: `${view} shows ${text.awaited}`,
    received: gone
      ? `${text.received}, after it had been shown`
      : `${text.received}${delay === undefined || !Number.isFinite(delay.atLeast) ? '' : `, ${seconds(delay.atLeast)} after it should`}`,
    exchanges,
  });
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
