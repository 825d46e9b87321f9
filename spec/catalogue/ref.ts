/** Refusals: one defect a request, and its control after it. */
import type { Row } from '../requirement.ts';
import { always, optional } from './premises.ts';

const refused = 'refused without effect, and then accepted without the defect';
const create = always('a create is accepted');
const close = always('a close is accepted');

export const ref = [
  {
    id: 'REF-01',
    level: 'MUST',
    title: 'Create is refused when Requestor-ID is missing, empty or plainly not a UUID.',
    source: 'DOC',
    premise: create,
    witness: `a create without Requestor-ID, with an empty one, with not-a-uuid or with 36 characters one of which is a g, ${refused}`,
  },
  {
    id: 'REF-02',
    level: 'MUST',
    title: 'Close is refused when Requestor-ID is missing, empty or plainly not a UUID.',
    source: 'DOC',
    premise: close,
    witness: `a close without Requestor-ID, with an empty one, with not-a-uuid or with 36 characters one of which is a g, ${refused}`,
  },
  {
    id: 'REF-03',
    level: 'MUST',
    title: 'Create is refused when productCode is missing, null, of the wrong type or outside the enumeration.',
    source: 'DOC',
    premise: create,
    witness: `a create with each of these defects ${refused}`,
  },
  {
    id: 'REF-04',
    level: 'MUST',
    title: 'Create is refused when its content is not one whole JSON object.',
    source: 'DOC',
    premise: create,
    witness: `a create with content that is empty, cut off inside the object, an array, a string, a number or null, ${refused}`,
  },
  {
    id: 'REF-05',
    level: 'MUST',
    title: 'Close is refused when status is missing, null, of the wrong type or outside the enumeration.',
    source: 'DOC',
    premise: close,
    witness: `a close with each of these defects ${refused}`,
  },
  {
    id: 'REF-06',
    level: 'MUST',
    title: 'Close is refused when its content is not one whole JSON object.',
    source: 'DOC',
    premise: close,
    witness: `a close with content that is empty, cut off inside the object, an array, a string, a number or null, ${refused}`,
    impliedBy: ['CLS-16'],
  },
  {
    id: 'REF-07',
    level: 'MUST',
    title: 'An id that is no UUID is refused in the path of get, close and create.',
    source: 'DOC',
    premise: always('a get, a close and a create are accepted'),
    witness: `a get, a close or a create with such an id in its path ${refused}`,
  },
  {
    id: 'REF-08',
    level: 'SHOULD',
    title: 'Content of another media type is refused.',
    source: 'practice, RFC 5789 §2.2',
    premise: always('a create or a close is accepted'),
    witness: `a create or a close with content of another media type ${refused}`,
  },
  {
    id: 'REF-09',
    level: 'MUST',
    title: 'Hostile but well-formed input is refused or taken literally, with no 500 and no product changed.',
    source: 'MSG-06, MODEL',
    premise: always('a create, a close and a list are accepted'),
    witness: 'such requests answered with less than 500, all products of ours as they were, and their controls accepted',
    impliedBy: ['MSG-06', 'FLT-07', 'FLT-08', 'FLT-12', 'CLS-10', 'CLS-16', 'REF-02', 'REF-05', 'REF-06'],
  },
  {
    id: 'REF-10',
    level: 'SHOULD',
    title: 'A customerId that is no UUID is refused in the path of list.',
    source: 'DOC',
    premise: always('a list is answered 200'),
    witness: 'a list with such an id refused, and its control answered 200 with products',
  },
  {
    id: 'REF-11',
    level: 'MUST',
    title: 'A create refused by a business limit adds no product.',
    source: 'MODEL',
    premise: optional('the target refuses a create by a business limit'),
    witness: 'lists before and after such a refusal with the same products',
  },
] as const satisfies readonly Row[];
