/** CRE-07: a create, or a close, that brings along properties only the target may set. */
import { randomUUID } from 'node:crypto';
import { type Spoiled, withMembers } from './spoiled.ts';

const longAgo = '2001-02-03T04:05:06Z';

const foreign: readonly (readonly [name: string, members: () => Readonly<Record<string, string>>])[] = [
  ['customerProductId', () => ({ customerProductId: randomUUID() })],
  ['status', () => ({ status: 'CLOSED' })],
  ['closedOn', () => ({ closedOn: longAgo })],
  ['createdOn', () => ({ createdOn: longAgo })],
  ['openedOn, modifiedOn and customerId', () => ({ openedOn: longAgo, modifiedOn: longAgo, customerId: randomUUID() })],
];

export const foreignMembers: readonly Spoiled[] = foreign.map(([name, members]) => ({
  requirement: 'CRE-07',
  operation: 'create',
  role: 'odd',
  case: `with ${name}`,
  spoil: (draft) => withMembers(members())(draft),
}));

/** What a close changes is its own doing: none of this. */
export const foreignToClose: Spoiled = {
  requirement: 'CRE-07',
  operation: 'close',
  role: 'odd',
  case: 'with closedOn, createdOn, productCode and currency',
  spoil: (draft) => withMembers({ closedOn: longAgo, createdOn: longAgo, productCode: 'WALLET', currency: 'XTS' })(draft),
};
