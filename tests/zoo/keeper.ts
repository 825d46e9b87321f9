/** Runs the built command against a beast and looks at everything it leaves. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { expect } from 'vitest';
import type { Report } from '../../spec/report.ts';
import { finish, start } from '../cli/spawned.ts';
import { parseXml } from '../reports/strict-xml.ts';
import { startSocketServer } from '../target/socket-server.ts';
import { startBank } from './bank.ts';
import type { Bare, Beast } from './beast.ts';
import { fewRows } from './spoilers.ts';

interface Den {
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly open: number;
  close(): Promise<void>;
}

export interface Visit {
  readonly status: number | null;
  readonly said: string;
  readonly report: Report;
  readonly kilobytes: number;
  readonly ms: number;
  readonly open: number;
}

/** A run that takes longer hangs. */
const mostMs = 60_000;
const mostKilobytes = 300_000;
const requestMs = 4000;
/** No terminal may be told anything: control characters but the line feed, and what turns the direction of text. */
const unsafe = /(?!\n)[\p{Cc}\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]/u;

async function house(beast: Beast): Promise<Den> {
  if (beast.kind === 'spoiler') return startBank(beast);
  if (beast.kind === 'bare') return houseBare(beast);
  const bank = await startBank({ picks: () => false, answer: () => {} });
  const door = await startSocketServer((_, socket, number) => beast.answer(socket, number));
  return {
    url: bank.url,
    env: { ...bank.env, CPC_TOKEN_URL: `${door.origin}/oauth2/token` },
    open: 0,
    close: async () => {
      await door.close();
      await bank.close();
    },
  };
}

async function houseBare({ answer, onConnection, tls }: Bare): Promise<Den> {
  if (tls === undefined) {
    const server = await startSocketServer(
      (request, socket) => answer?.(socket, request),
      onConnection === undefined ? {} : { onConnection },
    );
    return { url: server.origin, env: {}, open: 0, close: server.close };
  }
  const server = createTlsServer(tls, (socket) => void socket.on('error', () => {}).resume());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `https://127.0.0.1:${port}`, env: {}, open: 0, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

export async function visit(beast: Beast): Promise<Visit> {
  const dir = mkdtempSync(join(tmpdir(), 'cpc-zoo-'));
  const den = await house(beast);
  try {
    const reportDir = join(dir, 'report');
    const rssFile = join(dir, 'rss');
    const env = {
      ...den.env,
      ZOO_RSS_FILE: rssFile,
      NODE_OPTIONS: `--import ${pathToFileURL(join(import.meta.dirname, 'rss.mjs')).href}`,
    };
    const given = (beast.flags ?? []).map((flag, index) => {
      if (!flag.startsWith('-----BEGIN')) return flag;
      const file = join(dir, `${index}.pem`);
      writeFileSync(file, flag);
      return file;
    });
    const only = beast.kind === 'spoiler' ? ['--only', beast.only ?? fewRows] : [];
    const flags = [
      '--report-dir',
      reportDir,
      '--timeouts-request-ms',
      String(beast.requestMs ?? requestMs),
      '--effort',
      'quick',
      ...only,
      ...given,
    ];
    const began = performance.now();
    const child = start([den.url, ...flags], { env });
    child.stdin.end();
    const timer = setTimeout(() => child.kill('SIGKILL'), mostMs);
    const { status, stdout, stderr } = await finish(child);
    clearTimeout(timer);
    const said = stdout + stderr;
    const ms = performance.now() - began;
    expect(status, `it did not end within ${mostMs} ms: ${said}`).not.toBeNull();
    const kilobytes = Number(readFileSync(rssFile, 'utf8'));
    for (const file of ['journal.ndjson', 'report.json', 'junit.xml', 'index.html'])
      expect(existsSync(join(reportDir, file)), `${file}\n${said}`).toBe(true);
    const read = (file: string): string => readFileSync(join(reportDir, file), 'utf8');
    expect(unsafe.exec(said), said).toBeNull();
    expect(unsafe.exec(read('index.html'))).toBeNull();
    expect(read('index.html')).not.toContain('<b data-zoo');
    expect(read('index.html')).not.toMatch(/<script>alert/u);
    parseXml(read('junit.xml'));
    return { status, said, report: JSON.parse(read('report.json')) as Report, kilobytes, ms, open: den.open };
  } finally {
    await den.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** What any run must come to, and what this one must. */
export function inspect(beast: Beast, { status, said, report, kilobytes, open }: Visit): void {
  const told = [said, report.ended.message, JSON.stringify(report)].join('\n');
  const accused = report.requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ id }) => id);
  expect([beast.status].flat(), `${accused.join()}\n${said}`).toContain(status);
  expect(said).toMatch(new RegExp(`\nexit ${status}: [^\n]+\n`, 'u'));
  expect(told).toMatch(beast.says);
  expect(report.requirements.filter(({ verdict, witnesses }) => verdict === 'pass' && witnesses === 0)).toEqual([]);
  if (beast.blames !== undefined) expect(accused, said).toEqual(beast.blames);
  expect(kilobytes).toBeLessThan(mostKilobytes);
  // Where nobody is to blame all that was made is closed, or told.
  if (beast.blames?.length === 0) expect(open).toBeLessThanOrEqual(report.products.left.length);
}
