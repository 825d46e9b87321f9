/**
 * Closes what a run left open, from its journal alone: after `kill -9`, a crash, a lost target. It may be done again and again: what is
 * closed stays closed, and nothing that the run did not make is touched.
 */
import { randomUUID } from 'node:crypto';
import { isAccepted, readMessage } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';
import { draftClose, draftGet, draftList } from '../generators/requests.ts';
import { isUuid } from '../spec/formats.ts';
import type { Exchange, JournalLine } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { createSession, type Session } from '../target/session.ts';
import { readTlsMaterial } from '../target/tls-material.ts';
import { isUntold } from './leftovers.ts';

/** What a journal says of the products its run made. */
export interface Made {
  /** Products by id, and whose they are. Those whose close was accepted are not here. */
  readonly open: ReadonlyMap<string, Owner>;
  /** Customers under which a create was sent whose answer never came, or tells of no product: it may have made one. */
  readonly doubtful: ReadonlyMap<string, Owner>;
}

export interface Owner {
  readonly customer: string;
  readonly requestor: string | undefined;
  /** Invented by the run: everything there is ours. */
  readonly invented: boolean;
}

export interface CleanedUp {
  readonly closed: readonly string[];
  /** Products that could not be closed, and why. */
  readonly left: readonly { readonly product: string; readonly reason: string }[];
  /** Customers under which a create may have made a product: given ones, where nobody can tell it from others', and those that could not be asked. */
  readonly doubtful: readonly string[];
}

const over = new Set(['CLOSED', 'INVALID', 'REJECTED']);

export async function readMade(lines: AsyncIterable<JournalLine> | Iterable<JournalLine>): Promise<Made> {
  const invented = new Set<string>();
  const open = new Map<string, Owner>();
  const closed = new Set<string>();
  const unanswered = new Map<string, string>();
  const requestors = new Map<string, string>();
  const owner = (customer: string): Owner => ({ customer, requestor: requestors.get(customer), invented: invented.has(customer) });
  for await (const line of lines) {
    if (line.type === 'ground' && line.invented) invented.add(line.customer.toLowerCase());
    const customer = 'intent' in line ? line.intent.customer?.toLowerCase() : undefined;
    if (line.type === 'sent' && line.intent.operation === 'create' && customer !== undefined) unanswered.set(line.id, customer);
    if (line.type !== 'exchange') continue;
    const requestor = line.request.headers.find(([name]) => name.toLowerCase() === 'requestor-id')?.[1];
    if (customer !== undefined && requestor !== undefined && isUuid(requestor)) requestors.set(customer, requestor);
    if (!isUntold(line)) unanswered.delete(line.id);
    const id = madeBy(line);
    if (id !== undefined && customer !== undefined && !closed.has(id)) open.set(id, owner(customer));
    const product = closedBy(line);
    if (product !== undefined) {
      closed.add(product);
      open.delete(product);
    }
  }
  const doubtful = new Map([...new Set(unanswered.values())].map((customer) => [customer, owner(customer)]));
  return { open: new Map([...open].map(([id, { customer }]) => [id, owner(customer)])), doubtful };
}

/** The product that an accepted create gave. */
function madeBy(exchange: Exchange): string | undefined {
  if (exchange.intent.operation !== 'create' || exchange.request.method !== 'POST') return undefined;
  const message = readMessage(exchange);
  const id = isAccepted(message) && isRecord(message.json) ? message.json.customerProductId : undefined;
  return typeof id === 'string' && isUuid(id) ? id.toLowerCase() : undefined;
}

function closedBy(exchange: Exchange): string | undefined {
  const { operation, product, probe } = exchange.intent;
  if (operation !== 'close' || product === undefined || probe?.role === 'spoiled' || exchange.request.method !== 'PATCH') return undefined;
  return isAccepted(readMessage(exchange)) ? product.toLowerCase() : undefined;
}

/** @param signal ends it early: what is left then is told */
export async function cleanUp(made: Made, profile: Profile, signal: AbortSignal, insecure: boolean): Promise<CleanedUp> {
  const session = createSession({ profile, runId: randomUUID(), tls: await readTlsMaterial(profile.tls, insecure), signal });
  const closed: string[] = [];
  const left: { product: string; reason: string }[] = [];
  const doubtful: string[] = [];
  try {
    const open = new Map(made.open);
    for (const owner of made.doubtful.values()) {
      const found = owner.invented ? await listAll(owner.customer, session) : undefined;
      if (found === undefined) doubtful.push(owner.customer);
      for (const product of found ?? []) open.set(product, owner);
    }
    await Promise.all(
      [...open].map(async ([product, { requestor }]) => {
        const reason = await closeOne(session, product, requestor ?? profile.requestorId ?? randomUUID()).catch(describeFailure);
        if (reason === undefined) closed.push(product);
        else left.push({ product, reason });
      }),
    );
  } finally {
    await session.close();
  }
  return { closed, left, doubtful };
}

const describeFailure = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** On a customer that the run invented, every product is one it made, told or not. `undefined` where nobody answers. */
async function listAll(customer: string, session: Session): Promise<string[] | undefined> {
  const draft = draftList(customer);
  try {
    const message = readMessage(await session.send({ ...draft, campaign: 'cleanup', intent: { ...draft.intent, cleanup: true } }));
    if (message.status === undefined || message.status >= 500) return undefined;
    return (Array.isArray(message.json) ? message.json : []).flatMap((product: unknown) =>
      isRecord(product) && typeof product.customerProductId === 'string' && isUuid(product.customerProductId)
        ? [product.customerProductId.toLowerCase()]
        : [],
    );
  } catch {
    return undefined;
  }
}

/** Why it stays open; `undefined` where it is over. */
async function closeOne(session: Session, product: string, requestor: string): Promise<string | undefined> {
  const send = (draft: ReturnType<typeof draftGet>): Promise<Exchange> =>
    session.send({ ...draft, campaign: 'cleanup', intent: { ...draft.intent, cleanup: true } });
  const seen = readMessage(await send(draftGet(product)));
  if (seen.status === 404 || seen.status === 410) return undefined;
  if (isRecord(seen.json) && typeof seen.json.status === 'string' && over.has(seen.json.status)) return undefined;
  const { answer, failure } = await send(draftClose(product, requestor));
  if (answer !== undefined && answer.status < 300) return undefined;
  return answer === undefined ? `no answer: ${failure?.message}` : `the close was answered ${answer.status}`;
}
