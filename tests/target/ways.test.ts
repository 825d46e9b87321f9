/** The ways to a target: through a proxy, with certificates of both sides, over IPv6; by the client and by raw sockets alike. */
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { TLSSocket } from 'node:tls';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Exchange } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import type { RawOutgoing } from '../../target/outgoing.ts';
import { runPreflight } from '../../target/preflight.ts';
import { createSession } from '../../target/session.ts';
import type { TlsMaterial } from '../../target/tls-material.ts';
import { profileFor } from './api-server.ts';
import { certificate, certificateKey } from './certificate.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closing.splice(0).reverse()) await close();
});

const listen = async (server: Server, host = '127.0.0.1'): Promise<number> => {
  const sockets = new Set<import('node:net').Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** A proxy that opens tunnels, whatever the name, to this machine. */
const startProxy = async (credentials?: string): Promise<{ address: string; opened: string[] }> => {
  const opened: string[] = [];
  const server = createHttpServer((_, response) => response.writeHead(500).end());
  server.on('connect', (request, socket, head) => {
    opened.push(String(request.url));
    const given = request.headers['proxy-authorization'];
    if (credentials !== undefined && given !== `Basic ${Buffer.from(credentials).toString('base64')}`) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const target = connect(Number(request.url?.split(':').at(-1)), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      target.write(head);
      socket.pipe(target).pipe(socket);
    });
    target.on('error', () => socket.destroy());
    socket.on('error', () => target.destroy());
  });
  const port = await listen(server);
  return { address: `http://${credentials === undefined ? '' : `${credentials}@`}127.0.0.1:${port}`, opened };
};

const get: RawOutgoing = { method: 'GET', path: '/x', intent: { operation: 'other' }, campaign: 'test' };
const both = async (origin: string, tls: TlsMaterial = {}): Promise<Exchange[]> => {
  const profile: Profile = profileFor(origin, { auth: { type: 'none' } });
  const session = createSession({ profile, runId: 'r', tls });
  closing.push(() => session.close());
  return [await session.send(get), await session.send(get), ...(await session.sendRaw([get]))];
};
const results = (exchanges: readonly Exchange[]) =>
  exchanges.map(({ answer, failure }) => answer?.body?.text ?? `${failure?.kind}: ${failure?.message}`);

describe('the way to a target', () => {
  it('leads through the proxy of the environment, by a tunnel, for http and https', async () => {
    const { address, opened } = await startProxy('me:p%40ss'.replace('%40', ''));
    vi.stubEnv('http_proxy', address);
    vi.stubEnv('https_proxy', address);
    vi.stubEnv('no_proxy', '');
    const plain = await listen(createHttpServer((request, response) => response.end(`plain ${request.headers.host}`)));
    const secure = await listen(
      createHttpsServer({ cert: certificate, key: certificateKey }, (request, response) => response.end(`secure ${request.headers.host}`)),
    );
    expect(results(await both(`http://api.test:${plain}`))).toEqual(Array(3).fill(`plain api.test:${plain}`));
    expect(results(await both(`https://api.test:${secure}`, { rejectUnauthorized: false }))).toEqual(
      Array(3).fill(`secure api.test:${secure}`),
    );
    // One tunnel for the client, which keeps it, and one for the raw request.
    expect(opened).toEqual([...Array(2).fill(`api.test:${plain}`), ...Array(2).fill(`api.test:${secure}`)]);
  });

  it('checks the certificate behind the proxy too', async () => {
    const { address } = await startProxy();
    vi.stubEnv('https_proxy', address);
    vi.stubEnv('no_proxy', '');
    const secure = await listen(createHttpsServer({ cert: certificate, key: certificateKey }, (_, response) => response.end('x')));
    for (const result of results(await both(`https://api.test:${secure}`, { ca: [certificate] })))
      expect(result).toMatch(/^tls: .*api\.test/);
  });

  it('tells a proxy that does not let us through, without the password', async () => {
    const { address } = await startProxy('me:secret-of-proxy');
    vi.stubEnv('http_proxy', address.replace('secret-of-proxy', 'wrong-of-proxy'));
    vi.stubEnv('no_proxy', '');
    const exchanges = await both('http://api.test:1');
    for (const result of results(exchanges))
      expect(result).toMatch(/^refused: The proxy did not open a way to the target: it answered "HTTP\/1\.1 407 /);
    const profile = profileFor('http://api.test:1', { auth: { type: 'none' } });
    const session = createSession({ profile, runId: 'r' });
    closing.push(() => session.close());
    const steps: string[] = [];
    const flight = async () => {
      for await (const { name, detail } of runPreflight(session, profile, new AbortController().signal)) steps.push(`${name} ${detail}`);
    };
    await expect(flight()).rejects.toMatchObject({ exitStatus: 4 });
    expect(steps.join()).toMatch(/name 127\.0\.0\.1 is an address, the proxy of the environment/);
    expect(JSON.stringify([steps, exchanges])).not.toContain('of-proxy');
  });

  it('shows a certificate of ours where the target wants one', async () => {
    const server = createHttpsServer(
      { cert: certificate, key: certificateKey, ca: certificate, requestCert: true, rejectUnauthorized: true },
      (request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN),
    );
    const origin = `https://localhost:${await listen(server)}`;
    expect(results(await both(origin, { ca: [certificate], cert: certificate, key: certificateKey }))).toEqual(Array(3).fill('localhost'));
    for (const result of results(await both(origin, { ca: [certificate] }))) expect(result).toMatch(/^(tls|cut): /);
  });

  it.runIf(networkInterfaces().lo?.some(({ family }) => family === 'IPv6'))('leads over IPv6', async () => {
    const port = await listen(
      createHttpServer((request, response) => response.end(request.headers.host)),
      '::1',
    );
    expect(results(await both(`http://[::1]:${port}`))).toEqual(Array(3).fill(`[::1]:${port}`));
  });

  it('is tried at every address of a name', async () => {
    const port = await listen(
      createServer((socket) => void socket.end('HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok')),
      '127.0.0.1',
    );
    expect(results(await both(`http://localhost:${port}`))).toEqual(Array(3).fill('ok'));
  });
});
