/** The kill matrix: which faults the suite catches, by what, and which innocent variants it accuses. */
import type { Step } from '../spec/journal.ts';

/** What an attempt came to. */
export interface Attempted {
  readonly kind: 'fault' | 'corruption' | 'variant';
  readonly name: string;
  readonly seed: number;
  readonly verdict: string;
  readonly fails: readonly string[];
  readonly warns: readonly string[];
  readonly inconclusive: readonly string[];
  readonly caughtBy: readonly string[];
  readonly exchanges: number;
  readonly durationMs: number;
  readonly firstFindingMs: number | undefined;
  readonly counterexample: readonly Step[] | undefined;
}

export interface Registry {
  readonly faults: readonly { readonly name: string; readonly sentence: string; readonly caughtBy: readonly string[] }[];
  readonly corruptions: readonly { readonly name: string; readonly sentence: string; readonly unobservable?: string }[];
  readonly variants: readonly { readonly name: string; readonly sentence: string; readonly warns: readonly string[] }[];
}

interface Row {
  readonly name: string;
  readonly attempts: readonly Attempted[];
}

/** In one line each: what was missed, and who was accused wrongly. */
export function summarise(outcomes: readonly Attempted[], registry: Registry): { readonly text: string; readonly isClean: boolean } {
  const faults = rowsOf(registry.faults, outcomes, 'fault');
  const variants = rowsOf(registry.variants, outcomes, 'variant');
  const corruptions = rowsOf(registry.corruptions, outcomes, 'corruption');
  const unobservable = new Set(registry.corruptions.flatMap(({ name, unobservable: why }) => (why === undefined ? [] : [name])));
  const observable = corruptions.filter(({ name }) => !unobservable.has(name));
  const isMissed = ({ attempts }: Row): boolean => attempts.some(({ caughtBy }) => caughtBy.length === 0);
  const missed = [...faults, ...observable].filter(isMissed);
  const missedOf = (rows: readonly Row[]): number => rows.filter(isMissed).length;
  const accused = variants.filter(({ name, attempts }) =>
    attempts.some((each) => isAccused(each, registry.variants.find((variant) => variant.name === name)!)),
  );
  const tried = (rows: readonly Row[]): number => rows.reduce((total, { attempts }) => total + attempts.length, 0);
  const lines = [
    `faults    ${faults.length - missedOf(faults)} of ${faults.length} caught under every seed (${tried(faults)} attempts)`,
    `corruptions  ${observable.length - missedOf(observable)} of ${observable.length} caught; ${corruptions.length - observable.length} more that no client can see or the document allows`,
    `variants  ${variants.length - accused.length} of ${variants.length} without a false alarm under every seed (${tried(variants)} attempts)`,
    ...missed.map(
      ({ name, attempts }) =>
        `missed    ${name} (${attempts.filter(({ caughtBy }) => caughtBy.length === 0).length} of ${attempts.length} seeds)`,
    ),
    ...accused.map(
      ({ name, attempts }) =>
        `accused   ${name}: ${[...new Set(attempts.flatMap(({ fails, warns, inconclusive }) => [...fails, ...warns, ...inconclusive]))].join(' ')}`,
    ),
  ];
  return { text: `${lines.join('\n')}\n`, isClean: missed.length === 0 && accused.length === 0 };
}

/** A variant may warn where its registry entry says so; it never fails, and leaves nothing open. */
function isAccused({ fails, warns, inconclusive }: Attempted, variant: Registry['variants'][number]): boolean {
  return fails.length > 0 || inconclusive.length > 0 || warns.some((id) => !variant.warns.includes(id));
}

function rowsOf(entries: readonly { readonly name: string }[], outcomes: readonly Attempted[], kind: Attempted['kind']): Row[] {
  return entries
    .map(({ name }) => ({ name, attempts: outcomes.filter((outcome) => outcome.kind === kind && outcome.name === name) }))
    .filter(({ attempts }) => attempts.length > 0);
}

/** As Markdown: a table of faults, one of variants, totals by area above them. */
export function renderMatrix(outcomes: readonly Attempted[], registry: Registry): string {
  const faults = rowsOf(registry.faults, outcomes, 'fault').map(({ name, attempts }) => {
    const fault = registry.faults.find((entry) => entry.name === name)!;
    const caught = attempts.filter(({ caughtBy }) => caughtBy.length > 0);
    const by = [...new Set(attempts.flatMap(({ caughtBy }) => caughtBy))].sort();
    const noise = [...new Set(attempts.flatMap(({ fails, warns }) => [...fails, ...warns]))]
      .filter((id) => !fault.caughtBy.includes(id))
      .sort();
    const steps = attempts.flatMap(({ counterexample }) => (counterexample === undefined ? [] : [counterexample.length]));
    return `| ${name} | ${escapeCell(fault.sentence)} | ${caught.length} of ${attempts.length} | ${by.join(' ')} | ${noise.join(' ')} | ${median(attempts.flatMap(({ firstFindingMs }) => (firstFindingMs === undefined ? [] : [firstFindingMs / 1_000])))} | ${median(attempts.map(({ exchanges }) => exchanges))} | ${median(steps)} |`;
  });
  const variants = rowsOf(registry.variants, outcomes, 'variant').map(({ name, attempts }) => {
    const variant = registry.variants.find((entry) => entry.name === name)!;
    const warned = [...new Set(attempts.flatMap(({ warns }) => warns))].sort();
    const failed = attempts.reduce((total, { fails }) => total + fails.length, 0);
    return `| ${name} | ${escapeCell(variant.sentence)} | ${attempts.length} | ${failed} | ${warned.join(' ')} | ${median(attempts.map(({ durationMs }) => durationMs / 1_000))} |`;
  });
  return [
    '# Kill matrix',
    '',
    'What the suite catches of the named faults of the reference implementation, and what it says of its variants, which are all',
    'legitimate readings of the document. Made by the command `prove`.',
    '',
    summarise(outcomes, registry).text,
    ...totalsByArea(outcomes, registry),
    '## Faults',
    '',
    '| fault | what is wrong | caught | by | also red | first finding, s | exchanges | steps |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    ...faults,
    '',
    '## Variants',
    '',
    '| variant | what is different | seeds | fails | warns | s |',
    '| --- | --- | --- | --- | --- | --- |',
    ...variants,
    '',
  ].join('\n');
}

function totalsByArea(outcomes: readonly Attempted[], registry: Registry): string[] {
  const areas = new Map<string, { faults: number; caught: number }>();
  for (const { name, attempts } of rowsOf(registry.faults, outcomes, 'fault')) {
    const area = registry.faults.find((entry) => entry.name === name)!.caughtBy[0]!.slice(0, 3);
    const total = areas.get(area) ?? { faults: 0, caught: 0 };
    areas.set(area, { faults: total.faults + 1, caught: total.caught + (attempts.every(({ caughtBy }) => caughtBy.length > 0) ? 1 : 0) });
  }
  return [
    '| area | faults | caught |',
    '| --- | --- | --- |',
    ...[...areas].map(([area, { faults, caught }]) => `| ${area} | ${faults} | ${caught} |`),
    '',
  ];
}

function median(values: readonly number[]): string {
  if (values.length === 0) return '';
  const middle = [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  return Number.isInteger(middle) ? String(middle) : middle.toFixed(1);
}

const escapeCell = (text: string): string => text.replaceAll('|', '\\|');
