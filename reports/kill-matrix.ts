/** The kill matrix: which faults the suite catches, by what, and which innocent variants it accuses. */
import { type Requirement, rows } from '../spec/catalogue/index.ts';
import type { Step } from '../spec/journal.ts';
import { flatten } from './sequence.ts';

/** What an attempt came to. */
export interface Attempted {
  readonly kind: 'fault' | 'corruption' | 'variant';
  readonly name: string;
  readonly seed: number;
  /** Of the suite, and the day. */
  readonly version: string;
  readonly date: string;
  readonly narrow?: true;
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
  /** The shortest sequence known to show a fault, by its name. */
  readonly shortest: ReadonlyMap<string, readonly Step[]>;
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
  const noisy = faults.filter(
    ({ name, attempts }) => noiseOf(attempts, registry.faults.find((fault) => fault.name === name)!.caughtBy).length > 0,
  );
  const excesses = excessesOf(faults, registry.shortest);
  const tried = (rows: readonly Row[]): number => rows.reduce((total, { attempts }) => total + attempts.length, 0);
  const lines = [
    `faults    ${faults.length - missedOf(faults)} of ${faults.length} caught under every seed (${tried(faults)} attempts)`,
    `corruptions  ${observable.length - missedOf(observable)} of ${observable.length} caught; ${corruptions.length - observable.length} more that no client can see or the document allows`,
    `variants  ${variants.length - accused.length} of ${variants.length} without a false alarm under every seed (${tried(variants)} attempts)`,
    ...(excesses.length === 0
      ? []
      : [
          `counterexamples  median ${median(excesses.map(({ excess }) => excess))} steps over the shortest known, at most ${Math.max(...excesses.map(({ excess }) => excess))} (${excesses.length} compared)`,
        ]),
    `noise     ${noisy.length} of ${faults.length} faults turn other rows red than those named for them or implied by these`,
    ...missed.map(
      ({ name, attempts }) =>
        `missed    ${name} (${attempts.filter(({ caughtBy }) => caughtBy.length === 0).length} of ${attempts.length} seeds)`,
    ),
    ...accused.map(
      ({ name, attempts }) =>
        `accused   ${name}: ${[...new Set(attempts.flatMap(({ fails, warns, inconclusive }) => [...fails, ...warns, ...inconclusive]))].join(' ')}`,
    ),
    ...excesses.flatMap(({ name, excess }) => (excess > excessAtMost ? [`long      ${name}: ${excess} steps more than the shortest`] : [])),
  ];
  return { text: `${lines.join('\n')}\n`, isClean: missed.length === 0 && accused.length === 0 };
}

const excessAtMost = 3;

/** Rows red that are none of those named, and that no row named implies. */
function noiseOf(attempts: readonly Attempted[], caughtBy: readonly string[]): readonly string[] {
  const red = new Set(attempts.flatMap(({ fails, warns }) => [...fails, ...warns]));
  const implied = new Set<string>(
    rows.flatMap(({ id, impliedBy = [] }) => (impliedBy.some((each) => caughtBy.includes(each)) ? [id] : [])),
  );
  return [...red].filter((id) => !caughtBy.includes(id) && !implied.has(id)).sort();
}

/** How many steps more than the shortest known the counterexamples of plain steps have. */
function excessesOf(faults: readonly Row[], shortest: Registry['shortest']): readonly { readonly name: string; readonly excess: number }[] {
  return faults.flatMap(({ name, attempts }) => {
    const least = shortest.get(name);
    if (least === undefined) return [];
    return attempts.flatMap(({ counterexample }) =>
      counterexample === undefined ? [] : [{ name, excess: countSteps(counterexample) - countSteps(least) }],
    );
  });
}

const countSteps = (steps: readonly Step[]): number => steps.flatMap(flatten).length;

/** Rows that no fault shows by itself: with the rule gone every fault would be caught all the same. Needs whole attempts. */
function rowsWithoutOwnFault(outcomes: readonly Attempted[]): readonly Requirement[] {
  const alone = new Set(
    outcomes.flatMap(({ kind, narrow, caughtBy }) => (kind === 'fault' && !narrow && caughtBy.length === 1 ? caughtBy : [])),
  );
  return rows.filter(({ id, impliedBy }) => !alone.has(id) && impliedBy === undefined);
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
    const noise = noiseOf(attempts, fault.caughtBy);
    // A narrow attempt begins with the campaigns that name the row, and ends with the first finding.
    const whole = attempts.filter(({ narrow }) => !narrow);
    const measured = whole.length > 0 ? whole : attempts;
    const steps = attempts.flatMap(({ counterexample }) => (counterexample === undefined ? [] : [countSteps(counterexample)]));
    return `| ${name} | ${escapeCell(fault.sentence)} | ${caught.length} of ${attempts.length} | ${by.join(' ')} | ${noise.join(' ')} | ${median(measured.flatMap(({ firstFindingMs }) => (firstFindingMs === undefined ? [] : [firstFindingMs / 1_000])))} | ${median(measured.map(({ exchanges }) => exchanges))} | ${median(steps)} | ${stampOf(attempts)} |`;
  });
  const variants = rowsOf(registry.variants, outcomes, 'variant').map(({ name, attempts }) => {
    const variant = registry.variants.find((entry) => entry.name === name)!;
    const warned = [...new Set(attempts.flatMap(({ warns }) => warns))].sort();
    const failed = attempts.reduce((total, { fails }) => total + fails.length, 0);
    return `| ${name} | ${escapeCell(variant.sentence)} | ${attempts.length} | ${failed} | ${warned.join(' ')} | ${median(attempts.map(({ durationMs }) => durationMs / 1_000))} | ${stampOf(attempts)} |`;
  });
  const unshown = rowsWithoutOwnFault(outcomes);
  return [
    '# Kill matrix',
    '',
    'What the suite catches of the named faults of the reference implementation, and what it says of its variants, which are all',
    'legitimate readings of the document. Made by the command `prove`. Of several seeds, seconds, exchanges and steps are medians.',
    '',
    '```',
    summarise(outcomes, registry).text.trimEnd(),
    '```',
    '',
    ...totalsByArea(outcomes, registry),
    '## Faults',
    '',
    '| fault | what is wrong | caught | by | also red | first finding, s | exchanges | steps | version, date |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...faults,
    '',
    ...(unshown.length === 0
      ? []
      : [
          'Rows that no fault shows alone, and no other row implies, and that are of use only beside others:',
          `${unshown.map(({ id }) => id).join(' ')}.`,
          '',
        ]),
    '## Variants',
    '',
    '| variant | what is different | seeds | fails | warns | s | version, date |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...variants,
    '',
  ].join('\n');
}

const stampOf = (attempts: readonly Attempted[]): string =>
  [...new Set(attempts.map(({ version, date }) => `${version}, ${date}`))].sort().at(-1) ?? '';

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
