/** An exchange, folded: a line that says what it was; inside, request and answer. */
import type { Body, Exchange } from '../../spec/journal.ts';
import { pathOf } from '../exchange-text.ts';
import { indentJson } from '../json-text.ts';
import { type Markup, markup } from '../markup.ts';

/** Of a content; the rest stays in the journal. */
const longestContent = 12_000;

function milliseconds(ms: number): string {
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(3)} s` : `${ms.toFixed(1)} ms`;
}

function renderHeaders(headers: readonly (readonly [string, string])[]): Markup {
  return markup`<details class="headers"><summary class="soft">${headers.length} headers</summary><ul>${headers.map(
    ([name, value]) => markup`<li><code>${name}: ${value}</code></li>`,
  )}</ul></details>`;
}

function renderContent(body: Body | undefined): Markup {
  if (body === undefined || body.octets === 0) {
    return markup`<p class="soft small">no content</p>`;
  }
  if (body.text === undefined) {
    return markup`<p class="soft small">${body.octets} octets that are no UTF-8, in base64:</p>${clipped(body.base64 ?? '')}`;
  }
  return markup`${clipped(body.text)}${
    body.cutOff === true && markup`<p class="soft small">The content went on beyond the limit of the profile; this is its beginning.</p>`
  }`;
}

function clipped(text: string): Markup {
  const shown = text.slice(0, longestContent);
  return markup`<pre>${indentJson(shown)}</pre>${
    shown.length < text.length && markup`<p class="soft small">${text.length - shown.length} more characters stand in journal.ndjson.</p>`
  }`;
}

export function renderExchange(exchange: Exchange, anchor: string): Markup {
  const { request, answer, failure } = exchange;
  const outcome = answer === undefined ? `no answer: ${failure?.kind ?? 'unknown'}` : String(answer.status);
  const took = milliseconds(exchange.receivedAt - exchange.sentAt);
  return markup`<details class="fold exchange" id="${anchor}"><summary><span class="id">${exchange.id}</span> <code>${request.method} ${pathOf(
    request.url,
  )}</code> → <strong>${outcome}</strong> <span class="soft small">sent at ${milliseconds(exchange.sentAt)}, took ${took}</span></summary>
<div class="body">
<div class="side"><h4>Request</h4><p class="any"><code>${request.method} ${request.url}</code></p>${renderHeaders(request.headers)}${renderContent(request.body)}</div>
<div class="side"><h4>Answer</h4>${
    answer === undefined
      ? markup`<p class="any">${failure?.message ?? 'none'}</p>`
      : markup`<p><code>${answer.status}</code></p>${renderHeaders(answer.headers)}${renderContent(answer.body)}`
  }</div>
</div></details>`;
}
