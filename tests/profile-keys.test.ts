/** Every key of the profile, from the file to what it does: each proof would fail were its key ignored. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeLines } from '../judge/offline.ts';
import type { Exchange, JournalLine, RunLine, Selection } from '../spec/journal.ts';
import type { Report } from '../spec/report.ts';
import { conduct } from '../suites/conduct.ts';
import { quiet } from '../suites/quiet.ts';
import { readJournal } from '../target/journal.ts';
import { resolveSettings } from '../target/settings.ts';
import { keyNames, keyOf } from '../target/settings-keys.ts';
import { type Noted, type Recorder, startRecorder } from './recorder.ts';
import { certificate, certificateKey } from './target/certificate.ts';

const [one = '', two = ''] = ['0c5fa1b2-7d3e-4a6f-8b9c-000000000001', '0c5fa1b2-7d3e-4a6f-8b9c-000000000002'];
const requestors = { usual: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d', own: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6e' };
const iban = 'DE02120300000000202051';

interface Performed {
  readonly report: Report;
  readonly lines: readonly JournalLine[];
  readonly exchanges: readonly Exchange[];
}

const folder = mkdtempSync(join(tmpdir(), 'profile keys '));
const closing: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
afterAll(async () => {
  for (const close of closing.reverse()) await close();
});

let runs = 0;
async function perform(document: object, selection: Partial<Selection> = {}): Promise<Performed> {
  const path = join(folder, `profile-${++runs}.json`);
  writeFileSync(path, JSON.stringify(document));
  const readFile = (file: string): string => readFileSync(file, 'utf8');
  const resolved = await resolveSettings({ flags: { profile: [path] }, env: { SECRET: 'a-secret-of-this-test' }, cwd: folder, readFile });
  if ('mistakes' in resolved) throw new Error(JSON.stringify(resolved.mistakes));
  const reportDir = join(folder, `report-${runs}`);
  const { report } = await conduct({
    profile: resolved.settings.profile,
    selection: { effort: 'quick', ...selection },
    seed: 1,
    reportDir,
    reporters: ['json'],
    progress: quiet,
    signal: new AbortController().signal,
  });
  const lines: JournalLine[] = [];
  for await (const line of readJournal(join(reportDir, 'journal.ndjson'))) lines.push(line);
  return { report, lines, exchanges: lines.filter((line): line is Exchange => line.type === 'exchange') };
}

const start = async (options: Parameters<typeof startRecorder>[0]): Promise<Recorder> => {
  const recorder = await startRecorder({ clientId: 'the client', clientSecret: 'a-secret-of-this-test', ...options });
  closing.push(recorder.close);
  return recorder;
};
const isOfApi = ({ path }: Noted): boolean => !path.startsWith('/tokens/');
const inUrl = /[?&](?:access_token|client_secret)=/;

/** A full run under most keys. */
let full: Performed;
let fullNoted: readonly Noted[] = [];
/** A run with a ready token, under the other value of several keys. */
let plain: Performed;
let plainNoted: readonly Noted[] = [];
/** A run that its limits end. */
let limited: Performed;
let limitedNoted: readonly Noted[] = [];

beforeAll(async () => {
  const first = await start({ variants: ['customers-with-a-past'] });
  const { other } = first.reference;
  full = await perform({
    target: first.url,
    auth: {
      tokenUrl: `${first.url}/tokens/here`,
      clientId: 'the client',
      clientSecret: { env: 'SECRET' },
      clientAuthentication: 'client_secret_basic',
      scope: 'some scope',
      token: 'not-used',
      other,
    },
    customers: [
      { customerId: one, exclusive: true, requestorId: requestors.own },
      { customerId: two, iban },
    ],
    requestorId: requestors.usual,
    creatable: ['WALLET', 'BALANCE_ACCOUNT'],
    limits: { concurrency: 3 },
    keepAlive: false,
    headers: { 'X-Tenant': 'tenant-7' },
    redact: ['bic'],
    allowSecretsInUrl: false,
  });
  fullNoted = first.noted;

  const second = await start({ variants: ['customers-with-a-past'] });
  const { clientId, clientSecret, url, tokenUrl } = second.reference;
  const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  const { access_token: token } = (await (await fetch(tokenUrl, { method: 'POST', body })).json()) as { access_token: string };
  expect(url).not.toBe(second.url);
  plain = await perform(
    {
      target: second.url,
      auth: { type: 'bearer', token, clientId, clientSecret, tokenUrl: `${second.url}/tokens/here` },
      customers: [{ customerId: one }],
      limits: { bodyBytes: 2_048 },
    },
    { only: ['AUT-15', 'SCH-01'] },
  );
  plainNoted = second.noted;

  const third = await start({});
  limited = await perform({
    target: third.url,
    auth: { tokenUrl: `${third.url}/tokens/here`, clientId: 'the client', clientSecret: 'a-secret-of-this-test' },
    limits: { products: 12, requests: 130, requestsPerSecond: 60 },
  });
  limitedNoted = third.noted;
}, 120_000);

const creates = (noted: readonly Noted[]): Noted[] =>
  noted.filter(({ method, status }) => method === 'POST' && status === 200).filter(isOfApi);
const tokenRequests = (noted: readonly Noted[]): Noted[] => noted.filter((each) => !isOfApi(each));
const basic = ({ headers }: Noted): string => Buffer.from(String(headers.authorization).slice('Basic '.length), 'base64').toString();

/** The verdict of a row when the record of a run is judged under another profile, after a change to what was recorded. */
async function judgedWith(change: (lines: readonly JournalLine[]) => readonly JournalLine[], profile: object, id: string): Promise<string> {
  const lines = change(full.lines).map((line) =>
    line.type === 'run' ? ({ ...line, profile: { ...line.profile, ...profile } } as RunLine) : line,
  );
  const { report } = await judgeLines([{ name: 'journal', open: () => lines }]);
  return report.requirements.find((each) => each.id === id)?.verdict ?? 'none';
}

/** Every answer about the last product that the run made, closed and got in the ordinary way, with a member changed. */
const changeGets = (write: (text: string) => string) => (lines: readonly JournalLine[]) => {
  const made = full.exchanges.flatMap(({ intent, answer }) =>
    intent.operation === 'create' && answer?.status === 200
      ? (/"customerProductId":"([^"]+)"/.exec(answer.body?.text ?? '')?.[1] ?? [])
      : [],
  );
  const got = full.exchanges.flatMap(({ intent, answer }) =>
    intent.operation === 'get' && intent.probe === undefined && answer?.status === 200 && answer.body?.text?.includes('"CLOSED"') === true
      ? [intent.product]
      : [],
  );
  const closed = full.exchanges.flatMap(({ intent, answer }) =>
    intent.operation === 'close' && intent.probe === undefined && answer?.status === 200 ? [intent.product] : [],
  );
  const id = made.findLast((each) => got.includes(each) && closed.includes(each));
  let changed = 0;
  const result = lines.map((line) => {
    if (line.type !== 'exchange' || line.answer?.body?.text === undefined || !line.answer.body.text.includes(String(id))) return line;
    const parts = line.answer.body.text.split(/(?=\{"customerProductId")/);
    const text = parts.map((part) => (part.includes(String(id)) ? write(part) : part)).join('');
    if (text !== line.answer.body.text) changed += 1;
    return { ...line, answer: { ...line.answer, body: { ...line.answer.body, text } } };
  });
  expect(changed).toBeGreaterThan(0);
  return result;
};

const valueIs = (key: 'productCode' | 'productType' | 'status', own: RegExp) => async (): Promise<void> => {
  const change = changeGets((text) => text.replace(own, `"${key}":"NEW_ONE"`));
  const none = { productCode: [], productType: [], status: [] };
  expect(await judgedWith(change, { values: none }, 'SCH-07')).toBe('fail');
  expect(await judgedWith(change, { values: { ...none, [key]: ['NEW_ONE'] } }, 'SCH-07')).not.toBe('fail');
};

/** A target over TLS that wants to know who calls. */
async function mutual(): Promise<{ readonly url: string; readonly callers: readonly boolean[] }> {
  const recorder = await start({});
  const { port } = new URL(recorder.url);
  const callers: boolean[] = [];
  const front = createTlsServer({ cert: certificate, key: certificateKey, ca: certificate, requestCert: true }, (socket) => {
    callers.push(socket.authorized);
    const onward = connect(Number(port), '127.0.0.1');
    socket.on('error', () => onward.destroy());
    onward.on('error', () => socket.destroy());
    socket.pipe(onward).pipe(socket);
  });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  closing.push(() => void front.close());
  return { url: `https://localhost:${(front.address() as AddressInfo).port}`, callers };
}

async function provesTls(): Promise<void> {
  const { url, callers } = await mutual();
  const passphrase = 'open sesame';
  writeFileSync(join(folder, 'cert.pem'), certificate);
  const key = createPrivateKey(certificateKey).export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase });
  writeFileSync(join(folder, 'key.pem'), key);
  const tls = { ca: 'cert.pem', cert: 'cert.pem', key: 'key.pem', passphrase };
  const auth = { tokenUrl: `${url}/tokens/here`, clientId: 'the client', clientSecret: { env: 'SECRET' } };
  const { report } = await perform({ target: url, auth, tls }, { only: ['SCH-01'] });
  expect(report.ended.cause).toBe('completed');
  expect(callers.length).toBeGreaterThan(0);
  expect(callers).not.toContain(false);
}
let tlsProof: Promise<void> | undefined;
const tls = (): Promise<void> => (tlsProof ??= provesTls());

const proofs: Readonly<Record<string, () => void | Promise<void>>> = {
  target: () => expect(fullNoted.length).toBeGreaterThan(100),
  'auth.type': () => expect(tokenRequests(plainNoted)).toEqual([]),
  'auth.tokenUrl': () => expect(tokenRequests(fullNoted).every(({ path }) => path.startsWith('/tokens/here'))).toBe(true),
  'auth.clientId': () => expect(tokenRequests(fullNoted).some((each) => /^the[+ ]client:|^the%20client:/.test(basic(each)))).toBe(true),
  'auth.clientSecret': () => expect(tokenRequests(fullNoted).some((each) => basic(each).endsWith(':a-secret-of-this-test'))).toBe(true),
  'auth.scope': () => expect(tokenRequests(fullNoted)[0]?.body).toContain('scope=some+scope'),
  'auth.token': () =>
    expect(plain.exchanges.some(({ answer, intent }) => intent.operation === 'list' && answer?.status === 200)).toBe(true),
  'auth.clientAuthentication': () => {
    expect(tokenRequests(fullNoted)[0]?.headers.authorization).toMatch(/^Basic /);
    expect(tokenRequests(limitedNoted)[0]?.body).toContain('client_secret=');
  },
  'auth.other.clientId': () => expect(full.report.requirements.find(({ id }) => id === 'OWN-03')?.verdict).toBe('pass'),
  'auth.other.clientSecret': () => expect(full.report.requirements.find(({ id }) => id === 'OWN-03')?.verdict).toBe('pass'),
  customers: () => {
    const used = new Set(creates(fullNoted).map(({ path }) => path.split('/')[2]));
    expect(used).toEqual(new Set([one, two]));
    const grounds = full.lines.filter((line) => line.type === 'ground');
    expect(grounds.map(({ customer, exclusive }) => [customer, exclusive]).toSorted()).toEqual([
      [one, true],
      [two, false],
    ]);
    const own = new Set(creates(fullNoted).flatMap(({ path, headers }) => (path.includes(one) ? [headers['requestor-id']] : [])));
    expect(own).toEqual(new Set([requestors.own]));
    const run = full.lines[0] as RunLine;
    expect(JSON.stringify(run.profile.customers)).toContain('«iban#');
  },
  requestorId: () => {
    const usual = new Set(creates(fullNoted).flatMap(({ path, headers }) => (path.includes(two) ? [headers['requestor-id']] : [])));
    expect(usual).toEqual(new Set([requestors.usual]));
  },
  creatable: () => {
    const codes = new Set(creates(fullNoted).map(({ body }) => (JSON.parse(body) as { productCode: string }).productCode));
    expect(codes).toEqual(new Set(['WALLET', 'BALANCE_ACCOUNT']));
  },
  openProductsPerCode: async () => {
    const recorder = await start({ variants: ['second-create-gives-the-open-one'] });
    const auth = { tokenUrl: `${recorder.url}/tokens/here`, clientId: 'the client', clientSecret: { env: 'SECRET' } };
    const of = async (more: object): Promise<string | undefined> => {
      const { report } = await perform({ target: recorder.url, auth, ...more }, { only: ['CRE-03', 'CRE-06'] });
      return report.requirements.find(({ id }) => id === 'CRE-03')?.verdict;
    };
    expect(await of({})).toBe('fail');
    expect(await of({ openProductsPerCode: 1 })).not.toBe('fail');
  },
  settleMs: async () => {
    const change = changeGets((text) => text.replaceAll(/"status":"CLOSED"/g, '"status":"ACTIVE"').replaceAll(/,"closedOn":"[^"]*"/g, ''));
    expect(await judgedWith(change, { settleMs: 0 }, 'CLS-01')).toBe('fail');
    expect(await judgedWith(change, { settleMs: 86_400_000 }, 'CLS-01')).not.toBe('fail');
  },
  clockToleranceMs: async () => {
    const back = (text: string): string =>
      text.replace(
        /("createdOn":")([^"]+)(")/,
        (_, before: string, time: string, after: string) => `${before}${new Date(Date.parse(time) - 1_500).toISOString()}${after}`,
      );
    expect(await judgedWith(changeGets(back), { clockToleranceMs: 0 }, 'TIM-04')).toBe('fail');
    expect(await judgedWith(changeGets(back), { clockToleranceMs: 60_000 }, 'TIM-04')).not.toBe('fail');
  },
  'values.productCode': valueIs('productCode', /"productCode":"[^"]*"/),
  'values.productType': valueIs('productType', /"productType":"[^"]*"/),
  'values.status': valueIs('status', /"status":"[^"]*"/),
  'limits.requestsPerSecond': () => {
    const times = limitedNoted.map(({ at }) => at);
    const most = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 1_000).length));
    expect(most).toBeLessThanOrEqual(66);
  },
  'limits.concurrency': () => expect(Math.max(...fullNoted.map(({ atOnce }) => atOnce))).toBe(3),
  'limits.products': () => {
    expect(creates(limitedNoted).length).toBeLessThanOrEqual(12);
    expect(limited.report.products).toMatchObject({ left: [] });
  },
  'limits.requests': () => {
    expect(limitedNoted.length).toBeLessThanOrEqual(130);
    expect(limitedNoted.length).toBeGreaterThan(60);
  },
  'limits.bodyBytes': () => {
    const cut = plain.exchanges.filter(({ answer }) => answer?.body?.cutOff === true);
    expect(cut.length).toBeGreaterThan(0);
    expect(full.exchanges.filter(({ answer }) => answer?.body?.cutOff === true)).toEqual([]);
  },
  'timeouts.requestMs': async () => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    closing.push(() => {
      silent.closeAllConnections();
      silent.close();
    });
    const target = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
    const { report, exchanges } = await perform({ target, timeouts: { requestMs: 300 } });
    expect(report.ended.cause).toBe('unreachable');
    for (const { failure, sentAt, receivedAt } of exchanges) {
      expect(failure?.kind).toBe('timeout');
      expect(receivedAt - sentAt).toBeLessThan(3_000);
    }
    expect(exchanges.length).toBeGreaterThan(0);
  },
  keepAlive: () => {
    const sizes = (noted: readonly Noted[]): number => new Set(noted.map(({ connection }) => connection)).size / noted.length;
    expect(sizes(fullNoted.filter(({ method }) => method === 'GET'))).toBeGreaterThan(0.9);
    expect(sizes(limitedNoted)).toBeLessThan(0.7);
  },
  'tls.ca': tls,
  'tls.cert': tls,
  'tls.key': tls,
  'tls.passphrase': tls,
  headers: () => {
    expect(fullNoted.filter(isOfApi).filter(({ headers }) => headers['x-tenant'] !== 'tenant-7')).toEqual([]);
    expect(plainNoted.some(({ headers }) => 'x-tenant' in headers)).toBe(false);
  },
  redact: () => {
    const text = (performed: Performed): string => JSON.stringify(performed.lines);
    expect(text(full)).toContain('«redacted:bic»');
    expect(text(plain)).not.toContain('«redacted:bic»');
    expect(text(full)).not.toMatch(/\\"bic\\":\\"[A-Z]/);
  },
  allowSecretsInUrl: () => {
    expect(fullNoted.filter(({ path }) => inUrl.test(path))).toEqual([]);
    expect(plainNoted.some(({ path }) => inUrl.test(path))).toBe(true);
  },
  waivers: async () => {
    const change = changeGets((text) => text.replace(/"status":"[^"]*"/, '"status":"NEW_ONE"'));
    const waiver = (until: string) => ({ waivers: [{ requirement: 'SCH-07', reason: 'soon', until }] });
    expect(await judgedWith(change, waiver('2100-01-01'), 'SCH-07')).toBe('waived');
    expect(await judgedWith(change, waiver('2020-01-01'), 'SCH-07')).toBe('fail');
  },
};

describe('every key of the profile does what it says', () => {
  test('there is a proof of each', () => {
    expect(Object.keys(proofs).toSorted()).toEqual(keyNames.filter((name) => keyOf(name).scope === 'profile').toSorted());
  });
  test.each(Object.entries(proofs))('%s', { timeout: 60_000 }, async (_, prove) => {
    await prove();
  });
});
