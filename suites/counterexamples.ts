/** The smallest sequence for what was found: each candidate performed on fresh ground and judged alone. */

import { commonSequences } from '../generators/common-sequences.ts';
import { guessRelevant, shrink } from '../generators/shrink.ts';
import { factsOf } from '../judge/compose.ts';
import { type Facts, undeclaredSettleMs } from '../judge/facts.ts';
import { createJudge } from '../judge/judge.ts';
import type { Entry } from '../judge/tell.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { CounterexampleLine, JournalLine, RunLine, Step } from '../spec/journal.ts';
import { LimitReached } from '../target/errors.ts';
import type { Session } from '../target/session.ts';
import type { Campaign } from './campaign.ts';
import type { Ground } from './ground.ts';
import { type Performance, type Probes, perform } from './perform.ts';
import { createStage } from './stage.ts';

/** A finding, and what was being performed when it was made. */
export interface Found {
  readonly requirement: RequirementId;
  readonly entry: Entry;
  /** Absent: found before the campaigns, or after them. */
  readonly campaign: Campaign | undefined;
  readonly performance: Performance | undefined;
}

export interface Retrial {
  readonly session: Session;
  readonly ground: Ground;
  readonly run: RunLine;
  readonly codes: readonly string[];
  readonly probes: Probes;
  readonly signal: AbortSignal;
}

/** How long is spent on making findings smaller, for one and for all, in milliseconds. */
const eachMs = 4_000;
const allMs = 7_000;
/** Findings worked on at once. */
const abreast = 6;
/** Products a run may spend on it. */
const productsAtMost = 600;
/** While shrinking, a write is lost after ten times the largest delay measured, at least this (rule 5). */
const lostAtLeastMs = 200;

/** What a performance on fresh ground showed. */
export interface Shown {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly witnesses: number;
  readonly performance: Performance;
}

export interface Retrials {
  /** Performs steps on fresh ground, judged alone: what they say of one requirement. */
  tryOut(steps: readonly Step[], requirement: RequirementId, lostAfterMs: number): Promise<Shown>;
}

export function createRetrials({ session, ground, run, codes, probes, signal }: Retrial): Retrials {
  const patience = { waiting: 0 };
  let tried = 0;
  return {
    async tryOut(steps, requirement, lostAfterMs) {
      tried += 1;
      const campaign = `shrink/${requirement}/${tried}`;
      const facts: Facts = { ...factsOf(run), lostAfterMs };
      const judge = createJudge(facts, true);
      const stop = session.onLine((line: JournalLine) => {
        if (line.type === 'ground' || ('campaign' in line && line.campaign === campaign)) judge.observe(line);
      });
      try {
        const stage = createStage({ campaign, session, judge, ground, codes: () => codes, signal, patience });
        const performance = await perform(stage, steps, probes);
        judge.observe({ type: 'campaign', campaign, event: 'end', at: session.now() });
        judge.conclude();
        const { entries, witnesses } = judge.ledger.accounts.get(requirement)!;
        return { entries, witnesses, performance };
      } finally {
        stop();
        ground.release(campaign);
      }
    },
  };
}

/**
 * Finds a counterexample for each finding that can be shown again. What a written experiment found is its own smallest sequence.
 * Never rejects for a limit reached: the smallest found by then counts.
 * @param largestDelayMs measured in the run
 */
export async function findCounterexamples(
  founds: readonly Found[],
  retrial: Retrial,
  largestDelayMs: number,
): Promise<CounterexampleLine[]> {
  const { session } = retrial;
  const retrials = createRetrials(retrial);
  const deadline = session.now() + allMs;
  const productsBefore = session.counts.products;
  const lostAfterMs = Math.min(undeclaredSettleMs, Math.max(lostAtLeastMs, 10 * largestDelayMs));
  const lines: CounterexampleLine[] = [];
  const queue = [...founds];

  async function findOne({ requirement, entry, campaign, performance }: Found): Promise<CounterexampleLine | undefined> {
    const line = { type: 'counterexample', requirement, cause: entry.cause } as const;
    // What a written experiment found, and no plain sequence shows, has the experiment for its smallest sequence.
    const itself: CounterexampleLine | undefined =
      campaign !== undefined && 'probe' in campaign
        ? { ...line, steps: [{ do: 'probe', probe: campaign.name }], exchanges: entry.exchanges }
        : undefined;
    const performed = campaign !== undefined && 'steps' in campaign ? campaign.steps : [];
    const until = Math.min(deadline, session.now() + eachMs);
    const exhausted = (): boolean =>
      session.now() > until || session.counts.products - productsBefore > productsAtMost || retrial.signal.aborted;
    const cited = new Set(entry.exchanges.flatMap((id) => performance?.stepOf.get(id) ?? []));
    const known = lines.filter(({ steps }) => steps[0]?.do !== 'probe').map(({ steps }) => steps);
    const steps = await shrink(
      performed,
      [...known.sort((a, b) => a.length - b.length).slice(0, 2), ...commonSequences(retrial.codes), ...guessRelevant(performed, cited)],
      async (candidate) => {
        try {
          return (await retrials.tryOut(candidate, requirement, lostAfterMs)).entries.has(entry.cause);
        } catch (error) {
          if (error instanceof LimitReached) return false;
          throw error;
        }
      },
      exhausted,
    );
    if (steps === undefined) return itself;
    // The last word has the full wait, and its exchanges are kept.
    const { entries, performance: last } = await retrials.tryOut(steps, requirement, undeclaredSettleMs);
    return entries.has(entry.cause) ? { ...line, steps, exchanges: [...last.stepOf.keys()] } : itself;
  }

  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined && session.now() < deadline; next = queue.shift()) {
      try {
        const line = await findOne(next);
        if (line !== undefined) lines.push(line);
      } catch (error) {
        if (!(error instanceof LimitReached)) throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(abreast, founds.length) }, lane));
  return lines;
}
