/**
 * Conducts a run: preflight, the campaigns in lanes, closing what was made, smaller sequences for what was found, the record.
 * Whatever happens on the way, what was gathered is judged and written.
 */
import { randomUUID } from 'node:crypto';
import { citedBy, composeReport, createReader } from '../judge/compose.ts';

import type { Progress } from '../reports/progress.ts';
import { type Reporter, writeReports } from '../reports/write.ts';
import { specSha256 } from '../spec/document.ts';
import type { EndCause, Exchange, RunLine, Selection } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import type { Report } from '../spec/report.ts';
import { ConformanceError, LimitReached, RunEnded } from '../target/errors.ts';
import { type Journal, openJournal, readJournal } from '../target/journal.ts';
import { createSession } from '../target/session.ts';
import { readTlsMaterial } from '../target/tls-material.ts';
import { suiteName, suiteVersion } from '../target/version.ts';
import { type Behind, lookBehind } from './behind.ts';
import { drive } from './drive.ts';

export interface ConductOptions {
  readonly profile: Profile;
  readonly selection: Selection;
  readonly seed: number;
  /** Chosen by the rule of report folders; made if it is not there. */
  readonly reportDir: string;
  readonly reporters: readonly Reporter[];
  readonly progress: Progress;
  /** Aborted with the reason `SIGINT` or `SIGTERM`: what was made is closed, what was seen is judged and written. */
  readonly signal: AbortSignal;
}

export interface Conducted {
  readonly report: Report;
  /** The exchanges that the findings cite. */
  readonly evidence: ReadonlyMap<string, Exchange>;
  readonly reportDir: string;
  /** Paths of the files written. */
  readonly written: readonly string[];
  /** An error of ours that ended the run. */
  readonly error?: unknown;
}

/** Throws a `ConformanceError` (2) where no journal can be kept: without evidence there is no run. */
export async function conduct(options: ConductOptions): Promise<Conducted> {
  const { profile, selection, seed, reportDir, progress, signal } = options;
  const tls = await readTlsMaterial(profile.tls, selection.insecure === true);
  const journal = openJournal(reportDir);
  const { shard } = selection;
  const runId = randomUUID();
  const session = createSession({ profile, runId, journal, tls, signal, ...(shard === undefined ? {} : { idPrefix: `${shard.index}/` }) });
  let report: Report;
  let failure: unknown;
  let behind: Behind | undefined;
  try {
    const run: RunLine = {
      type: 'run',
      journalVersion: 1,
      run: runId,
      suite: { name: suiteName, version: suiteVersion },
      spec: { sha256: specSha256() },
      profile: session.redactedProfile,
      selection,
      seed,
      startedAt: new Date().toISOString(),
    };
    session.record(run);
    const reader = createReader(run, (id, { message }) => progress.finding(id, message));
    behind = lookBehind(reader.observe);
    session.onLine(behind.observe);
    let ended: Ended = { cause: 'completed', message: 'the run came to its end' };
    const driven = drive({ ...options, session, run, reader, behind });
    try {
      await driven.campaigns();
      session.expectTarget();
      behind.catchUp();
    } catch (error) {
      ended = describeEnd(error, signal);
      if (ended.cause === 'error') failure = error;
    }
    await driven.tidy(ended.cause === 'completed');
    if (session.lost !== undefined) ended = describeEnd(session.lost, signal);
    session.record({ type: 'end', ...ended, at: session.now(), products: driven.products() });
    behind.catchUp();
    report = composeReport([{ frame: reader.frame(), conclusion: reader.conclude() }]);
  } finally {
    behind?.stop();
    progress.done();
    await session.close();
    if (session.lost === undefined) journal.close();
    else closeLost(journal);
  }
  // Without its evidence nothing is written that would look like a result: the console says what was seen, and what is left open.
  if (session.lost !== undefined) return { report, evidence: new Map(), reportDir, written: [] };
  const evidence = await readCited(journal.path, citedBy(report));
  const written = await writeReports({ dir: reportDir, report, evidence, reporters: options.reporters });
  return { report, evidence, reportDir, written, ...(failure === undefined ? {} : { error: failure }) };
}

function closeLost(journal: Journal): void {
  try {
    journal.close();
  } catch {
    // It has said so before.
  }
}

/** What the findings cite is read back from disk: the judge keeps knowledge, not exchanges. */
async function readCited(path: string, cited: ReadonlySet<string>): Promise<ReadonlyMap<string, Exchange>> {
  const evidence = new Map<string, Exchange>();
  if (cited.size === 0) return evidence;
  for await (const line of readJournal(path)) if (line.type === 'exchange' && cited.has(line.id)) evidence.set(line.id, line);
  return evidence;
}

interface Ended {
  readonly cause: EndCause;
  readonly message: string;
}

function describeEnd(error: unknown, signal: AbortSignal): Ended {
  if (signal.aborted || error instanceof RunEnded)
    return signal.reason === 'SIGTERM'
      ? { cause: 'terminated', message: 'ended by SIGTERM' }
      : { cause: 'interrupted', message: 'interrupted (SIGINT)' };
  // So few requests are allowed that nothing could be begun.
  if (error instanceof LimitReached) return { cause: 'usage', message: error.message };
  if (error instanceof ConformanceError) {
    const causes = { 2: 'usage', 4: 'unreachable', 5: 'error' } as const;
    return { cause: causes[error.exitStatus], message: error.message };
  }
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { cause: 'error', message: `please report it, with the journal: ${text}` };
}
