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

/** How often it is asked whether the run waits; sooner, while it has been found to. */
const askEveryMs = 10;
const askSoonMs = 3;
/** It waits if the process had nothing to do for so much of the time since it was last asked. */
const idleShare = 0.7;
/** How long lines are looked at, at one go: no answer shall wait longer. */
const atOnceMs = 8;
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

  let asked = performance.now();
  let timer = setTimeout(ask, askEveryMs).unref();

  function ask(): void {
    const { idle } = performance.eventLoopUtilization();
    const waits = idle - idleBefore >= idleShare * (performance.now() - asked);
    const until = performance.now() + atOnceMs;
    while (waits && next < lines.length && performance.now() < until) lookAtNext();
    idleBefore = performance.eventLoopUtilization().idle;
    asked = performance.now();
    timer = setTimeout(ask, waits ? askSoonMs : askEveryMs).unref();
  }

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
    stop: () => clearTimeout(timer),
  };
}

const sizeOf = (line: JournalLine): number => (line.type === 'exchange' ? (line.answer?.body?.text?.length ?? 0) : 0);
