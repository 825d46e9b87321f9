/** Which product codes the target makes, and whether the customers of the run are customers there: only a create tells. */

import { isAccepted, isRefused, readMessage } from '../generators/model/message.ts';
import type { Exchange } from '../spec/journal.ts';
import type { Stage } from './stage.ts';

export interface Learnt {
  /** Codes of which a create was accepted, in the order of the profile. */
  readonly codes: readonly string[];
  /** Where none was: the last refusal. */
  readonly refusal: Exchange | undefined;
}

/** Customers tried before the run gives up: the first may be one that happens to be refused. */
const customersTried = 2;

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
    const codes = made.filter(({ accepted }) => accepted).map(({ code }) => code);
    await Promise.all(made.map(async ({ id }) => (id === undefined ? undefined : stage.get(id))));
    if (codes.length > 0) return { codes, refusal: undefined };
  }
  return { codes: [], refusal };
}
