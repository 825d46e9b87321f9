/**
 * The suite's power and fairness, as far as a test run has time for them: a fixed share of the named faults over all areas, and a share
 * of the variants. `npm run prove` does the whole.
 */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { listFaults, listVariants } from '../reference/registry.ts';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'prove-test-'));
const bin = join(import.meta.dirname, '../dist/cli/bin.js');

/** One of so many. Faults that strike by chance are left to the whole. */
const faultShare = 5;
const variantShare = 10;

const shareOf = <T>(all: readonly T[], share: number, first = 0): readonly T[] => all.filter((_, index) => index % share === first);

async function prove(only: string, ...more: readonly string[]): Promise<{ code: number; out: string }> {
  const args = [bin, 'prove', '--only', only, '--out', join(dir, 'outcomes.ndjson'), ...more];
  return run(process.execPath, args, { maxBuffer: 1 << 26 }).then(
    ({ stdout }) => ({ code: 0, out: stdout }),
    (error: { code: number; stdout: string }) => ({ code: error.code, out: error.stdout }),
  );
}

afterAll(() => rmSync(dir, { recursive: true, force: true }));

test('every fault is caught by a requirement that it names', async () => {
  const names = shareOf(
    listFaults().filter(({ needs }) => needs !== 'concurrency'),
    faultShare,
  ).map(({ name }) => name);
  expect(names.length).toBeGreaterThanOrEqual(80);
  const { code, out } = await prove(names.join(','), '--effort', 'quick', '--narrow', '--workers', '4');
  expect(out).toMatch(new RegExp(`faults {4}${names.length} of ${names.length} caught`));
  expect(code, out).toBe(0);
}, 900_000);

test('no variant is accused', async () => {
  const names = shareOf(listVariants(), variantShare, 8).map(({ name }) => name);
  const { code, out } = await prove(names.join(','), '--workers', '3');
  expect(out).toMatch(new RegExp(`variants {2}${names.length} of ${names.length} without`));
  expect(code, out).toBe(0);
}, 600_000);
