import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Packages and files that a module loads when it is loaded, with all they load; types and `import()` are not among them. */
function loadedBy(url: URL, seen = new Set<string>()): ReadonlySet<string> {
  if (seen.has(url.href)) return seen;
  seen.add(url.href);
  const text = readFileSync(url, 'utf8');
  for (const [, from = ''] of text.matchAll(/^(?:import|export)(?! type\b)[^;'"]*?from '([^']+)'|^import '([^']+)'/gmu)) {
    if (from.startsWith('.')) loadedBy(new URL(from, url), seen);
    else seen.add(from);
  }
  return seen;
}

const packagesOf = (file: string): string[] =>
  [...loadedBy(new URL(`../../cli/${file}`, import.meta.url))].filter((name) => !/^(?:file|node):/u.test(name)).toSorted();

test('the reader of imports sees them', () => {
  expect(packagesOf('../cli/flags.ts')).toEqual(['commander']);
  expect(packagesOf('../target/client.ts')).toContain('undici');
});

test('--help and --version load no package at all', () => {
  expect(packagesOf('main.ts')).toEqual([]);
});

test('the files of the commands load the parser of the command line at most; what is heavy comes when it is needed', () => {
  for (const file of ['run.ts', 'serve.ts', 'list.ts', 'judge.ts', 'replay.ts'])
    expect(packagesOf(file)).toEqual(expect.toSatisfy(isLight));
});

const isLight = (packages: readonly string[]): boolean => packages.every((name) => name === 'commander');
