import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Reference, startReference } from '../../reference/server.ts';
import type { Report } from '../../spec/report.ts';
import { finish, type Run, run, start } from './spawned.ts';

const folder = mkdtempSync(join(tmpdir(), 'run of the suite '));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lastLine = ({ stdout }: Run): string | undefined => stdout.trimEnd().split('\n').at(-1);
const readReport = (name: string): Report => JSON.parse(readFileSync(join(folder, name, 'report.json'), 'utf8')) as Report;
const credentialsOf = ({ clientId, clientSecret, tokenUrl }: Reference) => ({
  CPC_CLIENT_ID: clientId,
  CPC_CLIENT_SECRET: clientSecret,
  CPC_TOKEN_URL: tokenUrl,
});

test('--embedded needs nothing else, and leaves its reports', { timeout: 60_000 }, async () => {
  const ran = await run(['run', '--embedded', '--effort', 'quick', '--only', 'LIF,CLS-01', '--report-dir', 'embedded', '--seed', '7'], {
    cwd: folder,
  });
  expect([ran.status, lastLine(ran)]).toEqual([0, expect.stringMatching(/^exit 0: /u)]);
  for (const file of ['journal.ndjson', 'report.json', 'junit.xml', 'index.html'])
    expect(existsSync(join(folder, 'embedded', file))).toBe(true);
  expect(readReport('embedded')).toMatchObject({
    seed: 7,
    verdict: 'partial',
    selection: { effort: 'quick', only: ['LIF', 'CLS-01'], embedded: true },
  });
  // The result on standard output, what went on before it on standard error.
  expect(ran.stderr).not.toContain('exit 0');
  // Plain lines, for there is no terminal.
  expect(ran.stdout + ran.stderr).not.toContain('\u001b');

  const judged = await run(['judge', 'embedded'], { cwd: folder });
  expect([judged.status, lastLine(judged)]).toEqual([0, lastLine(ran)]);
});

test('a fault ends with 1; replay shows it again, and is gone where it is mended', { timeout: 120_000 }, async () => {
  const only = 'FLT-01';
  const [broken, mended] = await Promise.all([startReference({ faults: ['product-type-ignored'] }), startReference()]);
  try {
    const env = credentialsOf(broken);
    const ran = await run([broken.url, '--only', only, '--report-dir', 'broken'], { cwd: folder, env });
    expect([ran.status, lastLine(ran)]).toEqual([1, expect.stringMatching(/^exit 1: non-conformant/u)]);
    const finding = readReport('broken')
      .requirements.flatMap(({ findings }) => findings)
      .find(({ counterexample }) => counterexample)!;
    const again = await run(['replay', 'broken/report.json', finding.id], { cwd: folder, env });
    expect([again.status, lastLine(again)]).toEqual([1, 'exit 1: the finding shows again']);
    const gone = await run(['replay', 'broken/report.json', finding.id, '--target', mended.url], {
      cwd: folder,
      env: credentialsOf(mended),
    });
    expect([gone.status, lastLine(gone)]).toEqual([0, 'exit 0: the finding is gone']);
    const secretless = await run(['replay', 'broken/report.json'], { cwd: folder });
    expect(secretless).toMatchObject({ status: 2, stdout: '' });
    expect(secretless.stderr).toContain('CPC_CLIENT_SECRET');
  } finally {
    await Promise.all([broken.close(), mended.close()]);
  }
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s closes what was made, writes the reports and ends with %i', { timeout: 60_000 }, async (signal, status) => {
  const reference = await startReference({ latencyMs: 20 });
  const dir = `ended-by-${signal}`;
  try {
    const child = start([reference.url, '--report-dir', dir], { cwd: folder, env: credentialsOf(reference) });
    const ended = finish(child);
    await awaitCreate(join(folder, dir, 'journal.ndjson'));
    child.kill(signal);
    const ran = await ended;
    expect([ran.status, lastLine(ran)]).toEqual([status, expect.stringMatching(new RegExp(`^exit ${status}: `, 'u'))]);
    expect(ran.stderr).toContain('Interrupted: closing what was created');
    const { products } = readReport(dir);
    expect(products.created).toBeGreaterThan(0);
    expect(products.left).toEqual([]);
  } finally {
    await reference.close();
  }
});

/** Until a create has been answered, as the journal tells. */
async function awaitCreate(path: string): Promise<void> {
  await expect
    .poll(() => existsSync(path) && /"type":"exchange".*"operation":"create"/u.test(readFileSync(path, 'utf8')), {
      timeout: 15_000,
      interval: 20,
    })
    .toBe(true);
}

test('a closed port ends with 4 at once, with a report', { timeout: 30_000 }, async () => {
  const port = await freePort();
  const started = performance.now();
  const ran = await run([`http://127.0.0.1:${port}`, '--report-dir', 'closed'], { cwd: folder });
  expect(performance.now() - started).toBeLessThan(10_000);
  expect([ran.status, lastLine(ran)]).toEqual([4, expect.stringMatching(/^exit 4: target not reachable/u)]);
  expect(readReport('closed').ended.cause).toBe('unreachable');
});

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
