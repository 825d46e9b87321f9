/** Create. */
import type { Row } from '../requirement.ts';
import { always, optional } from './premises.ts';

export const cre = [
  {
    id: 'CRE-01',
    level: 'MUST',
    title: 'The id a create answers can be read afterwards, within the settle time.',
    source: 'MODEL',
    premise: always('a product is created'),
    witness: 'a get of a created id that answered this product; products that ended INVALID or REJECTED apart',
    impliedBy: ['CRE-05', 'LST-01', 'LST-09', 'LST-04'],
  },
  {
    id: 'CRE-02',
    level: 'MUST',
    title: 'A new product has the code that was asked for.',
    source: 'MODEL',
    premise: always('products of an offered code are created'),
    witness: 'a product read after its create with the code asked for, on a run that saw two products',
    impliedBy: ['CRE-03'],
  },
  {
    id: 'CRE-03',
    level: 'MUST',
    title: 'No product id is given twice.',
    source: 'MODEL',
    premise: always('two products are created'),
    witness: 'two creates with different ids, each of them then read',
  },
  {
    id: 'CRE-04',
    level: 'MUST',
    title: 'A new product is not CLOSED.',
    source: 'MODEL',
    premise: always('a product is created'),
    witness: 'a product read after its create and before any close of it in another status',
  },
  {
    id: 'CRE-05',
    level: 'MUST',
    title: 'A new product appears exactly once in the list of its customer.',
    source: 'MODEL',
    premise: always('a product is created'),
    witness: 'an unfiltered list after a create with the new id in it once',
    impliedBy: ['LST-01', 'LST-02'],
  },
  {
    id: 'CRE-06',
    level: 'MUST',
    title: 'The same create sent twice makes two products, or the second is refused.',
    source: 'MODEL',
    premise: always('one create is sent twice'),
    witness: 'two equal creates with two ids that both read, or the second refused and nothing added',
    impliedBy: ['CRE-03'],
  },
  {
    id: 'CRE-07',
    level: 'MUST',
    title: 'Foreign properties in a create are ignored or refused, never taken over.',
    source: 'DOC',
    premise: always('a create is accepted'),
    witness:
      'a create with customerProductId, status, closedOn or createdOn of our making that was refused, or whose product shows none of it',
  },
  {
    id: 'CRE-08',
    level: 'SHOULD',
    title: 'An ACTIVE product has openedOn.',
    source: 'MODEL',
    premise: optional('the target shows an ACTIVE product'),
    witness: 'an ACTIVE product of this run with openedOn',
  },
  {
    id: 'CRE-09',
    level: 'MUST',
    title: 'One create adds exactly one product.',
    source: 'MODEL',
    premise: always('a product is created'),
    witness: 'lists before and after creates that differ by exactly the ids answered; on shared ground by 3 of 3 tries',
    impliedBy: ['CRE-03'],
  },
] as const satisfies readonly Row[];
