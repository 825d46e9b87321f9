/** A run that is asked to end: it closes what it made, writes its reports and ends with the status of the signal. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../spec/report.ts';
import { finish, type Run, run, start } from './cli/spawned.ts';
import { startConstantServer } from './constant-servers.ts';
import { startWatchedReference, type WatchedReference } from './watched-reference.ts';

const signals = [
  ['SIGINT', 130, 'interrupted'],
  ['SIGTERM', 143, 'terminated'],
] as const;
/** Cleaning up after the signal takes as long at most, on a target that is quick. */
const cleaningMs = 10_000;
const timeout = 60_000;
/** Further apart than one key press that reaches a process twice. */
const secondPressMs = 400;

let dir = '';
let reference: WatchedReference | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-signals-'));
});

afterEach(async () => {
  await reference?.close();
  reference = undefined;
  rmSync(dir, { recursive: true, force: true });
});

const readReport = (): Report => JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
const startRun = (url: string, env: Readonly<Record<string, string>>) => start([url, '--report-dir', dir, '--seed', '1'], { env });

function expectReports({ stdout, stderr, status }: Run, expected: number, cause: string): void {
  expect(status, stdout + stderr).toBe(expected);
  expect(stdout).toMatch(new RegExp(`\nexit ${expected}: [^\n]+\n$`, 'u'));
  expect(readdirSync(dir).toSorted()).toEqual(['index.html', 'journal.ndjson', 'junit.xml', 'report.json']);
  expect(readReport().ended.cause).toBe(cause);
  expect(readFileSync(join(dir, 'junit.xml'), 'utf8')).toMatch(/<error\b/u);
}

const moments = [3, 60, 200];
const cases = signals.flatMap(([signal, status, cause]) => moments.map((made) => ({ signal, status, cause, made })));

test.each(cases)(
  '$signal after $made products leaves none open and ends with $status',
  { timeout },
  async ({ signal, status, cause, made }) => {
    reference = await startWatchedReference({ latencyMs: 20 });
    const child = startRun(reference.url, reference.env);
    const finished = finish(child);
    await reference.made(made);
    const asked = performance.now();
    child.kill(signal);
    expectReports(await finished, status, cause);
    expect(performance.now() - asked).toBeLessThan(cleaningMs);
    expect(reference.open).toEqual([]);
    const { products, verdict } = readReport();
    const total = reference.store.all().length;
    expect(products).toEqual({ created: total, closed: total, left: [] });
    expect(verdict).not.toBe('conformant');
  },
);

test.each(signals)('%s while the target is still silent ends at once', { timeout }, async (signal, status, cause) => {
  const server = await startConstantServer('nothing', 'open');
  try {
    const child = startRun(server.url, {});
    const finished = finish(child);
    await server.firstRequest;
    child.kill(signal);
    expectReports(await finished, status, cause);
  } finally {
    await server.close();
  }
});

test.each(signals)('a second signal, %s, leaves at once and leaves evidence that can be judged', { timeout }, async (signal, status) => {
  reference = await startWatchedReference({ latencyMs: 1_000 });
  const child = startRun(reference.url, reference.env);
  const finished = finish(child);
  await reference.made(5);
  child.kill('SIGINT');
  await sleep(secondPressMs);
  const asked = performance.now();
  child.kill(signal);
  expect(await finished).toMatchObject({ status });
  expect(performance.now() - asked).toBeLessThan(500);
  expect(readdirSync(dir).filter((name) => !name.includes('lock'))).toEqual(['journal.ndjson']);
  const judged = await run(['judge', join(dir, 'journal.ndjson')]);
  expect([3, 130], judged.stdout + judged.stderr).toContain(judged.status);
  expect(judged.stdout).toMatch(/inconclusive/iu);
});
