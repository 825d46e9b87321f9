/**
 * What a campaign works with: the four operations on ground of its own, each waiting out what the target may still be
 * settling (rule 5). A stage belongs to one campaign; stages share the session, and with it pacing, token and journal.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import type { Guide } from '../judge/guide.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Exchange, FilterPair, Probe, ProbeRole } from '../spec/journal.ts';
import type { Turn } from '../target/pacing.ts';
import type { Session } from '../target/session.ts';
import { type Arrivals, fullMs, newArrivals, noteArrival } from './arrivals.ts';
import type { Ground, Place } from './ground.ts';
import { type Holding, newHolding } from './holding.ts';

export interface Created {
  readonly exchange: Exchange;
  /** Lower case; absent where none was given. */
  readonly id: string | undefined;
}

export type Send = Draft & {
  /** `undefined`: the session's token; `null`: none; else this header value. */
  readonly authorization?: string | null;
  readonly turn?: Turn | undefined;
};

export interface Stage {
  readonly campaign: string;
  readonly session: Session;
  /** What is known by now, of the run or of a retrial alone. */
  readonly guide: Guide;
  /** Codes that this target makes, as far as is known; never empty. */
  readonly codes: readonly string[];
  /** Whether something could not be made where it was tried, for a limit of the business: elsewhere it may be. */
  readonly lack: { room: boolean };
  /** Of the run. */
  readonly arrivals: Arrivals;
  readonly holding: Holding;
  /** A customer to work on; invented, or lent for the length of the campaign. */
  place(): Promise<Place>;
  /** Several; of given customers there may be fewer. */
  places(count: number): Promise<readonly Place[]>;
  /** Sends as it is, without waiting for anything to settle. */
  send(draft: Send, probe?: Probe): Promise<Exchange>;
  /** `turn`, here and below: one of several taken at one moment, to overlap with the others. */
  list(place: Place, filters?: readonly FilterPair[], probe?: Probe, turn?: Turn): Promise<Exchange>;
  get(product: string, probe?: Probe, turn?: Turn): Promise<Exchange>;
  create(place: Place, code?: string, probe?: Probe, turn?: Turn): Promise<Created>;
  close(place: Place, product: string, probe?: Probe, turn?: Turn): Promise<Exchange>;
  /** Creates, and reads until it is ACTIVE; `undefined` where it is refused, ends, or stays closed to business too long. */
  open(place: Place, code?: string): Promise<string | undefined>;
  wait(ms: number): Promise<void>;
  /** Turns for so many requests that shall overlap, or for as many as the limits let leave at once. */
  takeTurns(count: number): Promise<readonly Turn[]>;
  /** Names the exchanges of one experiment: `trial('REF-03', 'null')('spoiled')`. */
  trial(requirement: RequirementId, name: string): (role: ProbeRole) => Probe;
}

type Awaits = NonNullable<ReturnType<Guide['awaits']>>;

const firstGapMs = 8;
const growth = 1.7;
const widestGapMs = 400;
/**
 * How many reads may wait at once where no settle time is declared. The others go on with what they saw: what one waits out in vain,
 * all would.
 */
const waitingAtMost = 8;
/** How long a product may take to open before campaigns that need an ACTIVE one do without. */
const openingPatienceMs = 5_000;

/** Waits in vain after which no read of that kind waits any more, if not one of them was worth it. */
const vainAtMost = 8;

/** What the reads of a run have learnt of waiting for something to settle. */
export interface Patience {
  /** How many wait now. */
  waiting: number;
  /** By operation: how many waits came to something, and how many to nothing. */
  readonly met: Map<string, number>;
  readonly vain: Map<string, number>;
  readonly arrivals: Arrivals;
  readonly holding: Holding;
}

export const newPatience = (): Patience => ({
  waiting: 0,
  met: new Map(),
  vain: new Map(),
  arrivals: newArrivals(),
  holding: newHolding(),
});

export function createStage(options: {
  readonly campaign: string;
  readonly session: Session;
  readonly guide: Guide;
  readonly ground: Ground;
  readonly codes: () => readonly string[];
  readonly signal: AbortSignal;
  /** After that nothing more is sent: sending rejects with its reason. Absent: the session knows when it ends. */
  readonly limit?: AbortSignal;
  /** Shared by the stages of a run. */
  readonly patience: Patience;
  /** The whole run waits for this campaign, which itself mostly waits: its requests go before those of others. */
  readonly isAhead?: boolean | undefined;
}): Stage {
  const { campaign, session, guide, ground, signal, patience, isAhead } = options;
  let trials = 0;

  const send: Stage['send'] = async (draft, probe) => {
    options.limit?.throwIfAborted();
    return session.send({ ...draft, campaign, intent: probe === undefined ? draft.intent : { ...draft.intent, probe }, isAhead });
  };

  /** Sends a read again, with growing gaps, until nothing is lacking in it that may still come. */
  async function read(draft: Draft, probe: Probe | undefined, turn: Turn | undefined): Promise<Exchange> {
    const exchange = await send({ ...draft, turn }, probe);
    const due = guide.awaits(exchange.id);
    if (due === undefined || isHopeless(draft.intent.operation)) return exchange;
    // What an experiment reads decides it: nothing comes of it where it does not wait. And what others waited for came.
    if (guide.known.facts.settleMs !== undefined || probe !== undefined || guide.cures) return poll(exchange, due, draft, probe);
    if (patience.waiting >= waitingAtMost) return exchange;
    patience.waiting += 1;
    try {
      return await poll(exchange, due, draft, probe);
    } finally {
      patience.waiting -= 1;
    }
  }

  const isHopeless = (operation: string): boolean => !patience.met.has(operation) && (patience.vain.get(operation) ?? 0) >= vainAtMost;

  function learn(operation: string, { until }: Awaits): void {
    const waits = session.now() < until ? patience.met : patience.vain;
    waits.set(operation, (waits.get(operation) ?? 0) + 1);
  }

  async function poll(first: Exchange, awaited: Awaits, draft: Draft, probe: Probe | undefined): Promise<Exchange> {
    let exchange = first;
    let due: Awaits | undefined = awaited;
    for (let gap = firstGapMs; ; gap = Math.min(gap * growth, widestGapMs)) {
      // What the list lacks may have changed by the bank's own hand: the products themselves are asked.
      if (draft.intent.operation === 'list') {
        if (due.doubtful.length > 3) await send(draftList(draft.intent.customer!));
        else for (const product of due.doubtful) await send(draftGet(product));
        if (due.doubtful.length > 0) due = guide.awaits(exchange.id);
        if (due === undefined) return exchange;
      }
      await sleep(Math.max(1, Math.min(gap, due.until - session.now() + 1)), undefined, { signal });
      const last: Awaits = due;
      exchange = await send(draft, probe);
      due = guide.awaits(exchange.id);
      if (due === undefined) {
        learn(draft.intent.operation, last);
        return exchange;
      }
    }
  }

  const stage: Stage = {
    campaign,
    session,
    guide,
    get codes() {
      return options.codes();
    },
    lack: { room: false },
    arrivals: patience.arrivals,
    holding: patience.holding,
    place: async () => (await ground.take(campaign, 1))[0]!,
    places: (count) => ground.take(campaign, count),
    send,
    list: (place, filters = [], probe, turn) => read(draftList(place.customer, filters), probe, turn),
    async get(product, probe, turn) {
      const exchange = await read(draftGet(product), probe, turn);
      const known = guide.known.products.get(product);
      const waitedMs = exchange.sentAt - (known?.creation?.message?.to ?? Number.POSITIVE_INFINITY);
      if (known?.last === undefined && waitedMs >= fullMs) noteArrival(patience.arrivals, known?.creation?.code ?? '', false, waitedMs);
      return exchange;
    },
    async create(place, code = stage.codes[0]!, probe, turn) {
      const exchange = await send({ ...draftCreate(place.customer, code, place.requestor), turn }, probe);
      const creation = guide.known.customers.get(place.customer)?.creations.findLast(({ message }) => message?.id === exchange.id);
      return { exchange, id: creation?.product?.id };
    },
    close: (place, product, probe, turn) => send({ ...draftClose(product, place.requestor), turn }, probe),
    async open(place, code) {
      const { id } = await stage.create(place, code);
      if (id === undefined) return undefined;
      const patience = session.now() + openingPatienceMs;
      for (let gap = firstGapMs; ; gap = Math.min(gap * growth, widestGapMs)) {
        await stage.get(id);
        const status = guide.known.products.get(id)?.last?.shown.status;
        if (status === 'ACTIVE') return id;
        if ((status !== 'RECEIVED' && status !== 'PENDING') || session.now() > patience) return undefined;
        await stage.wait(gap);
      }
    },
    async wait(ms) {
      await sleep(ms, undefined, { signal });
    },
    takeTurns: (count) => session.takeTurns(count, isAhead),
    trial(requirement, name) {
      trials += 1;
      const trial = `${campaign}/${trials}`;
      return (role) => ({ requirement, case: name, trial, role });
    },
  };
  return stage;
}
