import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { bin, cleanEnvironment, type Run } from './spawned.ts';

/** Node 18, as a package of the registry. */
const runOldNode = (args: readonly string[]): Promise<Run> =>
  new Promise((resolve) => {
    const options = { cwd: tmpdir(), env: cleanEnvironment(), timeout: 110_000 };
    execFile('npx', ['--yes', 'node@18', ...args], options, (error, stdout, stderr) => {
      resolve({ status: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr });
    });
  });

test('the entry imports nothing, so that an old Node reaches its sentence', () => {
  expect(readFileSync(bin, 'utf8')).not.toMatch(/^\s*import\s|^\s*export\s.*from/mu);
});

test('an old Node gets one sentence and status 2', { timeout: 120_000 }, async ({ skip }) => {
  const probe = await runOldNode(['--version']);
  skip(
    !probe.stdout.startsWith('v18.'),
    `node@18 cannot be had from the registry: ${probe.stderr.split('\n').at(-2) ?? 'no reason given'}`,
  );
  const { status, stdout, stderr } = await runOldNode([bin, '--version']);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  // npm may add words of its own before it.
  const sentences = stderr.split('\n').filter((line) => line !== '' && !line.startsWith('npm '));
  expect(sentences).toEqual([
    `customer-products-conformance needs Node.js 20.19 or newer, and this is ${probe.stdout.trim().slice(1)}; install a newer one and start again.`,
  ]);
});
