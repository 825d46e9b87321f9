import { expect, test } from 'vitest';
import { renderJunit } from '../../reports/junit.ts';
import { areaOf, isRequirementId } from '../../spec/catalogue/index.ts';
import { conformant, hostile, inconclusive, nonConformant, partial, record, type Sample, unreachable } from './sample-records.ts';
import { type Element, parseXml } from './strict-xml.ts';

function parse({ report, evidence }: Sample): Element {
  return parseXml(renderJunit(report, evidence));
}

function casesOf(root: Element): readonly Element[] {
  return root.children.flatMap((suite) => suite.children.filter(({ name }) => name === 'testcase'));
}

function caseOf(root: Element, id: string): Element {
  return casesOf(root).find(({ attributes }) => attributes.name?.startsWith(`${id} `))!;
}

function only(element: Element): Element | undefined {
  expect(element.children.length).toBeLessThanOrEqual(1);
  return element.children[0];
}

test('a suite an area, a test a requirement, and sums that add up', () => {
  for (const sample of [conformant, nonConformant, inconclusive, partial, unreachable, hostile]) {
    const root = parse(sample);
    const areasShown = root.children.map(({ attributes }) => attributes.name!.split(' ')[0]).filter((name) => name !== 'run');
    expect(areasShown).toEqual([...new Set(sample.report.requirements.map(({ id }) => areaOf(id)))]);
    expect(casesOf(root).filter(({ attributes }) => isRequirementId(attributes.name!.split(' ')[0]!)).length).toBe(
      sample.report.requirements.length,
    );
    for (const [count, tag] of [
      ['failures', 'failure'],
      ['errors', 'error'],
      ['skipped', 'skipped'],
    ] as const) {
      const found = casesOf(root).filter(({ children }) => children.some(({ name }) => name === tag)).length;
      expect(Number(root.attributes[count])).toBe(found);
      expect(root.children.reduce((sum, { attributes }) => sum + Number(attributes[count]), 0)).toBe(found);
    }
    expect(Number(root.attributes.tests)).toBe(casesOf(root).length);
  }
});

test('each verdict has its element', () => {
  const root = parse(nonConformant);
  const failure = only(caseOf(root, 'FLT-03'))!;
  expect(failure.name).toBe('failure');
  expect(failure.attributes).toEqual({ message: 'The list with status=ACTIVE holds a product that is CLOSED.', type: 'MUST' });
  expect(failure.text).toContain('expected: every product listed with status=ACTIVE has status ACTIVE');
  expect(failure.text).toContain('4. list customer a, status=ACTIVE → 200, 2 products: p1 CLOSED, p2 ACTIVE');
  expect(failure.text).toContain('FLT-03#2: The list with status=CLOSED lacks');

  expect(only(caseOf(root, 'CLS-07'))).toMatchObject({
    name: 'error',
    attributes: { message: 'no product was ever seen closed for long enough' },
  });
  expect(only(caseOf(root, 'LIF-01'))).toMatchObject({ name: 'skipped', attributes: { message: 'inconclusive: no product left PENDING' } });
  expect(only(caseOf(root, 'MSG-23'))).toMatchObject({
    name: 'skipped',
    attributes: { message: 'not applicable: the target never showed an ETag' },
  });
  expect(only(caseOf(root, 'MSG-22'))).toMatchObject({
    name: 'skipped',
    attributes: { message: expect.stringMatching(/^waived: waived until/) },
  });
  const warned = only(caseOf(root, 'FLT-16'))!;
  expect(warned.name).toBe('system-out');
  expect(warned.text).toMatch(/^warning: handled differently\n\nFLT-16#1: A repeated status/);
  expect(only(caseOf(root, 'FLT-01'))).toBeUndefined();
});

test('a run that ended early is one error named for the cause', () => {
  const root = parse(unreachable);
  expect(root.attributes.errors).toBe('1');
  expect(root.attributes.failures).toBe('0');
  const [trouble] = casesOf(root);
  expect(trouble!.attributes).toMatchObject({ classname: 'run', name: 'The run completes.' });
  expect(only(trouble!)!.attributes).toMatchObject({
    type: 'unreachable',
    message: expect.stringMatching(/^target not reachable, or credentials refused: Expected a connection/),
  });
});

test('there is never an empty suite', () => {
  const empty = { ...conformant, report: { ...conformant.report, requirements: [] } };
  const root = parse(empty);
  expect(casesOf(root)).toHaveLength(1);
  expect(root.attributes.errors).toBe('1');
});

test('values that look like booleans, and entities, come back as they were', () => {
  const text = 'true & <b> "q" \'a\' &amp; ]]> \u00e9 👍';
  const root = parse(
    record({ 'SCH-01': { verdict: 'inconclusive', reason: 'true', witnesses: 0 }, 'SCH-02': { verdict: 'waived', reason: text } }),
  );
  expect(only(caseOf(root, 'SCH-01'))!.attributes.message).toBe('true');
  expect(only(caseOf(root, 'SCH-02'))!.attributes.message).toBe(`waived: ${text}`);
});
