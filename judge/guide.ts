/**
 * What is known while a run goes on, for those who choose what to send next: the model, and what of it still settles. It weighs nothing;
 * the judge is a guide with rules.
 */
import { createFold, newKnowledge, type Watch } from '../generators/model/fold.ts';
import { isBusinessRefusal, isPlain } from '../generators/model/message.ts';
import type { JournalLine } from '../spec/journal.ts';
import type { Facts } from './facts.ts';
import type { Known } from './rule.ts';
import { type Effect, watchVisibility } from './visibility.ts';

export interface Guide {
  observe(line: JournalLine): void;
  /** Until when a read should be sent again before it is believed (rule 5), and which products it is about. */
  awaits(messageId: string): { readonly until: number; readonly doubtful: readonly string[] } | undefined;
  /** What is known by now. */
  readonly known: Known;
  /** Writes have been seen to show late here, and to show: it is worth waiting for them. */
  readonly cures: boolean;
  /** A plain create was refused for reasons of the business (R-LIMITS). */
  readonly limited: boolean;
}

/** Who looks on: told of everything that the guide is told of. */
export interface Onlooker {
  readonly watches: readonly Watch[];
  effect(effect: Effect): void;
}

const nobody: Onlooker = { watches: [], effect() {} };

/** `end` tells onlookers what could only be told once all is seen; nothing may be observed after it. */
export function createGuide(facts: Facts, invite: (known: Known) => Onlooker = () => nobody): Guide & { end(): void } {
  const knowledge = newKnowledge();
  let cures = false;
  const visibility = watchVisibility(
    facts,
    (effect) => {
      if (effect.outcome === 'late') cures = true;
      onlooker.effect(effect);
    },
    (customer) => customer !== undefined && knowledge.customers.get(customer)?.exclusive === true,
  );
  const known: Known = {
    ...knowledge,
    facts,
    get endsProducts() {
      return visibility.endsProducts();
    },
  };
  let limited = false;
  const limits: Watch = {
    creation({ outcome }, message) {
      if (outcome === 'refused' && isPlain(message.intent) && isBusinessRefusal(message)) limited = true;
    },
  };
  const onlooker = invite(known);
  const fold = createFold([limits, ...onlooker.watches, visibility.watch], knowledge, facts.clockToleranceMs);
  return {
    observe: fold.observe,
    awaits: visibility.awaits,
    known,
    get cures() {
      return cures;
    },
    get limited() {
      return limited;
    },
    end: visibility.end,
  };
}
