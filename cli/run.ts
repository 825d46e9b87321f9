/** `run`: the main job, from settings to verdict. */
import type { Command } from 'commander';
import { startEmbedded } from './embedded.ts';
import { defineSettings } from './flags.ts';
import { followRun } from './progress.ts';
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
    const [{ conduct }, { renderConsole }, { defaultReporters }, { progress, signal }] = await Promise.all([
      import('../suites/conduct.ts'),
      import('../reports/console.ts'),
      import('../reports/write.ts'),
      followRun(world),
    ]);
    const asked = [...new Set([...defaultReporters, ...reporters])];
    const conducted = await conduct({ profile, selection, seed, reportDir, reporters: asked, progress, signal });
    progress.done();
    const { report, evidence, exitStatus } = conducted;
    const annotations = reporters.includes('github') ? (await import('../reports/github.ts')).renderGithub(report) : '';
    const text = renderConsole(report, evidence, { ...world.stdout, exitStatus, dir: conducted.reportDir, written: conducted.written });
    return { status: exitStatus, out: annotations + text };
  } finally {
    await embedded?.close();
  }
}
