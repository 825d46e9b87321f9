/** `init`: writes a commented profile, by asking where there is a terminal, else from flags and variables. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Command } from 'commander';
import { renderProfile } from '../target/profile-text.ts';
import { resolveSettings } from '../target/settings.ts';
import { isLoopback } from '../target/settings-address.ts';
import { type KeyName, keyNames, keyOf, variablesOf } from '../target/settings-keys.ts';
import type { Mistake } from '../target/settings-mistakes.ts';
import { type Environment, readEnvironment, readFlags } from '../target/settings-sources.ts';
import { explain } from '../target/system-error.ts';
import { defineSettings, readSettings } from './flags.ts';
import { ask } from './init-questions.ts';
import { describeMistakes } from './settings-of.ts';
import type { Ended, World } from './world.ts';

const usualName = 'conformance.yaml';

export function define(command: Command): void {
  command
    .argument('[baseUrl]', 'base URL of the target, path included')
    .option('--out <FILE>', 'the file to write', usualName)
    .option('--force', 'write over a file that is there');
  defineSettings(command, (_, { scope }) => scope === 'profile');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const { out: name, force = false } = command.opts<{ out: string; force?: true }>();
  const path = resolve(world.cwd, name);
  const { flags: all, operands } = readSettings(command);
  const { out: _, force: __, ...flags } = all;
  const [baseUrl, ...rest] = operands;
  const env = withoutProfile(world.env);
  const layers = [readEnvironment(env, []), readFlags(flags, baseUrl)];
  const mistakes: Mistake[] = layers.flatMap((layer) => layer.mistakes);
  // After a flag we do not know, what looks like an argument may be its value.
  const surplus = rest.length > 0 && Object.keys(flags).every((flag) => command.options.some((option) => option.name() === flag));
  if (surplus) mistakes.push({ where: 'baseUrl', field: 'target', expected: 'one base URL', came: `${rest.length + 1} arguments` });
  if (!force && existsSync(path)) mistakes.push(isThere(name));
  if (mistakes.length > 0) return refuse(mistakes);

  const given = new Map(layers.flatMap((layer) => [...layer.given].map(([key, { value }]) => [key, value] as const)));
  const known = new Map([...given].filter(([key]) => keyOf(key).scope === 'profile'));
  const asks = world.input.isTTY === true && world.stderr.stream.isTTY === true;
  const values = asks ? await ask(known, world) : known;
  if (values === undefined) return { status: 130, err: `Nothing was written.\nexit 130: interrupted\n` };
  referToSecrets(values);
  leadPathsFrom(dirname(path), world.cwd, values);

  const target = values.get('target');
  const text = renderProfile(values, findSchema(path), typeof target === 'string' && isLoopback(target));
  const wrong = await check(text, path, world.cwd, secretsOf(values));
  if (wrong.length > 0) return refuse(wrong);
  try {
    writeFileSync(path, text, { flag: force ? 'w' : 'wx' });
  } catch (error) {
    const isThereNow = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    return refuse([isThereNow ? isThere(name) : { where: name, expected: 'a file that can be written', came: explain(error) }]);
  }
  const variables = secretsOf(values).map((key) => variablesOf(key)[0]);
  const first = variables.length === 0 ? '' : `Set ${variables.join(' and ')}, then start`;
  return {
    status: 0,
    out: `${name} is written. ${first || 'Start'} a run with --profile ${name}.\nexit 0: the profile is written\n`,
  };
}

const refuse = (mistakes: readonly Mistake[]): Ended => ({ status: 2, err: describeMistakes(mistakes) });

const isThere = (name: string): Mistake => ({
  where: name,
  expected: 'no file of this name yet',
  advice: '--force writes over it, --out FILE writes elsewhere',
});

/** A profile that runs would read has no part in a new one. */
const withoutProfile = (env: Environment): Environment =>
  Object.fromEntries(Object.entries(env).filter(([variable]) => !variablesOf('profile').includes(variable)));

const secretsOf = (values: ReadonlyMap<KeyName, unknown>): KeyName[] => keyNames.filter((key) => keyOf(key).secret && values.has(key));

/** Each secret that is given, or that what is given asks for, comes from its variable: its value never gets into the file. */
function referToSecrets(values: Map<KeyName, unknown>): void {
  const type = values.get('auth.type') ?? (values.has('auth.clientId') ? 'oauth2' : undefined);
  if (type === 'none') for (const key of ['auth.clientSecret', 'auth.token'] as const) values.delete(key);
  const wanted: readonly KeyName[] = [
    ...(type === 'oauth2' ? (['auth.clientSecret'] as const) : []),
    ...(type === 'bearer' ? (['auth.token'] as const) : []),
    ...(values.has('auth.other.clientId') ? (['auth.other.clientSecret'] as const) : []),
  ];
  for (const key of [...secretsOf(values), ...wanted]) values.set(key, { env: variablesOf(key)[0] });
}

/** Paths of flags are meant from the working folder, those of a file from its own. */
function leadPathsFrom(folder: string, cwd: string, values: Map<KeyName, unknown>): void {
  for (const key of ['tls.ca', 'tls.cert', 'tls.key'] as const) {
    const value = values.get(key);
    if (typeof value === 'string') values.set(key, relative(folder, resolve(cwd, value)) || '.');
  }
}

/** Reads what is to be written as a run would, whatever the secrets will be. */
async function check(text: string, path: string, cwd: string, secrets: readonly KeyName[]): Promise<readonly Mistake[]> {
  const resolved = await resolveSettings({
    flags: { profile: [path] },
    env: Object.fromEntries(secrets.map((key) => [variablesOf(key)[0]!, 'x'])),
    cwd,
    readFile: (file) => (file === path ? text : readFileSync(file, 'utf8')),
  });
  // Where it would stand in a file that is not written tells nobody anything.
  return 'mistakes' in resolved ? resolved.mistakes.map(({ where: _, ...mistake }) => mistake) : [];
}

/** The schema that came with this package: by a path where the profile belongs to the same project, else by its URL. */
function findSchema(path: string): string {
  const schema = fileURLToPath(new URL('../spec/profile.schema.json', import.meta.url));
  const [project = ''] = schema.split(`${sep}node_modules${sep}`);
  const root = project === schema ? resolve(dirname(schema), '..', '..') : project;
  if (!`${dirname(path)}${sep}`.startsWith(`${root}${sep}`)) return pathToFileURL(schema).href;
  const way = relative(dirname(path), schema).replaceAll(sep, '/');
  return way.startsWith('.') ? way : `./${way}`;
}
