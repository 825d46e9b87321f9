/** MSG-08: methods that the document does not have, and OPTIONS, which may be answered in any way but has no effect (RFC 9110 §9.2.1). */
import type { Draft } from '../requests.ts';
import type { Spoiled } from './spoiled.ts';

/** A method that no list of methods has. */
const unheardOf = 'SCRUB';

const onProduct = [
  ['PUT', '{"status":"CLOSED"}'],
  ['DELETE', undefined],
  ['POST', '{"status":"CLOSED"}'],
  ['OPTIONS', undefined],
  [unheardOf, undefined],
] as const;

/** What is closed is neither removed nor opened by them. */
const onClosedProduct = [
  ['PUT', '{"status":"ACTIVE"}'],
  ['DELETE', undefined],
] as const;

const onList = [
  ['PUT', '[]'],
  ['PATCH', '{"status":"CLOSED"}'],
  ['DELETE', undefined],
  ['OPTIONS', undefined],
  [unheardOf, undefined],
] as const;

const resources = {
  product: [onProduct, 'a product'],
  'closed product': [onClosedProduct, 'a closed product'],
  list: [onList, 'the list'],
} as const;

/** Each made of a valid request about that resource. */
export const documentlessMethods = (resource: keyof typeof resources): readonly Spoiled[] =>
  resources[resource][0].map(([method, body]) => ({
    requirement: 'MSG-08',
    operation: resource === 'list' ? 'list' : 'close',
    role: 'odd',
    case: `by ${method} on ${resources[resource][1]}`,
    spoil: ({ body: _, ...draft }: Draft): Draft => ({
      ...draft,
      method,
      ...(body === undefined ? {} : { body }),
      intent: { ...draft.intent, operation: 'other' },
    }),
  }));
