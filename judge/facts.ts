/** What the judge takes from the profile: nothing else of it reaches a verdict. */
import { normalizeIban } from '../spec/iban.ts';
import type { Profile } from '../spec/profile.ts';

export interface Facts {
  /** Absent: undeclared (rule 5). */
  readonly settleMs: number | undefined;
  /** How late a write may show where no settle time is declared, before it counts as lost. 5,000 but while shrinking. */
  readonly lostAfterMs: number;
  readonly clockToleranceMs: number;
  readonly requestMs: number;
  readonly openProductsPerCode: number | undefined;
  /** How many requests the limits of the profile let leave at one moment. */
  readonly atOnce: number;
  readonly auth: 'oauth2' | 'bearer' | 'none';
  readonly hasOtherClient: boolean;
  readonly allowSecretsInUrl: boolean;
  readonly clientAuthentication: string | undefined;
  readonly readOnly: boolean;
  readonly target: string;
  readonly tokenUrl: string | undefined;
  readonly values: Profile['values'];
  readonly creatable: readonly string[];
  /** That the profile says customers have, as `normalizeIban` gives them. */
  readonly ibans: readonly string[];
}

/** Rule 5: a write not declared to settle may show this much later, and is then only warned of. */
export const undeclaredSettleMs = 5_000;

/** Reads the facts from a profile, whole or as the journal keeps it. */
export function readFacts(profile: Profile, readOnly: boolean): Facts {
  const { auth } = profile;
  return {
    settleMs: profile.settleMs,
    lostAfterMs: undeclaredSettleMs,
    clockToleranceMs: profile.clockToleranceMs,
    requestMs: profile.timeouts.requestMs,
    openProductsPerCode: profile.openProductsPerCode,
    atOnce: Math.min(profile.limits.concurrency, Math.max(1, Math.floor(profile.limits.requestsPerSecond ?? profile.limits.concurrency))),
    auth: auth.type,
    hasOtherClient: auth.type === 'oauth2' && auth.other !== undefined,
    allowSecretsInUrl: profile.allowSecretsInUrl,
    clientAuthentication: auth.type === 'oauth2' ? auth.clientAuthentication : undefined,
    readOnly,
    target: profile.target,
    tokenUrl: auth.type === 'oauth2' ? auth.tokenUrl : undefined,
    values: profile.values,
    creatable: profile.creatable,
    ibans: (profile.customers ?? []).flatMap(({ iban }) => (iban === undefined ? [] : [normalizeIban(iban)])),
  };
}
