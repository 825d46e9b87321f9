/** `prove`: the suite against every fault and every variant of the reference implementation. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { listCorruptions, listFaults, listVariants } from '../reference/registry.ts';
import type { Selection } from '../spec/journal.ts';
import type { Outcome, Task } from '../suites/prove/attempt.ts';
import { readShortest } from '../suites/prove/shortest.ts';
import type { Ended, World } from './world.ts';

interface Options {
  readonly only?: string;
  readonly seeds: string;
  readonly effort: Selection['effort'];
  readonly out: string;
  readonly resume?: true;
  readonly narrow?: true;
  readonly workers?: string;
  readonly limit: string;
}

export function define(command: Command): void {
  command
    .option('--only <NAME,…>', 'names, or parts of names, of faults and variants; `faults`, `corruptions`, `variants` and areas (FLT) too')
    .option('--seeds <N>', 'how many seeds each is tried with, from 1', '1')
    .option('--effort <EFFORT>', 'quick, standard or thorough', 'standard')
    .option('--out <FILE>', 'outcomes, a JSON line each; beside it the matrix as .md', 'prove.ndjson')
    .option('--resume', 'go on where the file of outcomes ends')
    .option(
      '--narrow',
      'end each attempt at the first finding that counts, and try the campaigns that name its row first: quicker, without lengths',
    )
    .option('--workers <N>', 'processes; as many as there are cores, if not given')
    .option('--limit <S>', 'seconds an attempt may take', '60');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const options = command.opts<Options>();
  const path = resolve(world.cwd, options.out);
  const before = options.resume && existsSync(path) ? readOutcomes(path) : [];
  const all = plan(options);
  if (all.length === 0)
    return {
      status: 2,
      err: `Expected --only to name faults or variants, got ${options.only}; serve --list shows all.\nexit 2: usage or profile\n`,
    };
  const tasks = all.filter((task) => !before.some((outcome) => outcome.name === task.name && outcome.seed === task.seed));
  if (before.length === 0) writeFileSync(path, '');
  const signal = world.interruption(() => world.err('Interrupted: --resume goes on from here.\n'));
  const [{ attemptAll }, { renderMatrix, summarise }] = await Promise.all([
    import('../suites/prove/pool.ts'),
    import('../reports/kill-matrix.ts'),
  ]);
  const outcomes = [...before];
  const failures: string[] = [];
  await attemptAll(tasks, {
    workers: Number(options.workers ?? availableParallelism()),
    limitMs: Number(options.limit) * 1_000,
    signal,
    onOutcome(outcome) {
      outcomes.push(outcome);
      appendFileSync(path, `${JSON.stringify(outcome)}\n`);
      world.err(`${outcomes.length}/${all.length}  ${describe(outcome)}\n`);
    },
    onFailed({ task, message }) {
      failures.push(`${task.kind} ${task.name}, seed ${task.seed}: ${message}`);
      world.err(`${task.kind} ${task.name}, seed ${task.seed}: ${message}\n`);
    },
  });
  const registry = { faults: listFaults(), corruptions: listCorruptions(), variants: listVariants(), shortest: readShortest() };
  writeFileSync(`${path.replace(/\.ndjson$/, '')}.md`, renderMatrix(outcomes, registry));
  const summary = summarise(outcomes, registry);
  const status = signal.aborted ? (signal.reason === 'SIGTERM' ? 143 : 130) : failures.length > 0 ? 5 : summary.isClean ? 0 : 1;
  return {
    status,
    out: `${summary.text}${failures.map((failure) => `${failure}\n`).join('')}exit ${status}: ${meaningOf(status)}\n`,
  };
}

function meaningOf(status: number): string {
  if (status === 0) return 'every fault caught, no false alarm';
  if (status === 1) return 'a miss or a false alarm';
  return status === 5 ? 'an attempt came to no outcome' : 'interrupted';
}

function plan({ only, seeds, effort, narrow }: Options): Task[] {
  const words = only?.split(',');
  // A whole name means itself only, though others may begin like it.
  const names = new Set([...listFaults(), ...listVariants()].map(({ name }) => name));
  const wanted = (kind: string, name: string, areas: readonly string[]): boolean =>
    words === undefined ||
    words.some(
      (word) =>
        word === kind ||
        name === word ||
        areas.includes(word) ||
        (word.length > 3 && word !== 'corruptions' && !names.has(word) && name.includes(word)),
    );
  const faults = listFaults().filter(({ name, caughtBy }) =>
    wanted(
      'faults',
      name,
      caughtBy.map((id) => id.slice(0, 3)),
    ),
  );
  // A few hundred more, made by machine: only where they are asked for.
  const corruptions =
    words === undefined ? [] : listCorruptions().filter(({ name }) => words.some((word) => word === 'corruptions' || word === name));
  const variants = listVariants().filter(({ name }) => wanted('variants', name, []));
  const count = Number(seeds);
  const way = { effort, ...(narrow && { narrow }) };
  return Array.from({ length: count }, (_, index) => index + 1).flatMap((seed) => [
    ...faults.map(({ name }): Task => ({ kind: 'fault', name, seed, ...way })),
    ...corruptions.map(({ name }): Task => ({ kind: 'corruption', name, seed, ...way })),
    ...variants.map(({ name }): Task => ({ kind: 'variant', name, seed, effort })),
  ]);
}

function readOutcomes(path: string): Outcome[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      try {
        return line === '' ? [] : [JSON.parse(line) as Outcome];
      } catch {
        return []; // A torn last line: its attempt is made again.
      }
    });
}

function describe({ kind, name, seed, caughtBy, fails, warns, durationMs, exchanges }: Outcome): string {
  const said =
    kind !== 'variant'
      ? caughtBy.length > 0
        ? `caught by ${caughtBy.join(' ')}`
        : `not caught (${[...fails, ...warns].join(' ') || 'nothing red'})`
      : [...fails.map((id) => `FAIL ${id}`), ...warns.map((id) => `warn ${id}`)].join(' ') || 'silent';
  return `${kind} ${name} #${seed}: ${said} · ${(durationMs / 1_000).toFixed(1)} s · ${exchanges} exchanges`;
}
