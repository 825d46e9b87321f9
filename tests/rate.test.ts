/** A limit of the target is used and not passed where the profile names it, and found where it does not; pauses asked for hold for all. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Report } from '../spec/report.ts';
import { run } from './cli/spawned.ts';
import { fixedWindow, type LimitedReference, slidingWindow, startLimitedReference, type Window } from './limited-reference.ts';

let dir = '';
let server: LimitedReference | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-rate-'));
});

afterEach(async () => {
  await server?.close();
  server = undefined;
  rmSync(dir, { recursive: true, force: true });
});

interface Outcome {
  readonly status: number | null;
  readonly said: string;
  readonly report: Report;
  readonly calls: LimitedReference['calls'];
}

/** A narrow run, in which nothing has to age; its calls without the preflight, which asks for one thing at a time. */
async function runAgainst({ url, env, calls }: LimitedReference, ...flags: string[]): Promise<Outcome> {
  const args = [url, '--report-dir', dir, '--effort', 'quick', '--only', 'LST-05,CON-05', ...flags];
  const { status, stdout, stderr } = await run(args, { env });
  const report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report;
  return { status, said: stdout + stderr, report, calls: calls.slice(2) };
}

/** A second without any request is one in which products age. */
function secondsOfDriving(calls: Outcome['calls']): number {
  const gaps = calls.slice(1).map(({ at }, index) => at - calls[index]!.at);
  return gaps.filter((gap) => gap < 1000).reduce((total, gap) => total + gap, 0) / 1000;
}

test.each<[string, (limit: number) => Window]>([
  ['any second', slidingWindow],
  ['each second of a clock', fixedWindow],
])('of 40 requests in %s, at least nine tenths are used, and none is too much', { timeout: 90_000 }, async (_, windowOf) => {
  const lets = windowOf(40);
  server = await startLimitedReference((at) => (lets(at) ? undefined : { status: 429, retryAfter: '1' }));
  const { status, said, calls } = await runAgainst(server, '--rate', '40');
  expect(status, said).toBe(0);
  expect(calls.filter(({ refused }) => refused !== undefined)).toEqual([]);
  const seconds = secondsOfDriving(calls);
  expect(seconds).toBeGreaterThan(5);
  expect((calls.length - 1) / seconds, `${calls.length} in ${seconds} s`).toBeGreaterThanOrEqual(36);
});

test('a level that nobody named is found after the first refusal', { timeout: 90_000 }, async () => {
  const lets = slidingWindow(100);
  server = await startLimitedReference((at) => (lets(at) ? undefined : { status: 429, retryAfter: '1' }));
  const { status, said, report, calls } = await runAgainst(server);
  expect(status, said).toBe(0);
  const refused = calls.filter(({ refused: each }) => each !== undefined).length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(calls.length / 10);
  expect(report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
});

test.each<[number, string, () => string]>([
  [429, 'seconds', () => '2'],
  [503, 'a date', () => new Date(Math.ceil(Date.now() / 1000) * 1000 + 2000).toUTCString()],
] as const)(
  'a pause asked for with %i in %s holds for all lanes, and accuses nobody',
  { timeout: 60_000 },
  async (status, _, retryAfter) => {
    server = await startLimitedReference((_at, number) => (number === 60 ? { status, retryAfter: retryAfter() } : undefined));
    const { status: ended, said, report, calls } = await runAgainst(server);
    expect(ended, said).toBe(0);
    const at = calls.find(({ refused }) => refused !== undefined)!.at;
    // What was under way beside it has come within a moment.
    expect(calls.filter((call) => call.at > at + 300 && call.at < at + 1_950)).toEqual([]);
    expect(calls.filter((call) => call.at >= at + 1_950).length).toBeGreaterThan(0);
    expect(report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn')).toEqual([]);
  },
);
