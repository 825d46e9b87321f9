/** The ways to a target, each gone by a whole run, narrowed, that passes: certificates of both sides, proxy, base path, headers, IPv6, no keep-alive. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ReferenceOptions, startReference } from '../reference/server.ts';
import type { Report } from '../spec/report.ts';
import { run } from './cli/spawned.ts';
import { authority, forAnother, forLocalhost, ofClient } from './zoo/certificates.ts';

let dir = '';
const closing: (() => Promise<unknown>)[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cpc-connections-'));
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

const startBank = async (options: ReferenceOptions = {}) => {
  const bank = await startReference(options);
  closing.push(bank.close);
  return bank;
};

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Octets to and fro between a socket and a port of this machine. */
function pipeTo(socket: Socket, port: number): Socket {
  const other = connect(port, '127.0.0.1');
  other.on('error', () => socket.destroy());
  socket.on('error', () => other.destroy());
  socket.pipe(other).pipe(socket);
  return other;
}

/** Speaks TLS before a server that does not. */
const startTls = (options: TlsOptions, port: number): Promise<number> =>
  listen(createTlsServer(options, (socket) => void pipeTo(socket, port)));

/** Opens ways for whatever name to this machine, and notes for which. */
async function startProxy(): Promise<{ readonly url: string; readonly opened: string[] }> {
  const opened: string[] = [];
  const server = createHttpServer((_, response) => response.writeHead(500).end());
  server.on('connect', (request, socket: Socket, head: Buffer) => {
    opened.push(String(request.url));
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    pipeTo(socket, Number(request.url?.split(':').at(-1))).write(head);
  });
  return { url: `http://127.0.0.1:${await listen(server)}`, opened };
}

function write(name: string, text: string): string {
  const path = join(dir, name);
  writeFileSync(path, text);
  return path;
}

interface Bank {
  readonly clientId: string;
  readonly clientSecret: string;
}

async function runFor(
  { clientId, clientSecret }: Bank,
  url: string,
  flags: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
) {
  const reportDir = join(dir, 'report');
  const credentials = { CPC_CLIENT_ID: clientId, CPC_CLIENT_SECRET: clientSecret, CPC_TOKEN_URL: `${new URL(url).origin}/oauth2/token` };
  const args = [url, '--report-dir', reportDir, '--effort', 'quick', '--only', 'LST-06', ...flags];
  const { status, stdout, stderr } = await run(args, { env: { ...credentials, ...env } });
  const report = JSON.parse(readFileSync(join(reportDir, 'report.json'), 'utf8')) as Report;
  return { status, said: stdout + stderr, report };
}

const passes = ({ status, said, report }: Awaited<ReturnType<typeof runFor>>): void => {
  expect(status, said).toBe(0);
  expect(report.requirements.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(['LST-06 pass']);
  expect(report.products.left).toEqual([]);
};

test('a certificate of an authority of its own', { timeout: 60_000 }, async () => {
  const bank = await startBank();
  const url = `https://localhost:${await startTls(forLocalhost, bank.port)}`;
  passes(await runFor(bank, url, ['--tls-ca', write('ca.pem', authority)]));
  const unknown = await runFor(bank, url);
  expect(unknown.status, unknown.said).toBe(4);
  expect(unknown.said).toContain('tls.ca');
  const unchecked = await runFor(bank, url, ['--insecure']);
  passes(unchecked);
  expect(unchecked.report.verdict).toBe('partial');
  expect(unchecked.said).toContain('--insecure');
});

test('a certificate of ours', { timeout: 60_000 }, async () => {
  const bank = await startBank();
  const url = `https://localhost:${await startTls({ ...forLocalhost, ca: authority, requestCert: true, rejectUnauthorized: true }, bank.port)}`;
  const ca = ['--tls-ca', write('ca.pem', authority)];
  passes(await runFor(bank, url, [...ca, '--tls-cert', write('c.pem', ofClient.cert), '--tls-key', write('k.pem', ofClient.key)]));
  const without = await runFor(bank, url, ca);
  expect(without.status, without.said).toBe(4);
});

test('a proxy, and names that it is not for', { timeout: 60_000 }, async () => {
  const bank = await startBank();
  const proxy = await startProxy();
  const plain = `http://bank.test:${bank.port}`;
  passes(await runFor(bank, plain, [], { HTTP_PROXY: proxy.url, NO_PROXY: 'other.test' }));
  expect(new Set(proxy.opened)).toEqual(new Set([`bank.test:${bank.port}`]));
  proxy.opened.splice(0);
  const past = await runFor(bank, plain, [], { HTTP_PROXY: proxy.url, NO_PROXY: '.test' });
  expect(past.status, past.said).toBe(4);
  expect(proxy.opened).toEqual([]);
  const port = await startTls(forAnother, bank.port);
  const ca = ['--tls-ca', write('ca.pem', authority)];
  passes(await runFor(bank, `https://elsewhere.example:${port}`, ca, { HTTPS_PROXY: proxy.url, NO_PROXY: '' }));
  expect(new Set(proxy.opened)).toEqual(new Set([`elsewhere.example:${port}`]));
});

test('a base path', { timeout: 60_000 }, async () => {
  const bank = await startBank({ basePath: '/partner/v1' });
  passes(await runFor(bank, bank.url));
});

test.runIf(networkInterfaces().lo?.some(({ family }) => family === 'IPv6'))('an address of IPv6', { timeout: 60_000 }, async () => {
  const bank = await startBank({ host: '::1' });
  passes(await runFor(bank, `http://[::1]:${bank.port}`));
});

test('headers of the profile, with every request to the API', { timeout: 60_000 }, async () => {
  const bank = await startBank();
  const heads: string[] = [];
  const front = await listen(
    createServer((socket) => {
      socket.on('data', (chunk) =>
        heads.push(...(chunk.toString('latin1').match(/^[A-Z]+ \/(?:customers|products)[\s\S]*?\r\n\r\n/gmu) ?? [])),
      );
      pipeTo(socket, bank.port);
    }),
  );
  const url = `http://127.0.0.1:${front}`;
  const profile = write('profile.yaml', `target: ${url}\nheaders:\n  X-Partner: partner-of-this-test\n`);
  passes(await runFor(bank, url, ['--profile', profile]));
  expect(heads.length).toBeGreaterThan(5);
  for (const head of heads) expect(head).toContain('\r\nX-Partner: partner-of-this-test\r\n');
});

test('no keep-alive: a connection for each request', { timeout: 60_000 }, async () => {
  const bank = await startBank();
  let [connections, requests] = [0, 0];
  const front = await listen(
    createServer((socket) => {
      let own = 0;
      socket.on('data', (chunk) => {
        own += chunk.toString('latin1').match(/^[A-Z]+ \/\S* HTTP\/1\.1\r$/gmu)?.length ?? 0;
      });
      socket.once('close', () => {
        requests += own;
        if (own > 0) connections += 1;
      });
      pipeTo(socket, bank.port);
    }),
  );
  passes(await runFor(bank, `http://127.0.0.1:${front}`, ['--no-keep-alive']));
  expect(requests).toBeGreaterThan(5);
  expect(connections).toBe(requests);
});
