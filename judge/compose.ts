/** The run record: what one or several journals say, put together. The same whether worked out at the end of a run or years later. */

import { recall } from '../generators/model/recall.ts';
import type { ReadingId, RequirementId } from '../spec/catalogue/index.ts';
import type { CampaignLine, CounterexampleLine, EndLine, JournalLine, RunLine } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import type { Finding, Report } from '../spec/report.ts';
import { type DelayKind, summarise } from './delays.ts';
import { type Facts, readFacts } from './facts.ts';
import { type Conclusion, createJudge, type Judge } from './judge.ts';
import type { Account } from './tell.ts';
import { counterexampleKey, countVerdicts, isNarrowed, judgeRequirements, judgeRun, type Terms } from './verdict.ts';

/** The lines of a journal that are about the run as a whole; kept beside what the judge makes of the exchanges. */
export interface Frame {
  readonly run: RunLine;
  readonly campaigns: readonly CampaignLine[];
  readonly counterexamples: readonly CounterexampleLine[];
  /** Absent where the run was cut off. */
  readonly end: EndLine | undefined;
  /** Of the last line, on the run's clock. */
  readonly lastAt: number;
}

/** A journal, read to its end. */
export interface Part {
  readonly frame: Frame;
  readonly conclusion: Conclusion;
}

export interface Reader {
  observe(line: JournalLine): void;
  readonly judge: Judge;
  /** What the exchanges so far say. Concludes: only retrials, and lines about the run, may follow. */
  conclude(): Conclusion;
  /** What the journal says of the run itself, so far. */
  frame(): Frame;
}

/** Campaigns of the preflight, and of the tokens it needs. */
const beforeTheRun = new Set(['preflight', 'token']);

/** The profile in a `run` line is redacted, and has the shape of a profile all the same. */
export const factsOf = (run: RunLine): Facts => readFacts(run.profile as unknown as Profile, run.selection.readOnly === true);

/** Reads one journal's lines, the first of which is the `run` line. */
export function createReader(run: RunLine, onFirst?: Parameters<typeof createJudge>[2]): Reader {
  const judge = createJudge(factsOf(run), false, onFirst);
  const campaigns: CampaignLine[] = [];
  const counterexamples: CounterexampleLine[] = [];
  let end: EndLine | undefined;
  let lastAt = 0;
  let conclusion: Conclusion | undefined;
  // What the preflight saw is judged only if it let the run go on: a target that is not there is no defect of one.
  let held: JournalLine[] | undefined = [];
  const judgeOrHold = (line: JournalLine): void => {
    if (held !== undefined && 'campaign' in line && !beforeTheRun.has(line.campaign)) {
      for (const earlier of held) judge.observe(earlier);
      held = undefined;
    }
    if (held === undefined) judge.observe(line);
    else held.push(line);
  };
  return {
    judge,
    observe(line) {
      if (line.type === 'campaign') campaigns.push(line);
      else if (line.type === 'counterexample') counterexamples.push(line);
      else if (line.type === 'end') end = line;
      if (line.type === 'exchange') lastAt = Math.max(lastAt, line.receivedAt);
      else if ('at' in line) lastAt = Math.max(lastAt, line.at);
      judgeOrHold(line);
    },
    conclude: () => {
      conclusion ??= judge.conclude();
      return conclusion;
    },
    frame: () => ({ run, campaigns, counterexamples, end, lastAt }),
  };
}

/** Several journals are judged as one: that is how a run split over machines is put together. */
export function composeReport(parts: readonly Part[]): Report {
  const [first] = parts;
  if (first === undefined) throw new Error('Expected at least one journal, got none.');
  const { run } = first.frame;
  const joined = parts.length > 1;
  const name = (part: number, id: string): string => (joined && !id.includes('/') ? `${part + 1}:${id}` : id);
  const facts = factsOf(run);
  const endings = parts.map(({ frame }) => frame.end);
  const ended = endOf(endings);
  const selection = joined ? withoutShard(run.selection) : run.selection;
  const terms: Terms = {
    facts,
    selection,
    waivers: (run.profile as unknown as Profile).waivers ?? [],
    startedAt: run.startedAt,
    endedEarly: ended.cause === 'completed' ? undefined : ended.message,
    losses: [...cutShortIn(parts.map(({ frame }) => frame)), ...parts.flatMap(({ conclusion }) => conclusion.losses)],
  };
  const evidence = {
    accounts: addUp(parts, name),
    productsShown: sum(parts.map(({ conclusion }) => conclusion.productsShown)),
    elsewhere: elsewhereIn(parts.map(({ frame }) => frame)),
    counterexamples: counterexamplesOf(parts, name),
  };
  const requirements = judgeRequirements(evidence, terms);
  const products = parts.map(({ frame, conclusion }) => frame.end?.products ?? conclusion.products);
  return {
    schemaVersion: 1,
    suite: run.suite,
    spec: run.spec,
    run: run.run,
    target: facts.target,
    profile: run.profile,
    selection,
    readings: joinReadings(parts, name),
    seed: run.seed,
    startedAt: run.startedAt,
    durationMs: Math.round(Math.max(...parts.map(({ frame }) => frame.lastAt))),
    ended,
    verdict: judgeRun(requirements, terms, isNarrowed(selection, facts)),
    counts: countVerdicts(requirements),
    requirements,
    exchanges: sum(parts.map(({ conclusion }) => conclusion.exchanges)),
    products: {
      created: sum(products.map(({ created }) => created)),
      closed: sum(products.map(({ closed }) => closed)),
      left: products.flatMap(({ left }) => left),
    },
    delays: joinDelays(parts.map(({ conclusion }) => conclusion)),
  };
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

function withoutShard(selection: RunLine['selection']): RunLine['selection'] {
  const { shard: _, ...rest } = selection;
  return rest;
}

const cutOff: Report['ended'] = { cause: 'cut-off', message: 'the journal has no end: the run was cut off' };

function endOf(endings: readonly (EndLine | undefined)[]): Report['ended'] {
  if (endings.some((end) => end === undefined)) return cutOff;
  const early = endings.find((end) => end!.cause !== 'completed') ?? endings[0]!;
  return { cause: early.cause, message: early.message };
}

type Name = (part: number, id: string) => string;
type Parts = readonly Part[];

/** One account a requirement: witnesses added, causes met by name. */
function addUp(parts: Parts, name: Name): ReadonlyMap<RequirementId, Account> {
  const accounts = new Map<RequirementId, Account>();
  for (const [part, { conclusion }] of parts.entries())
    for (const [id, account] of conclusion.accounts) {
      const total = recall(accounts, id, (): Account => ({ witnesses: 0, reason: account.reason, entries: new Map() }));
      total.witnesses += account.witnesses;
      for (const [cause, entry] of account.entries) {
        const known = total.entries.get(cause);
        if (known !== undefined) known.count += entry.count;
        else total.entries.set(cause, { ...entry, exchanges: entry.exchanges.map((exchange) => name(part, exchange)) });
      }
    }
  return accounts;
}

/** Rows whose campaigns were not all run, by this journal or any other of those judged as one. */
function elsewhereIn(frames: readonly Frame[]): ReadonlySet<RequirementId> {
  const done = new Set(frames.flatMap(({ campaigns }) => campaigns.filter(({ event }) => event === 'end').map(({ campaign }) => campaign)));
  const skipped = frames.flatMap(({ campaigns }) => campaigns.filter(({ event, campaign }) => event === 'skipped' && !done.has(campaign)));
  return new Set(skipped.filter(({ reason }) => reason === inAnotherShard).flatMap(({ witnesses }) => witnesses ?? []));
}

/** Why campaigns were not run to their end: a limit that was reached, told once. */
function cutShortIn(frames: readonly Frame[]): readonly string[] {
  const skipped = frames.flatMap(({ campaigns }) => campaigns.filter(({ event }) => event === 'skipped'));
  const reasons = skipped.flatMap(({ reason }) => (reason === undefined || reason === inAnotherShard ? [] : [reason.replace(/\.$/, '')]));
  return [...new Set(reasons)];
}

/** Said of campaigns that `--shard` leaves to others. */
export const inAnotherShard = 'in another shard';

function counterexamplesOf(parts: Parts, name: Name): ReadonlyMap<string, Finding['counterexample']> {
  const found = new Map<string, Finding['counterexample']>();
  for (const [part, { frame }] of parts.entries())
    for (const { requirement, cause, steps, exchanges, shown } of frame.counterexamples)
      found.set(counterexampleKey(requirement, cause), {
        steps,
        exchanges: exchanges.map((exchange) => name(part, exchange)),
        ...(shown === undefined ? {} : { shown }),
      });
  return found;
}

function joinReadings(parts: Parts, name: Name): Report['readings'] {
  const readings = new Map<ReadingId, { taken: Set<string>; exchanges: string[] }>();
  for (const [part, { conclusion }] of parts.entries())
    for (const [id, { taken, exchanges }] of conclusion.readings) {
      const total = recall(readings, id, () => ({ taken: new Set<string>(), exchanges: [] as string[] }));
      for (const way of taken) total.taken.add(way);
      total.exchanges.push(...exchanges.map((exchange) => name(part, exchange)));
    }
  const entries = [...readings].sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([id, { taken, exchanges }]) => [id, { taken: [...taken].join('; '), exchanges }]));
}

function joinDelays(conclusions: readonly Conclusion[]): Report['delays'] {
  const kinds: readonly DelayKind[] = ['opening', 'closing', 'visibility'];
  return Object.fromEntries(
    kinds.flatMap((kind) => {
      const delay = summarise(conclusions.flatMap(({ delays }) => delays.get(kind) ?? []));
      return delay === undefined ? [] : [[kind, delay]];
    }),
  );
}

/** The exchanges that the findings of a report cite, as the journals name them. */
export function citedBy(report: Report): ReadonlySet<string> {
  const findings = report.requirements.flatMap(({ findings: each }) => each);
  return new Set(findings.flatMap(({ exchanges, counterexample }) => [...exchanges, ...(counterexample?.exchanges ?? [])]));
}
