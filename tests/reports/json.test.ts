import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { renderJson } from '../../reports/json.ts';
import { isUnsafe } from '../../reports/terminal-text.ts';
import { conformant, hostile, inconclusive, nonConformant, partial, unreachable } from './sample-records.ts';

const samples = { conformant, nonConformant, inconclusive, partial, unreachable, hostile };
const schema: object = JSON.parse(readFileSync(new URL('../../spec/report.schema.json', import.meta.url), 'utf8'));
const validate = new Ajv2020({ strict: false, allErrors: true }).compile(schema);

test.each(Object.entries(samples))('%s is the record, and fits the published schema', (_, { report }) => {
  const parsed: unknown = JSON.parse(renderJson(report));
  expect(parsed).toEqual(JSON.parse(JSON.stringify(report)));
  validate(parsed);
  expect(validate.errors).toBeNull();
});

function reversed(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reversed);
  }
  return typeof value === 'object' && value !== null
    ? Object.fromEntries(
        Object.entries(value)
          .reverse()
          .map(([key, member]) => [key, reversed(member)]),
      )
    : value;
}

test('the order of keys does not depend on how the record was built', () => {
  const { report } = nonConformant;
  const text = renderJson(report);
  expect(renderJson(reversed(report) as typeof report)).toBe(text);
  expect(Object.keys(JSON.parse(text))).toEqual([
    ...['schemaVersion', 'suite', 'spec', 'run', 'target', 'profile', 'selection', 'readings', 'seed', 'startedAt', 'durationMs', 'ended'],
    ...['verdict', 'counts', 'requirements', 'exchanges', 'products', 'delays'],
  ]);
});

test('nothing in it moves a terminal', () => {
  expect(Array.from(renderJson(hostile.report)).filter(isUnsafe)).toEqual([]);
});
