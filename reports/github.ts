/** Annotations for GitHub Actions: `::error title=FLT-04#1::…`, a line each, to be printed by the workflow's step. */
import type { Report, RequirementResult } from '../spec/report.ts';
import { shorten, showUnsafe } from './terminal-text.ts';
import { endCauseWords, resultsWith, summariseVerdict } from './verdict-text.ts';

type Kind = 'error' | 'warning' | 'notice';

/** The runner shows ten of each kind a step, so what counts most comes first. Ends in a newline. */
export function renderGithub(report: Report): string {
  const { cause, message } = report.ended;
  const lines = [
    ...(cause === 'completed' ? [] : [annotation('error', `The run ended early: ${endCauseWords[cause]}`, message)]),
    ...resultsWith(report, 'fail').flatMap((result) => annotationsOf('error', result)),
    ...(cause === 'completed'
      ? resultsWith(report, 'inconclusive')
          .filter(({ level }) => level === 'MUST')
          .map((result) => annotation('error', `${result.id} inconclusive`, `${result.title} ${result.reason ?? ''}`))
      : []),
    ...resultsWith(report, 'warn').flatMap((result) => annotationsOf('warning', result)),
    annotation('notice', report.suite.name, summariseVerdict(report)),
  ];
  return `${lines.join('\n')}\n`;
}

function annotationsOf(kind: Kind, result: RequirementResult): readonly string[] {
  if (result.findings.length === 0) {
    return [annotation(kind, result.id, `${result.title} ${result.reason ?? ''}`)];
  }
  return result.findings.map(({ id, message, expected, received, count }) =>
    annotation(kind, id, `${message}\nexpected: ${expected}\nreceived: ${received}${count === 1 ? '' : `\nseen ${count} times`}`),
  );
}

function annotation(kind: Kind, title: string, message: string): string {
  return `::${kind} title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return showUnsafe(shorten(text.trim(), 4_000)).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
