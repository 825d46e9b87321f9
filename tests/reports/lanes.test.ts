import { describe, expect, test } from 'vitest';
import { nameSequence } from '../../reports/frequency.ts';
import { renderFinding } from '../../reports/html/finding.ts';
import { layOutLanes, renderLanes } from '../../reports/lanes.ts';
import { namesByAppearance } from '../../reports/names.ts';
import type { Finding, RequirementResult } from '../../spec/report.ts';
import { customer, exchange, product, productOne } from './sample-exchanges.ts';
import { nonConformant } from './sample-records.ts';

const get = (id: string, at: number, took: number, status: string, over: Readonly<Record<string, unknown>> = {}) =>
  exchange({ id, at, took, intent: { operation: 'get', product: productOne }, answer: product(productOne, status, over) });
const close = (id: string, at: number, took: number) => exchange({ id, at, took, intent: { operation: 'close', product: productOne } });

/** Two closes and a get that overlap, then two gets, long after a create. */
const race = [
  exchange({
    id: '1',
    at: 0,
    took: 2,
    intent: { operation: 'create', customer, code: 'WALLET' },
    answer: { customerProductId: productOne },
  }),
  close('2', 100, 8),
  close('3', 101, 10),
  get('4', 102, 2, 'ACTIVE'),
  get('5', 105, 3, 'CLOSED'),
  get('6', 114, 4, 'CLOSED', { closedOn: '2026-11-22T12:00:01.499Z' }),
  get('7', 900, 4, 'CLOSED'),
];
const laidOut = layOutLanes(race, namesByAppearance(race))!;

describe('lanes', () => {
  test('one for each client that was busy, with what overlapped and what followed soon', () => {
    expect(laidOut.lanes.map(({ name, bars }) => [name, bars.map((bar) => [bar.exchange.id, bar.from, bar.to])])).toEqual([
      [
        'A',
        [
          ['2', 0, 8],
          ['6', 14, 18],
        ],
      ],
      ['B', [['3', 1, 11]]],
      [
        'C',
        [
          ['4', 2, 4],
          ['5', 5, 8],
        ],
      ],
    ]);
    expect([laidOut.durationMs, laidOut.left]).toEqual([18, 2]);
  });

  test('none where nothing overlapped', () => {
    const calm = [close('1', 0, 5), close('2', 5, 5), get('3', 20, 1, 'CLOSED')];
    expect(layOutLanes(calm, namesByAppearance(calm))).toBeUndefined();
    expect(layOutLanes([], namesByAppearance([]))).toBeUndefined();
  });

  test('as text, to scale, within 80 columns', () => {
    const lines = renderLanes(laidOut, 80, 4);
    expect(lines).toEqual([
      '    A close p1 ├──────────────┤                    200',
      '      get p1                              ├──────┤ 200 CLOSED 12:00:01.499',
      '    B close p1  ├───────────────────┤              200',
      '    C get p1      ├───┤                            200 ACTIVE',
      '      get p1            ├─────┤                    200 CLOSED 12:00:01.480',
      '    18.0 ms from left to right; 2 more before and after',
    ]);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  });

  test('as text, narrow and hostile, stay within the width and print nothing unsafe', () => {
    const hostile = [close('1', 0, 5), get('2', 1, 3, '\u001b[2J\nACTIVE'.repeat(9))];
    const lines = renderLanes(layOutLanes(hostile, namesByAppearance(hostile))!, 80, 4);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join('\n')).not.toContain('\u001b');
  });

  test('in the page, as a drawing whose bars lead to their exchanges, without a style of its own', () => {
    const finding: Finding = {
      id: 'CON-02#1',
      message: 'm',
      expected: 'e',
      received: 'r',
      count: 1,
      exchanges: ['2'],
      counterexample: { steps: [{ do: 'close', product: 'p1' }], exchanges: race.map(({ id }) => id), shown: { times: 3, of: 10 } },
    };
    const result = {
      id: 'CON-02',
      level: 'MUST',
      title: 't',
      source: 's',
      verdict: 'fail',
      witnesses: 0,
      findings: [finding],
    } as RequirementResult;
    const evidence = new Map(race.map((each) => [each.id, each]));
    const { text } = renderFinding({ report: nonConformant.report, evidence, result, finding, isOpen: true });
    expect(text).toContain('Smallest sequence, intermittent, 3 of 10');
    expect(text.match(/<rect class="(?:read|write)"/g)).toHaveLength(5);
    for (const [, anchor] of text.matchAll(/<a href="#([^"]+)"><title>/g)) expect(text).toContain(`id="${anchor}"`);
    expect(text).not.toContain('style=');
  });
});

test('how often a race shows, in the heading of its sequence', () => {
  const base: Finding = { id: 'CON-02#1', message: '', expected: '', received: '', count: 1, exchanges: [] };
  const name = (counterexample?: Finding['counterexample']): string =>
    nameSequence({ ...base, ...(counterexample === undefined ? {} : { counterexample }) }, 'exchanges');
  const shown = (times: number, of: number) => name({ steps: [], shown: { times, of } });
  expect([name(), name({ steps: [] }), shown(10, 10), shown(3, 10), shown(0, 10), shown(0, 1)]).toEqual([
    'exchanges',
    'smallest sequence',
    'smallest sequence, deterministic, 10 of 10',
    'smallest sequence, intermittent, 3 of 10',
    'sequence it was seen in, not again in 10 tries',
    'sequence it was seen in, not again in 1 try',
  ]);
});
