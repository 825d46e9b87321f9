/**
 * `report.json`: the run record itself, its keys in one order, so that two reports can be compared line by line.
 * Its shape is `spec/report.ts`; its schema is published beside it.
 */
import { type Report, verdicts } from '../spec/report.ts';
import { levels } from '../spec/requirement.ts';
import { isUnsafe } from './terminal-text.ts';

/** As `spec/report.ts` and `spec/journal.ts` list them. Keys not named here follow in the order of their code points. */
const keyOrder = [
  ...['schemaVersion', 'suite', 'spec', 'run', 'target', 'profile', 'selection', 'readings', 'seed', 'startedAt', 'durationMs', 'ended'],
  ...['id', 'level', 'title', 'source', 'verdict', 'reason', 'witnesses', 'findings', 'counts', 'requirements'],
  ...['cause', 'message', 'expected', 'received', 'count', 'taken', 'exchanges', 'counterexample', 'products', 'delays'],
  ...['do', 'as', 'customer', 'product', 'code', 'filters', 'name', 'value', 'version', 'sha256', 'steps', 'branches'],
  ...['created', 'closed', 'left', 'p50', 'p95', 'max'],
  ...levels,
  ...verdicts,
];
const ranks: ReadonlyMap<string, number> = new Map(keyOrder.map((key, index) => [key, index]));

/**
 * JSON, indented, ending in a newline. Characters that would move a terminal are written as `\u001b`, which reads back as the same text.
 */
export function renderJson(report: Report): string {
  const text = JSON.stringify(orderKeys(report), undefined, 2);
  return `${text.replace(/[^\n\t -~]/gu, (character) => (isUnsafe(character) ? escapeJson(character) : character))}\n`;
}

function escapeJson(character: string): string {
  return Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`).join('');
}

function orderKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(orderKeys);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const entries = Object.entries(value).sort(([a], [b]) => compareKeys(a, b));
  return Object.fromEntries(entries.map(([key, member]) => [key, orderKeys(member)]));
}

function compareKeys(a: string, b: string): number {
  const [rankA, rankB] = [ranks.get(a) ?? ranks.size, ranks.get(b) ?? ranks.size];
  return rankA === rankB ? (a < b ? -1 : 1) : rankA - rankB;
}
