/** The sources of settings, each read into what it gives and what is wrong with it: flags, environment, profile file. */

import type { Tree } from './settings-document.ts';
import { collectReferences, type Fault, type Surroundings, showKind } from './settings-forms.ts';
import { describeWays, flagsOf, type KeyName, keyNames, keyOf, secretFlags, variablesOf } from './settings-keys.ts';
import { countEdits, type Mistake, nearest, quote } from './settings-mistakes.ts';

/** A value as read, and where it came from. */
export interface Given {
  readonly value: unknown;
  readonly where: string;
}

export interface Layer {
  readonly given: ReadonlyMap<KeyName, Given>;
  readonly mistakes: readonly Mistake[];
}

/** Flag names without dashes, each with its values in the order given; of a flag without a value, `true` or `false`. */
export type Flags = Readonly<Record<string, readonly string[]>>;

export type Environment = Readonly<Record<string, string | undefined>>;

const told = (fault: Fault, where: string, field: string): Mistake => ({
  where: fault.place ?? where,
  field: `${field}${fault.below ?? ''}`,
  expected: fault.expected,
  ...(fault.came && { came: fault.came }),
  ...(fault.advice && { advice: fault.advice }),
});

const meant = (guess: string | undefined): { advice?: string } => (guess ? { advice: `did you mean ${guess}?` } : {});

/** One text that sets a key: of a flag or a variable. */
interface Saying {
  readonly where: string;
  readonly text: string;
}

/** Reads what flags or variables say of one key. Two that differ are a mistake: which of them was meant cannot be known. */
function readSayings(name: KeyName, sayings: readonly Saying[]): { given?: Given; mistakes: Mistake[] } {
  const { form, secret } = keyOf(name);
  const [first] = sayings;
  if (!first || !form.fromText) return { mistakes: [] };
  const other = sayings.find(({ text }) => text !== first.text);
  if (other) {
    const came = secret ? undefined : `${quote(first.text)} and ${quote(other.text)}`;
    const where = other.where === first.where ? first.where : `${first.where} and ${other.where}`;
    return { mistakes: [{ where, field: name, expected: 'one value', ...(came && { came }), advice: 'give it once' }] };
  }
  const outcome = form.fromText(first.text);
  if ('value' in outcome) return { given: { value: outcome.value, where: first.where }, mistakes: [] };
  return { mistakes: outcome.faults.map((fault) => told(fault, first.where, name)) };
}

/** `baseUrl` is the argument that stands without a flag. */
export function readFlags(flags: Flags, baseUrl: string | undefined): Layer {
  const given = new Map<KeyName, Given>();
  const mistakes: Mistake[] = [];
  const refused = secretFlags();
  const known = new Set(keyNames.flatMap(flagsOf));
  for (const flag of Object.keys(flags)) {
    const key = refused.get(flag);
    if (key) {
      const advice = `set the variable ${variablesOf(key)[0]} instead, and change the secret if others use this machine`;
      mistakes.push({
        where: `--${flag}`,
        field: key,
        expected: 'no secret among the flags, where every list of processes shows it',
        advice,
      });
    } else if (!known.has(flag)) {
      const guess = nearest(flag, [...known, ...refused.keys()]);
      const secret = guess && refused.get(guess);
      const meaning = secret ? `the variable ${variablesOf(secret)[0]}` : guess && `--${guess}`;
      mistakes.push({ where: `--${quote(flag).slice(1, -1)}`, expected: 'a flag of this command', ...meant(meaning) });
    }
  }
  for (const name of keyNames) {
    const sayings = flagsOf(name).flatMap((flag) => (flags[flag] ?? []).map((text) => ({ where: `--${flag}`, text })));
    if (name === 'target' && baseUrl !== undefined) sayings.unshift({ where: 'baseUrl', text: baseUrl });
    // A flag that takes several values may be repeated: its values add up.
    const repeated = keyOf(name).form.repeatable && sayings.length > 1;
    const read = readSayings(name, repeated ? [{ where: sayings[0]!.where, text: sayings.map(({ text }) => text).join(',') }] : sayings);
    if (read.given) given.set(name, read.given);
    mistakes.push(...read.mistakes);
  }
  return { given, mistakes };
}

/** A variable that is set but empty counts as unset: so a secret that a CI system does not have arrives. */
export function readVariable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] || undefined : undefined;
}

/** `meantForFile`: names that the profile refers to by `{ env: NAME }`. */
export function readEnvironment(environment: Environment, meantForFile: readonly string[]): Layer {
  const given = new Map<KeyName, Given>();
  const mistakes: Mistake[] = [];
  for (const name of keyNames) {
    const sayings = variablesOf(name).flatMap((variable) => {
      const text = readVariable(environment, variable);
      return text === undefined ? [] : [{ where: variable, text }];
    });
    const read = readSayings(name, sayings);
    if (read.given) given.set(name, read.given);
    mistakes.push(...read.mistakes);
  }
  const known = new Set(['CPC_DEBUG', ...keyNames.flatMap(variablesOf)]);
  for (const variable of Object.keys(environment)) {
    if (!variable.startsWith('CPC_') || known.has(variable) || meantForFile.includes(variable)) continue;
    // Others may use the prefix, or number ours for later use; only a slip of the pen is certain to be a mistake.
    const guess = nearest(variable, known);
    const slip = guess && countEdits(variable, guess, 3) < 3 && variable.replace(/_?\d+$/u, '') !== guess;
    if (slip) mistakes.push({ where: variable, expected: 'a variable of this suite', advice: `did you mean ${guess}? Else unset it` });
  }
  return { given, mistakes };
}

/** `overridden`: keys that flags or environment give; what the file refers to for them need not be there. */
export function readTree(tree: Tree, surroundings: Surroundings, overridden: ReadonlySet<KeyName>): Layer {
  const given = new Map<KeyName, Given>();
  const mistakes: Mistake[] = [];
  const inFile = keyNames.filter((name) => keyOf(name).scope === 'profile');
  const readMap = (map: Tree, prefix: string): void => {
    if (map.kind !== 'map') {
      const expected = `a map of keys${prefix ? '' : ' such as target, auth, limits'}`;
      mistakes.push({ where: map.place, ...(prefix && { field: prefix.slice(0, -1) }), expected, came: showKind(map) });
      return;
    }
    for (const { key, place, value } of map.entries) {
      const path = `${prefix}${key}`;
      const name = inFile.find((one) => one === path);
      if (!name) {
        if (inFile.some((one) => one.startsWith(`${path}.`))) readMap(value, `${path}.`);
        else
          mistakes.push({
            where: place,
            field: shortenPath(path),
            expected: 'a key of the profile',
            ...meant(guessKey(key, prefix, inFile)),
          });
      } else if (!overridden.has(name) || collectReferences(value).length === 0) {
        const outcome = keyOf(name).form.fromTree(value, surroundings);
        if ('value' in outcome) given.set(name, { value: outcome.value, where: value.place });
        else mistakes.push(...outcome.faults.map((fault) => told(fault, value.place, name)));
      }
    }
  };
  readMap(tree, '');
  return { given, mistakes };
}

const shortenPath = (path: string): string => (/^[\w.-]{1,60}$/u.test(path) ? path : quote(path));

/** A sibling that is written alike, else the same name elsewhere in the profile, else the flag that it is. */
function guessKey(key: string, prefix: string, inFile: readonly KeyName[]): string | undefined {
  const siblings = new Set(inFile.filter((one) => one.startsWith(prefix)).map((one) => one.slice(prefix.length).split('.')[0]!));
  const sibling = nearest(key, siblings);
  if (sibling) return `${prefix}${sibling}`;
  const elsewhere = inFile.find((one) => one.split('.').at(-1)?.toLowerCase() === key.toLowerCase());
  if (elsewhere) return elsewhere;
  const ofRun = keyNames.find((name) => keyOf(name).scope !== 'profile' && name.toLowerCase() === key.toLowerCase());
  return ofRun && `${describeWays(ofRun)}, which is of the run and not of the profile`;
}
