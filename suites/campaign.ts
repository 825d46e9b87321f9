/** A campaign gathers evidence for the rows it names. It knows no test runner and judges nothing. */

import type { Facts } from '../judge/facts.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Selection, Step } from '../spec/journal.ts';
import type { Auth } from '../spec/profile.ts';
import type { Stage } from './stage.ts';

/** What campaigns are planned by. */
export interface Plan {
  readonly seed: number;
  readonly effort: Selection['effort'];
  readonly facts: Facts;
  readonly auth: Auth;
  /** Any UUID is a customer; otherwise a campaign gets at most this many at once. */
  readonly invents: boolean;
  readonly customers: number;
  readonly codes: readonly string[];
}

interface Described {
  /** `sequence 3`; unique in a run, the same under the same seed. */
  readonly name: string;
  /** The rows it gathers evidence for: `--only` runs a campaign that names a selected row. */
  readonly witnesses: readonly RequirementId[];
  /** Campaigns that mostly wait start first, and their requests go ahead of those of others. */
  readonly waits?: boolean;
  /** Started only when all others have ended: it is rough, or spends what others need. */
  readonly last?: boolean;
  /** Its requests overlap on purpose: what it finds may show one time and not another. */
  readonly races?: true;
}

/**
 * Either steps as data, which can be shrunk and replayed, or an experiment written as a function. An experiment is kept
 * small: its name is its own smallest sequence.
 */
export type Campaign = Described & ({ readonly steps: readonly Step[] } | { readonly probe: (stage: Stage) => Promise<void> });
