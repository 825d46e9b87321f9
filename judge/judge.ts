/** The judge: journal lines in, what they say of each requirement out. A pure function; nothing here knows time, disk or network. */

import type { Watch } from '../generators/model/fold.ts';
import type { Message } from '../generators/model/message.ts';
import { acceptedClosing } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import { type RequirementId, rows } from '../spec/catalogue/index.ts';
import { type DelayKind, watchDelays } from './delays.ts';
import type { Facts } from './facts.ts';
import { createGuide, type Guide } from './guide.ts';
import { type Known, notBuilt, type RuleWatch, type Trial } from './rule.ts';
import { rules } from './rules/all.ts';
import { createLedger, type Entry, isRetrial, type Ledger } from './tell.ts';
import { watchWayLosses } from './way-losses.ts';

/** What the evidence of one journal says. */
export interface Conclusion {
  readonly accounts: Ledger['accounts'];
  readonly readings: Ledger['readings'];
  /** How many products of this run, or with `--read-only` found ones, were seen in answers. */
  readonly productsShown: number;
  readonly exchanges: number;
  /** Operations that often came to nothing on the way, in a clause each. */
  readonly losses: readonly string[];
  /** Made in this run, as far as answers tell; for a journal that has no end to say it. */
  readonly products: { readonly created: number; readonly closed: number; readonly left: readonly string[] };
  readonly delays: ReadonlyMap<DelayKind, readonly number[]>;
}

export interface Judge extends Guide {
  /** Tells what is left to tell. Nothing may be observed after it. */
  conclude(): Conclusion;
  /** What has been told so far. */
  readonly ledger: Ledger;
}

/**
 * @param retrials whether this judge is for trying a known finding again; the judge of a run passes such exchanges over, so that
 *   what is done to make a finding smaller weighs nothing in the verdict
 * @param onFirst told of the first sighting of each cause, as it is found
 */
export function createJudge(facts: Facts, retrials = false, onFirst?: (id: RequirementId, entry: Entry) => void): Judge {
  const ledger = createLedger(onFirst);
  const delays = watchDelays();
  const effects = [delays.effect];
  const trials = new Map<string, { trial: Trial; messages: Message[] }>();
  let exchanges = 0;
  const wayLosses = watchWayLosses();

  const ruleWatches = new Map<RequirementId, RuleWatch>();
  const collectTrials: Watch = {
    message(message) {
      const { probe } = message.intent;
      if (probe === undefined) return;
      const { campaign } = message.exchange;
      recall(trials, probe.trial, () => {
        const messages: Message[] = [];
        return { trial: { id: probe.trial, requirement: probe.requirement, case: probe.case, campaign, messages }, messages };
      }).messages.push(message);
    },
    campaignEnd: endTrials,
  };

  function endTrials(campaign?: string): void {
    for (const [id, { trial }] of trials) {
      if (campaign !== undefined && trial.campaign !== campaign) continue;
      trials.delete(id);
      ledger.at(trial.campaign);
      ruleWatches.get(trial.requirement)?.trial?.(trial);
    }
  }

  const guide = createGuide(facts, (known) => {
    for (const { id } of rows) {
      const rule = rules[id];
      const tell = ledger.tell(id);
      if (rule === notBuilt) tell.missing(notBuilt);
      else ruleWatches.set(id, rule(tell, known));
    }
    for (const watch of ruleWatches.values()) if (watch.effect) effects.push(watch.effect.bind(watch));
    return {
      watches: [collectTrials, delays.watch, ...ruleWatches.values()],
      effect(effect) {
        for (const tell of effects) tell(effect);
      },
    };
  });
  const { known } = guide;

  return {
    ledger,
    known,
    awaits: guide.awaits,
    get cures() {
      return guide.cures;
    },
    get limited() {
      return guide.limited;
    },
    observe(line) {
      if ('campaign' in line && isRetrial(line.campaign) && !retrials) return;
      if (line.type === 'exchange') {
        ledger.at(line.campaign);
        exchanges += 1;
        wayLosses.note(line);
      }
      guide.observe(line);
    },
    conclude() {
      endTrials();
      guide.end();
      for (const watch of ruleWatches.values()) watch.end?.();
      return {
        accounts: ledger.accounts,
        readings: ledger.readings,
        productsShown: facts.readOnly ? countSeen(known) : known.shown.size,
        exchanges,
        losses: wayLosses.describe(),
        products: countProducts(known),
        delays: delays.measured,
      };
    },
  };
}

function countProducts({ products }: Known): Conclusion['products'] {
  const made = [...products.values()].filter(({ creation }) => creation !== undefined);
  const left = made.filter((product) => product.firstClosed === undefined && acceptedClosing(product) === undefined).map(({ id }) => id);
  return { created: made.length, closed: made.length - left.length, left };
}

/** With `--read-only` nothing is created: products found count instead (rule 1). */
const countSeen = ({ products }: Known): number => [...products.values()].filter(({ last }) => last !== undefined).length;
