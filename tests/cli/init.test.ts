import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ask } from '../../cli/init-questions.ts';
import { renderProfile } from '../../target/profile-text.ts';
import { resolveSettings } from '../../target/settings.ts';
import { type KeyName, keyNames, keyOf } from '../../target/settings-keys.ts';
import { certificate } from '../target/certificate.ts';
import { run } from './spawned.ts';

const schemaFile = fileURLToPath(new URL('../../dist/spec/profile.schema.json', import.meta.url));
const isProfile = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(readFileSync(schemaFile, 'utf8')) as object);
const ofProfile = keyNames.filter((name) => keyOf(name).scope === 'profile');
const customer = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const init = (args: readonly string[], env: Readonly<Record<string, string>> = {}) => run(['init', ...args], { cwd: folder, env });
const read = (name = 'conformance.yaml'): string => readFileSync(join(folder, name), 'utf8');

test('flags become a commented profile that the schema and a run take', async () => {
  const args = ['https://api.test.example/v1/', '--token-url', 'https://login.test.example/token', '--client-id', 'me', '--rate', '2.5'];
  const { status, stdout, stderr } = await init([...args, '--customer', customer, '--no-keep-alive', '--creatable', 'WALLET']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toBe(
    'conformance.yaml is written. Set CPC_CLIENT_SECRET, then start a run with --profile conformance.yaml.\nexit 0: the profile is written\n',
  );
  const profile: unknown = parse(read());
  expect(profile).toEqual({
    target: 'https://api.test.example/v1',
    auth: { clientId: 'me', clientSecret: { env: 'CPC_CLIENT_SECRET' }, tokenUrl: 'https://login.test.example/token' },
    customers: [{ customerId: customer }],
    creatable: ['WALLET'],
    limits: { requestsPerSecond: 2.5 },
    keepAlive: false,
  });
  expect(isProfile(profile)).toBe(true);
  const resolved = await resolveSettings({
    flags: { profile: [join(folder, 'conformance.yaml')] },
    env: { CPC_CLIENT_SECRET: 'x' },
    cwd: folder,
    readFile: (path) => readFileSync(path, 'utf8'),
  });
  expect(resolved).toMatchObject({ settings: { profile: { target: 'https://api.test.example/v1', keepAlive: false } } });
});

test('the first line leads editors to the schema', async () => {
  await init(['http://localhost:1']);
  const [, address = ''] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(read()) ?? [];
  expect(fileURLToPath(address)).toBe(schemaFile);

  // Installed as a dependency of a project, by a path in it.
  const project = join(folder, 'project');
  mkdirSync(join(project, 'node_modules'), { recursive: true });
  mkdirSync(join(project, 'ci'));
  const root = resolve(dirname(schemaFile), '..', '..');
  symlinkSync(root, join(project, 'node_modules', 'customer-products-conformance'));
  const { renderedFrom } = await renderIn(project);
  expect(renderedFrom).toBe('../node_modules/customer-products-conformance/dist/spec/profile.schema.json');
});

async function renderIn(project: string): Promise<{ renderedFrom: string }> {
  const bin = join(project, 'node_modules', 'customer-products-conformance', 'dist', 'cli', 'bin.js');
  const { spawnSync } = await import('node:child_process');
  const { status } = spawnSync(process.execPath, ['--preserve-symlinks', '--preserve-symlinks-main', bin, 'init', 'http://localhost:1'], {
    cwd: join(project, 'ci'),
    input: '',
  });
  expect(status).toBe(0);
  const text = readFileSync(join(project, 'ci', 'conformance.yaml'), 'utf8');
  return { renderedFrom: /\$schema=(\S+)/.exec(text)?.[1] ?? '' };
}

test('every key of the profile is in it, and each comment may be taken away', () => {
  for (const onLoopback of [true, false]) {
    const text = renderProfile(new Map(), 'x', onLoopback);
    expect(parse(text)).toBeNull();
    const whole = parse(text.replaceAll(/^#(?! )|^#(?= {2,}\S)/gm, '')) as Record<string, unknown>;
    expect(leavesOf(whole).toSorted()).toEqual(ofProfile.toSorted());
    expect(isProfile(whole), JSON.stringify(isProfile.errors)).toBe(true);
    for (const name of ofProfile) expect(text).toContain(keyOf(name).about);
  }
});

/** The keys of the table that a profile sets. */
function leavesOf(value: unknown, path = ''): string[] {
  if (ofProfile.some((name) => name === path) || typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) => leavesOf(member, path === '' ? name : `${path}.${name}`));
}

test('secrets are named, never written', async () => {
  const secrets = { CPC_CLIENT_SECRET: 'canary-1', CPC_AUTH_OTHER_CLIENT_SECRET: 'canary-2', CPC_TLS_PASSPHRASE: 'canary-3' };
  const more = { CPC_CLIENT_ID: 'me', CPC_TOKEN_URL: 'http://localhost:1/token', CPC_AUTH_OTHER_CLIENT_ID: 'you' };
  const { status, stdout, stderr } = await init(['http://localhost:1'], { ...secrets, ...more });
  expect(status).toBe(0);
  expect(read() + stdout + stderr).not.toContain('canary');
  expect(parse(read())).toMatchObject({
    auth: { clientSecret: { env: 'CPC_CLIENT_SECRET' }, other: { clientSecret: { env: 'CPC_AUTH_OTHER_CLIENT_SECRET' } } },
    tls: { passphrase: { env: 'CPC_TLS_PASSPHRASE' } },
  });
  await init(['http://localhost:1', '--out', 'b.yaml'], { CPC_TOKEN: 'canary-4' });
  expect(parse(read('b.yaml'))).toEqual({ target: 'http://localhost:1', auth: { token: { env: 'CPC_TOKEN' } } });
  for (const args of [['--client-secret=canary-5'], ['--token', 'canary-6'], ['https://me:canary-7@localhost:1']]) {
    const refused = await init(['--out', 'c.yaml', ...args]);
    expect(refused.status).toBe(2);
    expect(refused.stdout + refused.stderr).not.toContain('canary');
  }
});

test('a file that is there is written over only with --force', async () => {
  writeFileSync(join(folder, 'conformance.yaml'), 'mine');
  const { status, stderr } = await init(['http://localhost:1']);
  expect(status).toBe(2);
  expect(stderr).toBe(
    'conformance.yaml: expected no file of this name yet; --force writes over it, --out FILE writes elsewhere.\nexit 2: usage or profile, one mistake\n',
  );
  expect(read()).toBe('mine');
  expect((await init(['http://localhost:1', '--force'])).status).toBe(0);
  expect(parse(read())).toEqual({ target: 'http://localhost:1' });
  const nowhere = await init(['http://localhost:1', '--out', 'no/such/folder.yaml']);
  expect(nowhere.status).toBe(2);
  expect(nowhere.stderr).toMatch(/^no\/such\/folder\.yaml: expected a file that can be written, came .+/);
});

test('all mistakes are told at once, and nothing is written', async () => {
  const { status, stderr } = await init(['ftp://x', '--rate', '0', '--custmer', customer, '--settle-ms=-1'], { CPC_KEEP_ALIVE: 'perhaps' });
  expect(status).toBe(2);
  for (const where of ['baseUrl', '--rate', '--custmer', '--settle-ms', 'CPC_KEEP_ALIVE']) expect(stderr).toContain(`${where}: expected `);
  expect(stderr).toMatch(/exit 2: usage or profile, 5 mistakes\n$/);
  expect(() => read()).toThrow();
  const half = await init(['--token-url', 'http://localhost:1/token', '--client-authentication', 'x']);
  expect(half.status).toBe(2);
  const missing = await init([]);
  expect(missing.stderr).toContain('expected the base URL of the target');
});

test('paths of certificates are written as seen from the file, and looked at', async () => {
  for (const name of ['ci', 'pem']) mkdirSync(join(folder, name));
  const missing = await init(['http://localhost:1', '--tls-ca', 'pem/ca.pem', '--out', 'ci/p.yaml']);
  expect(missing.status).toBe(2);
  expect(missing.stderr).toContain('tls.ca: expected a file that can be read');
  writeFileSync(join(folder, 'pem', 'ca.pem'), certificate);
  expect((await init(['https://localhost:1', '--tls-ca', 'pem/ca.pem', '--out', 'ci/p.yaml'])).status).toBe(0);
  expect(parse(read('ci/p.yaml'))).toMatchObject({ tls: { ca: '../pem/ca.pem' } });
});

/** Answers each question as it is asked. */
async function answer(known: readonly (readonly [KeyName, unknown])[], answers: readonly (string | null)[]) {
  const input = new PassThrough();
  const output = new PassThrough();
  let said = '';
  const waiting = [...answers];
  output.on('data', (part: Buffer) => {
    const text = part.toString();
    said += text;
    if (!stripVTControlCharacters(text).endsWith(': ')) return;
    const next = waiting.shift();
    if (next === null) input.write('\u0003');
    else if (next !== undefined) input.write(`${next}\r`);
  });
  const world = { input, stderr: { stream: output, color: false, live: true }, err: (text: string) => void output.write(text) };
  const values = await ask(new Map(known), world);
  return { values: values && Object.fromEntries(values), said };
}

test('on a terminal it asks for what it needs, and again where an answer cannot be', async () => {
  const { values, said } = await answer(
    [],
    ['ftp://x', 'https://api.test.example', '', 'me', '', 'https://login.test.example/token', '', customer, '', '1500'],
  );
  expect(values).toEqual({
    target: 'https://api.test.example',
    'auth.type': 'oauth2',
    'auth.clientId': 'me',
    'auth.tokenUrl': 'https://login.test.example/token',
    customers: [{ customerId: customer }],
    settleMs: 1500,
  });
  expect(said).toContain('target: expected an address that begins with http:// or https://');
  expect(said).toContain('auth.tokenUrl: expected an address');
  expect(said.toLowerCase()).not.toContain('secret:');
});

test('it asks for nothing that is given, nor for what goes with another kind of credentials', async () => {
  const { values, said } = await answer([['target', 'http://localhost:1']], ['bearer', '', '', '']);
  expect(values).toEqual({ target: 'http://localhost:1', 'auth.type': 'bearer' });
  expect(said).not.toContain('Base URL');
  expect(said).not.toContain('Client id');
});

test('whoever leaves in between leaves nothing behind', async () => {
  expect((await answer([], ['http://localhost:1', null])).values).toBeUndefined();
});
