/** A finding: what was expected, what came, how to see it again. */
import type { Exchange } from '../../spec/journal.ts';
import type { Finding, Report, RequirementResult } from '../../spec/report.ts';
import { layOutCommand, replayCommand, rerunCommand } from '../commands.ts';
import { renderScript } from '../curl.ts';
import { nameSequence } from '../frequency.ts';
import { layOutLanes } from '../lanes.ts';
import { type Markup, markup } from '../markup.ts';
import { type Sequence, tellSequence } from '../sequence.ts';
import { exchangeAnchor, findingAnchor, requirementAnchor } from './anchor.ts';
import { renderExchange } from './exchange.ts';
import { renderLanes } from './lanes.ts';

/** Exchanges of one finding; more stand in the journal. */
const mostExchanges = 40;

export interface FindingInPage {
  readonly report: Report;
  readonly evidence: ReadonlyMap<string, Exchange>;
  readonly result: RequirementResult;
  readonly finding: Finding;
  readonly isOpen: boolean;
}

export function renderFinding({ report, evidence, result, finding, isOpen }: FindingInPage): Markup {
  const sequence = tellSequence(finding, evidence);
  const lanes = layOutLanes(sequence.exchanges, sequence.names);
  const script = renderScript(report, finding, evidence);
  const commands = [replayCommand('.', finding.id), rerunCommand(report, result.id)].map((words) =>
    layOutCommand(words, 200, 0).join('\n'),
  );
  const sighting = finding.counterexample?.exchanges === undefined ? [] : otherExchanges(finding, sequence, evidence);
  const open = isOpen ? markup` open` : '';
  return markup`<details class="card finding v-${result.verdict}" id="${findingAnchor(finding.id)}"${open}>
<summary><span class="id">${finding.id}</span> <span class="level">${result.level}</span> <span class="badge v-${result.verdict}">${result.verdict}</span> <span class="soft small">${
    finding.count === 1 ? 'seen once' : `seen ${finding.count} times`
  }</span><span class="message any">${finding.message}</span></summary>
<div class="body">
<p class="soft any"><a href="#${requirementAnchor(result.id)}">${result.id}</a> ${result.title} <span class="small">(${result.source})</span></p>
<div class="compare"><div class="expected"><h4>Expected</h4><p>${finding.expected}</p></div><div class="received"><h4>Received</h4><p>${finding.received}</p></div></div>
${renderSequence(finding, sequence)}
${lanes !== undefined && renderLanes(finding, lanes)}
${renderExchanges(finding, sequence.exchanges, finding.counterexample?.exchanges === undefined ? 'Exchanges' : 'Exchanges of the smallest sequence')}
${sighting.length > 0 && renderExchanges(finding, sighting, 'Exchanges of the first sighting')}
${
  script !== undefined &&
  markup`<details class="fold"><summary>Shell script that does it again</summary><div class="body"><p class="small soft">Needs <code>curl</code>; takes <code>TARGET</code>, and <code>TOKEN</code> or <code>TOKEN_URL</code>, <code>CLIENT_ID</code>, <code>CLIENT_SECRET</code> from the environment.</p><div class="script"><button type="button" class="copy" hidden>Copy</button><pre>${script}</pre></div></div></details>`
}
<div class="commands"><h4>Just that again, with the same settings</h4><pre>${commands.join('\n')}</pre></div>
</div></details>`;
}

function otherExchanges(finding: Finding, sequence: Sequence, evidence: ReadonlyMap<string, Exchange>): readonly Exchange[] {
  const shown = new Set(sequence.exchanges.map(({ id }) => id));
  return finding.exchanges.flatMap((id) => {
    const exchange = shown.has(id) ? undefined : evidence.get(id);
    return exchange === undefined ? [] : [exchange];
  });
}

function renderSequence(finding: Finding, { lines, names }: Sequence): Markup | false {
  if (lines.length === 0) {
    return false;
  }
  const items = lines.map(({ number, depth, text, answer, exchange }) => {
    const told =
      exchange === undefined ? answer : markup`<a href="#${exchangeAnchor(finding.id, exchange)}">${shortened(answer ?? '')}</a>`;
    return markup`<li${depth === 1 ? markup` class="inner"` : ''}><span class="n">${number}.</span><span>${text}</span>${
      answer !== undefined && markup`<span class="answer">${told}</span>`
    }</li>`;
  });
  return markup`<div><h4>${capitalised(nameSequence(finding, 'sequence'))}</h4><ol class="steps">${items}</ol>${
    names.all.length > 0 && markup`<p class="soft small any">${names.all.map(({ name, id }) => `${name} is ${id}`).join('; ')}</p>`
  }</div>`;
}

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}

function renderExchanges(finding: Finding, exchanges: readonly Exchange[], title: string): Markup | false {
  if (exchanges.length === 0) {
    return false;
  }
  const shown = exchanges.slice(0, mostExchanges);
  return markup`<details class="fold"><summary>${title} (${exchanges.length})</summary><div class="body">${shown.map((exchange) =>
    renderExchange(exchange, exchangeAnchor(finding.id, exchange.id)),
  )}${shown.length < exchanges.length && markup`<p class="soft small">${exchanges.length - shown.length} more stand in journal.ndjson.</p>`}</div></details>`;
}
