/** The journal on disk: the evidence of a run, one JSON object a line, each on disk before the run goes on. */
import { chmodSync, closeSync, createReadStream, ftruncateSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalLine } from '../spec/journal.ts';
import { ConformanceError } from './errors.ts';
import { takeLock } from './journal-lock.ts';
import { describeHolder, journalName } from './report-folder.ts';
import { explain } from './system-error.ts';

export interface Journal {
  readonly path: string;
  /**
   * Writes a line and returns when the operating system has it, so that a run killed at any later moment has left it.
   * Throws a `ConformanceError` when it cannot be written; what was written before then still stands, in whole lines.
   */
  append(line: JournalLine): void;
  /** Closes the file and gives the folder free. Can be called twice. */
  close(): void;
}

const chunkOctets = 1 << 20;

/** `type` comes first in every line, so that who looks for lines of one kind need not parse them all. */
const serialise = ({ type, ...rest }: JournalLine): string => JSON.stringify({ type, ...rest });

/** Octets up to and with the last line feed: what stands of a journal whose writer was killed in mid-line. */
const measureWholeLines = (fd: number): number => {
  const chunk = Buffer.allocUnsafe(chunkOctets);
  let whole = 0;
  for (let position = 0; ; ) {
    const read = readSync(fd, chunk, 0, chunk.length, position);
    if (read === 0) return whole;
    const feed = chunk.subarray(0, read).lastIndexOf(0x0a);
    if (feed >= 0) whole = position + feed + 1;
    position += read;
  }
};

/**
 * Opens the journal of a run in `directory`, which is made if it is not there, readable by its owner only.
 * A finished journal that stands there is replaced; with `resume` it is gone on with, a torn last line taken away.
 * Throws a `ConformanceError` (2) when the folder cannot be used or a live run uses it.
 */
export const openJournal = (directory: string, { resume = false }: { resume?: boolean } = {}): Journal => {
  const path = join(directory, journalName);
  const fail = (error: unknown): never => {
    if (error instanceof ConformanceError) throw error;
    throw new ConformanceError(
      2,
      `The report folder ${directory} cannot be written to: ${explain(error)}; choose another with --report-dir.`,
      { cause: error },
    );
  };

  let lock: ReturnType<typeof takeLock>;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    lock = takeLock(directory);
  } catch (error) {
    return fail(error);
  }
  if (lock === undefined) throw describeHolder(directory);

  let fd: number | undefined;
  let octets = 0;
  try {
    fd = openSync(path, resume ? 'a+' : 'w', 0o600);
    chmodSync(path, 0o600);
    if (resume) {
      octets = measureWholeLines(fd);
      ftruncateSync(fd, octets);
    }
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    lock.release();
    return fail(error);
  }

  const file = fd;
  let failure: ConformanceError | undefined;
  let isOpen = true;
  return {
    path,
    append(line) {
      if (failure !== undefined) throw failure;
      if (!isOpen)
        throw new ConformanceError(5, `A ${line.type} line was to be written to ${path} after it was closed; please report this.`);
      const bytes = Buffer.from(`${line.type === 'exchange' ? JSON.stringify(line) : serialise(line)}\n`);
      try {
        for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
        octets += bytes.length;
      } catch (error) {
        try {
          ftruncateSync(file, octets);
        } catch {
          // Readers take a torn last line for what it is.
        }
        failure = new ConformanceError(
          2,
          `The journal ${path} cannot be written on: ${explain(error)}; make room there or choose another folder with --report-dir.`,
          {
            cause: error,
          },
        );
        throw failure;
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      closeSync(file);
      lock.release();
    },
  };
};

const parse = (text: string, path: string, number: number): JournalLine => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new ConformanceError(
      2,
      `Line ${number} of ${path} should be a JSON object and is not JSON; the file was changed or damaged, take an unharmed copy.`,
      {
        cause: error,
      },
    );
  }
  if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') return value as JournalLine;
  throw new ConformanceError(2, `Line ${number} of ${path} should be an object with a type and is not; is this a journal of this suite?`);
};

/**
 * The lines of a journal, in order, read as a stream. A last line that was torn by the end of its writer is told to `onTorn` and left out;
 * any other line that cannot be read throws a `ConformanceError` (2) with its number.
 */
export async function* readJournal(
  path: string,
  { onTorn }: { onTorn?: (message: string) => void } = {},
): AsyncGenerator<JournalLine, void, undefined> {
  let kept: Buffer[] = [];
  let number = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: chunkOctets }) as AsyncIterable<Buffer>) {
      let from = 0;
      for (let feed = chunk.indexOf(0x0a); feed >= 0; feed = chunk.indexOf(0x0a, from)) {
        kept.push(chunk.subarray(from, feed));
        const line = kept.length === 1 ? kept[0]! : Buffer.concat(kept);
        kept = [];
        from = feed + 1;
        yield parse(line.toString('utf8'), path, ++number);
      }
      if (from < chunk.length) kept.push(chunk.subarray(from));
    }
  } catch (error) {
    if (error instanceof ConformanceError) throw error;
    throw new ConformanceError(2, `The journal ${path} cannot be read: ${explain(error)}.`, { cause: error });
  }
  if (kept.length === 0) return;
  try {
    yield parse(Buffer.concat(kept).toString('utf8'), path, ++number);
  } catch (error) {
    if (!(error instanceof ConformanceError)) throw error;
    onTorn?.(`The last line of ${path} (line ${number}) is torn, as it is when a run is killed while it writes; it is left out.`);
  }
}
