/** What was read, put into the shapes that the run is given, with the defaults of the table filled in. */
import type { Selection } from '../spec/journal.ts';
import type { Auth, Profile } from '../spec/profile.ts';
import { isLoopback } from './settings-address.ts';
import type { ValueFor } from './settings-auth.ts';
import { type KeyName, keyOf, type ValueOf } from './settings-keys.ts';

export interface ProfileParts {
  readonly target: string;
  readonly auth: Auth;
  readonly value: ValueFor;
  /** Absolute. */
  readonly tls: { readonly [name in 'tls.ca' | 'tls.cert' | 'tls.key']?: string };
}

export function fillProfile({ target, auth, value, tls }: ProfileParts): Profile {
  const near = isLoopback(target);
  const tokensNear = auth.type !== 'oauth2' || isLoopback(auth.tokenUrl);
  const filled = <K extends KeyName>(name: K, loopback = near): ValueOf<K> => {
    const { fallback } = keyOf(name);
    return value(name) ?? ((loopback ? fallback?.loopback : fallback?.elsewhere) as ValueOf<K>);
  };
  const rate: number | undefined = filled('limits.requestsPerSecond');
  const optional = <K extends KeyName, N extends string>(name: K, member: N): { readonly [key in N]?: ValueOf<K> } => {
    const found = value(name);
    return found === undefined ? {} : ({ [member]: found } as { readonly [key in N]?: ValueOf<K> });
  };
  const headers = value('headers');
  return {
    target,
    auth,
    ...optional('customers', 'customers'),
    ...optional('requestorId', 'requestorId'),
    creatable: filled('creatable'),
    ...optional('openProductsPerCode', 'openProductsPerCode'),
    ...optional('settleMs', 'settleMs'),
    clockToleranceMs: filled('clockToleranceMs'),
    limits: {
      ...(rate !== undefined && { requestsPerSecond: rate }),
      concurrency: filled('limits.concurrency'),
      products: filled('limits.products'),
      requests: filled('limits.requests'),
      bodyBytes: filled('limits.bodyBytes'),
    },
    timeouts: { requestMs: filled('timeouts.requestMs') },
    keepAlive: filled('keepAlive'),
    redact: [...new Set([...(value('redact') ?? []), ...(headers?.secret ?? [])])],
    allowSecretsInUrl: filled('allowSecretsInUrl', near && tokensNear),
    tls: {
      ...(tls['tls.ca'] !== undefined && { ca: tls['tls.ca'] }),
      ...(tls['tls.cert'] !== undefined && { cert: tls['tls.cert'] }),
      ...(tls['tls.key'] !== undefined && { key: tls['tls.key'] }),
      ...optional('tls.passphrase', 'passphrase'),
    },
    headers: headers?.fields ?? {},
    values: {
      productCode: value('values.productCode') ?? [],
      productType: value('values.productType') ?? [],
      status: value('values.status') ?? [],
    },
    waivers: value('waivers') ?? [],
  };
}

export function fillSelection(value: ValueFor, embedded: boolean): Selection {
  const only = value('only');
  const shard = value('shard');
  const failOn = value('failOn');
  return {
    ...(only && { only }),
    ...(shard && { shard }),
    effort: value('effort') ?? 'standard',
    ...(value('readOnly') && { readOnly: true }),
    ...(value('insecure') && { insecure: true }),
    ...(embedded && { embedded: true }),
    ...(failOn && { failOn }),
  };
}
