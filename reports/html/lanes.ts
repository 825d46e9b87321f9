/** Lanes over time as a drawing: letters of the clients, what was asked, the bar, what was answered. */
import type { Finding } from '../../spec/report.ts';
import { formatMs, type Lanes } from '../lanes.ts';
import { type Markup, markup } from '../markup.ts';
import { shorten } from '../terminal-text.ts';
import { exchangeAnchor } from './anchor.ts';

const rowHeight = 22;
const [askedAt, barAt, answeredAt, width] = [24, 170, 530, 860];
const longestAsked = 20;
const longestAnswered = 46;
const narrowest = 3;

export function renderLanes(finding: Finding, { lanes, durationMs, left }: Lanes): Markup {
  const scale = (ms: number): number => (durationMs === 0 ? 0 : (ms / durationMs) * (answeredAt - barAt - 12));
  let row = 0;
  const drawn = lanes.map(({ name, bars }, index) => {
    const top = row * rowHeight;
    const rows = bars.map((bar) => {
      const y = row++ * rowHeight;
      const { exchange, from, to } = bar;
      const text = y + rowHeight * 0.7;
      const kind = exchange.request.method === 'GET' ? 'read' : 'write';
      const on = exchange.connection === undefined ? '' : `, connection ${exchange.connection}`;
      const title = `exchange ${exchange.id}${on}, from ${formatMs(from)} to ${formatMs(to)}`;
      return markup`<a href="#${exchangeAnchor(finding.id, exchange.id)}"><title>${title}</title><text x="${askedAt}" y="${text}">${shorten(bar.asked, longestAsked)}</text><rect class="${kind}" x="${round(barAt + scale(from))}" y="${y + 5}" width="${round(Math.max(narrowest, scale(to) - scale(from)))}" height="${rowHeight - 10}" rx="2"></rect><text class="answered" x="${answeredAt}" y="${text}">${shorten(bar.answered, longestAnswered)}</text></a>`;
    });
    const band = markup`<rect class="band${index % 2 === 0 ? ' odd' : ''}" x="0" y="${top}" width="${width}" height="${bars.length * rowHeight}"></rect>`;
    return markup`${band}<text class="letter" x="6" y="${top + rowHeight * 0.7}">${name}</text>${rows}`;
  });
  return markup`<div><h4>Over time</h4><div class="scroll"><svg class="lanes" viewBox="0 0 ${width} ${row * rowHeight}" width="${width}" height="${row * rowHeight}" role="img" aria-label="${`${row} requests over ${formatMs(durationMs)}, a lane for each client that was busy`}">${drawn}</svg></div><p class="soft small">${formatMs(durationMs)} from left to right, to scale; a lane for each client that was busy, darker bars are writes.${
    left > 0 && ` ${left} more before and after.`
  }</p></div>`;
}

const round = (value: number): number => Math.round(value * 10) / 10;
