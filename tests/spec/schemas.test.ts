import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readings, rows } from '../../spec/catalogue/index.ts';
import type { Answer, Body, EndCause, Exchange, FailureKind, Intent, JournalLine, ProbeRole, Selection, Step } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import { type Counts, type Finding, type Report, type RequirementResult, type RunVerdict, verdicts } from '../../spec/report.ts';
import { areas, levels } from '../../spec/requirement.ts';
import { operations } from '../../spec/values.ts';
import { keyNames, keyOf } from '../../target/settings-keys.ts';

/** A record with every member that its type has, so that a new member of a type has to be added here, and then to the schema. */
type Whole<T> = { [K in keyof T]-?: Exclude<T[K], undefined> };

/** All words of a union of words. */
const words = <T extends string>(all: Readonly<Record<T, true>>): readonly T[] => Object.keys(all) as T[];

interface JsonSchema {
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly default?: unknown;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly oneOf?: readonly JsonSchema[];
  readonly anyOf?: readonly JsonSchema[];
  readonly additionalProperties?: unknown;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
}

const read = (name: string): JsonSchema => JSON.parse(readFileSync(new URL(`../../spec/${name}.schema.json`, import.meta.url), 'utf8'));

const schemas = { report: read('report'), journal: read('journal'), profile: read('profile') };
const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
const accepts = {
  report: ajv.compile(schemas.report),
  journal: ajv.compile(schemas.journal),
  profile: ajv.compile(schemas.profile),
};

function mistakes(name: keyof typeof accepts, value: unknown): readonly string[] {
  const validate = accepts[name];
  return validate(JSON.parse(JSON.stringify(value)))
    ? []
    : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

const sha256 = 'ab'.repeat(32);
const causes = words<EndCause>({ completed: true, usage: true, unreachable: true, interrupted: true, terminated: true, error: true });

const selection: Whole<Selection> = {
  only: ['FLT', 'CLS-01'],
  shard: { index: 1, of: 3 },
  effort: 'quick',
  readOnly: true,
  insecure: true,
  embedded: true,
  failOn: ['fail'],
};

const steps: readonly Step[] = [
  { do: 'create', as: 'p1', customer: 'a', code: 'WALLET' },
  {
    do: 'list',
    customer: 'a',
    filters: [
      { name: 'status', value: 'ACTIVE' },
      { name: 'iban', of: 'p1' },
    ],
  },
  { do: 'get', product: 'p1' },
  { do: 'get', product: 'p1', until: 'ACTIVE' },
  { do: 'wait', ms: 1200.5 },
  { do: 'probe', probe: 'create without productCode', customer: 'a', product: 'p1' },
  { do: 'together', branches: [[{ do: 'close', product: 'p1' }], [{ do: 'together', branches: [] }]] },
];

describe('report.schema.json', () => {
  const finding: Whole<Finding> = {
    id: 'FLT-04#1',
    message: 'A product is missing.',
    expected: 'p1',
    received: 'nothing',
    count: 3,
    exchanges: ['1', '2'],
    counterexample: { steps, exchanges: ['7'], shown: { times: 3, of: 10 } },
  };
  const requirement: Whole<RequirementResult> = {
    id: 'FLT-04',
    level: 'MUST',
    title: 'A title.',
    source: 'DOC',
    verdict: 'waived',
    reason: 'known',
    witnesses: 2,
    findings: [finding],
  };
  const ofLevel = { pass: 1, fail: 0, warn: 0, inconclusive: 0, 'not-applicable': 0, waived: 0 };
  const counts: Counts = { MUST: ofLevel, SHOULD: ofLevel, MAY: ofLevel };
  const delay = { count: 3, p50: 1.5, p95: 2, max: 2.25 };
  const report: Whole<Report> = {
    schemaVersion: 1,
    suite: { name: 'customer-products-conformance', version: '0.1.0' },
    spec: { sha256 },
    run: 'r1',
    target: 'http://127.0.0.1:8080',
    profile: { target: 'http://127.0.0.1:8080' },
    selection,
    readings: { 'R-401': { taken: '401', exchanges: ['3'] } },
    seed: 0,
    startedAt: '2026-11-22T10:11:12.123Z',
    durationMs: 12.5,
    ended: { cause: 'completed', message: 'All campaigns ended.' },
    verdict: 'conformant',
    counts,
    requirements: [requirement],
    exchanges: 2100,
    products: { created: 2, closed: 1, left: ['x'] },
    delays: { opening: delay, closing: delay, visibility: delay },
  };

  it('takes a report with everything in it', () => {
    expect(mistakes('report', report)).toEqual([]);
  });

  it('takes a report of each verdict, cause, requirement, level and reading', () => {
    const runVerdicts = words<RunVerdict>({ conformant: true, 'non-conformant': true, inconclusive: true, partial: true });
    for (const verdict of runVerdicts) expect(mistakes('report', { ...report, verdict })).toEqual([]);
    for (const cause of causes) expect(mistakes('report', { ...report, ended: { cause, message: '' } })).toEqual([]);
    const requirements = rows.map(({ id, level, title, source }) => ({ ...requirement, id, level, title, source }));
    expect(mistakes('report', { ...report, requirements })).toEqual([]);
    expect(
      mistakes('report', { ...report, readings: Object.fromEntries(readings.map(({ id }) => [id, report.readings['R-401']])) }),
    ).toEqual([]);
    const { requirement: schema, countsOfLevel } = schemas.report.$defs ?? {};
    expect(schema?.properties?.verdict?.enum).toEqual(verdicts);
    expect(Object.keys(countsOfLevel?.properties ?? {})).toEqual(verdicts);
    expect(schema?.properties?.level?.enum).toEqual(levels);
  });

  it('refuses a verdict without its reason, an unknown member, and a report that lacks one', () => {
    const { reason, ...withoutReason } = requirement;
    expect(reason).toBe('known');
    expect(mistakes('report', { ...report, requirements: [withoutReason] })).not.toEqual([]);
    expect(mistakes('report', { ...report, requirements: [{ ...withoutReason, verdict: 'pass' }] })).toEqual([]);
    expect(mistakes('report', { ...report, extra: 1 })).not.toEqual([]);
    for (const name of Object.keys(report)) expect(mistakes('report', { ...report, [name]: undefined }), name).not.toEqual([]);
  });
});

describe('journal.schema.json', () => {
  const intent: Whole<Intent> = {
    operation: 'list',
    customer: 'c',
    product: 'p',
    code: 'WALLET',
    filters: [
      ['status', 'ACTIVE'],
      ['page', '1'],
    ],
    probe: { requirement: 'REF-03', case: 'productCode null', trial: 't1', role: 'spoiled' },
    cleanup: true,
  };
  const body: Body = { text: 'a', octets: 1, sha256, cutOff: true };
  const answer: Whole<Answer> = {
    status: 200,
    headers: [['Date', 'x']],
    body,
    wire: { contentOctets: 1, closed: false, surplusOctets: 0 },
  };
  const exchange: Omit<Whole<Exchange>, 'failure'> = {
    type: 'exchange',
    id: '57',
    campaign: 'filters',
    intent,
    sentAt: 1.234567,
    receivedAt: 2,
    connection: 1,
    request: {
      method: 'GET',
      url: 'http://127.0.0.1/',
      headers: [['Accept', 'application/json']],
      body: { base64: '/w==', octets: 1, sha256 },
    },
    answer,
  };
  const lines: Readonly<Record<JournalLine['type'], JournalLine>> = {
    run: {
      type: 'run',
      journalVersion: 1,
      run: 'r1',
      suite: { name: 'customer-products-conformance', version: '0.1.0' },
      spec: { sha256 },
      profile: {},
      selection,
      seed: 7,
      startedAt: '2026-11-22T10:11:12.123Z',
    },
    ground: { type: 'ground', customer: 'c', exclusive: true, invented: false },
    campaign: { type: 'campaign', campaign: 'filters', event: 'skipped', at: 0, witnesses: ['FLT-01'], reason: 'read-only' },
    sent: {
      type: 'sent',
      id: '56',
      campaign: 'filters',
      intent: { operation: 'close', product: 'p' },
      sentAt: 1,
      method: 'PATCH',
      url: 'http://127.0.0.1/',
    },
    exchange,
    counterexample: {
      type: 'counterexample',
      requirement: 'FLT-01',
      cause: 'status',
      steps,
      exchanges: ['57'],
      shown: { times: 0, of: 10 },
    },
    end: { type: 'end', cause: 'completed', message: '', at: 9, products: { created: 1, closed: 1, left: [] } },
  };

  it.each(Object.values(lines))('takes a line of type $type, and no other member in it', (line) => {
    expect(mistakes('journal', line)).toEqual([]);
    expect(mistakes('journal', { ...line, extra: 1 })).not.toEqual([]);
    expect(mistakes('journal', { ...line, type: 'other' })).not.toEqual([]);
  });

  it('has a schema for each type of line, named for it', () => {
    expect(schemas.journal.properties?.type?.enum?.toSorted()).toEqual(Object.keys(lines).toSorted());
    expect(schemas.journal.oneOf).toHaveLength(Object.keys(lines).length);
    for (const [type, line] of Object.entries(lines)) {
      expect(schemas.journal.$defs?.[`${type}Line`]?.properties?.type?.const).toBe(line.type);
      expect(Object.keys(schemas.journal.$defs?.[`${type}Line`]?.properties ?? {}).filter((name) => name !== 'failure')).toEqual(
        Object.keys(line),
      );
    }
  });

  it('takes every operation, role, kind of failure, event and cause', () => {
    for (const operation of [...operations, 'token', 'other'])
      expect(mistakes('journal', { ...exchange, intent: { operation } })).toEqual([]);
    const roles = words<ProbeRole>({ before: true, spoiled: true, spelling: true, odd: true, after: true, control: true });
    for (const role of roles)
      expect(mistakes('journal', { ...exchange, intent: { ...intent, probe: { ...intent.probe, role } } })).toEqual([]);
    const kinds = words<FailureKind>({
      refused: true,
      dns: true,
      timeout: true,
      cut: true,
      protocol: true,
      tls: true,
      size: true,
      aborted: true,
    });
    for (const kind of kinds) {
      expect(mistakes('journal', { ...exchange, answer: undefined, failure: { kind, message: 'x' } })).toEqual([]);
    }
    for (const cause of causes) expect(mistakes('journal', { ...lines.end, cause })).toEqual([]);
  });

  it('refuses an exchange with both answer and failure, or neither, and a body without content', () => {
    expect(mistakes('journal', { ...exchange, failure: { kind: 'cut', message: 'x' } })).not.toEqual([]);
    expect(mistakes('journal', { ...exchange, answer: undefined })).not.toEqual([]);
    expect(mistakes('journal', { ...exchange, answer: { ...answer, body: { octets: 1, sha256 } } })).not.toEqual([]);
    expect(mistakes('journal', { ...exchange, answer: { ...answer, body: { ...body, base64: '' } } })).not.toEqual([]);
  });

  it('says the same of what a report repeats', () => {
    for (const name of ['step', 'selection', 'suite', 'spec', 'products', 'endCause', 'exchangeId', 'requirementId']) {
      expect(schemas.journal.$defs?.[name], name).toEqual(schemas.report.$defs?.[name]);
    }
  });

  it('knows the areas of the catalogue', () => {
    expect(JSON.stringify(schemas.report.$defs?.requirementId)).toContain(`^(${areas.join('|')})-`);
  });
});

describe('profile.schema.json', () => {
  const profile = {
    target: 'https://api.example.com/v1',
    auth: {
      type: 'oauth2',
      tokenUrl: 'https://login.example.com/oauth2/token',
      clientId: 'suite',
      clientSecret: { env: 'SECRET' },
      scope: 'products',
      token: { env: 'TOKEN' },
      clientAuthentication: 'client_secret_basic',
      other: { clientId: 'second', clientSecret: { env: 'OTHER_SECRET' } },
    },
    customers: [
      {
        customerId: '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
        requestorId: '0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9',
        iban: 'AT611904300234573201',
        exclusive: true,
      },
    ],
    requestorId: { env: 'REQUESTOR' },
    creatable: ['WALLET'],
    openProductsPerCode: 1,
    settleMs: 0,
    clockToleranceMs: 250,
    limits: { requestsPerSecond: 0.5, concurrency: 8, products: 400, requests: 5000, bodyBytes: 8_388_608 },
    timeouts: { requestMs: 10_000 },
    keepAlive: false,
    redact: ['X-Person'],
    allowSecretsInUrl: false,
    tls: { ca: 'ca.pem', cert: 'client.pem', key: 'client.key', passphrase: { env: 'PASSPHRASE' } },
    headers: { 'X-Tenant': 'one' },
    values: { productCode: ['CARD'], productType: ['CARD'], status: ['FROZEN'] },
    waivers: [{ requirement: 'FLT-04', reason: 'known', until: '2026-12-31' }],
  };

  it('takes a profile with every key of the table', () => {
    expect(mistakes('profile', profile)).toEqual([]);
    expect(mistakes('profile', {})).toEqual([]);
    expect(Object.keys(schemas.profile.properties ?? {})).toEqual(Object.keys(profile));
  });

  it('has the keys that the profile of a run has', () => {
    const keys = words<keyof Whole<Profile>>({
      target: true,
      auth: true,
      customers: true,
      requestorId: true,
      creatable: true,
      openProductsPerCode: true,
      settleMs: true,
      clockToleranceMs: true,
      limits: true,
      timeouts: true,
      keepAlive: true,
      redact: true,
      allowSecretsInUrl: true,
      tls: true,
      headers: true,
      values: true,
      waivers: true,
    });
    expect(Object.keys(schemas.profile.properties ?? {})).toEqual(keys);
  });

  it('has the keys that the settings read, with their defaults', () => {
    const paths = function* (schema: JsonSchema, before = ''): Generator<readonly [string, JsonSchema]> {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (property.properties) yield* paths(property, `${before}${name}.`);
        else yield [before + name, property];
      }
    };
    const described = new Map(paths(schemas.profile));
    const read = keyNames.filter((name) => keyOf(name).scope === 'profile');
    expect([...described.keys()].toSorted()).toEqual(read.toSorted());
    for (const name of read) {
      const { loopback, elsewhere } = keyOf(name).fallback ?? {};
      if (loopback === elsewhere && loopback !== undefined) expect(described.get(name)?.default, name).toEqual(loopback);
    }
  });

  it('takes the name of a variable for any single value', () => {
    const reference = { env: 'NAME' };
    expect(
      mistakes('profile', { target: reference, settleMs: reference, keepAlive: reference, limits: { concurrency: reference } }),
    ).toEqual([]);
    expect(mistakes('profile', { target: { env: 'NAME', or: 1 } })).not.toEqual([]);
    expect(mistakes('profile', { limits: reference })).not.toEqual([]);
  });

  it.each([
    { targets: 'https://api.example.com' },
    { target: 'api.example.com' },
    { auth: { type: 'basic' } },
    { auth: { secret: 'x' } },
    { auth: { token: 'Bearer x' } },
    { customers: [] },
    { customers: [{ requestorId: '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9' }] },
    { customers: [{ customerId: 'not-a-uuid' }] },
    { settleMs: -1 },
    { settleMs: '250' },
    { openProductsPerCode: 0 },
    { limits: { concurrency: 1.5 } },
    { limits: { requestsPerSecond: 0 } },
    { keepAlive: 'yes' },
    { headers: { 'X Tenant': 'one' } },
    { waivers: [{ requirement: 'FLT-04', reason: 'known' }] },
    { waivers: [{ requirement: 'FLT-04', reason: 'known', until: 'soon' }] },
  ])('refuses %j', (wrong) => {
    expect(mistakes('profile', wrong)).not.toEqual([]);
  });

  it('describes every key for editors, and says its default', () => {
    const undescribed = function* (schema: JsonSchema, path: string): Generator<string> {
      for (const [name, property] of Object.entries(schema.properties ?? {})) {
        if (!property.description) yield `${path}${name}`;
        yield* undescribed(property, `${path}${name}.`);
        yield* undescribed(property.items ?? {}, `${path}${name}[].`);
      }
    };
    expect([...undescribed(schemas.profile, '')]).toEqual([]);
    expect(schemas.profile.properties?.clockToleranceMs?.default).toBe(250);
    expect(schemas.profile.properties?.timeouts?.properties?.requestMs?.default).toBe(10_000);
  });
});
