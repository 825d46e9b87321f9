/** Reading the errors of the operating system. */

export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** What a system error means, in plain words: `no space is left on the device (ENOSPC)`. */
export const explain = (error: unknown): string => {
  const code = codeOf(error);
  const words: Readonly<Record<string, string>> = {
    ENOSPC: 'no space is left on the device',
    EDQUOT: 'the disk quota is used up',
    EFBIG: 'the file would grow beyond the size allowed here',
    EACCES: 'permission is denied',
    EPERM: 'the operation is not permitted',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'something that is not a folder stands there',
    EISDIR: 'a folder stands where the file should be',
    ENOENT: 'the path does not exist',
    EMFILE: 'too many files are open',
    EIO: 'the device reports an error',
    ECONNREFUSED: 'the connection was refused',
    ECONNRESET: 'the connection was reset',
    EPIPE: 'the connection was closed',
    EHOSTUNREACH: 'the host cannot be reached',
    ENETUNREACH: 'the network cannot be reached',
    ENOTFOUND: 'the name does not exist',
    EAI_AGAIN: 'the name could not be resolved',
    ETIMEDOUT: 'nothing answered in time',
  };
  const known = code === undefined ? undefined : words[code];
  return known === undefined ? messageOf(error) : `${known} (${code})`;
};
