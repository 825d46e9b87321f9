/** Whether a sequence by itself shows a fault: what the shortest sequences that are kept with the faults are measured by. */
import { randomUUID } from 'node:crypto';
import { pickFaults } from '../../reference/registry.ts';
import { startReference } from '../../reference/server.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import { specSha256 } from '../../spec/document.ts';
import type { RunLine, Step } from '../../spec/journal.ts';
import { createSession } from '../../target/session.ts';
import { suiteName, suiteVersion } from '../../target/version.ts';
import { probesFor } from '../all.ts';
import { createRetrials } from '../counterexamples.ts';
import { createGround } from '../ground.ts';
import { profileOf } from './attempt.ts';

const seed = 1;
/** A write not seen so long after its answer is lost, in milliseconds: the reference shows every write at once. */
const lostAfterMs = 200;

/**
 * Performs the steps once, on a reference implementation of their own with that fault. Resolves to the rows that are to catch it and do;
 * none: it does not show. Rejects for a name that is no fault's.
 */
export async function showFault(name: string, steps: readonly Step[]): Promise<readonly RequirementId[]> {
  const [fault] = pickFaults([name]);
  if (fault === undefined || !('caughtBy' in fault)) throw new Error(`Expected the name of a fault, got ${name}.`);
  const { caughtBy } = fault;
  const reference = await startReference({ seed, faults: [name], onError: () => {} });
  const { signal } = new AbortController();
  const profile = await profileOf(reference);
  const session = createSession({ profile, runId: randomUUID(), signal });
  const run: RunLine = {
    type: 'run',
    journalVersion: 1,
    run: randomUUID(),
    suite: { name: suiteName, version: suiteVersion },
    spec: { sha256: specSha256() },
    profile: session.redactedProfile,
    selection: { effort: 'standard' },
    seed,
    startedAt: new Date().toISOString(),
  };
  const ground = createGround(profile, (line) => session.record(line));
  try {
    const retrials = createRetrials({
      session,
      ground,
      run,
      codes: profile.creatable,
      probes: steps.some((step) => step.do === 'probe') ? probesFor(profile, run.selection, seed) : new Map(),
      signal,
    });
    const { accounts } = await retrials.tryOut(steps, caughtBy[0]!, lostAfterMs);
    return caughtBy.filter((id) => accounts.get(id)!.entries.size > 0);
  } finally {
    await session.close();
    await reference.close();
  }
}
