/** A profile file as a tree that knows where each of its values stands. */
import type { Node } from 'yaml';
import type { Mistake } from './settings-mistakes.ts';

export type Tree =
  | { readonly kind: 'scalar'; readonly value: string | number | boolean | null; readonly place: string }
  | { readonly kind: 'list'; readonly items: readonly Tree[]; readonly place: string }
  | { readonly kind: 'map'; readonly entries: readonly Entry[]; readonly place: string };

export interface Entry {
  readonly key: string;
  /** `profile.yaml:3:5`, of the key. */
  readonly place: string;
  readonly value: Tree;
}

export type Parsed = { readonly tree: Tree } | { readonly mistakes: readonly Mistake[] };

const longestFile = 1_000_000;

/** Our own words for what the parser finds: its own messages quote the file, and with it a secret. */
const troubles: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'each key once in its map',
  TAB_AS_INDENT: 'spaces as indentation, not tabs',
  BAD_INDENT: 'the indentation of the lines around it',
  MULTIPLE_DOCS: 'one document in the file',
  BAD_ALIAS: 'an alias of an anchor that stands before it',
  BAD_DQ_ESCAPE: 'an escape that YAML knows, in text between double quotes',
  MISSING_CHAR: 'the quote or bracket that ends what was begun',
  NON_STRING_KEY: 'text as the key',
  TAG_RESOLVE_FAILED: 'no tags',
};

/** Reads YAML, or JSON, which YAML includes. `name` is the file's name as the user gave it. An empty file is a profile without keys. */
export async function parseProfile(text: string, name: string): Promise<Parsed> {
  if (text.length > longestFile) {
    return { mistakes: [{ where: name, expected: `a profile of at most ${longestFile} characters`, came: `${text.length} characters` }] };
  }
  const { isAlias, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${name}:${line}:${col}`;
  };
  const troublesFound = [...document.errors, ...document.warnings];
  if (troublesFound.length > 0) {
    return {
      mistakes: troublesFound.map((error) => ({
        where: placeAt(error.pos[0]),
        expected: troubles[error.code] ?? `YAML or JSON that can be read (${error.code.toLowerCase().replaceAll('_', ' ')})`,
      })),
    };
  }
  const lost: Mistake[] = [];
  // Aliases may nest, but what is read of a profile is a few levels deep: further down nothing is looked at.
  const growTree = (node: Node | null, place: string, depth: number): Tree => {
    const here = node?.range ? placeAt(node.range[0]) : place;
    if (node === null || depth > 5) return { kind: 'scalar', value: null, place: here };
    if (isAlias(node)) {
      const meant = node.resolve(document);
      if (!meant) lost.push({ where: here, expected: troubles.BAD_ALIAS! });
      return growTree(meant ?? null, here, depth + 1);
    }
    if (isSeq<Node | null>(node)) return { kind: 'list', items: node.items.map((item) => growTree(item, here, depth + 1)), place: here };
    if (isMap<Node, Node | null>(node)) {
      const entries = node.items.map(({ key, value }) => {
        const keyPlace = key.range ? placeAt(key.range[0]) : here;
        return { key: isScalar(key) ? String(key.value) : '', place: keyPlace, value: growTree(value, keyPlace, depth + 1) };
      });
      return { kind: 'map', entries, place: here };
    }
    return { kind: 'scalar', value: isScalar(node) ? flatten(node.value) : null, place: here };
  };
  const tree = growTree(document.contents, `${name}:1:1`, 0);
  if (lost.length > 0) return { mistakes: lost };
  return { tree: tree.kind === 'scalar' && tree.value === null ? { kind: 'map', entries: [], place: tree.place } : tree };
}

/** The same tree of a value that is already in memory; every place in it is `name`. */
export function treeOf(value: unknown, name: string, depth = 0): Tree {
  if (depth > 5) return { kind: 'scalar', value: null, place: name };
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => treeOf(item, name, depth + 1)), place: name };
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([key, member]) => ({ key, place: name, value: treeOf(member, name, depth + 1) }));
    return { kind: 'map', entries, place: name };
  }
  return { kind: 'scalar', value: flatten(value), place: name };
}

function flatten(value: unknown): string | number | boolean | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}
