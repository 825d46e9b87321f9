/** The life of a product. */
import type { Row } from '../requirement.ts';
import { optional } from './premises.ts';

export const lif = [
  {
    id: 'LIF-01',
    level: 'SHOULD',
    title: 'A product that left RECEIVED and PENDING does not return to them, and INVALID and REJECTED are final.',
    source: 'facts',
    premise: optional('a product of this run is seen in one of these statuses and read again later'),
    witness: 'a product that left RECEIVED or PENDING read again outside them, or one that ended INVALID or REJECTED read again as that',
  },
] as const satisfies readonly Row[];
