/** The progress of a run, on standard error, and the signals that end it early. */
import type { Progress } from '../reports/progress.ts';
import type { World } from './world.ts';

export async function followRun({ stderr, interruption }: World): Promise<{ progress: Progress; signal: AbortSignal }> {
  const { createProgress } = await import('../reports/progress.ts');
  const progress = createProgress({ stream: stderr.stream, tty: stderr.live, color: stderr.color });
  const signal = interruption(() => progress.announce('Interrupted: closing what was created… Once more to leave at once.'));
  return { progress, signal };
}
