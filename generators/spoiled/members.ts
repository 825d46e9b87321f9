/** CRE-07: a create that brings along properties only the target may set. */
import { randomUUID } from 'node:crypto';
import { type Spoiled, withMembers } from './spoiled.ts';

const longAgo = '2001-02-03T04:05:06Z';

const foreign: readonly (readonly [name: string, value: () => string])[] = [
  ['customerProductId', randomUUID],
  ['status', () => 'CLOSED'],
  ['closedOn', () => longAgo],
  ['createdOn', () => longAgo],
];

export const foreignMembers: readonly Spoiled[] = foreign.map(([name, value]) => ({
  requirement: 'CRE-07',
  operation: 'create',
  role: 'odd',
  case: `with ${name}`,
  spoil: (draft) => withMembers({ [name]: value() })(draft),
}));
