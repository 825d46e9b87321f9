import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { Product } from '../../reference/product.ts';
import { startReference } from '../../reference/server.ts';
import { createStore } from '../../reference/store.ts';
import { openSandbox } from './sandbox.ts';

describe('starting', () => {
  test('each server has a port, credentials and products of its own', async () => {
    const [one, other] = await Promise.all([openSandbox(), openSandbox()]);
    try {
      expect(one.reference.port).not.toBe(other.reference.port);
      expect(one.reference.clientSecret).not.toBe(other.reference.clientSecret);
      const id = await one.make(crypto.randomUUID());
      expect((await other.get(id)).status).toBe(404);
      expect((await other.call('GET', `/products/${id}`, { headers: { authorization: `Bearer ${one.token}` } })).status).toBe(401);
    } finally {
      await Promise.all([one.end(), other.end()]);
    }
  });

  test('a base path, credentials and latency are as asked for', async () => {
    const sandbox = await openSandbox({ basePath: '/partner/v1', clientId: 'me', clientSecret: 'a secret & more', latencyMs: 60 });
    try {
      expect(sandbox.reference.url).toMatch(/:\d+\/partner\/v1$/);
      expect(sandbox.reference.tokenUrl).toMatch(/:\d+\/oauth2\/token$/);
      const begin = performance.now();
      expect((await sandbox.list(crypto.randomUUID())).status).toBe(200);
      expect(performance.now() - begin).toBeGreaterThanOrEqual(55);
      const above = await fetch(sandbox.reference.url.replace('/partner/v1', `/products/${crypto.randomUUID()}`), {
        headers: { authorization: `Bearer ${sandbox.token}` },
      });
      expect(above.status).toBe(404);
    } finally {
      await sandbox.end();
    }
  });

  test('a port that is taken and names that are not known are refused', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    await expect(startReference({ port: (taken.address() as AddressInfo).port })).rejects.toThrow(/EADDRINUSE/);
    taken.close();
    await expect(startReference({ variants: ['no-such-variant'] })).rejects.toThrow(/variant.*no-such-variant.*--list/);
  });

  test('faults and variants go together', async () => {
    const sandbox = await openSandbox({ variants: ['ids-in-capitals', 'base-path'], faults: ['close-accepted', 'list-accepted'] });
    try {
      const customer = crypto.randomUUID();
      const id = await sandbox.make(customer);
      expect(id).toBe(id.toUpperCase());
      expect((await sandbox.list(customer)).status).toBe(202);
      expect((await sandbox.close(id)).status).toBe(202);
    } finally {
      await sandbox.end();
    }
  });

  test('an error of the server itself is a bare 500, and told to the host', async () => {
    const told: unknown[] = [];
    const sandbox = await openSandbox({ onError: (error) => told.push(error), variants: ['times-trimmed'] });
    try {
      const id = await sandbox.make(crypto.randomUUID());
      const failing = Date.prototype.toISOString;
      Date.prototype.toISOString = () => {
        throw new Error('a cause that nobody outside sees');
      };
      const answer = await sandbox.get(id).finally(() => {
        Date.prototype.toISOString = failing;
      });
      expect(answer.status).toBe(500);
      expect(answer.text).not.toContain('cause that');
      expect(answer.headers.date).toBeDefined();
      expect(told).toHaveLength(1);
    } finally {
      await sandbox.end();
    }
  });
});

describe('the store', () => {
  const product = (id: string, more: Partial<Product> = {}): Product => ({
    id,
    customer: 'c',
    owner: 'o',
    code: 'WALLET',
    type: 'WALLET',
    status: 'ACTIVE',
    createdOn: 0,
    modifiedOn: 0,
    ...more,
  });

  test('shows the past, the present and what is planned, each at its moment', () => {
    let now = 10;
    const store = createStore(() => now);
    store.insert(product('a', { status: 'PENDING' }));
    store.plan(product('a'), 20);
    expect(store.find('a')?.status).toBe('PENDING');
    expect(store.find('a', 5)).toBeUndefined();
    now = 20;
    expect(store.find('A')?.status).toBe('ACTIVE');
    expect(store.productsOf('C', 15).map((each) => each.status)).toEqual(['PENDING']);
  });

  test('a save cancels what was planned for later', () => {
    let now = 0;
    const store = createStore(() => now);
    store.insert(product('a', { status: 'PENDING' }));
    store.plan(product('a'), 20);
    now = 10;
    store.save(product('a', { status: 'CLOSED' }));
    now = 30;
    expect(store.all().map((each) => each.status)).toEqual(['CLOSED']);
  });
});
