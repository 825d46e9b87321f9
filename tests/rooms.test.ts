/** The rooms, and who may know whom: the rules of CONTRIBUTING.md, held by reading every import of product code. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Import, readImports, root, sourcesOf } from './imports.ts';

/** What each room may import of the others: a room, or a folder of one. */
const knows = {
  spec: [],
  generators: ['spec'],
  target: ['spec'],
  judge: ['spec', 'generators/model'],
  reports: ['spec'],
  reference: ['spec'],
  suites: ['spec', 'generators', 'target', 'judge', 'reports', 'reference'],
  cli: ['spec', 'generators', 'target', 'judge', 'reports', 'reference', 'suites'],
} as const satisfies Record<string, readonly string[]>;

type Room = keyof typeof knows;
const rooms = Object.keys(knows) as Room[];

/** Where each package may be imported: a room, or a file. A dependency that nobody imports is none. */
const homes: Readonly<Record<string, readonly string[]>> = {
  '@hono/node-server': ['reference'],
  ajv: ['spec'],
  commander: ['cli'],
  'currency-codes': ['spec'],
  'fast-check': ['generators'],
  'fast-xml-builder': ['reports'],
  hono: ['reference'],
  ibantools: ['spec'],
  'log-update': ['reports'],
  oauth4webapi: ['target'],
  picocolors: ['reports'],
  undici: ['target'],
  vitest: ['suites/vitest.ts'],
  yaml: ['target'],
};

/** Parts of Node that reach out of the process, or serve in it. What is not named here (`node:path`, …) is free to all. */
const reaches: Readonly<Record<string, readonly Room[]>> = {
  // Files: who reads the document and the settings, keeps the journal, writes reports.
  'node:fs': ['spec', 'target', 'suites', 'cli'],
  'node:fs/promises': ['target', 'reports', 'suites', 'cli'],
  'node:child_process': ['suites', 'cli'],
  'node:worker_threads': ['suites', 'cli'],
  'node:readline': ['cli'],
  'node:readline/promises': ['cli'],
  // The reference is a server; who sends to a target is `target`.
  'node:http': ['reference'],
  'node:net': ['target', 'reference'],
  'node:tls': ['target'],
  'node:dns': ['target'],
  'node:dns/promises': ['target'],
  // Sleeping: never the judge, whose only clock is the journal's.
  'node:timers/promises': ['target', 'suites', 'reference'],
};
const reachesNobody = ['node:https', 'node:http2', 'node:dgram', 'node:cluster', 'node:vm', 'node:module', 'node:inspector'];

const sources = sourcesOf(rooms);
const imports = sources.flatMap((file) => readImports(file));
const roomOf = (path: string): string => path.split('/', 1)[0] ?? '';
const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`);
const tell = ({ file, specifier }: Import): string => `${file} imports ${specifier}`;
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, Record<string, string>>;

test('the reader of imports sees every form, and no comment', () => {
  const text = [
    "import './a.ts';",
    "import type { B } from './b.ts';",
    "import {\n  c,\n  type D,\n} from '../c/d.ts';",
    "export { e } from 'e/sub.js';",
    "export * from '@f/g/h';",
    "const i = 'import from'; // import 'no'",
    "/** import { no } from 'no'; */",
    "const j = await import('./j.ts');",
    'const k = await import(name);',
    "fork(new URL('./l.ts', import.meta.url));",
  ].join('\n');
  expect(readImports('x/y.ts', text).map(({ imported, isFile, isType }) => [imported, isFile, isType])).toEqual([
    ['x/a.ts', true, false],
    ['x/b.ts', true, true],
    ['c/d.ts', true, false],
    ['e', false, false],
    ['@f/g', false, false],
    ['x/j.ts', true, false],
    ['(worked out at run time)', false, false],
    ['x/l.ts', true, false],
  ]);
});

test('there is something to look at', () => {
  for (const room of rooms) expect(imports.some(({ file }) => roomOf(file) === room)).toBe(true);
  const statements = sources.flatMap(
    (file) => readFileSync(join(root, file), 'utf8').match(/^(?:import|export|\}).*\bfrom '[^']+';$/gmu) ?? [],
  );
  expect(statements.length).toBeGreaterThan(400);
  expect(imports.length).toBeGreaterThan(statements.length);
});

test.each(rooms)('%s knows only the rooms it may know', (room) => {
  const strangers = imports.filter(
    ({ file, imported, isFile }) =>
      isFile && roomOf(file) === room && roomOf(imported) !== room && !knows[room].some((place) => isWithin(imported, place)),
  );
  expect(strangers.map(tell)).toEqual([]);
});

test('product code imports no test, and no file that is not there', () => {
  const odd = imports.filter(
    ({ imported, isFile }) => isFile && (!rooms.includes(roomOf(imported) as Room) || !existsSync(join(root, imported))),
  );
  expect(odd.map(tell)).toEqual([]);
});

test('what is imported is told where it is imported, but for the command that is about to run', () => {
  expect(imports.filter(({ specifier }) => specifier === '(worked out at run time)').map(({ file }) => file)).toEqual([]);
});

test('a package is seen in its home only', () => {
  const strangers = imports.filter(
    ({ file, imported, isFile }) => !isFile && !imported.startsWith('node:') && !homes[imported]?.some((place) => isWithin(file, place)),
  );
  expect(strangers.map(tell)).toEqual([]);
});

test('a suite of an area knows nothing but the face', () => {
  const suites = imports.filter(({ file }) => file.endsWith('.suite.ts'));
  expect(new Set(suites.map(({ imported }) => imported))).toEqual(new Set(['suites/vitest.ts']));
});

test('the dependencies are those that are imported: at run time by the product, pinned exactly', () => {
  const used = new Set(imports.filter(({ isFile, imported }) => !isFile && !imported.startsWith('node:')).map(({ imported }) => imported));
  const { dependencies = {}, devDependencies = {}, peerDependencies = {} } = manifest;
  expect(Object.keys({ ...dependencies, ...peerDependencies }).toSorted()).toEqual([...used].toSorted());
  expect(Object.keys(homes).toSorted()).toEqual([...used].toSorted());
  for (const version of Object.values({ ...dependencies, ...devDependencies })) expect(version).toMatch(/^\d+\.\d+\.\d+$/u);
});

test('what reaches out of the process is used where it belongs', () => {
  const strangers = imports.filter(({ file, imported }) => {
    const allowed: readonly string[] | undefined = reachesNobody.includes(imported) ? [] : reaches[imported];
    return allowed !== undefined && !allowed.includes(roomOf(file));
  });
  expect(strangers.map(tell)).toEqual([]);
});

test('the judge, the model and the words of spec know no clock, no chance and no process: one journal, one verdict', () => {
  const forbidden =
    /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|process\.|randomUUID|randomBytes|randomInt)/u;
  const found = sourcesOf(['judge', 'generators/model', 'spec']).filter((file) => forbidden.test(readFileSync(join(root, file), 'utf8')));
  expect(found).toEqual([]);
});

test('generators know no clock and no process, and no chance but that of the seed and of new identifiers', () => {
  const forbidden = /\b(?:Date\.now|new Date\(\)|Math\.random|performance\.now|setTimeout|setInterval|setImmediate|process\.)/u;
  expect(sourcesOf(['generators']).filter((file) => forbidden.test(readFileSync(join(root, file), 'utf8')))).toEqual([]);
});

test('nobody sends by the way of the global fetch', () => {
  const found = sources.filter((file) =>
    /(?<![.\w])(?:fetch|XMLHttpRequest|WebSocket|EventSource)\(/u.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(found).toEqual([]);
});

/** Programs of their own, started as child processes. */
const programs = ['suites/prove/worker.ts'];

test('only the command line prints and exits', () => {
  const printing = /\bconsole\.(?:log|error|info|warn)|\bprocess\.(?:stdout|stderr|exit\b|exitCode)/u;
  const strip = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '');
  const found = sources.filter(
    (file) => roomOf(file) !== 'cli' && !programs.includes(file) && printing.test(strip(readFileSync(join(root, file), 'utf8'))),
  );
  expect(found).toEqual([]);
});

test('no file is a barrel', () => {
  const barrels = sources.filter((file) => {
    const lines = readFileSync(join(root, file), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
      .split('\n')
      .filter((line) => line.trim() !== '');
    return lines.length > 0 && lines.every((line) => /^export (?:\*|\{[^}]*\}) from /u.test(line));
  });
  expect(barrels).toEqual([]);
});
