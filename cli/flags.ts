/** The flags of the settings, as the parser of the command line wants them, and what it read of them. */
import { type Command, Option } from 'commander';
import { flagsOf, groups, type Key, type KeyName, keyNames, keyOf, secretFlags, variablesOf } from '../target/settings-keys.ts';
import type { Flags } from '../target/settings-sources.ts';

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

/** Gives a command the flags of every setting that `takes` it, those of secrets among them, so that they can be refused without a trace. */
export function defineSettings(command: Command, takes: (name: KeyName, key: Key) => boolean = () => true): void {
  command.allowUnknownOption().allowExcessArguments();
  for (const group of groups) {
    for (const name of keyNames.filter((one) => keyOf(one).group === group && takes(one, keyOf(one)))) {
      const [shown, ...others] = flagsOf(name).flatMap((flag) => optionsOf(name, flag));
      if (shown) command.addOption(shown.helpGroup(`${group}:`));
      for (const option of others) command.addOption(option.hideHelp());
    }
  }
  for (const flag of secretFlags().keys()) command.addOption(new Option(`--${flag} [value]`).hideHelp());
  command.addHelpOption(new Option('-h, --help', 'show this').helpGroup('This run:'));
  command.addHelpText('after', () => wordsOnSecrets());
}

function optionsOf(name: KeyName, flag: string): Option[] {
  const { form, scope, fallback } = keyOf(name);
  if (form.placeholder) return [new Option(`--${flag} <${form.placeholder}>`, describeKey(name)).argParser(gather)];
  const positive = new Option(`--${flag}`, describeKey(name));
  const negative = new Option(`--no-${flag}`, `do not ${describeKey(name)}`);
  if (scope !== 'profile') return [positive];
  return fallback?.elsewhere === true ? [negative, positive] : [positive, negative];
}

function describeKey(name: KeyName): string {
  const { about, fallback, form } = keyOf(name);
  if (!fallback || !form.placeholder) return about;
  const { loopback, elsewhere } = fallback;
  const show = (value: unknown): string => (Array.isArray(value) ? (value.length > 3 ? 'all' : value.join(',')) : String(value ?? 'none'));
  const same = show(loopback) === show(elsewhere);
  return `${about} (default ${show(elsewhere)}${same ? '' : `, on loopback ${show(loopback)}`})`;
}

function wordsOnSecrets(): string {
  const secrets = [...new Set(secretFlags().values())].map((name) => variablesOf(name)[0]);
  return `
Each flag --a-b has a variable CPC_A_B; flags win over variables, variables over
the profile file. Secrets come by variable or profile file only:
${secrets.join(', ')}.
`;
}

/** What the command line said, as the settings take it: unknown flags too, for the settings tell all mistakes at once. */
export function readSettings(command: Command): { flags: Flags; operands: readonly string[] } {
  const flags: Record<string, readonly string[]> = {};
  for (const option of command.options) {
    const attribute = option.attributeName();
    const value: unknown = command.getOptionValueSource(attribute) === 'cli' ? command.getOptionValue(attribute) : undefined;
    if (value === undefined || option.negate) continue;
    flags[option.name()] = Array.isArray(value) ? value.map(String) : [String(value)];
  }
  const operands: string[] = [];
  for (const word of command.args) {
    const [, flag] = /^--?([^=]+)/u.exec(word) ?? [];
    if (flag === undefined) operands.push(word);
    else flags[flag] = [''];
  }
  return { flags, operands };
}
