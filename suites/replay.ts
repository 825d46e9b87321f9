/** Performs the sequence of a finding again, on fresh ground, and says whether it shows. */
import { randomUUID } from 'node:crypto';
import { undeclaredSettleMs } from '../judge/facts.ts';
import type { Progress } from '../reports/progress.ts';
import { describeStep, flatten } from '../reports/sequence.ts';
import type { RunLine, Step } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import type { Finding, Report, RequirementResult } from '../spec/report.ts';
import { runPreflight } from '../target/preflight.ts';
import { createSession } from '../target/session.ts';
import { readTlsMaterial } from '../target/tls-material.ts';
import { probesFor } from './all.ts';
import { createRetrials } from './counterexamples.ts';
import { createGround } from './ground.ts';
import { trackLeftovers } from './leftovers.ts';

export interface ReplayOptions {
  readonly report: Report;
  /** Absent: every finding that has a sequence. */
  readonly findingId?: string;
  readonly profile: Profile;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

export interface Replayed {
  /** The worst of all: shown before unknown before gone. */
  readonly outcome: 'shown' | 'gone' | 'unknown';
  readonly text: string;
}

const closingMs = 10_000;

export async function replay({ report, findingId, profile, progress, signal }: ReplayOptions): Promise<Replayed> {
  const chosen = report.requirements.flatMap((result) =>
    result.findings.filter(({ id }) => findingId === undefined || id === findingId).map((finding) => ({ result, finding })),
  );
  const tls = await readTlsMaterial(profile.tls, report.selection.insecure === true);
  const session = createSession({ profile, runId: randomUUID(), tls, signal });
  const run: RunLine = {
    type: 'run',
    journalVersion: 1,
    run: report.run,
    suite: report.suite,
    spec: report.spec,
    profile: session.redactedProfile,
    selection: report.selection,
    seed: report.seed,
    startedAt: report.startedAt,
  };
  const ground = createGround(profile, (line) => session.record(line));
  const requestor = profile.requestorId ?? randomUUID();
  const leftovers = trackLeftovers(() => ({ requestor, invented: ground.invents }));
  session.onLine(leftovers.observe);
  const probes = probesFor(profile, report.selection, report.seed);
  const retrials = createRetrials({ session, ground, run, codes: profile.creatable, probes, signal });
  const outcomes: Replayed['outcome'][] = [];
  const texts: string[] = [];
  try {
    for await (const step of runPreflight(session, profile, signal)) progress.preflight(step);
    for (const { result, finding } of chosen) {
      const { outcome, text } = await replayOne(result, finding);
      outcomes.push(outcome);
      texts.push(text);
    }
  } finally {
    await leftovers.close(session, 'shrink/closing', session.now() + closingMs);
    progress.done();
    await session.close();
  }
  const outcome = outcomes.includes('shown') ? 'shown' : outcomes.includes('unknown') || outcomes.length === 0 ? 'unknown' : 'gone';
  return { outcome, text: texts.length === 0 ? 'The report has no finding to show again.' : texts.join('\n\n') };

  async function replayOne(result: RequirementResult, finding: Finding): Promise<Replayed> {
    const steps = finding.counterexample?.steps;
    if (steps === undefined)
      return { outcome: 'unknown', text: `${finding.id}: no sequence was kept with it; run the suite with --only ${result.id}.` };
    if (steps.some((step) => step.do === 'probe' && !probes.has(step.probe)))
      return { outcome: 'unknown', text: `${finding.id}: its experiment is not in this version of the suite.` };
    // What shows now and then is looked for until it shows.
    let { entries, witnesses, performance } = await retrials.tryOut(steps, result.id, undeclaredSettleMs);
    for (let tries = 1; tries < triesFor(finding) && entries.size === 0; tries += 1)
      ({ entries, witnesses, performance } = await retrials.tryOut(steps, result.id, undeclaredSettleMs));
    const [entry] = [...entries.values()].filter(({ message }) => message === finding.message).concat([...entries.values()]);
    const told = describeSteps(steps);
    if (entry !== undefined)
      return {
        outcome: 'shown',
        text: `${finding.id} shows again: ${entry.message}\n${told}\n  expected  ${entry.expected}\n  received  ${entry.received}`,
      };
    const done = witnesses > 0 || performance.stepOf.size > 0;
    return done
      ? { outcome: 'gone', text: `${finding.id} does not show again.\n${told}` }
      : { outcome: 'unknown', text: `${finding.id}: the sequence could not be performed.\n${told}` };
  }
}

/** A race is tried again until it would have shown 19 times of 20. */
function triesFor({ counterexample }: Finding): number {
  const { times, of } = counterexample?.shown ?? { times: 1, of: 1 };
  return times === of ? (of > 1 ? 2 : 1) : Math.min(triesAtMost, Math.ceil((3 * of) / Math.max(1, times)));
}

const triesAtMost = 40;

const describeSteps = (steps: readonly Step[]): string =>
  steps
    .flatMap(flatten)
    .map((step, index) => `  ${index + 1}  ${describeStep(step)}`)
    .join('\n');
