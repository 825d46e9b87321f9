import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { exchangeRaw, openSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.end());

const imfFixdate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d:\d\d GMT$/;

function request(line: string, fields: readonly string[] = [], content = ''): string {
  const head = ['Host: localhost', `Authorization: Bearer ${sandbox.token}`, `Requestor-ID: ${crypto.randomUUID()}`, ...fields];
  return `${line} HTTP/1.1\r\n${head.join('\r\n')}\r\n\r\n${content}`;
}

function raw(octets: string, until?: RegExp): Promise<string> {
  return exchangeRaw(sandbox.reference.port, octets, until);
}

describe('every answer', () => {
  test('has Date, a length and no leave to be kept', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    const answers = [
      await sandbox.list(customer),
      await sandbox.get(id),
      await sandbox.close(id),
      await sandbox.get('x'),
      await sandbox.call('GET', '/x'),
      await sandbox.call('PUT', `/products/${id}`, { body: '{}' }),
      await sandbox.call('GET', `/products/${id}`, { headers: { authorization: undefined } }),
    ];
    for (const answer of answers) {
      expect(answer.headers.date).toMatch(imfFixdate);
      expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
      expect(answer.headers['cache-control']).toBe('no-store');
    }
  });

  test('to HEAD has the fields of GET and no content', async () => {
    const id = await sandbox.make(crypto.randomUUID());
    const get = await sandbox.get(id);
    const head = await sandbox.call('HEAD', `/products/${id}`);
    expect(head.status).toBe(200);
    expect(head.headers['content-type']).toBe('application/json');
    expect(head.headers['content-length']).toBe(get.headers['content-length']);
    const octets = await raw(request(`HEAD /products/${id}`, ['Connection: close']));
    expect(octets.endsWith('\r\n\r\n')).toBe(true);
  });

  test('to OPTIONS and to methods that are not offered names those that are', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    const list = 'GET, HEAD, POST, OPTIONS';
    const product = 'GET, HEAD, PATCH, OPTIONS';
    for (const [method, path, status, allow] of [
      ['OPTIONS', `/products/${id}`, 204, product],
      ['OPTIONS', `/customers/${customer}/products`, 204, list],
      ['DELETE', `/products/${id}`, 405, product],
      ['PUT', `/products/${id}`, 405, product],
      ['POST', `/products/${id}`, 405, product],
      ['PATCH', `/customers/${customer}/products`, 405, list],
      ['TRACE', `/products/${id}`, 405, product],
    ] as const) {
      const answer = await sandbox.call(method, path);
      expect([answer.status, answer.headers.allow], `${method} ${path}`).toEqual([status, allow]);
    }
    expect((await sandbox.call('OPTIONS', `/products/${id}`)).headers['content-length']).toBeUndefined();
    expect((await sandbox.shown(id)).status).toBe('ACTIVE');
  });
});

describe('what the parser refuses', () => {
  const whole = (octets: string, status: number): void => {
    const [head = '', body = ''] = octets.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(/^Date: (.*)$/m.exec(head)?.[1]?.trim()).toMatch(imfFixdate);
    expect(/^Content-Length: (.*)$/m.exec(head)?.[1]?.trim()).toBe(String(Buffer.byteLength(body)));
    expect(head).toMatch(/^Connection: close/m);
    expect(JSON.parse(body)).toMatchObject({ status, detail: expect.any(String) as string });
  };

  test('is answered whole: nonsense 400, long fields 431, unknown methods 501, half a request 408', async () => {
    whole(await raw('hello\r\n\r\n'), 400);
    whole(await raw(request('GET /products/x', [': no name'])), 400);
    whole(await raw(request('GET /products/x', [`X-Long: ${'x'.repeat(140_000)}`])), 431);
    whole(await raw(request(`BREW /products/${crypto.randomUUID()}`)), 501);
    whole(await raw('CONNECT localhost:80 HTTP/1.1\r\nHost: localhost\r\n\r\n'), 501);
    whole(await raw(request('POST /x', ['Transfer-Encoding: chunked'], 'zz\r\n')), 400);
  });

  test('a request that does not come whole is 408', async () => {
    const impatient = await openSandbox({ requestTimeoutMs: 300 });
    try {
      whole(await exchangeRaw(impatient.reference.port, 'GET /products/x HTTP/1.1\r\nHost: local'), 408);
    } finally {
      await impatient.end();
    }
  });

  test('64 KiB in a header field or in the target get an ordinary answer', async () => {
    const customer = crypto.randomUUID();
    expect((await sandbox.call('GET', `/customers/${customer}/products`, { headers: { 'x-long': 'x'.repeat(65_536) } })).status).toBe(200);
    expect((await sandbox.list(customer, `?x=${'x'.repeat(65_536)}`)).status).toBe(414);
  });

  test('a request without Host is 400 with Date', async () => {
    const answer = await raw('GET /products/x HTTP/1.1\r\nConnection: close\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toMatch(/\r\nDate: /i);
    expect(answer).toMatch(/"detail":"[^"]*Host/);
  });
});

describe('content', () => {
  const body = '{"productCode":"WALLET"}';

  test('in chunks is read like content with a length', async () => {
    const customer = crypto.randomUUID();
    const fields = ['Content-Type: application/json', 'Transfer-Encoding: chunked', 'Connection: close'];
    const chunks = `5\r\n${body.slice(0, 5)}\r\n${(body.length - 5).toString(16)};x=y\r\n${body.slice(5)}\r\n0\r\n\r\n`;
    expect(await raw(request(`POST /customers/${customer}/products`, fields, chunks))).toMatch(/^HTTP\/1\.1 200 /);
    expect(await sandbox.listed(customer)).toHaveLength(1);
  });

  test('that was cut off has no effect', async () => {
    const customer = crypto.randomUUID();
    const octets = request(`POST /customers/${customer}/products`, ['Content-Type: application/json', 'Content-Length: 900'], body);
    await new Promise<void>((resolve) => {
      void import('node:net').then(({ connect }) => {
        const socket = connect(sandbox.reference.port, '127.0.0.1', () => socket.write(octets, () => socket.resetAndDestroy()));
        socket.on('close', () => resolve());
      });
    });
    expect(await sandbox.listed(customer)).toEqual([]);
  });

  test('of a refused request is never taken for the next request', async () => {
    const customer = crypto.randomUUID();
    const fields = ['Content-Type: application/json', `Content-Length: ${body.length}`];
    const refused = `POST /customers/${customer}/products HTTP/1.1\r\nHost: localhost\r\n${fields.join('\r\n')}\r\n\r\n${body}`;
    const next = request(`GET /customers/${customer}/products`, ['Connection: close']);
    const statuses = (await raw(refused + next)).match(/HTTP\/1\.1 \d{3}/g);
    expect(statuses).toEqual(['HTTP/1.1 401', 'HTTP/1.1 200']);
  });

  test('beyond what is kept is 413, and the connection goes on', async () => {
    const customer = crypto.randomUUID();
    const large = 'x'.repeat(30_000_000);
    const fields = ['Content-Type: application/json', `Content-Length: ${large.length}`];
    const next = request(`GET /customers/${customer}/products`, ['Connection: close']);
    const statuses = (await raw(request(`POST /customers/${customer}/products`, fields, large) + next)).match(/HTTP\/1\.1 \d{3}/g);
    expect(statuses).toEqual(['HTTP/1.1 413', 'HTTP/1.1 200']);
  });
});
