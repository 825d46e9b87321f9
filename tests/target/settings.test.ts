import { describe, expect, test } from 'vitest';
import { inFile, resolved, sentencesOf, url, uuid } from './resolving.ts';

const oauth = {
  CPC_CLIENT_ID: 'me',
  CPC_CLIENT_SECRET: 'hunter2hunter2hunter2',
  CPC_TOKEN_URL: 'https://id.example.com/token',
};

describe('defaults', () => {
  test('on loopback', async () => {
    const { profile, selection, reportDir, reporters, seed } = await resolved({ baseUrl: `${url}/v1/` });
    expect(profile).toEqual({
      target: `${url}/v1`,
      auth: { type: 'none' },
      creatable: ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'],
      clockToleranceMs: 250,
      limits: { concurrency: 16, products: 2_000, requests: 20_000, bodyBytes: 8_388_608 },
      timeouts: { requestMs: 10_000 },
      keepAlive: true,
      redact: [],
      allowSecretsInUrl: true,
      tls: {},
      headers: {},
      values: { productCode: [], productType: [], status: [] },
      waivers: [],
    });
    expect(selection).toEqual({ effort: 'standard' });
    expect({ reportDir, reporters }).toEqual({ reportDir: 'conformance-report', reporters: [] });
    expect(seed).toBeGreaterThanOrEqual(0);
  });

  test('elsewhere', async () => {
    const { profile } = await resolved({ baseUrl: 'https://api.example.com' });
    expect(profile.limits).toEqual({ requestsPerSecond: 40, concurrency: 8, products: 400, requests: 5_000, bodyBytes: 8_388_608 });
    expect(profile.allowSecretsInUrl).toBe(false);
  });

  test('secrets stay out of URLs when only the token endpoint is elsewhere', async () => {
    const { profile } = await resolved({ baseUrl: url, env: oauth });
    expect(profile.allowSecretsInUrl).toBe(false);
    expect(profile.limits.concurrency).toBe(16);
  });
});

describe('precedence', () => {
  const files = { 'p.yaml': 'target: http://localhost:1\nlimits: { concurrency: 1, products: 10 }\nsettleMs: 5\nkeepAlive: true' };
  const env = { CPC_PROFILE: 'p.yaml', CPC_CONCURRENCY: '2', CPC_TARGET: 'http://localhost:2', CPC_KEEP_ALIVE: 'false' };

  test('file alone', async () => {
    const { profile } = await resolved({ flags: { profile: ['p.yaml'] }, files });
    expect(profile).toMatchObject({ target: 'http://localhost:1', limits: { concurrency: 1, products: 10 }, settleMs: 5, keepAlive: true });
  });

  test('environment over file', async () => {
    const { profile } = await resolved({ env, files });
    expect(profile).toMatchObject({
      target: 'http://localhost:2',
      limits: { concurrency: 2, products: 10 },
      settleMs: 5,
      keepAlive: false,
    });
  });

  test('flags over both', async () => {
    const flags = { concurrency: ['3'], 'keep-alive': ['true'] };
    const { profile } = await resolved({ baseUrl: 'http://localhost:3', flags, env, files });
    expect(profile).toMatchObject({ target: 'http://localhost:3', limits: { concurrency: 3, products: 10 }, keepAlive: true });
  });

  test('a long name says the same as its short one', async () => {
    const { profile } = await resolved({
      baseUrl: url,
      flags: { 'limits-requests-per-second': ['2.5'] },
      env: { CPC_LIMITS_CONCURRENCY: '4' },
    });
    expect(profile.limits).toMatchObject({ requestsPerSecond: 2.5, concurrency: 4 });
  });

  test('the flag that names the profile wins over its variable', async () => {
    const { profile } = await resolved({ baseUrl: url, flags: { profile: ['q.yaml'] }, env, files: { ...files, 'q.yaml': 'settleMs: 9' } });
    expect(profile.settleMs).toBe(9);
  });

  test('an empty variable counts as unset', async () => {
    const { profile } = await resolved({ baseUrl: url, env: { CPC_TOKEN: '', CPC_RATE: '', CPC_CLIENT_ID: '' } });
    expect(profile.auth).toEqual({ type: 'none' });
  });

  test('two names of one setting must agree', async () => {
    expect(await sentencesOf({ baseUrl: url, flags: { rate: ['5'], 'limits-requests-per-second': ['6'] } })).toEqual([
      '--rate and --limits-requests-per-second: expected one value, came "5" and "6"; give it once.',
    ]);
    expect(await sentencesOf({ baseUrl: url, flags: { seed: ['5', '6'] } })).toEqual([
      '--seed: expected one value, came "5" and "6"; give it once.',
    ]);
    const secrets = { CPC_TOKEN: 'hunter2aaaa', CPC_AUTH_TOKEN: 'hunter2bbbb' };
    expect(await sentencesOf({ baseUrl: url, env: secrets })).toEqual(['CPC_TOKEN and CPC_AUTH_TOKEN: expected one value; give it once.']);
    expect(
      (await resolved({ baseUrl: url, flags: { rate: ['5'], 'limits-requests-per-second': ['5'] } })).profile.limits.requestsPerSecond,
    ).toBe(5);
  });
});

describe('this run', () => {
  test('all of it', async () => {
    const flags = {
      seed: ['42'],
      effort: ['quick'],
      only: ['flt-04,cls', 'AUT'],
      shard: ['2/3'],
      'report-dir': ['out'],
      reporter: ['github'],
      'fail-on': ['fail,warn'],
      'read-only': ['true'],
      insecure: ['true'],
    };
    const { selection, seed, reportDir, reporters } = await resolved({ baseUrl: url, flags });
    expect(selection).toEqual({
      effort: 'quick',
      only: ['FLT-04', 'CLS', 'AUT'],
      shard: { index: 2, of: 3 },
      failOn: ['fail', 'warn'],
      readOnly: true,
      insecure: true,
    });
    expect({ seed, reportDir, reporters }).toEqual({ seed: 42, reportDir: 'out', reporters: ['github'] });
  });

  test('the same by variables, as a CI system gives it', async () => {
    const env = { CPC_SEED: '42', CPC_ONLY: 'FLT', CPC_READ_ONLY: '1', CPC_SHARD: '1/2', CPC_TARGET: url };
    const { selection, seed } = await resolved({ env });
    expect({ seed, ...selection }).toEqual({ seed: 42, effort: 'standard', only: ['FLT'], readOnly: true, shard: { index: 1, of: 2 } });
  });

  test.each([
    [{ seed: ['-1'] }, '--seed: expected a whole number from 0 to 2,147,483,647, came "-1".'],
    [{ seed: ['1e3'] }, '--seed: expected a whole number from 0 to 2,147,483,647, came "1e3".'],
    [{ effort: ['hard'] }, '--effort: expected quick, standard or thorough, came "hard".'],
    [{ shard: ['3/2'] }, '--shard: expected a share such as 1/3, came "3/2".'],
    [{ shard: ['0/2'] }, '--shard: expected a share such as 1/3, came "0/2".'],
    [
      { only: ['FLT-99'] },
      '--only: expected the id of a requirement such as FLT-04, or an area such as FLT, came "FLT-99"; did you mean FLT-09?',
    ],
    [{ only: ['FTL'] }, '--only: expected the id of a requirement such as FLT-04, or an area such as FLT, came "FTL"; did you mean FLT?'],
    [{ only: [','] }, '--only: expected ids of requirements, or areas, came ",".'],
    [{ 'fail-on': ['pass'] }, '--fail-on: expected fail, warn or inconclusive, came "pass".'],
    [{ reporter: ['pdf'] }, '--reporter: expected console, json, junit, html or github, came "pdf".'],
    [{ sede: ['4'] }, '--sede: expected a flag of this command; did you mean --seed?'],
    [{ 'auth-tokn': ['x'] }, '--auth-tokn: expected a flag of this command; did you mean the variable CPC_TOKEN?'],
    [{ xyzzy: ['x'] }, '--xyzzy: expected a flag of this command.'],
  ])('%j', async (flags, sentence) => {
    expect(await sentencesOf({ baseUrl: url, flags })).toEqual([sentence]);
  });
});

describe('the base URL', () => {
  test('is asked for in one sentence', async () => {
    expect(await sentencesOf({})).toEqual([
      'baseUrl: expected the base URL of the target, http://localhost:8080 for example, came nothing; ' +
        'give it as the argument, in CPC_TARGET or as target of the profile, or say --embedded for a first look.',
    ]);
  });

  test('a bad one is told once, wherever it stands', async () => {
    const expected =
      'expected an address that begins with http:// or https://, without credentials, query or fragment, came "localhost:8080"; did you mean http://localhost:8080?';
    expect(await sentencesOf({ baseUrl: 'localhost:8080' })).toEqual([`baseUrl: ${expected}`]);
    expect(await sentencesOf({ env: { CPC_TARGET: 'localhost:8080' } })).toEqual([`CPC_TARGET: ${expected}`]);
    expect(await sentencesOf({ flags: { profile: ['p.yaml'] }, files: { 'p.yaml': '\ntarget: localhost:8080' } })).toEqual([
      `p.yaml:2:9 target: ${expected}`,
    ]);
  });

  test('is not asked for where the profile could not be read', async () => {
    expect(await sentencesOf({ flags: { profile: ['none.yaml'] } })).toEqual([
      'none.yaml: expected a profile file that can be read, came the path does not exist (ENOENT); see --profile FILE or CPC_PROFILE.',
    ]);
  });

  test('does not go with --embedded, which wins over environment and file', async () => {
    const embedded = { target: 'http://127.0.0.1:5', auth: { type: 'none' } } as const;
    expect(await sentencesOf({ baseUrl: url, embedded })).toEqual([
      'baseUrl: expected no base URL beside --embedded, which starts a target of its own.',
    ]);
    const { profile, selection } = await resolved({ env: { CPC_TARGET: url, ...oauth }, embedded });
    expect(profile).toMatchObject(embedded);
    expect(selection.embedded).toBe(true);
  });
});

describe('credentials', () => {
  test('a client id makes oauth2', async () => {
    const { profile } = await resolved({ baseUrl: url, env: { ...oauth, CPC_TOKEN_SCOPE: 'products:read products:write' } });
    expect(profile.auth).toEqual({
      type: 'oauth2',
      tokenUrl: 'https://id.example.com/token',
      clientId: 'me',
      clientSecret: 'hunter2hunter2hunter2',
      scope: 'products:read products:write',
    });
  });

  test('a token makes bearer', async () => {
    const { profile } = await resolved({ baseUrl: url, env: { CPC_TOKEN: 'abc.def' } });
    expect(profile.auth).toEqual({ type: 'bearer', token: 'abc.def' });
  });

  test('a client id wins over a token, and that is said', async () => {
    const { profile, notes } = await resolved({ baseUrl: url, env: { ...oauth, CPC_TOKEN: 'abc' } });
    expect(profile.auth.type).toBe('oauth2');
    expect(notes).toEqual(['auth.token is not used, since a client id is given too; set auth.type to bearer to use it.']);
    const chosen = await resolved({ baseUrl: url, env: { ...oauth, CPC_TOKEN: 'abc', CPC_AUTH_TYPE: 'bearer' } });
    expect(chosen.profile.auth).toEqual({ type: 'bearer', token: 'abc' });
    expect(chosen.notes).toEqual([]);
  });

  test('auth.type none leaves them aside', async () => {
    expect((await resolved({ baseUrl: url, env: oauth, flags: { 'auth-type': ['none'] } })).profile.auth).toEqual({ type: 'none' });
  });

  test('all that is missing is named, with the ways to give it', async () => {
    expect(await sentencesOf({ baseUrl: url, flags: { 'client-id': ['me'] } })).toEqual([
      'auth.tokenUrl: expected a value, since a client id is given, came nothing; give --token-url URL, CPC_TOKEN_URL or auth.tokenUrl of the profile.',
      'auth.clientSecret: expected a value, since a client id is given, came nothing; give CPC_CLIENT_SECRET or auth.clientSecret of the profile.',
    ]);
    expect(await sentencesOf({ baseUrl: url, env: { CPC_CLIENT_SECRET: 'hunter2' } })).toEqual([
      'auth.tokenUrl: expected a value, since auth.clientSecret is given, came nothing; give --token-url URL, CPC_TOKEN_URL or auth.tokenUrl of the profile.',
      'auth.clientId: expected a value, since auth.clientSecret is given, came nothing; give --client-id TEXT, CPC_CLIENT_ID or auth.clientId of the profile.',
    ]);
    expect(await sentencesOf({ baseUrl: url, flags: { 'auth-type': ['bearer'] } })).toEqual([
      'auth.token: expected a value, since auth.type is bearer, came nothing; give CPC_TOKEN or auth.token of the profile.',
    ]);
    expect(await sentencesOf({ baseUrl: url, env: { ...oauth, CPC_AUTH_OTHER_CLIENT_ID: 'other' } })).toEqual([
      'auth.other.clientSecret: expected a value, since a second client is given, came nothing; ' +
        'give CPC_AUTH_OTHER_CLIENT_SECRET or auth.other.clientSecret of the profile.',
    ]);
  });

  test.each(['client-secret', 'auth-client-secret', 'token', 'auth-token', 'tls-passphrase', 'auth-other-client-secret'])(
    'a secret as the flag --%s is refused, and its value is not repeated',
    async (flag) => {
      const [sentence, ...rest] = await sentencesOf({ baseUrl: url, flags: { [flag]: ['hunter2'] } });
      expect(rest).toEqual([]);
      expect(sentence).toMatch(/^--[a-z-]+: expected no secret among the flags, .*; set the variable CPC_[A-Z_]+ instead/u);
      expect(sentence).not.toContain('hunter2');
    },
  );

  test('a bad secret is told without a letter of it', async () => {
    const env = { CPC_TOKEN: 'Bearer hunter2', CPC_CLIENT_SECRET: 'hunter2\n' };
    const sentences = await sentencesOf({ baseUrl: url, env });
    expect(sentences).toHaveLength(2);
    expect(sentences.join()).not.toContain('hunter2');
    expect(sentences.join()).toContain('leave out the word Bearer');
    expect(sentences.join()).toContain('look for a line break at its end');
  });
});

describe('customers', () => {
  test('several by one flag, by several, by a variable', async () => {
    const ids = [uuid('a'), uuid('b')].map((customerId) => ({ customerId }));
    for (const given of [
      { flags: { customer: [uuid('a'), uuid('b')] } },
      { flags: { customer: [`${uuid('a')}, ${uuid('b')}`] } },
      { env: { CPC_CUSTOMER: `${uuid('a')},${uuid('b')}` } },
    ]) {
      expect((await resolved({ baseUrl: url, ...given })).profile.customers).toEqual(ids);
    }
  });

  test('a flag picks among those of the file, which keep what the file says of them', async () => {
    const text = `customers:\n  - { customerId: ${uuid('a')}, exclusive: true, requestorId: ${uuid('c')} }\n  - { customerId: ${uuid('b')} }`;
    const { profile } = await resolved(inFile(text, { flags: { customer: [uuid('a').toUpperCase()] } }));
    expect(profile.customers).toEqual([{ customerId: uuid('a').toUpperCase(), exclusive: true, requestorId: uuid('c') }]);
  });

  test('each once', async () => {
    expect(await sentencesOf({ baseUrl: url, flags: { customer: [uuid('a'), uuid('a').toUpperCase()] } })).toEqual([
      `--customer: expected each customer once, came "${uuid('a')}" twice.`,
    ]);
  });
});

describe('variables', () => {
  test('a slip of the pen is told', async () => {
    expect(await sentencesOf({ baseUrl: url, env: { CPC_CONCURENCY: '2', CPC_CLEINT_ID: 'x' } })).toEqual([
      'CPC_CONCURENCY: expected a variable of this suite; did you mean CPC_CONCURRENCY? Else unset it.',
      'CPC_CLEINT_ID: expected a variable of this suite; did you mean CPC_CLIENT_ID? Else unset it.',
    ]);
  });

  test('those of others, numbered ones and those the profile refers to are left alone', async () => {
    const env = { CPC_SOMETHING_ELSE: 'x', CPC_DEBUG: '1', CPC_TOKEN_2: 'x', CPC_TOKEN2: 'x', CPC_RATES: '7', PATH: '/bin' };
    const { profile } = await resolved(inFile('limits: { requestsPerSecond: { env: CPC_RATES } }', { env }));
    expect(profile.limits.requestsPerSecond).toBe(7);
  });
});

test('a profile in memory stands for the file', async () => {
  const { profile } = await resolved({
    document: { target: url, limits: { concurrency: 2 }, settleMs: undefined, headers: { 'X-A': 'b' } },
  });
  expect(profile).toMatchObject({ target: url, limits: { concurrency: 2 }, headers: { 'X-A': 'b' } });
  expect(await sentencesOf({ document: { target: url, limts: 1 } })).toEqual([
    'profile limts: expected a key of the profile; did you mean limits?',
  ]);
});

test('a recorded profile gives what nothing else gives, and its removed secrets are none', async () => {
  const first = await resolved({ baseUrl: 'https://api.example.com', env: oauth, flags: { customer: [uuid('a')] } });
  const redacted = {
    ...first.profile,
    auth: {
      ...first.profile.auth,
      clientSecret: '«redacted:client-secret#1»',
      other: { clientId: 'x', clientSecret: '«redacted:client-secret#2»' },
    },
  };
  const recorded = { name: 'report.json', profile: JSON.parse(JSON.stringify(redacted)) };
  const again = await resolved({ recorded, env: { CPC_CLIENT_SECRET: 'hunter2hunter2hunter2' } });
  expect(again.profile).toEqual(first.profile);
  expect(await sentencesOf({ recorded })).toEqual([
    'auth.clientSecret: expected a value, since auth.type is oauth2, came nothing; give CPC_CLIENT_SECRET or auth.clientSecret of the profile.',
  ]);
});
