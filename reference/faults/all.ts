import type { Fault } from '../registry.ts';

/** Every named fault, area after area. */
export const faults: readonly Fault[] = [];
