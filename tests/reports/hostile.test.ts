/** One record full of hostile text, through every report. */
import { describe, expect, test } from 'vitest';
import { renderConsole } from '../../reports/console.ts';
import { renderScript } from '../../reports/curl.ts';
import { renderGithub } from '../../reports/github.ts';
import { renderHtml } from '../../reports/html.ts';
import { renderJson } from '../../reports/json.ts';
import { renderJunit } from '../../reports/junit.ts';
import { createProgress } from '../../reports/progress.ts';
import { isUnsafe } from '../../reports/terminal-text.ts';
import { hostile, hostileText } from './sample-records.ts';

const { report, evidence } = hostile;

function progress(): string {
  let text = '';
  const stream = { write: (chunk: string) => (text += chunk) };
  const told = createProgress({ stream, tty: false, color: false });
  told.preflight({ name: hostileText, outcome: 'failed', detail: hostileText });
  told.announce(hostileText);
  told.finding(hostileText, hostileText);
  told.update({
    elapsedMs: 1,
    exchanges: 1,
    rate: 1,
    created: 0,
    closed: 0,
    campaignsDone: 0,
    campaigns: 1,
    running: [hostileText],
    findings: 1,
  });
  told.done();
  return text;
}

const console = renderConsole(report, evidence, { color: false, exitStatus: 5, dir: 'd', written: [hostileText] });
const findings = report.requirements.flatMap((row) => row.findings);
const outputs: Readonly<Record<string, string>> = {
  console,
  html: renderHtml(report, evidence),
  json: renderJson(report),
  junit: renderJunit(report, evidence),
  github: renderGithub(report),
  script: findings.map((finding) => renderScript(report, finding, evidence) ?? '').join('\n'),
  progress: progress(),
};

describe.each(Object.entries(outputs))('%s', (_, output) => {
  test('shows the hostile text', () => {
    expect(output).toContain('alert(1)');
  });

  test('holds no character that moves a terminal, reorders a line or breaks a parser', () => {
    expect(Array.from(output).filter(isUnsafe)).toEqual([]);
  });
});

test.each(['console', 'progress'])('%s holds no line that a CI runner obeys', (name) => {
  for (const line of outputs[name]!.split('\n')) {
    expect(line.trimStart().startsWith('::')).toBe(false);
    expect(line).not.toContain('##[');
  }
});

test('the page cannot be broken out of', () => {
  const page = outputs.html!;
  expect(page.match(/<\/script>/g)).toHaveLength(1);
  expect(page.match(/<script>/g)).toHaveLength(1);
  expect(page).not.toContain('<img');
  expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
});
