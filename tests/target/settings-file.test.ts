import { describe, expect, test } from 'vitest';
import { inFile, resolved, sentencesOf, url, uuid } from './resolving.ts';

test('every key of a profile arrives', async () => {
  const text = `
target: https://api.example.com/v1/
auth:
  type: oauth2
  tokenUrl: https://id.example.com/connect/token
  clientId: { env: VENDOR_ID }
  clientSecret: { env: VENDOR_SECRET }
  scope: products
  clientAuthentication: client_secret_basic
  other: { clientId: second, clientSecret: { env: OTHER_SECRET } }
customers:
  - { customerId: ${uuid('a')}, requestorId: ${uuid('b')}, iban: DE02120300000000202051, exclusive: true }
requestorId: ${uuid('c')}
creatable: [BALANCE_ACCOUNT, SAVINGS]
openProductsPerCode: 1
settleMs: 300
clockToleranceMs: 500
limits: { requestsPerSecond: 2.5, concurrency: 2, products: 50, requests: 500, bodyBytes: 2048 }
timeouts: { requestMs: 1000 }
keepAlive: false
redact: [X-Tenant, taxNumber]
allowSecretsInUrl: true
headers: { X-Tenant: acme, X-Api-Key: { env: API_KEY } }
values: { productCode: [SAVINGS], productType: [LOAN], status: [FROZEN] }
waivers:
  - { requirement: flt-04, reason: known since May, until: 2026-12-31 }
`;
  const env = { VENDOR_ID: 'me', VENDOR_SECRET: 's3cret', OTHER_SECRET: 's4cret', API_KEY: 'k3y' };
  const { profile } = await resolved({ flags: { profile: ['p.yaml'] }, files: { 'p.yaml': text }, env });
  expect(profile).toEqual({
    target: 'https://api.example.com/v1',
    auth: {
      type: 'oauth2',
      tokenUrl: 'https://id.example.com/connect/token',
      clientId: 'me',
      clientSecret: 's3cret',
      scope: 'products',
      clientAuthentication: 'client_secret_basic',
      other: { clientId: 'second', clientSecret: 's4cret' },
    },
    customers: [{ customerId: uuid('a'), requestorId: uuid('b'), iban: 'DE02120300000000202051', exclusive: true }],
    requestorId: uuid('c'),
    creatable: ['BALANCE_ACCOUNT', 'SAVINGS'],
    openProductsPerCode: 1,
    settleMs: 300,
    clockToleranceMs: 500,
    limits: { requestsPerSecond: 2.5, concurrency: 2, products: 50, requests: 500, bodyBytes: 2_048 },
    timeouts: { requestMs: 1_000 },
    keepAlive: false,
    // A header whose value comes from a variable is taken for secret.
    redact: ['X-Tenant', 'taxNumber', 'X-Api-Key'],
    allowSecretsInUrl: true,
    tls: {},
    headers: { 'X-Tenant': 'acme', 'X-Api-Key': 'k3y' },
    values: { productCode: ['SAVINGS'], productType: ['LOAN'], status: ['FROZEN'] },
    waivers: [{ requirement: 'FLT-04', reason: 'known since May', until: '2026-12-31' }],
  });
});

test('JSON is read as it is, indented with tabs too, after a byte order mark', async () => {
  const text = `\ufeff${JSON.stringify({ target: url, limits: { concurrency: 3 }, redact: ['a'] }, undefined, '\t')}`;
  const { profile } = await resolved({ flags: { profile: ['p.json'] }, files: { 'p.json': text } });
  expect(profile).toMatchObject({ target: url, limits: { concurrency: 3 }, redact: ['a'] });
});

test.each(['', '# nothing yet\n', '---\n'])('a file without keys is a profile without keys: %j', async (text) => {
  expect((await resolved(inFile(text))).profile.target).toBe(url);
});

test('anchors and aliases are followed', async () => {
  const { profile } = await resolved(inFile('settleMs: &ms 7\nclockToleranceMs: *ms\n'));
  expect(profile).toMatchObject({ settleMs: 7, clockToleranceMs: 7 });
});

test('all mistakes are told at once, each with its line', async () => {
  const text = `target: ftp://x
auth:
  clientId: 5
  clientSecret: { env: NOPE }
  tokenUrl: localhost/token
limts: 4
seed: 4
concurrency: 4
limits:
  concurrency: many
  product: 5
customers:
  - a
  - customerId: nope
    requestor: x
  - { iban: DE0 }
creatable: [BALANCE_ACOUNT]
waivers:
  - { requirement: FLT-4, reason: x, until: 2026-02-30 }
headers: { Authorization: x, "a b": c, X-A: "x\\r\\ny" }
keepAlive: "yes"
tls: { ca: nope.pem }
`;
  const sentences = await sentencesOf({
    flags: { profile: ['p.yaml'], rate: ['fast'] },
    env: { CPC_EFFORT: 'hard' },
    files: { 'p.yaml': text },
  });
  expect(sentences).toEqual([
    '--rate: expected a number above 0, at most 100,000, came "fast".',
    'CPC_EFFORT: expected quick, standard or thorough, came "hard".',
    'p.yaml:1:9 target: expected an address that begins with http:// or https://, without credentials, query or fragment, came "ftp://x".',
    'p.yaml:3:13 auth.clientId: expected text, came the number 5; put it in quotes.',
    'p.yaml:4:19 auth.clientSecret: expected text without line breaks or control characters, came nothing; set the variable NOPE, which is unset or empty.',
    'p.yaml:5:13 auth.tokenUrl: expected an address that begins with http:// or https://, without credentials or fragment, came "localhost/token"; did you mean http://localhost/token?',
    'p.yaml:6:1 limts: expected a key of the profile; did you mean limits?',
    'p.yaml:7:1 seed: expected a key of the profile; did you mean --seed N or CPC_SEED, which is of the run and not of the profile?',
    'p.yaml:8:1 concurrency: expected a key of the profile; did you mean limits.concurrency?',
    'p.yaml:10:16 limits.concurrency: expected a whole number from 1 to 1,000, came "many".',
    'p.yaml:11:3 limits.product: expected a key of the profile; did you mean limits.products?',
    'p.yaml:13:5 customers[0]: expected a map { customerId, requestorId?, iban?, exclusive? }, came "a".',
    'p.yaml:14:17 customers[1].customerId: expected a UUID such as 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9, came "nope".',
    'p.yaml:15:5 customers[1]: expected one of the keys customerId, requestorId, iban, exclusive, came "requestor"; did you mean requestorId?',
    'p.yaml:16:13 customers[2].iban: expected an IBAN without spaces, such as DE02120300000000202051, came "DE0".',
    'p.yaml:16:5 customers[2].customerId: expected a UUID such as 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9, came nothing.',
    'p.yaml:19:20 waivers[0].requirement: expected the id of a requirement such as FLT-04, came "FLT-4"; did you mean FLT-04?',
    'p.yaml:19:45 waivers[0].until: expected a day written as 2026-12-31, came "2026-02-30"; there is no such day.',
    'p.yaml:20:12 headers: expected a header field that the suite does not set itself, came "Authorization"; use auth.',
    'p.yaml:20:30 headers: expected the name of a header field, came "a b".',
    'p.yaml:20:45 headers.X-A: expected text of visible characters.',
    'p.yaml:21:12 keepAlive: expected true or false, came "yes".',
    'p.yaml:22:12 tls.ca: expected a file that can be read, came "/home/someone/nope.pem": the path does not exist (ENOENT).',
    'p.yaml:17:12 creatable: expected product codes among WALLET, BALANCE_ACCOUNT, DEPOSITORY_ACCOUNT, CURRENCY_WALLET, came "BALANCE_ACOUNT"; did you mean BALANCE_ACCOUNT?',
  ]);
});

describe('shapes', () => {
  test.each([
    ['- a\n- b', 'p.yaml:1:1: expected a map of keys such as target, auth, limits, came a list.'],
    ['hello', 'p.yaml:1:1: expected a map of keys such as target, auth, limits, came "hello".'],
    ['limits: 5', 'p.yaml:1:9 limits: expected a map of keys, came the number 5.'],
    ['settleMs:', 'p.yaml:1:10 settleMs: expected a whole number from 0 to 86,400,000, came nothing; give a value or leave the key out.'],
    ['settleMs: [1]', 'p.yaml:1:11 settleMs: expected a whole number from 0 to 86,400,000, came a list.'],
    ['settleMs: 1.5', 'p.yaml:1:11 settleMs: expected a whole number from 0 to 86,400,000, came "1.5".'],
    ['settleMs: .inf', 'p.yaml:1:11 settleMs: expected a whole number from 0 to 86,400,000, came "Infinity".'],
    [
      'settleMs: { env: A, or: 5 }',
      'p.yaml:1:13 settleMs: expected a whole number from 0 to 86,400,000, came more keys than env; a reference is { env: NAME } and nothing else.',
    ],
    [
      'settleMs: { env: "A B" }',
      'p.yaml:1:13 settleMs: expected a whole number from 0 to 86,400,000, came env without the name of a variable; a reference is { env: NAME }.',
    ],
    ['redact: name', 'p.yaml:1:9 redact: expected a list: names, came "name".'],
    ['redact: []', 'p.yaml:1:9 redact: expected names, came an empty list; leave the key out.'],
    ['redact: [a, 5]', 'p.yaml:1:13 redact[1]: expected a word without commas, came the number 5; put it in quotes.'],
    ['headers: [a]', 'p.yaml:1:10 headers: expected a map of header names and values, came a list.'],
    ['headers: { x-a: b, X-A: c }', 'p.yaml:1:20 headers: expected each header field once, came "X-A".'],
    [
      'auth: { token: [hunter2] }',
      'p.yaml:1:16 auth.token: expected a token as it stands behind "Bearer " in the header, without white space, came a list.',
    ],
    [
      'auth: { clientSecret: 12345678 }',
      'p.yaml:1:23 auth.clientSecret: expected text without line breaks or control characters, came a number; put it in quotes.',
    ],
  ])('%s', async (text, sentence) => {
    expect(await sentencesOf(inFile(text))).toEqual([sentence]);
  });
});

describe('text that is no YAML', () => {
  test.each([
    ['a: 1\na: 2', 'p.yaml:2:1: expected each key once in its map.'],
    ['limits:\n\tconcurrency: 1', 'p.yaml:2:1: expected spaces as indentation, not tabs.'],
    ['a: 1\n---\nb: 2', 'p.yaml:2:1: expected one document in the file.'],
    ['target: "http', 'p.yaml:1:14: expected the quote or bracket that ends what was begun.'],
    ['settleMs: *nowhere', 'p.yaml:1:11: expected an alias of an anchor that stands before it.'],
    ['settleMs: !!js/function "x"', 'p.yaml:1:11: expected no tags.'],
  ])('%j', async (text, sentence) => {
    expect(await sentencesOf(inFile(text))).toContain(sentence);
  });

  test('is told without a word of the file, which may be a secret', async () => {
    for (const text of [
      'auth:\n  token: "hunter2',
      'auth: { token: hunter2',
      'auth:\n  token: hunter2\n token: hunter2',
      '&hunter2 *hunter2',
      '!hunter2 x: y',
    ]) {
      expect((await sentencesOf(inFile(text))).join()).not.toContain('hunter2');
    }
  });

  test('is told at once with mistakes elsewhere', async () => {
    const sentences = await sentencesOf(inFile('a: [', { flags: { rate: ['x'] } }));
    expect(sentences).toHaveLength(2);
  });
});

describe('hostile files', () => {
  test('names of the language are keys like any other', async () => {
    for (const key of ['__proto__', 'constructor', 'toString', 'auth.__proto__']) {
      const text = key.includes('.') ? 'auth: { __proto__: { type: none } }' : `${key}: { target: "http://evil" }`;
      const [sentence] = await sentencesOf(inFile(text));
      expect(sentence).toContain(`${key}: expected a key of the profile`);
    }
    const { profile } = await resolved(inFile('headers: { __proto__: x }'));
    expect(Object.entries(profile.headers)).toEqual([['__proto__', 'x']]);
    expect(Object.getPrototypeOf(profile.headers)).toBe(Object.prototype);
  });

  test('nothing in a message that a terminal would obey', async () => {
    const text = 'target: "http://a\\e[31mb"\n"\\e]0;x\\a": 1\nredact: ["a\\u202eb\\u0085"]';
    const sentences = await sentencesOf(inFile(text));
    expect(sentences).toHaveLength(3);
    expect(sentences.join('')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('a long value is cut', async () => {
    const [sentence] = await sentencesOf({ baseUrl: 'x'.repeat(100_000) });
    expect(sentence!.length).toBeLessThan(300);
  });

  test('aliases that multiply cost nothing', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let level = 1; level < 12; level++)
      lines.push(
        `a${level}: &a${level} [${Array(10)
          .fill(`*a${level - 1}`)
          .join(', ')}]`,
      );
    const started = performance.now();
    expect(await sentencesOf(inFile(lines.join('\n')))).toHaveLength(12);
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('a file as big as a disk is not read to the end', async () => {
    const [sentence] = await sentencesOf(inFile(`# ${'x'.repeat(1_100_000)}`));
    expect(sentence).toContain('expected a profile of at most 1000000 characters');
  });
});
