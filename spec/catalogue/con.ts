/** Concurrency. */
import type { Row } from '../requirement.ts';
import { always } from './premises.ts';

export const con = [
  {
    id: 'CON-01',
    level: 'MUST',
    title: 'Creates in parallel give distinct ids, all of them listed and none lost.',
    source: 'MODEL',
    premise: always('creates overlap'),
    witness: 'creates that overlapped, with different ids, all of them in the list afterwards',
    impliedBy: ['CRE-01', 'CRE-03', 'CRE-05', 'CRE-09', 'LST-01'],
  },
  {
    id: 'CON-02',
    level: 'MUST',
    title: 'Closes of one product in parallel leave one closedOn that every later read shows.',
    source: 'MODEL',
    premise: always('closes of one product overlap'),
    witness: 'closes of one product that overlapped, and reads after them that all show one closedOn',
    impliedBy: ['CLS-01', 'CLS-07', 'CLS-08'],
  },
  {
    id: 'CON-03',
    level: 'MUST',
    title: 'The history of each product is linearizable, each write taking effect within the settle time after its answer.',
    source: 'MODEL',
    premise: always('requests on one product overlap'),
    witness: 'histories with overlapping requests on one product for which an order was found',
    impliedBy: ['CLS-01', 'CLS-07', 'CLS-16', 'CON-02', 'CON-04', 'LST-01', 'LST-04', 'CRE-01'],
  },
  {
    id: 'CON-04',
    level: 'MUST',
    title: 'Reads never go backwards: a write once seen stays seen, on every connection.',
    source: 'MODEL',
    premise: always('a product is read on several connections'),
    witness: 'reads on several connections, one after another, that kept on showing a write once seen',
    impliedBy: ['CLS-07', 'LST-01', 'LST-04', 'TIM-02'],
  },
  {
    id: 'CON-05',
    level: 'MUST',
    title: 'Answers are not mixed up between parallel requests.',
    source: 'MODEL',
    premise: always('requests on several products overlap'),
    witness: 'gets of different products that overlapped, each answered with its own product',
    impliedBy: ['CRE-02', 'LST-07', 'OWN-01'],
  },
  {
    id: 'CON-06',
    level: 'MUST',
    title: 'Writes to different products in parallel are all kept.',
    source: 'MODEL',
    premise: always('writes to different products overlap'),
    witness: 'closes of different products that overlapped, all of them seen afterwards',
    impliedBy: ['CLS-01', 'CLS-07', 'CRE-05', 'LST-01', 'CRE-01', 'LST-04'],
  },
  {
    id: 'CON-07',
    level: 'MUST',
    title: 'A create or a close whose connection is cut is done whole or not at all.',
    source: 'RFC 5789 §2, MODEL',
    premise: always('a create or a close is cut off'),
    witness: 'a create or a close whose connection we cut, and reads afterwards that show all of it or nothing',
    impliedBy: ['CLS-12', 'CLS-13'],
  },
] as const satisfies readonly Row[];
