/** What the profile allows is never passed, counted where it arrives; and it is announced where the target is not this machine's own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../spec/report.ts';
import { finish, run, start } from './cli/spawned.ts';
import { startWatchedReference, type WatchedReference } from './watched-reference.ts';

let dir = '';
let reference: WatchedReference | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-limits-'));
});

afterEach(async () => {
  await reference?.close();
  reference = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const readReport = (): Report => JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;

test.each([
  ['products', 5, '16'],
  ['products', 50, '16'],
  ['products', 50, '1'],
  ['requests', 50, '16'],
  ['requests', 300, '16'],
  ['requests', 300, '1'],
] as const)('limits.%s: %i, %s at once', { timeout: 60_000 }, async (limit, most, concurrency) => {
  reference = await startWatchedReference({ latencyMs: 2 });
  const flags = [`--limits-${limit}`, String(most), '--concurrency', concurrency, '--effort', 'quick'];
  const { status, stdout, stderr } = await run([reference.url, '--report-dir', dir, ...flags], { env: reference.env });
  const said = stdout + stderr;
  expect(limit === 'products' ? reference.store.all().length : reference.requests).toBeLessThanOrEqual(most);
  expect(reference.open, said).toEqual([]);
  expect(status, said).toBe(3);
  const report = readReport();
  expect(report).toMatchObject({ verdict: 'inconclusive', ended: { cause: 'completed' }, products: { left: [] } });
  expect(report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  expect(said.replaceAll(/\s+/gu, ' ')).toContain(`The limit of ${most} ${limit} of this run is reached`);
});

const own = Object.values(networkInterfaces())
  .flat()
  .find((address) => address?.family === 'IPv4' && !address.internal)?.address;

test.runIf(own !== undefined)(
  'what a run will make at most is said before the first write to another machine',
  { timeout: 60_000 },
  async () => {
    reference = await startWatchedReference({ latencyMs: 300, host: own! });
    const args = [
      reference.url,
      '--report-dir',
      dir,
      '--effort',
      'quick',
      '--only',
      'LST-06',
      '--limits-products',
      '20',
      '--limits-requests',
      '150',
    ];
    const child = start(args, { env: reference.env });
    let said = '';
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
    });
    const finished = finish(child);
    await reference.made(1);
    expect(said).toContain('This run makes at most 20 products in at most 150 requests, and closes what it made.');
    const { status, stdout } = await finished;
    expect([0, 3], stdout).toContain(status);
    expect(reference.open).toEqual([]);
  },
);
