import { expect, test } from 'vitest';
import { renderGithub } from '../../reports/github.ts';
import { conformant, hostile, nonConformant, unreachable } from './sample-records.ts';

test('failures are errors, warnings are warnings, a line each', () => {
  const lines = renderGithub(nonConformant.report).trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(4 + 2);
  expect(lines.filter((line) => line.startsWith('::warning '))).toHaveLength(2);
  expect(lines[0]).toBe(
    '::error title=FLT-03#1::The list with status=ACTIVE holds a product that is CLOSED.%0Aexpected: every product listed with status=ACTIVE has status ACTIVE%0Areceived: 0b8f6c1e-1111-4b1f-9d52-6a3c1f2e4d5a with status CLOSED, closed 1.36 s before%0Aseen 41 times',
  );
  expect(lines.at(-1)).toBe('::notice title=customer-products-conformance::non-conformant — 3 MUST requirements failed');
});

test('a run that ended early is one error', () => {
  const lines = renderGithub(unreachable.report).trimEnd().split('\n');
  expect(lines.filter((line) => line.startsWith('::error '))).toHaveLength(1);
  expect(lines[0]).toMatch(/^::error title=The run ended early%3A target not reachable%2C or credentials refused::Expected a connection/);
});

test('a conformant run is one notice', () => {
  expect(renderGithub(conformant.report)).toMatch(/^::notice [^\n]*conformant[^\n]*\n$/);
});

test('no text of a target begins a line or ends a title', () => {
  for (const line of renderGithub(hostile.report).trimEnd().split('\n')) {
    expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,]*::/);
  }
});
