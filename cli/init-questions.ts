/** The questions of `init`, asked on a terminal one after the other. */
import { createInterface, type Interface } from 'node:readline/promises';
import { type KeyName, keyNames, keyOf } from '../target/settings-keys.ts';
import { describeMistake, quote } from '../target/settings-mistakes.ts';
import type { World } from './world.ts';

/** Whether a key is worth asking for, given what is known by then. */
const isAsked = (name: KeyName, known: ReadonlyMap<KeyName, unknown>): boolean => {
  if (keyOf(name).question === undefined || known.has(name)) return false;
  if (name === 'auth.type') return !known.has('auth.clientId');
  return !name.startsWith('auth.') || (known.get('auth.type') ?? 'oauth2') === 'oauth2';
};

/** Without an answer the run could not begin. */
const isNeeded = (name: KeyName): boolean => name === 'target' || name === 'auth.clientId' || name === 'auth.tokenUrl';

/** What an empty answer means. */
const usual: Readonly<Partial<Record<KeyName, string>>> = { 'auth.type': 'oauth2' };

/**
 * Asks for what is not known yet and returns it all. An answer that cannot be is told, and asked for again.
 * @returns undefined when whoever was asked left (Ctrl-C, Ctrl-D)
 */
export async function ask(
  known: ReadonlyMap<KeyName, unknown>,
  { input, stderr, err }: Pick<World, 'input' | 'stderr' | 'err'>,
): Promise<Map<KeyName, unknown> | undefined> {
  const all = new Map(known);
  const leaving = new AbortController();
  const lines = createInterface({ input, output: stderr.stream, terminal: true });
  lines.once('close', () => leaving.abort());
  try {
    err('Enter alone takes what stands in brackets. Secrets are not asked for: they come by variable.\n');
    for (const name of keyNames) if (isAsked(name, all)) await askFor(name, all, lines, leaving.signal, err);
    return all;
  } catch (error) {
    if (!leaving.signal.aborted) throw error;
    err('\n');
    return undefined;
  } finally {
    lines.close();
  }
}

async function askFor(name: KeyName, all: Map<KeyName, unknown>, lines: Interface, signal: AbortSignal, err: World['err']): Promise<void> {
  const { question, form } = keyOf(name);
  const offered = usual[name] ?? (isNeeded(name) ? undefined : 'not set');
  for (;;) {
    const answer = (await lines.question(`${question}${offered === undefined ? '' : ` [${offered}]`}: `, { signal })).trim();
    const text = answer === '' ? (usual[name] ?? '') : answer;
    if (text === '' && !isNeeded(name)) return;
    const outcome = text === '' ? { faults: [{ expected: form.expected, came: quote(undefined) }] } : form.fromText!(text);
    if ('value' in outcome) {
      all.set(name, outcome.value);
      return;
    }
    for (const fault of outcome.faults) err(`  ${describeMistake({ field: name, ...fault })}\n`);
  }
}
