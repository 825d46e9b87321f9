import { expect, test } from 'vitest';
import { renderCatalogue } from '../../reports/list.ts';
import { rows } from '../../spec/catalogue/index.ts';
import { areas } from '../../spec/requirement.ts';

test('text names every row with its level, and fits the terminal', () => {
  const text = renderCatalogue(rows, 'text', 80);
  for (const { id, level } of rows) {
    expect(text).toMatch(new RegExp(`^ {2}${id}  ${level} `, 'm'));
  }
  expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toContain(`${rows.length} requirements: `);
});

test('JSON is the rows themselves', () => {
  expect(JSON.parse(renderCatalogue(rows, 'json'))).toEqual(JSON.parse(JSON.stringify(rows)));
});

test('Markdown has a table an area, with as many cells in every row', () => {
  const text = renderCatalogue(rows, 'markdown');
  expect(text.match(/^## /gm)).toHaveLength(areas.length);
  const tableRows = text.split('\n').filter((line) => line.startsWith('|'));
  expect(tableRows).toHaveLength(rows.length + 2 * areas.length);
  expect(new Set(tableRows.map((line) => line.split(/(?<!\\)\|/).length))).toEqual(new Set([7]));
});

test('what Markdown would read as markup is escaped', () => {
  const odd = { ...rows[0]!, title: 'a | b <img>\nc' };
  expect(renderCatalogue([odd], 'markdown')).toContain('a \\| b &lt;img> c');
});
