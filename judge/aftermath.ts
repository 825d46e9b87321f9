/** What a request that should have had no effect did all the same, as the reads around it show. */
import { isRefused, type Message } from '../generators/model/message.ts';
import {
  endedOtherwise,
  isRecord,
  isSameMoment,
  maySoonVanish,
  type Product,
  readShown,
  type Shown,
  type Sight,
  siblingClosings,
} from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import { productCodes } from '../spec/values.ts';
import { findLastingChange } from './agreement.ts';
import type { Known } from './rule.ts';
import type { Attempt } from './series.ts';

/**
 * - `created`: a product that no create of ours accounts for · `closed` · `reopened` · `changed`: a property that never changes
 * - `asked`: the status that was asked for, not CLOSED · `gone`: a product no longer shown · `touched`: `modifiedOn` and nothing else
 */
export type Consequence = 'created' | 'closed' | 'reopened' | 'changed' | 'asked' | 'gone' | 'touched';

export interface Aftermath {
  readonly what: Consequence;
  /** Nobody but us can have done it: once is enough. Else it must follow 3 times of 3 (rule 3). */
  readonly certain: boolean;
  readonly expected: string;
  readonly received: string;
  /** The reads that show it: one before, one after. */
  readonly reads: readonly [Message, Message];
  /** Of a product that came where others create too. */
  readonly stranger?: {
    readonly code: string | undefined;
    /** None came in the time before, as long as nothing odd was sent: without such a control it may as well be the work of others. */
    readonly controlled: boolean;
  };
}

/** The gravest consequence of an attempt, among those asked for, in the last read of each view. */
export function aftermathOf(attempt: Attempt, known: Known, heeded: ReadonlySet<Consequence>): Aftermath | undefined {
  let gravest: Aftermath | undefined;
  for (const after of lastOfEachView(attempt.after)) {
    const before = attempt.before.findLast((read) => viewOf(read) === viewOf(after) && showsState(read));
    if (before === undefined) continue;
    const earlier = attempt.before.findLast((read) => read !== before && viewOf(read) === viewOf(after) && showsState(read));
    for (const found of compareReads(before, after, attempt.odd, known, earlier))
      if (heeded.has(found.what) && (gravest === undefined || rank(found) < rank(gravest))) gravest = found;
  }
  return gravest;
}

const lastOfEachView = (reads: readonly Message[]): Iterable<Message> => new Map(reads.map((read) => [viewOf(read), read])).values();

/** A customer without products may be unknown (R-CUSTOMER): that is an empty list. */
const isEmpty = ({ status, intent }: Message): boolean => intent.operation === 'list' && (status === 404 || status === 403);
const showsState = (read: Message): boolean => read.status === 200 || isEmpty(read);

/** What happened to one product between two sights of it, with `odd` sent between them. */
export const compareSights = (before: Sight, after: Sight, odd: Message, known: Known): Iterable<Aftermath> =>
  compareShown(before.shown, after.shown, [before.message, after.message], odd, known);

/** Whether the state was read both before and after the odd request. */
export const isRead = ({ before, after }: Attempt): boolean =>
  after.some((read) => showsState(read) && before.some((other) => showsState(other) && viewOf(other) === viewOf(read)));

const triesNeeded = 3;

/** Products come by the hand of others all the time: one more, each with its control before it. */
export const controlledTriesNeeded = 4;

/**
 * Weighs what followed a case, try after try. Gives back what proves that the case has the effect: at once where it is certain,
 * else once it followed every time of some. Products that come where others create too must be of one code, and count only where none
 * came in the control before.
 */
export function weighTries(): (name: string, found: Aftermath | undefined) => Aftermath | undefined {
  const tries = new Map<string, { followed: number; stayed: number; code: string | undefined }>();
  return (name, found) => {
    const entry = recall(tries, name, () => ({ followed: 0, stayed: 0, code: undefined as string | undefined }));
    if (found?.certain === true) return found;
    if (found?.stranger?.controlled === false) return undefined;
    if (found === undefined || (found.stranger !== undefined && entry.followed > 0 && found.stranger.code !== entry.code))
      entry.stayed += 1;
    else entry.followed += 1;
    entry.code = found?.stranger?.code;
    const needed = found?.stranger === undefined ? triesNeeded : controlledTriesNeeded;
    return entry.followed >= needed && entry.stayed === 0 ? found : undefined;
  };
}

const order: readonly Consequence[] = ['created', 'closed', 'reopened', 'changed', 'asked', 'gone', 'touched'];
const rank = ({ what, certain }: Aftermath): number => order.indexOf(what) + (certain ? 0 : order.length);

function viewOf({ intent }: Message): string {
  const id = intent.operation === 'list' ? intent.customer : intent.product;
  return `${intent.operation} ${id?.toLowerCase()} ${JSON.stringify(intent.filters ?? [])}`;
}

/** @param earlier the read of the same view before the one before */
function* compareReads(before: Message, after: Message, odd: Message, known: Known, earlier: Message | undefined): Generator<Aftermath> {
  const [was, is] = [shownIn(before), shownIn(after)];
  const reads = [before, after] as const;
  const code = member(odd, 'productCode');
  const isExclusiveGround = isExclusive(after.intent.customer, known);
  for (const [id, shown] of is) {
    const previous = was.get(id);
    if (previous !== undefined) yield* compareShown(previous, shown, reads, odd, known);
    else if (
      isStranger(id, after, known) &&
      // Of another code than the one that was asked for it is somebody else's.
      (isExclusiveGround || shown.productCode === code || !productCodes.some((documented) => documented === code))
    )
      yield {
        what: 'created',
        certain: isExclusiveGround,
        expected: 'no other products than before',
        received: 'one more product in the list',
        reads,
        ...(isExclusiveGround ? {} : { stranger: { code: shown.productCode, controlled: isControlled(earlier, before, known) } }),
      };
  }
  if (after.status !== 200 && !(isRefused(after) && after.status !== 401)) return;
  for (const [id, { status }] of was)
    if (!is.has(id) && !maySoonVanish(status) && mustStay(id, after, known))
      yield { what: 'gone', certain: false, expected: 'the product, as before', received: 'the product is shown no longer', reads };
}

/** What others made, they may take away (R-OTHERS); and what we made may still show here and there, to and fro. */
function mustStay(id: string, { intent, from }: Message, known: Known): boolean {
  const product = known.products.get(id);
  if (product?.creation === undefined) return isExclusive(intent.customer ?? product?.customer, known);
  return (product.creation.message?.to ?? Number.POSITIVE_INFINITY) + (known.facts.settleMs ?? 0) <= from;
}

/** Closed, or half closed; one that ended otherwise may show closedOn too (CLS-02). */
const isClosed = ({ status, raw }: Shown): boolean => status === 'CLOSED' || ('closedOn' in raw && !endedOtherwise.has(status));

function* compareShown(was: Shown, is: Shown, reads: readonly [Message, Message], odd: Message, known: Known): Generator<Aftermath> {
  const product = known.products.get(is.id);
  const certain = isExclusive(product?.customer, known);
  // What others made, others change (R-OTHERS).
  if (!certain && product?.creation === undefined) return;
  if (isClosed(is) && was.status !== 'CLOSED' && !('closedOn' in was.raw)) {
    // Another close of it may have taken effect meanwhile.
    const other = product?.closings.some(({ message, outcome, from }) => message !== odd && outcome !== 'refused' && from < reads[1].to);
    if (other !== true && !mayHaveClosedAlong(product, reads, known))
      yield {
        what: 'closed',
        certain,
        expected: `status ${was.status}, without closedOn`,
        received: `status ${is.status}${'closedOn' in is.raw ? ' with closedOn' : ''}`,
        reads,
      };
    return;
  }
  if (was.status === 'CLOSED' && is.status !== 'CLOSED') {
    // A replica may still show the state of before the close, within the settle time.
    const closedAt = product?.closings.find(({ outcome }) => outcome === 'accepted')?.message?.to;
    if (closedAt !== undefined && reads[1].from >= closedAt + (known.facts.settleMs ?? 0))
      yield { what: 'reopened', certain, expected: 'status CLOSED', received: `status ${is.status}`, reads };
    return;
  }
  const name = findLastingChange(was, is);
  if (name !== undefined)
    yield { what: 'changed', certain, expected: `${name} ${render(was, name)}`, received: `${name} ${render(is, name)}`, reads };
  if (was.status !== is.status) {
    // The bank may change a status by its own hand (rule 3).
    if (is.status !== undefined && is.status === statusAsked(odd))
      yield { what: 'asked', certain: false, expected: `status ${was.status}`, received: `status ${is.status}, as was asked`, reads };
    return;
  }
  // What the bank may have changed, and changed back, between the two reads.
  if (is.status !== 'CLOSED' && movesByHand(known)) return;
  if (was.modifiedOn !== undefined && is.modifiedOn !== undefined && !isSameMoment(was.modifiedOn, is.modifiedOn))
    yield {
      what: 'touched',
      certain: false,
      expected: `modifiedOn ${render(was, 'modifiedOn')}`,
      received: `modifiedOn ${render(is, 'modifiedOn')}`,
      reads,
    };
}

const byHand = ['BLOCKED', 'RESTRICTED', 'INACTIVE'];

/** The bank moves products of this run by its own hand (rule 3): some were seen so. */
function movesByHand({ products }: Known): boolean {
  for (const { creation, statuses } of products.values())
    if (creation !== undefined && byHand.some((status) => statuses.has(status))) return true;
  return false;
}

/** Nothing odd was sent between the two reads, and no product of others came. */
function isControlled(earlier: Message | undefined, before: Message, known: Known): boolean {
  if (earlier === undefined || before.intent.probe?.role !== 'before') return false;
  const was = shownIn(earlier);
  return [...shownIn(before).keys()].every((id) => was.has(id) || known.products.get(id)?.creation !== undefined);
}

/** With another product of the customer, closed meanwhile (R-BOUND). */
function mayHaveClosedAlong(product: Product | undefined, reads: readonly [Message, Message], { customers, facts }: Known): boolean {
  const customer = customers.get(product?.customer ?? '');
  return product !== undefined && siblingClosings(product, customer, reads[0].from - (facts.settleMs ?? 0), reads[1].to).length > 0;
}

function shownIn(message: Message): ReadonlyMap<string, Shown> {
  const values = message.status !== 200 ? [] : Array.isArray(message.json) ? (message.json as readonly unknown[]) : [message.json];
  return new Map(
    values.flatMap((value) => {
      const shown = readShown(value);
      return shown === undefined ? [] : [[shown.id, shown] as const];
    }),
  );
}

/** A product in a list that no create of ours can account for. */
function isStranger(id: string, read: Message, known: Known): boolean {
  if (known.products.get(id)?.creation !== undefined) return false;
  const customer = known.customers.get(read.intent.customer?.toLowerCase() ?? '');
  if (customer === undefined) return false;
  return !customer.creations.some(
    ({ outcome, product, from }) =>
      from < read.to && (outcome === 'unknown' || outcome === 'pending' || (outcome === 'accepted' && product === undefined)),
  );
}

const isExclusive = (customer: string | undefined, known: Known): boolean =>
  customer !== undefined && known.customers.get(customer.toLowerCase())?.exclusive === true;

const render = (shown: Shown, name: string): string => String(name === 'iban' ? shown.iban : shown.raw[name]);

const statusAsked = (odd: Message): string | undefined => member(odd, 'status');

/** A member of the content of a request, where it is text. */
function member({ exchange }: Message, name: string): string | undefined {
  try {
    const asked: unknown = JSON.parse(exchange.request.body?.text ?? '');
    const value = isRecord(asked) ? asked[name] : undefined;
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}
