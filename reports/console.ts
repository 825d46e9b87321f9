/**
 * The end of a run on the terminal: what failed first, the numbers after it, the exit status last.
 *
 * Everything here is a function of the run record; whoever calls prints it.
 */
import pc from 'picocolors';
import { areaOf } from '../spec/catalogue/index.ts';
import type { Exchange } from '../spec/journal.ts';
import type { Finding, Report, RequirementResult, Verdict } from '../spec/report.ts';
import { type Layout, renderFinding } from './console-finding.ts';
import { shorten, showOnOneLine, showUnsafe } from './terminal-text.ts';
import { ratioOf, remainderOf, type Tally, totalsByArea, totalsByLevel } from './totals.ts';
import { countOf, endCauseWords, explainExit, narrowings, resultsWith } from './verdict-text.ts';
import { clip, wrap, wrapItems } from './wrap.ts';

export interface ConsoleOptions {
  readonly color: boolean;
  /** Width of the terminal; at least 60 columns are used and at most 100, which is also the default. */
  readonly columns?: number;
  /** The status the process will end with. */
  readonly exitStatus: number;
  /** The report folder, as the user would type it. */
  readonly dir: string;
  /** Paths of the reports written, in the order to name them. */
  readonly written: readonly string[];
}

/** So many findings are shown whole; the rest is counted. */
const mostFindings = 12;
const mostWarnings = 12;
const mostReasons = 8;
const mostNamed = 12;
const mostLinesOfText = 6;

type Paint = (text: string) => string;

interface Told {
  readonly result: RequirementResult;
  readonly finding: Finding;
}

/** The whole text, ending in a newline. */
export function renderConsole(report: Report, evidence: ReadonlyMap<string, Exchange>, options: ConsoleOptions): string {
  const layout: Layout = { width: Math.max(60, Math.min(options.columns ?? 100, 100)), colours: pc.createColors(options.color) };
  const sections = [
    endedEarly(report, layout),
    failures(report, evidence, options, layout),
    warnings(report, layout),
    listWithReasons(report, 'inconclusive', 'Inconclusive', layout),
    listWithReasons(report, 'waived', 'Waived', layout),
    totals(report, layout),
    readings(report, layout),
    leftovers(report, layout),
    whereabouts(report, options, layout),
    [lastLine(report, options.exitStatus, layout)],
  ];
  const lines = sections.filter((section) => section.length > 0).flatMap((section, index) => (index === 0 ? section : ['', ...section]));
  return `${lines.map(defuse).join('\n')}\n`;
}

/** A CI runner obeys lines that begin with `::` or hold `##[`; no text of a target may be such a line. */
function defuse(line: string): string {
  return line.replace(/^(\s*)::/, '$1\\u{3a}:').replaceAll('##[', '#\\u{23}[');
}

function paintOf(verdict: Verdict | Report['verdict'], colours: Layout['colours']): Paint {
  switch (verdict) {
    case 'pass':
    case 'conformant':
    case 'partial':
      return colours.green;
    case 'fail':
    case 'non-conformant':
      return colours.red;
    case 'warn':
    case 'inconclusive':
      return colours.yellow;
    default:
      return colours.dim;
  }
}

function findingsOf(results: readonly RequirementResult[]): readonly Told[] {
  return results.flatMap((result) => result.findings.map((finding) => ({ result, finding })));
}

function heading(text: string, { colours }: Layout): string {
  return colours.bold(text);
}

function endedEarly(report: Report, layout: Layout): readonly string[] {
  if (report.ended.cause === 'completed') {
    return [];
  }
  const text = `The run ended early (${endCauseWords[report.ended.cause]}): ${showUnsafe(report.ended.message)}`;
  return clip(wrap(text, layout.width, 0, 2), mostLinesOfText, '  …').map(layout.colours.red);
}

function failures(report: Report, evidence: ReadonlyMap<string, Exchange>, options: ConsoleOptions, layout: Layout): readonly string[] {
  const told = findingsOf(resultsWith(report, 'fail'));
  if (told.length === 0) {
    return [];
  }
  const requirements = countOf(resultsWith(report, 'fail').length, 'requirement');
  const lines = [layout.colours.red(heading(`Failed: ${requirements}, ${countOf(told.length, 'cause')}`, layout))];
  const shown = pickFairly(told);
  for (const { result, finding } of shown) {
    lines.push('', ...renderFinding({ report, result, finding, evidence, dir: options.dir }, layout));
  }
  const rest = told.filter((one) => !shown.includes(one));
  if (rest.length > 0) {
    const ids = rest.map(({ finding }) => showOnOneLine(finding.id)).join(', ');
    lines.push('', ...clip(wrap(`and ${rest.length} more in index.html: ${ids}`, layout.width, 0, 2), mostLinesOfText, '  …'));
  }
  return lines;
}

/** Every requirement's first cause before any one's second: many causes of one requirement must not hide another. Told in their order. */
function pickFairly(told: readonly Told[]): readonly Told[] {
  const round = (one: Told) => one.result.findings.indexOf(one.finding);
  const picked = new Set(told.toSorted((a, b) => round(a) - round(b)).slice(0, mostFindings));
  return told.filter((one) => picked.has(one));
}

function warnings(report: Report, layout: Layout): readonly string[] {
  const results = resultsWith(report, 'warn');
  if (results.length === 0) {
    return [];
  }
  const entries = results.flatMap((result): readonly string[] =>
    result.findings.length === 0
      ? [`${result.id}  ${showUnsafe(result.reason ?? result.title)}`]
      : result.findings.map(
          (finding) =>
            `${showOnOneLine(finding.id)}  ${showUnsafe(finding.message)}${finding.count === 1 ? '' : ` (${finding.count} times)`}`,
        ),
  );
  return [
    layout.colours.yellow(heading(`Warnings: ${countOf(results.length, 'requirement')}`, layout)),
    ...shortList(entries, mostWarnings, 'warning', layout),
  ];
}

/** One entry of at most two lines each. */
function shortList(entries: readonly string[], most: number, noun: string, { width }: Layout): readonly string[] {
  const lines = entries.slice(0, most).flatMap((entry) => clip(wrap(entry, width, 2, 4), 2, '    …'));
  return entries.length <= most ? lines : [...lines, `  and ${countOf(entries.length - most, `more ${noun}`)} in index.html`];
}

/** Rows with one reason are named together: one cause is one line, however many rows it leaves open. */
function listWithReasons(report: Report, verdict: Verdict, title: string, layout: Layout): readonly string[] {
  const results = resultsWith(report, verdict);
  if (results.length === 0) {
    return [];
  }
  const byReason = new Map<string, RequirementResult[]>();
  for (const result of results) {
    // What ended the run early stands at the top, whole.
    const reason = (result.reason ?? 'no reason given').replace(`the run ended early: ${report.ended.message}`, 'the run ended early');
    byReason.set(reason, [...(byReason.get(reason) ?? []), result]);
  }
  const entries = [...byReason].map(([reason, rows]) => `${nameRows(rows)}: ${showUnsafe(reason)}`);
  const shown = entries.slice(0, mostReasons).flatMap((entry) => clip(wrap(entry, layout.width, 2, 4), 4, '    …'));
  return [
    paintOf(verdict, layout.colours)(heading(`${title}: ${countOf(results.length, 'requirement')}`, layout)),
    ...shown,
    ...(entries.length > mostReasons ? [`  and ${countOf(entries.length - mostReasons, 'more reason')} in index.html`] : []),
  ];
}

/** `CLS-07, LIF-01 (SHOULD)`; of many only how many in each area. */
function nameRows(rows: readonly RequirementResult[]): string {
  if (rows.length <= mostNamed) {
    return rows.map(({ id, level }) => (level === 'MUST' ? id : `${id} (${level})`)).join(', ');
  }
  const byArea = new Map<string, number>();
  for (const { id } of rows) {
    byArea.set(areaOf(id), (byArea.get(areaOf(id)) ?? 0) + 1);
  }
  return [...byArea].map(([area, count]) => `${count} ${area}`).join(', ');
}

function totals(report: Report, layout: Layout): readonly string[] {
  const rows = (entries: readonly { name: string; title: string; tally: Tally }[]): readonly string[] => {
    const titleWidth = Math.max(0, ...entries.map(({ title }) => title.length));
    const ratioWidth = Math.max(0, ...entries.map(({ tally }) => ratioOf(tally).length));
    return entries.flatMap(({ name, title, tally }) => {
      const start = `  ${name.padEnd(6)}  ${title.padEnd(titleWidth)}${titleWidth === 0 ? '' : '  '}${ratioOf(tally).padStart(ratioWidth)}`;
      const remainder = remainderOf(tally);
      const line = remainder === '' ? start : `${start}, ${remainder}`;
      return wrapTable(line, layout.width, start.length + 2).map((text) => paintRow(tally, text));
    });
  };
  const byLevel = totalsByLevel(report).map(({ level, tally }) => ({ name: level, title: '', tally }));
  const byArea = totalsByArea(report).map(({ area, title, tally }) => ({ name: area, title, tally }));
  if (byArea.length === 0) {
    return [heading('Totals: no requirement was looked at', layout)];
  }
  const isBlank = byArea.every(({ tally }) => tally.pass + tally.fail + tally.warn + tally.waived === 0);
  return [heading('Totals', layout), ...rows(byLevel), ...(isBlank ? [] : ['', ...rows(byArea)])];

  function paintRow(tally: Tally, text: string): string {
    if (tally.fail > 0) {
      return layout.colours.red(text);
    }
    return tally.warn > 0 || tally.inconclusive > 0 ? layout.colours.yellow(text) : text;
  }
}

/** A table row keeps its own spaces, so only its end is folded. */
function wrapTable(line: string, width: number, hanging: number): readonly string[] {
  if (line.length <= width) {
    return [line];
  }
  const cut = line.lastIndexOf(', ', width - 1);
  return cut <= hanging ? [line] : [line.slice(0, cut + 1), ...wrap(line.slice(cut + 2), width, hanging)];
}

function readings(report: Report, layout: Layout): readonly string[] {
  const taken = Object.entries(report.readings).map(([id, reading]) => `${id} ${showOnOneLine(shorten(reading.taken, 60))}`);
  return taken.length === 0 ? [] : [heading('Readings taken', layout), ...clip(wrapItems(taken, layout.width, 2), 10, '  …')];
}

function leftovers(report: Report, layout: Layout): readonly string[] {
  const { left } = report.products;
  if (left.length === 0) {
    return [];
  }
  const ids = left.slice(0, 4).map((id) => `  ${showOnOneLine(shorten(id, 80))}`);
  return [
    layout.colours.yellow(heading(`Left open: ${countOf(left.length, 'product')} of ours could not be closed`, layout)),
    ...ids,
    ...(left.length > 4 ? [`  and ${left.length - 4} more in report.json`] : []),
    ...wrap('the cleanup command closes them, from the journal of this run', layout.width, 2),
  ];
}

function whereabouts(report: Report, options: ConsoleOptions, layout: Layout): readonly string[] {
  const seconds = (report.durationMs / 1_000).toFixed(1);
  const { created, closed } = report.products;
  const facts = [
    showOnOneLine(report.target),
    `seed ${report.seed}`,
    `${seconds} s`,
    countOf(report.exchanges, 'exchange'),
    `${countOf(created, 'product')} created, ${closed} closed`,
  ];
  const narrowed = narrowings(report);
  return [
    ...wrapItems(facts, layout.width, 0, 2),
    ...(narrowed.length > 0 ? wrap(`narrowed by ${showOnOneLine(narrowed.join(', '))}`, layout.width, 0, 2) : []),
    ...(report.selection.insecure === true ? [layout.colours.red('the certificate of the target was not verified (--insecure)')] : []),
    ...options.written.map((path) => layout.colours.dim(`report  ${showOnOneLine(path)}`)),
  ];
}

function lastLine(report: Report, exitStatus: number, { colours, width }: Layout): string {
  const text = showOnOneLine(explainExit(exitStatus, report));
  const paint = exitStatus === 0 ? colours.green : exitStatus === 3 ? colours.yellow : colours.red;
  return colours.bold(paint(shorten(text, width)));
}
