/** The catalogue for reading: what `list` prints. */
import type { Row } from '../spec/requirement.ts';
import { areas } from '../spec/requirement.ts';
import { areaTitles } from './totals.ts';
import { wrap } from './wrap.ts';

export type CatalogueForm = 'text' | 'json' | 'markdown';

/** Rows in the order given, grouped by area in text and Markdown. Ends in a newline. */
export function renderCatalogue(rows: readonly Row[], form: CatalogueForm, columns = 100): string {
  switch (form) {
    case 'json':
      return `${JSON.stringify(rows, undefined, 2)}\n`;
    case 'text':
      return `${[...byArea(rows).flatMap((group) => renderText(group, Math.max(40, Math.min(columns, 100)))), summary(rows)].join('\n')}\n`;
    case 'markdown':
      return `${['# Requirements', '', summary(rows), ...byArea(rows).flatMap(renderMarkdown)].join('\n')}\n`;
  }
}

interface Group {
  readonly heading: string;
  readonly rows: readonly Row[];
}

function byArea(rows: readonly Row[]): readonly Group[] {
  return areas
    .map((area) => ({ heading: `${area}: ${areaTitles[area]}`, rows: rows.filter(({ id }) => id.startsWith(`${area}-`)) }))
    .filter((group) => group.rows.length > 0);
}

function renderText({ heading, rows }: Group, width: number): readonly string[] {
  return [heading, ...rows.flatMap((row) => wrapRow(row, width)), ''];
}

function wrapRow({ id, level, title, source }: Row, width: number): readonly string[] {
  const start = `  ${id.padEnd(6)}  ${level.padEnd(6)}  `;
  const [first, ...rest] = wrap(`${title} (${source})`, width, start.length);
  return [start + (first ?? '').trimStart(), ...rest];
}

function renderMarkdown({ heading, rows }: Group): readonly string[] {
  return [
    '',
    `## ${heading}`,
    '',
    '| id | level | requirement | seen to hold when | source |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(({ id, level, title, witness, premise, source }) => {
      const condition = premise.kind === 'optional' ? ` Applies where ${premise.text}.` : '';
      return `| ${[id, level, `${title}${condition}`, witness, source].map(cell).join(' | ')} |`;
    }),
  ];
}

function cell(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ');
}

function summary(rows: readonly Row[]): string {
  const count = (level: Row['level']) => rows.filter((row) => row.level === level).length;
  return `${rows.length} requirements: ${count('MUST')} MUST, ${count('SHOULD')} SHOULD, ${count('MAY')} MAY.`;
}
