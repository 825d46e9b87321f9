/**
 * Every setting there is, in one table: its flag, its variable, its place in the profile file, how it is checked, its default and its
 * line of help all derive from its row. To add a setting, add a row here (and a member to the profile, for which the compiler asks).
 */
import { productCodes } from '../spec/values.ts';
import {
  baseAddress,
  bearerToken,
  choice,
  type Form,
  positive,
  scalar,
  secret,
  several,
  text,
  tokenAddress,
  truth,
  uuid,
  whole,
} from './settings-forms.ts';
import { customers, headers, rowOrArea, waivers } from './settings-records.ts';

export const groups = ['Target', 'Credentials', 'Customers and products', 'Limits', 'Connection', 'Record', 'This run'] as const;

export interface Key<T = unknown> {
  readonly form: Form<T>;
  /** One clause for help. */
  readonly about: string;
  readonly group: (typeof groups)[number];
  /** `profile`: a key of the profile file too. `run`: of this run alone, flag and variable. `flag`: a flag alone. */
  readonly scope: 'profile' | 'run' | 'flag';
  /** A second, shorter name, without dashes; its variable derives from it. */
  readonly short?: string;
  /** Never a flag, never shown. */
  readonly secret?: true;
  readonly fallback?: { readonly loopback: T | undefined; readonly elsewhere: T | undefined };
  /** What `init` asks for it on a terminal; absent: it is not asked for. */
  readonly question?: string;
  /** What `init` shows of a key of the profile that has no default, as it would stand in the file. */
  readonly example?: unknown;
}

/** The names that the reports give themselves; a test holds the two together, since nothing here knows that room. */
const reporters = ['console', 'json', 'junit', 'html', 'github'] as const;

const filePath = text('the path of a file', 'FILE');
const milliseconds = whole(0, 86_400_000);
const word = text('a word without commas');

const always = <T>(value: T) => ({ loopback: value, elsewhere: value });

const shard = scalar<{ readonly index: number; readonly of: number }>('a share such as 1/3', 'I/N', (given) => {
  const [, index, of] = /^(\d{1,4})\/(\d{1,4})$/u.exec(given)?.map(Number) ?? [];
  return index !== undefined && of !== undefined && index >= 1 && index <= of ? { value: { index, of } } : {};
});

/** A key of the profile. */
const inProfile = <T>(group: Key['group'], about: string, form: Form<T>, more: Partial<Key<T>> = {}): Key<T> => ({
  form,
  about,
  group,
  scope: 'profile',
  ...more,
});

const ofRun = <T>(about: string, form: Form<T>, more: Partial<Key<T>> = {}): Key<T> => ({
  form,
  about,
  group: 'This run',
  scope: 'run',
  ...more,
});

const products = 'Customers and products';

export const keys = {
  target: inProfile('Target', 'base URL of the target, path included', baseAddress, {
    question: 'Base URL of the API, path included',
    example: 'https://api.test.example/partner/v1',
  }),

  'auth.type': inProfile(
    'Credentials',
    'default: oauth2 with a client id, bearer with a token, else none',
    choice(['oauth2', 'bearer', 'none']),
    { question: 'How calls are authorised: oauth2, bearer (a ready token) or none', example: 'oauth2' },
  ),
  'auth.clientId': inProfile('Credentials', 'client id', text(), { short: 'client-id', question: 'Client id', example: 'my-client' }),
  'auth.clientSecret': inProfile('Credentials', 'client secret', secret, { short: 'client-secret', secret: true }),
  'auth.tokenUrl': inProfile('Credentials', 'token endpoint', tokenAddress, {
    short: 'token-url',
    question: 'Token endpoint',
    example: 'https://login.test.example/oauth2/token',
  }),
  'auth.scope': inProfile('Credentials', 'scope of the token request', text(), {
    short: 'token-scope',
    question: 'Scope of the token, if one is asked for',
    example: 'products',
  }),
  'auth.token': inProfile('Credentials', 'a ready bearer token', bearerToken, { short: 'token', secret: true }),
  'auth.clientAuthentication': inProfile(
    'Credentials',
    'client_secret_post (default) or client_secret_basic',
    choice(['client_secret_post', 'client_secret_basic'], 'HOW'),
    { example: 'client_secret_post' },
  ),
  'auth.other.clientId': inProfile('Credentials', 'a second client, for OWN-03', text(), { example: 'my-other-client' }),
  'auth.other.clientSecret': inProfile('Credentials', 'its secret', secret, { secret: true }),

  customers: inProfile(products, 'customers to use; without, any UUID is a customer', customers, {
    short: 'customer',
    question: 'Customers to use, where not any UUID is one',
    example: [{ customerId: '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9', exclusive: true }],
  }),
  requestorId: inProfile(products, 'the Requestor-ID; without, a random one', uuid, {
    question: 'Requestor-ID, where it must be known to the service',
    example: '9a8b7c6d-5e4f-4a3b-8c2d-1e0f9a8b7c6d',
  }),
  creatable: inProfile(products, 'product codes to create', several(word, 'product codes', 'CODE,…'), {
    fallback: always<readonly string[]>(productCodes),
  }),
  openProductsPerCode: inProfile(products, 'most open products of one code', whole(1, 1_000_000), { example: 1 }),
  settleMs: inProfile(products, 'how long a write may take to show everywhere', milliseconds, {
    question: 'Milliseconds until a write shows everywhere, if not at once',
    example: 1_500,
  }),
  clockToleranceMs: inProfile(products, "how far the target's clocks may differ", milliseconds, { fallback: always(250) }),
  'values.productCode': inProfile(products, 'product codes beyond the document', several(word, 'product codes', 'CODE,…'), {
    example: ['SAVINGS_WALLET'],
  }),
  'values.productType': inProfile(products, 'product types beyond the document', several(word, 'product types', 'TYPE,…'), {
    example: ['SAVINGS'],
  }),
  'values.status': inProfile(products, 'statuses beyond the document', several(word, 'statuses', 'STATUS,…'), { example: ['SUSPENDED'] }),

  'limits.requestsPerSecond': inProfile('Limits', 'requests a second', positive(100_000), {
    short: 'rate',
    fallback: { loopback: undefined, elsewhere: 40 },
  }),
  'limits.concurrency': inProfile('Limits', 'requests at once', whole(1, 1_000), {
    short: 'concurrency',
    fallback: { loopback: 16, elsewhere: 8 },
  }),
  'limits.products': inProfile('Limits', 'most products created', whole(1, 10_000_000), { fallback: { loopback: 2_000, elsewhere: 400 } }),
  'limits.requests': inProfile('Limits', 'most requests sent', whole(1, 1_000_000_000), {
    fallback: { loopback: 20_000, elsewhere: 5_000 },
  }),
  'limits.bodyBytes': inProfile('Limits', 'largest answer read', whole(1_024, 1_073_741_824), { fallback: always(8_388_608) }),
  'timeouts.requestMs': inProfile('Limits', 'longest wait for an answer', whole(1, 86_400_000), { fallback: always(10_000) }),

  keepAlive: inProfile('Connection', 'keep connections open between requests', truth, { fallback: always(true) }),
  'tls.ca': inProfile('Connection', 'certificate authority, a PEM file', filePath, { example: 'certificates/authority.pem' }),
  'tls.cert': inProfile('Connection', 'client certificate, a PEM file', filePath, { example: 'certificates/client.pem' }),
  'tls.key': inProfile('Connection', 'its private key, a PEM file', filePath, { example: 'certificates/client.key' }),
  'tls.passphrase': inProfile('Connection', 'passphrase of the private key', secret, { secret: true }),
  headers: inProfile('Connection', 'header fields sent with every request', headers, { example: { 'X-Tenant': 'test' } }),

  redact: inProfile('Record', 'more header and member names to keep out of the record', several(word, 'names', 'NAME,…'), {
    example: ['X-Tenant'],
  }),
  allowSecretsInUrl: inProfile('Record', 'allow the rows that put credentials into a URL', truth, {
    fallback: { loopback: true, elsewhere: false },
  }),
  waivers: inProfile('Record', 'known fails, accepted until a day', waivers, {
    example: [{ requirement: 'FLT-04', reason: 'mended in the next release', until: '2030-12-31' }],
  }),

  profile: ofRun('profile file, YAML or JSON', filePath),
  seed: ofRun('repeats the shape of an earlier run', whole(0, 2_147_483_647)),
  effort: ofRun('how much to send', choice(['quick', 'standard', 'thorough']), {
    fallback: always<'quick' | 'standard' | 'thorough'>('standard'),
  }),
  only: ofRun('only these requirements or areas', several(rowOrArea, 'ids of requirements, or areas', 'ID,AREA…')),
  shard: ofRun('only the Ith of N shares of the campaigns', shard),
  reportDir: ofRun('folder for journal and reports', text('the path of a folder', 'DIR'), { fallback: always('conformance-report') }),
  reporter: ofRun(
    `more reports: ${reporters.join(', ')}`,
    several(choice(reporters), `names of reports: ${reporters.join(', ')}`, 'NAME,…'),
  ),
  failOn: ofRun(
    'what ends with a status other than 0',
    several(choice(['fail', 'warn', 'inconclusive']), 'fail, warn, inconclusive', 'LIST'),
    {
      fallback: always<readonly ('fail' | 'warn' | 'inconclusive')[]>(['fail', 'inconclusive']),
    },
  ),
  readOnly: ofRun('send nothing that writes', truth),
  insecure: ofRun('do not verify TLS certificates', truth),
  plan: ofRun('print what a run would do, and send nothing', truth, { scope: 'flag' }),
  embedded: ofRun('start the reference implementation and run against it', truth, { scope: 'flag' }),
} as const satisfies Readonly<Record<string, Key>>;

export type KeyName = keyof typeof keys;
export type ValueOf<K extends KeyName> = (typeof keys)[K] extends Key<infer T> ? T : never;

export const keyNames = Object.keys(keys) as readonly KeyName[];

export const keyOf = (name: KeyName): Key => keys[name];

/** `auth.clientId` → `auth-client-id`. */
export const flagName = (name: string): string => name.replaceAll('.', '-').replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);

const variableName = (flag: string): string => `CPC_${flag.replaceAll('-', '_').toUpperCase()}`;

/** Without dashes, the shortest first; a secret has none. */
export function flagsOf(name: KeyName): readonly string[] {
  const key = keyOf(name);
  return key.secret || !key.form.fromText ? [] : namesOf(name);
}

/** The shortest first. */
export function variablesOf(name: KeyName): readonly string[] {
  const key = keyOf(name);
  return key.scope === 'flag' || !key.form.fromText ? [] : namesOf(name).map(variableName);
}

/** The flags that are refused, since every list of processes shows them. */
export const secretFlags = (): ReadonlyMap<string, KeyName> =>
  new Map(keyNames.filter((name) => keyOf(name).secret).flatMap((name) => namesOf(name).map((flag) => [flag, name] as const)));

function namesOf(name: KeyName): readonly string[] {
  const { short } = keyOf(name);
  const long = flagName(name);
  return short === undefined || short === long ? [long] : [short, long];
}

/** How a setting can be given, for messages: `--client-id TEXT, CPC_CLIENT_ID or auth.clientId of the profile`. */
export function describeWays(name: KeyName): string {
  const { form, scope } = keyOf(name);
  const [flag] = flagsOf(name);
  const [variable] = variablesOf(name);
  const ways = [
    ...(flag ? [`--${flag}${form.placeholder ? ` ${form.placeholder}` : ''}`] : []),
    ...(variable ? [variable] : []),
    ...(scope === 'profile' ? [`${name} of the profile`] : []),
  ];
  return ways.length > 1 ? `${ways.slice(0, -1).join(', ')} or ${ways.at(-1)}` : String(ways[0]);
}
