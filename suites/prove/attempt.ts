/** One attempt: the suite, whole, against the reference implementation with one fault or one variant. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { flatten } from '../../generators/shrink.ts';
import { pickFaults } from '../../reference/registry.ts';
import { startReference } from '../../reference/server.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import type { Selection, Step } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import type { Report } from '../../spec/report.ts';
import { resolveSettings } from '../../target/settings.ts';
import { describeMistake } from '../../target/settings-mistakes.ts';
import { suiteVersion } from '../../target/version.ts';
import { conduct } from '../conduct.ts';
import { quiet } from '../quiet.ts';

export interface Task {
  readonly kind: 'fault' | 'corruption' | 'variant';
  readonly name: string;
  readonly seed: number;
  readonly effort: Selection['effort'];
  /**
   * Ended at the first finding that counts. Of a fault: the campaigns that name a row which is to catch it come first; then, only if those
   * miss it, all; then all at `standard`.
   */
  readonly narrow?: true;
}

export interface Outcome extends Task {
  /** Of the suite. */
  readonly version: string;
  /** `2026-11-22`. */
  readonly date: string;
  readonly verdict: Report['verdict'];
  readonly ended: Report['ended'];
  /** Rows that ended `fail`. */
  readonly fails: readonly RequirementId[];
  readonly warns: readonly RequirementId[];
  readonly inconclusive: readonly RequirementId[];
  /** Of a fault: the rows that were to catch it and did: a MUST that failed, a SHOULD that warned. Of a corruption: any. */
  readonly caughtBy: readonly RequirementId[];
  readonly exchanges: number;
  readonly durationMs: number;
  /** Until the first finding of a row that was to catch it; of a variant, of any. */
  readonly firstFindingMs: number | undefined;
  /** Of the finding that caught it, where a sequence was kept. */
  readonly counterexample: readonly Step[] | undefined;
  /** What was said, a line a finding: for whoever looks into a false alarm or a miss. */
  readonly messages: readonly string[];
}

export async function attempt(task: Task): Promise<Outcome> {
  const [fault] = task.kind === 'fault' ? pickFaults([task.name]) : [];
  const wanted = fault !== undefined && 'caughtBy' in fault ? fault.caughtBy : [];
  if (!task.narrow || fault === undefined) return runAgainst(task, wanted, { effort: task.effort });
  const effort = (task.effort === 'quick' && 'effort' in fault && fault.effort) || task.effort;
  for (const selection of [{ effort, only: wanted }, { effort }]) {
    const outcome = await runAgainst(task, wanted, selection);
    if (outcome.caughtBy.length > 0) return outcome;
  }
  return runAgainst(task, wanted, { effort: 'standard' });
}

async function runAgainst(task: Task, wanted: readonly RequirementId[], selection: Selection): Promise<Outcome> {
  const { kind, name, seed } = task;
  const reference = await startReference({ seed, ...(kind === 'variant' ? { variants: [name] } : { faults: [name] }), onError: () => {} });
  const dir = mkdtempSync(join(tmpdir(), 'prove-'));
  const started = performance.now();
  let firstFindingMs: number | undefined;
  const enough = new AbortController();
  try {
    const { report } = await conduct({
      profile: await profileOf(reference),
      selection,
      seed,
      reportDir: dir,
      reporters: ['json'],
      progress: {
        ...quiet,
        finding(id) {
          if (kind === 'fault' && !wanted.some((each) => each === id)) return;
          firstFindingMs ??= performance.now() - started;
          if (task.narrow && kind !== 'variant') enough.abort('SIGINT');
        },
      },
      signal: enough.signal,
    });
    const ids = (verdict: string): RequirementId[] => report.requirements.filter((row) => row.verdict === verdict).map(({ id }) => id);
    const [fails, warns, inconclusive] = [ids('fail'), ids('warn'), ids('inconclusive')];
    const red = [...fails, ...warns];
    const caughtBy = kind === 'corruption' ? red : wanted.filter((id) => red.includes(id));
    const catching = report.requirements.filter(({ id }) => caughtBy.includes(id)).flatMap(({ findings }) => findings);
    return {
      ...task,
      version: suiteVersion,
      date: new Date().toISOString().slice(0, 10),
      verdict: report.verdict,
      ended: report.ended,
      fails,
      warns,
      inconclusive,
      caughtBy,
      exchanges: report.exchanges,
      durationMs: Math.round(performance.now() - started),
      firstFindingMs: firstFindingMs === undefined ? undefined : Math.round(firstFindingMs),
      counterexample: shortest(catching.flatMap(({ counterexample }) => (counterexample === undefined ? [] : [counterexample.steps]))),
      messages: report.requirements
        .flatMap(({ findings }) => findings.map((finding) => `${finding.id} ${finding.message} (${finding.received})`))
        .slice(0, 20),
    };
  } finally {
    await reference.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The one of fewest requests; an experiment, which is one step and many requests, only where there is no other. */
function shortest(sequences: readonly (readonly Step[])[]): readonly Step[] | undefined {
  const weigh = (steps: readonly Step[]): number =>
    steps.some((step) => step.do === 'probe') ? Number.MAX_SAFE_INTEGER : flatten(steps).length;
  return [...sequences].sort((a, b) => weigh(a) - weigh(b))[0];
}

/** The profile that the user of such a system would write. */
export async function profileOf(reference: Awaited<ReturnType<typeof startReference>>): Promise<Profile> {
  const { auth, ...declared } = reference.profile;
  const credentials = {
    tokenUrl: reference.tokenUrl,
    clientId: reference.clientId,
    clientSecret: reference.clientSecret,
    other: reference.other,
  };
  const resolved = await resolveSettings({
    flags: {},
    env: {},
    cwd: process.cwd(),
    readFile: () => '',
    document: { target: reference.url, ...declared, auth: auth?.type === 'none' ? { type: 'none' } : { ...credentials, ...auth } },
  });
  if ('mistakes' in resolved) throw new Error(resolved.mistakes.map(describeMistake).join('\n'));
  return resolved.settings.profile;
}
