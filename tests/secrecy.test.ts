/** Whole runs with a canary for every secret there is, against targets that repeat whatever they hear: no octet written may hold one. */
import { createPrivateKey } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finish, type Run, run, start } from './cli/spawned.ts';
import { balance, type Parrot, startParrot } from './parrot.ts';
import { certificate, certificateKey } from './target/certificate.ts';

const clientId = 'the-client';
const canaries = {
  secret: 'canary-secret/with+odd "signs" & é',
  other: 'canary-other/secret=2',
  passphrase: 'canary-passphrase 3',
  header: 'canary-header-value-4',
  proxy: 'canary-proxy-password-5',
};

// What a file may be read by is for the suite to say, not for whoever started it.
process.umask(0);

let folder = '';
const closing: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'secrecy '));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The spellings that would give a text away to who looks for it. */
const spellings = (text: string): string[] => [
  text,
  JSON.stringify(text).slice(1, -1),
  encodeURIComponent(text),
  new URLSearchParams([['', text]]).toString().slice(1),
  ...[text, `${clientId}:${text}`, `${clientId}:${encodeURIComponent(text)}`].flatMap((each) => [
    Buffer.from(each).toString('base64').replace(/=+$/, ''),
    Buffer.from(each).toString('base64url'),
  ]),
];

/** As a reader of it may undo what was done to it. */
const readings = (text: string): string[] => [
  text,
  text.toLowerCase(),
  text.replaceAll(/\\u00([0-9a-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  text.replaceAll(/%([0-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
  ...[...text.matchAll(/"base64":"([^"]+)"/g)].map(([, coded = '']) =>
    Buffer.from(coded, 'base64').toString('latin1').replaceAll('\0', ''),
  ),
  text.replaceAll('\\"', '"').replaceAll('\\\\', '\\'),
];

/** All files below a folder, with what they hold. */
function filesIn(path: string): { readonly path: string; readonly text: string }[] {
  return readdirSync(path, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((each) => ({ path: each, text: readFileSync(each, 'utf8') }));
}

function expectSilence(where: string, text: string, secrets: Iterable<string>, ibans: ReadonlySet<string> = new Set()): void {
  const wanted = new Set([...secrets].flatMap(spellings));
  for (const each of new Set(readings(text))) {
    for (const spelling of wanted) {
      const at = each.indexOf(spelling);
      expect(at < 0 ? '' : `${where}: ${each.slice(Math.max(0, at - 120), at + 80)}`).toBe('');
    }
    const lengths = new Set([...ibans].map((iban) => iban.length));
    for (const [found] of each.matchAll(/[a-z]{2}\d\d(?: ?[a-z0-9]){10,30}/gi)) {
      const iban = found.replaceAll(' ', '').toUpperCase();
      for (const length of lengths) expect(ibans, where).not.toContain(iban.slice(0, length));
    }
  }
}

const writeProfile = (more: object): string => {
  const path = join(folder, 'profile.json');
  writeFileSync(path, JSON.stringify(more));
  return path;
};

test.each([
  ['client_secret_post', []],
  ['client_secret_basic', ['--only', 'TOK,AUT']],
] as const)(
  'nothing that a whole run leaves holds a secret or is open to others, with a target that repeats them all (%s)',
  { timeout: 120_000 },
  async (clientAuthentication, selection) => {
    const parrot: Parrot = await startParrot({ clientId, clientSecret: canaries.secret });
    closing.push(parrot.close);
    const key = createPrivateKey(certificateKey).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: canaries.passphrase,
    });
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'cert.pem'), certificate);
    const profile = writeProfile({
      target: parrot.url,
      auth: {
        tokenUrl: parrot.tokenUrl,
        clientId,
        clientSecret: canaries.secret,
        clientAuthentication,
        other: { clientId, clientSecret: canaries.other },
      },
      customers: parrot.customers,
      headers: { 'X-Tenant-Key': { env: 'TENANT_KEY' } },
      tls: { cert: 'cert.pem', key: 'key.pem', passphrase: canaries.passphrase },
    });
    const dir = join(folder, 'report');
    const flags = ['--effort', 'quick', '--seed', '3', '--reporter', 'github', ...selection];
    const child = start(['--profile', profile, '--report-dir', dir, ...flags], { env: { TENANT_KEY: canaries.header } });
    const whole = await finish(child);
    expect([0, 1, 3], whole.stderr).toContain(whole.status);
    const judged = await run(['judge', dir, '--report-dir', join(folder, 'again')]);
    const replayed = await run(['replay', join(dir, 'report.json'), '--profile', profile], { env: { TENANT_KEY: canaries.header } });
    const cleaned = await run(['cleanup', join(dir, 'journal.ndjson'), '--profile', profile], { env: { TENANT_KEY: canaries.header } });
    const planned = await run(['--plan', '--profile', profile], { env: { TENANT_KEY: canaries.header } });

    expect(parrot.tokens.size).toBeGreaterThan(3);
    expect(parrot.ibans.size).toBeGreaterThan(50);
    const keyLines = [key.toString(), certificateKey].flatMap((pem) =>
      pem.split('\n').filter((line) => line.length > 20 && !line.startsWith('-')),
    );
    const secrets = [...Object.values(canaries), ...parrot.tokens, ...keyLines, String(balance)];
    const files = [...filesIn(dir), ...filesIn(join(folder, 'again'))];
    const reports = ['index.html', 'junit.xml', 'report.json'];
    expect(files.map(({ path }) => path.slice(folder.length + 1)).toSorted()).toEqual(
      [...reports.map((name) => join('again', name)), ...[...reports, 'journal.ndjson'].map((name) => join('report', name))].toSorted(),
    );
    for (const each of [dir, join(folder, 'again')]) expect([each, statSync(each).mode & 0o777]).toEqual([each, 0o700]);
    for (const { path } of files) expect([path, statSync(path).mode & 0o777]).toEqual([path, 0o600]);
    for (const { path, text } of files) expectSilence(path, text, secrets, parrot.ibans);
    const said = Object.entries({ whole, judged, replayed, cleaned, planned }) as [string, Run][];
    for (const [name, { stdout, stderr }] of said)
      expectSilence(`output of ${name}`, stripVTControlCharacters(stdout + stderr), secrets, parrot.ibans);
    expect(parrot.redirects).toBeGreaterThan(0);
    expect(parrot.elsewhere).toEqual([]);
    expect(JSON.stringify(child.spawnargs)).not.toContain('canary');

    const journal = files.find(({ path }) => path.startsWith(dir) && path.endsWith('journal.ndjson'))!.text;
    for (const mark of ['«redacted:token#1»', '«redacted:client-secret#1', '«iban#1 valid»', '\\"availableBalance\\":-0'])
      expect(journal).toContain(mark);
  },
);

test('a run that fails early says nothing of secrets either', { timeout: 60_000 }, async () => {
  const seen: string[] = [];
  const server = createServer((message, response) => {
    const chunks: Buffer[] = [];
    message.on('data', (chunk: Buffer) => chunks.push(chunk));
    message.on('end', () => {
      const heard = `${message.url} ${JSON.stringify(message.headers)} ${Buffer.concat(chunks).toString()}`;
      seen.push(heard);
      const [, status = '401'] = /^\/(\d+)/.exec(message.url ?? '') ?? [];
      const type = message.url?.includes('html') ? 'text/html' : 'application/json';
      const content = type === 'text/html' ? `<h1>${heard}</h1>` : JSON.stringify({ error: 'invalid_client', error_description: heard });
      response.writeHead(Number(status), {
        'Content-Type': type,
        'WWW-Authenticate': `Bearer error_description="${encodeURIComponent(heard)}"`,
      });
      response.end(content);
    });
  });
  server.on('connect', (message, socket) => {
    seen.push(JSON.stringify(message.headers));
    socket.end(`HTTP/1.1 407 Not so\r\nX-Heard: ${message.headers['proxy-authorization']}\r\nContent-Length: 0\r\n\r\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const env = { CPC_CLIENT_ID: clientId, CPC_CLIENT_SECRET: canaries.secret };
  const proxy = `http://me:${canaries.proxy}@127.0.0.1:${port}`;
  const broken = join(folder, 'broken.yaml');
  writeFileSync(broken, `target: ${url}\nauth:\n  clientId: [me\n  clientSecret: "${canaries.secret.replaceAll('"', '\\"')}\n`);
  const odd = join(folder, 'odd.yaml');
  writeFileSync(
    odd,
    `target: ${url}\nauth:\n  clientSecret: "canary-secret-of\\ttwo"\n  token: "canary token"\nheaders:\n  X-Key: "canary-header\\n"\n`,
  );
  const cases: readonly (readonly [string, readonly string[], Readonly<Record<string, string>>])[] = [
    ['token refused', [url, '--token-url', `${url}/401/token`], env],
    ['token endpoint fails', [url, '--token-url', `${url}/500/html`], env],
    ['token endpoint redirects', [url, '--token-url', `${url}/302/token`, '--auth-client-authentication', 'client_secret_basic'], env],
    ['nobody at the token endpoint', [url, '--token-url', 'http://127.0.0.1:1/token'], env],
    ['token of the wrong kind', [url, '--token-url', `${url}/200/token`], env],
    ['list refused', [`${url}/401`], { CPC_TOKEN: 'canary-ready-token-6' }],
    ['list fails', [`${url}/500/html`], { CPC_TOKEN: 'canary-ready-token-6' }],
    ['a token with a line break', [url], { CPC_TOKEN: 'canary-ready\ntoken' }],
    ['a secret as a flag', [url, '--client-secret=canary-flag', '--token', 'canary-flag'], {}],
    ['credentials in the address', [`http://me:canary-address@127.0.0.1:${port}`], {}],
    ['a profile that is no YAML', ['--profile', broken], {}],
    ['a profile full of mistakes', ['--profile', odd], {}],
    ['a proxy that refuses', ['http://target.invalid', '--token-url', 'http://target.invalid/token'], { ...env, HTTP_PROXY: proxy }],
    ['a proxy that is none', ['http://target.invalid'], { HTTP_PROXY: `ftp://me:${canaries.proxy}@x` }],
  ];
  for (const [name, args, more] of cases) {
    const dir = join(folder, name);
    const { status, stdout, stderr } = await run([...args, '--report-dir', dir], { env: { ...more, CPC_DEBUG: '1' } });
    expect([2, 4], `${name}: ${stdout}${stderr}`).toContain(status);
    const written = statSync(dir, { throwIfNoEntry: false }) === undefined ? [] : filesIn(dir);
    for (const { path, text } of [...written, { path: name, text: stdout + stderr }]) {
      expectSilence(path, text, Object.values(canaries));
      const at = text.toLowerCase().indexOf('canary');
      expect(at < 0 ? '' : `${name}, ${path}: ${text.slice(Math.max(0, at - 100), at + 60)}`).toBe('');
    }
  }
  expect(seen.join('\n')).toContain('canary');
  expect(seen.join('\n')).toContain(Buffer.from(`me:${canaries.proxy}`).toString('base64'));
});
