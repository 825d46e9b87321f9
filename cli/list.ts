/** `list`: the catalogue, whole or in part. */
import type { Command } from 'commander';
import { rows } from '../spec/catalogue/index.ts';
import type { Mistake } from '../target/settings-mistakes.ts';
import { rowOrArea } from '../target/settings-records.ts';
import { describeMistakes } from './settings-of.ts';
import type { Ended, World } from './world.ts';

export function define(command: Command): void {
  command
    .argument('[only...]', 'ids of requirements, or areas: FLT-04 CLS')
    .option('--json', 'every row with its premise and witness, as JSON')
    .option('--markdown', 'the same as Markdown tables');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const { json, markdown } = command.opts<{ json?: true; markdown?: true }>();
  const mistakes: Mistake[] = json && markdown ? [{ where: '--json and --markdown', expected: 'one of them' }] : [];
  const only = command.args.flatMap((word) => {
    const outcome = rowOrArea.fromText!(word);
    if ('value' in outcome) return [outcome.value];
    mistakes.push(...outcome.faults.map((fault) => ({ where: 'only', ...fault })));
    return [];
  });
  if (mistakes.length > 0) return { status: 2, err: describeMistakes(mistakes) };
  const { renderCatalogue } = await import('../reports/list.ts');
  const shown = rows.filter(({ id }) => only.length === 0 || only.some((word) => word === id || id.startsWith(`${word}-`)));
  return { status: 0, out: renderCatalogue(shown, json ? 'json' : markdown ? 'markdown' : 'text', world.stdout.columns) };
}
