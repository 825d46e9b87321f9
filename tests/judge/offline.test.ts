/** The verdict again, from the evidence alone: what `judge` says of a journal is what the run said. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
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

const broken: readonly (readonly [faults: readonly string[], only: readonly string[]])[] = [
  [['iban-of-anyone'], ['FLT-15', 'OWN-01']],
  [
    ['unknown-id-gives-the-first', 'problem-with-another-status'],
    ['LST-06', 'MSG-12', 'REF-03'],
  ],
  [['missing-requestor-refused-and-creating'], ['REF-01']],
];
const split = { selection: { only: ['MSG-12', 'CLS-11', 'REF-03'] }, reference: { faults: ['problem-with-another-status'] } };

// At the same time: most of a run is waiting.
let conformant: ReferenceRun;
let nonConformant: readonly ReferenceRun[];
let whole: ReferenceRun;
let shards: readonly ReferenceRun[];
beforeAll(async () => {
  [conformant, nonConformant, whole, shards] = await Promise.all([
    runReference(),
    Promise.all(broken.map(([faults, only]) => runReference({ reference: { faults }, selection: { only } }))),
    runReference(split),
    Promise.all([1, 2].map((index) => runReference({ ...split, selection: { ...split.selection, shard: { index, of: 2 } } }))),
  ]);
});

describe('a journal judged offline says the same as its run', () => {
  it('of a conformant target', async () => {
    expect(conformant.report.verdict).toBe('conformant');
    const { report, evidence } = await judgeAgain(conformant.lines);
    expect(report).toEqual(conformant.report);
    expect(evidence).toEqual(conformant.evidence);
  });
  it.each(broken.map(([faults], index) => [faults.join(' and '), index] as const))('of a target with %s', async (_, index) => {
    const run = nonConformant[index]!;
    expect(run.report.verdict).toBe('non-conformant');
    expect(run.evidence.size).toBeGreaterThan(0);
    const { report, evidence } = await judgeAgain(run.lines);
    expect(report).toEqual(run.report);
    expect(evidence).toEqual(run.evidence);
  });
  it('counterexamples too, whatever was tried to find them', () => {
    const findings = nonConformant.flatMap(({ report }) => report.requirements.flatMap((row) => row.findings));
    const kinds = findings.flatMap(({ counterexample }) => counterexample?.steps.map((step) => step.do) ?? []);
    expect(kinds).toContain('probe');
    expect(kinds).toContain('list');
  });
});

describe('the shards of a run', () => {
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
    for (const id of cited) expect(id).toMatch(/^[12]\/\d+$/);
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
  const torn: string[] = [];
  const open = (): AsyncIterable<JournalLine> => readJournal(journal, { onTorn: (message) => torn.push(message) });

  it('is judged by what it has: its torn last line is left out, and the run has no end', async () => {
    const { lines } = nonConformant[1]!;
    const last = lines.findLastIndex(({ type }) => type === 'exchange');
    const kept = lines.slice(0, last);
    writeFileSync(journal, kept.map((line) => `${JSON.stringify(line)}\n`).join('') + JSON.stringify(lines[last]).slice(0, 200));
    const { report } = await judgeLines([{ name: journal, open }]);
    expect(torn.length).toBeGreaterThan(0);
    expect(report.ended.message).toMatch(/cut off/);
    expect(report.requirements).toEqual((await judgeAgain(kept)).report.requirements);
    expect(report.verdict).toBe('non-conformant');
  });
});
