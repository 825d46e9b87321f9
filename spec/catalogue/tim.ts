/** Times of products. */
import type { Row } from '../requirement.ts';
import { always, exclusiveGround, optional } from './premises.ts';

export const tim = [
  {
    id: 'TIM-01',
    level: 'MUST',
    title: 'Code, type and createdOn of a product, and currency and openedOn once shown, never change.',
    source: 'MODEL',
    premise: always('a product is read twice'),
    witness: 'a product read again, with a write between, with all of these as they were',
    impliedBy: ['CLS-05', 'CLS-08', 'CRE-03'],
  },
  {
    id: 'TIM-02',
    level: 'MUST',
    title: 'The modifiedOn of a product never goes back.',
    source: 'MODEL',
    premise: always('a product is read twice'),
    witness: 'a product read again, with a write between, with the same or a later modifiedOn',
    impliedBy: ['TIM-03'],
  },
  {
    id: 'TIM-03',
    level: 'MUST',
    title: 'createdOn is not after openedOn or modifiedOn, and openedOn not after closedOn.',
    source: 'MODEL',
    premise: always('the target shows products of this run'),
    witness: 'a product of this run with its times in this order, on a run that saw two products',
  },
  {
    id: 'TIM-04',
    level: 'MUST',
    title: 'The createdOn of a product lies within its create.',
    source: 'MODEL',
    premise: always('two products are created'),
    witness: 'a createdOn that agrees with the server times of the other creates and closes of the run, by one offset of clocks',
  },
  {
    id: 'TIM-05',
    level: 'SHOULD',
    title: 'modifiedOn moves whenever a documented property changes, once its clock had time to move.',
    source: 'MODEL',
    premise: always('a documented property is seen to change'),
    witness: 'a product seen to change, more than one unit of precision and a second after its modifiedOn was last set, with a later one',
    impliedBy: ['CLS-04'],
  },
  {
    id: 'TIM-06',
    level: 'SHOULD',
    title: 'A product that is RECEIVED or PENDING has no openedOn.',
    source: 'MODEL',
    premise: optional('the target shows a product of this run as RECEIVED or PENDING'),
    witness: 'such a product without openedOn',
  },
  {
    id: 'TIM-07',
    level: 'SHOULD',
    title: 'The createdOn of a new product is within a minute of the Date of the answer.',
    source: 'practice',
    premise: optional('the target answers creates with Date'),
    witness: 'a createdOn within a minute of the Date of its create, on a run that saw two products',
  },
  {
    id: 'TIM-08',
    level: 'SHOULD',
    title: 'modifiedOn does not move between reads while no documented property changes.',
    source: 'MODEL',
    premise: optional(exclusiveGround),
    witness: 'two reads of a product with the same documented properties and the same modifiedOn',
    impliedBy: ['MSG-08'],
  },
] as const satisfies readonly Row[];
