/** The certificates and keys of the profile, read once. */
import { readFileSync } from 'node:fs';
import type { Profile } from '../spec/profile.ts';
import { ConformanceError } from './errors.ts';
import { explain } from './system-error.ts';

/** Options of node:tls. */
export interface TlsMaterial {
  readonly ca?: string[];
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly rejectUnauthorized?: boolean;
}

const read = (key: 'ca' | 'cert' | 'key', path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConformanceError(2, `The file that tls.${key} of the profile names, ${path}, cannot be read: ${explain(error)}.`, {
      cause: error,
    });
  }
};

/**
 * Reads the files that `profile.tls` names. Its own authorities stand beside the well-known ones, which are asked for here because naming any
 * replaces them all. Throws a `ConformanceError` (2) when a file cannot be read.
 */
export const readTlsMaterial = async (tls: Profile['tls'], insecure = false): Promise<TlsMaterial> => {
  const { rootCertificates } = tls.ca === undefined ? { rootCertificates: [] } : await import('node:tls');
  return {
    ...(tls.ca === undefined ? {} : { ca: [...rootCertificates, read('ca', tls.ca)] }),
    ...(tls.cert === undefined ? {} : { cert: read('cert', tls.cert) }),
    ...(tls.key === undefined ? {} : { key: read('key', tls.key) }),
    ...(tls.passphrase === undefined ? {} : { passphrase: tls.passphrase }),
    ...(insecure ? { rejectUnauthorized: false } : {}),
  };
};
