/** The journal on disk: the evidence of a run, one JSON object a line, each on disk before the run goes on. */
import { createReadStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalLine } from '../spec/journal.ts';
import { ConformanceError } from './errors.ts';
import { takeLock } from './journal-lock.ts';
import { type LineFile, openLineFile } from './line-file.ts';
import { describeHolder, journalName } from './report-folder.ts';
import { explain } from './system-error.ts';

export interface Journal {
  readonly path: string;
  /**
   * Writes a line. On return the operating system has it, so that a run killed at any later moment has left it; an exchange it has at the end of
   * this turn of the event loop, for a write whose exchange is not there counts as one whose outcome is not known.
   * Throws a `ConformanceError` (2) when it, or one before it, could not be written; what was written stands, in whole lines.
   */
  append(line: JournalLine): void;
  /** Closes the file and gives the folder free; a second call does nothing. Throws like `append`. */
  close(): void;
}

const chunkOctets = 1 << 20;

/** `type` comes first in every line, so that who looks for lines of one kind need not parse them all. */
const serialise = ({ type, ...rest }: JournalLine): string => JSON.stringify({ type, ...rest });

/**
 * Opens the journal of a run in `directory`, which is made if it is not there, readable by its owner only.
 * A finished journal that stands there is replaced; with `resume` it is gone on with, a torn last line taken away.
 * Throws a `ConformanceError` (2) when the folder cannot be used or a live run uses it.
 */
export const openJournal = (directory: string, { resume = false }: { resume?: boolean } = {}): Journal => {
  const path = join(directory, journalName);
  const describe = (error: unknown): ConformanceError => {
    const message = `The report folder ${directory} cannot be written to: ${explain(error)}; choose another with --report-dir.`;
    return new ConformanceError(2, message, { cause: error });
  };

  let lock: ReturnType<typeof takeLock>;
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    lock = takeLock(directory);
  } catch (error) {
    throw describe(error);
  }
  if (lock === undefined) throw describeHolder(directory);

  let file: LineFile;
  try {
    file = openLineFile(path, resume);
  } catch (error) {
    lock.release();
    throw describe(error);
  }

  const describeLoss = (error: unknown): ConformanceError => {
    const message = `The journal ${path} cannot be written on: ${explain(error)}; make room there or choose another folder with --report-dir.`;
    return new ConformanceError(2, message, { cause: error });
  };
  let isOpen = true;
  return {
    path,
    append(line) {
      if (!isOpen) throw new ConformanceError(5, `A ${line.type} line came for ${path} after it was closed; please report this.`);
      try {
        if (line.type === 'exchange') file.add(JSON.stringify(line), false);
        else file.add(serialise(line), true);
      } catch (error) {
        throw describeLoss(error);
      }
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      try {
        file.close();
      } catch (error) {
        throw describeLoss(error);
      } finally {
        lock.release();
      }
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
