/** What a run record makes a process end with. */
import { staleWaivers } from '../judge/verdict.ts';
import type { Waiver } from '../spec/profile.ts';
import type { Report } from '../spec/report.ts';

const ofCause: Readonly<Record<string, number>> = { error: 5, interrupted: 130, terminated: 143, usage: 2 };

/** The statuses of the design; when several hold: 5, 130 and 143, 2, 1, 4, 3, 0. A run that judged nothing never ends with 0. */
export function exitStatusOf(report: Report): number {
  const { ended, selection, requirements, verdict } = report;
  const early = ofCause[ended.cause];
  if (early !== undefined) return early;
  if (needlessWaivers(report).length > 0) return 2;
  const failOn = selection.failOn ?? ['fail', 'inconclusive'];
  const some = (level: string | undefined, wanted: string): boolean =>
    requirements.some((row) => row.verdict === wanted && (level === undefined || row.level === level));
  if (failOn.includes('fail') && verdict === 'non-conformant') return 1;
  if (failOn.includes('warn') && some(undefined, 'warn')) return 1;
  if (ended.cause === 'unreachable') return 4;
  if (!['pass', 'fail', 'warn', 'waived'].some((judged) => some(undefined, judged))) return 3;
  return failOn.includes('inconclusive') && (verdict === 'inconclusive' || some('MUST', 'inconclusive')) ? 3 : 0;
}

/** Requirements that the profile waives and that pass: whoever waived them wants to know. */
export const needlessWaivers = ({ profile, requirements }: Report): readonly string[] =>
  staleWaivers(requirements, (profile as { readonly waivers?: readonly Waiver[] }).waivers ?? []).map(({ requirement }) => requirement);

/** What to do about them, a line each. */
export const tellNeedlessWaivers = (report: Report): string =>
  needlessWaivers(report)
    .map((requirement) => `waivers: expected a fail of ${requirement}, which is waived, came a pass; take its waiver out of the profile.\n`)
    .join('');
