/** One live run a report folder: a lock file that names its process, and is taken over when that process is gone. */
import { closeSync, linkSync, openSync, readFileSync, renameSync, statSync, unlinkSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { codeOf } from './system-error.ts';

export const lockName = 'journal.lock';

interface Owner {
  readonly pid: number;
  readonly host: string;
  /** When the kernel says the process began, where it says so: tells a process from a later one of the same number. */
  readonly began?: string;
}

export interface Lock {
  release(): void;
}

const heartbeatMs = 10_000;
/** A lock of another machine cannot be asked whether it lives; one not touched for this long does not. */
const silentMs = 60_000;

/** When the process began, in ticks since boot: field 22 of `/proc/<pid>/stat`; undefined where there is no such file. */
const beginningOf = (pid: number): string | undefined => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .at(19);
  } catch {
    return undefined;
  }
};

const isOwner = (value: unknown): value is Owner =>
  typeof value === 'object' &&
  value !== null &&
  'pid' in value &&
  typeof value.pid === 'number' &&
  'host' in value &&
  typeof value.host === 'string';

const readOwner = (path: string): Owner | undefined => {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isOwner(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== 'ESRCH';
  }
};

/** Whether the lock at `path` belongs to a run that still lives. A lock that cannot be read is believed for as long as it is fresh. */
const isHeld = (path: string): boolean => {
  const owner = readOwner(path);
  if (owner === undefined || owner.host !== hostname()) {
    try {
      return Date.now() - statSync(path).mtimeMs < silentMs;
    } catch {
      return false;
    }
  }
  if (!isAlive(owner.pid)) return false;
  const began = beginningOf(owner.pid);
  return owner.began === undefined || began === undefined || owner.began === began;
};

/** The process number of the live run that holds the folder, or undefined. */
export const findHolder = (directory: string): { pid: number } | undefined => {
  const path = join(directory, lockName);
  if (!isHeld(path)) return undefined;
  return { pid: readOwner(path)?.pid ?? 0 };
};

const write = (path: string): void => {
  const fd = openSync(path, 'wx', 0o600);
  try {
    const began = beginningOf(process.pid);
    const owner: Owner = { pid: process.pid, host: hostname(), ...(began === undefined ? {} : { began }) };
    writeSync(fd, `${JSON.stringify(owner)}\n`);
  } finally {
    closeSync(fd);
  }
};

/** Puts a dead run's lock out of the way. Between reading and renaming another run may have taken it: then it is put back. */
const removeStale = (path: string): void => {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  if (isHeld(aside)) {
    try {
      linkSync(aside, path);
    } catch {
      // Someone holds the folder already: the caller finds out when it tries.
    }
  }
  unlinkSync(aside);
};

/** Takes the lock of a folder, or returns undefined when a live run holds it. Throws what the file system throws. */
export const takeLock = (directory: string): Lock | undefined => {
  const path = join(directory, lockName);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      write(path);
      const heartbeat = setInterval(() => {
        try {
          const now = new Date();
          utimesSync(path, now, now);
        } catch {
          // The folder may have been removed under us: writing the journal will tell.
        }
      }, heartbeatMs);
      heartbeat.unref();
      return {
        release() {
          clearInterval(heartbeat);
          if (readOwner(path)?.pid === process.pid) unlinkSync(path);
        },
      };
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error;
    }
    if (isHeld(path)) return undefined;
    removeStale(path);
  }
  return undefined;
};
