/** The built command, run as users run it: a process of its own, with nothing of this environment that it would listen to. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

export const bin = fileURLToPath(new URL('../../dist/cli/bin.js', import.meta.url));

export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

const ours = /^(?:CPC_|CI$|NO_COLOR$|FORCE_COLOR$|NODE_|VITEST|npm_)/u;

export const cleanEnvironment = (more: Readonly<Record<string, string>> = {}): Record<string, string> => {
  const kept = Object.entries(process.env).flatMap(([name, value]) =>
    value === undefined || ours.test(name) ? [] : [[name, value] as const],
  );
  return { ...Object.fromEntries(kept), ...more };
};

export function start(args: readonly string[], { env, cwd = tmpdir() }: SpawnOptions = {}): ChildProcessWithoutNullStreams {
  if (!existsSync(bin)) throw new Error(`Expected the built command at ${bin}, got none; run npm run build first, as npm test does.`);
  return spawn(process.execPath, [bin, ...args], { cwd, env: cleanEnvironment(env), stdio: 'pipe' });
}

export async function finish(child: ChildProcessWithoutNullStreams): Promise<Run> {
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said.stderr += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  return { status, ...said };
}

export function run(args: readonly string[], options: SpawnOptions = {}): Promise<Run> {
  const child = start(args, options);
  child.stdin.end();
  return finish(child);
}

/** Resolves with the first line of standard output that matches; rejects when it ends without one. */
export function awaitLine(child: ChildProcessWithoutNullStreams, pattern: RegExp): Promise<RegExpExecArray> {
  let text = '';
  return new Promise((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const match = pattern.exec(text);
      if (match) resolve(match);
    });
    child.once('close', () => reject(new Error(`Expected ${pattern} on standard output before it ended, got: ${text}`)));
  });
}
