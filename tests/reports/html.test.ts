import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { renderHtml } from '../../reports/html.ts';
import { escapeHtml } from '../../reports/markup.ts';
import { conformant, finding, hostile, inconclusive, nonConformant, partial, record, type Sample, unreachable } from './sample-records.ts';

function render({ report, evidence }: Sample): string {
  return renderHtml(report, evidence);
}

const voidElements = new Set(['meta', 'input']);

/** The names of the elements of a page in order; throws where an element is not closed in its turn. */
function elementsOf(page: string): readonly string[] {
  const body = page.replace(/^<!doctype html>/, '').replace(/(<(script|style)>)[\s\S]*?(<\/\2>)/g, '$1$3');
  const open: string[] = [];
  const all: string[] = [];
  for (const [, slash, name] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)(?: [a-zA-Z-]+(?:="[^"<>]*")?)*>/g)) {
    if (slash === '') {
      all.push(name!);
      if (!voidElements.has(name!)) open.push(name!);
    } else if (open.pop() !== name) {
      throw new Error(`Expected the end of another element, got </${name}>.`);
    }
  }
  expect(open).toEqual([]);
  expect(body.replace(/<\/?[a-z][a-z0-9]*(?: [a-zA-Z-]+(?:="[^"<>]*")?)*>/g, '')).not.toMatch(/[<>]/);
  return all;
}

const samples = { conformant, nonConformant, inconclusive, partial, unreachable, hostile };

describe.each(Object.entries(samples))('%s', (_, sample) => {
  const page = render(sample);

  test('is well nested, and holds no element that could fetch or run anything', () => {
    const elements = elementsOf(page);
    for (const forbidden of ['img', 'link', 'iframe', 'object', 'embed', 'form', 'base', 'video', 'audio', 'source']) {
      expect(elements).not.toContain(forbidden);
    }
    expect(elements.filter((name) => name === 'script')).toHaveLength(1);
    expect(elements.filter((name) => name === 'style')).toHaveLength(1);
  });

  test('allows itself its own style and script by hash, and nothing else', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)![1]!;
    const hash = (tag: string) => {
      const text = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(page)![1]!;
      return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    };
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      `style-src ${hash('style')}`,
      `script-src ${hash('script')}`,
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });

  test('has no attribute that styles or runs, and links only within itself', () => {
    expect(page).not.toMatch(/<[a-z][^>]*\s(?:style|on[a-z]+|src|srcset|action)=/);
    const links = [...page.matchAll(/href="([^"]*)"/g)].map(([, link]) => link!);
    expect(links.filter((link) => !link.startsWith('#'))).toEqual([]);
    const ids = new Set([...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => `#${id}`));
    expect(links.filter((link) => !ids.has(link))).toEqual([]);
  });

  test('gives each id once', () => {
    const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids.length).toBe(new Set(ids).size);
  });

  test('shows every requirement with its verdict', () => {
    for (const { id, verdict, title } of sample.report.requirements) {
      expect(page).toContain(`<tr class="v-${verdict}" id="row-${id}">`);
      expect(page).toContain(escapeHtml(title));
    }
  });
});

test('the verdict stands at the top in words', () => {
  expect(render(nonConformant)).toMatch(
    /<header class="v-fail">[\s\S]*<h1>Not conformant<\/h1>\s*<p class="sentence any">3 MUST requirements failed\.<\/p>/,
  );
  expect(render(conformant)).toMatch(/<header class="v-pass">[\s\S]*<h1>Conformant<\/h1>/);
  expect(render(partial)).toMatch(
    /<h1>The selected requirements hold<\/h1>\s*<p class="sentence any">The run was narrowed by --only FLT\.<\/p>/,
  );
  expect(render(inconclusive)).toMatch(/<header class="v-inconclusive">[\s\S]*<h1>Inconclusive<\/h1>/);
  expect(render(unreachable)).toContain(
    '<strong>The run ended early (target not reachable, or credentials refused).</strong> Expected a connection',
  );
});

test('a finding has what was expected, what came, steps, exchanges, a script and commands', () => {
  const page = render(nonConformant);
  const start = page.indexOf('id="finding-FLT-03-1"');
  const part = page.slice(start, page.indexOf('id="finding-FLT-03-2"'));
  expect(part).toContain('every product listed with status=ACTIVE has status ACTIVE');
  expect(part).toContain('<a href="#finding-FLT-03-1-x43">200, 2 products: p1 CLOSED, p2 ACTIVE</a>');
  expect(part).toContain('<summary>Exchanges of the smallest sequence (4)</summary>');
  expect(part).toContain('&quot;status&quot;: &quot;CLOSED&quot;');
  expect(part).toContain('PRODUCT_1=$(member 1 customerProductId)');
  expect(part).toContain('replay ./report.json &#39;FLT-03#1&#39;');
});

test('numbers stand as text beside the bars', () => {
  const { MUST } = nonConformant.report.counts;
  const size = MUST.pass + MUST.fail + MUST.warn + MUST.inconclusive + MUST.waived;
  expect(render(nonConformant)).toContain(`<td>MUST</td><td class="number">${MUST.pass} of ${size}</td>`);
});

test('readings, delays, leftovers and the profile are told', () => {
  const page = render(nonConformant);
  expect(page).toContain('<td class="id">R-OPENING</td>');
  expect(page).toContain('ACTIVE at once');
  expect(page).toContain('<td class="number">684</td><td class="number">0.3</td><td class="number">0.9</td><td class="number">2.6</td>');
  expect(page).toContain('2 of the 342 products this run created could not be closed.');
  expect(page).toContain('&quot;clientSecret&quot;: &quot;«redacted:client-secret#1»&quot;');
});

test('--insecure is said in red', () => {
  const sample = { ...conformant, report: { ...conformant.report, selection: { effort: 'standard', insecure: true } } } as const;
  expect(render(sample)).toContain('<p class="alert"><strong>The certificate of the target was not verified</strong>');
});

test('huge content and many findings stay within bounds', () => {
  const text = `[${'{"a":"b"},'.repeat(200_000)}1]`;
  const [first] = nonConformant.evidence.values();
  const huge = { ...first!, answer: { ...first!.answer!, body: { ...first!.answer!.body!, text } } };
  const findings = Array.from({ length: 400 }, (_, index) => finding(`SCH-01#${index + 1}`, 'm', { exchanges: [huge.id] }));
  const page = render(record({ 'SCH-01': { verdict: 'fail', findings } }, { verdict: 'non-conformant' }, [huge]));
  expect(page.length).toBeLessThan(12_000_000);
  expect(page).toContain('250 more causes stand in report.json.');
  expect(page).toMatch(/\d+ more characters stand in journal\.ndjson\./);
});
