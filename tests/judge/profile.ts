/** A profile for tests of the judge: the defaults, and what a test says otherwise. */
import { type Facts, readFacts } from '../../judge/facts.ts';
import type { Profile } from '../../spec/profile.ts';
import { productCodes } from '../../spec/values.ts';

export const profileWith = (over: Partial<Profile> = {}): Profile => ({
  target: 'https://bank.test',
  auth: { type: 'none' },
  creatable: [...productCodes],
  clockToleranceMs: 250,
  limits: { concurrency: 16, products: 2_000, requests: 20_000, bodyBytes: 8 << 20 },
  timeouts: { requestMs: 10_000 },
  keepAlive: true,
  redact: [],
  allowSecretsInUrl: true,
  tls: {},
  headers: {},
  values: { productCode: [], productType: [], status: [] },
  waivers: [],
  ...over,
});

export const factsFor = (over: Partial<Profile> = {}): Facts => readFacts(profileWith(over), false);
