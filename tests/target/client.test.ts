import type { Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import type { Outbound, Outcome } from '../../target/attempt.ts';
import { createClient, type HttpClient } from '../../target/client.ts';
import { proxyFor } from '../../target/proxy.ts';
import { compose, type SocketServer, startSocketServer } from './socket-server.ts';

const limit = 10_000;
const open: (SocketServer | HttpClient)[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.close();
});
const serve = async (...given: Parameters<typeof startSocketServer>): Promise<SocketServer> => {
  const server = await startSocketServer(...given);
  open.push(server);
  return server;
};
const connect = (options: Partial<Parameters<typeof createClient>[0]> = {}): HttpClient => {
  const client = createClient({ keepAlive: true, bodyBytes: limit, ...options });
  open.push(client);
  return client;
};
const get = (server: { origin: string }, more: Partial<Outbound> = {}): Outbound => ({
  method: 'GET',
  origin: server.origin,
  path: '/x',
  headers: [],
  timeoutMs: 2000,
  ...more,
});
/** One exchange with a server that answers every request with these octets, then perhaps hangs up. */
const exchangeWith = async (octets: Buffer | string, more: Partial<Outbound> = {}, then?: (socket: Socket) => void): Promise<Outcome> => {
  const server = await serve((_, socket) => {
    socket.write(octets);
    then?.(socket);
  });
  return connect().exchange(get(server, more));
};

describe('the client', () => {
  it.each([200, 204, 301, 302, 307, 308, 400, 401, 404, 429, 500, 503, 999])('takes status %d as it is, once', async (status) => {
    const server = await serve((_, socket) => socket.write(compose(status, '', { Location: '/elsewhere' })));
    const { answer, failure } = await connect().exchange(get(server));
    expect(failure).toBeUndefined();
    expect(answer?.status).toBe(status);
    expect(server.received).toHaveLength(1);
  });

  it('keeps the header as it came: order, spelling, repetition, octets beyond ASCII', async () => {
    const { answer } = await exchangeWith(
      'HTTP/1.1 200 OK\r\nsEt-CoOkie: a\r\nX-A:  1 \r\nSet-Cookie: b\r\nX-B: \xe9\r\nContent-Length: 0\r\n\r\n'.replace('\xe9', 'é'),
    );
    expect(answer?.headers).toEqual([
      ['sEt-CoOkie', 'a'],
      ['X-A', '1'],
      ['Set-Cookie', 'b'],
      ['X-B', 'Ã©'],
      ['Content-Length', '0'],
    ]);
  });

  it('sends what it is given, with the length of the content', async () => {
    const server = await serve((_, socket) => socket.write(compose(200)));
    await connect().exchange(get(server, { method: 'PATCH', headers: [['X-A', 'b']], body: '{"é":1}' }));
    await connect().exchange(get(server, { method: 'POST', body: '' }));
    expect(server.received[0]).toMatch(/^PATCH \/x HTTP\/1\.1\r\n.*X-A: b\r\n.*content-length: 8\r\n\r\n/is);
    expect(server.received[1]).toMatch(/content-length: 0\r\n\r\n$/i);
  });

  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['br', brotliCompressSync],
    ['deflate', deflateSync],
    ['deflate', deflateRawSync],
    ['deflate, gzip', (text: string) => gzipSync(deflateSync(text))],
    ['identity', (text: string) => Buffer.from(text)],
  ])('decodes %s', async (coding, encode) => {
    const { answer } = await exchangeWith(compose(200, encode('{"a": "é"}'), { 'content-encoding': coding }));
    expect(answer?.content.toString()).toBe('{"a": "é"}');
  });

  it('leaves a coding it does not know as it came, and fails on one that is broken', async () => {
    const unknown = await exchangeWith(compose(200, 'abc', { 'Content-Encoding': 'zstd' }));
    expect(unknown.answer?.content.toString()).toBe('abc');
    const broken = await exchangeWith(compose(200, 'abc', { 'Content-Encoding': 'gzip' }));
    expect(broken.failure).toMatchObject({ kind: 'protocol', message: expect.stringContaining('not valid gzip') });
    const torn = await exchangeWith(compose(200, gzipSync('x'.repeat(999)).subarray(0, 15), { 'Content-Encoding': 'gzip' }));
    expect(torn.failure?.kind).toBe('protocol');
    const many = await exchangeWith(compose(200, 'abc', { 'Content-Encoding': 'gzip, gzip, gzip, gzip' }));
    expect(many.failure?.kind).toBe('protocol');
  });

  it('stops at the limit of content, packed or not, and keeps its beginning', async () => {
    const packed = await exchangeWith(compose(200, gzipSync(Buffer.alloc(50_000_000)), { 'Content-Encoding': 'gzip' }));
    // The packed octets alone are more than the limit, and then those they unpack to.
    expect(packed.answer?.cutOff).toBe(true);
    expect(packed.answer?.content.length).toBe(4096);
    const plain = await exchangeWith(compose(200, 'x'.repeat(limit + 1)));
    expect(plain.answer).toMatchObject({ cutOff: true, status: 200 });
    expect(plain.answer?.content.length).toBe(4096);
    const exact = await exchangeWith(compose(200, 'x'.repeat(limit)));
    expect(exact.answer).toMatchObject({ cutOff: false });
    const endless = await exchangeWith('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n', {}, (socket) => {
      const more = setInterval(() => socket.write(`1000\r\n${'x'.repeat(4096)}\r\n`), 1);
      socket.on('close', () => clearInterval(more));
    });
    expect(endless.answer?.cutOff).toBe(true);
  });

  it('reads less of answers that never have an end', async () => {
    const server = await serve((request, socket) => {
      if (request.startsWith('GET /small')) socket.write(compose(200, 'ok'));
      else socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
      const chunk = Buffer.from(`40000\r\n${'x'.repeat(0x40000)}\r\n`);
      for (let i = 0; i < 4 && !request.startsWith('GET /small'); i++) socket.write(chunk);
    });
    const client = connect({ bodyBytes: 500_000 });
    for (let i = 0; i < 20; i++) expect((await client.exchange(get(server))).answer?.cutOff).toBe(true);
    expect((await client.exchange(get(server))).answer?.cutOff).toBe(true);
    expect((await client.exchange(get(server, { path: '/small' }))).answer).toMatchObject({ cutOff: false });
  });

  it('does not read to the limit what announces that it is longer', async () => {
    let written = 0;
    const server = await serve((_, socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n');
      const more = (): void => {
        written += 65_536;
        if (!socket.destroyed && written < 50_000_000) socket.write(Buffer.alloc(65_536), () => more());
      };
      more();
    });
    const { answer } = await connect({ bodyBytes: 20_000_000 }).exchange(get(server));
    expect(answer?.cutOff).toBe(true);
    expect(answer?.content.length).toBe(4096);
    expect(written).toBeLessThan(15_000_000);
  });

  it.each<[string, string, string]>([
    ['nothing', '', 'There was no answer within 300 ms.'],
    ['half a status line', 'HTTP/1.1 20', 'There was no answer within 300 ms.'],
    ['half a header', 'HTTP/1.1 200 OK\r\nX-A: ', 'There was no answer within 300 ms.'],
    ['half the content', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc', 'of status 200, had not ended within 300 ms; 3 octets'],
  ])('gives up on a target that stalls after %s', async (_, octets, message) => {
    const { failure } = await exchangeWith(octets, { timeoutMs: 300 });
    expect(failure).toMatchObject({ kind: 'timeout', message: expect.stringContaining(message) });
  });

  it('gives up on one octet at a time, and on interim answers without end', async () => {
    const slow = (text: string) => (socket: Socket) => {
      const more = setInterval(() => socket.write(text), 5);
      socket.on('close', () => clearInterval(more));
    };
    const trickle = await exchangeWith('HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n', { timeoutMs: 300 }, slow('x'));
    expect(trickle.failure?.kind).toBe('timeout');
    const interim = await exchangeWith('', { timeoutMs: 300 }, slow('HTTP/1.1 103 Early Hints\r\n\r\n'));
    expect(interim.failure?.kind).toBe('timeout');
  });

  it.each<[string, string]>([
    ['nothing', ''],
    ['half a status line', 'HTTP/1.1 20'],
    ['half a header', 'HTTP/1.1 200 OK\r\nX-A: '],
    ['half the content', 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc'],
    ['half a chunk', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab'],
  ])('tells a connection that ends after %s', async (_, octets) => {
    expect((await exchangeWith(octets, {}, (socket) => socket.end())).failure?.kind).toBe('cut');
    expect((await exchangeWith(octets, {}, (socket) => setTimeout(() => socket.resetAndDestroy(), 20))).failure?.kind).toBe('cut');
  });

  it.each<[string, string, string]>([
    ['HTTP/0.9', '<html>hello</html>', 'protocol'],
    ['nonsense', '\0\x01\x02\x03\r\n\r\n', 'protocol'],
    ['a broken chunk size', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n0\r\n\r\n', 'protocol'],
    ['an unasked 100', 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', 'protocol'],
    ['a header without end', `HTTP/1.1 200 OK\r\n${'X-A: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n'.repeat(4000)}`, 'size'],
  ])('tells %s', async (_, octets, kind) => {
    expect((await exchangeWith(octets, { timeoutMs: 1000 })).failure).toMatchObject({
      kind,
      message: expect.stringMatching(/^[A-Z].*\.$/s),
    });
  });

  it('reads content that ends with the connection', async () => {
    const { answer } = await exchangeWith('HTTP/1.1 200 OK\r\n\r\nabc', {}, (socket) => socket.end());
    expect(answer?.content.toString()).toBe('abc');
  });

  it('tells a closed port and a name that does not exist', async () => {
    const server = await serve(() => {});
    const { origin } = server;
    await server.close();
    expect((await connect().exchange(get({ origin }))).failure).toMatchObject({
      kind: 'refused',
      message: 'the connection was refused (ECONNREFUSED).',
    });
    expect((await connect().exchange(get({ origin: 'http://name.invalid' }))).failure?.kind).toBe('dns');
  });

  it('rejects what is no HTTP request at all, as an error of ours', async () => {
    const server = await serve((_, socket) => socket.write(compose(200)));
    await expect(connect().exchange(get(server, { headers: [['X-A', 'a\r\nb']] }))).rejects.toMatchObject({ exitStatus: 5 });
    await expect(connect().exchange(get(server, { path: '/a b' }))).rejects.toMatchObject({ exitStatus: 5 });
  });

  it('sends nothing when the moment of sending cannot be recorded', async () => {
    const server = await serve((_, socket) => socket.write(compose(200)));
    const client = connect();
    const onSend = (): never => {
      throw new Error('disk full');
    };
    await expect(client.exchange(get(server, { onSend }))).rejects.toThrow('disk full');
    expect((await client.exchange(get(server, { path: '/y' }))).answer?.status).toBe(200);
    expect(server.received.map((request) => request.split(' ')[1])).toEqual(['/y']);
  });

  it('numbers connections, keeps them, and opens its own for a fresh request', async () => {
    const server = await serve((_, socket) => socket.write(compose(200)));
    const client = connect();
    const numbers: (number | undefined)[] = [];
    const onSend = (number: number | undefined) => void numbers.push(number);
    for (const fresh of [false, false, true, false, true]) await client.exchange(get(server, { onSend, fresh }));
    expect(numbers).toEqual([1, 1, 2, 1, 3]);
    expect(server.connections).toBe(3);
    expect(server.received[2]).toMatch(/connection: close/i);
  });

  it('uses each connection once without keep-alive', async () => {
    const server = await serve((_, socket) => socket.write(compose(200)));
    const client = connect({ keepAlive: false });
    for (let i = 0; i < 3; i++) expect((await client.exchange(get(server))).answer?.status).toBe(200);
    expect(server.connections).toBe(3);
    expect(server.received[0]).toMatch(/connection: close/i);
  });

  it('goes on after connections that the target closes between requests', async () => {
    const server = await serve((_, socket) => {
      socket.write(compose(200));
      setImmediate(() => socket.end());
    });
    const client = connect();
    for (let i = 0; i < 20; i++) {
      expect((await client.exchange(get(server))).answer?.status).toBe(200);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  });

  it('stops keeping connections that the target closes after each answer without a word', async () => {
    const server = await serve((_, socket) => {
      socket.end(compose(200));
    });
    const client = connect();
    const kinds: (string | undefined)[] = [];
    for (let i = 0; i < 40; i++) kinds.push((await client.exchange(get(server))).failure?.kind);
    expect(kinds.filter((kind) => kind !== undefined).length).toBeLessThanOrEqual(3);
    expect(kinds.slice(-20)).toEqual(Array(20).fill(undefined));
  });

  it('sends a request never twice, whenever the connection ends', async () => {
    const server = await serve((_, socket, number) => (number === 1 ? socket.write(compose(200)) : socket.destroy()));
    const client = connect();
    const outcomes: Outcome[] = [];
    for (let i = 0; i < 6; i++) outcomes.push(await client.exchange(get(server, { method: 'POST', path: `/${i}`, body: 'x' })));
    const paths = server.received.map((request) => request.split(' ')[1]);
    expect(new Set(paths).size).toBe(paths.length);
    expect(outcomes.map(({ failure }) => failure?.kind)).toEqual([undefined, 'cut', undefined, 'cut', undefined, 'cut']);
    // After the third time, each gets its own connection.
    expect((await client.exchange(get(server, { method: 'POST', path: '/last', body: 'x' }))).answer?.status).toBe(200);
  });

  it('cuts what is under way when told, but what is spared', async () => {
    let release = (): void => {};
    const server = await serve((request, socket) => {
      if (request.startsWith('GET /spared')) release = () => void socket.write(compose(200));
    });
    const client = connect();
    const cut = client.exchange(get(server));
    const spared = client.exchange(get(server, { path: '/spared', isSpared: true }));
    while (server.received.length < 2) await new Promise((resolve) => setImmediate(resolve));
    client.abort();
    expect((await cut).failure?.kind).toBe('aborted');
    release();
    expect((await spared).answer?.status).toBe(200);
  });
});

describe('the choice of a proxy', () => {
  it.each<[string, Record<string, string>, string | undefined]>([
    ['https://api.example', { HTTPS_PROXY: 'http://proxy:3128' }, 'http://proxy:3128/'],
    ['https://api.example', { HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
    ['https://api.example', { http_proxy: 'http://a', https_proxy: 'http://b', HTTPS_PROXY: 'http://c' }, 'http://b/'],
    ['https://api.example', { http_proxy: 'http://a' }, 'http://a/'],
    ['http://api.example', { HTTPS_PROXY: 'http://proxy' }, undefined],
    ['https://127.0.0.1:1', { HTTPS_PROXY: 'http://proxy' }, undefined],
    ['http://[::1]:1', { http_proxy: 'http://proxy' }, undefined],
    ['https://localhost', { HTTPS_PROXY: 'http://proxy' }, undefined],
    ['https://api.example', {}, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'x.y, example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', NO_PROXY: '.example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', NO_PROXY: '*.api.example' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'pi.example' }, 'http://proxy/'],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'api.example:8443' }, 'http://proxy/'],
    ['https://api.example:8443', { HTTPS_PROXY: 'http://proxy', NO_PROXY: 'api.example:8443' }, undefined],
    ['https://api.example', { HTTPS_PROXY: 'http://proxy', no_proxy: '*' }, undefined],
  ])('for %s with %j is %s', (origin, environment, expected) => {
    expect(proxyFor(origin, environment)?.href).toBe(expected);
  });
});
