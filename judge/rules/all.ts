/** One rule a requirement: the compiler names the row that has none. */
import type { RequirementId } from '../../spec/catalogue/index.ts';
import type { notBuilt, Rule } from '../rule.ts';
import { authorization } from './authorization.ts';
import { close } from './close.ts';
import { concurrency } from './concurrency.ts';
import { create } from './create.ts';
import { filters } from './filters.ts';
import { life } from './life.ts';
import { lists } from './lists.ts';
import { messages } from './messages.ts';
import { ownership } from './ownership.ts';
import { refusals } from './refusals.ts';
import { shapes } from './shapes.ts';
import { times } from './times.ts';
import { tokens } from './tokens.ts';

export const rules: Readonly<Record<RequirementId, Rule | typeof notBuilt>> = {
  ...messages,
  ...tokens,
  ...authorization,
  ...shapes,
  ...create,
  ...lists,
  ...filters,
  ...close,
  ...times,
  ...life,
  ...ownership,
  ...refusals,
  ...concurrency,
};
