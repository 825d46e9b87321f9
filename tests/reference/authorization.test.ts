import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Sandbox } from './sandbox.ts';
import { fetchToken, openSandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await openSandbox({ tokenSeconds: 1 });
});
afterAll(() => sandbox.end());

const customer = crypto.randomUUID();

interface TokenAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly content: Record<string, unknown>;
}

async function ask(form: string | Record<string, string>, headers: Record<string, string> = {}, query = ''): Promise<TokenAnswer> {
  const { clientId, clientSecret, tokenUrl } = sandbox.reference;
  const filled = typeof form === 'string' ? form : String(new URLSearchParams(form));
  const body = filled.replace('ID', clientId).replace('SECRET', clientSecret);
  const answer = await fetch(tokenUrl + query, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  });
  return { status: answer.status, headers: answer.headers, content: (await answer.json()) as Record<string, unknown> };
}

const good = 'grant_type=client_credentials&client_id=ID&client_secret=SECRET';

describe('the token endpoint', () => {
  test('gives a bearer token that is not to be kept', async () => {
    for (const form of [good, `${good}&scope=products&unknown=1`, `${good}&scope=`]) {
      const { status, headers, content } = await ask(form);
      expect(status).toBe(200);
      expect(content).toEqual({ access_token: expect.any(String) as string, token_type: 'Bearer', expires_in: 1 });
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('pragma')).toBe('no-cache');
      expect(headers.get('date')).not.toBeNull();
    }
  });

  test('takes HTTP Basic, with percent-encoding and any letters of the scheme', async () => {
    const { clientId, clientSecret } = sandbox.reference;
    const encoded = Buffer.from(`%73${clientId.slice(1)}:${clientSecret}`).toString('base64');
    const answer = await ask('grant_type=client_credentials', { authorization: `basic ${encoded}` });
    expect(answer.status).toBe(200);
  });

  test.each([
    ['grant_type missing', 'client_id=ID&client_secret=SECRET', 400, 'invalid_request'],
    ['grant_type empty', 'grant_type=&client_id=ID&client_secret=SECRET', 400, 'invalid_request'],
    ['grant_type unknown', 'grant_type=password&client_id=ID&client_secret=SECRET', 400, 'unsupported_grant_type'],
    ['grant_type twice', `${good}&grant_type=client_credentials`, 400, 'invalid_request'],
    ['an unknown parameter twice', `${good}&a=1&a=2`, 400, 'invalid_request'],
    ['a wrong secret', 'grant_type=client_credentials&client_id=ID&client_secret=wrong', 401, 'invalid_client'],
    ['no secret', 'grant_type=client_credentials&client_id=ID', 401, 'invalid_client'],
    ['an unknown client', 'grant_type=client_credentials&client_id=nobody&client_secret=SECRET', 401, 'invalid_client'],
    ['nothing', '', 400, 'invalid_request'],
  ])('%s', async (_name, form, status, error) => {
    const answer = await ask(form);
    expect([answer.status, answer.content.error]).toEqual([status, error]);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('www-authenticate')?.startsWith('Basic ') ?? false).toBe(status === 401);
  });

  test('refuses Basic credentials that are wrong with a Basic challenge, and two ways at once', async () => {
    const wrong = await ask('grant_type=client_credentials', { authorization: `Basic ${Buffer.from('sandbox:wrong').toString('base64')}` });
    expect([wrong.status, wrong.content.error, wrong.headers.get('www-authenticate')?.slice(0, 6)]).toEqual([
      401,
      'invalid_client',
      'Basic ',
    ]);
    const both = await ask(good, { authorization: `Basic ${Buffer.from('sandbox:x').toString('base64')}` });
    expect([both.status, both.content.error]).toEqual([400, 'invalid_request']);
  });

  test('does not read credentials in the URL, nor other media types, nor other methods', async () => {
    const { clientId, clientSecret, tokenUrl } = sandbox.reference;
    const query = `?client_id=${clientId}&client_secret=${clientSecret}`;
    expect((await ask('grant_type=client_credentials', {}, query)).content.error).toBe('invalid_client');
    expect((await ask(good, { 'content-type': 'application/json' })).content.error).toBe('invalid_request');
    const get = await fetch(tokenUrl + query);
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});

describe('bearer tokens', () => {
  const calls = [
    ['GET', `/customers/${customer}/products`],
    ['POST', `/customers/${customer}/products`],
    ['GET', '/products/x'],
    ['PATCH', `/products/${crypto.randomUUID()}`],
  ] as const;

  test.each(calls)('%s %s is refused without a good one, whatever else is wrong', async (method, path) => {
    const token = await fetchToken(sandbox.reference);
    const changed = (token[4] === 'a' ? 'b' : 'a') + token.slice(1);
    for (const [authorization, error] of [
      [undefined, false],
      [`Basic ${token}`, false],
      ['Bearer never-issued', true],
      [`Bearer ${changed}`, true],
      [`Bearer ${token} ${token}`, true],
      ['Bearer', true],
    ] as const) {
      const answer = await sandbox.call(method, path, { headers: { authorization, 'requestor-id': undefined } });
      expect(answer.status).toBe(401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer realm="/);
      expect(/error="invalid_token"/.test(String(answer.headers['www-authenticate']))).toBe(error);
    }
  });

  test('the scheme is matched in any case, and a token ends when it says', async () => {
    const token = await fetchToken(sandbox.reference);
    const headers = { authorization: `bEARER ${token}` };
    const path = `/customers/${customer}/products`;
    expect((await sandbox.call('GET', path, { headers })).status).toBe(200);
    await expect.poll(async () => (await sandbox.call('GET', path, { headers })).status, { timeout: 3000, interval: 50 }).toBe(401);
    await fetchToken(sandbox.reference);
    expect((await sandbox.call('GET', path, { headers })).status).toBe(401);
  });
});
