/**
 * The suite's power and fairness, as far as a test run has time for them: all named faults once, at `quick` where that will do, and the
 * variants in turn, another share of them for each commit. `npm run prove` does the whole.
 */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { listFaults, listVariants } from '../reference/registry.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'prove-test-'));
const bin = join(import.meta.dirname, '../dist/cli/bin.js');

/** One variant of so many. */
const share = 20;

/** Another one for each commit; the first where there is no history to tell. */
function turn(): number {
  const { status, stdout } = spawnSync('git', ['rev-list', '--count', 'HEAD'], { cwd: import.meta.dirname, encoding: 'utf8' });
  return status === 0 ? Number(stdout) % share : 0;
}

async function prove(only: string, ...more: readonly string[]): Promise<{ code: number; out: string }> {
  const args = [bin, 'prove', '--only', only, '--out', join(dir, 'outcomes.ndjson'), ...more];
  return run(process.execPath, args, { maxBuffer: 1 << 26 }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('every fault is caught by a requirement that it names', async () => {
  const count = listFaults().length;
  expect(count).toBeGreaterThanOrEqual(180);
  const { code, out } = await prove('faults', '--effort', 'quick', '--narrow', '--workers', '3');
  expect(out).toMatch(new RegExp(`faults {4}${count} of ${count} caught`));
  expect(code, out).toBe(0);
}, 900_000);

test('no variant is accused', async () => {
  const first = turn();
  const names = listVariants().flatMap(({ name }, index) => (index % share === first ? [name] : []));
  const { code, out } = await prove(names.join(','), '--workers', '3');
  expect(out).toMatch(new RegExp(`variants {2}${names.length} of ${names.length} without`));
  expect(code, out).toBe(0);
}, 600_000);
