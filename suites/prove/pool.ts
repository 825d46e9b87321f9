/** Attempts on all cores: a process each, so that none slows or breaks another. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Outcome, Task } from './attempt.ts';

export interface Failed {
  readonly task: Task;
  readonly message: string;
}

export interface PoolOptions {
  readonly workers: number;
  /** An attempt that takes longer is ended, and counts as failed. */
  readonly limitMs: number;
  onOutcome(outcome: Outcome): void;
  onFailed(failed: Failed): void;
  readonly signal: AbortSignal;
}

const workerPath = fileURLToPath(new URL(`./worker${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url));

export async function attemptAll(tasks: readonly Task[], options: PoolOptions): Promise<void> {
  const queue = [...tasks];
  await Promise.all(Array.from({ length: Math.min(options.workers, tasks.length) }, () => work(queue, options)));
}

async function work(queue: Task[], options: PoolOptions): Promise<void> {
  let child: ChildProcess | undefined;
  for (let task = queue.shift(); task !== undefined && !options.signal.aborted; task = queue.shift()) {
    child ??= fork(workerPath, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const ended = await attemptIn(child, task, options);
    if (ended) child = undefined;
  }
  child?.disconnect();
}

/** Resolves to whether the process has ended. */
function attemptIn(child: ChildProcess, task: Task, { limitMs, onOutcome, onFailed, signal }: PoolOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const stop = (message: string) => (): void => {
      settle(true);
      child.kill('SIGKILL');
      onFailed({ task, message });
    };
    const onTime = stop(`no outcome within ${Math.round(limitMs / 1_000)} s`);
    const onAbort = stop('interrupted');
    const onExit = stop('the process of the attempt ended');
    const onMessage = (answer: { outcome?: Outcome; failed?: Failed }): void => {
      settle(false);
      if (answer.outcome !== undefined) onOutcome(answer.outcome);
      else if (answer.failed !== undefined) onFailed(answer.failed);
    };
    const timer = setTimeout(onTime, limitMs);
    const settle = (ended: boolean): void => {
      clearTimeout(timer);
      child.off('message', onMessage);
      child.off('exit', onExit);
      signal.removeEventListener('abort', onAbort);
      resolve(ended);
    };
    child.on('message', onMessage);
    child.once('exit', onExit);
    signal.addEventListener('abort', onAbort, { once: true });
    child.send(task);
  });
}
