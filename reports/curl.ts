/**
 * A finding as a shell script: the recorded requests again, by `curl`, on fresh customers, with the ids of the products it makes itself.
 *
 * The script is POSIX `sh` with `curl`, `sed`, `od` and `tr`. It takes `TARGET`, and `TOKEN` or `TOKEN_URL`, `CLIENT_ID` and
 * `CLIENT_SECRET` from the environment, shows each answer beside the one recorded, and closes what it made. It judges nothing.
 */
import type { Exchange } from '../spec/journal.ts';
import type { Finding, Report } from '../spec/report.ts';
import { renderCall, renderCapture, renderIbans } from './curl-call.ts';
import { authOf, type ScriptContext, scriptContext } from './curl-context.ts';
import { closeFunction, functions, ibanFunction, obtainToken, prepareFunction, secretForms, workspace } from './curl-prelude.ts';
import { type Part, shellExpression } from './shell-text.ts';
import { shorten, showOnOneLine } from './terminal-text.ts';

/** Shorter gaps between two exchanges are the pace of the run and mean nothing; longer ones than the most are the run's, not the finding's. */
const leastGapMs = 500;
const mostGapMs = 10_000;

/** `undefined` where the evidence holds none of the finding's exchanges. */
export function renderScript(report: Report, finding: Finding, evidence: ReadonlyMap<string, Exchange>): string | undefined {
  const ids = finding.counterexample?.exchanges ?? finding.exchanges;
  const cited = ids.map((id) => evidence.get(id)).filter((exchange) => exchange !== undefined);
  const exchanges = cited.filter(isPerformed).sort((a, b) => a.sentAt - b.sentAt);
  if (exchanges.length === 0) {
    return undefined;
  }
  const context = scriptContext(report, exchanges);
  const calls = renderCalls(exchanges, context);
  const lines = [...opening(report, finding), ...settings(report, exchanges, context), ...calls, ...ending(context)];
  return `${lines.join('\n')}\n`;
}

/** Tokens are got by the script itself; a token request is performed only where it is the matter. */
function isPerformed({ intent }: Exchange): boolean {
  return intent.cleanup === undefined && (intent.operation !== 'token' || intent.probe !== undefined);
}

function opening(report: Report, finding: Finding): readonly string[] {
  const comment = (label: string, text: string) => `# ${label}${showOnOneLine(shorten(text, 400))}`;
  return [
    '#!/bin/sh',
    comment(`${finding.id}: `, finding.message),
    comment('expected: ', finding.expected),
    comment('received: ', finding.received),
    comment('', `Seen ${report.startedAt} by ${report.suite.name} ${report.suite.version}, seed ${report.seed}.`),
    '#',
    '# Environment: TARGET (base URL); TOKEN, or TOKEN_URL, CLIENT_ID and CLIENT_SECRET; CURL_OPTIONS (--cacert, --proxy, …).',
    '# It shows each answer beside the recorded one, and closes the products it made.',
    '',
  ];
}

/** A variable of the environment, or what was recorded. */
function fallback(variable: string, parts: readonly Part[]): string {
  return `[ -n "$${variable}" ] || ${variable}=${shellExpression(parts)}`;
}

/** A value that the record does not hold. A credential the target did not know is as good as any other that it does not know. */
function renderRemoved(name: string): string {
  return name.startsWith('CREDENTIAL')
    ? fallback(name, ['not-a-credential'])
    : `[ -n "$${name}" ] || { echo 'Set ${name}: its value is not kept in reports.' >&2; exit 2; }`;
}

function settings(report: Report, exchanges: readonly Exchange[], context: ScriptContext): readonly string[] {
  // What a script needs is known once all its texts are seen; the context keeps count of the removed values they name.
  for (const { request } of exchanges) {
    for (const text of [request.url, request.body?.text ?? '', ...request.headers.map(([, value]) => value)]) {
      context.toParts(text);
    }
  }
  const auth = authOf(report);
  const writes = context.prepared.length + context.captured.length > 0;
  const usesToken = context.removed.has('TOKEN') || (!auth.isNone && (writes || context.ibans.length > 0));
  const usesSecret = context.removed.has('CLIENT_SECRET');
  const usesTokenUrl = usesToken || exchanges.some(({ intent }) => intent.operation === 'token');
  const others = [...context.removed].filter((name) => name !== 'TOKEN' && name !== 'CLIENT_SECRET');
  return [
    fallback('TARGET', [report.target]),
    ...(auth.tokenUrl !== undefined && usesTokenUrl ? [fallback('TOKEN_URL', [auth.tokenUrl])] : []),
    ...(auth.clientId !== undefined && (usesToken || usesSecret) ? [fallback('CLIENT_ID', [auth.clientId])] : []),
    ...(context.requestor === undefined ? [] : [fallback('REQUESTOR_ID', [context.requestor])]),
    ...context.recorded.map(({ name, value }) => fallback(name, [value])),
    ...others.map(renderRemoved),
    ...(report.selection.insecure === true ? ['CURL_OPTIONS="$CURL_OPTIONS --insecure"'] : []),
    '',
    workspace,
    functions,
    ...(context.ibans.length > 0 ? [ibanFunction] : []),
    ...(context.prepared.length > 0 ? [prepareFunction] : []),
    ...(writes ? [closeFunction] : []),
    ...(usesToken ? [obtainToken(auth.isBasic, auth.scope === undefined ? undefined : shellExpression([`scope=${auth.scope}`]))] : []),
    ...(usesSecret ? [secretForms] : []),
    ...context.customers.map(({ name, value }) =>
      context.areCustomersGiven ? fallback(name, [value]) : `[ -n "$${name}" ] || ${name}=$(uuid)`,
    ),
    ...(context.requestor === undefined && writes ? ['[ -n "$REQUESTOR_ID" ] || REQUESTOR_ID=$(uuid)'] : []),
    ...(context.customers.length > 0 ? [''] : []),
    ...preparations(context),
  ];
}

function preparations({ prepared }: ScriptContext): readonly string[] {
  return prepared.length === 0
    ? []
    : [
        '# What was there before the first of these exchanges.',
        ...prepared.map(({ name, customer, code, isClosed }) => {
          const made = `prepare "$${customer}" ${shellExpression([code])}; ${name}=$(member prepared customerProductId)`;
          return isClosed ? `${made}; close_product "$${name}"` : made;
        }),
        '',
      ];
}

/** Exchanges that overlapped in the run overlap again; those after each other come after each other. */
function renderCalls(exchanges: readonly Exchange[], context: ScriptContext): readonly string[] {
  const lines: string[] = [];
  const ibans = new Set<string>();
  let number = 0;
  let end: number | undefined;
  for (const group of overlapping(exchanges)) {
    const start = group[0]!.sentAt;
    if (end !== undefined && start - end >= leastGapMs) {
      lines.push(`sleep ${Math.ceil(Math.min(start - end, mostGapMs) / 1_000)}`, '');
    }
    end = Math.max(...group.map(({ receivedAt }) => receivedAt));
    lines.push(...group.flatMap((exchange) => renderIbans(exchange, context, ibans)));
    if (group.length === 1) {
      number += 1;
      lines.push(...renderCall(group[0]!, number, context), ...renderCapture(group[0]!, number, context), '');
      continue;
    }
    lines.push('# At the same time:');
    const captures: string[] = [];
    for (const lane of lanesOf(group)) {
      lines.push('(');
      for (const exchange of lane) {
        number += 1;
        const capture = renderCapture(exchange, number, context);
        captures.push(...capture);
        lines.push(...renderCall(exchange, number, context), ...capture);
      }
      lines.push(') &');
    }
    lines.push('wait', ...captures, '');
  }
  return lines;
}

function overlapping(exchanges: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const groups: Exchange[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const exchange of exchanges) {
    if (exchange.sentAt < end) {
      groups.at(-1)!.push(exchange);
    } else {
      groups.push([exchange]);
    }
    end = Math.max(end, exchange.receivedAt);
  }
  return groups;
}

/** Each exchange goes to the first lane whose last answer it did not overtake. */
function lanesOf(group: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const lanes: Exchange[][] = [];
  for (const exchange of group) {
    const lane = lanes.find((one) => one.at(-1)!.receivedAt <= exchange.sentAt);
    if (lane === undefined) {
      lanes.push([exchange]);
    } else {
      lane.push(exchange);
    }
  }
  return lanes;
}

function ending(context: ScriptContext): readonly string[] {
  const products = [...context.prepared.filter(({ isClosed }) => !isClosed), ...context.captured].map(({ name }) => `"$${name}"`);
  return products.length === 0
    ? []
    : ['# Leave nothing behind.', `for product in ${products.join(' ')}; do`, '  [ -z "$product" ] || close_product "$product"', 'done'];
}
