/** What was written and is gone for good, told from reads that were only old: an old read is followed by new ones. */
import type { Product } from '../generators/model/product.ts';
import type { RuleWatch } from './rule.ts';
import type { Effect } from './visibility.ts';

/** `onLost` hears of what never showed at once, of what showed and went back when no more reads will come. Reads under filters are left out. */
export function watchLosses(onLost: (effect: Effect) => void): Required<Pick<RuleWatch, 'effect' | 'campaignEnd' | 'end'>> {
  const back = new Map<Product, Map<string, Effect>>();

  function tellAll(of: (effect: Effect) => boolean): void {
    for (const [product, effects] of back) {
      for (const [key, effect] of effects) {
        if (!of(effect)) continue;
        effects.delete(key);
        onLost(effect);
      }
      if (effects.size === 0) back.delete(product);
    }
  }

  return {
    effect(effect) {
      const { product, what, view, filters, outcome, message } = effect;
      // Answered with another product, a get says nothing of its own (LST-07).
      if (filters.length > 0 || (what === 'present' && view === 'get' && outcome !== 'shown' && message.status === 200)) return;
      const key = `${what} ${view}`;
      if (outcome === 'lost') onLost(effect);
      else if (outcome !== 'back') back.get(product)?.delete(key);
      else {
        const effects = back.get(product) ?? new Map<string, Effect>();
        back.set(product, effects);
        if (!effects.has(key)) effects.set(key, effect);
      }
    },
    campaignEnd: (campaign) => tellAll(({ message }) => message.exchange.campaign === campaign),
    end: () => tellAll(() => true),
  };
}
