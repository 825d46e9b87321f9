/** The smallest sequence for what was found: each candidate performed on fresh ground and judged alone. */
import { setMaxListeners } from 'node:events';

import { commonRaces } from '../generators/common-races.ts';
import { commonSequences } from '../generators/common-sequences.ts';
import { flatten, guessRace, guessRelevant, prune, shrink } from '../generators/shrink.ts';
import { factsOf } from '../judge/compose.ts';
import { type Facts, undeclaredSettleMs } from '../judge/facts.ts';
import { createJudge } from '../judge/judge.ts';
import type { Account, Entry } from '../judge/tell.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { CounterexampleLine, JournalLine, RunLine, Step } from '../spec/journal.ts';
import { LimitReached } from '../target/errors.ts';
import type { Session } from '../target/session.ts';
import type { Campaign } from './campaign.ts';
import type { Ground } from './ground.ts';
import { type Performance, type Probes, perform } from './perform.ts';
import { createStage } from './stage.ts';
import { createTries } from './tries.ts';

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
const allMs = 6_000;
/** A run that has taken long already spends less on it, though never less than a second. */
const runMs = 12_000;
/** Findings worked on at once. */
const abreast = 6;
/** Products a run may spend on it. */
const productsAtMost = 1_200;
/** While shrinking, a write is lost after ten times the largest delay measured, at least this (rule 5). */
const lostAtLeastMs = 200;

/** A candidate that shows now and then is tried so often before it is held not to show it. */
const triesOfRace = 4;
/** What a race shows, and no race is needed for, the first of the common sequences show. */
const commonForRaces = 3;
/** How often the smallest sequence of a race is performed again, to see how often it shows. */
const rerunsOf = 10;

/** What a performance on fresh ground showed. */
export interface Shown {
  readonly entries: ReadonlyMap<string, Entry>;
  readonly witnesses: number;
  readonly performance: Performance;
  /** What it says of the other requirements. */
  readonly accounts: ReadonlyMap<RequirementId, Account>;
}

export interface Retrials {
  /** Performs steps on fresh ground, judged alone: what they say of one requirement. Rejects once `limit` is aborted. */
  tryOut(steps: readonly Step[], requirement: RequirementId, lostAfterMs: number, limit?: AbortSignal): Promise<Shown>;
}

export function createRetrials({ session, ground, run, codes, probes, signal }: Retrial): Retrials {
  let tried = 0;
  return {
    async tryOut(steps, requirement, lostAfterMs, limit) {
      tried += 1;
      // Tries side by side wait side by side.
      const patience = { waiting: 0 };
      const ended = limit === undefined ? signal : AbortSignal.any([signal, limit]);
      const campaign = `shrink/${requirement}/${tried}`;
      const facts: Facts = { ...factsOf(run), lostAfterMs };
      const judge = createJudge(facts, true);
      const stop = session.onLine((line: JournalLine) => {
        if (line.type === 'ground' || ('campaign' in line && line.campaign === campaign)) judge.observe(line);
      });
      try {
        const stage = createStage({ campaign, session, guide: judge, ground, codes: () => codes, signal: ended, patience });
        const performance = await perform(stage, steps, probes);
        judge.observe({ type: 'campaign', campaign, event: 'end', at: session.now() });
        const { accounts } = judge.conclude();
        const { entries, witnesses } = accounts.get(requirement)!;
        return { entries, witnesses, performance, accounts };
      } finally {
        stop();
        ground.release(campaign);
      }
    },
  };
}

/** The first cause of each requirement before any second, violations before warnings: time may not be enough for all. */
function inOrder(founds: readonly Found[]): Found[] {
  const seen = new Map<RequirementId, number>();
  const ranked = founds.map((found) => {
    const earlier = seen.get(found.requirement) ?? 0;
    seen.set(found.requirement, earlier + 1);
    return { found, rank: (found.entry.severity === 'violated' ? 0 : 1_000) + earlier };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ found }) => found);
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
  const deadline = session.now() + Math.max(1_000, Math.min(allMs, runMs - session.now()));
  const productsBefore = session.counts.products;
  const lostAfterMs = Math.min(undeclaredSettleMs, Math.max(lostAtLeastMs, 10 * largestDelayMs));
  const lines: CounterexampleLine[] = [];
  const queue = inOrder(founds);

  async function findOne({ requirement, entry, campaign, performance }: Found): Promise<CounterexampleLine | undefined> {
    const line = { type: 'counterexample', requirement, cause: entry.cause } as const;
    // What a written experiment found, and no plain sequence shows, has the experiment for its smallest sequence.
    const itself: CounterexampleLine | undefined =
      campaign !== undefined && 'probe' in campaign
        ? { ...line, steps: [{ do: 'probe', probe: campaign.name }], exchanges: entry.exchanges }
        : undefined;
    const performed = campaign !== undefined && 'steps' in campaign ? campaign.steps : [];
    const isRace = campaign?.races === true || (requirement.startsWith('CON-') && itself === undefined);
    const until = Math.min(deadline, session.now() + eachMs);
    const exhausted = (): boolean =>
      session.now() > until || session.counts.products - productsBefore > productsAtMost || retrial.signal.aborted;
    const tries = createTries((steps, lostMs, limitMs) => tryOnce(steps, { requirement, cause: entry.cause, lostMs, limitMs }), {
      shortMs: lostAfterMs,
      leftMs: () => (exhausted() ? 0 : until - session.now()),
    });

    const cited = new Set(entry.exchanges.flatMap((id) => performance?.stepOf.get(id) ?? []));
    const known = lines.filter(({ steps }) => steps[0]?.do !== 'probe').map(({ steps }) => steps);
    const common = [
      ...known.sort((a, b) => a.length - b.length).slice(0, 2),
      ...commonSequences(retrial.codes).slice(0, isRace ? commonForRaces : undefined),
    ];
    const guesses = [...(isRace ? guessRace(performed, cited) : guessRelevant(performed, cited)), performed];
    const start =
      (await tries.first(common, 1)) ??
      (isRace ? await tries.first(commonRaces(retrial.codes), triesOfRace) : undefined) ??
      (await tries.first(guesses, isRace ? rerunsOf : 1));
    if (start === undefined) {
      if (!isRace) return itself;
      // It struck once: what it struck in is kept, and that it was looked for.
      const guess = prune(guesses.find((steps) => tries.of(steps) > 0) ?? []);
      const of = tries.of(guess);
      const done = new Set(flatten(guess));
      const seen = [...(performance?.stepOf ?? [])].flatMap(([id, step]) => (done.has(step) ? [id] : []));
      const exchanges = [...new Set([...seen, ...entry.exchanges])];
      return of === 0 ? undefined : { ...line, steps: guess, exchanges, shown: { times: 0, of } };
    }
    const steady = await tries.isSteady(start, isRace ? 2 : 1);
    const smallest = (await shrink(start, [], (steps) => tries.shows(steps, steady ? 1 : triesOfRace), exhausted)) ?? start;
    if (steady && !smallest.some((step) => step.do === 'together')) {
      const { exchanges: last } = await tries.measure(smallest, 1);
      return last === undefined ? itself : { ...line, steps: smallest, exchanges: last };
    }
    const { shown, exchanges } = await tries.measure(smallest, rerunsOf);
    return { ...line, steps: smallest, exchanges: exchanges ?? entry.exchanges, shown };
  }

  /** The exchanges, where it showed; in time. */
  async function tryOnce(
    steps: readonly Step[],
    { requirement, cause, lostMs, limitMs }: { requirement: RequirementId; cause: string; lostMs: number; limitMs: number },
  ): Promise<readonly string[] | undefined> {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)));
    setMaxListeners(0, limit);
    try {
      const { entries, performance } = await retrials.tryOut(steps, requirement, lostMs, limit);
      return entries.has(cause) ? [...performance.stepOf.keys()] : undefined;
    } catch (error) {
      if (error instanceof LimitReached || (limit.aborted && !retrial.signal.aborted)) return undefined;
      throw error;
    }
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
