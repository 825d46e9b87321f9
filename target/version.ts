/** Name and version of this suite, from its package.json: two folders up from here, or three when compiled into `dist`. */
import { readFileSync } from 'node:fs';
import { ConformanceError } from './errors.ts';

export const suiteName = 'customer-products-conformance';

const find = (): string => {
  for (const path of ['../package.json', '../../package.json']) {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
    } catch {
      continue;
    }
    if (typeof value === 'object' && value !== null && 'name' in value && value.name === suiteName && 'version' in value)
      return String(value.version);
  }
  throw new ConformanceError(5, `The package.json of ${suiteName} is not where it should be, beside its folders; install it again.`);
};

export const suiteVersion = find();
