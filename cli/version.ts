/** The version of the package this code is in. */
import { readFileSync } from 'node:fs';

/** As `package.json` says, which stands above the compiled code as it stands above the sources. */
export function readVersion(): string {
  for (const path of ['../package.json', '../../package.json']) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { name?: string; version?: string };
      if (name === 'customer-products-conformance' && version !== undefined) return version;
    } catch {
      // Not there: the next one.
    }
  }
  throw new Error('Expected the package.json of customer-products-conformance above this code, got none; install the package again.');
}
