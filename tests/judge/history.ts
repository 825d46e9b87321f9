/**
 * Histories written by hand: what a target answered to whom and when, told step by step, as the journal would keep it. Behind it
 * stands a small correct bank, so that a test names only what is out of the ordinary.
 */
import { createHash, randomUUID } from 'node:crypto';
import { type Conclusion, createJudge } from '../../judge/judge.ts';
import { type RequirementId, rows } from '../../spec/catalogue/index.ts';
import type { Answer, Exchange, FilterPair, Ground, Intent, JournalLine, Probe, Sent } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import type { ProductCode } from '../../spec/values.ts';
import { factsFor } from './profile.ts';

/** A product as the target shows it. */
export type Shown = Readonly<Record<string, unknown>>;

/** When an exchange was sent and answered, in milliseconds of the run's clock. Absent: next, for 4 ms. */
export type When = readonly [from: number, to: number];

export interface Way {
  readonly when?: When;
  readonly campaign?: string;
  readonly probe?: Probe;
}

/** What the judge says of a history. */
export interface Judged {
  readonly conclusion: Conclusion;
  /** Causes told as violated, of one row. */
  violated(id: RequirementId): readonly string[];
  /** Causes warned of, of one row. */
  warned(id: RequirementId): readonly string[];
  witnesses(id: RequirementId): number;
  /** `CLS-01 missing in get`, of all rows but those of concurrency, violated and warned. */
  readonly remarks: readonly string[];
}

const ibans = ['DE89370400440532013000', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606', 'NL91ABNA0417164300'];
const typeOf: Readonly<Record<ProductCode, string>> = {
  WALLET: 'WALLET',
  BALANCE_ACCOUNT: 'CASH',
  DEPOSITORY_ACCOUNT: 'DEPOSITORY',
  CURRENCY_WALLET: 'WALLET',
};
const origin = 'https://bank.test';
const startedAt = Date.UTC(2026, 2, 1, 8, 0, 0);

export interface HistoryOptions {
  readonly profile?: Partial<Profile>;
  /** How the target writes a moment; milliseconds since 1970. */
  readonly write?: (ms: number) => string;
  /** The target's clock against ours. */
  readonly clockMs?: number;
}

export type History = ReturnType<typeof startHistory>;

export const writeMillis = (ms: number): string => new Date(ms).toISOString();
export const writeSeconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

export function startHistory({ profile = {}, write = writeMillis, clockMs = 0 }: HistoryOptions = {}) {
  const lines: { readonly at: number; readonly line: JournalLine }[] = [];
  const grounds: Ground[] = [];
  const bank = new Map<string, { customer: string; shown: Shown }>();
  let now = 0;
  let lastId = 0;
  let accounts = 0;

  const time = (at: number = now): string => write(startedAt + clockMs + at);

  function exchange(
    method: string,
    path: string,
    intent: Intent,
    answer: Partial<Answer> | undefined,
    body: unknown,
    way: Way = {},
  ): Exchange {
    const [from, to] = way.when ?? [now, now + 4];
    now = Math.max(now, to + 1);
    lastId += 1;
    const id = String(lastId);
    const campaign = way.campaign ?? 'story';
    const full: Intent = way.probe === undefined ? intent : { ...intent, probe: way.probe };
    const url = origin + path;
    const sent: Sent = { type: 'sent', id, campaign, intent: full, sentAt: from, method, url };
    if (method !== 'GET') lines.push({ at: from, line: sent });
    const line: Exchange = {
      type: 'exchange',
      id,
      campaign,
      intent: full,
      sentAt: from,
      receivedAt: to,
      request: {
        method,
        url,
        headers: [['Accept', 'application/json']],
        ...(body === undefined ? {} : { body: content(JSON.stringify(body)) }),
      },
      ...(answer === undefined
        ? { failure: { kind: 'cut' as const, message: 'the connection ended' } }
        : { answer: { status: 200, headers: headers(startedAt + to, answer.body !== undefined), ...answer } }),
    };
    lines.push({ at: to, line });
    return line;
  }

  const shown = (product: string, over: Shown = {}): Shown => ({ ...bank.get(product)!.shown, ...over });
  const productsOf = (customer: string): string[] => [...bank].filter(([, entry]) => entry.customer === customer).map(([id]) => id);

  const story = {
    /** The run's clock. */
    get now() {
      return now;
    },
    wait(ms: number): void {
      now += ms;
    },
    /** A server time, as the target writes it. */
    time,
    /** A customer; `ours`: only we write there. */
    customer(whose: 'ours' | 'shared' = 'ours'): string {
      const customer = randomUUID();
      grounds.push({ type: 'ground', customer, exclusive: whose === 'ours', invented: whose === 'ours' });
      return customer;
    },
    /** What the bank would show of a product at this moment, with some of it changed. */
    shown,
    /** The bank changes a product by its own hand, with `modifiedOn`. */
    change(product: string, over: Shown): void {
      bank.get(product)!.shown = shown(product, { modifiedOn: time(), ...over });
    },
    /** A product that nobody of us asked for comes to be. */
    find(customer: string, code: ProductCode = 'WALLET', over: Shown = {}): string {
      const id = randomUUID();
      bank.set(id, { customer, shown: { ...born(id, code, now), ...over } });
      return id;
    },
    create(
      customer: string,
      code: ProductCode = 'WALLET',
      way: Way & {
        /** What is different about the new product. */
        readonly as?: Shown;
        /** The server time of its making; the middle of the exchange if absent. */
        readonly at?: number;
        /** The answer; `cut`: none came. */
        readonly answer?: Partial<Answer> | 'cut';
      } = {},
    ): string {
      const [from, to] = way.when ?? [now, now + 4];
      const id = randomUUID();
      const made = way.answer === undefined || way.answer === 'cut' || (way.answer.status ?? 200) < 300;
      if (made) bank.set(id, { customer, shown: { ...born(id, code, way.at ?? (from + to) / 2), ...way.as } });
      exchange(
        'POST',
        `/customers/${customer}/products`,
        { operation: 'create', customer, code },
        way.answer === 'cut' ? undefined : { ...(made ? json({ customerProductId: id }) : problem(400)), ...way.answer },
        { productCode: code },
        way,
      );
      return id;
    },
    get(
      product: string,
      value: Shown | undefined = bank.get(product)?.shown,
      way: Way & { readonly answer?: Partial<Answer> } = {},
    ): Exchange {
      const answer = way.answer ?? (value === undefined ? { status: 404, ...problem(404) } : json(value));
      return exchange('GET', `/products/${product}`, { operation: 'get', product }, answer, undefined, way);
    },
    list(
      customer: string,
      way: Way & { readonly filters?: readonly FilterPair[]; readonly shows?: readonly Shown[]; readonly answer?: Partial<Answer> } = {},
    ): Exchange {
      const { filters = [] } = way;
      const right = productsOf(customer)
        .map((id) => shown(id))
        .filter((value) => filters.every(([name, wanted]) => read(value, name) === wanted));
      const query = filters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
      return exchange(
        'GET',
        `/customers/${customer}/products${query === '' ? '' : `?${query}`}`,
        { operation: 'list', customer, ...(filters.length === 0 ? {} : { filters }) },
        way.answer ?? json(way.shows ?? right),
        undefined,
        way,
      );
    },
    close(
      product: string,
      way: Way & {
        /** The server time of its closing; the middle of the exchange if absent. */
        readonly at?: number;
        readonly answer?: Partial<Answer> | 'cut';
        /** Whether it takes effect; as the answer says if absent, and not on a closed one. */
        readonly acts?: boolean;
      } = {},
    ): Exchange {
      const [from, to] = way.when ?? [now, now + 4];
      const accepted = way.answer === undefined || (way.answer !== 'cut' && (way.answer.status ?? 200) < 300);
      const entry = bank.get(product);
      if (entry !== undefined && (way.acts ?? accepted) && entry.shown.status !== 'CLOSED') {
        const at = time(way.at ?? (from + to) / 2);
        entry.shown = { ...entry.shown, status: 'CLOSED', closedOn: at, modifiedOn: at };
      }
      const answer = way.answer === 'cut' ? undefined : { ...(accepted ? {} : problem(400)), ...way.answer };
      return exchange('PATCH', `/products/${product}`, { operation: 'close', product }, answer, { status: 'CLOSED' }, way);
    },
    /** The lines in the order of the journal. */
    lines(): readonly JournalLine[] {
      return [...grounds, ...[...lines].sort((a, b) => a.at - b.at).map(({ line }) => line)];
    },
    judged: (): Judged => judge(story.lines(), profile),
  };

  function born(id: string, code: ProductCode, at: number): Shown {
    const type = typeOf[code];
    const moment = time(at);
    return {
      customerProductId: id,
      productCode: code,
      productType: type,
      currency: 'EUR',
      status: 'ACTIVE',
      proxyIds: [],
      createdOn: moment,
      modifiedOn: moment,
      openedOn: moment,
      ...(type === 'CASH' ? { accountData: { iban: ibans[accounts++ % ibans.length], modifiedOn: moment } } : {}),
    };
  }

  return story;
}

/** Judges lines by themselves. */
export function judge(lines: readonly JournalLine[], profile: Partial<Profile> = {}): Judged {
  const judging = createJudge(factsFor(profile));
  for (const line of lines) judging.observe(line);
  const conclusion = judging.conclude();
  const entries = (id: RequirementId) => [...conclusion.accounts.get(id)!.entries.values()];
  return {
    conclusion,
    violated: (id) => entries(id).flatMap(({ severity, cause }) => (severity === 'violated' ? [cause] : [])),
    warned: (id) => entries(id).flatMap(({ severity, cause }) => (severity === 'warned' ? [cause] : [])),
    witnesses: (id) => conclusion.accounts.get(id)!.witnesses,
    remarks: rows.flatMap(({ id }) => (id.startsWith('CON-') ? [] : entries(id).map(({ cause }) => `${id} ${cause}`))),
  };
}

function read(value: Shown, name: string): unknown {
  return name === 'iban' ? (value.accountData as { iban?: unknown } | undefined)?.iban : value[name];
}

const content = (text: string): NonNullable<Answer['body']> => ({
  text,
  octets: Buffer.byteLength(text),
  sha256: createHash('sha256').update(text).digest('hex'),
});

export const json = (value: unknown): Partial<Answer> => ({ body: content(JSON.stringify(value)) });
export const problem = (status: number): Partial<Answer> => ({ status, ...json({ status, title: 'Refused' }) });

const headers = (at: number, hasContent: boolean): Answer['headers'] => [
  ...(hasContent ? [['Content-Type', 'application/json'] as const] : []),
  ['Date', new Date(at).toUTCString()],
  ['Cache-Control', 'no-store'],
];
