import { describe, expect, it } from 'vitest';
import { areaOf, type RequirementId, rows } from '../../spec/catalogue/index.ts';
import { experiments, rehearse } from './rehearsal.ts';

const probed = new Set<string>([
  ...['CRE-07', 'LST-06', 'LST-08', 'LST-10', 'LST-11', 'FLT-12', 'FLT-13', 'FLT-16', 'FLT-17', 'CLS-09', 'CLS-10', 'CLS-11', 'OWN-03'],
]);
const ours = rows.filter(({ id }) => ['MSG', 'TOK', 'AUT', 'SCH', 'REF'].includes(areaOf(id)) || probed.has(id));

/** What the plain reference gives no occasion for: no Retry-After, no entity tag, no limit, long-lived tokens, on loopback. */
const never: readonly RequirementId[] = ['MSG-15', 'MSG-18', 'MSG-23', 'TOK-18', 'AUT-10', 'AUT-15', 'REF-11'];

describe('against the reference implementation', () => {
  for (const effort of ['quick', 'standard'] as const)
    it(`every row has its witness and none is remarked on, at ${effort} effort`, async () => {
      const { remarks, accounts, exchanges, products } = await rehearse(experiments, { effort });
      expect(remarks).toEqual([]);
      expect(ours.filter(({ id }) => accounts.get(id)!.witnesses === 0).map(({ id }) => id)).toEqual(never);
      expect(exchanges.length).toBeLessThanOrEqual(effort === 'quick' ? 570 : 900);
      expect(products).toBeLessThanOrEqual(110);
    });

  it('entity tags, short tokens and limits get their witnesses where the target has them', async () => {
    const witnessed = async (variant: string, id: RequirementId) => {
      const { accounts, remarks } = await rehearse(experiments, {
        effort: 'quick',
        reference: { variants: [variant] },
        only: ({ witnesses }) => witnesses.includes(id),
      });
      return { remarks, seen: accounts.get(id)!.witnesses > 0 };
    };
    expect(await witnessed('honest-etags', 'MSG-23')).toEqual({ remarks: [], seen: true });
    expect(await witnessed('short-tokens', 'AUT-10')).toEqual({ remarks: [], seen: true });
    expect(await witnessed('one-open-product-per-code', 'REF-11')).toEqual({ remarks: [], seen: true });
  });

  it('where nothing may be written only reads are sent, and they bear witness all the same', async () => {
    const { exchanges, accounts, remarks } = await rehearse(experiments, {
      effort: 'quick',
      readOnly: true,
      reference: { variants: ['customers-with-a-past'] },
    });
    const writes = exchanges.filter(({ intent, request }) => intent.operation !== 'token' && !['GET', 'HEAD'].includes(request.method));
    expect(writes).toEqual([]);
    expect(remarks).toEqual([]);
    for (const id of ['AUT-01', 'AUT-03', 'FLT-12', 'FLT-13', 'LST-06', 'MSG-04', 'REF-10'] as const)
      expect([id, accounts.get(id)!.witnesses > 0]).toEqual([id, true]);
  });

  it('no requirement of ours is without a campaign that names it', async () => {
    const named = new Set<RequirementId>();
    await rehearse(experiments, {
      only: ({ witnesses }) => {
        for (const id of witnesses) named.add(id);
        return false;
      },
    });
    const traffic = /^(MSG-0[1-35]|MSG-14|MSG-15|MSG-22|MSG-24|SCH-(0\d|1[0-47]|16|17))$/;
    expect(ours.filter(({ id }) => !named.has(id) && !traffic.test(id)).map(({ id }) => id)).toEqual([]);
  });
});

/** One fault of each kind of experiment: told by the row it is about. */
const faults: readonly (readonly [fault: string, row: RequirementId, campaign: RegExp])[] = [
  ['put-closes', 'MSG-08', /other methods on a product/],
  ['post-on-product-touches-it', 'MSG-08', /other methods on a product/],
  ['delete-on-list-closes-all', 'MSG-08', /other methods on the list/],
  ['options-closes', 'MSG-08', /other methods on a product/],
  ['options-on-list-closes-all', 'MSG-08', /other methods on the list/],
  ['head-with-length-nought', 'MSG-04', /HEAD/],
  ['unread-content-is-answered-too', 'MSG-18', /before the content/],
  ['chunked-content-is-empty', 'MSG-19', /in chunks/],
  ['media-type-with-case', 'MSG-20', /spelled otherwise/],
  ['etag-blind-to-closes', 'MSG-23', /entity tags/],
  ['query-not-decoded', 'MSG-25', /odd queries/],
  ['any-secret-will-do', 'TOK-05', /clients that are none|grant types/],
  ['new-token-ends-the-old', 'TOK-13', /tokens in parallel/],
  ['token-compared-by-first-half', 'AUT-09', /one character changed/],
  ['refused-create-creates', 'AUT-02', /create without a token/],
  ['refusal-shows-product', 'AUT-17', /refusals show|get without a token/],
  ['close-without-requestor-closes-later', 'REF-02', /looked at later/],
  ['bad-status-refused-and-closing', 'CLS-10', /CLS-10/],
  ['refused-close-moves-modified-on', 'CLS-11', /REF-05 by close/],
  ['closed-product-set-active', 'CLS-10', /closed product/],
  ['limit-refused-and-adding', 'REF-11', /beyond a limit/],
  ['other-client-sees', 'OWN-03', /second client/],
  ['token-with-something-after-it', 'AUT-08', /close with an invented token/],
  ['closing-again-with-any-token', 'AUT-08', /get with an invented token/],
  ['opened-on-taken-from-body', 'CRE-07', /foreign members/],
];

/** Of those that `quick` leaves out. */
const furtherFaults: typeof faults = [
  ['put-reopens-the-closed', 'MSG-08', /other methods on a product/],
  ['delete-purges-the-closed', 'MSG-08', /other methods on a product/],
  ['token-of-a-create-compared-by-its-ends', 'AUT-09', /one character changed/],
  ['any-scheme-taken-on-close', 'AUT-11', /another scheme/],
  ['filtered-list-without-token', 'AUT-01', /list without a token/],
  ['unknown-status-ignored-beside-another', 'FLT-12', /values that are none/],
  ['product-type-takes-a-code', 'FLT-12', /values that are none/],
  ['depository-by-its-beginning', 'FLT-13', /values that are none/],
];

describe('against the reference with a fault', () => {
  for (const [fault, row, campaign] of [...faults, ...furtherFaults])
    it(`${row} tells of ${fault}`, async () => {
      const { accounts } = await rehearse(experiments, {
        effort: furtherFaults.some(([name]) => name === fault) ? 'standard' : 'quick',
        reference: { faults: [fault] },
        only: ({ name }) => campaign.test(name),
      });
      expect([...accounts.get(row)!.entries.values()].map(({ severity }) => severity)).toContain('violated');
    });
});
