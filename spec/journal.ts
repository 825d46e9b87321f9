/**
 * The journal: the evidence of a run, one JSON object a line, written as it happens.
 * All times named `…At` in it are milliseconds on the run's monotonic clock, 0 at the `run` line; fractions to the microsecond.
 */
import type { RequirementId } from './catalogue/index.ts';
import type { FilterName, Operation } from './values.ts';

/** `[name, value]` as sent, before percent-encoding. */
export type FilterPair = readonly [name: FilterName | (string & {}), value: string];

/**
 * What a probe's exchange is for. A probe is a small experiment about one requirement; its exchanges share `trial`.
 * - `before`, `after`: reads of the state around the odd request
 * - `spoiled`: a request with exactly one defect
 * - `spelling`: a valid request in an unusual spelling
 * - `odd`: neither; the row's own rule reads it
 * - `control`: the ordinary request
 */
export type ProbeRole = 'before' | 'spoiled' | 'spelling' | 'odd' | 'after' | 'control';

export interface Probe {
  readonly requirement: RequirementId;
  /** Which of the row's cases: `productCode null`. */
  readonly case: string;
  /** Unique in the run; groups the exchanges of one experiment. */
  readonly trial: string;
  readonly role: ProbeRole;
}

/** Why a request was sent. The judge reads intents and answers, never a generator. */
export interface Intent {
  readonly operation: Operation | 'token' | 'other';
  /** The customer in the path, of list and create. */
  readonly customer?: string;
  /** The product in the path, of get and close. */
  readonly product?: string;
  /** The product code asked for, of create. */
  readonly code?: string;
  /** The filters of a list, in the order sent. Absent or empty: the unfiltered list. */
  readonly filters?: readonly FilterPair[];
  readonly probe?: Probe;
  /** Sent to leave the target as it was found. */
  readonly cleanup?: true;
}

export interface Body {
  /** The content, where it is UTF-8; else `base64`. Secrets are replaced by marks such as `«redacted:token#2»`. */
  readonly text?: string;
  readonly base64?: string;
  /** Of the content before redaction, after content decoding. */
  readonly octets: number;
  readonly sha256: string;
  /** The content went on beyond `limits.bodyBytes`; what stands here is its beginning. */
  readonly cutOff?: true;
}

export interface RecordedRequest {
  readonly method: string;
  /** Absolute. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Body;
}

/** What a raw socket saw that an HTTP client hides. */
export interface Wire {
  /** Octets of content before decoding, as they came. */
  readonly contentOctets: number;
  /** Whether the target closed the connection after this answer. */
  readonly closed: boolean;
  /** Octets that came after the message was complete by its own framing. */
  readonly surplusOctets: number;
}

export interface Answer {
  readonly status: number;
  /** In the order and spelling they came, repeated fields as repeated pairs. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: Body;
  readonly wire?: Wire;
}

/**
 * - `refused`: no connection · `timeout`: no whole answer in time · `cut`: the connection ended inside the message
 * - `protocol`: not HTTP · `tls` · `size`: header or content beyond the limits · `aborted`: by us, on purpose
 */
export type FailureKind = 'refused' | 'dns' | 'timeout' | 'cut' | 'protocol' | 'tls' | 'size' | 'aborted';

export interface Failure {
  readonly kind: FailureKind;
  readonly message: string;
}

export interface Exchange {
  readonly type: 'exchange';
  /** Unique in the run, in the order of sending: `"57"`. */
  readonly id: string;
  readonly campaign: string;
  readonly intent: Intent;
  readonly sentAt: number;
  /** When the whole answer was in, or the failure was known. */
  readonly receivedAt: number;
  /** Number of the connection, where it is known. */
  readonly connection?: number;
  readonly request: RecordedRequest;
  /** Exactly one of `answer` and `failure` is there. */
  readonly answer?: Answer;
  readonly failure?: Failure;
}

/** Written before a write (POST, PATCH, PUT, DELETE) leaves, so that no write is ever unknown. */
export interface Sent {
  readonly type: 'sent';
  readonly id: string;
  readonly campaign: string;
  readonly intent: Intent;
  readonly sentAt: number;
  readonly method: string;
  readonly url: string;
}

/** A customer of the run, and whose it is. */
export interface Ground {
  readonly type: 'ground';
  readonly customer: string;
  /** Invented in this run, or marked `exclusive` in the profile: only we write there. */
  readonly exclusive: boolean;
  readonly invented: boolean;
}

export interface RunLine {
  readonly type: 'run';
  readonly journalVersion: 1;
  readonly run: string;
  readonly suite: { readonly name: string; readonly version: string };
  readonly spec: { readonly sha256: string };
  /** Redacted; the shape of `profile.ts`. */
  readonly profile: Readonly<Record<string, unknown>>;
  readonly selection: Selection;
  readonly seed: number;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
}

export interface Selection {
  /** Ids and areas, as given. */
  readonly only?: readonly string[];
  readonly shard?: { readonly index: number; readonly of: number };
  readonly effort: 'quick' | 'standard' | 'thorough';
  readonly readOnly?: true;
  readonly insecure?: true;
  readonly embedded?: true;
  readonly failOn?: readonly string[];
}

export interface CampaignLine {
  readonly type: 'campaign';
  readonly campaign: string;
  readonly event: 'begin' | 'end' | 'skipped';
  readonly at: number;
  /** The rows this campaign gathers evidence for. */
  readonly witnesses?: readonly RequirementId[];
  readonly reason?: string;
}

export type StepFilter =
  | { readonly name: FilterName | (string & {}); readonly value: string }
  /** The IBAN of a product of the script, or another that shares its beginning, end, check digits, or all but these; where it shows none the step is skipped. */
  | { readonly name: 'iban'; readonly of: string; readonly sharing?: 'head' | 'tail' | 'checkDigits' | 'account' };

/**
 * A step of a sequence, as data: what a campaign performs, shrinking leaves, `replay` does again.
 * Customers and products are named (`a`, `p1`); a name stands for a real identifier only while it is performed.
 */
export type Step =
  | { readonly do: 'create'; readonly as: string; readonly customer: string; readonly code: string }
  | { readonly do: 'list'; readonly customer: string; readonly filters?: readonly StepFilter[] }
  /** `until`: again and again, with growing gaps, until it is ACTIVE, or can become so no more. */
  | { readonly do: 'get'; readonly product: string; readonly until?: 'ACTIVE' }
  | { readonly do: 'close'; readonly product: string }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'probe'; readonly probe: string; readonly customer?: string; readonly product?: string }
  | { readonly do: 'together'; readonly branches: readonly (readonly Step[])[] };

/** The smallest sequence found that shows a violation. */
export interface CounterexampleLine {
  readonly type: 'counterexample';
  readonly requirement: RequirementId;
  /** Tells causes of one requirement apart; the key of the finding it belongs to. */
  readonly cause: string;
  readonly steps: readonly Step[];
  /** Of the last performance that showed it. */
  readonly exchanges: readonly string[];
  /** Of a race: how often it showed when the sequence was performed so many times more. */
  readonly shown?: Frequency;
}

/** `times` of `of`: always is deterministic, less is intermittent, 0 is what struck once and never again. */
export interface Frequency {
  readonly times: number;
  readonly of: number;
}

export type EndCause = 'completed' | 'usage' | 'unreachable' | 'interrupted' | 'terminated' | 'error';

export interface EndLine {
  readonly type: 'end';
  readonly cause: EndCause;
  readonly message: string;
  readonly at: number;
  readonly products: { readonly created: number; readonly closed: number; readonly left: readonly string[] };
}

export type JournalLine = RunLine | Ground | CampaignLine | Sent | Exchange | CounterexampleLine | EndLine;
