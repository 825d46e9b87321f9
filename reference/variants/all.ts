import type { Variant } from '../registry.ts';
import { access } from './access.ts';
import { answers } from './answers.ts';
import { combined } from './combined.ts';
import { customers } from './customers.ts';
import { life } from './life.ts';
import { limits } from './limits.ts';
import { requests } from './requests.ts';
import { transport } from './transport.ts';
import { visibility } from './visibility.ts';

/** Every named variant. */
export const variants: readonly Variant[] = [
  ...life,
  ...visibility,
  ...customers,
  ...limits,
  ...requests,
  ...answers,
  ...transport,
  ...access,
  ...combined,
];
