import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultReporters, ReportWriteError, writeReports } from '../../reports/write.ts';
import { nonConformant } from './sample-records.ts';

let dir = '';

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'reports-'));
});

afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

test('the reports asked for, and report.json always; whole, for the owner only, nothing else left', async () => {
  const made = join(dir, 'a', 'b');
  expect(await writeReports({ dir: made, ...nonConformant, reporters: defaultReporters })).toEqual(
    ['index.html', 'junit.xml', 'report.json'].map((name) => join(made, name)),
  );
  expect((await readdir(made)).sort()).toEqual(['index.html', 'junit.xml', 'report.json']);
  for (const name of await readdir(made)) {
    expect((await stat(join(made, name))).mode & 0o777).toBe(0o600);
  }
  expect((await stat(made)).mode & 0o777).toBe(0o700);
  expect(JSON.parse(await readFile(join(made, 'report.json'), 'utf8'))).toEqual(JSON.parse(JSON.stringify(nonConformant.report)));

  const few = join(dir, 'few');
  await writeReports({ dir: few, ...nonConformant, reporters: ['console', 'github'] });
  expect(await readdir(few)).toEqual(['report.json']);
});

test('an older report is replaced, and what a name links to is left alone', async () => {
  const elsewhere = join(dir, 'elsewhere');
  await writeFile(elsewhere, 'precious');
  await symlink(elsewhere, join(dir, 'report.json'));
  await writeReports({ dir, ...nonConformant, reporters: [] });
  expect(await readFile(elsewhere, 'utf8')).toBe('precious');
  expect((await readFile(join(dir, 'report.json'), 'utf8')).startsWith('{')).toBe(true);
});

test('a report that cannot be written is one sentence; the others are written all the same', async () => {
  await mkdir(join(dir, 'report.json', 'full'), { recursive: true });
  const failure = await writeReports({ dir, ...nonConformant, reporters: ['junit', 'html'] }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ReportWriteError);
  expect(failure).toMatchObject({ path: join(dir, 'report.json') });
  expect(String(failure)).toMatch(/Expected to write .*report\.json, but .*--report-dir\.$/);
  expect((await readdir(dir)).sort()).toEqual(['index.html', 'junit.xml', 'report.json']);
});

test('a folder that is a file is named', async () => {
  await writeFile(join(dir, 'file'), '');
  await expect(writeReports({ dir: join(dir, 'file'), ...nonConformant, reporters: [] })).rejects.toThrow(
    /Expected to write .*file, but its folder is a file \(E\w+\); remove it, or choose another folder with --report-dir\./,
  );
});

test('a full disk is told as such', () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  expect(new ReportWriteError('r/index.html', full).message).toBe(
    'Expected to write r/index.html, but the disk is full (ENOSPC); make room, or choose another folder with --report-dir.',
  );
});
