/** The verdict again, from the evidence alone: what `judge` says of a journal is what the run said. */
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgeLines, NotOneRun } from '../../judge/offline.ts';
import type { JournalLine } from '../../spec/journal.ts';
import type { Report } from '../../spec/report.ts';
import { readJournal } from '../../target/journal.ts';
import { type ReferenceRun, runReference } from '../suites/reference-run.ts';

const dir = mkdtempSync(join(tmpdir(), 'offline '));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const judgeAgain = (...journals: readonly (readonly JournalLine[])[]) =>
  judgeLines(journals.map((lines, index) => ({ name: `journal ${index + 1}`, open: () => lines })));

/** Of the verdicts of a report, all but what each run has of its own. */
const verdictsOf = ({ requirements }: Report): string[] => requirements.map(({ id, verdict }) => `${id} ${verdict}`);

describe('a journal judged offline says the same as its run', () => {
  const faults = [['close-shows-in-list-only'], ['iban-of-anyone'], ['closed-on-moves-with-reads', 'unknown-id-no-content']];
  it('of a conformant target', async () => {
    const run = await runReference();
    expect(run.report.verdict).toBe('conformant');
    const { report, evidence } = await judgeAgain(run.lines);
    expect(report).toEqual(run.report);
    expect(evidence).toEqual(run.evidence);
  });
  for (const names of faults)
    it(`of a target with ${names.join(' and ')}`, async () => {
      const run = await runReference({ reference: { faults: names }, selection: { only: ['CLS', 'FLT', 'LST', 'OWN'] } });
      expect(run.report.verdict).toBe('non-conformant');
      const findings = run.report.requirements.flatMap((row) => row.findings);
      expect(findings.some(({ counterexample }) => counterexample !== undefined)).toBe(true);
      const { report, evidence } = await judgeAgain(run.lines);
      expect(report).toEqual(run.report);
      expect(evidence).toEqual(run.evidence);
    });
});

describe('the shards of a run', () => {
  let whole: ReferenceRun;
  let shards: readonly ReferenceRun[];
  const options = { selection: { only: ['LST', 'CLS'] }, reference: { faults: ['closed-listed-for-anyone'] } };
  beforeAll(async () => {
    whole = await runReference(options);
    shards = [];
    for (const index of [1, 2])
      shards = [...shards, await runReference({ ...options, selection: { ...options.selection, shard: { index, of: 2 } } })];
  });

  // The same target, as it would be for one run split over machines.
  const joined = () => judgeAgain(...shards.map(({ lines }) => lines.map((line) => moved(line, shards[0]!.report.target))));
  const moved = (line: JournalLine, target: string): JournalLine =>
    line.type === 'run' ? { ...line, profile: { ...line.profile, target } } : line;

  it('give the verdicts of the whole, judged as one', async () => {
    const { report } = await joined();
    expect(verdictsOf(report)).toEqual(verdictsOf(whole.report));
    expect(report.verdict).toBe(whole.report.verdict);
    expect(report.selection.shard).toBeUndefined();
    expect(report.exchanges).toBe(shards[0]!.report.exchanges + shards[1]!.report.exchanges);
  });
  it('leave out, each alone, the rows whose campaigns are in another', () => {
    for (const { report } of shards) expect(report.requirements.length).toBeLessThan(whole.report.requirements.length);
  });
  it('name the exchanges that they cite by their shard', async () => {
    const { report, evidence } = await joined();
    const cited = report.requirements.flatMap(({ findings }) => findings.flatMap(({ exchanges }) => exchanges));
    expect(cited.length).toBeGreaterThan(0);
    for (const id of cited) expect(evidence.get(id)?.id).toBe(id);
    expect(new Set(cited.map((id) => id.split('/')[0]))).toEqual(new Set(['1', '2']));
  });
  it('are refused where they are of two targets', async () => {
    const [one, other] = shards.map(({ lines }) => lines);
    await expect(
      judgeAgain(
        one!,
        other!.map((line) => moved(line, 'http://127.0.0.1:1')),
      ),
    ).rejects.toThrow(/differ in their target/);
  });
});

describe('what is no journal of a run', () => {
  const line: JournalLine = { type: 'ground', customer: 'c', exclusive: true, invented: true };
  it('is refused in a sentence', async () => {
    await expect(judgeAgain([])).rejects.toThrow(NotOneRun);
    await expect(judgeAgain([line])).rejects.toThrow(/first line is of type "ground"/);
  });
});

describe('a journal that was cut off', () => {
  const journal = join(dir, 'journal.ndjson');
  const kept: JournalLine[] = [];
  const open = (): AsyncIterable<JournalLine> => readJournal(journal, { onTorn: (message) => torn.push(message) });
  const torn: string[] = [];
  beforeAll(async () => {
    const { lines } = await runReference({ selection: { only: ['LST-07'] } });
    const last = lines.findLastIndex(({ type }) => type === 'exchange');
    kept.push(...lines.slice(0, last));
    appendFileSync(journal, kept.map((line) => `${JSON.stringify(line)}\n`).join('') + JSON.stringify(lines[last]).slice(0, 200));
  });
  it('is judged by what it has: its torn last line is left out, and the run has no end', async () => {
    const { report } = await judgeLines([{ name: journal, open }]);
    expect(torn.length).toBeGreaterThan(0);
    expect(report.ended.message).toMatch(/cut off/);
    expect(report.requirements).toEqual((await judgeAgain(kept)).report.requirements);
    expect(report.verdict).toBe('inconclusive');
  });
});
