import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reporters } from '../../reports/write.ts';
import { describeWays, flagsOf, keyNames, keyOf, keys, secretFlags, variablesOf } from '../../target/settings-keys.ts';

interface Schema {
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
}

const schema = JSON.parse(readFileSync(new URL('../../spec/profile.schema.json', import.meta.url), 'utf8')) as Schema;

const leavesOf = ({ properties = {} }: Schema, prefix = ''): [path: string, leaf: Schema][] =>
  Object.entries(properties).flatMap(([key, value]) =>
    value.properties ? leavesOf(value, `${prefix}${key}.`) : [[`${prefix}${key}`, value] as [string, Schema]],
  );

const ofProfile = keyNames.filter((name) => keyOf(name).scope === 'profile');

test('the published schema of the profile has the same keys', () => {
  expect(
    leavesOf(schema)
      .map(([path]) => path)
      .toSorted(),
  ).toEqual(ofProfile.toSorted());
});

test('and the same defaults, where it states one', () => {
  for (const [path, leaf] of leavesOf(schema)) {
    const name = ofProfile.find((one) => one === path)!;
    const { fallback } = keyOf(name);
    if (leaf.default !== undefined && fallback)
      expect([path, fallback]).toEqual([path, { loopback: leaf.default, elsewhere: leaf.default }]);
  }
});

test('a key a.bC has the flag --a-b-c and the variable CPC_A_B_C', () => {
  expect(flagsOf('limits.requestsPerSecond')).toEqual(['rate', 'limits-requests-per-second']);
  expect(variablesOf('limits.requestsPerSecond')).toEqual(['CPC_RATE', 'CPC_LIMITS_REQUESTS_PER_SECOND']);
  expect(flagsOf('timeouts.requestMs')).toEqual(['timeouts-request-ms']);
  expect(variablesOf('tls.passphrase')).toEqual(['CPC_TLS_PASSPHRASE']);
});

test.each([
  ['auth.clientId', 'client-id', 'CPC_CLIENT_ID'],
  ['auth.tokenUrl', 'token-url', 'CPC_TOKEN_URL'],
  ['auth.scope', 'token-scope', 'CPC_TOKEN_SCOPE'],
  ['customers', 'customer', 'CPC_CUSTOMER'],
  ['requestorId', 'requestor-id', 'CPC_REQUESTOR_ID'],
  ['limits.requestsPerSecond', 'rate', 'CPC_RATE'],
  ['limits.concurrency', 'concurrency', 'CPC_CONCURRENCY'],
  ['settleMs', 'settle-ms', 'CPC_SETTLE_MS'],
] as const)('%s has the short flag --%s and the variable %s', (name, flag, variable) => {
  expect(flagsOf(name)[0]).toBe(flag);
  expect(variablesOf(name)[0]).toBe(variable);
});

test('secrets have variables and no flags', () => {
  const secrets = keyNames.filter((name) => keyOf(name).secret);
  expect(secrets).toEqual(['auth.clientSecret', 'auth.token', 'auth.other.clientSecret', 'tls.passphrase']);
  expect(secrets.flatMap(flagsOf)).toEqual([]);
  expect(secrets.map((name) => variablesOf(name)[0])).toEqual([
    'CPC_CLIENT_SECRET',
    'CPC_TOKEN',
    'CPC_AUTH_OTHER_CLIENT_SECRET',
    'CPC_TLS_PASSPHRASE',
  ]);
  expect([...secretFlags().keys()]).toEqual(
    expect.arrayContaining(['client-secret', 'auth-client-secret', 'token', 'auth-token', 'tls-passphrase']),
  );
});

test('no two keys share a flag or a variable', () => {
  const flags = [...keyNames.flatMap(flagsOf), ...secretFlags().keys()];
  const variables = keyNames.flatMap(variablesOf);
  expect(new Set(flags).size).toBe(flags.length);
  expect(new Set(variables).size).toBe(variables.length);
});

test('the reporters are those that the reports have', () => {
  expect(keys.reporter.form.expected).toBe(`names of reports: ${reporters.join(', ')}`);
  expect(keys.reporter.form.fromText?.(reporters.join(','))).toEqual({ value: [...reporters] });
});

test('a way to give a setting is named for messages', () => {
  expect(describeWays('auth.clientId')).toBe('--client-id TEXT, CPC_CLIENT_ID or auth.clientId of the profile');
  expect(describeWays('auth.clientSecret')).toBe('CPC_CLIENT_SECRET or auth.clientSecret of the profile');
  expect(describeWays('embedded')).toBe('--embedded');
});
