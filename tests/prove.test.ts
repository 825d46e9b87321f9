/**
 * The suite's power and fairness, as far as a test run has time for them: every named fault once, and a share of the variants that moves
 * on from day to day. `npm run prove` does the whole.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { listVariants } from '../reference/registry.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'prove-test-'));
const bin = join(import.meta.dirname, '../dist/cli/bin.js');

/** Shares of the variants: each has its day. */
const shares = 8;
const day = Math.floor(Date.now() / 86_400_000);

async function prove(only: string, ...more: readonly string[]): Promise<{ code: number; out: string }> {
  const args = [bin, 'prove', '--only', only, '--out', join(dir, `${only.slice(0, 8)}.ndjson`), ...more];
  return run(process.execPath, args, { maxBuffer: 1 << 26 }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('every fault is caught by a requirement that it names', async () => {
  const { code, out } = await prove('faults', '--effort', 'quick', '--narrow', '--workers', '4');
  expect(out).toMatch(/faults {4}(\d+) of \1 caught/);
  expect(code, out).toBe(0);
}, 900_000);

test('no variant of the day is accused', async () => {
  const names = listVariants().flatMap(({ name }, index) => (index % shares === day % shares ? [name] : []));
  const { code, out } = await prove(names.join(','), '--workers', '3');
  expect(out).toMatch(/variants {2}(\d+) of \1 without/);
  expect(code, out).toBe(0);
}, 600_000);
