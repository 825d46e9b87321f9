/** Totals: how many requirements hold, by level and by area. Numbers with their denominator, never one percentage. */
import { areaOf } from '../spec/catalogue/index.ts';
import { type Report, type RequirementResult, type Verdict, verdicts } from '../spec/report.ts';
import { type Area, areas, type Level, levels } from '../spec/requirement.ts';

export type Tally = Readonly<Record<Verdict, number>>;

export interface AreaTotal {
  readonly area: Area;
  readonly title: string;
  readonly tally: Tally;
}

export interface LevelTotal {
  readonly level: Level;
  readonly tally: Tally;
}

export const areaTitles: Readonly<Record<Area, string>> = {
  MSG: 'Every message',
  TOK: 'Token endpoint',
  AUT: 'Authorization',
  SCH: 'Shapes of answers',
  CRE: 'Create',
  LST: 'List',
  FLT: 'Filters',
  CLS: 'Close',
  TIM: 'Times',
  LIF: 'Life of a product',
  OWN: 'Ownership',
  REF: 'Refusals',
  CON: 'Concurrency',
};

export function tally(results: readonly RequirementResult[]): Tally {
  const counts: Record<Verdict, number> = { pass: 0, fail: 0, warn: 0, inconclusive: 0, 'not-applicable': 0, waived: 0 };
  for (const { verdict } of results) {
    counts[verdict] += 1;
  }
  return counts;
}

/** By area, in the order of the catalogue; areas without a row in this run are left out. */
export function totalsByArea(report: Report): readonly AreaTotal[] {
  return areas
    .map((area) => ({ area, title: areaTitles[area], results: report.requirements.filter(({ id }) => areaOf(id) === area) }))
    .filter(({ results }) => results.length > 0)
    .map(({ area, title, results }) => ({ area, title, tally: tally(results) }));
}

export function totalsByLevel(report: Report): readonly LevelTotal[] {
  return levels.map((level) => ({ level, tally: report.counts[level] })).filter((total) => sizeOf(total.tally) > 0);
}

export function sizeOf(counts: Tally): number {
  return verdicts.reduce((sum, verdict) => sum + counts[verdict], 0);
}

/** Those the run could be asked for: all but the not applicable. */
export function applicable(counts: Tally): number {
  return sizeOf(counts) - counts['not-applicable'];
}

export const verdictWords: Readonly<Record<Verdict, string>> = {
  pass: 'passed',
  fail: 'failed',
  warn: 'warned',
  inconclusive: 'inconclusive',
  'not-applicable': 'not applicable',
  waived: 'waived',
};

/** `17 of 17`; an em dash where nothing applied. */
export function ratioOf(counts: Tally): string {
  return applicable(counts) === 0 ? '—' : `${counts.pass} of ${applicable(counts)}`;
}

/** What is not a pass: `2 failed, 1 warned, 4 not applicable`; empty when all passed. */
export function remainderOf(counts: Tally): string {
  const order: readonly Verdict[] = ['fail', 'warn', 'inconclusive', 'waived', 'not-applicable'];
  return order
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => `${counts[verdict]} ${verdictWords[verdict]}`)
    .join(', ');
}
