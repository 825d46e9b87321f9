import { describe, expect, test } from 'vitest';
import { type ConsoleOptions, renderConsole } from '../../reports/console.ts';
import { conformant, finding, hostile, inconclusive, nonConformant, partial, record, type Sample, unreachable } from './sample-records.ts';

const options: ConsoleOptions = {
  color: false,
  exitStatus: 0,
  dir: 'conformance-report',
  written: ['conformance-report/index.html', 'conformance-report/report.json'],
};

function render({ report, evidence }: Sample, changes: Partial<ConsoleOptions> = {}): string {
  return renderConsole(report, evidence, { ...options, ...changes });
}

function lastLine(text: string): string | undefined {
  return text.trimEnd().split('\n').at(-1);
}

describe('a failed run', () => {
  const text = render(nonConformant, { exitStatus: 1 });

  test('shows a finding with its count, expected, received, sequence and commands', () => {
    expect(text).toContain(`FLT-03#1 MUST, seen 41 times: The list with status=ACTIVE holds a product that is CLOSED.
  A list with status shows only products in that status.
  expected every product listed with status=ACTIVE has status ACTIVE
  received p1 with status CLOSED, closed 1.36 s before
  smallest sequence
    1. create p1 (BALANCE_ACCOUNT) for customer a → 200, p1
    2. create p2 (WALLET) for customer a → 200, p2
    3. close p1 → 200, no content
    4. list customer a, status=ACTIVE → 200, 2 products: p1 CLOSED, p2 ACTIVE
  again, with the same settings
    customer-products-conformance replay conformance-report/report.json 'FLT-03#1'
    customer-products-conformance http://127.0.0.1:4010/bank/v1 --only FLT-03 --seed 1764201337
`);
  });

  test('has failures first, then warnings, inconclusive, waived, totals, readings, leftovers, reports', () => {
    const order = [
      'Failed: 3 requirements, 4 causes',
      'Warnings: 2',
      'Inconclusive: 3',
      'Waived: 1',
      'Totals',
      'Readings taken',
      'Left open: 2',
      'report  ',
      'exit 1',
    ];
    const places = order.map((heading) => text.indexOf(heading));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test('names rows with one reason together', () => {
    expect(text).toContain('  CLS-07, CLS-08: no product was ever seen closed for long enough\n');
    expect(text).toContain('  LIF-01 (SHOULD): no product left PENDING\n');
  });

  test('counts with denominators, by level and by area', () => {
    const { MUST } = nonConformant.report.counts;
    const size = MUST.pass + MUST.fail + MUST.warn + MUST.inconclusive + MUST.waived;
    expect(text).toContain(
      `${MUST.pass} of ${size}, 3 failed, 1 warned, 2 inconclusive, 1 waived, ${MUST['not-applicable']} not applicable`,
    );
    expect(text).toMatch(/REF {5}Refusals +\d+ of \d+, 1 failed\n/);
    expect(text).toMatch(/CON {5}Concurrency +—, \d+ not applicable\n/);
  });

  test('ends with the status and its meaning', () => {
    expect(lastLine(text)).toBe('exit 1: non-conformant — 3 MUST requirements failed');
  });

  test.each([60, 80, 100, 120])('keeps to %i columns, and never to more than 100', (columns) => {
    const widest = Math.max(
      ...render(nonConformant, { columns })
        .split('\n')
        .filter((line) => !line.includes('customer-products-conformance'))
        .map((line) => line.length),
    );
    expect(widest).toBeLessThanOrEqual(Math.min(columns, 100));
  });
});

test.each([
  ['conformant', conformant, 0, /^exit 0: conformant — \d+ MUST requirements hold, \d+ not applicable$/],
  ['partial', partial, 0, /^exit 0: the selected requirements hold — the run was narrowed by --only FLT$/],
  ['inconclusive', inconclusive, 3, /^exit 3: inconclusive — 3 MUST requirements could not be judged$/],
  ['not reachable', unreachable, 4, /^exit 4: target not reachable, or credentials refused$/],
  ['usage', unreachable, 2, /^exit 2: usage or profile$/],
  ['an error of ours', unreachable, 5, /^exit 5: an error of the suite itself, not of the target$/],
  ['interrupted', unreachable, 130, /^exit 130: interrupted, after cleaning up$/],
  ['terminated', unreachable, 143, /^exit 143: terminated, after cleaning up$/],
] as const)('the last line of %s', (_, sample, exitStatus, expected) => {
  expect(lastLine(render(sample, { exitStatus }))).toMatch(expected);
});

test('--fail-on may count warnings, and leave failures out', () => {
  const warned = record({ 'FLT-16': { verdict: 'warn', reason: 'r' } }, { selection: { effort: 'standard', failOn: ['fail', 'warn'] } });
  expect(lastLine(render(warned, { exitStatus: 1 }))).toMatch(/^exit 1: conformant, but --fail-on counts 1 warning$/);
  const excused = {
    ...nonConformant,
    report: { ...nonConformant.report, selection: { effort: 'standard', failOn: ['inconclusive'] } },
  } as const;
  expect(lastLine(render(excused, { exitStatus: 0 }))).toMatch(/^exit 0: non-conformant — 3 MUST requirements failed, which --fail-on/);
});

test('a run that ended early says so first, and one cause is one line', () => {
  const text = render(unreachable, { exitStatus: 4 });
  expect(text.startsWith('The run ended early (target not reachable, or credentials refused): Expected a connection to')).toBe(true);
  expect(text.split('\n').length).toBeLessThan(25);
});

test('a flood of findings is counted, not poured out', () => {
  const many = Array.from({ length: 21 }, (_, index) => finding(`SCH-01#${index + 1}`, `Message ${index + 1}. ${'long '.repeat(2_000)}`));
  const text = render(record({ 'SCH-01': { verdict: 'fail', findings: many } }, { verdict: 'non-conformant' }), { exitStatus: 1 });
  expect(text).toContain('SCH-01#12 MUST');
  expect(text).not.toContain('SCH-01#13 MUST');
  expect(text).toContain('and 9 more in index.html: SCH-01#13, SCH-01#14');
  expect(text.split('\n').length).toBeLessThan(260);
});

test('many causes of one requirement do not hide another', () => {
  const many = Array.from({ length: 30 }, (_, index) => finding(`LST-01#${index + 1}`, 'm'));
  const few = [finding('CLS-01#1', 'm'), finding('CLS-01#2', 'm')];
  const text = render(record({ 'LST-01': { verdict: 'fail', findings: many }, 'CLS-01': { verdict: 'fail', findings: few } }));
  const told = [...text.matchAll(/^(\S+#\d+) MUST/gm)].map(([, id]) => id);
  expect(told).toEqual([...many.slice(0, 10), ...few].map(({ id }) => id));
});

test('a long sequence is cut, with a word on the rest', () => {
  const steps = Array.from({ length: 40 }, (_, index) => ({ do: 'create', as: `p${index}`, customer: 'a', code: 'WALLET' }) as const);
  const text = render(record({ 'LST-01': { verdict: 'fail', findings: [finding('LST-01#1', 'm', { counterexample: { steps } })] } }));
  expect(text).toContain('    13. create p12 (WALLET) for customer a\n    and 27 more steps in index.html\n');
});

test('colours only when asked', () => {
  const sequence = '\u001b[';
  expect(render(nonConformant, { color: true })).toContain(sequence);
  for (const sample of [nonConformant, hostile, conformant]) {
    expect(render(sample)).not.toContain(sequence);
  }
});

test('a command for a folder with a space can be pasted', () => {
  expect(render(nonConformant, { dir: 'my reports/' })).toContain("replay 'my reports/report.json' 'FLT-03#1'");
});

test('--insecure and an embedded target are said', () => {
  const sample = {
    ...nonConformant,
    report: { ...nonConformant.report, selection: { effort: 'quick', insecure: true, embedded: true } },
  } as const;
  const text = render(sample);
  expect(text).toContain('the certificate of the target was not verified (--insecure)');
  expect(text).toContain('customer-products-conformance run --embedded --only FLT-03 --seed 1764201337 --effort quick');
});
