/**
 * What was seen of a product in a view, and what was lacking there, until time has decided between late and lost (rule 5). Time is an
 * interval: a read contradicts a write only if it began after the write was answered, and another read only if it began after that
 * one ended.
 */
import type { Message } from '../generators/model/message.ts';
import type { Product, Shown, Sight } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import type { FilterPair } from '../spec/journal.ts';
import { compareMoments, type Moment } from '../spec/moment.ts';
import { tellsOfChange } from './coarse.ts';
import type { Facts } from './facts.ts';
import type { Awaited, Effect } from './visibility.ts';

interface State {
  /** What the view is awaited to show changes with the status. */
  epoch: string;
  seen: Message | undefined;
  lacking: { readonly first: Message; last: Message; readonly since: number; readonly against: Message | undefined } | undefined;
}

/** A read that lacked, or showed, what may have an innocent reason; the next sight of the product tells. */
export interface Doubt {
  readonly what: 'present' | 'absent';
  readonly read: Read;
  /** What must be seen again for the doubt to be one no longer; none: any sight will do. */
  readonly state: Pick<Shown, 'status' | 'modifiedOn'> | undefined;
  readonly since: number;
  /** Only a sight that was asked for after this tells. */
  readonly notBefore: number;
  readonly epoch: string;
}

/** The read that something is noted of. */
export interface Read {
  readonly view: 'get' | 'list';
  /** Of the view: reads are held against earlier ones of the same. */
  readonly name: string;
  readonly filters: readonly FilterPair[];
  readonly message: Message;
  readonly known?: number;
  readonly sight?: Sight;
}

export interface Sightings {
  /**
   * A read showed, or lacked, what was to be seen since `due`, or, where nobody can say since when, since it was first lacking.
   * @param epoch what the view is awaited to show is another thing under another name
   */
  note(
    seen: boolean,
    product: Product,
    what: Awaited,
    read: Read,
    due: number | 'first lacking',
    against: Message | undefined,
    epoch: string,
  ): void;
  addDoubt(product: Product, doubt: Doubt): void;
  settleDoubts(sight: Sight): void;
  /** Tells what was held back. */
  end(): void;
  /** See `Visibility`. */
  awaits(messageId: string): { readonly until: number; readonly doubtful: readonly string[] } | undefined;
}

/** How long after the first loss others are still waited for. */
const graceMs = 3_000;

/** More doubts about one product say no more. */
const doubtsAtMost = 64;

const isEqual = (one: Moment | undefined, other: Moment | undefined): boolean =>
  one === other || (one !== undefined && other !== undefined && compareMoments(one, other) === 0);

const newStates = (): Map<Product, Map<string, State>> => new Map();
const newViews = (): Map<string, State> => new Map();

export function createSightings(facts: Facts, tellOn: (effect: Effect) => void): Sightings {
  // By what is awaited, then by product, then by view: keys are kept as they are, for this is asked for every product of every list.
  const states = { present: newStates(), closed: newStates(), absent: newStates(), fresh: newStates() };
  const doubts = new Map<Product, Doubt[]>();
  const awaiting = new Map<string, { until: number; doubtful: string[] }>();
  /** What was lost once is waited for no more: the run has what it needs to fail, and has others to think of. */
  const lostKinds = new Set<string>();
  /** From then on nothing is waited for: a target that has lost one thing and then another would be waited for without end. */
  let patientUntil = Number.POSITIVE_INFINITY;
  const boundMs = facts.settleMs ?? facts.lostAfterMs;
  /** Confirmed by a read that may lag behind itself, if this target's reads do. */
  const heldBack: Effect[] = [];
  let slow = false;
  let holds = false;

  function tell(effect: Effect): void {
    if (effect.outcome === 'late') slow = true;
    if (holds) heldBack.push(effect);
    else tellOn(effect);
  }

  function stateOf(product: Product, what: Awaited, view: string, epoch: string): State {
    const known = recall(states[what], product, newViews);
    const state = known.get(view);
    if (state?.epoch === epoch) return state;
    const fresh: State = { epoch, seen: undefined, lacking: undefined };
    known.set(view, fresh);
    return fresh;
  }

  function waitFor(message: Message, until: number, doubtful?: Product): void {
    if (until <= message.to || message.to > patientUntil) return;
    if (awaiting.size > 4_096) awaiting.clear();
    const entry = recall(awaiting, message.id, () => ({ until, doubtful: [] as string[] }));
    entry.until = Math.max(entry.until, until);
    if (doubtful !== undefined) entry.doubtful.push(doubtful.id);
  }

  function note(
    seen: boolean,
    product: Product,
    what: Awaited,
    read: Read,
    due: number | 'first lacking',
    against: Message | undefined,
    epoch: string,
  ): void {
    const { message } = read;
    const state = stateOf(product, what, read.name, epoch);
    // Seen again, and nothing was lacking: said already.
    if (seen && state.seen !== undefined && state.lacking === undefined) {
      if (message.to < state.seen.to) state.seen = message;
      return;
    }
    const since = due === 'first lacking' ? (state.lacking?.since ?? message.from) : due;
    const effect = {
      product,
      what,
      view: read.view,
      filters: read.filters,
      message,
      known: read.known ?? 0,
      ...(read.sight === undefined ? {} : { sight: read.sight }),
    };
    if (seen) {
      const { lacking } = state;
      // Only a read that began after the lacking one ended shows that time has cured it.
      const delay = lacking && { atLeast: lacking.last.from - lacking.since, atMost: message.to - lacking.since };
      state.lacking = undefined;
      if (state.seen === undefined || message.to < state.seen.to) state.seen = message;
      tell({ ...effect, outcome: delay !== undefined && facts.settleMs === undefined ? 'late' : 'shown', delay, against: lacking?.last });
      return;
    }
    if (state.seen !== undefined && settledAt(state.seen.to, product, message) <= message.from) {
      tell({ ...effect, outcome: 'back', delay: undefined, against: state.seen });
      return;
    }
    if (message.from < since) return;
    const kind = `${what} ${read.view}`;
    if (message.from - since > boundMs) {
      lostKinds.add(kind);
      patientUntil = Math.min(patientUntil, message.to + graceMs);
      tell({ ...effect, outcome: 'lost', delay: { atLeast: message.from - since, atMost: Number.POSITIVE_INFINITY }, against });
      return;
    }
    if (state.lacking === undefined) state.lacking = { first: message, last: message, since, against };
    else if (message.from > state.lacking.last.from) state.lacking.last = message;
    if (!lostKinds.has(kind)) waitFor(message, since + boundMs);
  }

  /**
   * From when on what was seen must stay seen. Where a settle time is declared, a write may show here and there before it is
   * answered, and go to and fro until the settle time after its answer is over (rule 5).
   */
  function settledAt(seen: number, product: Product, read: Message): number {
    return facts.settleMs === undefined ? seen : Math.max(seen, lastWriteTo(product, read)) + facts.settleMs;
  }

  function addDoubt(product: Product, doubt: Doubt): void {
    const known = recall(doubts, product, () => []);
    const { state, read } = doubt;
    const canBeSettled = state === undefined || tellsOfChange(product, state, read.message.from, facts.clockToleranceMs);
    if (canBeSettled && known.length < doubtsAtMost) known.push(doubt);
    // Where replicas may lag, what seems to have vanished may just not have come there yet.
    if (!product.gone || facts.settleMs !== undefined) waitFor(read.message, doubt.since + boundMs, product);
  }

  function settleDoubts({ product, shown, from, message }: Sight): void {
    const known = doubts.get(product);
    if (known === undefined) return;
    doubts.delete(product);
    const open: Doubt[] = [];
    for (const doubt of known) {
      const { what, read, state, since, notBefore, epoch } = doubt;
      if (from < notBefore) open.push(doubt);
      // A product that came back to a status was changed, and shows it.
      else if (state === undefined || (state.status === shown.status && isEqual(state.modifiedOn, shown.modifiedOn))) {
        holds = facts.settleMs === undefined && from < read.message.to + boundMs;
        note(false, product, what, read, since, message, epoch);
        holds = false;
      }
    }
    if (open.length > 0) doubts.set(product, open);
  }

  return {
    note,
    addDoubt,
    settleDoubts,
    end() {
      if (!slow) for (const effect of heldBack) tellOn(effect);
    },
    awaits(messageId) {
      const entry = awaiting.get(messageId);
      awaiting.delete(messageId);
      return entry;
    },
  };
}

/** When the last write of ours to it was answered; `Infinity` while one is under way. */
export function lastWriteTo(product: Product, read: Message): number {
  let last = product.creation?.message?.to ?? Number.NEGATIVE_INFINITY;
  for (const { from, message, outcome } of product.closings)
    if (from < read.to && outcome !== 'refused') last = Math.max(last, message?.to ?? Number.POSITIVE_INFINITY);
  return last;
}
