/**
 * Products to try things on. Where the target allows one open product of a code a customer, ours is closed first; products of
 * others are left alone, and a code they have taken is skipped (rule 7).
 */
import { isAccepted, isRefused, readMessage } from '../generators/model/message.ts';
import { isRecord, type Product } from '../generators/model/product.ts';
import type { Exchange, Probe } from '../spec/journal.ts';
import { isHopeless, noteArrival, patienceFor } from './arrivals.ts';
import type { Place } from './ground.ts';
import { awaitFree } from './holding.ts';
import type { Stage } from './stage.ts';

export interface Subject {
  /** Lower case. */
  readonly id: string;
  readonly code: string;
}

/** The codes of the target, beginning with another one for each campaign, so that a run tries them all. */
export function codesFor(stage: Stage): readonly string[] {
  const { codes, campaign } = stage;
  let sum = 0;
  for (const letter of campaign) sum += letter.charCodeAt(0);
  return codes.map((_, index) => codes[(index + sum) % codes.length]!);
}

/**
 * Closes what we have open there, of a code or of any, and, where room is limited, waits until what was closed reads CLOSED: before that
 * it may still be in the way. Resolves to whether there was anything.
 */
export async function makeRoom(stage: Stage, place: Place, code?: string): Promise<boolean> {
  const products = [...(stage.guide.known.customers.get(place.customer)?.products.values() ?? [])];
  const ours = products.filter(
    ({ creation, firstClosed, last }) =>
      creation !== undefined &&
      (code === undefined || creation.code === code) &&
      firstClosed === undefined &&
      !ended.has(last?.shown.status),
  );
  const isClosing = ({ closings }: Product): boolean => closings.some(({ outcome, valid }) => valid && outcome === 'accepted');
  const open = ours.filter((product) => !isClosing(product));
  for (const { id } of open) await stage.close(place, id);
  if (isLimited(stage)) for (const product of ours) if (isClosing(product)) await stage.get(product.id);
  return ours.length > 0;
}

/** Declared, or learnt from a refusal (R-LIMITS). */
export const isLimited = ({ guide }: Stage): boolean => guide.known.facts.openProductsPerCode !== undefined || guide.limited;

/** The codes of which others have nothing open there that might stand in the way; all of them where no limit is known. */
export async function freeCodes(stage: Stage, place: Place): Promise<readonly string[]> {
  const codes = codesFor(stage);
  if (place.invented) return codes;
  await stage.list(place);
  if (!isLimited(stage)) return codes;
  const taken = new Set<string | undefined>();
  for (const { creation, last } of stage.guide.known.customers.get(place.customer)?.products.values() ?? [])
    if (creation === undefined && !ended.has(last?.shown.status)) taken.add(last?.shown.productCode);
  const free = codes.filter((code) => !taken.has(code));
  if (free.length === 0) stage.lack.room = true;
  return free;
}

const ended = new Set<string | undefined>(['CLOSED', 'INVALID', 'REJECTED']);

/**
 * A create that a limit of the business does not stand in the way of, as far as that is in our hands. What is refused is sent again
 * at once: a refusal that does not last is no limit (R-LIMITS).
 */
export async function createWithRoom(stage: Stage, place: Place, code: string, probe?: Probe): Promise<string | undefined> {
  if (isLimited(stage)) await makeRoom(stage, place, code);
  let made = await stage.create(place, code, probe);
  for (const again of [async () => true, () => makeRoom(stage, place, code), () => makeRoom(stage, place)]) {
    if (made.id !== undefined || !isRefused(readMessage(made.exchange))) return made.id;
    if (await again()) made = await stage.create(place, code, probe);
  }
  if (made.id === undefined) stage.lack.room = true;
  return made.id;
}

const openingRounds = 3;

/** A new product, seen ACTIVE. Undefined where none could be had. */
export async function openSubject(stage: Stage, place: Place, codes?: readonly string[]): Promise<Subject | undefined> {
  for (let round = 0; round < openingRounds; round += 1) {
    let hasEnded = false;
    for (const code of likeliestFirst(stage, codes ?? (await freeCodes(stage, place)))) {
      const id = await createWithRoom(stage, place, code);
      if (id === undefined) continue;
      if (await awaitActive(stage, id)) return { id, code };
      hasEnded ||= ended.has(statusOf(stage, id)) && hasOpened(stage, code);
    }
    // Where some open and some are rejected (R-OPENING), the next may open.
    if (!hasEnded) return undefined;
  }
  return undefined;
}

/** In the place of a product that has ended without ever opening, where others of its code open (R-OPENING). */
export async function replaceEnded(stage: Stage, place: Place, id: string): Promise<Subject | undefined> {
  const code = stage.guide.known.products.get(id)?.creation?.code;
  return code !== undefined && ended.has(statusOf(stage, id)) && hasOpened(stage, code) ? openSubject(stage, place, [code]) : undefined;
}

const hasOpened = ({ guide }: Stage, code: string): boolean => {
  for (const { creation, active } of guide.known.products.values()) if (creation?.code === code && active !== undefined) return true;
  return false;
};

/** Codes whose products have been seen to open come first, those whose products are known to stay closed to business last. */
function likeliestFirst(stage: Stage, codes: readonly string[]): readonly string[] {
  const { guide, session } = stage;
  const rank = new Map<string, number>();
  for (const { creation, active, last } of guide.known.products.values()) {
    if (creation === undefined || last === undefined) continue;
    const waits = active === undefined && session.now() - creation.from > patienceMs / 5;
    rank.set(creation.code, Math.min(rank.get(creation.code) ?? 2, active !== undefined ? 0 : waits ? 2 : 1));
  }
  return hopelessLast(
    stage,
    [...codes].sort((one, other) => (rank.get(one) ?? 1) - (rank.get(other) ?? 1)),
  );
}

/** Codes of which no product was ever seen, though one was waited for to the end, come last. */
export const hopelessLast = ({ arrivals }: Stage, codes: readonly string[]): readonly string[] => [
  ...codes.filter((code) => !isHopeless(arrivals, code)),
  ...codes.filter((code) => isHopeless(arrivals, code)),
];

const patienceMs = 5_000;

/** Where none has opened after all that patience, none is expected to. */
const littlePatienceMs = 300;

/** How long a product may take to open: where others have opened, some times as long as the slowest of them. */
function openingPatience(stage: Stage): number {
  const { guide, session } = stage;
  let slowest: number | undefined;
  let longestWait = 0;
  for (const { creation, active, last } of guide.known.products.values()) {
    if (creation === undefined || last === undefined) continue;
    if (active !== undefined) slowest = Math.max(slowest ?? 0, active.to - creation.from);
    else longestWait = Math.max(longestWait, session.now() - creation.from);
  }
  if (slowest !== undefined) return Math.min(patienceMs, 1_000 + 4 * slowest);
  return longestWait > patienceMs ? littlePatienceMs : patienceMs;
}

/** Reads a product until it is ACTIVE, and free where products are held at first. False where it ends otherwise, or takes too long. `onRead` is told of each read. */
export async function awaitActive(stage: Stage, id: string, onRead?: (exchange: Exchange) => void): Promise<boolean> {
  await awaitStatus(
    stage,
    id,
    (status) => status !== undefined && status !== 'RECEIVED' && status !== 'PENDING',
    () => openingPatience(stage),
    onRead,
  );
  if (statusOf(stage, id) !== 'ACTIVE') return false;
  await awaitFree(stage, id);
  return true;
}

const statusOf = ({ guide }: Stage, id: string): string | undefined => guide.known.products.get(id)?.last?.shown.status;

const illegibleAtMost = 4;

/** Reads a product, with growing gaps, until it shows such a status, or patience ends; what is known of others may change it meanwhile. */
async function awaitStatus(
  stage: Stage,
  id: string,
  isMet: (status: string | undefined) => boolean,
  patience: () => number,
  onRead: (exchange: Exchange) => void = () => {},
): Promise<void> {
  const since = stage.session.now();
  const code = stage.guide.known.products.get(id)?.creation?.code ?? '';
  let wasThere = false;
  let illegible = 0;
  for (let gap = 8; ; gap = Math.min(gap * 2, 400)) {
    const read = await stage.get(id);
    onRead(read);
    const waitedMs = stage.session.now() - since;
    const isThere = stage.guide.known.products.get(id)?.last !== undefined;
    if (isThere && !wasThere) noteArrival(stage.arrivals, code, true, waitedMs);
    wasThere = isThere;
    const isOver = waitedMs > (isThere ? patience() : patienceFor(stage.arrivals, code));
    if (isOver && !isThere) noteArrival(stage.arrivals, code, false, waitedMs);
    if (isMet(statusOf(stage, id)) || isOver) return;
    // What is answered, and tells nothing, will tell no more the next time.
    if (statusOf(stage, id) === undefined && !isRefused(readMessage(read)) && ++illegible >= illegibleAtMost) return;
    await stage.wait(gap);
  }
}

/** Waits until replicas must agree about what was written so far, where a settle time is declared. */
export async function settle(stage: Stage): Promise<void> {
  const { settleMs } = stage.guide.known.facts;
  if (settleMs !== undefined && settleMs > 0) await stage.wait(settleMs + 1);
}

/**
 * A product that is there to be read: a new one, or, where nothing may be written, one that a list shows.
 * @param mayBeFound nothing will be written to it: where no new one can be had, one of others will do (rule 7)
 */
export async function findSubject(stage: Stage, place: Place, mayBeFound = false): Promise<Subject | undefined> {
  if (!stage.guide.known.facts.readOnly) {
    for (const code of hopelessLast(stage, await freeCodes(stage, place))) {
      const id = await createWithRoom(stage, place, code);
      if (id === undefined) continue;
      await awaitStatus(
        stage,
        id,
        (status) => status !== undefined,
        () => patienceMs,
      );
      if (!ended.has(statusOf(stage, id))) return { id, code };
    }
    if (!mayBeFound) return undefined;
  }
  const { json } = readMessage(await stage.list(place));
  const first: unknown = Array.isArray(json) ? json[0] : undefined;
  if (!isRecord(first) || typeof first.customerProductId !== 'string') return undefined;
  return { id: first.customerProductId.toLowerCase(), code: String(first.productCode) };
}

export const wasAccepted = (exchange: Exchange): boolean => isAccepted(readMessage(exchange));

/** What the answer to a create has made. */
export const createdBy = (stage: Stage, place: Place, create: Exchange): string | undefined =>
  stage.guide.known.customers.get(place.customer)?.creations.findLast(({ message }) => message?.id === create.id)?.product?.id;
