/** One finding on the terminal, whole. */
import type pc from 'picocolors';
import type { Exchange } from '../spec/journal.ts';
import type { Finding, Report, RequirementResult } from '../spec/report.ts';
import { layOutCommand, replayCommand, rerunCommand } from './commands.ts';
import { nameSequence } from './frequency.ts';
import { layOutLanes, renderLanes } from './lanes.ts';
import { type SequenceLine, tellSequence } from './sequence.ts';
import { shorten, showOnOneLine, showUnsafe } from './terminal-text.ts';
import { clip, wrap } from './wrap.ts';

const mostSteps = 14;
const mostLinesOfText = 6;
const mostLanes = 14;

export interface Layout {
  /** In columns. */
  readonly width: number;
  readonly colours: ReturnType<typeof pc.createColors>;
}

export interface FindingInPlace {
  readonly report: Report;
  readonly result: RequirementResult;
  readonly finding: Finding;
  readonly evidence: ReadonlyMap<string, Exchange>;
  /** The report folder, as the user would type it. */
  readonly dir: string;
}

function times(count: number): string {
  return count === 1 ? 'seen once' : `seen ${count} times`;
}

/** A finding as it stands in the list of failures: message, requirement, expected, received, sequence, commands. */
export function renderFinding({ report, result, finding, evidence, dir }: FindingInPlace, layout: Layout): readonly string[] {
  const { colours, width } = layout;
  const id = showOnOneLine(finding.id);
  const { lines: steps, names, exchanges } = tellSequence(finding, evidence);
  const lanes = layOutLanes(exchanges, names);
  const [first, ...rest] = paragraph(`${id} ${result.level}, ${times(finding.count)}: ${names.rename(finding.message)}`, 0, 2);
  const lines = [
    colours.red(colours.bold(id)) + (first ?? '').slice(id.length),
    ...rest,
    ...paragraph(result.title, 2, 2).map(colours.dim),
    ...field('expected', names.rename(finding.expected)),
    ...field('received', names.rename(finding.received)),
  ];
  if (steps.length > 0) {
    lines.push(`  ${nameSequence(finding, 'exchanges')}`);
    const shown = steps.length <= mostSteps ? steps : steps.slice(0, mostSteps - 1);
    const widest = Math.max(...shown.map((step) => (step.depth === 0 ? step.number.length : 0)));
    lines.push(...shown.flatMap((step) => renderStep(step, widest, layout)));
    if (shown.length < steps.length) {
      lines.push(`    and ${steps.length - shown.length} more steps in index.html`);
    }
  }
  if (lanes !== undefined) {
    lines.push('  over time');
    const drawn = renderLanes(lanes, width, 4);
    lines.push(...(drawn.length <= mostLanes ? drawn : [...drawn.slice(0, mostLanes - 2), '    … (whole in index.html)', drawn.at(-1)!]));
  }
  lines.push(`  ${colours.dim('again, with the same settings')}`);
  lines.push(...layOutCommand(replayCommand(dir, finding.id), width, 4).map(colours.cyan));
  lines.push(...layOutCommand(rerunCommand(report, result.id), width, 4).map(colours.cyan));
  return lines;

  function paragraph(text: string, indent: number, hanging: number): readonly string[] {
    return clip(
      wrap(showUnsafe(shorten(text, 2_000)), width, indent, hanging),
      mostLinesOfText,
      `${' '.repeat(hanging)}… (whole in index.html)`,
    );
  }

  function field(name: string, text: string): readonly string[] {
    const [first, ...others] = paragraph(`${name} ${text}`, 2, 11);
    return [`  ${colours.dim(name)}${(first ?? '').slice(2 + name.length)}`, ...others];
  }
}

function renderStep(step: SequenceLine, widest: number, { width, colours }: Layout): readonly string[] {
  const indent = 4 + step.depth * 2;
  const number = step.depth === 0 ? `${step.number}.`.padEnd(widest + 1) : `${step.number}.`;
  const hanging = indent + number.length + 1;
  const [first = '', ...rest] = wrap(showOnOneLine(step.text), width, hanging);
  const lines = [' '.repeat(indent) + number + first.slice(hanging - 1), ...rest];
  if (step.answer === undefined) {
    return lines;
  }
  const answer = showOnOneLine(shorten(step.answer, 240));
  const joined = `${lines[0]} → ${answer}`;
  if (lines.length === 1 && joined.length <= width) {
    return [`${lines[0]} ${colours.dim(`→ ${answer}`)}`];
  }
  return [...lines, ...clip(wrap(`→ ${answer}`, width, hanging, hanging + 2), 3, `${' '.repeat(hanging + 2)}…`).map(colours.dim)];
}
