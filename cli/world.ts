/** What a command may touch of the process it runs in. Only `main` makes one. */

export interface World {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** Standard input: a terminal, where somebody can be asked. */
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean };
  /** Writes to standard output: the result, and nothing else. */
  out(text: string): void;
  /** Writes to standard error: progress, and what went wrong. */
  err(text: string): void;
  readonly stdout: Screen;
  readonly stderr: Screen;
  /**
   * Takes SIGINT and SIGTERM from now on: the first calls `tell` and aborts the signal, with the name as the reason; a second ends the
   * process at once, with 130 or 143.
   */
  interruption(tell: () => void): AbortSignal;
}

/** How a stream may be written to. */
export interface Screen {
  readonly stream: Stream;
  readonly color: boolean;
  /** Lines may be written over: a terminal, and neither CI nor NO_COLOR. */
  readonly live: boolean;
  /** Of a terminal. */
  readonly columns?: number;
}

/** How a command ended. `main` prints it and exits. */
export interface Ended {
  readonly status: number;
  readonly out?: string;
  readonly err?: string;
}

type Stream = NodeJS.WritableStream & { readonly isTTY?: boolean; readonly columns?: number };

/** `NO_COLOR` and `FORCE_COLOR` as https://no-color.org and https://force-color.org have them; else colours are for terminals, not for CI. */
export function describeScreen(stream: Stream, env: World['env']): Screen {
  const terminal = stream.isTTY === true && env.TERM !== 'dumb' && !isCi(env);
  const plain = Boolean(env.NO_COLOR);
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '';
  return {
    stream,
    color: !plain && (forced ? !['0', 'false'].includes(env.FORCE_COLOR ?? '') : terminal),
    live: terminal && !plain,
    ...(stream.isTTY && stream.columns && { columns: stream.columns }),
  };
}

const isCi = (env: World['env']): boolean => Boolean(env.CI) && env.CI !== 'false' && env.CI !== '0';
