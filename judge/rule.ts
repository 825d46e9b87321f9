/** What a rule is: a function of what happened that speaks about one requirement. */

import type { Watch } from '../generators/model/fold.ts';
import type { Customer } from '../generators/model/listing.ts';
import type { Message } from '../generators/model/message.ts';
import type { Product } from '../generators/model/product.ts';
import type { IdsOf, RequirementId } from '../spec/catalogue/index.ts';
import type { ProbeRole } from '../spec/journal.ts';
import type { Area } from '../spec/requirement.ts';
import type { Facts } from './facts.ts';
import type { Tell } from './tell.ts';
import type { Effect } from './visibility.ts';

/** All exchanges of one probe, in the order in which they were answered. */
export interface Trial {
  readonly id: string;
  readonly requirement: RequirementId;
  readonly case: string;
  readonly campaign: string;
  readonly messages: readonly Message[];
}

export interface RuleWatch extends Watch {
  /** Time has decided whether a write shows in a view. */
  effect?(effect: Effect): void;
  /** All exchanges of a probe of this rule's own requirement are in. */
  trial?(trial: Trial): void;
  /** No more evidence will come. */
  end?(): void;
}

/** What is known to all rules. */
export interface Known {
  readonly customers: ReadonlyMap<string, Customer>;
  readonly products: ReadonlyMap<string, Product>;
  /** Products of this run that were seen in an answer, by id. */
  readonly shown: ReadonlySet<string>;
  readonly facts: Facts;
  /** Products may end INVALID or REJECTED, and then vanish for good: the target has shown such a status. */
  readonly endsProducts: boolean;
}

/** A rule is made anew for each journal, so it may keep state of its own. */
export type Rule = (tell: Tell, known: Known) => RuleWatch;

/** In place of a rule: the requirement is in the catalogue, and this version has no rule for it. */
export const notBuilt = 'not built in this version';

/** A rule for each row of an area: a row without one does not compile. */
export type Rules<A extends Area> = Readonly<Record<IdsOf<A>, Rule | typeof notBuilt>>;

/** The messages of a trial with that role. */
export const inRole = (trial: Trial, role: ProbeRole): readonly Message[] =>
  trial.messages.filter(({ intent }) => intent.probe?.role === role);
