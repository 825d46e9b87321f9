/** The profile: what the target is and can do, after all settings are read and defaults filled in. */

export interface Customer {
  readonly customerId: string;
  readonly requestorId?: string;
  readonly iban?: string;
  readonly exclusive?: boolean;
}

export type Auth =
  | { readonly type: 'none' }
  | { readonly type: 'bearer'; readonly token: string }
  | {
      readonly type: 'oauth2';
      readonly tokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string;
      /** Absent: not set by the user, `client_secret_post` is used. */
      readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic';
      readonly other?: { readonly clientId: string; readonly clientSecret: string };
    };

export interface Waiver {
  readonly requirement: string;
  readonly reason: string;
  /** `2026-12-31`: to the end of that day, UTC. */
  readonly until: string;
}

export interface Profile {
  /** Base URL without a trailing slash. */
  readonly target: string;
  readonly auth: Auth;
  /** Absent: any UUID is a customer. */
  readonly customers?: readonly Customer[];
  /** Absent: a random UUID a run. */
  readonly requestorId?: string;
  readonly creatable: readonly string[];
  readonly openProductsPerCode?: number;
  /** Absent: undeclared, see rule 5 of the rules of fairness. */
  readonly settleMs?: number;
  readonly clockToleranceMs: number;
  readonly limits: {
    /** Absent: no limit. */
    readonly requestsPerSecond?: number;
    readonly concurrency: number;
    readonly products: number;
    readonly requests: number;
    readonly bodyBytes: number;
  };
  readonly timeouts: { readonly requestMs: number };
  readonly keepAlive: boolean;
  readonly redact: readonly string[];
  readonly allowSecretsInUrl: boolean;
  readonly tls: { readonly ca?: string; readonly cert?: string; readonly key?: string; readonly passphrase?: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly values: { readonly productCode: readonly string[]; readonly productType: readonly string[]; readonly status: readonly string[] };
  readonly waivers: readonly Waiver[];
}
