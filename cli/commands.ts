/** The commands, each in a file of its own that is loaded only when it is asked for. */
import type { Command } from 'commander';
import type { Ended, World } from './world.ts';

/** What the file of a command exports. */
export interface CommandFile {
  /** Adds its arguments and flags. */
  define(command: Command): void;
  /** `command` has been parsed. An error thrown is told by `main`. */
  perform(command: Command, world: World): Promise<Ended>;
}

export const commands: Readonly<Record<string, { readonly about: string; readonly load: () => Promise<CommandFile> }>> = {
  run: { about: 'Tests a target and gives a verdict.', load: () => import('./run.ts') },
  init: { about: 'Writes a commented profile, by asking on a terminal or from flags.', load: () => import('./init.ts') },
  serve: { about: 'Starts the reference implementation, in memory, until Ctrl-C.', load: () => import('./serve.ts') },
  list: { about: 'Shows the catalogue of requirements.', load: () => import('./list.ts') },
  judge: {
    about: 'Works out the verdict again, offline, from the journals of one run or of its shards.',
    load: () => import('./judge.ts'),
  },
  cleanup: { about: 'Closes what a run left open, from its journal.', load: () => import('./cleanup.ts') },
  prove: { about: 'Runs the suite against every fault and variant of the reference implementation.', load: () => import('./prove.ts') },
  replay: { about: 'Performs the sequence of a finding again, on fresh ground.', load: () => import('./replay.ts') },
};
