/** The commands that run just a finding again. */
import type { Report } from '../spec/report.ts';
import { shellWord } from './shell-text.ts';
import { showOnOneLine } from './terminal-text.ts';

const program = 'customer-products-conformance';

/** Performs the finding's own sequence again: `customer-products-conformance replay conformance-report/report.json 'FLT-04#1'`. */
export function replayCommand(dir: string, findingId: string): readonly string[] {
  const path = `${dir.replace(/\/+$/, '')}/report.json`;
  return [program, 'replay', shellWord(showOnOneLine(path)), shellWord(showOnOneLine(findingId))];
}

/** Runs the campaigns of one requirement again with the same seed. */
export function rerunCommand(report: Report, requirement: string): readonly string[] {
  const where = report.selection.embedded === true ? ['run', '--embedded'] : [shellWord(showOnOneLine(report.target))];
  const effort = report.selection.effort === 'standard' ? [] : ['--effort', report.selection.effort];
  return [program, ...where, '--only', requirement, '--seed', String(report.seed), ...effort];
}

/** Words on lines of at most `width`, continued with a backslash so that what is copied still runs. */
export function layOutCommand(words: readonly string[], width: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = ' '.repeat(indent);
  words.forEach((word, index) => {
    const isFirst = line.trim() === '';
    if (!isFirst && line.length + 1 + word.length + (index === words.length - 1 ? 0 : 2) > width) {
      lines.push(`${line} \\`);
      line = `${' '.repeat(indent + 2)}${word}`;
    } else {
      line += isFirst ? word : ` ${word}`;
    }
  });
  return [...lines, line];
}
