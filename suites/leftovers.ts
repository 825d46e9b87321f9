/** What the run has made and not closed yet, read off the journal as it is written: a run leaves the target as it found it. */

import { isAccepted, readMessage } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';
import { draftClose, draftGet } from '../generators/requests.ts';
import { isUuid } from '../spec/formats.ts';
import type { JournalLine } from '../spec/journal.ts';
import type { Session } from '../target/session.ts';

export interface Leftovers {
  observe(line: JournalLine): void;
  /** Closes what is open, as many at once as the pacing allows; what is left stays on the list. Never rejects. */
  close(session: Session, campaign: string, deadline: number): Promise<void>;
  count(): { readonly created: number; readonly closed: number; readonly left: readonly string[] };
}

/** Statuses that need no closing. */
const over = new Set(['CLOSED', 'INVALID', 'REJECTED']);

export function trackLeftovers(requestorOf: (customer: string) => string): Leftovers {
  const open = new Map<string, { readonly customer: string }>();
  const created = new Set<string>();

  return {
    observe(line) {
      if (line.type !== 'exchange' || line.answer === undefined) return;
      const { operation, customer, product } = line.intent;
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
      await Promise.all(
        [...open].map(async ([id, { customer }]) => {
          try {
            if (session.now() > deadline) return;
            const draft = draftClose(id, requestorOf(customer));
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
