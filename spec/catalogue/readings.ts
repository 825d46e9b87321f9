/** What the document leaves open. Each is a legitimate reading: all are accepted, the one taken is recorded, none is ever failed. */
import type { Reading } from '../requirement.ts';

/** The rows whose requests may be refused, and by another 4xx than R-REFUSAL names. */
const refusals = [
  'CLS-10',
  'FLT-12',
  'FLT-13',
  'FLT-17',
  'REF-01',
  'REF-02',
  'REF-03',
  'REF-04',
  'REF-05',
  'REF-06',
  'REF-07',
  'REF-08',
  'REF-10',
] as const;

/** The rows that send a call without a valid token. */
const unauthenticated = [
  'AUT-01',
  'AUT-02',
  'AUT-03',
  'AUT-04',
  'AUT-05',
  'AUT-06',
  'AUT-07',
  'AUT-08',
  'AUT-09',
  'AUT-10',
  'AUT-11',
  'AUT-12',
  'AUT-16',
  'AUT-17',
] as const;

export const readings = [
  {
    id: 'R-OPENING',
    title: 'First status of a new product',
    accepted:
      'Any but CLOSED; it may become ACTIVE later, stay PENDING for as long as compliance wants, or end INVALID or REJECTED and never open.',
    warns: [],
  },
  {
    id: 'R-CLOSING',
    title: 'When a close takes effect',
    accepted: 'At once, or within the settle time; where none is declared, late by at most 5 s with a warning.',
    warns: ['CLS-01', 'CLS-07', 'CLS-12', 'FLT-03', 'FLT-06', 'FLT-14', 'LST-03', 'LST-04', 'CON-03'],
  },
  {
    id: 'R-CLOSABLE',
    title: 'Closing a product that is not ACTIVE, or that business rules hold',
    accepted: '2xx, or any 4xx and nothing changes.',
    warns: [],
  },
  { id: 'R-AGAIN', title: 'Closing a closed product', accepted: '2xx or 4xx, one of them throughout.', warns: ['CLS-08'] },
  {
    id: 'R-BOUND',
    title: 'Products that depend on the closed one',
    accepted: 'They stay open, or those of the same customer close with it, with a warning.',
    warns: ['CLS-06'],
  },
  {
    id: 'R-CLOSEBODY',
    title: 'Content of the close',
    accepted: 'None, throughout; anything else with a warning, never judged by its shape.',
    warns: ['SCH-08'],
  },
  { id: 'R-ENDED', title: 'Products that ended INVALID or REJECTED', accepted: 'They stay readable, or vanish for good.', warns: [] },
  {
    id: 'R-VISIBILITY',
    title: 'When lists and gets show a write',
    accepted: 'At once, or within the settle time; where none is declared, late by at most 5 s with a warning.',
    warns: [
      'CRE-01',
      'CRE-05',
      'CRE-09',
      'LST-01',
      'LST-03',
      'LST-04',
      'LST-05',
      'LST-09',
      'FLT-04',
      'FLT-05',
      'FLT-06',
      'FLT-08',
      'FLT-09',
      'FLT-11',
      'CON-03',
    ],
  },
  {
    id: 'R-CUSTOMER',
    title: 'A customer without products, and an unknown one',
    accepted: 'For each of the two 200 with an empty array, 404 or 403, the same throughout.',
    warns: ['FLT-07'],
  },
  { id: 'R-REQUESTOR', title: 'A well-formed but unknown requestor', accepted: 'Accepted, or refused with 4xx.', warns: [] },
  {
    id: 'R-REFUSAL',
    title: 'Status of a refusal of bad input',
    accepted:
      '400 or 422; 415 for a media type, 404 for a malformed id in the path, 413, 414 or 431 for size; any other 4xx with a warning.',
    warns: refusals,
  },
  {
    id: 'R-LIMITS',
    title: 'Business limits',
    accepted:
      'A create may be refused with 4xx for a code not offered, for a second open product of one code, or beyond a cap; with openProductsPerCode 1 it may answer the id of the open one, with a warning.',
    warns: ['CRE-06'],
  },
  {
    id: 'R-UNKNOWN',
    title: 'Members or parameters beyond the document in a request',
    accepted: 'Ignored, or refused with 4xx, one of them throughout.',
    warns: ['CRE-07', 'LST-08'],
  },
  { id: 'R-EMPTY', title: 'A filter with an empty value', accepted: 'No filter, an empty array, or 4xx.', warns: [] },
  {
    id: 'R-ENUMCASE',
    title: 'Another letter case of an enumerated value in a request',
    accepted: 'Refused; or taken as that value, with a warning.',
    warns: ['CLS-10', 'FLT-12', 'FLT-17', 'REF-03', 'REF-05'],
  },
  {
    id: 'R-VALUES',
    title: 'Enumeration values beyond the facts',
    accepted: 'In products this run did not create, with one warning each; the profile may add values.',
    warns: ['SCH-05'],
  },
  { id: 'R-ORDER', title: 'Order of a list', accepted: 'Any, and it may change.', warns: [] },
  { id: 'R-EXTRA', title: 'Properties beyond the document in answers', accepted: 'Allowed in every object.', warns: [] },
  { id: 'R-TIME', title: 'Writing of date-times', accepted: 'Any offset, and any number of fraction digits or none.', warns: [] },
  {
    id: 'R-CASE',
    title: 'Letters of a UUID',
    accepted: 'Either case; compared without case, and no version or variant bits checked.',
    warns: [],
  },
  {
    id: 'R-CLOCK',
    title: 'Clocks of the target',
    accepted:
      "Off by any amount; Date perhaps another machine's, with a warning beyond a minute; the clocks that stamp products agree within clockToleranceMs.",
    warns: ['TIM-07'],
  },
  { id: 'R-OTHERS', title: 'Other actors', accepted: 'On shared ground, anything at any moment.', warns: [] },
  {
    id: 'R-401',
    title: 'A call without a valid token',
    accepted: '401; 400 with a challenge for malformed credentials; 403 with a warning.',
    warns: unauthenticated,
  },
  {
    id: 'R-405',
    title: 'A method the document does not have',
    accepted: '405 or 501; 400, 403 or 404 with a warning, and so 2xx without effect; HEAD and OPTIONS apart.',
    warns: ['MSG-08'],
  },
  {
    id: 'R-BUSY',
    title: '429, 502, 503 and 504',
    accepted: 'Not judged singly: waited out as Retry-After says or by backing off, and counted.',
    warns: [],
  },
  {
    id: 'R-ERRORS',
    title: 'Shape of an error body',
    accepted: 'Any JSON, a problem document too; empty or not JSON with a warning.',
    warns: ['MSG-11'],
  },
  {
    id: 'R-TRANSPORT',
    title: 'Encoding of answers',
    accepted: 'gzip, br, chunked, a charset parameter, a connection closed after each answer.',
    warns: [],
  },
] as const satisfies readonly Reading[];

export type ReadingId = (typeof readings)[number]['id'];
