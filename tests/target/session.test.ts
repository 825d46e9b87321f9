import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Exchange, JournalLine } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import { LimitReached, RunEnded, TargetLost } from '../../target/errors.ts';
import { openJournal } from '../../target/journal.ts';
import type { Outgoing } from '../../target/outgoing.ts';
import { createSession, type SessionOptions } from '../../target/session.ts';
import { type ApiServerOptions, profileFor, startApiServer, testSecret } from './api-server.ts';
import { startSocketServer } from './socket-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const start = async (options: ApiServerOptions = {}, profile: Partial<Profile> = {}, more: Partial<SessionOptions> = {}) => {
  const server = await startApiServer(options);
  closing.push(() => server.close());
  return { server, ...open(server, profile, more) };
};
const open = (server: { origin: string }, profile: Partial<Profile> = {}, more: Partial<SessionOptions> = {}) => {
  const session = createSession({ profile: profileFor(server.origin, profile), runId: 'r-1', ...more });
  closing.push(() => session.close());
  const lines: JournalLine[] = [];
  session.onLine((line) => lines.push(line));
  const exchanges = (): Exchange[] => lines.filter((line) => line.type === 'exchange');
  return { session, lines, exchanges };
};
const list: Outgoing = { method: 'GET', path: '/customers/c1/products', intent: { operation: 'list', customer: 'c1' }, campaign: 'test' };
const create: Outgoing = {
  method: 'POST',
  path: '/customers/c1/products',
  body: '{"productCode":"WALLET"}',
  intent: { operation: 'create', customer: 'c1', code: 'WALLET' },
  campaign: 'test',
};
const statuses = (exchanges: readonly Exchange[]): (string | number | undefined)[] =>
  exchanges.map(({ answer, failure }) => answer?.status ?? failure?.kind);

describe('a session', () => {
  it('gives every request its headers, its token and a trace of its own', async () => {
    const { server, session } = await start({}, { headers: { 'X-Tenant': 't1' } });
    await session.send(list);
    await session.send({ ...create, headers: { 'requestor-id': 'r', 'X-Tenant': null, accept: 'text/plain' } });
    const [first, second] = server.calls;
    expect(first?.headers).toMatchObject({
      accept: 'application/json',
      authorization: 'Bearer token-of-the-test-1',
      'user-agent': expect.stringMatching(/^customer-products-conformance\/\d+\.\d+\.\d+ \(run r-1\)$/),
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
      'x-tenant': 't1',
    });
    expect(second?.headers).toMatchObject({ 'requestor-id': 'r', accept: 'text/plain', 'content-type': 'application/json' });
    expect(second?.headers).not.toHaveProperty('x-tenant');
    expect(first?.headers.traceparent).not.toBe(second?.headers.traceparent);
    expect(server.tokenCalls).toHaveLength(1);
    expect(server.tokenCalls[0]?.headers['user-agent']).toContain('run r-1');
  });

  it('sends below the base path', async () => {
    const server = await startApiServer();
    closing.push(() => server.close());
    const { session } = open(server, { target: `${server.origin}/v2/api`, auth: { type: 'none' } });
    const { request } = await session.send({ ...list, path: '/customers/a%2Fb/products?status=%43LOSED' });
    expect(server.calls[0]?.url).toBe('/v2/api/customers/a%2Fb/products?status=%43LOSED');
    expect(request.url).toBe(`${server.origin}/v2/api/customers/a%2Fb/products?status=%43LOSED`);
  });

  it('writes that a write is sent before it leaves, and hands on what it writes in that order', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'session-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const journal = openJournal(folder);
    closing.push(() => journal.close());
    let seen = '';
    const answer = () => {
      seen = readFileSync(journal.path, 'utf8');
      return { status: 200, body: { customerProductId: 'p1' } };
    };
    const { session, lines } = await start({ answer }, {}, { journal });
    const exchange = await session.send(create);
    const sent = JSON.parse(seen.trimEnd().split('\n').at(-1) ?? '') as JournalLine;
    expect(sent).toMatchObject({
      type: 'sent',
      id: exchange.id,
      method: 'POST',
      url: exchange.request.url,
      intent: create.intent,
      campaign: 'test',
    });
    await session.send(list);
    journal.close();
    const written = readFileSync(journal.path, 'utf8').trimEnd().split('\n');
    expect(written.map((line) => JSON.parse(line))).toEqual(lines);
    expect(lines.map((line) => line.type)).toEqual(['exchange', 'sent', 'exchange', 'exchange']);
    expect(lines.map((line) => ('id' in line ? line.id : ''))).toEqual(['1', '2', '2', '3']);
    expect(written.join('')).not.toMatch(/token-of-the-test|the-secret-of-the-test/);
    expect(exchange.receivedAt).toBeGreaterThan(exchange.sentAt);
  });

  it('puts the shard before the numbers', async () => {
    const { session } = await start({}, { auth: { type: 'none' } }, { idPrefix: '2/' });
    expect((await session.send({ ...list, authorization: null })).id).toBe('2/1');
  });

  it('sends the authorization it is told, and never renews for it', async () => {
    const { server, session, exchanges } = await start();
    await session.send({ ...list, authorization: null });
    await session.send({ ...list, authorization: 'Bearer made-up-by-the-test' });
    expect(server.calls.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer made-up-by-the-test']);
    expect(statuses(exchanges())).toEqual([401, 401]);
    expect(server.tokenCalls).toHaveLength(0);
  });

  it('gives the token in clear to who asks for it only', async () => {
    const { session, exchanges } = await start();
    expect(await session.authorization()).toBe('Bearer token-of-the-test-1');
    expect(await session.otherAuthorization()).toBeUndefined();
    const { token, exchange } = await session.sendToken({
      body: `grant_type=client_credentials&client_secret=${testSecret}`,
      campaign: 'test',
    });
    expect(token).toBe('token-of-the-test-2');
    expect(exchange.answer?.body?.text).toContain('"«redacted:token#2»"');
    expect(JSON.stringify(exchanges())).not.toMatch(/of-the-test/);
    expect(session.redact(`see ${token} and ${testSecret}`)).toBe('see «redacted:token#2» and «redacted:client-secret#1»');
    expect(JSON.stringify(session.redactedProfile)).not.toContain(testSecret);
  });

  it('has a second client with a token of its own', async () => {
    const { server } = await start();
    const profile = profileFor(server.origin);
    if (profile.auth.type !== 'oauth2') throw new Error('unreachable');
    const { session } = open(server, { auth: { ...profile.auth, other: { clientId: 'other', clientSecret: 'other-secret-of-the-test' } } });
    expect(await session.otherAuthorization()).toBe('Bearer token-of-the-test-1');
    expect(server.tokenCalls[0]?.body).toContain('client_id=other');
    expect(await session.authorization()).toBe('Bearer token-of-the-test-2');
  });

  it('keeps to the number of requests at once', async () => {
    let now = 0;
    let most = 0;
    const answer = async () => {
      most = Math.max(most, ++now);
      await new Promise((resolve) => setTimeout(resolve, 5));
      now--;
      return { status: 200, body: [] };
    };
    const { session } = await start({ answer }, { limits: { concurrency: 3 } as Profile['limits'] });
    await Promise.all(Array.from({ length: 30 }, () => session.send(list)));
    expect(most).toBe(3);
  });
});

describe('limits of a run', () => {
  const product = (_: unknown, number: number) => ({ status: 200, body: { customerProductId: `p${number}` } });

  it('are never passed, and leave enough to close what is open', async () => {
    const { server, session } = await start(
      { answer: product, needsToken: false },
      { auth: { type: 'none' }, limits: { requests: 40 } as Profile['limits'] },
    );
    const open: string[] = [];
    for (;;) {
      try {
        const { answer } = await session.send({ ...create, authorization: null });
        open.push(JSON.parse(answer?.body?.text ?? '').customerProductId);
      } catch (error) {
        expect(error).toBeInstanceOf(LimitReached);
        break;
      }
    }
    for (const id of open) {
      const intent = { operation: 'close', product: id, cleanup: true } as const;
      expect(
        (await session.send({ ...create, method: 'PATCH', path: `/products/${id}`, intent, authorization: null })).answer?.status,
      ).toBe(200);
    }
    expect(open.length).toBeGreaterThan(10);
    expect(server.calls.length).toBeLessThanOrEqual(40);
    expect(session.counts).toMatchObject({ requests: server.calls.length, products: open.length });
  });

  it('count products that were created, not those refused', async () => {
    const answer = (call: { method: string }, number: number) =>
      call.method === 'POST' && number % 2 === 0 ? { status: 422, body: {} } : product(call, number);
    const { session, exchanges } = await start(
      { answer, needsToken: false },
      { auth: { type: 'none' }, limits: { products: 5 } as Profile['limits'] },
    );
    await expect(
      (async () => {
        for (;;) await session.send(create);
      })(),
    ).rejects.toMatchObject({ name: 'LimitReached', limit: 'products' });
    expect(statuses(exchanges()).filter((status) => status === 200)).toHaveLength(5);
    expect((await session.send(list)).answer?.status).toBe(200);
  });

  it('hold under concurrency', async () => {
    const { server, session } = await start(
      { answer: product, needsToken: false },
      { auth: { type: 'none' }, limits: { products: 5, requests: 30 } as Profile['limits'] },
    );
    await Promise.allSettled(Array.from({ length: 60 }, () => session.send(create)));
    expect(server.calls).toHaveLength(5);
    await Promise.allSettled(Array.from({ length: 60 }, () => session.send(list)));
    expect(server.calls.length).toBeLessThanOrEqual(30);
  });
});

describe('tokens', () => {
  it('are asked for once by all who wait', async () => {
    const { server, session } = await start();
    await Promise.all(Array.from({ length: 20 }, () => session.send(list)));
    expect(server.tokenCalls).toHaveLength(1);
    expect(server.tokenCalls[0]?.body).toBe(`grant_type=client_credentials&client_id=tester&client_secret=${testSecret}`);
  });

  it('go by Basic where the profile says so', async () => {
    const { server } = await start();
    const auth = {
      type: 'oauth2',
      tokenUrl: `${server.origin}/token?x=1`,
      clientId: 'a b',
      clientSecret: testSecret,
      scope: 's',
      clientAuthentication: 'client_secret_basic',
    } as const;
    const { session, exchanges } = open(server, { auth });
    await session.send(list);
    expect(server.tokenCalls[0]).toMatchObject({
      url: '/token?x=1',
      body: 'scope=s&grant_type=client_credentials',
      headers: { authorization: `Basic ${Buffer.from(`a+b:${testSecret.replaceAll('-', '%2D')}`).toString('base64')}` },
    });
    expect(JSON.stringify(exchanges()[0])).toContain('Basic «redacted:client-secret#1»');
  });

  it('of short life are renewed in time: no request is lost, none refused', async () => {
    const { server, session, exchanges } = await start(
      { tokenMs: 400 },
      { limits: { concurrency: 4, requestsPerSecond: 100 } as Profile['limits'] },
    );
    await Promise.all(Array.from({ length: 150 }, () => session.send(list)));
    expect(statuses(exchanges()).filter((status) => status !== 200)).toEqual([]);
    expect(server.tokenCalls.length).toBeGreaterThanOrEqual(4);
    expect(server.tokenCalls.length).toBeLessThanOrEqual(8);
  });

  it('that the target ends early are renewed once, for all at once', async () => {
    let ended = 0;
    const answer = ({ headers }: { headers: { authorization?: string | undefined } }) =>
      headers.authorization === 'Bearer token-of-the-test-1' && ended++ >= 0 ? { status: 401, body: {} } : { status: 200, body: [] };
    const { server, session, exchanges } = await start({ answer });
    const results = await Promise.all(Array.from({ length: 8 }, () => session.send(list)));
    expect(statuses(results)).toEqual(Array(8).fill(200));
    expect(server.tokenCalls).toHaveLength(2);
    expect(statuses(exchanges()).filter((status) => status === 401)).toHaveLength(8);
  });

  it('are not renewed for ever against a target that always says 401', async () => {
    const { server, session, exchanges } = await start({ answer: () => ({ status: 401, body: {} }) });
    for (let i = 0; i < 20; i++) expect((await session.send(list)).answer?.status).toBe(401);
    expect(server.tokenCalls.length).toBeLessThanOrEqual(4);
    expect(exchanges().length).toBeLessThanOrEqual(28);
  });

  it('are taken from an answer that is a little wrong', async () => {
    for (const body of [
      '{"access_token":"token-odd","expires_in":"3600"}',
      '\uFEFF{"access_token":"token-odd"}',
      'access_token=token-odd&token_type=x',
    ]) {
      const { session } = await start({ answerToken: () => ({ status: 201, headers: { 'Content-Type': 'text/plain' }, body }) });
      expect(await session.authorization()).toBe('Bearer token-odd');
    }
  });

  it('that live shorter than a round trip are used all the same', async () => {
    const { server, session } = await start({ tokenMs: 1, needsToken: false });
    await Promise.all(Array.from({ length: 5 }, () => session.send(list)));
    expect(server.calls).toHaveLength(5);
  });

  it.each([
    [
      { status: 401, body: { error: 'invalid_client', echo: testSecret } },
      /gave status 401: .*invalid_client.*; check auth\.clientId, auth\.clientSecret/,
    ],
    [{ status: 500, body: 'oops' }, /gave status 500: oops; the token endpoint itself fails/],
    [{ status: 200, body: '<html>' }, /gave status 200: <html>; check that auth\.tokenUrl \(--token-url\) is the address/],
    [{ status: 302, headers: { Location: '/x' } }, /gave status 302 without content; /],
  ])('that are refused end the run with a sentence', async (reply, message) => {
    const { session } = await start({ answerToken: () => reply });
    const error = await session.send(list).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ name: 'TokenRefused', exitStatus: 4, message: expect.stringMatching(message) });
    expect(String(error)).not.toContain(testSecret);
  });

  it('survive a token endpoint that stumbles in mid-run', async () => {
    const { session, server } = await start({
      tokenMs: 100,
      answerToken: (_, number) => (number === 2 ? { status: 500, body: {} } : undefined),
    });
    await session.send(list);
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect((await session.send(list)).answer?.status).toBe(200);
    expect(server.tokenCalls).toHaveLength(3);
  });
});

describe('a target that is too busy', () => {
  it('is asked again when it says, by nobody before', async () => {
    const answer = (_: unknown, number: number) =>
      number === 3 ? { status: 429, headers: { 'Retry-After': '1' }, body: {} } : { status: 200, body: [] };
    const { server, session, exchanges } = await start({ answer }, { limits: { concurrency: 2 } as Profile['limits'] });
    const results = await Promise.all(Array.from({ length: 12 }, () => session.send(list)));
    expect(statuses(results)).toEqual(Array(12).fill(200));
    expect(statuses(exchanges().filter(({ intent }) => intent.operation === 'list')).filter((status) => status === 429)).toHaveLength(1);
    const refusedAt = server.calls[2]?.at ?? 0;
    // The one that was under way beside it apart.
    expect(server.calls.slice(4).every(({ at }) => at - refusedAt >= 990)).toBe(true);
    expect(session.counts.busy).toBe(1);
  });

  it('is believed without a time too, for 429 and 503, but not for 502 and 504', async () => {
    const answer = (_: unknown, number: number) =>
      number === 1 ? { status: 503, body: {} } : number === 3 ? { status: 502, body: {} } : { status: 200, body: [] };
    const { session } = await start({ answer, needsToken: false }, { auth: { type: 'none' } });
    expect((await session.send(list)).answer?.status).toBe(200);
    expect((await session.send(list)).answer?.status).toBe(502);
  });

  it('is taken at its word where the request says so, or when it asks for too long', async () => {
    const answer = (_: unknown, number: number) => ({ status: 429, headers: number === 1 ? {} : { 'Retry-After': '3600' }, body: {} });
    const { session, server } = await start({ answer, needsToken: false }, { auth: { type: 'none' } });
    expect((await session.send({ ...list, retry: false })).answer?.status).toBe(429);
    expect((await session.send(list)).answer?.status).toBe(429);
    expect(server.calls).toHaveLength(2);
  });
});

describe('a target that goes away', () => {
  it('ends the run soon, for all lanes', async () => {
    const { server, session } = await start({ needsToken: false }, { auth: { type: 'none' } });
    await session.send(list);
    await server.close();
    const began = performance.now();
    const lane = async (): Promise<unknown> => {
      try {
        for (;;) await session.send(list);
      } catch (error) {
        return error;
      }
    };
    const errors = await Promise.all(Array.from({ length: 8 }, lane));
    expect(errors.every((error) => error instanceof TargetLost)).toBe(true);
    expect(String(errors[0])).toMatch(
      /stopped answering: \d+ requests in a row failed over \d s, the last one with "the connection was refused/,
    );
    expect(performance.now() - began).toBeLessThan(5000);
    expect((await session.send({ ...list, intent: { ...list.intent, cleanup: true } })).failure?.kind).toBe('refused');
  });

  it('is not given up over failures between answers', async () => {
    const server = await startSocketServer((request, socket) =>
      request.includes('/ok') ? socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') : socket.destroy(),
    );
    closing.push(() => server.close());
    const { session } = open(server, { auth: { type: 'none' } });
    for (let i = 0; i < 60; i++) await session.send({ ...list, path: i % 10 === 0 ? '/ok' : '/cut' });
  });
});

describe('the end of a run', () => {
  it('turns away what waits and what comes, lets end what is under way, and lets through what cleans up', async () => {
    const controller = new AbortController();
    let finish = (): void => {};
    const hold = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const answer = async (_: unknown, number: number) => {
      if (number === 1) await hold;
      return { status: 200, body: [] };
    };
    const options = { signal: controller.signal };
    const { server, session } = await start(
      { answer, needsToken: false },
      { auth: { type: 'none' }, limits: { concurrency: 1 } as Profile['limits'] },
      options,
    );
    const underWay = session.send(list);
    const waiting = session.send(list);
    const cleaning = session.send({ ...list, path: '/cleanup', intent: { ...list.intent, cleanup: true } });
    while (server.calls.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(waiting).rejects.toBeInstanceOf(RunEnded);
    await expect(session.send(list)).rejects.toBeInstanceOf(RunEnded);
    finish();
    expect((await underWay).answer?.status).toBe(200);
    expect((await cleaning).answer?.status).toBe(200);
    expect(server.calls.map(({ url }) => url)).toEqual([list.path, '/cleanup']);
  });

  it('cuts off what does not end', async () => {
    const controller = new AbortController();
    const server = await startSocketServer(() => {});
    closing.push(() => server.close());
    const { session } = open(server, { auth: { type: 'none' }, timeouts: { requestMs: 20_000 } }, { signal: controller.signal });
    const underWay = session.send(list);
    while (server.received.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    expect((await underWay).failure?.kind).toBe('aborted');
  });

  it('comes at once when the journal cannot be written', async () => {
    const { server, session } = await start(
      { needsToken: false },
      { auth: { type: 'none' } },
      {
        journal: {
          path: 'x',
          append(line) {
            if (line.type === 'sent') throw new Error('disk full');
          },
          close() {},
        },
      },
    );
    await expect(session.send(create)).rejects.toThrow('disk full');
    await expect(session.send(list)).rejects.toThrow('disk full');
    expect(server.calls).toHaveLength(0);
  });
});
