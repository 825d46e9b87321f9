/** `judge`: the verdict again, from the evidence alone. */
import type { Exchange, JournalLine, RunLine } from '../spec/journal.ts';
import type { Report } from '../spec/report.ts';
import { citedBy, composeReport, createReader, type Part, type Reader } from './compose.ts';

/** The lines of one journal, in order. */
export type Lines = AsyncIterable<JournalLine> | Iterable<JournalLine>;

/** An error of who asks: what was given is no journal of one run. */
export class NotOneRun extends Error {
  override readonly name = 'NotOneRun';
}

/**
 * Judges journals as one.
 * @param open reads a journal from its beginning; called twice, once to judge and once for what the findings cite
 */
export async function judgeLines(
  journals: readonly { readonly name: string; open(): Lines }[],
): Promise<{ report: Report; evidence: ReadonlyMap<string, Exchange> }> {
  const parts: Part[] = [];
  for (const { name, open } of journals) parts.push(await readOne(name, open()));
  checkTogether(
    parts.map(({ frame }) => frame.run),
    journals.map(({ name }) => name),
  );
  const report = composeReport(parts);
  const cited = citedBy(report);
  const evidence = new Map<string, Exchange>();
  for (const [part, { open }] of journals.entries())
    for await (const line of open()) {
      if (line.type !== 'exchange') continue;
      const id = journals.length > 1 && !line.id.includes('/') ? `${part + 1}:${line.id}` : line.id;
      if (cited.has(id)) evidence.set(id, { ...line, id });
    }
  return { report, evidence };
}

async function readOne(name: string, lines: Lines): Promise<Part> {
  let reader: Reader | undefined;
  for await (const line of lines) {
    if (reader === undefined) {
      if (line.type !== 'run')
        throw new NotOneRun(
          `Expected the journal of a run, which begins with a line of type "run", in ${name}; its first line is of type "${line.type}".`,
        );
      reader = createReader(line);
    } else if (line.type === 'run')
      throw new NotOneRun(`Expected one run in ${name}, and found a second line of type "run"; judge each run by its own journal.`);
    else reader.observe(line);
  }
  if (reader === undefined) throw new NotOneRun(`Expected the journal of a run in ${name}, and found no line in it.`);
  return { conclusion: reader.conclude(), frame: reader.frame() };
}

/** Journals are judged as one only if they are parts of one: the same target, suite and document. */
function checkTogether(runs: readonly RunLine[], names: readonly string[]): void {
  const [first] = runs;
  for (const [index, run] of runs.entries()) {
    const differing = (['suite', 'spec', 'target'] as const).find((part) => text(run, part) !== text(first!, part));
    if (differing !== undefined)
      throw new NotOneRun(
        `Expected journals of one run, but ${names[index]} and ${names[0]} differ in their ${differing}; judge them apart.`,
      );
  }
}

const text = (run: RunLine, part: 'suite' | 'spec' | 'target'): string =>
  JSON.stringify(part === 'target' ? run.profile.target : run[part]);
