/** `run`: the main job, from settings to verdict. */
import type { Command } from 'commander';
import { startEmbedded } from './embedded.ts';
import { defineSettings } from './flags.ts';
import { settingsOf } from './settings-of.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command.argument('[baseUrl]', 'base URL of the target, path included');
  defineSettings(command);
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const embedded = command.opts().embedded === true ? await startEmbedded() : undefined;
  try {
    const outcome = await settingsOf(command, world, { ...(embedded && { embedded }) });
    if ('ended' in outcome) return outcome.ended;
    const { profile, selection, seed, reportDir, reporters, notes } = outcome.settings;
    for (const note of notes) world.err(`note: ${note}\n`);
    const signal = world.interruption('Interrupted: closing what was created; once more to leave at once.');
    const [{ conduct }, { createProgress }, { renderConsole }] = await Promise.all([
      import('../suites/conduct.ts'),
      import('../reports/progress.ts'),
      import('../reports/console.ts'),
    ]);
    const progress = createProgress({ write: world.err, ...world.stderr });
    const conducted = await conduct({ profile, selection, seed, reportDir, reporters, progress, signal });
    return {
      status: conducted.exitStatus,
      out: renderConsole(conducted.report, conducted.evidence, {
        ...world.stdout,
        exitStatus: conducted.exitStatus,
        dir: conducted.reportDir,
        written: conducted.written,
      }),
    };
  } finally {
    await embedded?.close();
  }
}
