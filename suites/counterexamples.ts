/** The smallest sequence for what was found: each candidate performed on fresh ground and judged alone. */
import { setMaxListeners } from 'node:events';

import { recall } from '../generators/model/recall.ts';
import { flatten, guessRace, prune, renumber, shrink } from '../generators/shrink.ts';
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
import { createStage, newPatience } from './stage.ts';
import { findStart, isLong, rerunsOf, triesOfRace } from './starting.ts';
import { createTries, type Tried, type TryOnce, widthFor } from './tries.ts';

/** A finding, and what was being performed when it was made. */
export interface Found {
  readonly requirement: RequirementId;
  readonly entry: Entry;
  /** Absent: found before the campaigns, or after them. */
  readonly campaign: Campaign | undefined;
  readonly performance: Performance | undefined;
  /** The written experiment that found it first, and the exchanges that show it there. */
  readonly experiment: { readonly probe: string; readonly exchanges: readonly string[] } | undefined;
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
const eachMs = 5_000;
const allMs = 7_000;
/** A run that has taken long already spends less on it, though never less than this. */
const runMs = 13_000;
const atLeastMs = 2_500;
/** No last word is waited for beyond so long after the beginning of the run. */
const endMs = 17_000;
/** Findings worked on at once. */
const foundsAbreast = 6;
/** Products a run may spend on it. */
const productsAtMost = 1_200;
/** While shrinking, a write is lost after ten times the usual delay, at least this (rule 5). */
const lostAtLeastMs = 200;
/**
 * There is no time to wait longer than this for each candidate: twice the delay must do then, or, if that is too long as well, the least;
 * and only the full wait has the last word.
 */
const lostAtMostMs = 1_000;
/** What the last word takes beyond its wait. */
const lastWordMs = 300;

/** What a performance on fresh ground showed. */
export interface Shown {
  readonly steps: readonly Step[];
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
      const patience = newPatience();
      const ended = limit === undefined ? signal : AbortSignal.any([signal, limit]);
      const campaign = `shrink/${requirement}/${tried}`;
      const facts: Facts = { ...factsOf(run), lostAfterMs };
      const judge = createJudge(facts, true);
      const stop = session.onLine((line: JournalLine) => {
        if (line.type === 'ground' || ('campaign' in line && line.campaign === campaign)) judge.observe(line);
      });
      try {
        const stage = createStage({ campaign, session, guide: judge, ground, codes: () => codes, signal: ended, limit: ended, patience });
        const performance = await perform(stage, steps, probes);
        judge.observe({ type: 'campaign', campaign, event: 'end', at: session.now() });
        const { accounts } = judge.conclude();
        const { entries, witnesses } = accounts.get(requirement)!;
        return { steps, entries, witnesses, performance, accounts };
      } finally {
        stop();
        ground.release(campaign);
      }
    },
  };
}

/**
 * The first cause of each requirement before any second, violations before warnings, what needs many tries last: time may not be enough
 * for all.
 */
function inOrder(founds: readonly Found[]): Found[] {
  const seen = new Map<RequirementId, number>();
  const ranked = founds.map((found) => {
    const earlier = seen.get(found.requirement) ?? 0;
    seen.set(found.requirement, earlier + 1);
    return { found, rank: (found.entry.severity === 'violated' ? 0 : 1_000) + (found.requirement.startsWith('CON-') ? 100 : 0) + earlier };
  });
  return ranked.sort((a, b) => a.rank - b.rank).map(({ found }) => found);
}

/**
 * Finds a counterexample for each finding that can be shown again. What a written experiment found is its own smallest sequence.
 * Never rejects for a limit reached: the smallest found by then counts.
 * @param usualDelayMs within which nearly all writes of the run were seen
 */
export async function findCounterexamples(founds: readonly Found[], retrial: Retrial, usualDelayMs: number): Promise<CounterexampleLine[]> {
  const { session } = retrial;
  const retrials = createRetrials(retrial);
  const isSlow = 10 * usualDelayMs > lostAtMostMs;
  const lostAfterMs = Math.max(lostAtLeastMs, [10, 2].map((times) => times * usualDelayMs).find((ms) => ms <= lostAtMostMs) ?? 0);
  const begun = session.now();
  const untilMs = begun + Math.max(atLeastMs, Math.min(allMs, runMs - begun));
  const deadline = isSlow ? Math.min(untilMs, Math.max(begun + atLeastMs / 2, endMs - undeclaredSettleMs - lastWordMs)) : untilMs;
  const productsBefore = session.counts.products;
  const lines: CounterexampleLine[] = [];
  const queue = inOrder(founds);

  async function findOne({ requirement, entry, campaign, performance, experiment }: Found): Promise<CounterexampleLine | undefined> {
    const line = { type: 'counterexample', requirement, cause: entry.cause } as const;
    // What a written experiment found, and no plain sequence shows, has the experiment for its smallest sequence.
    const itself: CounterexampleLine | undefined = experiment && {
      ...line,
      steps: [{ do: 'probe', probe: experiment.probe }],
      exchanges: experiment.exchanges,
    };
    const performed = campaign !== undefined && 'steps' in campaign ? campaign.steps : [];
    const isRace = campaign?.races === true || (requirement.startsWith('CON-') && itself === undefined);
    const until = Math.min(deadline, session.now() + eachMs);
    const exhausted = (): boolean =>
      session.now() > until || session.counts.products - productsBefore > productsAtMost || retrial.signal.aborted;
    const tries = createTries((steps, terms) => tryOnce(requirement, entry.cause, steps, terms), {
      shortMs: lostAfterMs,
      isShortEnough: !isSlow,
      leftMs: () => (exhausted() ? 0 : until - session.now()),
      measuringMs: () => Math.min(undeclaredSettleMs + 1_000, endMs - session.now()),
    });

    const cited = new Set(entry.exchanges.flatMap((id) => performance?.stepOf.get(id) ?? []));
    const known = lines.filter(({ steps }) => steps[0]?.do !== 'probe').map(({ steps }) => steps);
    const start = await findStart(tries, { performed, cited, known, codes: retrial.codes, isRace });
    if (start === undefined) {
      if (!isRace || itself !== undefined) return itself;
      // It struck once: what it struck in is kept, and that it was looked for.
      const overlaps = (steps: readonly Step[]): boolean => steps.some((step) => step.do === 'together') && !isLong(steps);
      const guess = prune([...guessRace(performed, cited), performed].find((steps) => overlaps(steps) && tries.of(steps) > 0) ?? []);
      const of = tries.of(guess);
      const done = new Set(flatten(guess));
      const seen = [...(performance?.stepOf ?? [])].flatMap(([id, step]) => (done.has(step) ? [id] : []));
      const exchanges = [...new Set([...seen, ...entry.exchanges])];
      return of === 0 ? undefined : { ...line, steps: guess, exchanges, shown: { times: 0, of } };
    }
    // What no race is needed for, and no time is left for, is taken for steady.
    const isSteady = exhausted() ? undefined : await tries.isSteady(start.steps, isRace ? 2 : 1);
    const steady = isSteady === true || (!isRace && exhausted());
    const smallest = start.isSmallest
      ? start.steps
      : await shrink(start.steps, {
          shows: (steps) => tries.shows(steps, steady ? 1 : triesOfRace),
          exhausted,
          abreast: steady ? widthFor : () => 1,
        });
    if (steady && !smallest.some((step) => step.do === 'together')) {
      const { exchanges: last } = await tries.measure(smallest, 1);
      return last === undefined ? itself : { ...line, steps: smallest, exchanges: last };
    }
    const { shown, exchanges } = await tries.measure(smallest, rerunsOf);
    return { ...line, steps: smallest, exchanges: exchanges ?? entry.exchanges, shown };
  }

  /** What sequences that are tried once showed, of whatever was looked for. */
  const outcomes = new Map<string, Promise<Shown | 'out of time' | undefined>>();

  /** The exchanges, where it showed; in time. */
  async function tryOnce(
    requirement: RequirementId,
    cause: string,
    steps: readonly Step[],
    { lostMs, limitMs, anew }: Parameters<TryOnce>[1],
  ): Promise<Tried> {
    const perform = (ms: number) => performInTime(requirement, steps, lostMs, ms);
    // Others may wait for it too: it ends with the time of all.
    const shown = await (anew
      ? perform(limitMs)
      : recall(outcomes, JSON.stringify(renumber(steps)), () => perform(deadline - session.now())));
    if (shown === undefined || shown === 'out of time') return shown;
    const entry = shown.accounts.get(requirement)!.entries.get(cause);
    if (entry === undefined) return undefined;
    const { stepOf } = shown.performance;
    const flat = flatten(shown.steps);
    return {
      exchanges: [...stepOf.keys()],
      cited: entry.exchanges.flatMap((id) => (stepOf.has(id) ? [flat.indexOf(stepOf.get(id)!)] : [])),
    };
  }

  async function performInTime(
    requirement: RequirementId,
    steps: readonly Step[],
    lostMs: number,
    limitMs: number,
  ): Promise<Shown | 'out of time' | undefined> {
    const limit = AbortSignal.timeout(Math.max(1, Math.ceil(limitMs)));
    setMaxListeners(0, limit);
    try {
      return await retrials.tryOut(steps, requirement, lostMs, limit);
    } catch (error) {
      if (error instanceof LimitReached) return undefined;
      if (limit.aborted && !retrial.signal.aborted) return 'out of time';
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
  await Promise.all(Array.from({ length: Math.min(foundsAbreast, founds.length) }, lane));
  return lines;
}
