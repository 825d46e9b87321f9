/** `report.json`: the record of a run that every report is a function of. */
import type { ReadingId, RequirementId } from './catalogue/index.ts';
import type { EndCause, Frequency, Selection, Step } from './journal.ts';
import type { Level } from './requirement.ts';

export const verdicts = ['pass', 'fail', 'warn', 'inconclusive', 'not-applicable', 'waived'] as const;
export type Verdict = (typeof verdicts)[number];

export type RunVerdict = 'conformant' | 'non-conformant' | 'inconclusive' | 'partial';

/** What a target did that a requirement does not allow: one cause, however often seen. */
export interface Finding {
  /** `FLT-04#1`. */
  readonly id: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  /** How often it was seen. */
  readonly count: number;
  /** Ids of the exchanges of the first sighting, in order. */
  readonly exchanges: readonly string[];
  readonly counterexample?: {
    readonly steps: readonly Step[];
    readonly exchanges?: readonly string[];
    /** Of a race: how often it showed when the sequence was performed so many times more. Less than always: intermittent. */
    readonly shown?: Frequency;
  };
}

export interface RequirementResult {
  readonly id: RequirementId;
  readonly level: Level;
  readonly title: string;
  readonly source: string;
  readonly verdict: Verdict;
  /** Always there but with pass and fail. */
  readonly reason?: string;
  /** How many times it was seen to hold. */
  readonly witnesses: number;
  readonly findings: readonly Finding[];
}

export type Counts = Readonly<Record<Level, Readonly<Record<Verdict, number>>>>;

/** Milliseconds from the answer of a write until a read showed it. */
export interface Delay {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export interface Report {
  readonly schemaVersion: 1;
  readonly suite: { readonly name: string; readonly version: string };
  readonly spec: { readonly sha256: string };
  readonly run: string;
  /** Base URL. */
  readonly target: string;
  /** Redacted. */
  readonly profile: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
  readonly readings: Readonly<Partial<Record<ReadingId, { readonly taken: string; readonly exchanges: readonly string[] }>>>;
  readonly seed: number;
  readonly startedAt: string;
  readonly durationMs: number;
  /** `cut-off`: the journal has no end. */
  readonly ended: { readonly cause: EndCause | 'cut-off'; readonly message: string };
  readonly verdict: RunVerdict;
  readonly counts: Counts;
  /** In the order of the catalogue; rows that `--only` left out are not here. */
  readonly requirements: readonly RequirementResult[];
  /** How many. */
  readonly exchanges: number;
  readonly products: { readonly created: number; readonly closed: number; readonly left: readonly string[] };
  readonly delays: { readonly opening?: Delay; readonly closing?: Delay; readonly visibility?: Delay };
}
