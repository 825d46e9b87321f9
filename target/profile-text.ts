/** The text of a profile as `init` writes it: every key of the table, those that are set and, as comments, those that are not. */
import { stringify } from 'yaml';
import { groups, type KeyName, keyNames, keyOf, variablesOf } from './settings-keys.ts';

/** What stands in the file for a key; of a secret, where it comes from. */
export type Values = ReadonlyMap<KeyName, unknown>;

interface Branch {
  readonly name: string;
  readonly key?: KeyName;
  readonly branches: Branch[];
}

/** The column that the explanations begin at, where the settings leave room. */
const column = 52;

/**
 * @param schema where the JSON Schema of profiles is, as seen from the file: a path or a URL
 * @param onLoopback which defaults hold
 */
export function renderProfile(values: Values, schema: string, onLoopback: boolean): string {
  const lines = [
    `# yaml-language-server: $schema=${schema}`,
    '# Profile for customer-products-conformance: what the target is and can do.',
    '# A line that begins with # and no space is a setting that is not set, with its',
    '# default or an example: take the # away to set it. Secrets do not belong here.',
  ];
  for (const group of groups) {
    const names = keyNames.filter((name) => keyOf(name).group === group && keyOf(name).scope === 'profile');
    if (names.length > 0) lines.push('', `# ${group}`, ...plant(names).flatMap((branch) => render(branch, '')));
  }
  return `${lines.join('\n')}\n`;

  function render(branch: Branch, indent: string): string[] {
    const { name, key, branches } = branch;
    const mark = isSet(branch) ? '' : '#';
    if (key === undefined) return [`${mark}${indent}${name}:`, ...branches.flatMap((each) => render(each, `${indent}  `))];
    const { value, kind } = showValue(key);
    const [first = '', ...rest] = write(name, value).map((line) => `${mark}${indent}${line}`);
    const about = `${keyOf(key).about}${kind === undefined ? '' : ` (${kind})`}`;
    return [`${first.padEnd(column - 1)} # ${about}`, ...rest];
  }

  function isSet({ key, branches }: Branch): boolean {
    return key === undefined ? branches.some(isSet) : values.has(key);
  }

  function showValue(key: KeyName): { readonly value: unknown; readonly kind?: string } {
    if (values.has(key)) return { value: values.get(key) };
    const { fallback, example, form, secret } = keyOf(key);
    if (secret) return { value: { env: variablesOf(key)[0] } };
    const usual = onLoopback ? fallback?.loopback : fallback?.elsewhere;
    if (usual !== undefined) return { value: usual, kind: 'default' };
    return { value: example ?? fallback?.elsewhere ?? form.placeholder ?? true, kind: 'example' };
  }
}

/** `auth.other.clientId` hangs below `auth` and `other`, which stand where the first of theirs stands. */
function plant(names: readonly KeyName[]): readonly Branch[] {
  const root: Branch[] = [];
  for (const key of names) {
    const path = key.split('.');
    let branches = root;
    for (const [depth, name] of path.entries()) {
      const isLeaf = depth === path.length - 1;
      const branch = branches.find((one) => one.name === name) ?? { name, branches: [], ...(isLeaf && { key }) };
      if (!branches.includes(branch)) branches.push(branch);
      ({ branches } = branch);
    }
  }
  return root;
}

/** `name: value` as YAML, in one line where it is no list or map of maps. */
function write(name: string, value: unknown): string[] {
  const isDeep = Array.isArray(value) && value.some((each) => typeof each === 'object');
  const text = isDeep
    ? stringify({ [name]: value }, { lineWidth: 0 })
    : `${name}: ${stringify(value, { lineWidth: 0, collectionStyle: 'flow' })}`;
  return text.trimEnd().split('\n');
}
