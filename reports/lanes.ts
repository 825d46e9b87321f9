/**
 * Requests that overlapped, over time and to scale: a lane for each client that was busy, a bar for each request from its sending to
 * its answer. What one bar shows may contradict another only where the one had ended before the other began; so that is to be seen.
 */
import type { Exchange } from '../spec/journal.ts';
import { describeProbe } from './exchange-text.ts';
import { answerValue, createdProduct, letterOf, type Names, stringMember } from './names.ts';
import { shorten, showOnOneLine } from './terminal-text.ts';

export interface Bar {
  readonly exchange: Exchange;
  /** Milliseconds from the left end. */
  readonly from: number;
  readonly to: number;
  /** What was asked, in few words. Not yet made safe to print. */
  readonly asked: string;
  /** What was answered, in few words. Not yet made safe to print. */
  readonly answered: string;
}

export interface Lane {
  /** `A`, `B`: a client that sends its next request when the last one was answered. */
  readonly name: string;
  readonly bars: readonly Bar[];
}

export interface Lanes {
  readonly durationMs: number;
  readonly lanes: readonly Lane[];
  /** Exchanges before and after, which are not shown here. */
  readonly left: number;
}

/** More of them say no more. */
const mostBars = 24;
/** What followed within so many times the length of the race is shown with it. */
const followingShare = 2;

/** The largest group of exchanges that overlapped, with what came right before and after it; `undefined` where none did. */
export function layOutLanes(exchanges: readonly Exchange[], names: Names): Lanes | undefined {
  const sorted = exchanges.filter(({ intent }) => intent.operation !== 'token').sort((a, b) => a.sentAt - b.sentAt);
  const groups = overlapping(sorted);
  const race = groups.reduce<readonly Exchange[]>((most, group) => (group.length > most.length ? group : most), []);
  if (race.length < 2) return undefined;
  const begin = race[0]!.sentAt;
  const end = endOf(race);
  const after = sorted.filter(({ sentAt, receivedAt }) => sentAt >= end && receivedAt <= end + (end - begin) * followingShare);
  const before = sorted.findLast(({ receivedAt }) => receivedAt <= begin && receivedAt >= begin - (end - begin) * followingShare);
  const shown = [...(before === undefined ? [] : [before]), ...race, ...after].slice(0, mostBars);
  const from = shown[0]!.sentAt;
  const lanes: Exchange[][] = [];
  for (const exchange of shown) {
    const free = lanes.find((lane) => lane.at(-1)!.receivedAt <= exchange.sentAt);
    if (free === undefined) lanes.push([exchange]);
    else free.push(exchange);
  }
  return {
    durationMs: endOf(shown) - from,
    lanes: lanes.map((lane, index) => ({
      name: letterOf(index).toUpperCase(),
      bars: lane.map((exchange) => ({
        exchange,
        from: exchange.sentAt - from,
        to: exchange.receivedAt - from,
        asked: nameRequest(exchange, names),
        answered: nameAnswer(exchange, names),
      })),
    })),
    left: sorted.length - shown.length,
  };
}

const endOf = (exchanges: readonly Exchange[]): number => Math.max(...exchanges.map(({ receivedAt }) => receivedAt));

function overlapping(sorted: readonly Exchange[]): readonly (readonly Exchange[])[] {
  const groups: Exchange[][] = [];
  let end = Number.NEGATIVE_INFINITY;
  for (const exchange of sorted) {
    if (exchange.sentAt < end) groups.at(-1)!.push(exchange);
    else groups.push([exchange]);
    end = Math.max(end, exchange.receivedAt);
  }
  return groups;
}

function nameRequest(exchange: Exchange, names: Names): string {
  const { operation, product, customer, filters, probe } = exchange.intent;
  const odd = probe === undefined || probe.role !== 'odd' ? '' : ` (${describeProbe(probe)})`;
  if (operation === 'create') {
    const id = createdProduct(exchange);
    return `create ${id === undefined ? '' : names.product(id)}`.trimEnd() + odd;
  }
  if (operation === 'list') return `list ${names.customer(customer ?? '?')}${(filters ?? []).map(([name]) => ` ${name}`).join('')}`;
  return `${operation} ${names.product(product ?? '?')}${odd}`;
}

/** A product's status, of a closed one with the time of day in closedOn: that is what closes in parallel disagree about. */
function nameState(value: unknown): string {
  const status = stringMember(value, 'status') ?? 'no status';
  const closedOn = stringMember(value, 'closedOn');
  if (closedOn === undefined) return status === 'CLOSED' ? 'CLOSED, no closedOn' : status;
  return `${status} ${/T([0-9:.]+)/.exec(closedOn)?.[1] ?? closedOn}`;
}

function nameAnswer(exchange: Exchange, names: Names): string {
  const { answer, failure, intent } = exchange;
  if (answer === undefined) return `no answer (${failure?.kind ?? 'unknown'})`;
  if (answer.status !== 200 || (intent.operation !== 'get' && intent.operation !== 'list')) return String(answer.status);
  const value = answerValue(exchange);
  if (!Array.isArray(value)) {
    const id = stringMember(value, 'customerProductId');
    const other = id === undefined || id.toLowerCase() === intent.product?.toLowerCase() ? '' : `${names.product(id)} `;
    return `200 ${other}${nameState(value)}`;
  }
  const known = value.flatMap((product: unknown) => {
    const id = stringMember(product, 'customerProductId');
    return id !== undefined && names.isKnown(id) ? [`${names.product(id)} ${nameState(product)}`] : [];
  });
  return `200 ${known.length === 0 ? `${value.length} products` : known.join(', ')}`;
}

const letterColumns = 2;
const widestAsked = 18;
const narrowestBar = 20;

/** As text, a line a request, none wider than `width`. Safe to print. */
export function renderLanes({ lanes, durationMs, left }: Lanes, width: number, indent: number): readonly string[] {
  const bars = lanes.flatMap((lane) => lane.bars);
  const askedColumns = Math.min(widestAsked, Math.max(...bars.map(({ asked }) => asked.length)));
  const room = width - indent - letterColumns - askedColumns - 1;
  const columns = Math.max(narrowestBar, Math.floor(room * 0.55));
  const scale = (ms: number): number => (durationMs === 0 ? 0 : Math.min(columns - 1, Math.floor((ms / durationMs) * columns)));
  const lines = [...lanes].flatMap(({ name, bars: own }) =>
    own.map(({ from, to, asked, answered }, index) => {
      const [start, end] = [scale(from), scale(to)];
      const bar = ' '.repeat(start) + (end === start ? '│' : `├${'─'.repeat(end - start - 1)}┤`);
      const letter = (index === 0 ? name : '').padEnd(letterColumns);
      const head = `${' '.repeat(indent)}${letter}${shorten(showOnOneLine(asked), askedColumns).padEnd(askedColumns)} ${bar.padEnd(columns)} `;
      return (head + shorten(showOnOneLine(answered), Math.max(8, width - head.length))).trimEnd();
    }),
  );
  const scaleLine = `${formatMs(durationMs)} from left to right${left === 0 ? '' : `; ${left} more before and after`}`;
  return [...lines, `${' '.repeat(indent)}${scaleLine}`];
}

export const formatMs = (ms: number): string => (ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms.toFixed(1)} ms`);
