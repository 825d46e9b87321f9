/** Totals as numbers and as bars. */
import type { Report, Verdict } from '../../spec/report.ts';
import { type Markup, markup } from '../markup.ts';
import { ratioOf, remainderOf, sizeOf, type Tally, totalsByArea, totalsByLevel } from '../totals.ts';

const order: readonly Verdict[] = ['pass', 'warn', 'fail', 'inconclusive', 'waived', 'not-applicable'];

/** A bar of 100 units. Its numbers stand beside it as text, so it is hidden from those who cannot see it. */
function renderBar(tally: Tally): Markup {
  const size = Math.max(1, sizeOf(tally));
  let x = 0;
  const parts = order.map((verdict) => {
    const width = (tally[verdict] / size) * 100;
    const part = markup`<rect class="${verdict}" x="${x.toFixed(3)}" y="0" width="${width.toFixed(3)}" height="8"></rect>`;
    x += width;
    return tally[verdict] === 0 ? '' : part;
  });
  return markup`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`;
}

function renderRow(name: Markup | string, tally: Tally): Markup {
  return markup`<tr><td>${name}</td><td class="number">${ratioOf(tally)}</td><td class="barcell">${renderBar(tally)}</td><td class="rest">${remainderOf(tally)}</td></tr>`;
}

export function renderTotals(report: Report): Markup {
  const head = (first: string) =>
    markup`<thead><tr><th>${first}</th><th class="number">hold</th><th class="barcell"></th><th>the rest</th></tr></thead>`;
  return markup`<section id="totals"><h2>Totals</h2>
<div class="card scroll totals"><table>${head('Level')}<tbody class="levels">${totalsByLevel(report).map(({ level, tally }) => renderRow(level, tally))}</tbody>
${head('Area')}<tbody>${totalsByArea(report).map(({ area, title, tally }) =>
    renderRow(markup`<a href="#area-${area}">${area}</a> ${title}`, tally),
  )}</tbody></table></div></section>`;
}
