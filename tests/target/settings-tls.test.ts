import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { certificate, certificateKey } from './certificate.ts';
import { inFile, resolved, sentencesOf } from './resolving.ts';

const locked = createPrivateKey(certificateKey)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
  .toString();
const { privateKey: anotherKey } = generateKeyPairSync('ec', {
  namedCurve: 'P-256',
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});

const files = {
  '/home/someone/certs/ca.pem': `# ours\n${certificate}${certificate}`,
  '/home/someone/certs/cert.pem': certificate,
  '/home/someone/certs/key.pem': certificateKey,
  '/home/someone/certs/locked.pem': locked,
  '/home/someone/certs/another.pem': anotherKey,
  '/home/someone/certs/text.pem': 'hello',
  '/home/someone/certs/broken.pem': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n',
};

test('paths in the profile are meant from where it stands, others from the working folder', async () => {
  const text = 'tls: { ca: ca.pem, cert: ./cert.pem }';
  const { profile } = await resolved({
    ...inFile('', { files: { ...files, 'certs/p.yaml': text } }),
    flags: { profile: ['certs/p.yaml'], 'tls-key': ['certs/key.pem'] },
  });
  expect(profile.tls).toEqual({
    ca: '/home/someone/certs/ca.pem',
    cert: '/home/someone/certs/cert.pem',
    key: '/home/someone/certs/key.pem',
  });
});

test('a locked key is opened with its passphrase', async () => {
  const flags = { 'tls-cert': ['certs/cert.pem'], 'tls-key': ['certs/locked.pem'] };
  const { profile } = await resolved(inFile('', { files, flags, env: { CPC_TLS_PASSPHRASE: 'open sesame' } }));
  expect(profile.tls.passphrase).toBe('open sesame');
});

test.each([
  [{ 'tls-cert': 'cert.pem' }, 'tls.key: expected a file, since tls.cert is given, came nothing.'],
  [{ 'tls-key': 'key.pem' }, 'tls.cert: expected a file, since tls.key is given, came nothing.'],
  [
    { 'tls-ca': 'text.pem' },
    '--tls-ca: expected certificates in PEM, -----BEGIN CERTIFICATE-----, came "/home/someone/certs/text.pem", which holds none that can be read.',
  ],
  [
    { 'tls-ca': 'broken.pem' },
    '--tls-ca: expected certificates in PEM, -----BEGIN CERTIFICATE-----, came "/home/someone/certs/broken.pem", which holds none that can be read.',
  ],
  [
    { 'tls-cert': 'cert.pem', 'tls-key': 'text.pem' },
    '--tls-key: expected a private key in PEM, came "/home/someone/certs/text.pem", which holds none that can be read.',
  ],
  [
    { 'tls-cert': 'cert.pem', 'tls-key': 'another.pem' },
    '--tls-key: expected the private key of the certificate in tls.cert, came the key of another.',
  ],
  [
    { 'tls-cert': 'cert.pem', 'tls-key': 'locked.pem' },
    '--tls-key: expected a private key in PEM, came "/home/someone/certs/locked.pem", which is locked; ' +
      'give the right passphrase in CPC_TLS_PASSPHRASE or tls.passphrase of the profile.',
  ],
  [
    { 'tls-ca': 'none.pem' },
    '--tls-ca: expected a file that can be read, came "/home/someone/certs/none.pem": the path does not exist (ENOENT).',
  ],
])('%j', async (paths, sentence) => {
  const flags = Object.fromEntries(Object.entries(paths).map(([flag, path]) => [flag, [`certs/${path}`]]));
  expect(await sentencesOf(inFile('', { files, flags }))).toEqual([sentence]);
});

test('a wrong passphrase is not repeated', async () => {
  const flags = { 'tls-cert': ['certs/cert.pem'], 'tls-key': ['certs/locked.pem'] };
  const sentences = await sentencesOf(inFile('', { files, flags, env: { CPC_TLS_PASSPHRASE: 'hunter2' } }));
  expect(sentences).toHaveLength(1);
  expect(sentences.join()).not.toContain('hunter2');
});
