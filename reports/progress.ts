/**
 * What is going on, while it goes on: a few lines that repaint themselves on a terminal, plain lines everywhere else.
 *
 * It writes to the stream it is given and to nothing else. It reads no clock but for pacing its own output.
 */
import { createLogUpdate } from 'log-update';
import pc from 'picocolors';
import { shorten, showOnOneLine } from './terminal-text.ts';
import { wrapItems } from './wrap.ts';

export interface PreflightStep {
  /** `connect`, `token`, …: what was tried. */
  readonly name: string;
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What it found, in one line. */
  readonly detail: string;
}

export interface ProgressState {
  readonly elapsedMs: number;
  readonly exchanges: number;
  /** Exchanges a second, of late. */
  readonly rate: number;
  readonly created: number;
  readonly closed: number;
  readonly campaignsDone: number;
  readonly campaigns: number;
  /** Names of the campaigns at work. */
  readonly running: readonly string[];
  /** So far, one a cause. */
  readonly findings: number;
}

/** All that is asked of a stream; `process.stderr` will do. */
export interface ProgressStream {
  write(text: string): unknown;
  /** Of a terminal; read anew at every repaint. */
  readonly columns?: number | undefined;
}

export interface ProgressOptions {
  readonly stream: ProgressStream;
  /** Whether the stream is a terminal that may be repainted: not in CI, not under `NO_COLOR`. */
  readonly tty: boolean;
  readonly color: boolean;
  /** Writes nothing at all. */
  readonly quiet?: boolean;
}

export interface Progress {
  preflight(step: PreflightStep): void;
  /** A line that stays. */
  announce(text: string): void;
  /** As often as convenient; what is written is paced here. */
  update(state: ProgressState): void;
  /** The first finding of a requirement is a line that stays; later ones of the same are only counted. */
  finding(requirement: string, message: string): void;
  /** Leaves the terminal as it was. Called more than once it does nothing. */
  done(): void;
}

const repaintMs = 100;
const plainLineMs = 10_000;
const barWidth = 24;
const hideCursor = '\u001b[?25l';
const showCursor = '\u001b[?25h';
const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What paints the state: the rest is the same on every stream. */
interface Painter {
  line(text: string): void;
  state(state: ProgressState): void;
  end(): void;
}

export function createProgress({ stream, tty, color, quiet = false }: ProgressOptions): Progress {
  if (quiet) {
    const nothing = () => undefined;
    return { preflight: nothing, announce: nothing, update: nothing, finding: nothing, done: nothing };
  }
  const colours = pc.createColors(color);
  const painter = tty ? repainting(stream, colours) : plain(stream);
  const told = new Set<string>();
  let isDone = false;
  const marks = { ok: colours.green('ok'), failed: colours.red('failed'), skipped: colours.dim('skipped') };

  return {
    preflight: ({ name, outcome, detail }) => {
      painter.line(`${marks[outcome]}  ${showOnOneLine(name)}: ${showOnOneLine(shorten(detail, 300))}`);
    },
    announce: (text) => {
      for (const line of text.split('\n')) {
        painter.line(showOnOneLine(line));
      }
    },
    update: (state) => {
      if (!isDone) {
        painter.state(state);
      }
    },
    finding: (requirement, message) => {
      if (!told.has(requirement)) {
        told.add(requirement);
        painter.line(`${colours.red('finding')}  ${showOnOneLine(requirement)}: ${showOnOneLine(shorten(message, 300))}`);
      }
    },
    done: () => {
      if (!isDone) {
        isDone = true;
        painter.end();
      }
    },
  };
}

function seconds(ms: number): string {
  return ms < 60_000 ? `${Math.floor(ms / 1_000)} s` : `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1_000)} s`;
}

/** The whole time over, for the last line. */
function averaged(state: ProgressState): ProgressState {
  return { ...state, rate: state.elapsedMs > 0 ? (state.exchanges / state.elapsedMs) * 1_000 : 0 };
}

/** `12 s · 1830 exchanges, 412/s · 96 products made, 41 closed · campaigns 7 of 19 · 2 findings`. */
function summarise(state: ProgressState): string {
  return factsOf(state).join(' · ');
}

function factsOf(state: ProgressState): readonly string[] {
  return [
    seconds(state.elapsedMs),
    `${state.exchanges} exchanges, ${Math.round(state.rate)}/s`,
    `${state.created} products made, ${state.closed} closed`,
    `campaigns ${state.campaignsDone} of ${state.campaigns}`,
    `${state.findings} ${state.findings === 1 ? 'finding' : 'findings'}`,
  ];
}

/** For logs: lines that stay, the state at most every ten seconds and once at the end. */
function plain(stream: ProgressStream): Painter {
  let paintedAt = performance.now();
  let latest: ProgressState | undefined;
  const write = (text: string) => {
    // A CI runner obeys lines that begin with two colons.
    stream.write(`${text.replace(/^(\s*)::/, '$1\\u{3a}:').replaceAll('##[', '#\\u{23}[')}\n`);
  };
  return {
    line: write,
    state: (state) => {
      latest = state;
      if (performance.now() - paintedAt >= plainLineMs) {
        paintedAt = performance.now();
        write(summarise(state));
      }
    },
    end: () => {
      if (latest !== undefined) {
        write(summarise(averaged(latest)));
      }
    },
  };
}

function repainting(stream: ProgressStream, colours: ReturnType<typeof pc.createColors>): Painter {
  // The library asks only for `write` and `columns`. It would hide the cursor of stderr, whatever it writes to; here that is ours to do.
  const logUpdate = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true });
  let paintedAt = Number.NEGATIVE_INFINITY;
  let latest: ProgressState | undefined;
  let isCursorHidden = false;
  let isInterrupted = false;

  const restoreCursor = () => {
    if (isCursorHidden) {
      isCursorHidden = false;
      stream.write(showCursor);
    }
  };
  const onSignal = (signal: NodeJS.Signals) => {
    isInterrupted = true;
    restoreCursor();
    // Listening has kept the signal from ending the process: where nobody else listens, it shall.
    if (process.listenerCount(signal) === 1) {
      process.removeListener(signal, onSignal);
      process.kill(process.pid, signal);
    }
  };
  process.on('exit', restoreCursor);
  for (const signal of endings) {
    process.on(signal, onSignal);
  }

  const paint = (state: ProgressState) => {
    if (!isCursorHidden && !isInterrupted) {
      isCursorHidden = true;
      stream.write(hideCursor);
    }
    const width = Math.max(20, Math.min(stream.columns ?? 80, 100));
    const share = state.campaigns === 0 ? 0 : Math.min(1, state.campaignsDone / state.campaigns);
    const full = Math.round(share * barWidth);
    const bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)}`;
    const names = state.running.length === 0 ? '' : `  ${state.running.map(showOnOneLine).join(', ')}`;
    const room = Math.max(0, width - barWidth - 1);
    const facts = wrapItems(factsOf(state), width - 1, 0).map((line) => (state.findings > 0 ? colours.yellow(line) : line));
    logUpdate([`${colours.cyan(bar)}${colours.dim(shorten(names, room))}`, ...facts].join('\n'));
  };

  return {
    line: (text) => {
      logUpdate.clear();
      stream.write(`${text}\n`);
      if (latest !== undefined) {
        paint(latest);
      }
    },
    state: (state) => {
      latest = state;
      if (performance.now() - paintedAt >= repaintMs) {
        paintedAt = performance.now();
        paint(state);
      }
    },
    end: () => {
      logUpdate.clear();
      logUpdate.done();
      if (latest !== undefined) {
        const width = Math.max(20, Math.min(stream.columns ?? 80, 100));
        stream.write(`${wrapItems(factsOf(averaged(latest)), width - 1, 0).join('\n')}\n`);
      }
      restoreCursor();
      process.removeListener('exit', restoreCursor);
      for (const signal of endings) {
        process.removeListener(signal, onSignal);
      }
    },
  };
}
