/** Where a run may leave its files: never over the evidence of a run that did not end. */
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { ConformanceError } from './errors.ts';
import { findHolder } from './journal-lock.ts';
import { codeOf, explain } from './system-error.ts';

export const journalName = 'journal.ndjson';
const chunkOctets = 1 << 20;

/** The error of a folder that a live run holds. */
export const describeHolder = (directory: string): ConformanceError => {
  const pid = findHolder(directory)?.pid;
  const who = pid === undefined || pid === 0 ? 'another run' : `another run (process ${pid})`;
  return new ConformanceError(
    2,
    `The report folder ${directory} is in use by ${who}; wait for it to end or choose another with --report-dir.`,
  );
};

/** Whether the journal has an `end` line. Bodies are JSON strings, so no other line can begin like one. */
const hasEnd = (path: string): boolean => {
  const mark = Buffer.from('{"type":"end"');
  const fd = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(chunkOctets);
    let kept: Uint8Array = Buffer.from('\n');
    for (;;) {
      const read = readSync(fd, chunk, 0, chunk.length, null);
      if (read === 0) return false;
      const seen = Buffer.concat([kept, chunk.subarray(0, read)]);
      if (seen.includes(Buffer.concat([Buffer.from('\n'), mark]))) return true;
      kept = Buffer.from(seen.subarray(-(mark.length + 1)));
    }
  } finally {
    closeSync(fd);
  }
};

/**
 * The folder a new run writes to: `directory`, or `<directory>-2`, `-3`, … where that one holds the journal of a run that never came to its end
 * (its evidence may be needed to clean up). Throws a `ConformanceError` (2) when a live run holds it.
 */
export const chooseReportDir = (directory: string): string => {
  for (let number = 1; ; number++) {
    const candidate = number === 1 ? directory : `${directory}-${number}`;
    if (findHolder(candidate) !== undefined) throw describeHolder(candidate);
    try {
      if (hasEnd(join(candidate, journalName))) return candidate;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return candidate;
      throw new ConformanceError(2, `The report folder ${candidate} cannot be used: ${explain(error)}; choose another with --report-dir.`, {
        cause: error,
      });
    }
  }
};
