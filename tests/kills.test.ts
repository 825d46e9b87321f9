/** Eight runs killed at random moments; `node bench/kills.mjs` does forty. Its output, seed and all, is shown where one went wrong. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { cleanEnvironment } from './cli/spawned.ts';

interface Figures {
  readonly runs: number;
  readonly killed: number;
  readonly openBefore: number;
  readonly openAfterOnInvented: number;
  readonly openAfterOnGiven: number;
  readonly doubtfulTold: number;
  readonly touchedOfOthers: number;
  readonly unreadableJournals: number;
}

test('killed at any moment, a run leaves a journal that is judged and cleaned up, and nothing of others is touched', {
  timeout: 180_000,
}, async () => {
  const script = fileURLToPath(new URL('../bench/kills.mjs', import.meta.url));
  const child = spawn(process.execPath, [script, '8'], { env: cleanEnvironment(), stdio: 'pipe' });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const status = await new Promise((resolve) => child.once('close', resolve));
  expect(status, said).toBe(0);
  const figures = JSON.parse(said.trimEnd().split('\n').at(-1)!) as Figures;
  expect(figures, said).toMatchObject({ runs: 8, openAfterOnInvented: 0, touchedOfOthers: 0, unreadableJournals: 0 });
  expect(figures.killed, said).toBeGreaterThan(5);
  expect(figures.openBefore, said).toBeGreaterThan(0);
  // What is left on given customers is told, customer by customer.
  if (figures.openAfterOnGiven > 0) expect(figures.doubtfulTold, said).toBeGreaterThan(0);
});
