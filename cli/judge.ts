/** `judge`: the verdict again, from the evidence alone. */
import type { Command } from 'commander';
import { exitStatusOf } from './exit-status.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command
    .argument('<journal...>', 'journal.ndjson of a run, or those of all its shards')
    .option('--report-dir <DIR>', 'write the reports there too');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const [{ judgeJournals }, { renderConsole }] = await Promise.all([import('../judge/offline.ts'), import('../reports/console.ts')]);
  const { report, evidence } = await judgeJournals(command.args);
  const { reportDir } = command.opts<{ reportDir?: string }>();
  const written = reportDir === undefined ? [] : await write(reportDir);
  const exitStatus = exitStatusOf(report);
  return { status: exitStatus, out: renderConsole(report, evidence, { ...world.stdout, exitStatus, dir: reportDir ?? '.', written }) };

  async function write(dir: string): Promise<readonly string[]> {
    const { defaultReporters, writeReports } = await import('../reports/write.ts');
    return writeReports({ dir, report, evidence, reporters: defaultReporters });
  }
}
