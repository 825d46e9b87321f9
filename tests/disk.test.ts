/** What becomes of a run whose evidence cannot be kept: it says so at once, closes what it made, and harms nothing written before. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { bin, cleanEnvironment, finish, run, start } from './cli/spawned.ts';
import { startWatchedReference, type WatchedReference } from './watched-reference.ts';

let dir = '';
let reference: WatchedReference;

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-disk-'));
  reference = await startWatchedReference({ latencyMs: 4 });
});

afterEach(async () => {
  await reference.close();
  rmSync(dir, { recursive: true, force: true });
});

test('a full disk ends the run with a sentence, whole lines and nothing left open', { timeout: 60_000 }, async () => {
  // A limit on the size of files stands in for the disk: the kernel lets a part of a write through, then refuses.
  const patience = `data:text/javascript,${encodeURIComponent('process.on("SIGXFSZ",()=>{})')}`;
  const env = cleanEnvironment({ ...reference.env, NODE_OPTIONS: `--import ${patience}` });
  const script = 'ulimit -f 300; exec "$0" "$@"';
  const args = ['-c', script, process.execPath, bin, reference.url, '--report-dir', dir, '--effort', 'quick'];
  const { status, stdout, stderr } = await finish(spawn('bash', args, { env, stdio: 'pipe' }));
  const said = stdout + stderr;
  expect(status, said).toBe(2);
  expect(said.replaceAll(/\s+/gu, ' ')).toMatch(/The journal \S+ cannot be written on: .*\(EFBIG\); make room there or choose another/u);
  expect(reference.store.all().length).toBeGreaterThan(20);
  expect(reference.open).toEqual([]);
  const lines = readFileSync(join(dir, 'journal.ndjson'), 'utf8').split('\n');
  expect(lines.at(-1)).toBe('');
  for (const line of lines.slice(0, -1)) JSON.parse(line);
  const judged = await run(['judge', join(dir, 'journal.ndjson')]);
  expect([1, 3], judged.stdout).toContain(judged.status);
});

test('a folder that is taken away in mid-run ends it soon, with nothing left open', { timeout: 60_000 }, async () => {
  const folder = join(dir, 'report');
  const child = start([reference.url, '--report-dir', folder, '--effort', 'quick'], { env: reference.env });
  const finished = finish(child);
  await reference.made(10);
  rmSync(folder, { recursive: true, force: true });
  const { status, stdout, stderr } = await finished;
  const said = stdout + stderr;
  expect(status, said).toBe(2);
  expect(said.replaceAll(/\s+/gu, ' ')).toMatch(/The journal \S+ cannot be written on: the path does not exist \(ENOENT\)/u);
  expect(reference.open).toEqual([]);
});

test('a folder that cannot be used is told before anything is sent', async () => {
  const file = join(dir, 'file');
  writeFileSync(file, 'mine');
  const { status, stderr } = await run([reference.url, '--report-dir', join(file, 'below')], { env: reference.env });
  expect(status, stderr).toBe(2);
  expect(stderr).toMatch(/The report folder .*below cannot be (?:used|written to): a part of the path is a file/u);
  expect(readFileSync(file, 'utf8')).toBe('mine');
  expect(reference.store.all()).toEqual([]);
});

test('a folder in use by another run is told, and that run goes on unharmed', { timeout: 60_000 }, async () => {
  const folder = join(dir, 'report');
  const first = start([reference.url, '--report-dir', folder, '--effort', 'quick', '--only', 'LST-05'], { env: reference.env });
  const finished = finish(first);
  await reference.made(3);
  const { status, stderr } = await run([reference.url, '--report-dir', folder], { env: reference.env });
  expect(status, stderr).toBe(2);
  expect(stderr).toMatch(new RegExp(`in use by another run \\(process ${first.pid}\\)`, 'u'));
  const ended = await finished;
  expect(ended.status, ended.stdout + ended.stderr).toBe(0);
});

test('reports that cannot be written leave the older ones and the journal as they are', { timeout: 60_000 }, async () => {
  const folder = join(dir, 'report');
  mkdirSync(join(folder, 'junit.xml'), { recursive: true });
  const { status, stdout, stderr } = await run([reference.url, '--report-dir', folder, '--effort', 'quick', '--only', 'LST-05'], {
    env: reference.env,
  });
  expect(status, stdout + stderr).not.toBe(0);
  expect(stdout + stderr).toMatch(/junit\.xml, but a folder has that name/u);
  expect(existsSync(join(folder, 'index.html'))).toBe(true);
  expect(readFileSync(join(folder, 'journal.ndjson'), 'utf8')).toMatch(/\{"type":"end"[^\n]*\n$/u);
});
