import { expect, test } from 'vitest';
import { exitStatusOf } from '../../cli/exit-status.ts';
import { describeError } from '../../cli/main.ts';
import { describeScreen } from '../../cli/world.ts';
import type { EndCause, Selection } from '../../spec/journal.ts';
import type { Report, RequirementResult, RunVerdict, Verdict } from '../../spec/report.ts';
import { ConformanceError } from '../../target/errors.ts';

const row = (verdict: Verdict, level: RequirementResult['level'] = 'MUST') => ({ id: 'FLT-04', level, verdict }) as RequirementResult;

const report = (verdict: RunVerdict, rows: readonly RequirementResult[], cause: EndCause = 'completed', failOn?: Selection['failOn']) =>
  ({
    verdict,
    requirements: rows,
    ended: { cause, message: '' },
    selection: { effort: 'standard', ...(failOn && { failOn }) },
    profile: {},
  }) as unknown as Report;

const waiving = (record: Report): Report => ({
  ...record,
  profile: { waivers: [{ requirement: 'FLT-04', reason: 'mended soon', until: '2030-12-31' }] },
});

test.each<[number, Report]>([
  [0, report('conformant', [row('pass')])],
  [0, report('partial', [row('pass'), row('waived')])],
  [0, report('conformant', [row('pass'), row('warn', 'SHOULD')])],
  [1, report('non-conformant', [row('pass'), row('fail')])],
  [3, report('inconclusive', [row('pass'), row('inconclusive')])],
  // Nothing was judged.
  [3, report('partial', [row('not-applicable')])],
  [3, report('conformant', [])],
  [3, report('partial', [row('not-applicable')], 'completed', ['fail'])],
  // --fail-on
  [1, report('conformant', [row('pass'), row('warn', 'SHOULD')], 'completed', ['fail', 'warn'])],
  [0, report('non-conformant', [row('pass'), row('fail')], 'completed', ['inconclusive'])],
  [0, report('inconclusive', [row('pass'), row('inconclusive')], 'completed', ['fail'])],
  [3, report('non-conformant', [row('fail'), row('inconclusive')], 'completed', ['inconclusive'])],
  // A waiver that nothing needs any more.
  [2, waiving(report('conformant', [row('pass')]))],
  [2, waiving(report('inconclusive', [row('pass'), { ...row('inconclusive'), id: 'FLT-05' }], 'unreachable'))],
  [0, waiving(report('partial', [row('waived'), { ...row('pass'), id: 'FLT-05' }]))],
  // When several hold: 5, 130 and 143, 2, 1, 4, 3, 0.
  [5, report('non-conformant', [row('fail')], 'error')],
  [130, report('non-conformant', [row('fail')], 'interrupted')],
  [143, report('inconclusive', [row('inconclusive')], 'terminated')],
  [2, report('non-conformant', [row('fail')], 'usage')],
  [1, report('non-conformant', [row('fail')], 'unreachable')],
  [4, report('inconclusive', [row('inconclusive')], 'unreachable')],
])('ends with %i', (status, record) => {
  expect(exitStatusOf(record)).toBe(status);
});

test('an error that names its status speaks for itself', () => {
  const error = new ConformanceError(4, 'The name api.example.com does not exist; look at the base URL.');
  expect(describeError(error, {})).toEqual({
    status: 4,
    err: 'The name api.example.com does not exist; look at the base URL.\nexit 4: target not reachable, or credentials refused\n',
  });
});

test('an error of ours is 5, says how to report it, and shows its stack on demand only', () => {
  const error = new TypeError('x is not a function\nsecond line \u001b[31m');
  const ended = describeError(error, {});
  expect(ended.status).toBe(5);
  expect(ended.err).toBe(
    'Unexpected: x is not a function; please report it, with the command and what it prints under CPC_DEBUG=1.\n' +
      'exit 5: an error of the suite itself, not of the target\n',
  );
  expect(describeError(error, { CPC_DEBUG: '1' }).err).toContain('ending.test.ts');
  expect(describeError(error, { CPC_DEBUG: '1' }).err).not.toContain('\u001b');
  expect(describeError('no error at all', {}).err).toContain('Unexpected: no error at all;');
});

const terminal = Object.assign(Object.create(process.stderr), { isTTY: true, columns: 90 }) as NodeJS.WriteStream;
const pipe = Object.assign(Object.create(process.stderr), { isTTY: undefined, columns: undefined }) as NodeJS.WriteStream;

test.each([
  ['a terminal', terminal, {}, { color: true, live: true }],
  ['a pipe', pipe, {}, { color: false, live: false }],
  ['CI', terminal, { CI: 'true' }, { color: false, live: false }],
  ['CI=false', terminal, { CI: 'false' }, { color: true, live: true }],
  ['a dumb terminal', terminal, { TERM: 'dumb' }, { color: false, live: false }],
  ['NO_COLOR', terminal, { NO_COLOR: '1' }, { color: false, live: false }],
  ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, { color: true, live: true }],
  ['FORCE_COLOR in a pipe', pipe, { FORCE_COLOR: '1' }, { color: true, live: false }],
  ['FORCE_COLOR in CI', terminal, { CI: '1', FORCE_COLOR: '3' }, { color: true, live: false }],
  ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, { color: false, live: true }],
  ['NO_COLOR over FORCE_COLOR', terminal, { NO_COLOR: '1', FORCE_COLOR: '1' }, { color: false, live: false }],
])('%s', (_, stream, env, expected) => {
  expect(describeScreen(stream, env)).toMatchObject(expected);
});
