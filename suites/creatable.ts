/** Which product codes the target makes, and whether the customers of the run are customers there: only a create tells. */

import { isAccepted, isRefused, readMessage } from '../generators/model/message.ts';
import { draftGet } from '../generators/requests.ts';
import type { Exchange } from '../spec/journal.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { awaitActive, createWithRoom } from './subjects.ts';

export interface Learnt {
  /** Codes of which a create was accepted, in the order of the profile. */
  readonly codes: readonly string[];
  /** Where none was: the last refusal. */
  readonly refusal: Exchange | undefined;
}

/** Customers tried before the run gives up: the first may be one that happens to be refused. */
const customersTried = 2;

/** @param creatable codes that the profile says may be made */
export async function learnCodes(stage: Stage, creatable: readonly string[]): Promise<Learnt> {
  let refusal: Exchange | undefined;
  for (let tried = 0; tried < customersTried; tried += 1) {
    const place = await stage.place();
    const made = await Promise.all(
      creatable.map(async (code) => {
        const { exchange, id } = await stage.create(place, code);
        const message = readMessage(exchange);
        if (isRefused(message)) refusal = exchange;
        // What was accepted without an id, or failed, is the judge's matter; only a refusal says that the code is not made here.
        return { code, id, accepted: isAccepted(message) || !isRefused(message) };
      }),
    );
    if (!made.some(({ accepted }) => accepted)) continue;
    const ids = made.flatMap(({ id }) => id ?? []);
    // Looked at, and not waited for: everything else waits for what is learnt here.
    await Promise.all(ids.map((id) => stage.send(draftGet(id))));
    const codes: string[] = [];
    for (const { code, accepted } of made) if (accepted || (await isMadeAlone(stage, place, ids, code))) codes.push(code);
    return { codes, refusal: undefined };
  }
  return { codes: [], refusal };
}

/** What was refused beside others may have met a cap: it is tried again where nothing else of ours is open. */
async function isMadeAlone(stage: Stage, place: Place, others: readonly string[], code: string): Promise<boolean> {
  if (place.invented) {
    const { exchange, id } = await stage.create(await stage.place(), code);
    if (id !== undefined) await stage.send(draftGet(id));
    return !isRefused(readMessage(exchange));
  }
  // Where others have it open it is in the way at this customer, not at the next.
  for (const each of new Set([place, await stage.place()])) {
    if (each === place) for (const id of others) await awaitActive(stage, id);
    if ((await createWithRoom(stage, each, code)) !== undefined) return true;
  }
  return false;
}
