/** Requests on a socket of our own, one after the other on one connection, written down like all others. */
import type { Answer, Exchange, Failure, Intent, JournalLine } from '../spec/journal.ts';
import type { Budget } from './budget.ts';
import type { Capture, HeaderPair } from './capture.ts';
import { isWrite } from './method.ts';
import { type Common, composeHeaders, mergeHeaders, type RawOutgoing } from './outgoing.ts';
import type { Turn } from './pacing.ts';
import { exchangeRaw, type RawOptions, type RawOutcome } from './raw.ts';
import { isSuccess, type RunClock, readProductId } from './sending.ts';

/** A raw request with everything settled but its moment. */
export interface PreparedRaw {
  readonly method: string;
  readonly url: string;
  readonly target: string;
  readonly headers: readonly HeaderPair[];
  /** As it is recorded: without its framing. */
  readonly body: string | Uint8Array | undefined;
  readonly content: readonly Uint8Array[];
  readonly holdsContent: boolean | undefined;
  readonly cutAfter: 'headers' | 'body' | undefined;
  readonly intent: Intent;
  readonly campaign: string;
}

const frameChunk = (chunk: string): Uint8Array => {
  const content = Buffer.from(chunk, 'utf8');
  return Buffer.concat([Buffer.from(`${content.length.toString(16)}\r\n`), content, Buffer.from('\r\n')]);
};

/** The octets of a raw request, all settled. */
export const prepareRaw = (outgoing: RawOutgoing, common: Common): PreparedRaw => {
  const { method, path, body, chunks, holdsContent, cutAfter, intent, campaign } = outgoing;
  const whole = chunks === undefined ? body : chunks.join('');
  const plain = whole === undefined ? undefined : Buffer.from(whole);
  const own: HeaderPair[] = [
    ['Host', new URL(common.origin).host],
    ...composeHeaders({ ...outgoing, headers: {} }, common, plain !== undefined),
  ];
  if (chunks !== undefined) own.push(['Transfer-Encoding', 'chunked']);
  else if (plain !== undefined) own.push(['Content-Length', String(plain.length)]);
  const content = plain === undefined ? [] : [plain];
  return {
    method,
    url: common.origin + common.basePath + path,
    target: common.basePath + path,
    headers: mergeHeaders(own, outgoing.headers),
    body: whole,
    content: chunks === undefined ? content : [...chunks.map(frameChunk), Buffer.from('0\r\n\r\n')],
    holdsContent,
    cutAfter,
    intent,
    campaign,
  };
};

export interface RawSendingParts {
  readonly options: RawOptions;
  readonly capture: Capture;
  readonly budget: Budget;
  readonly clock: RunClock;
  readonly nextId: () => string;
  readonly nextConnection: () => number;
  readonly record: (line: JournalLine) => void;
  /** Told of every outcome, before it is recorded. */
  readonly notice: (outcome: RawOutcome, sentAt: number, receivedAt: number) => void;
}

export type PerformRaw = (requests: readonly PreparedRaw[], turn: Turn) => Promise<Exchange[]>;

interface Mark {
  id: string | undefined;
  sentAt: number;
}

/** `PerformRaw` ends the turn it is given. It rejects with `LimitReached`, and with what writing the journal throws. */
export const createPerformRaw = ({
  options,
  capture,
  budget,
  clock,
  nextId,
  nextConnection,
  record,
  notice,
}: RawSendingParts): PerformRaw => {
  const write = (
    { method, url, headers, body, intent, campaign }: PreparedRaw,
    mark: Mark,
    connection: number,
    outcome: RawOutcome,
  ): Exchange => {
    const { answer, failure } = outcome;
    const receivedAt = Math.max(mark.sentAt, clock.of(outcome.endedAt));
    notice(outcome, mark.sentAt, receivedAt);
    const created = intent.operation === 'create' && isSuccess(answer?.status) ? readProductId(answer!.content) : undefined;
    if (created !== undefined) capture.own(created);
    const request = capture.request(method, url, headers, body);
    const result: { answer: Answer } | { failure: Failure } =
      answer === undefined
        ? { failure: { kind: failure?.kind ?? 'protocol', message: capture.text(failure?.message ?? '') } }
        : { answer: capture.answer(answer.status, answer.headers, answer.content, { cutOff: answer.cutOff, wire: answer.wire }) };
    const exchange: Exchange = {
      type: 'exchange',
      id: mark.id ?? nextId(),
      campaign,
      intent: capture.intent(intent),
      sentAt: mark.sentAt,
      receivedAt,
      ...(mark.id === undefined ? {} : { connection }),
      request,
      ...result,
    };
    record(exchange);
    return exchange;
  };

  return async (requests, turn) => {
    const connection = nextConnection();
    const marks = requests.map((): Mark => ({ id: undefined, sentAt: clock.now() }));
    try {
      for (const { intent } of requests) budget.spend(intent);
      const outcomes = await exchangeRaw(
        requests.map(({ method, target, headers, content, holdsContent, cutAfter, url, intent, campaign }, index) => ({
          method,
          target: capture.reveal(target),
          headers,
          content,
          holdsContent,
          cutAfter,
          onSend() {
            const mark = marks[index]!;
            const id = nextId();
            turn.sent();
            mark.sentAt = clock.now();
            mark.id = id;
            if (isWrite(method)) record({ type: 'sent', id, campaign, intent, sentAt: mark.sentAt, method, url: capture.text(url) });
          },
        })),
        options,
      );
      return requests.map((request, index) => {
        const outcome = outcomes[index]!;
        budget.settle(request.intent, outcome.answer?.status);
        return write(request, marks[index]!, connection, outcome);
      });
    } finally {
      turn.end();
    }
  };
};
