/** A file of lines that is only ever added to, and always ends in whole lines whatever happens while it is written. */
import { chmodSync, closeSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from 'node:fs';

export interface LineFile {
  /**
   * Adds a line. `now`: the operating system has it, and all before it, on return. Else it has it at the end of this turn of the event loop;
   * lines that come close together cost one write. Throws what the file system throws, from then on every time.
   */
  add(line: string, now: boolean): void;
  /** Writes what is left and closes. Throws like `add`. */
  close(): void;
}

const chunkOctets = 1 << 20;
/** How often it is looked whether the file is still in its folder. */
const lookEveryMs = 250;
/** More than this is not kept for the end of the turn. */
const keptCharacters = 1 << 16;

/** Octets up to and with the last line feed. */
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

const open = (path: string, resume: boolean): { fd: number; octets: number } => {
  const fd = openSync(path, resume ? 'a+' : 'w', 0o600);
  try {
    chmodSync(path, 0o600);
    if (!resume) return { fd, octets: 0 };
    const octets = measureWholeLines(fd);
    ftruncateSync(fd, octets);
    return { fd, octets };
  } catch (error) {
    closeSync(fd);
    throw error;
  }
};

/** Opens the file for its owner only: empty, or with `resume` after its last whole line. Throws what the file system throws. */
export const openLineFile = (path: string, resume: boolean): LineFile => {
  const opened = open(path, resume);
  const { fd } = opened;
  let { octets } = opened;
  let kept = '';
  let isScheduled = false;
  let isOpen = true;
  let failure: { readonly error: unknown } | undefined;
  let lookedAt = performance.now();

  /** A file that was removed takes what is written and keeps nothing: whoever writes on would lose it unawares. */
  const look = (): void => {
    const now = performance.now();
    if (now - lookedAt < lookEveryMs) return;
    lookedAt = now;
    if (fstatSync(fd).nlink === 0) throw Object.assign(new Error('the file was removed'), { code: 'ENOENT' });
  };

  const flush = (): void => {
    if (kept === '') return;
    const bytes = Buffer.from(kept);
    kept = '';
    let written = 0;
    try {
      look();
      while (written < bytes.length) written += writeSync(fd, bytes, written);
      octets += bytes.length;
    } catch (error) {
      failure = { error };
      octets += bytes.subarray(0, written).lastIndexOf(0x0a) + 1;
      try {
        ftruncateSync(fd, octets);
      } catch {
        // Readers take a torn last line for what it is.
      }
    }
  };

  const flushLate = (): void => {
    isScheduled = false;
    if (isOpen) flush();
  };
  // A process that ends without closing still leaves all it knew.
  process.on('exit', flushLate);

  return {
    add(line, now) {
      kept += `${line}\n`;
      if (failure === undefined) {
        if (now || kept.length > keptCharacters) flush();
        else if (!isScheduled) {
          isScheduled = true;
          setImmediate(flushLate);
        }
      }
      if (failure !== undefined) throw failure.error;
    },
    close() {
      if (!isOpen) return;
      if (failure === undefined) flush();
      isOpen = false;
      process.off('exit', flushLate);
      closeSync(fd);
      if (failure !== undefined) throw failure.error;
    },
  };
};
