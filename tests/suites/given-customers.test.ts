import { expect, it } from 'vitest';
import { judgeLines } from '../../judge/offline.ts';
import type { Report } from '../../spec/report.ts';
import { runReference } from './reference-run.ts';

const verdicts = ({ requirements }: Report): unknown => requirements.map(({ id, verdict, findings }) => [id, verdict, findings.length]);

it('old products of given customers raise no finding, and their IBANs stay out of the record', { timeout: 60_000 }, async () => {
  const { report, lines } = await runReference({ reference: { variants: ['customers-with-a-past'] } });
  expect(report.requirements.flatMap(({ id, findings }) => (findings.length === 0 ? [] : [id]))).toEqual([]);
  const { report: again } = await judgeLines([{ name: 'journal', open: () => lines }]);
  expect(verdicts(again)).toEqual(verdicts(report));

  const shown = new Map<string, Set<string>>();
  const made = new Set<string>();
  for (const line of lines) {
    if (line.type !== 'exchange' || line.answer?.status !== 200 || !['list', 'get', 'create'].includes(line.intent.operation)) continue;
    let value: unknown;
    try {
      value = JSON.parse(line.answer.body?.text ?? '');
    } catch {
      continue;
    }
    for (const each of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      const { customerProductId: id = '', accountData } = (each ?? {}) as { customerProductId?: string; accountData?: { iban?: string } };
      if (line.intent.operation === 'create') made.add(id);
      if (accountData?.iban !== undefined) shown.set(id, (shown.get(id) ?? new Set()).add(accountData.iban));
    }
  }
  const others = [...shown].filter(([id]) => !made.has(id)).flatMap(([, ibans]) => [...ibans]);
  const ours = [...shown].filter(([id]) => made.has(id)).flatMap(([, ibans]) => [...ibans]);
  expect(others.length).toBeGreaterThan(50);
  for (const iban of others) expect(iban).toMatch(/^«iban#\d+ valid»$/);
  expect(ours.filter((iban) => /^[A-Z]{2}\d{2}/.test(iban)).length).toBeGreaterThan(10);
  // One form all through the run.
  for (const [id, ibans] of shown) expect([id, ibans.size]).toEqual([id, 1]);
});
