/** MSG-08: methods that the document does not have. */
import type { Draft } from '../requests.ts';
import type { Spoiled } from './spoiled.ts';

/** A method that no list of methods has. */
const unheardOf = 'SCRUB';

const onProduct = [
  ['PUT', '{"status":"CLOSED"}'],
  ['DELETE', undefined],
  ['POST', '{"status":"CLOSED"}'],
  [unheardOf, undefined],
] as const;

const onList = [
  ['PUT', '[]'],
  ['PATCH', '{"status":"CLOSED"}'],
  ['DELETE', undefined],
  [unheardOf, undefined],
] as const;

/** Each made of a valid request about that resource. */
export const documentlessMethods = (resource: 'product' | 'list'): readonly Spoiled[] =>
  (resource === 'product' ? onProduct : onList).map(([method, body]) => ({
    requirement: 'MSG-08',
    operation: resource === 'product' ? 'close' : 'list',
    role: 'odd',
    case: `by ${method} on ${resource === 'product' ? 'a product' : 'the list'}`,
    spoil: ({ body: _, ...draft }: Draft): Draft => ({
      ...draft,
      method,
      ...(body === undefined ? {} : { body }),
      intent: { ...draft.intent, operation: 'other' },
    }),
  }));
