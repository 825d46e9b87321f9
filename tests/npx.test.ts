/** The packed tarball as its users meet it: by npx in odd folders, and as a dependency beside a vitest of their own. Installs from the registry. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Reference, startReference } from '../reference/server.ts';
import { rows } from '../spec/catalogue/index.ts';
import type { Report } from '../spec/report.ts';
import { cleanEnvironment, type Run } from './cli/spawned.ts';
import { root, sourcesOf } from './imports.ts';

const packedOctets = 1_000_000;
const installedOctets = 15_000_000;
const installMs = 120_000;
/** The oldest Node that is promised. */
const oldestNode = [20, 19, 0] as const;
/** Both ends of the range of the optional peer. */
const peers = ['3.2.0', '4.1.12'] as const;

const dir = mkdtempSync(join(tmpdir(), 'cpc-npx-'));
let tarball = '';
let files: readonly string[] = [];
let reference: Reference;
let target: Readonly<Record<string, string>> = {};
let npxFolder = '';

/** npm and npx as a user has them, with whatever the cache holds already. */
function execute(command: 'npm' | 'npx', args: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<Run> {
  const environment = cleanEnvironment({ npm_config_prefer_offline: 'true', npm_config_audit: 'false', npm_config_fund: 'false', ...env });
  return new Promise((resolve) => {
    execFile(command, args, { cwd, env: environment, timeout: installMs, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      resolve({ status: error ? (typeof error.code === 'number' ? error.code : null) : 0, stdout, stderr });
    });
  });
}

const runPacked = (cwd: string): Promise<Run> =>
  execute('npx', ['--yes', `--package=${tarball}`, 'customer-products-conformance', reference.url], cwd, target);

const makeFolder = (name: string): string => {
  const path = join(dir, name);
  mkdirSync(path, { recursive: true });
  return path;
};

function expectConformant({ status, stdout, stderr }: Run, folder: string): void {
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toMatch(/\nexit 0: conformant[^\n]*\n$/u);
  expect(readdirSync(join(folder, 'conformance-report')).toSorted()).toEqual(['index.html', 'journal.ndjson', 'junit.xml', 'report.json']);
  const report = JSON.parse(readFileSync(join(folder, 'conformance-report', 'report.json'), 'utf8')) as Report;
  expect(report).toMatchObject({ target: reference.url, verdict: 'conformant', products: { left: [] } });
}

beforeAll(async () => {
  // Not by way of prepack: a build would take away, for a moment, what other tests run. npm test builds first.
  const packed = await execute('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', dir], root);
  expect(packed.status, packed.stderr).toBe(0);
  const [manifest] = JSON.parse(packed.stdout) as [{ filename: string; files: { path: string }[] }];
  tarball = join(dir, manifest.filename);
  files = manifest.files.map(({ path }) => path);
  reference = await startReference();
  const { tokenUrl, clientId, clientSecret } = reference;
  target = { CPC_TOKEN_URL: tokenUrl, CPC_CLIENT_ID: clientId, CPC_CLIENT_SECRET: clientSecret, CPC_EFFORT: 'quick' };
}, installMs);

afterAll(async () => {
  await reference?.close();
  if (npxFolder !== '') rmSync(npxFolder, { recursive: true, force: true });
  rmSync(dir, { recursive: true, force: true });
});

describe('the tarball', () => {
  test('holds what runs, whole and nothing else', () => {
    const compiled = sourcesOf(['spec', 'generators', 'target', 'judge', 'reports', 'reference', 'suites', 'cli'])
      .filter((file) => !file.endsWith('.suite.ts'))
      .map((file) => `dist/${file.replace(/\.ts$/u, '.js')}`);
    const schemas = readdirSync(join(root, 'spec')).filter((name) => name.endsWith('.schema.json'));
    const published = ['openapi.json', 'openapi.yaml', ...schemas].map((name) => `dist/spec/${name}`);
    const data = ['dist/suites/prove/shortest.json', 'dist/suites/vitest.d.ts'];
    const expected = ['LICENSE', 'README.md', 'package.json', ...data, ...published, ...compiled];
    expect(files.toSorted()).toEqual(expected.toSorted());
  });

  test('is smaller than 1 MB', () => {
    expect(statSync(tarball).size).toBeLessThan(packedOctets);
  });

  test('names files that are there, and runs nothing when it is installed', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
      exports: Record<string, string | Record<string, string>>;
      scripts: Record<string, string>;
    };
    const named = [
      ...Object.values(manifest.bin),
      ...Object.values(manifest.exports).flatMap((one) => (typeof one === 'string' ? one : Object.values(one))),
    ];
    for (const name of named) expect(files).toContain(name.replace(/^\.\//u, ''));
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$|^prepare$/u.test(name))).toEqual([]);
  });
});

describe('npx', () => {
  test('from an empty folder', { timeout: installMs }, async () => {
    const folder = makeFolder('empty');
    expectConformant(await runPacked(folder), folder);
    expect(readdirSync(folder)).toEqual(['conformance-report']);
  });

  test('from a folder with a space in its name', { timeout: installMs }, async () => {
    const folder = makeFolder('a folder of my own');
    expectConformant(await runPacked(folder), folder);
  });

  test('installs less than 15 MB, without vitest', { timeout: installMs }, async () => {
    const cache = (await execute('npm', ['config', 'get', 'cache'], dir)).stdout.trim();
    const installed = readdirSync(join(cache, '_npx')).map((name) => join(cache, '_npx', name));
    npxFolder =
      installed.find(
        (folder) =>
          existsSync(join(folder, 'package.json')) && readFileSync(join(folder, 'package.json'), 'utf8').includes(dir.split('/').at(-1)!),
      ) ?? '';
    expect(npxFolder).not.toBe('');
    expect(measure(npxFolder)).toBeLessThan(installedOctets);
    expect(existsSync(join(npxFolder, 'node_modules', 'vitest'))).toBe(false);
  });

  test('installs nothing that refuses the oldest Node promised', () => {
    const manifests = manifestsIn(join(npxFolder, 'node_modules'));
    expect(manifests.length).toBeGreaterThan(20);
    const refusing = manifests.filter(({ engines }) => engines?.node !== undefined && !accepts(engines.node, oldestNode));
    expect(refusing.map(({ name, version, engines }) => `${name}@${version} wants ${engines?.node}`)).toEqual([]);
  });
});

describe.each(peers)('beside vitest %s with settings of its own', (version) => {
  const folder = makeFolder(`host of ${version}`);

  beforeAll(async () => {
    for (const [name, text] of Object.entries(hostProject)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    const { status, stderr } = await execute('npm', ['install', '--no-save', tarball, `vitest@${version}`], folder);
    expect(status, stderr).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, 'node_modules/vitest/package.json'), 'utf8'))).toMatchObject({ version });
  }, installMs);

  test('its vitest shows a test a requirement', { timeout: installMs }, async () => {
    const { status, stdout, stderr } = await execute('npx', ['vitest', 'run', '--reporter=json'], folder, {
      ...target,
      CPC_TARGET: reference.url,
    });
    expect(status, stdout + stderr).toBe(0);
    const outcome = JSON.parse(stdout.slice(stdout.indexOf('{'))) as {
      testResults: { assertionResults: { title: string; status: string; ancestorTitles: string[] }[] }[];
    };
    const results = outcome.testResults.flatMap(({ assertionResults }) => assertionResults);
    expect(results.map(({ title }) => title.slice(0, 6)).toSorted()).toEqual(rows.map(({ id }) => id).toSorted());
    const report = JSON.parse(readFileSync(join(folder, 'conformance-report', 'report.json'), 'utf8')) as Report;
    expect(report.verdict).toBe('conformant');
    for (const { id, verdict } of report.requirements) {
      const shown = results.find(({ title }) => title.startsWith(id))?.status;
      expect([id, shown]).toEqual([
        id,
        verdict === 'pass' || verdict === 'warn' ? 'passed' : expect.stringMatching(/^(?:skipped|pending)$/u),
      ]);
    }
  });

  test('the command line minds none of it', { timeout: installMs }, async () => {
    rmSync(join(folder, 'conformance-report'), { recursive: true, force: true });
    expectConformant(await runPacked(folder), folder);
  });
});

/** A project whose vitest looks elsewhere, allows little time and has its own idea of the world. */
const hostProject: Readonly<Record<string, string>> = {
  'package.json': '{ "name": "host", "private": true, "type": "commonjs" }\n',
  'vitest.config.mjs': `import { defineConfig } from 'vitest/config';
export default defineConfig({
  root: './app',
  test: {
    include: ['checks/**/*.check.mjs'],
    setupFiles: ['./hostile.mjs'],
    globals: true,
    restoreMocks: true,
    testTimeout: 500,
    hookTimeout: 100,
    sequence: { shuffle: true, concurrent: true },
  },
});
`,
  'app/hostile.mjs': `import { afterEach, beforeEach, vi } from 'vitest';
globalThis.fetch = () => Promise.reject(new Error('no network in unit tests'));
beforeEach(() => void vi.stubEnv('NODE_ENV', 'test'));
afterEach(() => void vi.unstubAllEnvs());
`,
  'app/checks/products.check.mjs': `import { conformance } from 'customer-products-conformance/vitest';
conformance();
`,
};

/** Octets of all files below. */
function measure(folder: string): number {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly engines?: { readonly node?: string };
}

function manifestsIn(folder: string): Manifest[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name === 'package.json' && /node_modules\/(?:@[^/]+\/)?[^/]+$/u.test(entry.parentPath))
    .map((entry) => JSON.parse(readFileSync(join(entry.parentPath, entry.name), 'utf8')) as Manifest);
}

/** Whether a range of versions, as `engines` has them, takes this one; a form that is not understood throws. */
function accepts(range: string, version: readonly [number, number, number]): boolean {
  return range.split('||').some((alternative) =>
    alternative
      .replaceAll(/([<>=^~])\s+/gu, '$1')
      .trim()
      .split(/\s+/u)
      .every((comparator) => {
        const [, sign = '', major, minor = '0', patch = '0'] =
          /^(>=|<=|[<>=^~])?v?(\d+|\*)(?:\.(\d+|x))?(?:\.(\d+|x))?$/u.exec(comparator) ?? [];
        if (major === undefined) throw new Error(`Expected a range of versions, got ${range}; teach the test this form.`);
        if (major === '*') return true;
        const wanted = [major, minor, patch].map((part) => (part === 'x' ? 0 : Number(part)));
        const order = Math.sign(version[0] - wanted[0]! || version[1] - wanted[1]! || version[2] - wanted[2]!);
        if (sign === '>=') return order >= 0;
        if (sign === '>') return order > 0;
        if (sign === '<') return order < 0;
        if (sign === '<=') return order <= 0;
        if (sign === '~') return order >= 0 && version[0] === wanted[0] && version[1] === wanted[1];
        return sign === '^' ? order >= 0 && version[0] === wanted[0] : version[0] === wanted[0];
      }),
  );
}

test('the reader of ranges', () => {
  const taken = ['>=20', '>= 14.6', '^18.12.0 || ^20.9.0 || >=22', '*', '20.x', '>=18 <21', '~20.19.0'];
  const refused = ['>=22', '^20.20.0', '>=22.13 || ^24', '<20', '>=20.19.1', '21.x'];
  expect([...taken, ...refused].filter((range) => accepts(range, oldestNode))).toEqual(taken);
  expect(() => accepts('lts/*', oldestNode)).toThrow('teach the test');
});
