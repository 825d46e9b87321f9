/** The forms a setting can have: how its text or its part of a profile file is read, and what is said of what cannot be. */
import { isUuid } from '../spec/formats.ts';
import { type Address, readAddress } from './settings-address.ts';
import type { Tree } from './settings-document.ts';
import { quote } from './settings-mistakes.ts';

/** What is wrong with one value; its reader knows where it stands. */
export interface Fault {
  /** `file:line:column`, of a part of the value; absent: the whole value. */
  readonly place?: string;
  /** Path below the key: `[2].customerId`. */
  readonly below?: string;
  readonly expected: string;
  readonly came?: string;
  readonly advice?: string;
}

export type Outcome<T> = { readonly value: T } | { readonly faults: readonly Fault[] };

/** What the readers of a file may ask of the world around it. */
export interface Surroundings {
  /** A variable of the environment; undefined where unset or empty. */
  readonly variable: (name: string) => string | undefined;
}

export interface Form<T> {
  /** Follows "expected". */
  readonly expected: string;
  /** Stands for the value in help: `URL`. Absent: the flag takes no value. */
  readonly placeholder?: string;
  /** A flag of it may be given several times: the values add up. */
  readonly repeatable?: true;
  /** Of flags and variables. Absent: the key is for the file alone. */
  readonly fromText?: (text: string) => Outcome<T>;
  readonly fromTree: (tree: Tree, surroundings: Surroundings) => Outcome<T>;
}

/** What a value says, or, without `value`, what to say of it beside the form's own words. */
type Read<T> = { readonly value: T } | { readonly value?: undefined; readonly came?: string; readonly advice?: string };

/** One value. `secret`: what came is never shown. */
export function scalar<T>(
  expected: string,
  placeholder: string | undefined,
  read: (text: string) => Read<T>,
  takes: 'string' | 'number' | 'boolean' = 'string',
  secret = false,
): Form<T> {
  const fromText = (text: string): Outcome<T> => {
    const { value, ...wrong } = read(text);
    return value !== undefined ? { value } : { faults: [{ expected, ...(secret ? {} : { came: quote(text) }), ...wrong }] };
  };
  return {
    expected,
    ...(placeholder === undefined ? {} : { placeholder }),
    fromText,
    fromTree: (tree, surroundings) => {
      const reference = readReference(tree, surroundings);
      if (reference)
        return 'faults' in reference ? { faults: [{ ...reference.faults[0]!, expected }] } : at(tree.place, fromText(reference.value));
      if (tree.kind !== 'scalar') return { faults: [{ place: tree.place, expected, came: showKind(tree) }] };
      if (typeof tree.value === takes) return at(tree.place, fromText(String(tree.value)));
      const came = secret && tree.value !== null ? `a ${typeof tree.value}` : showKind(tree);
      const advice = tree.value === null ? 'give a value or leave the key out' : takes === 'string' ? 'put it in quotes' : undefined;
      return { faults: [{ place: tree.place, expected, came, ...(advice ? { advice } : {}) }] };
    },
  };
}

/** `{ env: NAME }`: the value of a variable. Undefined where the tree is no such reference. */
function readReference(tree: Tree, { variable }: Surroundings): Outcome<string> | undefined {
  if (tree.kind !== 'map' || !tree.entries.some(({ key }) => key === 'env')) return undefined;
  const { value, place } = tree.entries.find(({ key }) => key === 'env')!;
  const bad = (came: string, advice: string): Outcome<string> => ({ faults: [{ place, expected: '', came, advice }] });
  if (tree.entries.length > 1) return bad('more keys than env', 'a reference is { env: NAME } and nothing else');
  if (value.kind !== 'scalar' || typeof value.value !== 'string' || !/^[A-Za-z_][A-Za-z0-9_]*$/u.test(value.value)) {
    return bad('env without the name of a variable', 'a reference is { env: NAME }');
  }
  const text = variable(value.value);
  return text === undefined ? bad('nothing', `set the variable ${value.value}, which is unset or empty`) : { value: text };
}

/** The names that `{ env: NAME }` refers to, anywhere in a tree. */
export function collectReferences(tree: Tree): string[] {
  if (tree.kind === 'list') return tree.items.flatMap(collectReferences);
  if (tree.kind === 'scalar') return [];
  return tree.entries.flatMap(({ key, value }) =>
    key === 'env' && value.kind === 'scalar' && typeof value.value === 'string' ? [value.value] : collectReferences(value),
  );
}

const at = <T>(place: string, outcome: Outcome<T>): Outcome<T> =>
  'value' in outcome ? outcome : { faults: outcome.faults.map((fault) => ({ place, ...fault })) };

export const showKind = (tree: Tree): string =>
  tree.kind === 'list'
    ? 'a list'
    : tree.kind === 'map'
      ? 'a map'
      : typeof tree.value === 'string'
        ? quote(tree.value)
        : describeScalar(tree.value);

const describeScalar = (value: number | boolean | null): string =>
  value === null ? 'nothing' : typeof value === 'number' ? `the number ${value}` : `the truth value ${value}`;

export const text = (expected = 'text', placeholder = 'TEXT'): Form<string> =>
  scalar(expected, placeholder, (given) => (/^[^\p{Cc}]+$/u.test(given) ? { value: given } : {}));

/** A password or the like; never shown. */
export const secret: Form<string> = scalar(
  'text without line breaks or control characters',
  'SECRET',
  (given) => (/^[^\p{Cc}]+$/u.test(given) ? { value: given } : { advice: 'look for a line break at its end' }),
  'string',
  true,
);

/** What stands behind `Bearer` in the header (RFC 6750 §2.1); never shown. */
export const bearerToken: Form<string> = scalar(
  'a token as it stands behind "Bearer " in the header, without white space',
  'TOKEN',
  (given) => (/^[!-~]+$/u.test(given) ? { value: given } : /^bearer\s/iu.test(given) ? { advice: 'leave out the word Bearer' } : {}),
  'string',
  true,
);

export const uuid: Form<string> = scalar('a UUID such as 0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9', 'UUID', (given) =>
  isUuid(given) ? { value: given } : {},
);

const takeAddress = (read: Address): Read<string> => ('address' in read ? { value: read.address } : read);

export const baseAddress: Form<string> = scalar(
  'an address that begins with http:// or https://, without credentials, query or fragment',
  'URL',
  (given) => takeAddress(readAddress(given, false)),
);

export const tokenAddress: Form<string> = scalar(
  'an address that begins with http:// or https://, without credentials or fragment',
  'URL',
  (given) => takeAddress(readAddress(given, true)),
);

const showNumber = (value: number): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** A whole number between bounds, both included. */
export const whole = (least: number, most: number): Form<number> =>
  scalar(
    `a whole number from ${showNumber(least)} to ${showNumber(most)}`,
    'N',
    (given) => {
      const value = Number(given);
      return /^\d{1,15}$/u.test(given) && value >= least && value <= most ? { value } : {};
    },
    'number',
  );

/** A number above 0, up to `most`. */
export const positive = (most: number): Form<number> =>
  scalar(
    `a number above 0, at most ${showNumber(most)}`,
    'N',
    (given) => {
      const value = Number(given);
      return /^\d{1,15}(?:\.\d{1,15})?$/u.test(given) && value > 0 && value <= most ? { value } : {};
    },
    'number',
  );

const truths: Readonly<Record<string, boolean>> = { true: true, false: false, yes: true, no: false, '1': true, '0': false };

export const truth: Form<boolean> = scalar(
  'true or false',
  undefined,
  (given) => {
    const value = Object.hasOwn(truths, given.toLowerCase()) ? truths[given.toLowerCase()] : undefined;
    return value === undefined ? {} : { value };
  },
  'boolean',
);

/** One of some words. `placeholder`: where they are too long to stand for themselves in help. */
export const choice = <const T extends string>(values: readonly T[], placeholder = values.join('|')): Form<T> =>
  scalar(values.length > 1 ? `${values.slice(0, -1).join(', ')} or ${values.at(-1)}` : String(values[0]), placeholder, (given) => {
    const value = values.find((one) => one === given);
    return value === undefined ? {} : { value };
  });

/** Several values of one form: a list in the file, separated by commas in a flag or variable, each once. */
export function several<T>(one: Form<T>, expected: string, placeholder: string): Form<readonly T[]> {
  const gather = (outcomes: readonly Outcome<T>[], empty: () => Fault): Outcome<readonly T[]> => {
    const faults = outcomes.flatMap((outcome) => ('faults' in outcome ? outcome.faults : []));
    if (faults.length > 0) return { faults };
    if (outcomes.length === 0) return { faults: [empty()] };
    return { value: [...new Set(outcomes.flatMap((outcome) => ('value' in outcome ? [outcome.value] : [])))] };
  };
  const { fromText } = one;
  return {
    expected,
    placeholder,
    repeatable: true,
    ...(fromText && {
      fromText: (given: string) =>
        gather(
          given
            .split(',')
            .map((part) => part.trim())
            .filter((part) => part !== '')
            .map(fromText),
          () => ({ expected, came: quote(given) }),
        ),
    }),
    fromTree: (tree, surroundings) =>
      tree.kind === 'list'
        ? gather(
            tree.items.map((item, index) => below(`[${index}]`, one.fromTree(item, surroundings))),
            () => ({ place: tree.place, expected, came: 'an empty list', advice: 'leave the key out' }),
          )
        : { faults: [{ place: tree.place, expected: `a list: ${expected}`, came: showKind(tree) }] },
  };
}

/** Puts the path of a part before the paths of its faults. */
export const below = <T>(path: string, outcome: Outcome<T>): Outcome<T> =>
  'value' in outcome ? outcome : { faults: outcome.faults.map((fault) => ({ ...fault, below: `${path}${fault.below ?? ''}` })) };
