/**
 * Has lines looked at a little behind the run, while the run waits for answers or lets products age: looking at them at once would hold up
 * the requests of all lanes, and the times that are measured with them.
 */
import { performance } from 'node:perf_hooks';
import type { JournalLine } from '../spec/journal.ts';

export interface Behind {
  observe(line: JournalLine): void;
  /** Looks at all that is left, now. Throws what a look threw, once; nothing is looked at after that. */
  catchUp(): void;
  /** Looks at nothing any more of its own accord. */
  stop(): void;
}

/** How often it is asked whether the run waits. */
const askEveryMs = 2;
/** The process had nothing to do for so long since it was last asked. */
const idleMs = 1;
/** How long lines are looked at, at one go: no answer shall wait longer. */
const atOnceMs = 4;
/** Content held for later, in characters; beyond it each line costs a look at the oldest. */
const heldAtMost = 16_000_000;

/** @param look called once for each line, in order */
export function lookBehind(look: (line: JournalLine) => void): Behind {
  const lines: JournalLine[] = [];
  let next = 0;
  let held = 0;
  let failure: { readonly error: unknown } | undefined;
  let hasFailed = false;
  let idleBefore = performance.eventLoopUtilization().idle;

  function lookAtNext(): void {
    const line = lines[next]!;
    next += 1;
    held -= sizeOf(line);
    if (next === lines.length || next === 1_024) {
      lines.splice(0, next);
      next = 0;
    }
    if (hasFailed) return;
    try {
      look(line);
    } catch (error) {
      hasFailed = true;
      failure = { error };
    }
  }

  const timer = setInterval(() => {
    const { idle } = performance.eventLoopUtilization();
    if (idle - idleBefore >= idleMs) {
      const until = performance.now() + atOnceMs;
      while (next < lines.length && performance.now() < until) lookAtNext();
    }
    idleBefore = performance.eventLoopUtilization().idle;
  }, askEveryMs);
  timer.unref();

  return {
    observe(line) {
      lines.push(line);
      held += sizeOf(line);
      while (held > heldAtMost) lookAtNext();
    },
    catchUp() {
      while (next < lines.length) lookAtNext();
      if (failure === undefined) return;
      const { error } = failure;
      failure = undefined;
      throw error;
    },
    stop: () => clearInterval(timer),
  };
}

const sizeOf = (line: JournalLine): number => (line.type === 'exchange' ? (line.answer?.body?.text?.length ?? 0) : 0);
