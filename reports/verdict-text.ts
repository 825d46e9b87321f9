/** The verdict of a run in words, and the meaning of an exit status. */

import type { Report, RequirementResult, Verdict } from '../spec/report.ts';

export const runVerdictWords: Readonly<Record<Report['verdict'], string>> = {
  conformant: 'conformant',
  'non-conformant': 'non-conformant',
  inconclusive: 'inconclusive',
  partial: 'the selected requirements hold',
};

export const endCauseWords: Readonly<Record<Report['ended']['cause'], string>> = {
  completed: 'completed',
  usage: 'usage or profile',
  unreachable: 'target not reachable, or credentials refused',
  interrupted: 'interrupted',
  terminated: 'terminated',
  error: 'an error of the suite itself',
  'cut-off': 'cut off',
};

/** `1 MUST requirement`, `2 MUST requirements`. */
export function countOf(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

export function resultsWith(report: Report, verdict: Verdict): readonly RequirementResult[] {
  return report.requirements.filter((result) => result.verdict === verdict);
}

/** The verdict in one clause: `non-conformant — 2 MUST requirements failed`. */
export function summariseVerdict(report: Report): string {
  const must = report.counts.MUST;
  const words = runVerdictWords[report.verdict];
  switch (report.verdict) {
    case 'conformant': {
      const warned = resultsWith(report, 'warn').length;
      const excluded = must['not-applicable'] === 0 ? '' : `, ${must['not-applicable']} not applicable`;
      return `${words} — ${countOf(must.pass + must.warn, 'MUST requirement')} hold${excluded}${warned === 0 ? '' : `; ${countOf(warned, 'warning')}`}`;
    }
    case 'non-conformant':
      return `${words} — ${countOf(must.fail, 'MUST requirement')} failed`;
    case 'inconclusive':
      return must.inconclusive === 0 ? words : `${words} — ${countOf(must.inconclusive, 'MUST requirement')} could not be judged`;
    case 'partial':
      return `${words} — the run was narrowed by ${narrowings(report).join(', ') || 'its settings'}`;
  }
}

/** What kept a run from covering everything. */
export function narrowings(report: Report): readonly string[] {
  const { selection, profile } = report;
  const auth = profile.auth;
  const isOpen = typeof auth === 'object' && auth !== null && 'type' in auth && auth.type === 'none';
  return [
    selection.only !== undefined && selection.only.length > 0 && `--only ${selection.only.join(',')}`,
    selection.shard !== undefined && `--shard ${selection.shard.index}/${selection.shard.of}`,
    selection.readOnly && '--read-only',
    selection.insecure && '--insecure',
    isOpen && 'auth: none',
    resultsWith(report, 'waived').length > 0 && countOf(resultsWith(report, 'waived').length, 'waiver'),
  ].filter((narrowing) => typeof narrowing === 'string');
}

/**
 * What an exit status says about this run, in one line: `exit 1: non-conformant — 2 MUST requirements failed`.
 * The status is given: which causes end with which status is for the command line to decide.
 */
export function explainExit(status: number, report: Report): string {
  return `exit ${status}: ${meaningOf(status, report)}`;
}

function meaningOf(status: number, report: Report): string {
  switch (status) {
    case 0:
      return report.verdict === 'conformant' || report.verdict === 'partial'
        ? summariseVerdict(report)
        : `${summariseVerdict(report)}, which --fail-on ${report.selection.failOn?.join(',') ?? ''} accepts`;
    case 1: {
      const warned = resultsWith(report, 'warn').length;
      return report.verdict === 'non-conformant' || warned === 0
        ? summariseVerdict(report)
        : `${runVerdictWords[report.verdict]}, but --fail-on counts ${countOf(warned, 'warning')}`;
    }
    case 2:
      return endCauseWords.usage;
    case 3:
      return summariseVerdict(report);
    case 4:
      return endCauseWords.unreachable;
    case 5:
      return `${endCauseWords.error}, not of the target`;
    case 130:
      return `${endCauseWords.interrupted}, after cleaning up`;
    case 143:
      return `${endCauseWords.terminated}, after cleaning up`;
    default:
      return summariseVerdict(report);
  }
}
