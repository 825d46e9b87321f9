/** Certificates and keys: whether the files that a profile names can be used, told before anything is sent. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { KeyName } from './settings-keys.ts';
import { type Mistake, quote } from './settings-mistakes.ts';
import type { Given } from './settings-sources.ts';
import { explain } from './system-error.ts';

export type ReadFile = (path: string) => string;

type TlsName = Extract<KeyName, 'tls.ca' | 'tls.cert' | 'tls.key'>;

export interface TlsInput {
  readonly given: (name: KeyName) => Given | undefined;
  readonly readFile: ReadFile;
  readonly cwd: string;
  /** Paths in the profile are meant from where it stands. */
  readonly profilePath: string | undefined;
}

/** The paths made absolute, and all that is wrong with the files behind them. */
export function checkTls({ given, readFile, cwd, profilePath }: TlsInput): {
  paths: Partial<Record<TlsName, string>>;
  mistakes: Mistake[];
} {
  const mistakes: Mistake[] = [];
  const paths: Partial<Record<TlsName, string>> = {};
  const note = (name: KeyName, expected: string, came: string, advice?: string): void => {
    const where = given(name)?.where;
    mistakes.push({ ...(where && { where }), field: name, expected, came, ...(advice && { advice }) });
  };
  const read = (name: TlsName): string | undefined => {
    const source = given(name);
    if (!source) return undefined;
    const inFile = profilePath !== undefined && source.where.startsWith(`${profilePath}:`);
    const path = resolve(inFile ? dirname(resolve(cwd, profilePath)) : cwd, String(source.value));
    paths[name] = path;
    try {
      return readFile(path);
    } catch (error) {
      note(name, 'a file that can be read', `${quote(path)}: ${explain(error)}`);
      return undefined;
    }
  };
  const readCertificates = (name: 'tls.ca' | 'tls.cert'): X509Certificate[] => {
    const pem = read(name);
    if (pem === undefined) return [];
    const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/gu) ?? [];
    try {
      if (blocks.length > 0) return blocks.map((block) => new X509Certificate(block));
    } catch {
      // Told below, in the same words.
    }
    note(name, 'certificates in PEM, -----BEGIN CERTIFICATE-----', `${quote(paths[name])}, which holds none that can be read`);
    return [];
  };
  readCertificates('tls.ca');
  const [certificate] = readCertificates('tls.cert');
  const key = readKey();
  for (const [name, partner] of [
    ['tls.cert', 'tls.key'],
    ['tls.key', 'tls.cert'],
  ] as const) {
    if (given(name) && !given(partner)) note(partner, `a file, since ${name} is given`, 'nothing');
  }
  if (certificate && key && !certificate.checkPrivateKey(key)) {
    note('tls.key', 'the private key of the certificate in tls.cert', 'the key of another');
  }
  return { paths, mistakes };

  function readKey(): KeyObject | undefined {
    const pem = read('tls.key');
    if (pem === undefined) return undefined;
    const passphrase = given('tls.passphrase');
    try {
      return createPrivateKey({ key: pem, ...(passphrase && { passphrase: String(passphrase.value) }) });
    } catch {
      // The message of the library may speak of the key: it is not passed on.
      const locked = /ENCRYPTED/u.test(pem);
      const advice = locked ? 'give the right passphrase in CPC_TLS_PASSPHRASE or tls.passphrase of the profile' : undefined;
      note(
        'tls.key',
        'a private key in PEM',
        `${quote(paths['tls.key'])}, which ${locked ? 'is locked' : 'holds none that can be read'}`,
        advice,
      );
      return undefined;
    }
  }
}
