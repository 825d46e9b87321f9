/** Exchanges written by hand, one line each: whatever a target may say to whatever request. What is not said is as a sound target has it. */
import { createHash, randomUUID } from 'node:crypto';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import type { Exchange, Failure, FilterPair, Intent, JournalLine, ProbeRole, Wire } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import type { Operation } from '../../spec/values.ts';
import { type Judged, judge } from './history.ts';

type Headers = Readonly<Record<string, string | undefined>>;

export interface Said {
  /** By the operation, if absent. */
  readonly method?: string;
  readonly customer?: string;
  readonly product?: string;
  readonly code?: string;
  readonly filters?: readonly FilterPair[];
  /** Query of the address, as sent. */
  readonly query?: string;
  /** Of a probe: `['REF-01', 'spoiled', 'without Requestor-ID']`; the trial is named for the requirement. */
  readonly probe?: readonly [RequirementId, ProbeRole, string];
  readonly trial?: string;
  /** Request header fields beside the usual ones; undefined leaves one out. */
  readonly sends?: Headers;
  readonly body?: string;
  readonly status?: number;
  /** Answer header fields beside the usual ones; undefined leaves one out. */
  readonly headers?: Headers;
  /** The content; `json` is written out. */
  readonly text?: string;
  readonly json?: unknown;
  /** Content that is not UTF-8. */
  readonly octets?: Buffer;
  readonly failure?: Failure;
  readonly wire?: Wire;
  /** Sent so long after the exchange before it was answered; 1 ms. */
  readonly after?: number;
  /** From sending to the answer; 2 ms. */
  readonly takes?: number;
}

const methods: Readonly<Record<string, string>> = { list: 'GET', get: 'GET', create: 'POST', close: 'PATCH', token: 'POST', other: 'PUT' };
const date = 'Sun, 22 Nov 2026 18:00:00 GMT';

export const bearer = (mark: string): string => `Bearer «redacted:${mark}»`;

/** A product, as a sound target shows it. */
export const productOf = (id: string, over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({
  customerProductId: id,
  productCode: 'WALLET',
  productType: 'WALLET',
  status: 'ACTIVE',
  createdOn: '2026-11-22T18:00:00.000Z',
  modifiedOn: '2026-11-22T18:00:00.000Z',
  openedOn: '2026-11-22T18:00:00.000Z',
  ...over,
});

export const closedOf = (id: string, over: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> =>
  productOf(id, { status: 'CLOSED', closedOn: '2026-11-22T18:00:01.000Z', modifiedOn: '2026-11-22T18:00:01.000Z', ...over });

export interface Talk {
  readonly customer: string;
  say(operation: Operation | 'token' | 'other', said?: Said): string;
  /** A product made and seen by get, with `over` as it is shown. */
  made(over?: Readonly<Record<string, unknown>>): string;
  judged(): Judged;
}

/** @param ours whether only we write at the customer of this talk */
export function startTalk({ profile = {}, ours = true }: { readonly profile?: Partial<Profile>; readonly ours?: boolean } = {}): Talk {
  const customer = randomUUID();
  const lines: JournalLine[] = [{ type: 'ground', customer, exclusive: ours, invented: ours }];
  let now = 0;
  let lastId = 0;

  const talk: Talk = {
    customer,
    say(operation, said = {}) {
      const { after = 1, takes = 2, probe, status = 200, text, json, octets, failure, wire, filters, body, code } = said;
      const sentAt = now + after;
      const receivedAt = sentAt + takes;
      now = receivedAt;
      lastId += 1;
      const of = operation === 'list' || operation === 'create' ? { customer: said.customer ?? customer } : {};
      const intent: Intent = {
        operation,
        ...of,
        ...(operation === 'create' ? { code: code ?? 'WALLET' } : {}),
        ...(said.product === undefined ? {} : { product: said.product }),
        ...(operation === 'other' && said.customer !== undefined ? { customer: said.customer } : {}),
        ...(filters === undefined ? {} : { filters }),
        ...(probe === undefined
          ? {}
          : { probe: { requirement: probe[0], role: probe[1], case: probe[2], trial: said.trial ?? `story/${probe[0]}` } }),
      };
      const path = intent.product === undefined ? `/customers/${intent.customer ?? ''}/products` : `/products/${intent.product}`;
      const content =
        octets ?? (text !== undefined ? Buffer.from(text) : json === undefined ? undefined : Buffer.from(JSON.stringify(json)));
      const type = operation === 'token' || status < 400 ? 'application/json' : 'application/problem+json';
      const exchange: Exchange = {
        type: 'exchange',
        id: String(lastId),
        campaign: 'story',
        intent,
        sentAt,
        receivedAt,
        request: {
          method: said.method ?? methods[operation]!,
          url:
            operation === 'token' ? 'http://127.0.0.1/token' : `http://127.0.0.1${path}${said.query === undefined ? '' : `?${said.query}`}`,
          headers: pairs({ Accept: 'application/json', Authorization: bearer('token#1'), ...said.sends }),
          ...(body === undefined ? {} : { body: bodyOf(Buffer.from(body)) }),
        },
        ...(failure === undefined
          ? {
              answer: {
                status,
                headers: pairs({
                  Date: date,
                  'Cache-Control': 'no-store',
                  ...(content === undefined ? {} : { 'Content-Type': type }),
                  ...said.headers,
                }),
                ...(content === undefined ? {} : { body: bodyOf(content) }),
                ...(wire === undefined ? {} : { wire }),
              },
            }
          : { failure }),
      };
      const { id, request } = exchange;
      if (request.method !== 'GET')
        lines.push({ type: 'sent', id, campaign: 'story', intent, sentAt, method: request.method, url: request.url });
      lines.push(exchange);
      return id;
    },
    made(over = {}) {
      const id = randomUUID();
      talk.say('create', { json: { customerProductId: id }, code: String(over.productCode ?? 'WALLET') });
      talk.say('get', { product: id, json: productOf(id, over) });
      return id;
    },
    judged: () => judge([...lines, { type: 'campaign', campaign: 'story', event: 'end', at: now }], profile),
  };
  return talk;
}

/** Tells a story to the judge and gives back what it says of one row. */
export function of(row: RequirementId, story: (talk: Talk) => void, options: Parameters<typeof startTalk>[0] = {}) {
  const talk = startTalk(options);
  story(talk);
  const judged = talk.judged();
  return { violated: judged.violated(row), warned: judged.warned(row), witnesses: judged.witnesses(row) };
}

export const silent = { violated: [], warned: [] } as const;

/** A problem document, as a sound target refuses. */
export const refusedWith = (status: number, over: Readonly<Record<string, unknown>> = {}): Pick<Said, 'status' | 'json'> => ({
  status,
  json: { type: 'about:blank', title: 'Refused', status, ...over },
});

const pairs = (headers: Headers): [string, string][] =>
  Object.entries(headers).flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]));

function bodyOf(content: Buffer): NonNullable<Exchange['request']['body']> {
  const facts = { octets: content.length, sha256: createHash('sha256').update(content).digest('hex') };
  const text = content.toString('utf8');
  return Buffer.from(text).equals(content) ? { text, ...facts } : { base64: content.toString('base64'), ...facts };
}
