/** The words of a row of the catalogue. The rows themselves are in `catalogue/`, one file an area. */

export const areas = ['MSG', 'TOK', 'AUT', 'SCH', 'CRE', 'LST', 'FLT', 'CLS', 'TIM', 'LIF', 'OWN', 'REF', 'CON'] as const;
export type Area = (typeof areas)[number];

export const levels = ['MUST', 'SHOULD', 'MAY'] as const;
export type Level = (typeof levels)[number];

/**
 * When a row applies.
 * - `always`: every target can be asked for it; without a witness the row is inconclusive.
 * - anything else names what the document or the profile leaves optional; never met, the row is not applicable,
 *   with `premise.text` as the reason.
 */
export interface Premise {
  readonly kind: 'always' | 'optional';
  /** One clause, as a condition on the target or the run: "the target shows an IBAN". */
  readonly text: string;
}

/** A row of the catalogue: one thing a target must, should or may do. */
export interface Row {
  /** Area and number, `FLT-04`. Append-only, never reused. */
  readonly id: string;
  readonly level: Level;
  /** One present-tense sentence about the target, ending in a full stop. */
  readonly title: string;
  /** DOC, OWNER, MODEL, facts, practice, or a clause of an RFC. */
  readonly source: string;
  readonly premise: Premise;
  /** What must have been seen to say `pass`, in one clause. */
  readonly witness: string;
  /** Rows whose failing implies that this one fails too; turning red together is no noise. */
  readonly impliedBy?: readonly string[];
}

/** An open point of the document, and what the suite accepts. */
export interface Reading {
  /** `R-OPENING`. */
  readonly id: string;
  readonly title: string;
  /** All that is accepted, in one sentence. */
  readonly accepted: string;
  /** Rows that a ⚠ of this reading turns `warn`. */
  readonly warns: readonly string[];
}
