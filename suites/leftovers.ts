/** What the run has made and not closed yet, read off the journal as it is written: a run leaves the target as it found it. */

import { setTimeout as sleep } from 'node:timers/promises';
import { isAccepted, readMessage } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';
import { draftClose, draftGet, draftList } from '../generators/requests.ts';
import { isUuid } from '../spec/formats.ts';
import type { Exchange, JournalLine } from '../spec/journal.ts';
import type { Session } from '../target/session.ts';

export interface Leftovers {
  observe(line: JournalLine): void;
  /** Closes what is open, as many at once as the pacing allows; what is left stays on the list. Never rejects. */
  close(session: Session, campaign: string, deadline: number): Promise<void>;
  count(): { readonly created: number; readonly closed: number; readonly left: readonly string[] };
}

/** How long answers to creates are waited for that were under way when the run ended. */
const awaitedMs = 3_000;

/** Statuses that need no closing. */
const over = new Set(['CLOSED', 'INVALID', 'REJECTED']);

/** Whether a create may have made a product of which its answer does not tell: only a refusal says that it did not. */
export function isUntold(line: Exchange): boolean {
  const { answer } = line;
  if (answer === undefined || answer.status >= 500 || answer.status < 200 || (answer.status >= 300 && answer.status < 400)) return true;
  if (answer.status >= 400) return false;
  const { json } = readMessage(line);
  return !isRecord(json) || typeof json.customerProductId !== 'string' || !isUuid(json.customerProductId);
}

/** In whose name a customer is acted for, and whether all that is there is ours. */
export interface Owner {
  readonly requestor: string;
  readonly invented: boolean;
}

export function trackLeftovers(ownerOf: (customer: string) => Owner | undefined): Leftovers {
  const open = new Map<string, { readonly customer: string }>();
  const created = new Set<string>();
  /** Creates under way: a run that is ended leaves some. */
  const awaited = new Set<string>();
  /** Customers under which the outcome of a create is unknown. */
  const doubtful = new Set<string>();

  /** What a create that was never answered may have made: on an invented customer, every product is ours. */
  async function findUntold(session: Session, campaign: string): Promise<void> {
    const ask = async (customer: string): Promise<void> => {
      if (ownerOf(customer)?.invented !== true) return;
      const asked = draftList(customer);
      const { json } = readMessage(await session.send({ ...asked, intent: { ...asked.intent, cleanup: true }, campaign }));
      doubtful.delete(customer);
      for (const product of Array.isArray(json) ? (json as readonly unknown[]) : []) {
        if (!isRecord(product) || typeof product.customerProductId !== 'string' || !isUuid(product.customerProductId)) continue;
        const id = product.customerProductId.toLowerCase();
        if (created.has(id)) continue;
        created.add(id);
        if (!over.has(String(product.status))) open.set(id, { customer });
      }
    };
    await Promise.all([...doubtful].map(ask));
  }

  return {
    observe(line) {
      if (line.type === 'sent' && line.intent.operation === 'create') awaited.add(line.id);
      if (line.type !== 'exchange') return;
      awaited.delete(line.id);
      const { operation, customer, product } = line.intent;
      if (isUntold(line) && operation === 'create' && customer !== undefined && line.request.method === 'POST')
        doubtful.add(customer.toLowerCase());
      if (line.answer === undefined) return;
      if (operation === 'create' && customer !== undefined && line.request.method === 'POST') {
        const message = readMessage(line);
        const id = isAccepted(message) && isRecord(message.json) ? message.json.customerProductId : undefined;
        if (typeof id !== 'string' || !isUuid(id) || created.has(id.toLowerCase())) return;
        created.add(id.toLowerCase());
        open.set(id.toLowerCase(), { customer });
      } else if (operation === 'close' && product !== undefined && line.intent.probe?.role !== 'spoiled') {
        if (line.answer.status >= 200 && line.answer.status < 300) open.delete(product.toLowerCase());
      }
    },

    async close(session, campaign, deadline) {
      const patience = Math.min(deadline, session.now() + awaitedMs);
      while (awaited.size > 0 && session.now() < patience) await sleep(10);
      await findUntold(session, campaign).catch(() => {
        // The target is lost, or a limit reached: what is known is closed all the same.
      });
      await Promise.all(
        [...open].map(async ([id, { customer }]) => {
          try {
            if (session.now() > deadline) return;
            const draft = draftClose(id, ownerOf(customer)?.requestor ?? '');
            const answer = await session.send({ ...draft, intent: { ...draft.intent, cleanup: true }, campaign });
            if (answer.answer === undefined || answer.answer.status < 400 || session.now() > deadline) return;
            // Refused: it may be over already.
            const asked = draftGet(id);
            const shown = readMessage(await session.send({ ...asked, intent: { ...asked.intent, cleanup: true }, campaign }));
            if (isRecord(shown.json) && typeof shown.json.status === 'string' && over.has(shown.json.status)) open.delete(id);
          } catch {
            // The target is lost, or a limit reached: it stays on the list, and the report names it.
          }
        }),
      );
    },

    count: () => ({ created: created.size, closed: created.size - open.size, left: [...open.keys()] }),
  };
}
