/** Settings → profile: flags win over environment, environment over the profile file, and every mistake is told at once. */
import { randomInt } from 'node:crypto';
import type { Selection } from '../spec/journal.ts';
import type { Auth, Customer, Profile } from '../spec/profile.ts';
import { productCodes } from '../spec/values.ts';
import { settleAuth, type ValueFor } from './settings-auth.ts';
import { parseProfile, type Tree, treeOf } from './settings-document.ts';
import { collectReferences } from './settings-forms.ts';
import { describeWays, type KeyName, type ValueOf } from './settings-keys.ts';
import { type Mistake, nearest, quote } from './settings-mistakes.ts';
import { fillProfile, fillSelection } from './settings-profile.ts';
import {
  type Environment,
  type Flags,
  type Given,
  type Layer,
  readEnvironment,
  readFlags,
  readTree,
  readVariable,
} from './settings-sources.ts';
import { checkTls, type ReadFile } from './settings-tls.ts';
import { explain } from './system-error.ts';

export interface SettingsInput {
  readonly flags: Flags;
  /** The argument without a flag. */
  readonly baseUrl?: string;
  readonly env: Environment;
  /** Of UTF-8 text; throws what `readFileSync` throws. */
  readonly readFile: ReadFile;
  /** Absolute; paths of flags and variables are meant from here. */
  readonly cwd: string;
  /** A profile in memory, in the shape of the file: stands for the file where none is named. */
  readonly document?: unknown;
  /** The redacted profile of an earlier run and the name of its file: gives what nothing else gives. Its removed secrets are no values. */
  readonly recorded?: { readonly name: string; readonly profile: unknown };
  /** The target that this process has started itself; wins over everything. */
  readonly embedded?: { readonly target: string; readonly auth: Auth };
}

export interface Settings {
  readonly profile: Profile;
  readonly selection: Selection;
  /** Drawn, where none is given. */
  readonly seed: number;
  readonly reportDir: string;
  /** Asked for beyond those that every run writes. */
  readonly reporters: ValueOf<'reporter'>;
  /** What is worth saying and no mistake, a sentence each. */
  readonly notes: readonly string[];
}

export type Resolved = { readonly settings: Settings } | { readonly mistakes: readonly Mistake[] };

export async function resolveSettings(input: SettingsInput): Promise<Resolved> {
  const { recorded } = input;
  const flags = readFlags(input.flags, input.baseUrl);
  const profilePath = findProfilePath(flags, input.env);
  const file = await openProfile(profilePath, input);
  const environment = readEnvironment(input.env, file.tree ? collectReferences(file.tree) : []);
  const overridden = new Set([...environment.given.keys(), ...flags.given.keys()]);
  const surroundings = { variable: (name: string) => readVariable(input.env, name) };
  const layers: readonly Layer[] = [
    ...(recorded ? [readTree(treeOf(withoutRemoved(recorded.profile), recorded.name), surroundings, overridden)] : []),
    ...(file.tree ? [readTree(file.tree, surroundings, overridden)] : []),
    environment,
    flags,
  ];
  const given = new Map(layers.flatMap((layer) => [...layer.given]));
  keepWhatTheFileSays(layers, given);
  const mistakes = [...file.mistakes, ...layers.toReversed().flatMap((layer) => layer.mistakes)];
  return settle(input, given, { path: profilePath, unread: file.mistakes.length > 0 }, mistakes);
}

function findProfilePath(flags: Layer, env: Environment): string | undefined {
  return flags.given.has('profile') ? String(flags.given.get('profile')?.value) : readVariable(env, 'CPC_PROFILE');
}

async function openProfile(path: string | undefined, input: SettingsInput): Promise<{ tree?: Tree; mistakes: readonly Mistake[] }> {
  if (path === undefined) return { ...(input.document !== undefined && { tree: treeOf(input.document, 'profile') }), mistakes: [] };
  let text: string;
  try {
    text = input.readFile(path);
  } catch (error) {
    const where = quote(path).slice(1, -1);
    return {
      mistakes: [{ where, expected: 'a profile file that can be read', came: explain(error), advice: `see ${describeWays('profile')}` }],
    };
  }
  const parsed = await parseProfile(text.replace(/^\ufeff/u, ''), path);
  return 'tree' in parsed ? { tree: parsed.tree, mistakes: [] } : parsed;
}

/** A record keeps a mark where a secret was: `«redacted:token#2»`. */
function withoutRemoved(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('«') ? undefined : value;
  if (Array.isArray(value)) return value.map(withoutRemoved).filter((item) => item !== undefined);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([key, member]) => {
    const rest = withoutRemoved(member);
    const empty = Array.isArray(rest) && rest.length === 0;
    return rest === undefined || empty ? [] : [[key, rest] as const];
  });
  return Object.fromEntries(kept);
}

/** A flag that names customers picks among those of the file: what the file says of them (requestor, IBAN, exclusive) still holds. */
function keepWhatTheFileSays(layers: readonly Layer[], given: Map<KeyName, Given>): void {
  const said = layers.map((layer) => layer.given.get('customers')).filter((one) => one !== undefined);
  const [last] = said.slice(-1);
  if (!last || said.length < 2) return;
  const known = new Map(
    said.flatMap(({ value }) =>
      (value as readonly Customer[])
        .filter((one) => Object.keys(one).length > 1)
        .map((one) => [one.customerId.toLowerCase(), one] as const),
    ),
  );
  const picked = (last.value as readonly Customer[]).map((one) => ({ ...known.get(one.customerId.toLowerCase()), ...one }));
  given.set('customers', { ...last, value: picked });
}

interface ProfileFile {
  readonly path: string | undefined;
  /** It could not be read: what is missing may stand in it. */
  readonly unread: boolean;
}

function settle(input: SettingsInput, given: ReadonlyMap<KeyName, Given>, file: ProfileFile, mistakes: Mistake[]): Resolved {
  const { embedded } = input;
  // The table gives each key its type: what was read by its form is of it.
  const value: ValueFor = <K extends KeyName>(name: K) => given.get(name)?.value as ValueOf<K> | undefined;
  const told = new Set(mistakes.map(({ field }) => field));
  const noteMissing = (missing: readonly Mistake[]): void => {
    if (!file.unread) mistakes.push(...missing.filter(({ field }) => !told.has(field)));
  };
  const target = embedded?.target ?? value('target');
  if (target === undefined) noteMissing([noTarget]);
  if (embedded && isOfCommandLine(given.get('target'))) {
    mistakes.push({ where: 'baseUrl', field: 'target', expected: 'no base URL beside --embedded, which starts a target of its own' });
  }
  const settled = embedded ? { auth: embedded.auth, mistakes: [], notes: [] } : settleAuth(value, input.recorded !== undefined);
  noteMissing(settled.mistakes);
  const tls = checkTls({ given: (name) => given.get(name), readFile: input.readFile, cwd: input.cwd, profilePath: file.path });
  mistakes.push(...tls.mistakes, ...checkCreatable(value, given));
  if (mistakes.length > 0 || target === undefined) return { mistakes };
  const profile = fillProfile({ target, auth: settled.auth, value, tls: tls.paths });
  return {
    settings: {
      profile,
      selection: fillSelection(value, embedded !== undefined),
      seed: value('seed') ?? randomInt(2 ** 31),
      reportDir: value('reportDir') ?? 'conformance-report',
      reporters: value('reporter') ?? [],
      notes: settled.notes,
    },
  };
}

const noTarget: Mistake = {
  where: 'baseUrl',
  field: 'target',
  expected: 'the base URL of the target, http://localhost:8080 for example',
  came: 'nothing',
  advice: 'give it as the argument, in CPC_TARGET or as target of the profile, or say --embedded for a first look',
};

const isOfCommandLine = (given: Given | undefined): boolean =>
  given !== undefined && (given.where === 'baseUrl' || given.where.startsWith('--'));

function checkCreatable(value: ValueFor, given: ReadonlyMap<KeyName, Given>): Mistake[] {
  const known = [...productCodes, ...(value('values.productCode') ?? [])];
  return (value('creatable') ?? [])
    .filter((code) => !known.includes(code))
    .map((code) => {
      const guess = nearest(code, known);
      const advice = guess ? `did you mean ${guess}?` : 'a code beyond the document is named in values.productCode too';
      return {
        where: given.get('creatable')!.where,
        field: 'creatable',
        expected: `product codes among ${known.join(', ')}`,
        came: quote(code),
        advice,
      };
    });
}
