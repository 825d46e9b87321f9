import { isValidIBAN } from 'ibantools';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';
import type { Sandbox } from './sandbox.ts';
import { fetchToken, openSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox();
});
afterAll(() => sandbox.end());

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

describe('create, get and list', () => {
  test('a created product is open, complete and the same in get and list', async () => {
    const customer = crypto.randomUUID();
    const answer = await sandbox.create(customer, 'BALANCE_ACCOUNT');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/json');
    const id = (answer.json as { customerProductId: string }).customerProductId;
    expect(id).toMatch(uuid);
    const product = await sandbox.shown(id);
    expect(product).toMatchObject({
      customerProductId: id,
      productCode: 'BALANCE_ACCOUNT',
      productType: 'CASH',
      currency: 'EUR',
      status: 'ACTIVE',
    });
    for (const moment of [product.createdOn, product.modifiedOn, product.openedOn]) expect(moment).toMatch(time);
    expect(product).not.toHaveProperty('closedOn');
    expect(product.proxyIds!.every((proxy) => uuid.test(proxy))).toBe(true);
    expect(isValidIBAN(product.accountData!.iban)).toBe(true);
    expect(await sandbox.listed(customer)).toEqual([product]);
  });

  test('a customer without products has an empty list', async () => {
    expect((await sandbox.list(crypto.randomUUID())).json).toEqual([]);
  });

  test('hundreds of products stay listed, each once, each with its own IBAN', async () => {
    const customer = crypto.randomUUID();
    const made = await Promise.all(Array.from({ length: 300 }, (_, index) => sandbox.make(customer, productCodes[index % 4])));
    const listed = await sandbox.listed(customer);
    expect(new Set(listed.map((product) => product.customerProductId))).toEqual(new Set(made));
    expect(listed).toHaveLength(300);
    const ibans = listed.flatMap((product) => product.accountData?.iban ?? []);
    expect(new Set(ibans).size).toBe(75);
    expect(ibans.every((iban) => isValidIBAN(iban))).toBe(true);
  });

  test('ids are found in either letter case, of customers and of products', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer.toUpperCase());
    expect((await sandbox.shown(id.toUpperCase())).customerProductId).toBe(id);
    expect(await sandbox.listed(customer)).toHaveLength(1);
  });

  test('a second client neither sees nor closes the first one’s products', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    const headers = { authorization: `Bearer ${await fetchToken(sandbox.reference, sandbox.reference.other)}` };
    expect((await sandbox.call('GET', `/products/${id}`, { headers })).status).toBe(404);
    expect((await sandbox.call('GET', `/customers/${customer}/products`, { headers })).json).toEqual([]);
    expect((await sandbox.call('PATCH', `/products/${id}`, { headers, body: '{"status":"CLOSED"}' })).status).toBe(404);
    expect((await sandbox.shown(id)).status).toBe('ACTIVE');
  });
});

describe('filters', () => {
  test('each filter and every pair list exactly the products that match', async () => {
    const customer = crypto.randomUUID();
    for (const code of [...productCodes, ...productCodes]) await sandbox.make(customer, code);
    const all = await sandbox.listed(customer);
    for (const product of all.slice(0, 3)) await sandbox.close(product.customerProductId);
    const products = await sandbox.listed(customer);
    for (const type of [undefined, ...productTypes]) {
      for (const code of [undefined, ...productCodes]) {
        for (const status of [undefined, ...statuses]) {
          const query = new URLSearchParams({
            ...(status && { status }),
            ...(type && { productType: type }),
            ...(code && { productCode: code }),
          });
          const expected = products.filter(
            (product) =>
              [undefined, product.productType].includes(type) &&
              [undefined, product.productCode].includes(code) &&
              [undefined, product.status].includes(status),
          );
          expect(await sandbox.listed(customer, `?${query}`), String(query)).toEqual(expected);
        }
      }
    }
  });

  test('an IBAN gives its product, open or closed, and under its own customer only', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer, 'BALANCE_ACCOUNT');
    await sandbox.make(customer, 'BALANCE_ACCOUNT');
    const { iban } = (await sandbox.shown(id)).accountData!;
    await sandbox.close(id);
    expect((await sandbox.listed(customer, `?iban=${iban}`)).map((product) => product.customerProductId)).toEqual([id]);
    expect(await sandbox.listed(crypto.randomUUID(), `?iban=${iban}`)).toEqual([]);
    expect(await sandbox.listed(customer, '?iban=DE89370400440532013000')).toEqual([]);
  });

  test.each(['status=OPEN', 'status=active', 'status=ACTIV', 'productType=', 'productCode=WALLET&productCode=WALLET', 'productType=cash'])(
    '%s is refused with a sentence that says what to do',
    async (query) => {
      const answer = await sandbox.list(crypto.randomUUID(), `?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json).toMatchObject({
        status: 400,
        title: 'Bad Request',
        detail: expect.stringContaining(query.split('=')[0]!) as string,
      });
    },
  );

  test('an unknown parameter is ignored and percent-encoded letters are letters', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    await sandbox.close(id);
    expect(await sandbox.listed(customer, '?page=2&%73tatus=%43LOSED')).toHaveLength(1);
    expect((await sandbox.call('GET', `/%63ustomers/${customer}/product%73`)).json).toHaveLength(1);
  });
});

describe('close', () => {
  test('a close sets status, closedOn and modifiedOn, nothing else, and has no content', async () => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer, 'BALANCE_ACCOUNT');
    const other = await sandbox.shown(await sandbox.make(customer));
    const before = await sandbox.shown(id);
    const answer = await sandbox.close(id);
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(answer.headers['content-type']).toBeUndefined();
    const after = await sandbox.shown(id);
    expect(after.closedOn).toMatch(time);
    expect(after).toEqual({ ...before, status: 'CLOSED', closedOn: after.closedOn, modifiedOn: after.closedOn });
    expect(await sandbox.listed(customer)).toEqual([after, other]);
  });

  test('closing again is accepted and changes nothing', async () => {
    const id = await sandbox.make(crypto.randomUUID());
    await sandbox.close(id);
    const once = await sandbox.shown(id);
    expect((await sandbox.close(id)).status).toBe(200);
    expect(await sandbox.shown(id)).toEqual(once);
  });

  test.each([...statuses.filter((status) => status !== 'CLOSED'), 'closed', 'CLOSE', ''])(
    'status %s is refused and changes nothing',
    async (status) => {
      const id = await sandbox.make(crypto.randomUUID());
      const before = await sandbox.shown(id);
      expect((await sandbox.call('PATCH', `/products/${id}`, { body: JSON.stringify({ status }) })).status).toBe(400);
      expect(await sandbox.shown(id)).toEqual(before);
    },
  );
});

describe('refusals', () => {
  const bodies: [string, string | Buffer, number][] = [
    ['nothing', '', 400],
    ['cut off JSON', '{"status":"CLOSED"', 400],
    ['an array', '[]', 400],
    ['a string', '"CLOSED"', 400],
    ['a number', '7', 400],
    ['null', 'null', 400],
    ['another member', '{"state":"CLOSED"}', 400],
    ['null as status', '{"status":null,"productCode":null}', 400],
    ['a number as status', '{"status":7,"productCode":7}', 400],
    ['an array as status', '{"status":["CLOSED"],"productCode":["WALLET"]}', 400],
    ['a prototype', '{"__proto__":{"status":"CLOSED","productCode":"WALLET"}}', 400],
    ['100,000 levels', `{"status":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400],
    ['a lone surrogate', '{"status":"\\ud800","productCode":"\\ud800"}', 400],
    ['broken UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), 400],
    ['two million characters', JSON.stringify({ status: 'CLOSED', productCode: 'WALLET', more: 'x'.repeat(2_000_000) }), 413],
  ];
  test.each(bodies)('%s in the content of create and close', async (_name, body, status) => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    const before = await sandbox.listed(customer);
    for (const [method, path] of [
      ['POST', `/customers/${customer}/products`],
      ['PATCH', `/products/${id}`],
    ] as const) {
      const answer = await sandbox.call(method, path, { body });
      expect(answer.status).toBe(status);
      expect(answer.json).toMatchObject({ status, detail: expect.any(String) as string });
    }
    expect(await sandbox.listed(customer)).toEqual(before);
  });

  test.each([undefined, '', 'not-a-uuid', '3f2b6c1e-8d4a-4f5b-9c7d-1a2b3c4d5e6g'])('Requestor-ID %s', async (requestor) => {
    const customer = crypto.randomUUID();
    const id = await sandbox.make(customer);
    const headers = { 'requestor-id': requestor };
    expect((await sandbox.call('POST', `/customers/${customer}/products`, { headers, body: '{"productCode":"WALLET"}' })).status).toBe(400);
    expect((await sandbox.call('PATCH', `/products/${id}`, { headers, body: '{"status":"CLOSED"}' })).status).toBe(400);
    expect(await sandbox.listed(customer)).toHaveLength(1);
    expect((await sandbox.shown(id)).status).toBe('ACTIVE');
  });

  test('another media type is 415 and says which one is read', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await sandbox.call('POST', `/customers/${crypto.randomUUID()}/products`, { headers, body: '{"productCode":"WALLET"}' });
    expect(answer.status).toBe(415);
    expect(answer.headers.accept).toBe('application/json');
  });

  test('ids that are no UUID, ids of nobody, and paths of nothing', async () => {
    expect((await sandbox.list('me')).status).toBe(400);
    expect((await sandbox.create('me')).status).toBe(400);
    expect((await sandbox.get('1')).status).toBe(400);
    expect((await sandbox.close('1')).status).toBe(400);
    expect((await sandbox.get(crypto.randomUUID())).status).toBe(404);
    expect((await sandbox.close(crypto.randomUUID())).status).toBe(404);
    expect((await sandbox.call('GET', '/customers')).status).toBe(404);
  });

  test.each([['application/json; charset=UTF-8'], ['Application/JSON;Charset="utf-8"']])('%s is JSON, spelled in any way', async (type) => {
    const id = await sandbox.make(crypto.randomUUID());
    const answer = await sandbox.call('PATCH', `/products/${id}`, {
      headers: { 'content-type': type },
      body: ' {\n"more": {"a":[1,{}]}, "st\\u0061tus" :\t"\\u0043LOSED"} ',
    });
    expect(answer.status).toBe(200);
    expect((await sandbox.shown(id)).status).toBe('CLOSED');
  });

  test('members beyond the document are not taken over', async () => {
    const customer = crypto.randomUUID();
    const body = JSON.stringify({ productCode: 'WALLET', customerProductId: customer, status: 'CLOSED', closedOn: '2020-01-01T00:00:00Z' });
    await sandbox.call('POST', `/customers/${customer}/products`, { body });
    const [product] = await sandbox.listed(customer);
    expect(product).toMatchObject({ status: 'ACTIVE' });
    expect(product).not.toHaveProperty('closedOn');
    expect(product!.customerProductId).not.toBe(customer);
  });
});
