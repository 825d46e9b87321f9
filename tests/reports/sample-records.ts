/** Run records written by hand: one of each verdict, and one of each way to be hard to present. */
import { type RequirementId, rows } from '../../spec/catalogue/index.ts';
import type { Exchange, Step } from '../../spec/journal.ts';
import { type Counts, type Finding, type Report, type RequirementResult, type Verdict, verdicts } from '../../spec/report.ts';
import { levels } from '../../spec/requirement.ts';
import { customer, exchange, otherCustomer, product, productOne, productTwo, target } from './sample-exchanges.ts';

export interface Sample {
  readonly report: Report;
  readonly evidence: ReadonlyMap<string, Exchange>;
}

export type Change = Partial<Pick<RequirementResult, 'verdict' | 'reason' | 'witnesses' | 'findings'>>;

function countsOf(results: readonly RequirementResult[]): Counts {
  const count = (level: string, verdict: Verdict) =>
    results.filter((result) => result.level === level && result.verdict === verdict).length;
  const tally = (level: string) => Object.fromEntries(verdicts.map((verdict) => [verdict, count(level, verdict)]));
  return Object.fromEntries(levels.map((level) => [level, tally(level)])) as Counts;
}

const notApplicable: Change = { verdict: 'not-applicable', reason: 'not built in this version', witnesses: 0 };

/** Every row of the catalogue passes but for `changes`; CON is not applicable. */
export function record(
  changes: Partial<Record<RequirementId, Change>>,
  rest: Partial<Report> = {},
  exchanges: readonly Exchange[] = [],
): Sample {
  const requirements = rows.map(({ id, level, title, source }, index): RequirementResult => {
    const usual: Change = id.startsWith('CON-') ? notApplicable : {};
    return { id, level, title, source, verdict: 'pass', witnesses: 3 + ((index * 37) % 240), findings: [], ...usual, ...changes[id] };
  });
  const report: Report = {
    schemaVersion: 1,
    suite: { name: 'customer-products-conformance', version: '0.1.0' },
    spec: { sha256: '9f2c4b7a'.repeat(8) },
    run: '7f3c0a52-6d1e-4c89-9b0f-2f6a1d0c4e11',
    target,
    profile: {
      target,
      auth: {
        type: 'oauth2',
        tokenUrl: 'http://127.0.0.1:4010/oauth2/token',
        clientId: 'suite',
        clientSecret: '«redacted:client-secret#1»',
      },
      creatable: ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'],
      limits: { concurrency: 16, products: 2000, requests: 20000, bodyBytes: 8388608 },
    },
    selection: { effort: 'standard' },
    readings: {
      'R-OPENING': { taken: 'ACTIVE at once', exchanges: ['1'] },
      'R-AGAIN': { taken: '2xx', exchanges: ['12'] },
      'R-CUSTOMER': { taken: '200 []', exchanges: ['3', '4'] },
      'R-TIME': { taken: 'Z, 3 digits', exchanges: ['2'] },
    },
    seed: 1764201337,
    startedAt: '2026-11-22T12:00:00.000Z',
    durationMs: 4812.5,
    ended: { cause: 'completed', message: 'all campaigns ran' },
    verdict: 'conformant',
    counts: countsOf(requirements),
    requirements,
    exchanges: 2417,
    products: { created: 342, closed: 342, left: [] },
    delays: { opening: { count: 342, p50: 0.4, p95: 1.2, max: 3.1 }, visibility: { count: 684, p50: 0.3, p95: 0.9, max: 2.6 } },
    ...rest,
  };
  return { report, evidence: new Map(exchanges.map((one) => [one.id, one])) };
}

export const conformant = record({
  'TOK-10': { verdict: 'not-applicable', reason: 'the target was never shown to take it', witnesses: 0 },
});

const closeIsLost: readonly Exchange[] = [
  exchange({ id: '40', intent: { operation: 'create', customer, code: 'BALANCE_ACCOUNT' }, answer: { customerProductId: productOne } }),
  exchange({ id: '41', intent: { operation: 'create', customer, code: 'WALLET' }, answer: { customerProductId: productTwo } }),
  exchange({ id: '42', intent: { operation: 'close', product: productOne } }),
  exchange({
    id: '43',
    intent: { operation: 'list', customer, filters: [['status', 'ACTIVE']] },
    answer: [product(productOne, 'CLOSED'), product(productTwo, 'ACTIVE', { productCode: 'WALLET' })],
  }),
];

const closeIsLostSteps: readonly Step[] = [
  { do: 'create', as: 'p1', customer: 'a', code: 'BALANCE_ACCOUNT' },
  { do: 'create', as: 'p2', customer: 'a', code: 'WALLET' },
  { do: 'close', product: 'p1' },
  { do: 'list', customer: 'a', filters: [{ name: 'status', value: 'ACTIVE' }] },
];

const togetherSteps: readonly Step[] = [
  { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' },
  { do: 'wait', ms: 1_200 },
  {
    do: 'together',
    branches: [
      [
        { do: 'close', product: 'p1' },
        { do: 'get', product: 'p1' },
      ],
      [{ do: 'get', product: 'p1' }],
    ],
  },
  { do: 'list', customer: 'a', filters: [{ name: 'iban', of: 'p1' }] },
];

const iban = 'NL91ABNA0417164300';

const together: readonly Exchange[] = [
  exchange({
    id: '60',
    intent: { operation: 'create', customer: otherCustomer, code: 'WALLET' },
    answer: { customerProductId: productTwo },
    at: 3_000,
  }),
  exchange({ id: '61', intent: { operation: 'close', product: productTwo }, at: 4_210, took: 9 }),
  exchange({
    id: '62',
    intent: { operation: 'get', product: productTwo },
    answer: product(productTwo, 'ACTIVE', { accountData: { iban } }),
    at: 4_211,
    took: 4,
  }),
  exchange({
    id: '63',
    intent: { operation: 'get', product: productTwo },
    answer: product(productTwo, 'CLOSED', { closedOn: undefined }),
    at: 4_222,
  }),
  exchange({ id: '64', intent: { operation: 'list', customer: otherCustomer, filters: [['iban', iban]] }, answer: [], at: 4_230 }),
];

const trial = { requirement: 'REF-03', case: 'productCode null', trial: 'REF-03/2' } as const;

const refusal: readonly Exchange[] = [
  exchange({ id: '80', intent: { operation: 'list', customer, probe: { ...trial, role: 'before' } }, answer: [] }),
  exchange({
    id: '81',
    intent: { operation: 'create', customer, probe: { ...trial, role: 'spoiled' } },
    body: '{"productCode":null}',
    answer: { customerProductId: productOne },
  }),
  exchange({
    id: '82',
    intent: { operation: 'list', customer, probe: { ...trial, role: 'after' } },
    answer: [product(productOne, 'ACTIVE')],
  }),
  exchange({
    id: '83',
    intent: { operation: 'create', customer, code: 'WALLET', probe: { ...trial, role: 'control' } },
    failure: { kind: 'timeout', message: 'no whole answer within 10,000 ms' },
  }),
];

export function finding(id: string, message: string, rest: Partial<Finding> = {}): Finding {
  return { id, message, expected: 'what the requirement says', received: 'something else', count: 1, exchanges: [], ...rest };
}

const filterFindings: readonly Finding[] = [
  finding('FLT-03#1', 'The list with status=ACTIVE holds a product that is CLOSED.', {
    expected: 'every product listed with status=ACTIVE has status ACTIVE',
    received: `${productOne} with status CLOSED, closed 1.36 s before`,
    count: 41,
    exchanges: ['42', '43'],
    counterexample: { steps: closeIsLostSteps, exchanges: ['40', '41', '42', '43'] },
  }),
  finding('FLT-03#2', 'The list with status=CLOSED lacks the newest of more than 100 products.', {
    expected: 'all 64 closed products of the customer',
    received: '63 products; missing the one closed last',
    count: 2,
    exchanges: ['43'],
  }),
];

const nonConformantChanges: Partial<Record<RequirementId, Change>> = {
  'FLT-03': { verdict: 'fail', findings: filterFindings },
  'CLS-12': {
    verdict: 'fail',
    findings: [
      finding('CLS-12#1', 'A read shows a product CLOSED without closedOn.', {
        expected: 'status CLOSED together with closedOn, or neither',
        received: 'status CLOSED, no closedOn',
        count: 7,
        exchanges: ['63'],
        counterexample: { steps: togetherSteps, exchanges: together.map(({ id }) => id) },
      }),
    ],
  },
  'REF-03': {
    verdict: 'fail',
    findings: [
      finding('REF-03#1', 'A create with productCode null made a product.', {
        expected: '400 or 422, and no product made',
        received: '200, and a product more in the list',
        exchanges: refusal.map(({ id }) => id),
      }),
    ],
  },
  'FLT-16': {
    verdict: 'warn',
    reason: 'handled differently',
    findings: [finding('FLT-16#1', 'A repeated status parameter was refused once and taken twice.', { count: 3 })],
  },
  'FLT-07': { verdict: 'warn', reason: 'R-CUSTOMER: 200 [] for one empty customer, 404 for another' },
  'MSG-23': { verdict: 'not-applicable', reason: 'the target never showed an ETag', witnesses: 0 },
  'CLS-07': { verdict: 'inconclusive', reason: 'no product was ever seen closed for long enough', witnesses: 0 },
  'CLS-08': { verdict: 'inconclusive', reason: 'no product was ever seen closed for long enough', witnesses: 0 },
  'LIF-01': { verdict: 'inconclusive', reason: 'no product left PENDING', witnesses: 0 },
  'MSG-22': { verdict: 'waived', reason: 'waived until 2026-12-31: the gateway writes its own Date, ticket 4711' },
};

export const nonConformant = record(
  nonConformantChanges,
  { verdict: 'non-conformant', products: { created: 342, closed: 340, left: [productOne, productTwo] } },
  [...closeIsLost, ...together, ...refusal],
);

export const inconclusive = record(
  {
    'SCH-11': { verdict: 'inconclusive', reason: 'no product showed it in 300 reads', witnesses: 0 },
    'CLS-01': { verdict: 'inconclusive', reason: 'no product was ever seen ACTIVE', witnesses: 0 },
    'CLS-03': { verdict: 'inconclusive', reason: 'no product was ever seen ACTIVE', witnesses: 0 },
  },
  { verdict: 'inconclusive' },
);

function only(sample: Sample, area: string): Sample {
  const requirements = sample.report.requirements.filter(({ id }) => id.startsWith(`${area}-`));
  return { ...sample, report: { ...sample.report, requirements, counts: countsOf(requirements) } };
}

export const partial = only(record({}, { verdict: 'partial', selection: { effort: 'quick', only: ['FLT'] } }), 'FLT');

/** Nothing could be looked at: the target was not there. */
export const unreachable = record(
  Object.fromEntries(
    rows.map(({ id }) => [id, { verdict: 'inconclusive', reason: 'the run ended before it could be looked at', witnesses: 0 }]),
  ) as Partial<Record<RequirementId, Change>>,
  {
    verdict: 'inconclusive',
    ended: {
      cause: 'unreachable',
      message: `Expected a connection to ${target}, got ECONNREFUSED 127.0.0.1:4010; start the target or mend the address.`,
    },
    readings: {},
    exchanges: 1,
    durationMs: 38,
    products: { created: 0, closed: 0, left: [] },
    delays: {},
  },
);

/** What a target may put into its answers to harm whoever reads a report of it. */
export const hostileText =
  '</script><script>alert(1)</script><img src=x onerror=alert(2)>" onload="x" \u001b[2J\u001b]0;title\u0007 \u202egnp.exe\u2066 \u0000 \ud800 \u009b31m \ufffe ]]> & \' `id` $(id) %0A::error::\n::stop-commands::x\n##[add-mask]x\r';

const hostileExchange = exchange({
  id: '90',
  intent: { operation: 'list', customer: hostileText, filters: [['status', hostileText]] },
  url: `${target}/customers/${hostileText}/products`,
  answerText: `{"title":"${hostileText}"}`,
  answerHeaders: [['X-Evil', hostileText]],
  status: 400,
});

const failedExchange = exchange({ id: '91', intent: { operation: 'other' }, failure: { kind: 'protocol', message: hostileText } });

const hostileFindings: readonly Finding[] = [
  finding('MSG-13#1', `Message ${hostileText}`, { expected: hostileText, received: hostileText, exchanges: ['90', '91'] }),
  finding('MSG-13#2', `Message ${hostileText}`, {
    counterexample: {
      steps: [
        { do: 'list', customer: 'a', filters: [{ name: hostileText, value: hostileText }] },
        { do: 'probe', probe: hostileText },
      ],
      exchanges: ['90'],
    },
  }),
];

export const hostile = record(
  {
    'MSG-13': { verdict: 'warn', reason: hostileText, findings: hostileFindings },
    'MSG-01': { verdict: 'fail', findings: hostileFindings.map((one) => ({ ...one, id: one.id.replace('13', '01') })) },
    'CLS-01': { verdict: 'inconclusive', reason: hostileText, witnesses: 0 },
    'CLS-02': { verdict: 'not-applicable', reason: hostileText, witnesses: 0 },
    'CLS-03': { verdict: 'waived', reason: hostileText, witnesses: 0 },
  },
  {
    verdict: 'non-conformant',
    target: `http://127.0.0.1/${hostileText}`,
    ended: { cause: 'error', message: hostileText },
    profile: { target: hostileText, [hostileText]: hostileText },
    selection: { effort: 'quick', only: [hostileText] },
    readings: { 'R-OPENING': { taken: hostileText, exchanges: [hostileText] } },
    products: { created: 1, closed: 0, left: [hostileText] },
  },
  [hostileExchange, failedExchange],
);
