/** What source files import, read off their text: the native compiler has no interface for it. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

export interface Import {
  /** Of the file that imports, from the root, with `/`: `judge/rules/all.ts`. */
  readonly file: string;
  /** As written. */
  readonly specifier: string;
  /** From the root, with `/`, for a file; the package for a package (`ajv` of `ajv/dist/2020.js`, `node:fs`). */
  readonly imported: string;
  readonly isFile: boolean;
  /** Gone once compiled. */
  readonly isType: boolean;
}

/** Comments say `import` too, and examples in them are no imports. Strings that hold `//` or `/*` stay whole. */
const withoutComments = (text: string): string =>
  text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, (found) => (found.startsWith('/') ? '' : found));

const statement = /^\s*(import|export)\b(\s+type\b)?(?:[^'";]*?\bfrom)?\s*'([^']+)'/gm;
const call = /\bimport\(\s*(?:'([^']+)')?/g;
const worker = /\bnew URL\('(\.[^']+\.ts)', import\.meta\.url\)/g;

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:') ? specifier : specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

/** Imports, re-exports, `import()`, and files named by `new URL(…, import.meta.url)`, which are started as programs of their own. */
export function readImports(file: string, text = readFileSync(join(root, file), 'utf8')): Import[] {
  const code = withoutComments(text);
  const describe = (specifier: string, isType: boolean): Import => {
    const isFile = specifier.startsWith('.');
    const imported = isFile ? posix.normalize(posix.join(posix.dirname(file), specifier)) : packageOf(specifier);
    return { file, specifier, imported, isFile, isType };
  };
  const stated = [...code.matchAll(statement)].map(([, , type, specifier = '']) => describe(specifier, type !== undefined));
  const called = [...code.matchAll(call)].map(([, specifier = '(worked out at run time)']) => describe(specifier, false));
  const started = [...code.matchAll(worker)].map(([, specifier = '']) => describe(specifier, false));
  return [...stated, ...called, ...started];
}

/** Every `.ts` file of these folders, from the root, with `/`. */
export function sourcesOf(folders: readonly string[]): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) =>
        relative(root, join(entry.parentPath ?? dirname(folder), entry.name))
          .split(sep)
          .join('/'),
      ),
  );
}
