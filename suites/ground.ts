/** Ground: the customers that campaigns work on. Invented ones where any UUID is a customer, else lent from the profile's, one campaign each. */
import { randomUUID } from 'node:crypto';
import { recall } from '../generators/model/recall.ts';
import type { Ground as GroundLine } from '../spec/journal.ts';
import type { Customer, Profile } from '../spec/profile.ts';
import { changeDigit } from './neighbour.ts';

/** A customer, and in whose name we act there. */
export interface Place {
  /** Lower case. */
  readonly customer: string;
  readonly requestor: string;
  readonly exclusive: boolean;
  readonly invented: boolean;
}

export interface Ground {
  /**
   * Customers for a campaign, all at once so that no two campaigns wait for each other; waits where none is free. Of given customers
   * there may be fewer than asked for.
   */
  take(campaign: string, count: number): Promise<readonly Place[]>;
  /** Gives back all that the campaign holds. */
  release(campaign: string): void;
  readonly invents: boolean;
}

/** @param note writes a line to the journal, the first time a customer is used */
export function createGround(profile: Profile, note: (line: GroundLine) => void): Ground {
  const requestor = profile.requestorId ?? randomUUID();
  return profile.customers === undefined ? inventing(requestor, note) : lending(profile.customers, requestor, note);
}

const lineOf = ({ customer, exclusive, invented }: Place): GroundLine => ({ type: 'ground', customer, exclusive, invented });

/** Where neighbours differ: at the end, at the beginning, in each other group. */
const digits = [35, 0, 24, 10, 16, 21] as const;

function inventing(requestor: string, note: (line: GroundLine) => void): Ground {
  return {
    invents: true,
    async take(_, count) {
      const first = randomUUID();
      return Array.from({ length: count }, (_each, index) => {
        // Those of one campaign are neighbours: what tells customers apart by some digits only mixes them up.
        const customer = index === 0 ? first : changeDigit(first, digits[(index - 1) % digits.length]!);
        const place = { customer: index > digits.length ? randomUUID() : customer, requestor, exclusive: true, invented: true };
        note(lineOf(place));
        return place;
      });
    },
    release() {},
  };
}

function lending(customers: readonly Customer[], requestor: string, note: (line: GroundLine) => void): Ground {
  const free: Place[] = customers.map(({ customerId, requestorId, exclusive }) => ({
    customer: customerId.toLowerCase(),
    requestor: requestorId ?? requestor,
    exclusive: exclusive === true,
    invented: false,
  }));
  const all = free.length;
  const lent = new Map<string, Place[]>();
  const noted = new Set<string>();
  const pending = new Map<string, Promise<readonly Place[]>>();
  const waiting: { readonly campaign: string; readonly count: number; readonly give: (places: readonly Place[]) => void }[] = [];

  function serve(): void {
    for (let next = waiting[0]; next !== undefined && free.length >= next.count; next = waiting[0]) {
      waiting.shift();
      const places = free.splice(0, next.count);
      recall(lent, next.campaign, () => []).push(...places);
      for (const place of places) {
        if (!noted.has(place.customer)) note(lineOf(place));
        noted.add(place.customer);
      }
      pending.delete(next.campaign);
      next.give(places);
    }
  }

  return {
    invents: false,
    take(campaign, count) {
      const held = lent.get(campaign) ?? [];
      // Who holds customers waits for no more of them.
      if (held.length > 0) {
        const more = free.splice(0, count);
        held.push(...more);
        return Promise.resolve(more.length > 0 ? more : held);
      }
      // Nor does who is waiting already: two askings of one campaign are served as one.
      const asked = pending.get(campaign);
      if (asked !== undefined) return asked.then(() => this.take(campaign, count));
      const given = new Promise<readonly Place[]>((give) => {
        waiting.push({ campaign, count: Math.min(count, all), give });
      });
      pending.set(campaign, given);
      serve();
      return given;
    },
    release(campaign) {
      free.push(...(lent.get(campaign) ?? []));
      lent.delete(campaign);
      serve();
    },
  };
}
