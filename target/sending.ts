/** One attempt at a request: sent, timed, numbered, written down. Nothing here sends anything a second time. */
import { isUuid } from '../spec/formats.ts';
import type { Answer, Exchange, Failure, Intent, JournalLine } from '../spec/journal.ts';
import type { Inbound, Outcome } from './attempt.ts';
import type { Budget } from './budget.ts';
import type { Capture } from './capture.ts';
import type { HttpClient } from './client.ts';
import { isWrite } from './method.ts';
import type { Prepared } from './outgoing.ts';
import type { Turn } from './pacing.ts';

export interface Performed {
  readonly exchange: Exchange;
  /** As it came, secrets in it: for tokens and `Retry-After` only. */
  readonly inbound: Inbound | undefined;
}

export interface SendingParts {
  readonly client: HttpClient;
  readonly capture: Capture;
  readonly budget: Budget;
  readonly timeoutMs: number;
  readonly clock: RunClock;
  readonly nextId: () => string;
  readonly record: (line: JournalLine) => void;
  /** Told of every outcome, before its turn ends and before it is recorded. */
  readonly notice: (outcome: Outcome, sentAt: number, receivedAt: number) => void;
}

/** The monotonic clock of a run: milliseconds since it began, to the microsecond. */
export interface RunClock {
  now(): number;
  /** The same moment as `performance.now()` gave it. */
  of(moment: number): number;
}

export const createRunClock = (): RunClock => {
  const began = performance.now();
  const of = (moment: number): number => Math.round((moment - began) * 1000) / 1000;
  return { of, now: () => of(performance.now()) };
};

/** The id in the answer to a create, if there is one by which it can be closed. */
export const readProductId = (content: Buffer): string | undefined => {
  try {
    const value: unknown = JSON.parse(content.toString('utf8'));
    if (typeof value !== 'object' || value === null || !('customerProductId' in value)) return undefined;
    const { customerProductId: id } = value;
    return typeof id === 'string' && isUuid(id) ? id : undefined;
  } catch {
    return undefined;
  }
};

const asksForIban = ({ filters }: Intent): boolean => filters?.some(([name]) => name === 'iban') === true;

export const isSuccess = (status: number | undefined): boolean => status !== undefined && status >= 200 && status < 300;

export type Perform = (prepared: Prepared, turn: Turn) => Promise<Performed>;

/** `Perform` ends the turn it is given. It rejects with `LimitReached`, and with what writing the journal throws. */
export const createPerform =
  ({ client, capture, budget, timeoutMs, clock, nextId, record, notice }: SendingParts): Perform =>
  async (prepared, turn) => {
    const { method, origin, path, headers, body, fresh, timeoutMs: ownTimeoutMs, isSpared, intent, campaign } = prepared;
    const url = origin + path;
    const isToken = intent.operation === 'token';
    let id: string | undefined;
    let sentAt = clock.now();
    let connection: number | undefined;
    let receivedAt: number;
    let outcome: Outcome;
    try {
      budget.spend(intent, isSpared ?? intent.cleanup === true);
      outcome = await client.exchange({
        method,
        origin,
        path: capture.reveal(path),
        headers,
        body,
        timeoutMs: Math.min(timeoutMs, ownTimeoutMs ?? timeoutMs),
        fresh,
        isSpared: isSpared ?? intent.cleanup === true,
        onSend(number) {
          connection = number;
          id = nextId();
          turn.sent();
          sentAt = clock.now();
          if (isWrite(method) && !isToken) record({ type: 'sent', id, campaign, intent, sentAt, method, url: capture.text(url) });
        },
      });
      receivedAt = Math.max(sentAt, clock.of(outcome.endedAt));
      notice(outcome, sentAt, receivedAt);
    } finally {
      turn.end();
    }
    const inbound = outcome.answer;
    const isCreate = inbound !== undefined && intent.operation === 'create';
    const created = isCreate ? readProductId(inbound.content) : undefined;
    budget.settle(intent, inbound?.status, created);
    if (created !== undefined && isSuccess(inbound?.status)) capture.own(created);

    // The request first: credentials that the answer may echo are known from then on.
    const request = capture.request(method, url, headers, body);
    const result: { answer: Answer } | { failure: Failure } =
      inbound === undefined
        ? { failure: { kind: outcome.failure?.kind ?? 'protocol', message: capture.text(outcome.failure?.message ?? '') } }
        : { answer: capture.answer(inbound.status, inbound.headers, inbound.content, { cutOff: inbound.cutOff, givesTokens: isToken }) };
    const exchange: Exchange = {
      type: 'exchange',
      id: id ?? nextId(),
      campaign,
      intent: capture.intent(intent),
      sentAt,
      receivedAt,
      ...(connection === undefined ? {} : { connection }),
      request: asksForIban(intent) ? { ...request, url: capture.text(request.url) } : request,
      ...result,
    };
    record(exchange);
    return { exchange, inbound };
  };
