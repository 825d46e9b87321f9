/** After `kill -9` at any moment: the journal can be judged, and `cleanup` leaves nothing of the run open. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { finish, run, start } from './cli/spawned.ts';
import { startWatchedReference, type WatchedReference } from './watched-reference.ts';

let dir = '';
let reference: WatchedReference | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-cleanup-'));
});

afterEach(async () => {
  await reference?.close();
  reference = undefined;
  rmSync(dir, { recursive: true, force: true });
});

test.each([1, 40, 150])(
  'killed after %i products, the run is cleaned up, again and again without harm',
  async (made) => {
    reference = await startWatchedReference({ latencyMs: 10 });
    const { url, env } = reference;
    const child = start([url, '--report-dir', dir, '--seed', '1'], { env });
    const finished = finish(child);
    await reference.made(made);
    child.kill('SIGKILL');
    expect((await finished).status).toBeNull();
    expect(reference.open.length).toBeGreaterThan(0);

    const journal = join(dir, 'journal.ndjson');
    const first = await run(['cleanup', journal], { env });
    expect(first.status, first.stdout + first.stderr).toBe(0);
    expect(first.stdout).toMatch(/\nexit 0: nothing of the run is left open\n$/u);
    expect(reference.open).toEqual([]);
    const again = await run(['cleanup', journal], { env });
    expect(again.status, again.stdout + again.stderr).toBe(0);

    const judged = await run(['judge', journal]);
    expect(judged.status, judged.stdout + judged.stderr).toBe(3);
    expect(judged.stdout).toContain('the journal has no end');
  },
  60_000,
);

test('what cannot be closed is named, with status 3', async () => {
  reference = await startWatchedReference({ latencyMs: 10 });
  const child = start([reference.url, '--report-dir', dir], { env: reference.env });
  const finished = finish(child);
  await reference.made(5);
  child.kill('SIGKILL');
  await finished;
  await reference.close();
  const { status, stdout } = await run(['cleanup', join(dir, 'journal.ndjson')], { env: reference.env });
  reference = undefined;
  expect(status, stdout).toBe(3);
  expect(stdout).toMatch(/^left {6}[0-9a-f-]{36}: ./mu);
});

test('what is no journal is told in one sentence', async () => {
  const { status, stderr } = await run(['cleanup', import.meta.filename]);
  expect(status).toBe(2);
  expect(stderr.split('\n').filter((line) => line !== '').length).toBeLessThanOrEqual(2);
});
