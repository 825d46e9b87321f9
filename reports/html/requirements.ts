/** Every requirement of the run, by area, folded where all is well. */
import { areaOf } from '../../spec/catalogue/index.ts';
import { type Report, type RequirementResult, verdicts } from '../../spec/report.ts';
import { type Markup, markup } from '../markup.ts';
import { type AreaTotal, ratioOf, remainderOf, tally, totalsByArea, verdictWords } from '../totals.ts';
import { findingAnchor, requirementAnchor } from './anchor.ts';

export function renderRequirements(report: Report): Markup {
  const counts = tally(report.requirements);
  const chips = verdicts
    .filter((verdict) => counts[verdict] > 0)
    .map(
      (verdict) =>
        markup`<span class="v-${verdict}"><input type="radio" name="show" id="show-${verdict}"><label for="show-${verdict}">${verdictWords[verdict]} ${counts[verdict]}</label></span>`,
    );
  return markup`<section id="requirements"><h2>Requirements</h2>
<fieldset class="filters"><legend>Show</legend><span><input type="radio" name="show" id="show-all" checked><label for="show-all">all ${report.requirements.length}</label></span>${chips}<input type="search" id="search" placeholder="Search id, text, reason" aria-label="Search the requirements" hidden></fieldset>
${totalsByArea(report).map((total) =>
  renderArea(
    report,
    total,
    report.requirements.filter(({ id }) => areaOf(id) === total.area),
  ),
)}</section>`;
}

function renderArea(report: Report, { area, title, tally: counts }: AreaTotal, results: readonly RequirementResult[]): Markup {
  // What a run that ended early left open is told once, at the top.
  const isOpen = counts.fail + counts.warn > 0 || (counts.inconclusive > 0 && report.ended.cause === 'completed');
  const sum = [ratioOf(counts), remainderOf(counts)].filter((text) => text !== '').join(', ');
  return markup`<details class="card area" id="area-${area}"${isOpen ? markup` open` : ''}><summary><span class="name"><span class="id">${area}</span> ${title}</span><span class="sum">${sum}</span></summary>
<table class="rows"><thead><tr><th>Verdict</th><th>Id</th><th>Level</th><th>Requirement</th><th class="number">Witnesses</th><th>Source</th></tr></thead><tbody>${results.map(renderRow)}</tbody></table></details>
`;
}

function renderRow(result: RequirementResult): Markup {
  const links = result.findings.map((finding) => markup` <a href="#${findingAnchor(finding.id)}">${finding.id}</a>`);
  return markup`<tr class="v-${result.verdict}" id="${requirementAnchor(result.id)}"><td><span class="badge v-${result.verdict}">${verdictWords[result.verdict]}</span></td><td class="id">${result.id}</td><td class="level">${result.level}</td><td class="what">${result.title}${
    result.reason !== undefined && markup`<span class="reason">${result.reason}</span>`
  }${links.length > 0 && markup`<span class="reason">${links.length === 1 ? 'Finding' : 'Findings'}:${links}</span>`}</td><td class="number">${result.witnesses}</td><td class="soft small">${result.source}</td></tr>
`;
}
