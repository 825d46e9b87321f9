import type { Variant } from '../registry.ts';

/** Every named variant. */
export const variants: readonly Variant[] = [];
