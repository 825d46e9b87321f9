/** CON: what only overlapping requests show. */
import { notBuilt, type Rules } from '../rule.ts';

export const concurrency: Rules<'CON'> = {
  'CON-01': notBuilt,
  'CON-02': notBuilt,
  'CON-03': notBuilt,
  'CON-04': notBuilt,
  'CON-05': notBuilt,
  'CON-06': notBuilt,
  'CON-07': notBuilt,
};
