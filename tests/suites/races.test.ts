/** Races against the reference, whole: from the requests that overlap to what the report says of them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startReference } from '../../reference/server.ts';
import type { Exchange, JournalLine, Selection } from '../../spec/journal.ts';
import type { Report } from '../../spec/report.ts';
import { conduct } from '../../suites/conduct.ts';
import { quiet } from '../../suites/quiet.ts';
import { readJournal } from '../../target/journal.ts';
import { profileWith } from '../judge/profile.ts';

async function run(selection: Selection, faults: readonly string[] = []): Promise<{ report: Report; lines: JournalLine[] }> {
  const reference = await startReference({ faults, seed: 1 });
  const reportDir = mkdtempSync(join(tmpdir(), 'races '));
  const { url: target, tokenUrl, clientId, clientSecret } = reference;
  try {
    const profile = profileWith({ target, auth: { type: 'oauth2', tokenUrl, clientId, clientSecret } });
    const { signal } = new AbortController();
    const { report } = await conduct({ profile, selection, seed: 2, reportDir, reporters: ['json'], progress: quiet, signal });
    const lines: JournalLine[] = [];
    for await (const line of readJournal(join(reportDir, 'journal.ndjson'))) lines.push(line);
    return { report, lines };
  } finally {
    await reference.close();
    rmSync(reportDir, { recursive: true, force: true });
  }
}

const overlap = (one: Exchange, other: Exchange): boolean => one.sentAt < other.receivedAt && other.sentAt < one.receivedAt;

it('overlap 170 times at least on one product, a write among the two, and find nothing wrong where nothing is', async () => {
  const { report, lines } = await run({ effort: 'standard', only: ['CON'] });
  expect(report.requirements.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(
    [1, 2, 3, 4, 5, 6, 7].map((number) => `CON-0${number} pass`),
  );
  const raced = lines.flatMap((line) => (line.type === 'exchange' && /^race \d/.test(line.campaign) ? [line] : []));
  const closes = raced.filter(({ intent }) => intent.operation === 'close');
  const pairs = closes.flatMap((one) =>
    raced
      .filter(({ intent }) => intent.product === one.intent.product)
      .filter((other) => overlap(one, other) && (other.intent.operation === 'get' || Number(other.id) > Number(one.id)))
      .map((other) => [one, other] as const),
  );
  expect(pairs.length).toBeGreaterThanOrEqual(170);
  expect(pairs.filter(([one, other]) => one.connection === other.connection)).toEqual([]);
  expect(raced.length).toBeLessThanOrEqual(490);
});

it('say how often they show what they found, and keep it in the journal', async () => {
  const { report, lines } = await run({ effort: 'quick', only: ['CON-02'] }, ['parallel-closes-both-stamp']);
  const [finding] = report.requirements.find(({ id }) => id === 'CON-02')!.findings;
  const { steps, shown } = finding!.counterexample!;
  expect(steps.some((step) => step.do === 'together')).toBe(true);
  expect(shown!.of).toBeGreaterThan(0);
  expect(shown!.times).toBeLessThanOrEqual(shown!.of);
  const [line] = lines.filter((each) => each.type === 'counterexample' && each.requirement === 'CON-02');
  expect(line).toMatchObject({ requirement: 'CON-02', steps, shown });
});
