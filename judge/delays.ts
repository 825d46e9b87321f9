/** How long opening, closing and visibility took, as far as reads could tell. */
import type { Watch } from '../generators/model/fold.ts';
import type { Product } from '../generators/model/product.ts';
import type { Delay } from '../spec/report.ts';
import type { Effect } from './visibility.ts';

export type DelayKind = 'opening' | 'closing' | 'visibility';

export interface Delays {
  readonly watch: Watch;
  effect(effect: Effect): void;
  /** Milliseconds, one for each write that was seen to take effect. */
  readonly measured: ReadonlyMap<DelayKind, number[]>;
}

export function watchDelays(): Delays {
  const measured = new Map<DelayKind, number[]>([
    ['opening', []],
    ['closing', []],
    ['visibility', []],
  ]);
  const opened = new WeakSet<Product>();
  return {
    measured,
    watch: {
      sight({ product, shown, to, previous }) {
        const created = product.creation?.message;
        if (shown.status !== 'ACTIVE' || created === undefined || opened.has(product)) return;
        opened.add(product);
        // Measured only where an earlier sight showed it not yet open.
        if (previous !== undefined && previous.shown.status !== 'ACTIVE') measured.get('opening')!.push(to - created.to);
      },
    },
    effect({ what, outcome, delay }) {
      if (delay === undefined || (outcome !== 'shown' && outcome !== 'late')) return;
      measured.get(what === 'closed' ? 'closing' : 'visibility')!.push(delay.atMost);
    },
  };
}

/** Median, 95th percentile and largest, in milliseconds rounded to tenths; nothing measured, nothing said. */
export function summarise(values: readonly number[]): Delay | undefined {
  if (values.length === 0) return undefined;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): number => Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]! * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), max: at(1) };
}
