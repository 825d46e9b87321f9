/** The one file of this room that touches the disk: reports into the report folder. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Exchange } from '../spec/journal.ts';
import type { Report } from '../spec/report.ts';
import { renderHtml } from './html.ts';
import { renderJson } from './json.ts';
import { renderJunit } from './junit.ts';

/** `console` and `github` are text for whoever runs the suite to print; the others are files. */
export const reporters = ['console', 'json', 'junit', 'html', 'github'] as const;
export type Reporter = (typeof reporters)[number];

export const defaultReporters: readonly Reporter[] = ['console', 'json', 'junit', 'html'];

export interface ReportFiles {
  /** Made where it is missing. */
  readonly dir: string;
  readonly report: Report;
  readonly evidence: ReadonlyMap<string, Exchange>;
  /** `report.json` is always written: the commands that the other reports name need it. */
  readonly reporters: readonly Reporter[];
}

/** A report that could not be written. Those written before it are whole, and so are older ones of the same name. */
export class ReportWriteError extends Error {
  override readonly name = 'ReportWriteError';
  readonly path: string;
  constructor(path: string, cause: unknown) {
    super(`Expected to write ${path}, but ${reasonOf(cause)}.`, { cause });
    this.path = path;
  }
}

function codeOf(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk is full (${code}); make room, or choose another folder with --report-dir`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `the folder is not writable (${code}); change its permissions, or choose another with --report-dir`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `its folder is a file (${code}); remove it, or choose another folder with --report-dir`;
    case 'EISDIR':
      return `a folder has that name (${code}); remove it, or choose another folder with --report-dir`;
    default:
      return `the system said: ${cause instanceof Error ? cause.message : String(cause)}; choose another folder with --report-dir`;
  }
}

/**
 * Writes the reports asked for, each whole or not at all: under a temporary name, then renamed; readable by the owner only.
 *
 * @returns the paths written, `index.html` first
 * @throws ReportWriteError for the first that failed; the others were tried all the same
 */
export async function writeReports({ dir, report, evidence, reporters: asked }: ReportFiles): Promise<readonly string[]> {
  const files: readonly (readonly [name: string, render: () => string])[] = [
    ['report.json', () => renderJson(report)],
    ...(asked.includes('junit') ? [['junit.xml', () => renderJunit(report, evidence)] as const] : []),
    ...(asked.includes('html') ? [['index.html', () => renderHtml(report, evidence)] as const] : []),
  ];
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ReportWriteError(dir, cause);
  }
  const written: string[] = [];
  const failed: ReportWriteError[] = [];
  for (const [name, render] of files) {
    const path = join(dir, name);
    const text = render();
    try {
      await replaceFile(dir, path, text);
      written.unshift(path);
    } catch (cause) {
      failed.push(new ReportWriteError(path, cause));
    }
  }
  const [first] = failed;
  if (first !== undefined) {
    throw first;
  }
  return written;
}

async function replaceFile(dir: string, path: string, text: string): Promise<void> {
  const temporary = join(dir, `.${randomUUID()}.part`);
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(text, 'utf8');
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw cause;
  }
}
