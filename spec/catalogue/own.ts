/** Ownership: whose product it is. */
import type { Row } from '../requirement.ts';
import { exclusiveGround, optional } from './premises.ts';

export const own = [
  {
    id: 'OWN-01',
    level: 'MUST',
    title: 'A product is listed under one customer only, in every state and under every filter.',
    source: 'MODEL',
    premise: optional('the run has two customers'),
    witness: 'lists of two customers, each with products, that have none in common',
  },
  {
    id: 'OWN-02',
    level: 'MUST',
    title: 'What happens under one customer changes nothing under another.',
    source: 'MODEL',
    premise: optional(`the run has two customers, and ${exclusiveGround}`),
    witness: 'a product read before and after a create or a close under another customer with every documented property as it was',
    impliedBy: ['CLS-16'],
  },
  {
    id: 'OWN-03',
    level: 'SHOULD',
    title: 'The token of a second client neither sees nor closes the products of the first.',
    source: 'practice',
    premise: optional('the profile gives a second client'),
    witness: 'a get, a list and a close with the second token that showed and changed nothing, and their controls with the first',
  },
] as const satisfies readonly Row[];
