/** `run`: the main job, from settings to verdict. */
import type { Command } from 'commander';
import { compileLess } from './compiler.ts';
import { startEmbedded } from './embedded.ts';
import { exitStatusOf, tellNeedlessWaivers } from './exit-status.ts';
import { defineSettings } from './flags.ts';
import { followRun } from './progress.ts';
import { settingsOf } from './settings-of.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command.argument('[baseUrl]', 'base URL of the target, path included');
  defineSettings(command);
}

export async function perform(command: Command, world: World): Promise<Ended> {
  compileLess();
  const embedded = command.opts().embedded === true ? await startEmbedded() : undefined;
  try {
    const outcome = await settingsOf(command, world, { ...(embedded && { embedded }) });
    if ('ended' in outcome) return outcome.ended;
    const { profile, selection, seed, reportDir, reporters, notes } = outcome.settings;
    for (const note of notes) world.err(`note: ${note}\n`);
    if (command.opts().plan === true) return { status: 0, out: (await import('../suites/plan.ts')).describePlan(profile, selection, seed) };
    const [{ conduct }, { chooseReportDir }, { renderConsole }, { defaultReporters }, { progress, signal }] = await Promise.all([
      import('../suites/conduct.ts'),
      import('../target/report-folder.ts'),
      import('../reports/console.ts'),
      import('../reports/write.ts'),
      followRun(world),
    ]);
    const dir = chooseReportDir(reportDir);
    const asked = [...new Set([...defaultReporters, ...reporters])];
    const { report, evidence, written, error } = await conduct({
      profile,
      selection,
      seed,
      reportDir: dir,
      reporters: asked,
      progress,
      signal,
    });
    progress.done();
    if (error instanceof Error && world.env.CPC_DEBUG === '1') world.err(`${error.stack}\n`);
    const annotations = reporters.includes('github') ? (await import('../reports/github.ts')).renderGithub(report) : '';
    const exitStatus = exitStatusOf(report);
    world.err(tellNeedlessWaivers(report));
    return { status: exitStatus, out: annotations + renderConsole(report, evidence, { ...world.stdout, exitStatus, dir, written }) };
  } finally {
    await embedded?.close();
  }
}
