import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { renderScript } from '../../reports/curl.ts';
import { shellExpression, shellWord, shellWriter } from '../../reports/shell-text.ts';
import type { Exchange } from '../../spec/journal.ts';
import type { Report } from '../../spec/report.ts';
import { bodyOf, customer, exchange, otherCustomer, product, productOne, productTwo, target } from './sample-exchanges.ts';
import { finding, hostile, nonConformant } from './sample-records.ts';
import { type SmallBank, startSmallBank } from './small-bank.ts';

const run = promisify(execFile);
let bank: SmallBank | undefined;

afterEach(async () => {
  await bank?.close();
  bank = undefined;
});

function scriptOf(exchanges: readonly Exchange[], changes: Partial<Report> = {}): string {
  const ids = exchanges.map(({ id }) => id);
  const report = { ...nonConformant.report, ...changes };
  return renderScript(report, finding('CLS-01#1', 'm', { exchanges: ids }), new Map(exchanges.map((one) => [one.id, one])))!;
}

/** Runs a script as someone would who only has a shell: nothing in the environment but what is given. */
async function perform(script: string, env: Readonly<Record<string, string>>): Promise<string> {
  const { stdout, stderr } = await run('sh', ['-c', script], { env: { PATH: process.env.PATH, ...env }, maxBuffer: 64 * 1024 * 1024 });
  expect(stderr).toBe('');
  return stdout;
}

function environment(server: SmallBank): Record<string, string> {
  return { TARGET: server.url, TOKEN_URL: `${server.url}/oauth2/token`, CLIENT_ID: 'me', CLIENT_SECRET: server.secret };
}

test('every script of the samples is valid sh', async () => {
  for (const sample of [nonConformant, hostile]) {
    for (const one of sample.report.requirements.flatMap((row) => row.findings)) {
      const script = renderScript(sample.report, one, sample.evidence);
      if (script !== undefined) {
        await run('sh', ['-n', '-c', script]);
      }
    }
  }
  expect(renderScript(nonConformant.report, finding('CLS-01#1', 'm', { exchanges: ['none'] }), nonConformant.evidence)).toBeUndefined();
});

test('a script gets its token, makes its own customer and products, and closes what it made', async () => {
  bank = await startSmallBank();
  const one = nonConformant.report.requirements.flatMap((row) => row.findings).find(({ id }) => id === 'FLT-03#1')!;
  const script = renderScript(nonConformant.report, one, nonConformant.evidence)!;
  const output = await perform(script, environment(bank));

  const [tokenRequest, ...calls] = bank.asked;
  expect(tokenRequest).toMatchObject({ method: 'POST', path: '/oauth2/token' });
  const [first, second] = bank.made;
  const fresh = /^\/customers\/([^/]+)\/products$/.exec(calls[0]!.path)![1]!;
  expect(fresh).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(fresh).not.toBe(customer);
  expect(calls.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
    ['POST', `/customers/${fresh}/products`, '{"productCode":"BALANCE_ACCOUNT"}'],
    ['POST', `/customers/${fresh}/products`, '{"productCode":"WALLET"}'],
    ['PATCH', `/products/${first}`, '{"status":"CLOSED"}'],
    ['GET', `/customers/${fresh}/products?status=ACTIVE`, ''],
    ['PATCH', `/products/${first}`, '{"status":"CLOSED"}'],
    ['PATCH', `/products/${second}`, '{"status":"CLOSED"}'],
  ]);
  for (const { headers } of calls) {
    expect(headers.authorization).toBe(`Bearer ${bank.token}`);
    expect(headers.traceparent).toBeUndefined();
  }
  expect(calls[0]!.headers['content-type']).toBe('application/json');
  expect(output).toContain('4. then  200, 2 products: p1 CLOSED, p2 ACTIVE\n4. now   200 [{"customerProductId":');
});

test('a token that is given is used, and a customer too', async () => {
  bank = await startSmallBank();
  const script = scriptOf([exchange({ id: '1', intent: { operation: 'list', customer } })]);
  await perform(script, { TARGET: bank.url, TOKEN: 'mine', CUSTOMER_A: otherCustomer });
  expect(bank.asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    [`/customers/${otherCustomer}/products`, 'Bearer mine'],
  ]);
});

test('without a way to a token it says what to set', async () => {
  const script = scriptOf([exchange({ id: '1', intent: { operation: 'list', customer } })]);
  await expect(run('sh', ['-c', script], { env: { PATH: process.env.PATH } })).rejects.toMatchObject({
    code: 2,
    stderr: 'Set TOKEN, or TOKEN_URL, CLIENT_ID and CLIENT_SECRET.\n',
  });
});

test('customers of the profile are used as they are', () => {
  const script = scriptOf([exchange({ id: '1', intent: { operation: 'list', customer } })], {
    profile: { customers: [{ customerId: customer }] },
  });
  expect(script).toContain(`[ -n "$CUSTOMER_A" ] || CUSTOMER_A=${customer}\n`);
});

test('what overlapped overlaps again, what came after comes after, and an IBAN is asked of its product', async () => {
  bank = await startSmallBank(150);
  const iban = 'NL91ABNA0417164300';
  const script = scriptOf([
    exchange({ id: '1', intent: { operation: 'create', customer, code: 'WALLET' }, answer: { customerProductId: productOne }, at: 0 }),
    exchange({ id: '2', intent: { operation: 'close', product: productOne }, at: 10, took: 10 }),
    exchange({
      id: '3',
      intent: { operation: 'get', product: productOne },
      answer: product(productOne, 'ACTIVE', { accountData: { iban } }),
      at: 11,
      took: 3,
    }),
    exchange({ id: '4', intent: { operation: 'get', product: productOne }, answer: product(productOne, 'CLOSED'), at: 15, took: 3 }),
    exchange({ id: '5', intent: { operation: 'list', customer, filters: [['iban', iban]] }, answer: [], at: 30 }),
  ]);
  await perform(script, environment(bank));
  const [id] = bank.made;
  const calls = bank.asked.filter(({ path }) => path !== '/oauth2/token');
  const [, close, ...gets] = calls
    .toSorted((a, b) => a.method.localeCompare(b.method) || a.beganAt - b.beganAt)
    .filter(({ path }) => path.includes(id!))
    .toReversed();
  expect([close!.method, ...gets.map(({ method }) => method)]).toEqual(['PATCH', 'GET', 'GET', 'GET']);
  const [ibanRead, later, earlier] = gets;
  expect(earlier!.beganAt).toBeLessThan(close!.endedAt);
  expect(later!.beganAt).toBeGreaterThanOrEqual(earlier!.endedAt);
  expect(ibanRead!.beganAt).toBeGreaterThan(later!.endedAt);
  const list = calls.find(({ path }) => path.includes('?'))!;
  expect(list.path).toMatch(new RegExp(`^/customers/[^/]+/products\\?iban=NL${id!.slice(0, 8)}$`));
});

test('a pause of the run is a pause of the script', () => {
  const script = scriptOf([
    exchange({ id: '1', intent: { operation: 'list', customer }, at: 0 }),
    exchange({ id: '2', intent: { operation: 'list', customer }, at: 400 }),
    exchange({ id: '3', intent: { operation: 'list', customer }, at: 1_700 }),
    exchange({ id: '4', intent: { operation: 'list', customer }, at: 90_000 }),
  ]);
  expect(script.match(/^sleep \d+$/gm)).toEqual(['sleep 2', 'sleep 10']);
});

test('odd content, headers and methods arrive octet by octet', async () => {
  bank = await startSmallBank();
  const contents = [
    ...[
      '',
      '{"a":"b"}',
      'it\'s `id` $(id) $HOME \\ "quoted" !!',
      '@/etc/passwd',
      'line\nline\n\n',
      '\u0000\u0001\r\t\u001b[31m',
      'Grüße 東京 \u202e',
    ],
    ...['['.repeat(5_000), '{"a":'.repeat(3_000), `"${'x'.repeat(200_000)}"`, '%s %d %%', '-n', '«not a mark', 'x'.repeat(99)],
    ...fc.sample(fc.string({ unit: 'grapheme', maxLength: 300, size: 'large' }), { seed: 7, numRuns: 12 }),
    ...fc.sample(fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) }), { seed: 7, numRuns: 8 }),
  ];
  const exchanges = contents.map((text, index) =>
    exchange({
      id: String(index + 1),
      intent: { operation: 'other' },
      method: index % 2 === 0 ? 'POST' : 'PUT',
      url: `${target}/odd/${index}?q=%C3%A9'"$\`;&a=[1]{2}\\..`,
      body: text,
      headers: [
        ['Content-Type', 'text/x-odd; a="b"'],
        ['X-Odd', `a 'b' "c" $d \`e\` \\f ${index}`],
        ['X-Empty', ''],
        ['X-Long', 'long'.repeat(2_000)],
      ],
    }),
  );
  const octets = Buffer.from([0, 255, 128, 10, 37, 92, 39]);
  const binary = exchange({
    id: String(contents.length + 1),
    intent: { operation: 'other' },
    method: 'POST',
    url: `${target}/binary`,
    body: '',
  });
  const { text: _, ...body } = bodyOf('');
  exchanges.push({
    ...binary,
    request: { ...binary.request, body: { ...body, base64: octets.toString('base64'), octets: octets.length } },
  });

  await perform(scriptOf(exchanges), { TARGET: bank.url, TOKEN: 't' });
  const { asked } = bank;
  expect(asked).toHaveLength(contents.length + 1);
  contents.forEach((text, index) => {
    const { method, path, headers, rawHeaders, body: came } = asked[index]!;
    expect([method, path]).toEqual([index % 2 === 0 ? 'POST' : 'PUT', `/odd/${index}?q=%C3%A9'"$\`;&a=[1]{2}\\..`]);
    expect(came.equals(Buffer.from(text))).toBe(true);
    expect(headers['content-type']).toBe('text/x-odd; a="b"');
    expect(headers['x-odd']).toBe(`a 'b' "c" $d \`e\` \\f ${index}`);
    expect(rawHeaders).toContain('X-Empty');
    expect(headers['x-long']).toBe('long'.repeat(2_000));
  });
  expect(asked.at(-1)!.body.equals(octets)).toBe(true);
});

test('secrets are variables, in the form each place needs, and never arguments', async () => {
  bank = await startSmallBank();
  const probe = { requirement: 'TOK-10', case: 'basic', trial: 't', role: 'odd' } as const;
  const tokenUrl = 'http://127.0.0.1:4010/oauth2/token';
  const secret = '«redacted:client-secret#1»';
  const form = ['content-type', 'application/x-www-form-urlencoded'] as const;
  const script = scriptOf([
    exchange({
      id: '1',
      intent: { operation: 'token', probe },
      url: tokenUrl,
      headers: [form],
      body: `client_secret=${secret}&client_id=suite`,
    }),
    exchange({
      id: '2',
      intent: { operation: 'token', probe },
      url: tokenUrl,
      headers: [['Authorization', `Basic ${secret}`], form],
      body: 'a=b',
    }),
    exchange({ id: '3', intent: { operation: 'list', customer }, headers: [['authorization', 'bearer «redacted:token#2»x']] }),
    exchange({ id: '4', intent: { operation: 'list', customer }, headers: [['Authorization', 'Bearer «redacted:credential#1»']] }),
  ]);
  await perform(script, { ...environment(bank), TOKEN: 'mine' });
  const [byBody, byHeader, spoiled, unknown] = bank.asked;
  expect(new URLSearchParams(byBody!.body.toString()).get('client_secret')).toBe(bank.secret);
  expect(Buffer.from(String(byHeader!.headers.authorization).slice('Basic '.length), 'base64').toString()).toBe(`me:${bank.secret}`);
  expect(spoiled!.headers.authorization).toBe('bearer minex');
  expect(unknown!.headers.authorization).toBe('Bearer not-a-credential');
  for (const call of script.matchAll(/^call [^\n]*(?:\\\n[^\n]*)*/gm)) {
    expect(call[0]).not.toMatch(/\$(?:TOKEN\b|CLIENT_SECRET|BASIC)/);
  }
});

test('a value that is not in the record has to be given', async () => {
  const script = scriptOf([
    exchange({
      id: '1',
      intent: { operation: 'list', customer, filters: [['iban', '«iban#3 valid»']] },
      url: `${target}/customers/${customer}/products?iban=«iban#3 valid»`,
    }),
  ]);
  await expect(run('sh', ['-c', script], { env: { PATH: process.env.PATH, TOKEN: 't' } })).rejects.toMatchObject({
    code: 2,
    stderr: 'Set IBAN_3: its value is not kept in reports.\n',
  });
});

test('what was there before the exchanges is made first, and closed where it was closed', async () => {
  bank = await startSmallBank();
  const script = scriptOf([
    exchange({ id: '1', intent: { operation: 'get', product: productOne }, answer: product(productOne, 'CLOSED') }),
    exchange({
      id: '2',
      intent: { operation: 'list', customer },
      answer: [product(productOne, 'CLOSED'), product(productTwo, 'ACTIVE', { productCode: 'WALLET' })],
    }),
  ]);
  await perform(script, environment(bank));
  const [, ...calls] = bank.asked;
  const [closed, open] = bank.made;
  const list = calls[0]!.path;
  expect(list).toMatch(/^\/customers\/[0-9a-f-]{36}\/products$/);
  expect(calls.map(({ method, path, body }) => [method, path, body.toString()])).toEqual([
    ['POST', list, '{"productCode":"BALANCE_ACCOUNT"}'],
    ['PATCH', `/products/${closed}`, '{"status":"CLOSED"}'],
    ['POST', list, '{"productCode":"WALLET"}'],
    ['GET', `/products/${closed}`, ''],
    ['GET', list, ''],
    ['PATCH', `/products/${open}`, '{"status":"CLOSED"}'],
  ]);
});

test('an id that no answer shows is asked for as it is', () => {
  const script = scriptOf([exchange({ id: '1', intent: { operation: 'get', product: productTwo }, status: 404 })]);
  expect(script).toContain(`[ -n "$PRODUCT_1" ] || PRODUCT_1=${productTwo}\n`);
  expect(script).not.toContain('prepare');
});

test('on customers of the profile nothing is made beforehand', () => {
  const profile = { customers: [{ customerId: customer }] };
  const script = scriptOf([exchange({ id: '1', intent: { operation: 'list', customer }, answer: [product(productOne, 'ACTIVE')] })], {
    profile,
  });
  expect(script).not.toContain('prepare');
});

test('words and writers of the shell give back any text', async () => {
  const texts = fc.sample(fc.string({ unit: 'grapheme-ascii' }), { seed: 3, numRuns: 30 });
  const script = texts
    .map(
      (text) =>
        `printf '%s\\0' ${shellWord(text)}; ${shellWriter([text])}; printf '\\0'; printf '%s\\0' ${shellExpression([text, { variable: 'V' }])}`,
    )
    .join('\n');
  const { stdout } = await run('sh', ['-c', `V=1\n${script}`]);
  expect(stdout.split('\0').slice(0, -1)).toEqual(texts.flatMap((text) => [text, text, `${text}1`]));
});
