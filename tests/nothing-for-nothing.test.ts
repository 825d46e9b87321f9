/** Who answers everything alike has shown nothing: not one pass in the areas of behaviour, and a report that says why. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Report } from '../spec/report.ts';
import { run } from './cli/spawned.ts';
import { type Access, type ConstantName, constantAnswers, findClosedPort, startConstantServer } from './constant-servers.ts';

const behaviour = ['CRE', 'LST', 'FLT', 'CLS', 'TIM', 'OWN', 'REF'];
/** So that a run that hangs is told; how long runs take is for the benchmark to say. */
const mostMs = 150_000;
const names = Object.keys(constantAnswers) as ConstantName[];
/** What never gets past the preflight: nobody can be tested behind it. */
const turnedAway: readonly ConstantName[] = [
  '401',
  '403',
  '429',
  '429 with Retry-After',
  '500',
  '503',
  'an HTML page',
  'a redirect',
  'nothing',
];

interface Shown {
  readonly status: number | null;
  readonly said: string;
  readonly report: Report;
}

async function testTarget(url: string, env: Readonly<Record<string, string>>): Promise<Shown> {
  const dir = mkdtempSync(join(tmpdir(), 'cpc-constant-'));
  try {
    const { status, stdout, stderr } = await run([url, '--report-dir', dir], { env });
    for (const file of ['journal.ndjson', 'report.json', 'junit.xml', 'index.html'])
      expect(existsSync(join(dir, file)), `${file} of ${url}\n${stdout}${stderr}`).toBe(true);
    return { status, said: stdout + stderr, report: JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8')) as Report };
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const testConstant = async (name: ConstantName, access: Access): Promise<Shown> => {
  const server = await startConstantServer(name, access);
  const credentials = { CPC_TOKEN_URL: server.tokenUrl, CPC_CLIENT_ID: server.clientId, CPC_CLIENT_SECRET: server.clientSecret };
  return testTarget(server.url, access === 'open' ? {} : credentials).finally(server.close);
};

function expectNothing({ status, said, report }: Shown): void {
  const passed = report.requirements.filter(({ id, verdict }) => verdict === 'pass' && behaviour.includes(id.slice(0, 3)));
  expect(passed.map(({ id }) => id)).toEqual([]);
  expect([1, 2, 3, 4], said).toContain(status);
  expect(said).toMatch(new RegExp(`\nexit ${status}: [^\n]+\n`, 'u'));
  expect(report.verdict).not.toBe('conformant');
}

describe.concurrent.each<Access>(['open', 'token', 'guarded'])('%s', (access) => {
  test.each(names.filter((name) => access !== 'guarded' || !turnedAway.includes(name)))('%s', { timeout: mostMs }, async (name) => {
    const shown = await testConstant(name, access);
    expectNothing(shown);
    if (turnedAway.includes(name)) expect(shown, shown.said).toMatchObject({ status: 4, report: { ended: { cause: 'unreachable' } } });
  });
});

describe.concurrent('no one at all', () => {
  test('a closed port', { timeout: mostMs }, async () => {
    const shown = await testTarget(`http://127.0.0.1:${await findClosedPort()}`, {});
    expectNothing(shown);
    expect(shown).toMatchObject({ status: 4, report: { ended: { cause: 'unreachable' }, exchanges: expect.any(Number) } });
  });

  test('a closed port in the place of the token endpoint', { timeout: mostMs }, async () => {
    const server = await startConstantServer('200 []', 'token');
    const tokenUrl = `http://127.0.0.1:${await findClosedPort()}/oauth2/token`;
    const env = { CPC_TOKEN_URL: tokenUrl, CPC_CLIENT_ID: 'a', CPC_CLIENT_SECRET: 'b' };
    const shown = await testTarget(server.url, env).finally(server.close);
    expectNothing(shown);
    expect(shown.status).toBe(4);
  });

  test.each(names)('%s in the place of the token endpoint', { timeout: mostMs }, async (name) => {
    const server = await startConstantServer(name, 'open');
    const env = { CPC_TOKEN_URL: server.tokenUrl, CPC_CLIENT_ID: server.clientId, CPC_CLIENT_SECRET: server.clientSecret };
    const shown = await testTarget(server.url, env).finally(server.close);
    expectNothing(shown);
    expect(shown.status, shown.said).toBe(4);
  });
});
