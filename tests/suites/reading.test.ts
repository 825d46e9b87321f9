import { expect, it } from 'vitest';
import { runReference } from './reference-run.ts';

it('a run that only reads sends nothing that writes, whatever it finds', { timeout: 60_000 }, async () => {
  const { report, lines } = await runReference({
    reference: { variants: ['customers-with-a-past'], faults: ['iban-ignored'] },
    selection: { readOnly: true },
  });
  const found = report.requirements.find(({ id }) => id === 'FLT-08');
  expect(found?.verdict).toBe('fail');
  expect(lines.filter(({ type }) => type === 'sent')).toEqual([]);
  const methods = lines.flatMap((line) => (line.type === 'exchange' && line.intent.operation !== 'token' ? [line.request.method] : []));
  expect(methods.filter((method) => !['GET', 'HEAD'].includes(method))).toEqual([]);
  expect(report.products).toMatchObject({ created: 0, closed: 0, left: [] });

  const ibans = lines.flatMap((line) =>
    line.type === 'exchange' && line.intent.operation === 'list'
      ? (line.intent.filters ?? []).filter(([name, value]) => name === 'iban' && value !== '')
      : [],
  );
  expect(ibans.length).toBeGreaterThan(5);
  for (const [, iban] of ibans) expect(iban).toMatch(/^«iban#\d+ valid»$/);
});
