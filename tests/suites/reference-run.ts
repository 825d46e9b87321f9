/** A whole run against the reference implementation in this process, and the journal it left. */
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ReferenceOptions, startReference } from '../../reference/server.ts';
import type { JournalLine, Selection } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import { type Conducted, conduct } from '../../suites/conduct.ts';
import { quiet } from '../../suites/quiet.ts';
import { readJournal } from '../../target/journal.ts';
import { profileWith } from '../judge/profile.ts';

export interface ReferenceRun extends Conducted {
  readonly lines: readonly JournalLine[];
}

export interface RunOptions {
  readonly selection?: Partial<Selection>;
  readonly reference?: ReferenceOptions;
  readonly profile?: Partial<Profile>;
  readonly seed?: number;
  /** Where a copy of the journal is kept; the report folder goes with the run. */
  readonly keepAt?: string;
}

export async function runReference({
  selection = {},
  reference: options = {},
  profile = {},
  seed = 1,
  keepAt,
}: RunOptions = {}): Promise<ReferenceRun> {
  const reference = await startReference({ seed, onError: () => {}, ...options });
  const reportDir = mkdtempSync(join(tmpdir(), 'run '));
  const { url: target, tokenUrl, clientId, clientSecret, other } = reference;
  try {
    const conducted = await conduct({
      profile: profileWith({
        target,
        auth: { type: 'oauth2', tokenUrl, clientId, clientSecret, other },
        ...reference.profile,
        ...profile,
      } as Partial<Profile>),
      selection: { effort: 'quick', ...selection },
      seed,
      reportDir,
      reporters: ['json'],
      progress: quiet,
      signal: new AbortController().signal,
    });
    const journal = join(reportDir, 'journal.ndjson');
    if (keepAt !== undefined) copyFileSync(journal, keepAt);
    const lines: JournalLine[] = [];
    for await (const line of readJournal(journal)) lines.push(line);
    return { ...conducted, lines };
  } finally {
    await reference.close();
    rmSync(reportDir, { recursive: true, force: true });
  }
}
