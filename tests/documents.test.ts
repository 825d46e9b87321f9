/** What README, CONTRIBUTING and CHANGELOG say of names is so: flags, variables, keys, files, dependencies, requirements. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands } from '../cli/commands.ts';
import { listFaults } from '../reference/registry.ts';
import { rows } from '../spec/catalogue/index.ts';
import { keyNames, keyOf, variablesOf } from '../target/settings-keys.ts';
import { run } from './cli/spawned.ts';
import { root } from './imports.ts';

const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'bench/README.md'];
const texts = documents.map(read);
const all = texts.join('\n');
const [readme = '', contributing = '', changelog = ''] = texts;
const found = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map(([whole, group]) => group ?? whole)),
];
const manifest = JSON.parse(read('package.json')) as Record<
  'scripts' | 'dependencies' | 'devDependencies' | 'peerDependencies',
  Record<string, string>
>;

/** Of npm, npx, biome and vitest. */
const flagsOfOthers = ['--yes', '--package', '--save-dev', '--write'];

test('every flag is one', async () => {
  const helps = await Promise.all(Object.keys(commands).map((command) => run([command, '--help'])));
  const known = new Set(found(`${helps.map(({ stdout }) => stdout).join('\n')} --version`, /--[a-z][a-z-]+/gu));
  // `--a-b-c` shows how flags are spelled.
  const named = found(all, /(?<=[\s`])--[a-z][a-z-]+/gu).filter((flag) => ![...flagsOfOthers, '--a-b-c'].includes(flag));
  expect(named.filter((flag) => !known.has(flag))).toEqual([]);
  expect(named.length).toBeGreaterThan(10);
});

test('every command is one', () => {
  const named = found(all, /(?:dist\/cli\/bin\.js|npx customer-products-conformance) ([a-z]+)(?=[\s`])/gu);
  expect(named.filter((name) => !(name in commands))).toEqual([]);
  for (const script of found(all, /npm run ([a-z]+)/gu)) expect(Object.keys(manifest.scripts)).toContain(script);
});

test('every variable is one', () => {
  const known = keyNames.flatMap((name) => variablesOf(name));
  expect(found(all, /\bCPC_[A-Z_]+\b/gu).filter((name) => !known.includes(name) && name !== 'CPC_A_B_C')).toEqual([]);
});

test('README names every key of the profile', () => {
  const keys = keyNames.filter((name) => keyOf(name).scope === 'profile');
  expect(keys.filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
});

test('README has the exit statuses as the help has them', async () => {
  const { stdout } = await run(['--help']);
  const listed = found(stdout.slice(stdout.indexOf('Exit status')), /\b\d+\b/gu);
  const table = readme.slice(readme.indexOf('The exit status is printed'));
  for (const status of listed) expect(table).toMatch(new RegExp(`^\\| ${status}\\b|^\\| 130, ${status} `, 'mu'));
});

test('every file is there', () => {
  const linked = found(readme, /\]\(([^):]+)\)/gu);
  const named = found(contributing, /`((?:spec|generators|target|judge|reports|reference|suites|cli|tests)\/[\w./-]*)`/gu);
  expect([...linked, ...named].filter((path) => !existsSync(join(root, path)))).toEqual([]);
});

test('every dependency has its reason', () => {
  const table = contributing.slice(contributing.indexOf('## Dependencies'), contributing.indexOf('## Style'));
  const { dependencies, devDependencies } = manifest;
  for (const name of Object.keys({ ...dependencies, ...devDependencies }))
    expect(table).toMatch(new RegExp(`^\\|.*${name}.*\\| .{10,}`, 'mu'));
});

test('a fault that is named exists', () => {
  const named = found(all, /--fault ([a-z0-9-]+)/gu);
  expect(named.filter((name) => !listFaults().some((fault) => fault.name === name))).toEqual([]);
  expect(named).not.toEqual([]);
});

test('the changelog names requirements that there are', () => {
  const ids = found(changelog, /\b[A-Z]{3}-\d\d(?: to [A-Z]{3}-\d\d)?\b/gu).flatMap((range) => {
    const [first = '', last = first] = range.split(' to ');
    const [area, from, to] = [first.slice(0, 3), Number(first.slice(4)), Number(last.slice(4))];
    return Array.from({ length: to - from + 1 }, (_, index) => `${area}-${String(from + index).padStart(2, '0')}`);
  });
  const known = new Set<string>(rows.map(({ id }) => id));
  expect(ids.filter((id) => !known.has(id))).toEqual([]);
  expect(ids.length).toBeGreaterThan(100);
});
