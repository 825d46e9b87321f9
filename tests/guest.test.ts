/** What the README says a run will and will not do to a shared system, held against what whole runs really send. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { givenCustomers } from '../reference/variants/customers.ts';
import type { Report } from '../spec/report.ts';
import { run } from './cli/spawned.ts';
import { type Noted, type Recorder, startRecorder } from './recorder.ts';

const folder = mkdtempSync(join(tmpdir(), 'guest '));
const secret = 'the-right-secret-of-this-test';
let recorder: Recorder;
let report: Report;
let noted: readonly Noted[] = [];
let env: Record<string, string> = {};

beforeAll(async () => {
  // Findings of several kinds, so that smaller sequences are looked for too.
  const faults = ['any-secret-will-do', 'iban-ignored', 'close-changes-iban'];
  recorder = await startRecorder({ clientId: 'guest', clientSecret: secret, variants: ['customers-with-a-past'], faults });
  env = { CPC_CLIENT_ID: 'guest', CPC_CLIENT_SECRET: secret, CPC_TOKEN_URL: `${recorder.url}/tokens/here` };
  const dir = join(folder, 'report');
  const customers = givenCustomers.slice(0, 3).flatMap((customer) => ['--customer', customer]);
  const flags = [...customers, '--no-allow-secrets-in-url', '--effort', 'quick', '--seed', '1', '--report-dir', dir];
  const { status, stdout, stderr } = await run([recorder.url, ...flags], { env });
  expect(status, stdout + stderr).toBe(1);
  report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  noted = [...recorder.noted];
}, 120_000);
afterAll(async () => {
  await recorder.close();
  rmSync(folder, { recursive: true, force: true });
});

const isOfApi = ({ path }: Noted): boolean => !path.startsWith('/tokens/');
const writes = (): Noted[] => noted.filter((each) => isOfApi(each) && !['GET', 'HEAD', 'OPTIONS', 'TRACE'].includes(each.method));
const made = (): Set<string> => new Set(report.requirements.length === 0 ? [] : createdIds());
let ids: readonly string[] = [];
const createdIds = (): readonly string[] => {
  if (ids.length > 0) return ids;
  const journal = readFileSync(join(folder, 'report', 'journal.ndjson'), 'utf8')
    .split('\n')
    .filter((line) => line.includes('"type":"exchange"'));
  ids = journal.flatMap((line) => {
    const { request, answer } = JSON.parse(line) as { request: { method: string }; answer?: { status: number; body?: { text?: string } } };
    const [, id] = /"customerProductId":"([^"]+)"/.exec(answer?.body?.text ?? '') ?? [];
    return request.method === 'POST' && answer?.status === 200 && id !== undefined ? [id] : [];
  });
  return ids;
};

test('it finds something, and looks for smaller sequences', () => {
  expect(report.verdict).toBe('non-conformant');
  expect(report.requirements.some(({ findings }) => findings.some(({ counterexample }) => counterexample !== undefined))).toBe(true);
});

test('it writes to its own products, to ids that exist nowhere, and, as creates, to the customers named', async () => {
  const own = made();
  expect(own.size).toBeGreaterThan(20);
  const found = new Set<string>();
  const { tokenUrl, url } = recorder.reference;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: 'guest', client_secret: secret });
  const { access_token: token } = (await (await fetch(tokenUrl, { method: 'POST', body })).json()) as { access_token: string };
  for (const customer of givenCustomers) {
    const answer = await fetch(`${url}/customers/${customer}/products`, { headers: { Authorization: `Bearer ${token}` } });
    const products = (await answer.json()) as { customerProductId: string; status: string }[];
    for (const { customerProductId: id, status } of products) {
      if (!own.has(id)) found.add(id);
      else expect([id, status]).toEqual([id, 'CLOSED']);
    }
  }
  expect(found.size).toBe(6 * 80);
  for (const { method, path } of writes()) {
    const [, product] = /^\/products\/([^/?]+)/.exec(path) ?? [];
    if (product !== undefined) expect([method, found.has(product.toLowerCase())]).toEqual([method, false]);
    const [, customer] = /^\/customers\/([^/?]+)/.exec(path) ?? [];
    if (customer !== undefined && /^[0-9a-f-]{36}$/i.test(customer)) expect(givenCustomers.slice(0, 3)).toContain(customer);
    // No odd method goes to the collection of a customer who is not ours.
    if (customer !== undefined) expect(method).toBe('POST');
  }
  expect(report.products.left).toEqual([]);
});

test('it tries one wrong client secret', () => {
  const wrong = noted.filter((each) => {
    if (isOfApi(each)) return false;
    const given = new URLSearchParams(each.body).get('client_secret');
    const [, basic] = /^Basic (.+)$/i.exec(String(each.headers.authorization ?? '')) ?? [];
    const [name, password] = basic === undefined ? [] : Buffer.from(basic, 'base64').toString().split(':').map(decodeURIComponent);
    const client = name ?? new URLSearchParams(each.body).get('client_id') ?? 'guest';
    return client === 'guest' && [given, password].some((one) => one !== null && one !== undefined && one !== '' && one !== secret);
  });
  expect(wrong.map(({ body, headers }) => `${body} ${headers.authorization ?? ''}`)).toEqual([expect.any(String)]);
});

test('it puts no credentials into a URL where they are not allowed', () => {
  expect(noted.filter(({ path }) => /[?&](?:access_token|client_secret)=/.test(path))).toEqual([]);
});

test('each request says whose it is', () => {
  const agent = `customer-products-conformance/${report.suite.version} (run ${report.run})`;
  for (const { headers, path } of noted.filter(({ status }) => status !== 0)) expect([path, headers['user-agent']]).toEqual([path, agent]);
  for (const { headers, path } of noted.filter(isOfApi))
    expect([path, headers.traceparent]).toEqual([path, expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/)]);
});

test('--plan sends nothing', async () => {
  const before = recorder.noted.length;
  const { status, stdout } = await run([recorder.url, '--plan'], { env });
  expect(status).toBe(0);
  expect(stdout).toContain('Nothing was sent.');
  expect(recorder.noted).toHaveLength(before);
});
