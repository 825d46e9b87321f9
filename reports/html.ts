/**
 * `index.html`: the whole report in one file that asks the network for nothing.
 *
 * The page forbids everything to itself but its own style sheet and script, both named by their hashes; so even text that slipped
 * through the escaping could not run.
 */
import { createHash } from 'node:crypto';
import type { Exchange } from '../spec/journal.ts';
import type { Report, Verdict } from '../spec/report.ts';
import { renderFinding } from './html/finding.ts';
import { renderRequirements } from './html/requirements.ts';
import { renderRun } from './html/run.ts';
import { script } from './html/script.ts';
import { style } from './html/style.ts';
import { renderTotals } from './html/totals.ts';
import { type Markup, markup, trusted } from './markup.ts';
import { countOf, endCauseWords, narrowings, resultsWith, summariseVerdict } from './verdict-text.ts';

/** So many findings stand unfolded. */
const mostOpen = 10;
/** So many are told with their exchanges; the rest is in `report.json`. */
const mostFindings = 150;

const verdictTitles: Readonly<Record<Report['verdict'], string>> = {
  conformant: 'Conformant',
  'non-conformant': 'Not conformant',
  inconclusive: 'Inconclusive',
  partial: 'The selected requirements hold',
};

const tones: Readonly<Record<Report['verdict'], Verdict>> = {
  conformant: 'pass',
  'non-conformant': 'fail',
  inconclusive: 'inconclusive',
  partial: 'pass',
};

/** The whole page. */
export function renderHtml(report: Report, evidence: ReadonlyMap<string, Exchange>): string {
  const policy = `default-src 'none'; style-src '${hashOf(style)}'; script-src '${hashOf(script)}'; base-uri 'none'; form-action 'none'`;
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${verdictTitles[report.verdict]}: ${report.target}</title>
<style>${trusted(style)}</style>
</head>
<body>
${renderHeader(report)}
<main>
${renderTotals(report)}
${renderFindings(report, evidence, 'fail', 'Failures')}
${renderFindings(report, evidence, 'warn', 'Warnings')}
${renderRequirements(report)}
${renderRun(report)}
<footer>${report.suite.name} ${report.suite.version}. The evidence of this run is journal.ndjson beside this file; the <code>judge</code> command works the verdicts out of it again.</footer>
</main>
<script>${trusted(script)}</script>
</body>
</html>
`;
  return page.text;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

function renderHeader(report: Report): Markup {
  const sentence = summariseVerdict(report);
  const afterDash = sentence.includes(' — ') ? sentence.slice(sentence.indexOf(' — ') + 3) : '';
  const { created, closed, left } = report.products;
  const narrowed = narrowings(report);
  const failed = resultsWith(report, 'fail').length;
  const warned = resultsWith(report, 'warn').length;
  const facts: readonly (readonly [string, string, isWide?: boolean])[] = [
    ['Target', report.target, true],
    ['Started', report.startedAt.replace('T', ' ').replace(/(?:\.\d+)?Z$/, ' UTC')],
    ['Took', `${(report.durationMs / 1_000).toFixed(1)} s, ${countOf(report.exchanges, 'exchange')}`],
    ['Products', `${created} created, ${closed} closed, ${left.length} left`],
    ['Seed', String(report.seed)],
    ['Selection', [`effort ${report.selection.effort}`, ...narrowed].join(', ')],
    ['Suite', `${report.suite.name} ${report.suite.version}`],
    ['Specification', `sha256 ${report.spec.sha256.slice(0, 16)}…`],
    ['Run', report.run],
  ];
  return markup`<header class="v-${tones[report.verdict]}"><div>
<p class="soft">Customer Products API, conformance report</p>
<h1>${verdictTitles[report.verdict]}</h1>
<p class="sentence any">${capitalise(afterDash)}</p>
${
  report.ended.cause !== 'completed' &&
  markup`<p class="alert any"><strong>The run ended early (${endCauseWords[report.ended.cause]}).</strong> ${report.ended.message}</p>`
}
${report.selection.insecure === true && markup`<p class="alert"><strong>The certificate of the target was not verified</strong> (--insecure).</p>`}
<dl class="facts">${facts.map(
    ([term, text, isWide]) => markup`<div${isWide === true ? markup` class="wide"` : ''}><dt>${term}</dt><dd>${text}</dd></div>`,
  )}</dl>
<nav aria-label="Parts of this page"><a href="#totals">Totals</a>${failed > 0 && markup`<a href="#fail">Failures</a>`}${
    warned > 0 && markup`<a href="#warn">Warnings</a>`
  }<a href="#requirements">Requirements</a>${Object.keys(report.readings).length > 0 && markup`<a href="#readings">Readings</a>`}<a href="#run">Run</a></nav>
</div></header>`;
}

function capitalise(sentence: string): string {
  return sentence === '' ? '' : `${sentence[0]!.toUpperCase()}${sentence.slice(1)}.`;
}

function renderFindings(report: Report, evidence: ReadonlyMap<string, Exchange>, verdict: 'fail' | 'warn', title: string): Markup | false {
  const results = resultsWith(report, verdict);
  if (results.length === 0) {
    return false;
  }
  const findings = results.flatMap((result) => result.findings.map((finding) => ({ result, finding })));
  const bare = results.filter((result) => result.findings.length === 0);
  const told = findings.slice(0, mostFindings);
  return markup`<section id="${verdict}"><h2>${title}: ${countOf(results.length, 'requirement')}${findings.length > 0 && `, ${countOf(findings.length, 'cause')}`}</h2>
${told.map(({ result, finding }, index) => renderFinding({ report, evidence, result, finding, isOpen: verdict === 'fail' && index < mostOpen }))}
${told.length < findings.length && markup`<p class="soft">${findings.length - told.length} more causes stand in report.json.</p>`}
${
  bare.length > 0 &&
  markup`<div class="card scroll"><table><tbody>${bare.map(
    ({ id, title: what, reason }) =>
      markup`<tr><td class="id">${id}</td><td>${what}<span class="soft any"> ${reason ?? ''}</span></td></tr>`,
  )}</tbody></table></div>`
}</section>`;
}
