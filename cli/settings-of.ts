/** Settings of a command: what the command line said, resolved with environment and files, or how to end for its mistakes. */
import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { resolveSettings, type Settings, type SettingsInput } from '../target/settings.ts';
import { describeMistake, type Mistake, nearest } from '../target/settings-mistakes.ts';
import { commands } from './commands.ts';
import { readSettings } from './flags.ts';
import type { Ended, World } from './world.ts';

/** `more`: what the command itself knows beside its command line. */
export async function settingsOf(
  command: Command,
  world: World,
  more: Pick<SettingsInput, 'recorded' | 'embedded'> & { readonly operands?: number },
): Promise<{ settings: Settings } | { ended: Ended }> {
  const { operands: taken = 0, ...input } = more;
  const { flags, operands } = readSettings(command);
  const [baseUrl, ...rest] = operands.slice(taken);
  const resolved = await resolveSettings({
    flags,
    ...(baseUrl !== undefined && { baseUrl }),
    env: world.env,
    cwd: world.cwd,
    readFile: (path) => readFileSync(path, 'utf8'),
    ...input,
  });
  const mistakes = 'mistakes' in resolved ? [...resolved.mistakes] : [];
  // After a flag we do not know, what looks like an argument may be its value.
  const surplus = rest.length > 0 && Object.keys(flags).every((flag) => command.options.some((option) => option.name() === flag));
  if (surplus) mistakes.push({ where: 'baseUrl', field: 'target', expected: 'one base URL', came: `${rest.length + 1} arguments` });
  if (mistakes.length === 0 && 'settings' in resolved) return resolved;
  return { ended: { status: 2, err: describeMistakes(mistakes.map((mistake) => suggestCommand(mistake, baseUrl))) } };
}

/** `sevre` in the place of the base URL was meant to be a command. */
function suggestCommand(mistake: Mistake, baseUrl: string | undefined): Mistake {
  if (mistake.where !== 'baseUrl' || mistake.advice !== undefined || baseUrl === undefined) return mistake;
  const guess = nearest(baseUrl, Object.keys(commands));
  return guess ? { ...mistake, advice: `did you mean the command ${guess}?` } : mistake;
}

export function describeMistakes(mistakes: readonly Mistake[]): string {
  const count = mistakes.length === 1 ? 'one mistake' : `${mistakes.length} mistakes`;
  return `${mistakes.map(describeMistake).join('\n')}\nexit 2: usage or profile, ${count}\n`;
}
