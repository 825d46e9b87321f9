import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Profile } from '../../spec/profile.ts';
import { type PreflightStep, runPreflight } from '../../target/preflight.ts';
import { createSession } from '../../target/session.ts';
import { readTlsMaterial } from '../../target/tls-material.ts';
import { type ApiServerOptions, profileFor, type Reply, startApiServer, testSecret } from './api-server.ts';
import { certificate, certificateKey } from './certificate.ts';
import { startSocketServer } from './socket-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const none: Partial<Profile> = { auth: { type: 'none' } };
const customers = [{ customerId: '0b1e3a54-7c1d-4d7e-9a57-1f9f2f6d0a01' }];

/** Runs the preflight; what it yielded and what it threw. */
const fly = async (profile: Profile, insecure = false) => {
  const session = createSession({ profile, runId: 'r', tls: await readTlsMaterial(profile.tls, insecure) });
  closing.push(() => session.close());
  const steps: PreflightStep[] = [];
  let thrown: unknown;
  try {
    for await (const step of runPreflight(session, profile, new AbortController().signal)) steps.push(step);
  } catch (error) {
    thrown = error;
  }
  return { steps, thrown, outcomes: steps.map(({ name, outcome }) => `${name} ${outcome}`) };
};
const flyTo = async (answer: NonNullable<ApiServerOptions['answer']>, more: Partial<Profile> = none) => {
  const server = await startApiServer({ answer, needsToken: more.auth?.type !== 'none' });
  closing.push(() => server.close());
  return { server, ...(await fly(profileFor(server.origin, more))) };
};
const always = (reply: Reply) => (): Reply => reply;

describe('the preflight', () => {
  it('goes a line a step on a target that is well', async () => {
    const { steps, thrown, server } = await flyTo(always({ status: 200, body: [{}, {}] }), {});
    expect(thrown).toBeUndefined();
    expect(steps).toEqual([
      { name: 'name', outcome: 'ok', detail: '127.0.0.1 is an address' },
      { name: 'connection', outcome: 'ok', detail: expect.stringMatching(/^connected to 127\.0\.0\.1:\d+ in \d+ ms$/) },
      { name: 'TLS', outcome: 'skipped', detail: 'target is an http address' },
      { name: 'token', outcome: 'ok', detail: `given by ${server.origin}/token` },
      { name: 'list', outcome: 'ok', detail: 'status 200, 2 products' },
    ]);
  });

  it.each<[string, Reply, Partial<Profile>?]>([
    ['200 {}', { status: 200, body: {} }],
    ['200 with text', { status: 200, headers: { 'Content-Type': 'text/plain' }, body: 'ok' }],
    ['200 without content', { status: 200 }],
    ['204', { status: 204 }],
    ['404 for an invented customer', { status: 404, body: { title: 'no such customer' } }],
    ['404 for a given one', { status: 404, body: {} }, { ...none, customers }],
    ['400', { status: 400, body: {} }],
  ])('lets through what the suite has to judge: %s', async (_, reply, more = none) => {
    expect((await flyTo(always(reply), more)).thrown).toBeUndefined();
  });

  it('lets through 403 for an unknown customer, but not 403 for everything', async () => {
    const answer = ({ url }: { url: string }): Reply =>
      url.startsWith('/customers/') ? { status: 403, body: {} } : { status: 404, body: {} };
    expect((await flyTo(answer)).thrown).toBeUndefined();
    const { thrown } = await flyTo(always({ status: 403, body: {} }));
    expect(thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringMatching(/step "list": status 403 to .* a path that does not exist; check what the client may do/),
    });
  });

  it.each<[string, Reply, Partial<Profile>, RegExp]>([
    [
      '401 without credentials',
      { status: 401, body: { title: 'who?' } },
      none,
      /answered 401: \{"title":"who\?"\}; it wants credentials: set CPC_CLIENT_ID \(--client-id\), CPC_CLIENT_SECRET and --token-url\.$/,
    ],
    ['401 to a token', { status: 401 }, {}, /answered 401; the token it was shown is not accepted: check auth\.tokenUrl/],
    ['429 for ever', { status: 429 }, none, /answered 429; it is too busy for a single list/],
    ['429 for an hour', { status: 429, headers: { 'Retry-After': '3600' } }, none, /answered 429; it is too busy/],
    ['500', { status: 500, body: 'oops' }, none, /answered 500: oops; the target itself fails/],
    ['503', { status: 503 }, none, /answered 503; the target itself fails/],
    [
      'a redirect',
      { status: 302, headers: { Location: 'https://login.example/x' } },
      none,
      /answered 302 to https:\/\/login\.example\/x; redirects are not followed/,
    ],
    [
      'HTML by its type',
      { status: 200, headers: { 'Content-Type': 'text/html' }, body: 'hello' },
      none,
      /answered 200 with a page of HTML; that is no API: check host and path/,
    ],
    [
      'HTML by its look',
      { status: 404, headers: { 'Content-Type': 'text/plain' }, body: '\n<!DOCTYPE html><p>' },
      none,
      /answered 404 with a page of HTML/,
    ],
  ])('ends at %s', async (_, reply, more, message) => {
    const began = performance.now();
    const { outcomes, thrown } = await flyTo(always(reply), more);
    expect(outcomes.at(-1)).toBe('list failed');
    expect(thrown).toMatchObject({ exitStatus: 4, message: expect.stringMatching(message) });
    expect(performance.now() - began).toBeLessThan(5500);
  });

  it('does not end over one bad moment', async () => {
    const answer = (_: unknown, number: number): Reply =>
      number === 1 ? { status: 503 } : number === 2 ? { status: 429, headers: { 'Retry-After': '1' } } : { status: 200, body: [] };
    expect((await flyTo(answer)).thrown).toBeUndefined();
  });

  it('ends at a closed port', async () => {
    const server = await startApiServer();
    await server.close();
    const { outcomes, thrown } = await fly(profileFor(server.origin));
    expect(outcomes).toEqual(['name ok', 'connection failed']);
    expect(thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringMatching(
        /step "connection": no connection to 127\.0\.0\.1:\d+: the connection was refused \(ECONNREFUSED\); start the target/,
      ),
    });
  });

  it('ends at a name that does not exist', async () => {
    const { outcomes, thrown } = await fly(profileFor('http://name.invalid:1'));
    expect(outcomes).toEqual(['name failed']);
    expect(thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringMatching(/step "name": name\.invalid cannot be resolved: .*; check the spelling of target/),
    });
  });

  it('ends at silence, in the time given', async () => {
    const server = await startSocketServer(() => {});
    closing.push(() => server.close());
    const began = performance.now();
    const { outcomes, thrown } = await fly(profileFor(server.origin, { ...none, timeouts: { requestMs: 300 } }));
    expect(outcomes.at(-1)).toBe('list failed');
    expect(thrown).toMatchObject({ exitStatus: 4, message: expect.stringContaining('There was no answer within') });
    expect(performance.now() - began).toBeLessThan(1500);
  });

  it('ends at a server that hangs up, and at one that speaks something else', async () => {
    const server = await startSocketServer((_, socket) => socket.destroy());
    closing.push(() => server.close());
    expect((await fly(profileFor(server.origin, none))).thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringContaining('The connection ended before the answer began'),
    });
    const other = await startSocketServer(() => {}, { onConnection: (socket) => socket.write('SSH-2.0-OpenSSH\r\n') });
    closing.push(() => other.close());
    expect((await fly(profileFor(other.origin, none))).thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringMatching(/; check that target is the address of an HTTP server\.|; look at the logs/),
    });
  });

  it.each<[string, Reply | 'silence', RegExp]>([
    [
      'refuses',
      { status: 401, body: { error: 'invalid_client', secret: testSecret } },
      /gave status 401: .*invalid_client.*«redacted:client-secret#1».*; check auth\.clientId, auth\.clientSecret/,
    ],
    ['fails', { status: 500 }, /gave status 500 without content; the token endpoint itself fails/],
    ['shows a page', { status: 200, body: '<html>' }, /gave status 200: <html>; check that auth\.tokenUrl \(--token-url\)/],
    ['is not there', { status: 404 }, /gave status 404 without content; check that auth\.tokenUrl/],
    ['is too busy', { status: 429 }, /no token from .* within 700 ms|gave status 429/],
    ['says nothing', 'silence', /no token from .* within 700 ms; |no answer within 700 ms/],
  ])('ends at a token endpoint that %s', async (_, reply, message) => {
    const server = reply === 'silence' ? await startSocketServer(() => {}) : await startApiServer({ answerToken: () => reply });
    closing.push(() => server.close());
    const { outcomes, thrown, steps } = await fly(profileFor(server.origin, { timeouts: { requestMs: 700 } }));
    expect(outcomes.at(-1)).toBe('token failed');
    expect(thrown).toMatchObject({ exitStatus: 4, message: expect.stringMatching(message) });
    expect(String(thrown) + JSON.stringify(steps)).not.toContain(testSecret);
  });
});

describe('the preflight over TLS', () => {
  const startTls = async (host = '127.0.0.1'): Promise<string> => {
    const server = createTlsServer({ cert: certificate, key: certificateKey }, (_, response) => response.end('[]'));
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    closing.push(() => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    });
    return `https://${host === '127.0.0.1' ? 'localhost' : host}:${portOf(server)}`;
  };
  const portOf = (server: Server): number => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  const keep = (content: string): string => {
    const folder = mkdtempSync(join(tmpdir(), 'preflight-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'ca.pem'), content);
    return join(folder, 'ca.pem');
  };

  it('does not trust a certificate nobody vouches for', async () => {
    const { outcomes, thrown } = await fly(profileFor(await startTls(), none));
    expect(outcomes).toEqual(['name ok', 'connection ok', 'TLS failed']);
    expect(thrown).toMatchObject({
      exitStatus: 4,
      message: expect.stringMatching(/step "TLS": .*self-signed.*; give the authority that signed it with tls\.ca, or .*--insecure/),
    });
  });

  it('trusts the authority of the profile', async () => {
    const { steps, thrown } = await fly(profileFor(await startTls(), { ...none, tls: { ca: keep(certificate) } }));
    expect(thrown).toBeUndefined();
    expect(steps[2]).toMatchObject({
      name: 'TLS',
      detail: expect.stringMatching(/^TLSv1\.3, certificate of localhost, valid to .*21\d\d/),
    });
    expect(steps[4]).toMatchObject({ name: 'list', detail: 'status 200, 0 products' });
  });

  it.runIf(process.platform === 'linux')('checks the name all the same', async () => {
    const { thrown } = await fly(profileFor(await startTls('127.0.0.2'), { ...none, tls: { ca: keep(certificate) } }));
    expect(thrown).toMatchObject({ message: expect.stringMatching(/step "TLS": .*127\.0\.0\.2.*; the certificate is for another name/) });
  });

  it('does without the check when told, and says so', async () => {
    const { steps, thrown } = await fly(profileFor(await startTls(), none), true);
    expect(thrown).toBeUndefined();
    expect(steps[2]?.detail).toContain('not verified (--insecure)');
  });

  it('ends at a server that does not speak TLS', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => server.close(resolve)));
    const { outcomes } = await fly(profileFor(`https://127.0.0.1:${portOf(server)}`, none));
    expect(outcomes.at(-1)).toBe('TLS failed');
  });
});
