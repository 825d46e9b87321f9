/** The style sheet of the page. No fonts, no pictures, nothing from elsewhere. */
export const style = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f8; --card: #fff; --inset: #f1f3f5; --ink: #1b1f24; --soft: #57606a; --line: #dfe3e8; --link: #0b5cad;
  --pass: #1a7f4b; --fail: #c1272d; --warn: #9a6200; --inconclusive: #7048b6; --not-applicable: #8b949e; --waived: #2f6fae;
  --pass-tint: #e3f4ea; --fail-tint: #fdeaea; --warn-tint: #fdf2dc; --inconclusive-tint: #f0eafb; --not-applicable-tint: #eef0f2; --waived-tint: #e4f0fb;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #111418; --card: #1a1e24; --inset: #13171c; --ink: #e4e7eb; --soft: #9aa4b0; --line: #2d333b; --link: #79b8ff;
    --pass: #4cc38a; --fail: #ff7b7b; --warn: #e5b252; --inconclusive: #b79cf2; --not-applicable: #7d8791; --waived: #6fb1f0;
    --pass-tint: #15301f; --fail-tint: #3a1a1c; --warn-tint: #34270e; --inconclusive-tint: #292140; --not-applicable-tint: #23282e; --waived-tint: #16293b;
  }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main, header > div { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
main { padding-bottom: 4rem; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 2px; }
h1, h2, h3, h4, p, dl, dd, ol, ul, table, pre { margin: 0; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 .8rem; }
h3 { font-size: 1rem; }
h4 { font-size: .78rem; font-weight: 600; color: var(--soft); text-transform: uppercase; letter-spacing: .05em; margin-bottom: .25rem; }
code, pre, .id { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code, .id { font-size: .9em; }
pre { font-size: .82rem; line-height: 1.5; background: var(--inset); border: 1px solid var(--line); border-radius: 6px; padding: .7rem .9rem; overflow: auto; max-height: 34rem; tab-size: 2; }
.soft { color: var(--soft); }
.small { font-size: .875rem; }
.any { overflow-wrap: anywhere; }
summary { cursor: pointer; }
summary:focus-visible, a:focus-visible, button:focus-visible, input:focus-visible + label { outline: 2px solid var(--link); outline-offset: 2px; border-radius: 4px; }

header { border-top: 6px solid var(--tone); background: var(--tint); padding: 1.6rem 0 1.5rem; border-bottom: 1px solid var(--line); }
header h1 { font-size: clamp(1.7rem, 5vw, 2.4rem); line-height: 1.15; color: var(--tone); letter-spacing: -.01em; }
header .sentence { font-size: 1.1rem; margin-top: .35rem; }
header .alert { margin-top: .8rem; padding: .6rem .8rem; border-left: 4px solid var(--fail); background: var(--card); border-radius: 0 6px 6px 0; }
header .alert strong { color: var(--fail); }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .7rem 1.5rem; margin-top: 1.3rem; }
.facts dt { font-size: .78rem; color: var(--soft); }
.facts dd { overflow-wrap: anywhere; }
.facts .wide { grid-column: span 2; }
nav { display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; padding-top: 1rem; }

.v-pass { --tone: var(--pass); --tint: var(--pass-tint); }
.v-fail { --tone: var(--fail); --tint: var(--fail-tint); }
.v-warn { --tone: var(--warn); --tint: var(--warn-tint); }
.v-inconclusive { --tone: var(--inconclusive); --tint: var(--inconclusive-tint); }
.v-not-applicable { --tone: var(--not-applicable); --tint: var(--not-applicable-tint); }
.v-waived { --tone: var(--waived); --tint: var(--waived-tint); }
.badge { display: inline-block; padding: .05rem .5rem; border-radius: 1rem; font-size: .78rem; font-weight: 600; color: var(--tone); background: var(--tint); white-space: nowrap; }
.v-not-applicable.badge { color: var(--soft); }
.level { font-size: .78rem; font-weight: 600; color: var(--soft); letter-spacing: .03em; }

.card { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.scroll { overflow-x: auto; }
table { width: 100%; border-collapse: collapse; font-size: .925rem; }
th { text-align: left; font-size: .78rem; font-weight: 600; color: var(--soft); padding: .45rem .8rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: .45rem .8rem; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tr:last-child > td { border-bottom: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.totals td { vertical-align: middle; }
.totals td:first-child, .totals .number { white-space: nowrap; }
.totals .barcell { width: 34%; }
.totals .rest { width: 34%; }
.totals .levels td { font-weight: 600; }
.totals tbody + thead th { padding-top: 1.2rem; }
.totals .levels .rest, .totals .rest { color: var(--soft); font-weight: 400; }
.bar { display: block; width: 100%; min-width: 6rem; height: .6rem; border-radius: .3rem; background: var(--not-applicable-tint); }
.bar .pass { fill: var(--pass); } .bar .fail { fill: var(--fail); } .bar .warn { fill: var(--warn); }
.bar .inconclusive { fill: var(--inconclusive); } .bar .waived { fill: var(--waived); } .bar .not-applicable { fill: var(--line); }

.finding { margin-bottom: 1rem; border-left: 4px solid var(--tone); overflow: hidden; }
.finding > summary { padding: .8rem 1rem .8rem 2rem; list-style: none; position: relative; }
.finding > summary::before { content: "▸"; color: var(--soft); position: absolute; left: 1rem; }
.finding[open] > summary::before { content: "▾"; }
.finding > summary .id { font-weight: 600; margin-right: .3rem; }
.finding > summary .message { display: block; font-weight: 600; font-size: 1.05rem; margin-top: .15rem; }
.finding > .body { padding: 0 1rem 1rem; display: grid; gap: 1rem; }
.finding > .body > * { min-width: 0; }
.compare { display: grid; grid-template-columns: 1fr 1fr; gap: .8rem; }
.compare > div { background: var(--inset); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; min-width: 0; }
.compare p { white-space: pre-wrap; overflow-wrap: anywhere; }
.compare .received { border-left: 3px solid var(--tone); }
.compare .expected { border-left: 3px solid var(--pass); }
.steps { list-style: none; padding: 0; display: grid; gap: .2rem; }
.steps li { display: grid; grid-template-columns: 3.2rem minmax(0, 5fr) minmax(0, 6fr); gap: .6rem; padding: .15rem 0; overflow-wrap: anywhere; }
.steps li.inner { padding-left: 1.2rem; border-left: 2px solid var(--line); margin-left: .6rem; }
.steps .n { color: var(--soft); font-variant-numeric: tabular-nums; }
.steps .answer::before { content: "→ "; color: var(--soft); }
.lanes { display: block; font-size: 12.5px; }
.lanes text { fill: var(--ink); }
.lanes .letter { font-weight: 600; fill: var(--soft); }
.lanes .answered { fill: var(--soft); }
.lanes .band { fill: none; }
.lanes .band.odd { fill: var(--inset); }
.lanes .write { fill: var(--link); }
.lanes .read { fill: var(--link); opacity: .4; }
.lanes a:hover text, .lanes a:focus text { fill: var(--link); }
.fold { border: 1px solid var(--line); border-radius: 6px; }
.fold > summary { padding: .45rem .8rem; font-size: .925rem; overflow-wrap: anywhere; }
.fold[open] > summary { border-bottom: 1px solid var(--line); }
.fold > .body { padding: .8rem; display: grid; gap: .7rem; }
.fold > .body > * { min-width: 0; }
.exchange > .body { grid-template-columns: 2fr 3fr; }
.exchange .side { display: grid; gap: .4rem; align-content: start; min-width: 0; }
.exchange .side > * { min-width: 0; }
.exchange pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.headers { font-size: .85rem; }
.headers ul { list-style: none; padding: .2rem 0 .2rem 1rem; }
.headers li { overflow-wrap: anywhere; }
section > p { margin-bottom: .6rem; }
.steps + p { margin-top: .4rem; }
.script { position: relative; }
.copy { position: absolute; top: .5rem; right: .9rem; font: inherit; font-size: .8rem; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 5px; padding: .15rem .6rem; cursor: pointer; }

.filters { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; margin-bottom: .8rem; border: 0; padding: 0; }
.filters legend { float: left; padding: 0; margin-right: .3rem; color: var(--soft); font-size: .9rem; }
.filters input[type=radio] { position: absolute; opacity: 0; pointer-events: none; }
.filters label { border: 1px solid var(--line); background: var(--card); border-radius: 1rem; padding: .15rem .75rem; font-size: .875rem; cursor: pointer; }
.filters input:checked + label { background: var(--tone, var(--ink)); border-color: var(--tone, var(--ink)); color: var(--card); }
.filters input[type=search] { font: inherit; font-size: .9rem; padding: .2rem .7rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--card); color: var(--ink); flex: 1 1 12rem; max-width: 20rem; }
.area { margin-bottom: .7rem; overflow: hidden; }
.finding > summary::-webkit-details-marker { display: none; }
.area > summary { list-style: none; display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: baseline; padding: .6rem 1rem; }
.area > summary::before { content: "▸"; color: var(--soft); }
.area[open] > summary::before { content: "▾"; }
.area[open] > summary { border-bottom: 1px solid var(--line); }
.area .name { font-weight: 600; }
.area .sum { color: var(--soft); font-size: .9rem; margin-left: auto; }
.rows td:first-child { width: 8rem; }
td.id { white-space: nowrap; }
.rows .reason { display: block; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
.rows tr:target { background: var(--tint); }
.hit-none { display: none; }
body:has(#show-fail:checked) .rows tbody tr:not(.v-fail), body:has(#show-warn:checked) .rows tbody tr:not(.v-warn),
body:has(#show-inconclusive:checked) .rows tbody tr:not(.v-inconclusive), body:has(#show-waived:checked) .rows tbody tr:not(.v-waived),
body:has(#show-not-applicable:checked) .rows tbody tr:not(.v-not-applicable), body:has(#show-pass:checked) .rows tbody tr:not(.v-pass),
body:has(#show-fail:checked) .area:not(:has(tr.v-fail)), body:has(#show-warn:checked) .area:not(:has(tr.v-warn)),
body:has(#show-inconclusive:checked) .area:not(:has(tr.v-inconclusive)), body:has(#show-waived:checked) .area:not(:has(tr.v-waived)),
body:has(#show-not-applicable:checked) .area:not(:has(tr.v-not-applicable)), body:has(#show-pass:checked) .area:not(:has(tr.v-pass)) { display: none; }
footer { margin-top: 3rem; color: var(--soft); font-size: .875rem; }

@media (max-width: 46rem) {
  .compare, .exchange > .body { grid-template-columns: minmax(0, 1fr); }
  .facts { grid-template-columns: 1fr 1fr; }
  .steps li { grid-template-columns: 2.2rem minmax(0, 1fr); gap: 0 .4rem; }
  .steps .answer { grid-column: 2; }
  .area .sum { margin-left: 1.3rem; width: 100%; }
  .rows thead { display: none; }
  .rows, .rows tbody { display: block; }
  .rows tr { display: flex; flex-wrap: wrap; gap: .2rem .7rem; align-items: center; padding: .6rem 1rem; border-bottom: 1px solid var(--line); }
  .rows td { padding: 0; border: 0; text-align: left; }
  .rows td:first-child { width: auto; }
  .rows .what { flex-basis: 100%; }
  .rows .number::after { content: " witnesses"; }
  .totals thead { display: none; }
  .totals table, .totals tbody { display: block; }
  .totals tbody + tbody, .totals thead + tbody + thead + tbody { border-top: 4px solid var(--line); }
  .totals tr { display: flex; flex-wrap: wrap; gap: .2rem .8rem; align-items: center; padding: .5rem .8rem; border-bottom: 1px solid var(--line); }
  .totals td { padding: 0; border: 0; }
  .totals .number { margin-left: auto; }
  .totals .barcell { flex-basis: 100%; }
  .totals .rest { width: auto; font-size: .85rem; }
  .totals .rest:empty { display: none; }
}
@media print {
  body { background: #fff; font-size: 11pt; }
  nav, .filters, .copy { display: none; }
  main { max-width: none; }
  pre { max-height: none; white-space: pre-wrap; overflow-wrap: anywhere; }
  .card, .fold { break-inside: auto; }
  .finding > summary, h2, h3 { break-after: avoid; }
  .bar, .badge, header { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
