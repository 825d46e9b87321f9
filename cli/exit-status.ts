/** What a run record makes a process end with. */
import type { Report } from '../spec/report.ts';

const ofCause: Readonly<Record<string, number>> = { error: 5, interrupted: 130, terminated: 143, usage: 2 };

/** The statuses of the design; when several hold: 5, 130 and 143, 2, 1, 4, 3, 0. A run that judged nothing never ends with 0. */
export function exitStatusOf({ ended, selection, requirements, verdict }: Report): number {
  const early = ofCause[ended.cause];
  if (early !== undefined) return early;
  const failOn = selection.failOn ?? ['fail', 'inconclusive'];
  const some = (level: string | undefined, wanted: string): boolean =>
    requirements.some((row) => row.verdict === wanted && (level === undefined || row.level === level));
  if (failOn.includes('fail') && verdict === 'non-conformant') return 1;
  if (failOn.includes('warn') && some(undefined, 'warn')) return 1;
  if (ended.cause === 'unreachable') return 4;
  if (!['pass', 'fail', 'warn', 'waived'].some((judged) => some(undefined, judged))) return 3;
  return failOn.includes('inconclusive') && (verdict === 'inconclusive' || some('MUST', 'inconclusive')) ? 3 : 0;
}
