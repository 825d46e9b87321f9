import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { commands } from '../../cli/commands.ts';
import { rows } from '../../spec/catalogue/index.ts';
import { suiteVersion } from '../../target/version.ts';
import { bin, finish, run, start } from './spawned.ts';

test('the command is built', () => {
  expect(existsSync(bin), 'npm run build makes it, and npm test does that first').toBe(true);
});

test('--version', async () => {
  expect(await run(['--version'])).toEqual({ status: 0, stdout: `${suiteVersion}\n`, stderr: '' });
  expect((await run(['-V'])).stdout).toBe(`${suiteVersion}\n`);
});

test('--help is one screen of 24 lines and 80 columns, with what a first run needs', async () => {
  const { status, stdout, stderr } = await run(['--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.length).toBeLessThan(24);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  for (const word of ['--token-url', '--client-id', 'CPC_CLIENT_SECRET', '--embedded', ...Object.keys(commands)])
    expect(stdout).toContain(word);
  for (const status of [0, 1, 2, 3, 4, 5, 130, 143]) expect(stdout).toMatch(new RegExp(`\\b${status}\\b`, 'u'));
});

test.each(Object.keys(commands))('%s --help says the same as help before it, in 80 columns', async (command) => {
  const { status, stdout, stderr } = await run([command, '--help']);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain(`Usage: customer-products-conformance ${command} `);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect((await run(['help', command])).stdout).toBe(stdout);
});

test('a bare call says what to give', async () => {
  const { status, stdout, stderr } = await run([]);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.split('\n')).toEqual([
    expect.stringMatching(/^baseUrl: expected the base URL of the target, http:\/\/localhost:8080 for example, came nothing; .*\.$/u),
    'exit 2: usage or profile, one mistake',
    '',
  ]);
});

test('every mistake of the command line is told at once, without the values of secrets', async () => {
  const args = [
    'localhost:8080',
    '--seeed',
    '4',
    '--client-secret=hunter2',
    '--token',
    'hunter2',
    '--tokn=hunter2',
    '--rate',
    'x',
    '--only=FLT-4',
  ];
  const { status, stdout, stderr } = await run(args, { env: { CPC_EFFORT: 'hard' } });
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).not.toContain('hunter2');
  expect(
    stderr
      .trimEnd()
      .split('\n')
      .map((line) => line.split(':')[0]),
  ).toEqual(['--client-secret', '--token', '--seeed', '--tokn', 'baseUrl', '--rate', '--only', 'CPC_EFFORT', 'exit 2']);
});

test.each([
  [['sevre'], /did you mean the command serve\?/u],
  [['http://localhost:1', 'http://localhost:2'], /^baseUrl: expected one base URL, came 2 arguments\./u],
  [['run', 'http://localhost:1', '--embedded'], /^baseUrl: expected no base URL beside --embedded/u],
  [['http://localhost:1', '--seed'], /^Option '--seed <N>' argument missing; see customer-products-conformance run --help\./u],
  [
    ['http://localhost:1', '--profile', 'none.yaml'],
    /^none\.yaml: expected a profile file that can be read, came the path does not exist/u,
  ],
  [['serve', '--prot=hunter2'], /^Unknown option '--prot'; see customer-products-conformance serve --help\.\n/u],
  [['serve', '--port', '70000', '--latency=x', '--fault', 'nope'], /^--port: .*\n--latency: .*\n--fault: .*\nexit 2/u],
  [['judge'], /^Missing required argument 'journal'; see customer-products-conformance judge --help\./u],
  [['judge', 'none.ndjson'], /none\.ndjson cannot be read: the path does not exist/u],
  [['replay'], /^Missing required argument 'report'/u],
  [['replay', 'none.json'], /^none\.json: expected the report\.json of a run, came the path does not exist/u],
  [['list', 'FTL'], /^only: .*came "FTL"; did you mean FLT\?/u],
  [['list', '--json', '--markdown'], /^--json and --markdown: expected one of them\./u],
])('a usage error ends with 2 and a sentence: %j', async (args, sentence) => {
  const { status, stdout, stderr } = await run(args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(sentence);
  expect(stderr).toMatch(/\nexit 2: usage or profile.*\n$/u);
  expect(stderr).not.toContain('hunter2');
});

test('list shows every row as text, JSON and Markdown, or those asked for', async () => {
  const [text, json, markdown, some] = await Promise.all([
    run(['list']),
    run(['list', '--json']),
    run(['list', '--markdown']),
    run(['list', 'lif', 'FLT-04']),
  ]);
  for (const { id } of rows) {
    expect(text.stdout).toContain(id);
    expect(markdown.stdout).toContain(`| ${id} |`);
  }
  expect(JSON.parse(json.stdout)).toEqual(rows);
  expect(some.stdout.match(/\b[A-Z]{3}-\d\d\b/gu)).toEqual(['FLT-04', 'LIF-01']);
  expect([text, json, markdown, some].map(({ status, stderr }) => [status, stderr])).toEqual(Array(4).fill([0, '']));
});

test('a reader that leaves early is no error', async () => {
  const child = start(['list', '--json']);
  const ended = finish(child);
  child.stdout.destroy();
  expect(await ended).toMatchObject({ status: 0, stderr: '' });
});
