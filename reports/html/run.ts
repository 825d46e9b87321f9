/** What else a run tells: the readings taken, the delays measured, what it left, its profile. */
import { readings } from '../../spec/catalogue/index.ts';
import type { Delay, Report } from '../../spec/report.ts';
import type { Reading } from '../../spec/requirement.ts';
import { type Markup, markup } from '../markup.ts';

export function renderRun(report: Report): Markup {
  return markup`${renderReadings(report)}${renderDelays(report)}${renderProducts(report)}<section id="run"><h2>Run</h2>
<details class="card fold"><summary>Profile and selection, secrets removed</summary><div class="body"><pre>${JSON.stringify({ profile: report.profile, selection: report.selection }, undefined, 2)}</pre></div></details></section>`;
}

function renderReadings(report: Report): Markup | false {
  const rows: readonly Reading[] = readings;
  const taken = Object.entries(report.readings);
  if (taken.length === 0) {
    return false;
  }
  return markup`<section id="readings"><h2>Readings taken</h2><p class="soft">What the document leaves open, and how this target takes it. None of these is a fault.</p>
<div class="card scroll"><table><thead><tr><th>Id</th><th>Open point</th><th>Taken</th><th>Seen in</th></tr></thead><tbody>${taken.map(
    ([id, { taken: what, exchanges }]) => {
      const reading = rows.find((row) => row.id === id);
      return markup`<tr><td class="id">${id}</td><td>${reading?.title ?? ''}<span class="soft small any"> ${reading?.accepted ?? ''}</span></td><td class="any">${what}</td><td class="soft small any">${exchanges.length === 0 ? '' : `exchange ${exchanges.slice(0, 3).join(', ')}${exchanges.length > 3 ? ` and ${exchanges.length - 3} more` : ''}`}</td></tr>`;
    },
  )}</tbody></table></div></section>`;
}

function renderDelays({ delays }: Report): Markup | false {
  const kinds: readonly (readonly [string, Delay | undefined])[] = [
    ['Opening: from create to ACTIVE', delays.opening],
    ['Closing: from close to CLOSED', delays.closing],
    ['Visibility: from a write to the first read that shows it', delays.visibility],
  ];
  const measured = kinds.flatMap(([title, delay]) => (delay === undefined ? [] : [{ title, delay }]));
  if (measured.length === 0) {
    return false;
  }
  return markup`<section id="delays"><h2>Delays</h2><div class="card scroll"><table><thead><tr><th>In milliseconds</th><th class="number">count</th><th class="number">median</th><th class="number">95 %</th><th class="number">largest</th></tr></thead><tbody>${measured.map(
    ({ title, delay }) =>
      markup`<tr><td>${title}</td><td class="number">${delay.count}</td><td class="number">${delay.p50.toFixed(1)}</td><td class="number">${delay.p95.toFixed(1)}</td><td class="number">${delay.max.toFixed(1)}</td></tr>`,
  )}</tbody></table></div></section>`;
}

function renderProducts({ products }: Report): Markup | false {
  if (products.left.length === 0) {
    return false;
  }
  return markup`<section id="products"><h2>Left open</h2><p>${products.left.length} of the ${products.created} products this run created could not be closed. The <code>cleanup</code> command closes them, from the journal of this run.</p>
<details class="card fold"><summary>Their ids</summary><div class="body"><pre>${products.left.join('\n')}</pre></div></details></section>`;
}
