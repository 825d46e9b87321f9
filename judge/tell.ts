/** The ledger: what the rules say of each requirement, one entry a cause. */
import { recall } from '../generators/model/recall.ts';
import type { ReadingId, RequirementId } from '../spec/catalogue/index.ts';

/** A rule's word that its requirement does not hold here. */
export interface Violation {
  /** Tells causes of one requirement apart; no identifier of a product in it. Findings are one a cause. */
  readonly cause: string;
  /** One sentence: what is wrong. */
  readonly message: string;
  readonly expected: string;
  readonly received: string;
  /** Ids of the exchanges that show it, in order. */
  readonly exchanges: readonly string[];
}

/** What a rule may say. The requirement, its level and its title are not the rule's business. */
export interface Tell {
  /** Seen to hold. */
  holds(): void;
  violated(violation: Violation): void;
  /** Allowed, but warned of: a ⚠ of the readings. */
  warned(reading: ReadingId, violation: Violation): void;
  /** Records which way the target took an open point. */
  took(reading: ReadingId, taken: string, exchange: string): void;
  /** Why there is no witness, in place of the premise of the row. */
  missing(reason: string): void;
}

export interface Entry extends Violation {
  readonly severity: 'violated' | 'warned';
  /** Where it is warned of: the reading that was taken. */
  readonly reading?: ReadingId;
  /** The first sighting in each of some campaigns, the first of all first. */
  readonly sightings: Sighting[];
  count: number;
}

export interface Sighting {
  /** Of the exchange that was last looked at when it was told. */
  readonly campaign: string;
  readonly exchanges: readonly string[];
}

export interface Account {
  witnesses: number;
  reason: string | undefined;
  readonly entries: Map<string, Entry>;
}

export interface Ledger {
  readonly accounts: ReadonlyMap<RequirementId, Account>;
  readonly readings: ReadonlyMap<ReadingId, { readonly taken: Set<string>; readonly exchanges: string[] }>;
  tell(id: RequirementId): Tell;
  /** The campaign whose exchange is being looked at. */
  at(campaign: string): void;
}

/** Campaigns so named try a known finding again. */
export const isRetrial = (campaign: string): boolean => campaign.startsWith('shrink/');

const citedAtMost = 5;
const sightingsAtMost = 6;

export function createLedger(onFirst: (id: RequirementId, entry: Entry) => void = () => {}): Ledger {
  const accounts = new Map<RequirementId, Account>();
  const readings = new Map<ReadingId, { taken: Set<string>; exchanges: string[] }>();
  let campaign = '';

  function enter(id: RequirementId, account: Account, severity: Entry['severity'], violation: Violation, reading?: ReadingId): void {
    const known = account.entries.get(violation.cause);
    const exchanges = [...new Set(violation.exchanges)];
    if (known !== undefined) {
      known.count += 1;
      const { sightings } = known;
      if (sightings.length < sightingsAtMost && sightings.every((sighting) => sighting.campaign !== campaign))
        sightings.push({ campaign, exchanges });
      return;
    }
    const sightings = [{ campaign, exchanges }];
    const entry: Entry = { ...violation, exchanges, severity, ...(reading === undefined ? {} : { reading }), sightings, count: 1 };
    account.entries.set(violation.cause, entry);
    onFirst(id, entry);
  }

  return {
    accounts,
    readings,
    at(name) {
      campaign = name;
    },
    tell(id) {
      const account: Account = { witnesses: 0, reason: undefined, entries: new Map() };
      accounts.set(id, account);
      const took: Tell['took'] = (reading, taken, exchange) => {
        const entry = recall(readings, reading, () => ({ taken: new Set<string>(), exchanges: [] as string[] }));
        entry.taken.add(taken);
        if (entry.exchanges.length < citedAtMost) entry.exchanges.push(exchange);
      };
      return {
        holds() {
          account.witnesses += 1;
        },
        violated(violation) {
          enter(id, account, 'violated', violation);
        },
        warned(reading, violation) {
          took(reading, violation.cause, violation.exchanges.at(-1) ?? '');
          enter(id, account, 'warned', violation, reading);
        },
        took,
        missing(reason) {
          account.reason = reason;
        },
      };
    },
  };
}
