/**
 * `junit.xml`: a suite an area, a test a requirement, for whatever reads JUnit.
 *
 * - fail → `failure`; a MUST inconclusive → `error`
 * - other inconclusive, not applicable, waived → `skipped`, with the reason
 * - warn → passes, with its text in `system-out`
 * - a run that ended early → one `error` named for the cause; what it left open is then skipped, for it is one trouble, not ninety
 */
import XMLBuilder from 'fast-xml-builder';
import { areaOf } from '../spec/catalogue/index.ts';
import type { Exchange } from '../spec/journal.ts';
import type { Finding, Report, RequirementResult } from '../spec/report.ts';
import { tellSequence } from './sequence.ts';
import { shorten, showOnOneLine, showUnsafe } from './terminal-text.ts';
import { totalsByArea } from './totals.ts';
import { endCauseWords } from './verdict-text.ts';

/** Attributes begin with `@`. */
type Node = { readonly [name: string]: string | number | Node | readonly Node[] };

interface Case {
  readonly node: Node;
  readonly kind: 'passed' | 'failure' | 'error' | 'skipped';
}

const longestText = 20_000;

export function renderJunit(report: Report, evidence: ReadonlyMap<string, Exchange>): string {
  const hasEndedEarly = report.ended.cause !== 'completed';
  const suites = totalsByArea(report).map(({ area, title }) => {
    const results = report.requirements.filter(({ id }) => areaOf(id) === area);
    return suiteOf(
      `${area} ${title}`,
      results.map((result) => caseOf(result, evidence, hasEndedEarly)),
      report,
    );
  });
  const trouble = runTrouble(report, suites.length === 0);
  const all = trouble === undefined ? suites : [suiteOf('run', [trouble], report), ...suites];
  const sum = (count: 'tests' | 'failures' | 'errors' | 'skipped') => all.reduce((total, suite) => total + suite[count], 0);
  const builder = new XMLBuilder({
    format: true,
    indentBy: '  ',
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    suppressBooleanAttributes: false,
    suppressEmptyNode: true,
  });
  return builder.build({
    '?xml': { '@version': '1.0', '@encoding': 'UTF-8' },
    testsuites: {
      '@name': attribute(`${report.suite.name} ${report.suite.version}`),
      '@tests': sum('tests'),
      '@failures': sum('failures'),
      '@errors': sum('errors'),
      '@skipped': sum('skipped'),
      '@time': (report.durationMs / 1_000).toFixed(3),
      testsuite: all.map(({ node }) => node),
    },
  });
}

interface Suite {
  readonly node: Node;
  readonly tests: number;
  readonly failures: number;
  readonly errors: number;
  readonly skipped: number;
}

function suiteOf(name: string, cases: readonly Case[], report: Report): Suite {
  const count = (kind: Case['kind']) => cases.filter((one) => one.kind === kind).length;
  const counts = { tests: cases.length, failures: count('failure'), errors: count('error'), skipped: count('skipped') };
  const node: Node = {
    '@name': attribute(name),
    '@tests': counts.tests,
    '@failures': counts.failures,
    '@errors': counts.errors,
    '@skipped': counts.skipped,
    '@time': '0.000',
    '@timestamp': attribute(report.startedAt.replace(/(?:\.\d+)?Z$/, '')),
    '@hostname': attribute(hostOf(report.target)),
    properties: {
      property: [
        { '@name': 'target', '@value': attribute(report.target) },
        { '@name': 'seed', '@value': report.seed },
        { '@name': 'verdict', '@value': report.verdict },
      ],
    },
    testcase: cases.map((one) => one.node),
  };
  return { node, ...counts };
}

function caseOf(result: RequirementResult, evidence: ReadonlyMap<string, Exchange>, hasEndedEarly: boolean): Case {
  const reason = result.reason ?? result.verdict;
  const node: Node = { '@classname': areaOf(result.id), '@name': attribute(`${result.id} ${result.title}`), '@time': '0.000' };
  const skipped = (text: string): Case => ({ kind: 'skipped', node: { ...node, skipped: { '@message': attribute(text) } } });
  switch (result.verdict) {
    case 'pass':
      return { kind: 'passed', node };
    case 'fail': {
      const [first] = result.findings;
      const failure = {
        '@message': attribute(first?.message ?? reason),
        '@type': result.level,
        '#text': content(result.findings.map((finding) => describe(finding, evidence)).join('\n\n')),
      };
      return { kind: 'failure', node: { ...node, failure } };
    }
    case 'warn': {
      const text = [reason, ...result.findings.map((finding) => describe(finding, evidence))].join('\n\n');
      return { kind: 'passed', node: { ...node, 'system-out': content(`warning: ${text}`) } };
    }
    case 'inconclusive':
      return result.level === 'MUST' && !hasEndedEarly
        ? { kind: 'error', node: { ...node, error: { '@message': attribute(reason), '@type': 'inconclusive' } } }
        : skipped(`inconclusive: ${reason}`);
    case 'not-applicable':
      return skipped(`not applicable: ${reason}`);
    case 'waived':
      return skipped(`waived: ${reason}`);
  }
}

/** What is wrong with the run itself, as a test of its own. */
function runTrouble(report: Report, isEmpty: boolean): Case | undefined {
  const { cause, message } = report.ended;
  const error =
    cause !== 'completed'
      ? { '@message': attribute(`${endCauseWords[cause]}: ${message}`), '@type': cause }
      : isEmpty
        ? { '@message': 'No requirement was looked at.', '@type': 'empty' }
        : undefined;
  return error === undefined
    ? undefined
    : {
        kind: 'error',
        node: { '@classname': 'run', '@name': 'The run completes.', '@time': (report.durationMs / 1_000).toFixed(3), error },
      };
}

function describe(finding: Finding, evidence: ReadonlyMap<string, Exchange>): string {
  const steps = tellSequence(finding, evidence).lines.slice(0, 60);
  return [
    `${finding.id}: ${finding.message} (${finding.count} times)`,
    `expected: ${finding.expected}`,
    `received: ${finding.received}`,
    ...steps.map(({ number, text, answer }) => `${number}. ${text}${answer === undefined ? '' : ` → ${shorten(answer, 400)}`}`),
  ].join('\n');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : 'unknown';
}

/** The marks of `showUnsafe` also stand for all that XML 1.0 forbids. */
function attribute(text: string): string {
  return showOnOneLine(shorten(text, 1_000));
}

function content(text: string): string {
  return showUnsafe(shorten(text, longestText));
}
