/** `serve`: the reference implementation as a sandbox, with whatever faults and variants are asked for. */
import type { Command } from 'commander';
import type { Reference } from '../reference/server.ts';
import { whole } from '../target/settings-forms.ts';
import { type Mistake, nearest, quote } from '../target/settings-mistakes.ts';
import { compileLess } from './compiler.ts';
import { describeMistakes } from './settings-of.ts';
import type { Ended, World } from './world.ts';

const gather = (value: string, before: readonly string[] = []): readonly string[] => [...before, ...value.split(',').filter(Boolean)];

interface ServeFlags {
  readonly port?: string;
  readonly latency?: string;
  readonly fault?: readonly string[];
  readonly variant?: readonly string[];
  readonly list?: true;
}

export function define(command: Command): void {
  command
    .option('--port <N>', 'port to listen on (default any free one)')
    .option('--latency <MS>', 'milliseconds added to every answer (default 0)')
    .option('--fault <NAME>', 'build in a defect; repeatable', gather)
    .option('--variant <NAME>', 'take another legitimate reading; repeatable', gather)
    .option('--list', 'show the faults and variants there are');
}

export async function perform(command: Command, world: World): Promise<Ended> {
  const flags = command.opts<ServeFlags>();
  const { listFaults, listVariants } = await import('../reference/registry.ts');
  if (flags.list) {
    const out = `${listOf('Faults', listFaults())}\n${listOf('Variants', listVariants())}`;
    return { status: 0, out };
  }
  const mistakes: Mistake[] = [];
  const readNumber = (flag: 'port' | 'latency', most: number): number => {
    const given = flags[flag];
    const outcome = given === undefined ? { value: 0 } : whole(0, most).fromText!(given);
    if ('value' in outcome) return outcome.value;
    mistakes.push(...outcome.faults.map((fault) => ({ where: `--${flag}`, ...fault })));
    return 0;
  };
  const port = readNumber('port', 65_535);
  const latencyMs = readNumber('latency', 600_000);
  const { fault: faults = [], variant: variants = [] } = flags;
  mistakes.push(...checkNames('fault', faults, listFaults()), ...checkNames('variant', variants, listVariants()));
  if (mistakes.length > 0) return { status: 2, err: describeMistakes(mistakes) };
  compileLess();
  const { startReference } = await import('../reference/server.ts');
  const { ConformanceError } = await import('../target/errors.ts');
  const { explain } = await import('../target/system-error.ts');
  const reference = await startReference({ port, latencyMs, faults, variants }).catch((cause: unknown) => {
    throw new ConformanceError(2, `--port: expected a port that is free, came ${port}: ${explain(cause)}.`, { cause });
  });
  const signal = world.interruption(() => world.err('Stopping.\n'));
  world.out(describeServer(reference, [...variants, ...faults]));
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await reference.close();
  return { status: 0 };
}

function listOf(heading: string, entries: readonly { readonly name: string; readonly sentence: string }[]): string {
  const width = Math.max(0, ...entries.map(({ name }) => name.length));
  return [`${heading}: ${entries.length}`, ...entries.map(({ name, sentence }) => `  ${name.padEnd(width)}  ${sentence}`), ''].join('\n');
}

function checkNames(flag: string, names: readonly string[], known: readonly { readonly name: string }[]): Mistake[] {
  return names
    .filter((name) => !known.some((one) => one.name === name))
    .map((name) => {
      const guess = nearest(
        name,
        known.map((one) => one.name),
      );
      return {
        where: `--${flag}`,
        expected: `the name of a ${flag}`,
        came: quote(name),
        advice: guess ? `did you mean ${guess}?` : 'serve --list shows them all',
      };
    });
}

function describeServer({ url, tokenUrl, clientId, clientSecret, profile }: Reference, built: readonly string[]): string {
  const open = profile.auth?.type === 'none';
  const declared = Object.keys(profile).length > 0;
  return [
    `The reference implementation, in memory, listens at ${url}`,
    ...(built.length > 0 ? [`with ${built.join(', ')}`] : []),
    '',
    'To test it, in another terminal:',
    '',
    ...(open ? [] : [`export CPC_CLIENT_ID=${clientId}`, `export CPC_CLIENT_SECRET=${clientSecret}`]),
    ...(declared ? [`echo '${JSON.stringify(profile).replaceAll("'", "'\\''")}' > sandbox-profile.json`] : []),
    `npx customer-products-conformance ${url}${open ? '' : ` --token-url ${tokenUrl}`}${declared ? ' --profile sandbox-profile.json' : ''}`,
    '',
    'Ctrl-C stops it.',
    '',
  ].join('\n');
}
