/**
 * The vitest face: one run, shown as a suite an area and a test a requirement.
 *
 *     import { conformance } from 'customer-products-conformance/vitest';
 *     conformance('profile.yaml');
 *
 * Selection, reporters and interface are vitest's; splitting a run over machines is `shard`, not vitest's own.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, test } from 'vitest';
import { isSelected } from '../judge/verdict.ts';
import { areaTitles } from '../reports/totals.ts';
import { rows } from '../spec/catalogue/index.ts';
import type { Finding, RequirementResult } from '../spec/report.ts';
import { areas } from '../spec/requirement.ts';
import { chooseReportDir } from '../target/report-folder.ts';
import { resolveSettings, type Settings } from '../target/settings.ts';
import { describeMistake } from '../target/settings-mistakes.ts';
import { conduct } from './conduct.ts';
import { quiet } from './quiet.ts';

export interface ConformanceOptions {
  /** Ids and areas: `['FLT', 'CLS-03']`. */
  readonly only?: readonly string[];
  readonly seed?: number;
  readonly effort?: 'quick' | 'standard' | 'thorough';
  /** Absent: as everywhere, or, with `only`, a folder named for it in there. */
  readonly reportDir?: string;
  /** Milliseconds the whole run may take; 10 minutes if absent. */
  readonly timeoutMs?: number;
}

const runTimeoutMs = 600_000;

/**
 * @param source the path of a profile, or a profile in the shape of the file; absent: the environment (`CPC_TARGET`, …)
 * Throws in the tests, not here, where the settings have mistakes.
 */
export function conformance(source?: string | Readonly<Record<string, unknown>>, options: ConformanceOptions = {}): void {
  let results: ReadonlyMap<string, RequirementResult> = new Map();
  let problem: string | undefined;
  const only = options.only ?? process.env.CPC_ONLY?.split(',');

  beforeAll(async () => {
    const settings = await settle(source, options);
    const { profile, selection, seed } = settings;
    const conducted = await conduct({
      profile,
      selection,
      seed,
      reportDir: chooseReportDir(settings.reportDir),
      reporters: ['json', 'junit', 'html'],
      progress: quiet,
      signal: new AbortController().signal,
    });
    const { ended, requirements } = conducted.report;
    results = new Map(requirements.map((result) => [result.id, result]));
    if (ended.cause !== 'completed') problem = `The run ended early: ${ended.message}`;
  }, options.timeoutMs ?? runTimeoutMs);

  for (const area of areas) {
    const chosen = rows.filter(({ id }) => id.startsWith(`${area}-`) && isSelected(id, only));
    if (chosen.length === 0) continue;
    describe(`${area} ${areaTitles[area]}`, () => {
      for (const { id, title } of chosen)
        test(`${id} ${title}`, (context) => {
          const result = results.get(id);
          if (result === undefined) throw new Error(problem ?? `Expected a verdict on ${id}, but the run gave none.`);
          show(result, context.skip);
        });
    });
  }
}

/** The same as in JUnit: an inconclusive MUST is as red as a fail, and other reasons are skips that say them. */
function show(result: RequirementResult, skip: (note?: string) => void): void {
  if (result.verdict === 'fail') throw withoutPlace(result.findings.map(describeFinding).join('\n'));
  if (result.verdict === 'inconclusive' && result.level === 'MUST') throw withoutPlace(`inconclusive: ${result.reason}`);
  if (result.verdict !== 'pass' && result.verdict !== 'warn') skip(`${result.verdict}: ${result.reason}`);
}

const describeFinding = ({ id, message, expected, received, count }: Finding): string =>
  `${id} (seen ${count} times): ${message}\n  expected ${expected}\n  received ${received}`;

async function settle(source: string | Readonly<Record<string, unknown>> | undefined, options: ConformanceOptions): Promise<Settings> {
  const flags: Record<string, readonly string[]> = {};
  if (typeof source === 'string') flags.profile = [source];
  if (options.only !== undefined) flags.only = [options.only.join(',')];
  if (options.seed !== undefined) flags.seed = [String(options.seed)];
  if (options.effort !== undefined) flags.effort = [options.effort];
  // Suites of several areas may run at once, each a run with a folder of its own.
  const folder = options.reportDir ?? (options.only === undefined ? undefined : `conformance-report/${options.only.join('-')}`);
  if (folder !== undefined) flags['report-dir'] = [folder];
  const resolved = await resolveSettings({
    flags,
    env: process.env,
    cwd: process.cwd(),
    readFile: (path) => readFileSync(path, 'utf8'),
    ...(typeof source === 'object' ? { document: source } : {}),
  });
  if ('mistakes' in resolved) throw withoutPlace(resolved.mistakes.map(describeMistake).join('\n'));
  return resolved.settings;
}

/** What the target did wrong is at no place in the code of the suite. */
function withoutPlace(message: string): Error {
  const error = new Error(message);
  error.stack = `Error: ${message}`;
  return error;
}
