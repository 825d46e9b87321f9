/** Findings and witnesses in, verdicts out. */
import { areaOf, type Requirement, type RequirementId, rows } from '../spec/catalogue/index.ts';
import type { Selection } from '../spec/journal.ts';
import type { Waiver } from '../spec/profile.ts';
import type { Counts, Finding, RequirementResult, RunVerdict, Verdict } from '../spec/report.ts';
import type { Level } from '../spec/requirement.ts';
import { excluded } from './excluded.ts';
import type { Facts } from './facts.ts';
import { notBuilt } from './rule.ts';
import type { Account, Entry } from './tell.ts';

/** What the verdicts are worked out from: the accounts of all journals, added up. */
export interface Evidence {
  readonly accounts: ReadonlyMap<RequirementId, Account>;
  readonly productsShown: number;
  /** Rows that some campaign of theirs was skipped for; they are judged only where they fail. */
  readonly elsewhere: ReadonlySet<RequirementId>;
  readonly counterexamples: ReadonlyMap<string, Finding['counterexample']>;
}

export interface Terms {
  readonly facts: Facts;
  readonly selection: Selection;
  readonly waivers: readonly Waiver[];
  /** RFC 3339; waivers are held against the day of the run, not of the judging. */
  readonly startedAt: string;
  /** How the run ended, if it did not run to its end. */
  readonly endedEarly: string | undefined;
  /** What was lost on the way so often that it may be why something was not seen. */
  readonly losses: readonly string[];
}

/** Areas in which a target that says one thing to everything must earn no pass (rule 1). */
const behaviour = new Set(['CRE', 'LST', 'FLT', 'CLS', 'TIM', 'LIF', 'OWN', 'REF']);

/** Rows about what no answer may ever do: worth something only once the target has shown products. */
const neverRows = new Set<RequirementId>([
  'MSG-02',
  'MSG-03',
  'MSG-06',
  'MSG-13',
  'MSG-14',
  'MSG-24',
  'SCH-09',
  'SCH-10',
  'SCH-12',
  'SCH-13',
  'AUT-17',
]);

export const isSelected = (id: RequirementId, only: readonly string[] | undefined): boolean =>
  only === undefined || only.includes(id) || only.includes(areaOf(id));

export function judgeRequirements(evidence: Evidence, terms: Terms): RequirementResult[] {
  return rows.flatMap((row) => {
    if (!isSelected(row.id, terms.selection.only)) return [];
    const result = judgeRequirement(row, evidence, terms);
    return evidence.elsewhere.has(row.id) && result.verdict !== 'fail' ? [] : [result];
  });
}

function judgeRequirement(row: Requirement, evidence: Evidence, terms: Terms): RequirementResult {
  const account = evidence.accounts.get(row.id)!;
  const entries = [...account.entries.values()].sort((a, b) => rank(a) - rank(b));
  const findings = entries.map((entry, index) => findingOf(row.id, entry, index + 1, evidence.counterexamples));
  const enough = evidence.productsShown >= 2 || (!behaviour.has(areaOf(row.id)) && !neverRows.has(row.id));
  const witnesses = enough ? account.witnesses : 0;
  const base = { id: row.id, level: row.level, title: row.title, source: row.source, witnesses, findings };
  const say = (verdict: Verdict, reason?: string): RequirementResult => ({ ...base, verdict, ...(reason === undefined ? {} : { reason }) });

  if (account.reason === notBuilt) return say('not-applicable', notBuilt);
  const exclusion = excluded(row.id, terms.facts);
  if (exclusion !== undefined) return { ...say('not-applicable', exclusion), findings: [], witnesses: 0 };
  if (row.level === 'MAY') return witnesses > 0 ? say('pass') : say('not-applicable', 'the target does not take it');

  const violated = entries.some(({ severity }) => severity === 'violated');
  if (violated && row.level === 'MUST') {
    const waiver = terms.waivers.find(({ requirement, until }) => requirement === row.id && terms.startedAt.slice(0, 10) <= until);
    return waiver === undefined ? say('fail') : say('waived', `${waiver.reason} (until ${waiver.until})`);
  }
  if (entries.length > 0) return say('warn', entries[0]!.message);
  if (witnesses > 0) return say('pass');
  if (terms.facts.readOnly && terms.endedEarly === undefined) return say('not-applicable', 'reading alone does not show it');
  if (terms.endedEarly !== undefined) return say('inconclusive', `the run ended early: ${terms.endedEarly}`);
  if (!enough && account.witnesses > 0) return say('inconclusive', 'the target has not shown two products created in this run');
  const never = `never shown: ${account.reason ?? row.premise.text}`;
  return row.premise.kind === 'optional'
    ? say('not-applicable', never)
    : say('inconclusive', [`no witness: ${account.reason ?? row.witness}`, ...terms.losses].join('; '));
}

const rank = (entry: Entry): number => (entry.severity === 'violated' ? 0 : 1);

function findingOf(id: RequirementId, entry: Entry, number: number, counterexamples: Evidence['counterexamples']): Finding {
  const counterexample = counterexamples.get(counterexampleKey(id, entry.cause));
  return {
    id: `${id}#${number}`,
    message: entry.message,
    expected: entry.expected,
    received: entry.received,
    count: entry.count,
    exchanges: entry.exchanges,
    ...(counterexample === undefined ? {} : { counterexample }),
  };
}

export const counterexampleKey = (id: RequirementId, cause: string): string => `${id} ${cause}`;

export function countVerdicts(results: readonly RequirementResult[]): Counts {
  const counted = (level: Level): Counts[Level] => {
    const counts = { pass: 0, fail: 0, warn: 0, inconclusive: 0, 'not-applicable': 0, waived: 0 };
    for (const result of results) if (result.level === level) counts[result.verdict] += 1;
    return counts;
  };
  return { MUST: counted('MUST'), SHOULD: counted('SHOULD'), MAY: counted('MAY') };
}

export function judgeRun(results: readonly RequirementResult[], terms: Terms, narrowed: boolean): RunVerdict {
  if (results.some(({ verdict }) => verdict === 'fail')) return 'non-conformant';
  const open = results.some(({ verdict, level }) => verdict === 'inconclusive' && level === 'MUST');
  const seen = results.some(({ verdict }) => verdict === 'pass' || verdict === 'warn' || verdict === 'waived');
  if (open || !seen || terms.endedEarly !== undefined) return 'inconclusive';
  return narrowed || results.some(({ verdict }) => verdict === 'waived') ? 'partial' : 'conformant';
}

/** Whether the selection, or what the profile leaves out, keeps a run without a fail from being called conformant. */
export const isNarrowed = (selection: Selection, facts: Facts): boolean =>
  selection.only !== undefined ||
  selection.shard !== undefined ||
  selection.readOnly === true ||
  selection.insecure === true ||
  facts.auth === 'none';

/** A waiver in force whose requirement passes: it has had its day, and hides what comes next. */
export const staleWaivers = (results: readonly RequirementResult[], waivers: readonly Waiver[]): readonly Waiver[] =>
  waivers.filter(({ requirement }) => results.some(({ id, verdict }) => id === requirement && verdict === 'pass'));
