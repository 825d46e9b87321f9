/** A target whose certificate nobody vouches for, met by whole runs: refused, or taken with a warning that cannot be overlooked. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Reference, startReference } from '../reference/server.ts';
import type { Report } from '../spec/report.ts';
import { run } from './cli/spawned.ts';
import { certificate, certificateKey } from './target/certificate.ts';

let reference: Reference;
let folder = '';
let env: Record<string, string> = {};
let url = '';
/** TLS in front of the reference, nothing else. */
const front = createServer({ cert: certificate, key: certificateKey }, (socket) => {
  const onward = connect(reference.port, '127.0.0.1');
  socket.pipe(onward).pipe(socket);
  for (const [one, other] of [
    [socket, onward],
    [onward, socket],
  ] as const)
    one.on('error', () => other.destroy()).on('close', () => other.destroy());
});

beforeAll(async () => {
  reference = await startReference({ seed: 1 });
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve));
  url = `https://localhost:${(front.address() as AddressInfo).port}`;
  folder = mkdtempSync(join(tmpdir(), 'unverified '));
  const { clientId, clientSecret, tokenUrl } = reference;
  env = { CPC_CLIENT_ID: clientId, CPC_CLIENT_SECRET: clientSecret, CPC_TOKEN_URL: url + new URL(tokenUrl).pathname };
});
afterAll(async () => {
  front.close();
  await reference.close();
  rmSync(folder, { recursive: true, force: true });
});

const flags = ['--effort', 'quick', '--seed', '1'];

test('without --insecure the run ends before it sends anything', async () => {
  const { status, stderr, stdout } = await run([url, ...flags, '--report-dir', join(folder, 'refused')], { env });
  expect(status, stderr + stdout).toBe(4);
  expect(stderr + stdout).toContain('tls.ca');
  expect(readFileSync(join(folder, 'refused', 'journal.ndjson'), 'utf8')).not.toContain('"Authorization"');
});

test('with --insecure console, page and data say so, and the run is partial at best', { timeout: 60_000 }, async () => {
  const dir = join(folder, 'report');
  const { status, stdout, stderr } = await run([url, ...flags, '--insecure', '--report-dir', dir], { env: { ...env, FORCE_COLOR: '1' } });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain('\u001b[31mthe certificate of the target was not verified (--insecure)');
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  expect(report.verdict).toBe('partial');
  expect(report.selection.insecure).toBe(true);
  const page = readFileSync(join(dir, 'index.html'), 'utf8');
  expect(page).toContain('<p class="alert"><strong>The certificate of the target was not verified</strong> (--insecure).</p>');
  expect(page).toContain('.alert strong { color: var(--fail); }');
  const judged = await run(['judge', dir]);
  expect(judged.stdout).toContain('the certificate of the target was not verified (--insecure)');
});

test('all of the suite, verified by the authority of the profile, is not partial', { timeout: 60_000 }, async () => {
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, certificate);
  const dir = join(folder, 'verified');
  const { status, stdout, stderr } = await run([url, ...flags, '--tls-ca', ca, '--report-dir', dir], { env });
  expect(status, stdout + stderr).toBe(0);
  expect(JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'))).toMatchObject({ verdict: 'conformant' });
  expect(stdout).not.toContain('--insecure');
});
