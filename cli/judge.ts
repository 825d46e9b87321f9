/** `judge`: the verdict again, from the evidence alone. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { exitStatusOf, tellNeedlessWaivers } from './exit-status.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command
    .argument('<journal...>', 'journal.ndjson of a run, or its folder; those of all shards are judged as one')
    .option('--report-dir <DIR>', 'write the reports there too');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const [{ judgeLines, NotOneRun }, { readJournal }, { journalName }, { renderConsole }] = await Promise.all([
    import('../judge/offline.ts'),
    import('../target/journal.ts'),
    import('../target/report-folder.ts'),
    import('../reports/console.ts'),
  ]);
  const torn = new Set<string>();
  const journals = command.args.map((name) => {
    const path = resolve(world.cwd, name);
    const file = isFolder(path) ? join(path, journalName) : path;
    return { name, open: () => readJournal(file, { onTorn: (sentence) => torn.add(sentence) }) };
  });
  let judged: Awaited<ReturnType<typeof judgeLines>>;
  try {
    judged = await judgeLines(journals);
  } catch (error) {
    if (error instanceof NotOneRun) return { status: 2, err: `${error.message}\nexit 2: usage or profile\n` };
    throw error;
  } finally {
    for (const sentence of torn) world.err(`note: ${sentence}\n`);
  }
  const { report, evidence } = judged;
  const { reportDir } = command.opts<{ reportDir?: string }>();
  const written = reportDir === undefined ? [] : await write(resolve(world.cwd, reportDir));
  const exitStatus = exitStatusOf(report);
  world.err(tellNeedlessWaivers(report));
  return { status: exitStatus, out: renderConsole(report, evidence, { ...world.stdout, exitStatus, dir: reportDir ?? '.', written }) };

  async function write(dir: string): Promise<readonly string[]> {
    const { defaultReporters, writeReports } = await import('../reports/write.ts');
    return writeReports({ dir, report, evidence, reporters: defaultReporters });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
