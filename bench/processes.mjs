/** The built command in processes of its own: the reference implementation, and runs against it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readJournal } from '../dist/target/journal.js';

const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));

/** Nothing of the caller's settings, and no terminal to draw on. */
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('CPC_')));

/**
 * Starts `serve` and resolves to its address and credentials, once it listens.
 * @param {readonly string[]} flags
 */
export async function startServer(flags = []) {
  const child = spawn(process.execPath, [bin, 'serve', ...flags], { env: environment, stdio: ['ignore', 'pipe', 'ignore'] });
  const said = await new Promise((resolve, reject) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (text.includes('Ctrl-C')) resolve(text);
    });
    child.once('close', () => reject(new Error(`Expected serve to print its address before it ended, got: ${text}`)));
  });
  const read = (pattern) => pattern.exec(said)?.[1] ?? '';
  return {
    url: read(/listens at (\S+)/),
    tokenUrl: read(/--token-url (\S+)/),
    clientId: read(/CPC_CLIENT_ID=(\S+)/),
    clientSecret: read(/CPC_CLIENT_SECRET=(\S+)/),
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'close');
    },
  };
}

/**
 * Runs a Node program to its end.
 * @returns its standard output, and the milliseconds from before it was started until it was gone
 */
export async function runNode(args, more = {}) {
  const started = performance.now();
  const startedAt = Date.now();
  const child = spawn(process.execPath, args, { env: { ...environment, ...more }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part) => {
    said.out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part) => {
    said.err += part;
  });
  const [status] = await once(child, 'close');
  return { status, ...said, ms: performance.now() - started, startedAt };
}

/**
 * A standard run of the suite as a user starts it, against a server in another process.
 * @returns its exit status, its whole-process time, how long it took until its first request left, and its journal
 */
export async function runSuite(server, flags = []) {
  const dir = await mkdtemp(join(tmpdir(), 'cpc-bench-'));
  try {
    const { status, out, err, ms, startedAt } = await runNode([bin, server.url, '--report-dir', dir, '--seed', '1', ...flags], {
      CPC_TOKEN_URL: server.tokenUrl,
      CPC_CLIENT_ID: server.clientId,
      CPC_CLIENT_SECRET: server.clientSecret,
    });
    if (![0, 1, 3].includes(status)) throw new Error(`Expected the run to come to a verdict, got exit status ${status}:\n${out}${err}`);
    const lines = [];
    for await (const line of readJournal(join(dir, 'journal.ndjson'))) lines.push(line);
    const [run] = lines;
    const exchanges = lines.filter(({ type }) => type === 'exchange');
    const startUpMs = Date.parse(run.startedAt) - startedAt + Math.min(...exchanges.map(({ sentAt }) => sentAt));
    return { status, ms, startUpMs, lines, exchanges };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}
