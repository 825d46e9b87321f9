import type { ReadingId, RequirementId } from '../spec/catalogue/index.ts';
import { type Corruption, corruptions } from './corruptions.ts';
import { faults } from './faults/all.ts';
import type { Override } from './hooks.ts';
import { variants } from './variants/all.ts';

/** One named defect. */
export interface Fault {
  /** In kebab-case; unique over all areas. */
  readonly name: string;
  /** What is wrong, in one sentence about the implementation. */
  readonly sentence: string;
  /** The requirements that the defect truly violates; any one of them that turns red has caught it. */
  readonly caughtBy: readonly RequirementId[];
  /** How far out of the way the defect lies. Absent: a single exchange can show it. */
  readonly needs?: 'history' | 'concurrency' | 'time';
  /** What it takes of a run to show it. Absent: `quick` will do. */
  readonly effort?: 'standard';
  readonly apply: Override;
}

/** What the user of a system would write into his profile because the system is so. Times in milliseconds, as in the profile. */
export interface DeclaredProfile {
  readonly settleMs?: number;
  readonly clockToleranceMs?: number;
  readonly openProductsPerCode?: number;
  readonly creatable?: readonly string[];
  readonly requestorId?: string;
  readonly customers?: readonly {
    readonly customerId: string;
    readonly requestorId?: string;
    readonly iban?: string;
    readonly exclusive?: boolean;
  }[];
  readonly limits?: { readonly requestsPerSecond?: number; readonly concurrency?: number };
  readonly values?: {
    readonly productCode?: readonly string[];
    readonly productType?: readonly string[];
    readonly status?: readonly string[];
  };
  readonly keepAlive?: boolean;
  readonly auth?: { readonly type?: 'none'; readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic' };
}

/** One legitimate reading of the document, or several together. */
export interface Variant {
  /** In kebab-case; unique. */
  readonly name: string;
  /** What is different, in one sentence about the implementation. */
  readonly sentence: string;
  /** The open points that it takes otherwise than the plain reference. */
  readonly readings: readonly ReadingId[];
  /** The rows that may end `warn` with it. */
  readonly warns: readonly RequirementId[];
  readonly profile?: DeclaredProfile;
  readonly settings?: { readonly basePath?: string; readonly tokenSeconds?: number };
  readonly apply: Override;
}

/** All faults, by area. */
export function listFaults(): readonly Fault[] {
  return faults;
}

export function listVariants(): readonly Variant[] {
  return variants;
}

function pick<T extends { readonly name: string }>(kind: string, known: readonly T[], name: string): T {
  const found = known.find((entry) => entry.name === name);
  if (found) return found;
  throw new Error(
    `A ${kind} of the reference is to be one of ${known.length} names; ${JSON.stringify(name)} came; \`serve --list\` shows them.`,
  );
}

/** The faults that nobody picked, made by crossing kinds of corruption. */
export function listCorruptions(): readonly Corruption[] {
  return corruptions;
}

/** The faults of these names, corruptions among them. Throws on a name that is not known. */
export function pickFaults(names: readonly string[]): readonly (Fault | Corruption)[] {
  return names.map((name) => corruptions.find((corruption) => corruption.name === name) ?? pick('fault', faults, name));
}

/** The variants of these names. Throws on a name that is not known. */
export function pickVariants(names: readonly string[]): Variant[] {
  return names.map((name) => pick('variant', variants, name));
}
