import { type ProductCode, productCodes } from '../../spec/values.ts';
import type { Fault } from '../registry.ts';
import { actFirst, isJson, letRequestorPass, someone, takeCode, takeContent } from './taking.ts';

/** Faults of refusing a bad create. */
export const refCreates: readonly Fault[] = [
  {
    name: 'create-without-requestor',
    sentence: 'A create needs no Requestor-ID.',
    caughtBy: ['REF-01'],
    apply: letRequestorPass('create', (field) => field === undefined),
  },
  {
    name: 'create-with-empty-requestor',
    sentence: 'A create takes an empty Requestor-ID.',
    caughtBy: ['REF-01'],
    apply: letRequestorPass('create', (field) => field === ''),
  },
  {
    name: 'create-with-any-requestor',
    sentence: 'A create takes any text as Requestor-ID.',
    caughtBy: ['REF-01'],
    apply: letRequestorPass('create', (field) => !!field),
  },
  {
    name: 'missing-requestor-refused-and-creating',
    sentence: 'A create without a good Requestor-ID is 400, and adds the product.',
    caughtBy: ['REF-01', 'CRE-09'],
    apply: actFirst('create', someone),
  },
  {
    name: 'missing-code-is-wallet',
    sentence: 'A create without productCode makes a wallet.',
    caughtBy: ['REF-03'],
    apply: takeCode((value) => (value === undefined ? 'WALLET' : undefined)),
  },
  {
    name: 'null-code-is-wallet',
    sentence: 'productCode null makes a wallet.',
    caughtBy: ['REF-03'],
    apply: takeCode((value) => (value === null ? 'WALLET' : undefined)),
  },
  {
    name: 'code-of-other-type-is-wallet',
    sentence: 'A productCode that is no text makes a wallet.',
    caughtBy: ['REF-03'],
    apply: takeCode((value) => (value !== undefined && value !== null && typeof value !== 'string' ? 'WALLET' : undefined)),
  },
  {
    name: 'unknown-code-kept',
    sentence: 'A productCode outside the enumeration is taken as it is.',
    caughtBy: ['REF-03', 'SCH-05', 'SCH-07'],
    apply: takeCode((value) => (typeof value === 'string' && value !== '' ? (value as ProductCode) : undefined)),
  },
  {
    name: 'bad-code-refused-and-creating',
    sentence: 'A create with a bad productCode is 400, and adds a wallet.',
    caughtBy: ['REF-03', 'CRE-09'],
    apply: actFirst('create', (call) =>
      isJson(call) && call.body[0] === 0x7b ? { body: Buffer.from('{"productCode":"WALLET"}') } : undefined,
    ),
  },
  {
    name: 'empty-create-is-wallet',
    sentence: 'A create without content makes a wallet.',
    caughtBy: ['REF-04'],
    apply: takeContent('create', (text) => (text.trim() === '' ? '{"productCode":"WALLET"}' : undefined)),
  },
  {
    name: 'cut-off-create-mended',
    sentence: 'The content of a create that is cut off is mended.',
    caughtBy: ['REF-04'],
    apply: takeContent('create', (text) =>
      /"[A-Z_]+"\s*$/.test(text) && text.trimStart().startsWith('{')
        ? `${text}}`
        : /^\s*\{[^}]*$/.test(text)
          ? '{"productCode":"WALLET"}'
          : undefined,
    ),
  },
  {
    name: 'array-create-is-wallet',
    sentence: 'A create with an array makes a wallet.',
    caughtBy: ['REF-04'],
    apply: takeContent('create', (text) => (text.trimStart().startsWith('[') ? '{"productCode":"WALLET"}' : undefined)),
  },
  {
    name: 'create-with-any-scalar',
    sentence: 'A create with a string, a number or null makes a wallet.',
    caughtBy: ['REF-04'],
    apply: takeContent('create', (text) => (/^\s*("|null|-?\d)/.test(text) ? '{"productCode":"WALLET"}' : undefined)),
  },
  {
    name: 'code-by-its-beginning',
    sentence: 'The beginning of a productCode is enough for a create.',
    caughtBy: ['REF-03'],
    effort: 'standard',
    apply: takeCode((value) =>
      typeof value === 'string' && value.length > 3 ? productCodes.find((code) => code.startsWith(value)) : undefined,
    ),
  },
];
