/** `cleanup`: closes what a run left open. */
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RunLine } from '../spec/journal.ts';
import { defineSettings } from './flags.ts';
import { settingsOf } from './settings-of.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command.argument('<journal>', 'journal.ndjson of the run');
  defineSettings(command, (name, { scope }) => scope === 'profile' || name === 'profile' || name === 'insecure');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const [given = ''] = command.args.filter((word) => !word.startsWith('-'));
  const path = resolve(world.cwd, given);
  const [{ readJournal }, { readMade, cleanUp }] = await Promise.all([import('../target/journal.ts'), import('../suites/cleanup.ts')]);
  const onTorn = (message: string): void => world.err(`note: ${message}\n`);
  const run = await firstLine(readJournal(path, { onTorn }));
  if (run === undefined)
    return {
      status: 2,
      err: `Expected the journal of a run, which begins with a line of type "run", at ${given}; it begins otherwise.\nexit 2: usage or profile\n`,
    };
  const outcome = await settingsOf(command, world, { operands: 1, recorded: { name: given, profile: run.profile } });
  if ('ended' in outcome) return outcome.ended;
  const made = await readMade(readJournal(path, { onTorn }));
  const signal = world.interruption(() => world.err('Interrupted: run cleanup again for what is left.\n'));
  const { closed, left, doubtful } = await cleanUp(made, outcome.settings.profile, signal, outcome.settings.selection.insecure === true);
  const lines = [
    `${closed.length} of ${closed.length + left.length} products that the run left open are over now`,
    ...left.map(({ product, reason }) => `left      ${product}: ${reason}`),
    ...doubtful.map((customer) => `doubtful  customer ${customer}: a create there was never answered; look whether it made a product`),
  ];
  const status = signal.aborted ? (signal.reason === 'SIGTERM' ? 143 : 130) : left.length > 0 || doubtful.length > 0 ? 3 : 0;
  return {
    status,
    out: `${lines.join('\n')}\nexit ${status}: ${status === 0 ? 'nothing of the run is left open' : 'something is left, or may be'}\n`,
  };
}

async function firstLine(lines: AsyncIterable<{ readonly type: string }>): Promise<RunLine | undefined> {
  for await (const line of lines) return line.type === 'run' ? (line as RunLine) : undefined;
  return undefined;
}
