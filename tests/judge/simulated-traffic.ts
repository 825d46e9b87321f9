/** Traffic of several lanes with a simulated bank, as the journal would keep it. */
import { randomUUID } from 'node:crypto';
import type { Answer, Exchange, Failure, FilterPair, Intent, JournalLine } from '../../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';
import { type Habits, type Random, startBank } from './simulated-bank.ts';

export interface TrafficOptions {
  readonly habits: Habits;
  readonly seed: number;
  readonly lanes: number;
  readonly steps: number;
  /** Customers where others write too. */
  readonly shared: boolean;
  /** Share of requests whose connection is cut, and of those that are answered 429 or 503. */
  readonly cuts: number;
  readonly busy: number;
}

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const origin = 'https://bank.test';
const latencyMs = 60;
const firstDate = Date.UTC(2026, 9, 24, 23, 58);

export function simulate({ habits, seed, lanes, steps, shared, cuts, busy }: TrafficOptions): readonly JournalLine[] {
  const random = seeded(seed);
  const lines: { readonly at: number; readonly line: JournalLine }[] = [];
  const agenda: { readonly at: number; readonly run: () => void }[] = [];
  const later = (at: number, run: () => void): void => void agenda.push({ at, run });
  const bank = startBank(habits, random, later);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  let lastId = 0;

  const customers = Array.from({ length: 3 }, () => randomUUID());
  const grounds = customers.map((customer, index): JournalLine => {
    const exclusive = !(shared && index > 0);
    return { type: 'ground', customer, exclusive, invented: exclusive };
  });
  if (shared) customers.slice(1).forEach(actForOthers);
  const known: string[] = [];
  const ibans = new Set<string>();

  function actForOthers(customer: string): void {
    for (let made = 0; made < 3; made += 1) bank.make(customer, pick(productCodes), -5_000 + made);
    for (let acts = 0; acts < 6; acts += 1) {
      const at = random() * 10_000;
      later(at, () => {
        const theirs = bank.products.filter((product) => product.customer === customer && bank.truth(product).status === 'ACTIVE');
        if (random() < 0.5 || theirs.length === 0) bank.make(customer, pick(productCodes), at);
        else bank.close(pick(theirs).id, at, at + 5);
      });
    }
  }

  function send(
    method: string,
    path: string,
    intent: Intent,
    body: unknown,
    act: (at: number, to: number, heard: boolean) => Partial<Answer>,
    from: number,
  ): number {
    const at = from + random() * random() * latencyMs;
    const to = at + random() * random() * latencyMs;
    lastId += 1;
    const id = String(lastId);
    const campaign = 'traffic';
    const url = origin + path;
    if (method !== 'GET') lines.push({ at: from, line: { type: 'sent', id, campaign, intent, sentAt: from, method, url } });
    const fate = random();
    const finish = (end: { readonly answer: Answer } | { readonly failure: Failure }): void => {
      const line: Exchange = {
        type: 'exchange',
        id,
        campaign,
        intent,
        sentAt: from,
        receivedAt: to,
        request: { method, url, headers: [], ...(body === undefined ? {} : { body: content(body) }) },
        ...end,
      };
      lines.push({ at: to, line });
    };
    const answer = (part: Partial<Answer>): void => {
      const headers = [['Date', new Date(firstDate + habits.clockMs + to).toUTCString()]] as const;
      finish({
        answer: { status: 200, headers: part.body === undefined ? headers : [...headers, ['Content-Type', 'application/json']], ...part },
      });
    };
    later(at, () => {
      if (fate < cuts) {
        finish({ failure: { kind: 'cut', message: 'the connection ended' } });
        // Done whole, at once or much later, or not at all.
        if (method !== 'GET' && random() < 0.6) {
          const acts = random() < 0.5 ? at : at + random() * 8_000;
          later(acts, () => act(acts, Math.max(acts, to), false));
        }
      } else if (fate < cuts + busy) {
        const status = pick([429, 503]);
        if (method !== 'GET' && status === 503 && random() < 0.3) act(at, to, false);
        answer({ status });
      } else answer(act(at, to, true));
    });
    return to;
  }

  const json = (value: unknown, status = 200): Partial<Answer> => ({ status, body: content(value) });
  const refuse = (status: number): Partial<Answer> => json({ status, title: 'No' }, status);

  function filtersFor(): FilterPair[] {
    const names = ['productType', 'productCode', 'status', 'iban'].filter(() => random() < 0.45).slice(0, 3);
    return names
      .sort(() => random() - 0.5)
      .flatMap((name): FilterPair[] => {
        if (name === 'productType') return [[name, pick(productTypes)]];
        if (name === 'productCode') return [[name, pick(productCodes)]];
        if (name === 'status') return [[name, random() < 0.7 ? pick(['ACTIVE', 'CLOSED']) : pick(statuses)]];
        return ibans.size === 0 ? [] : [[name, pick([...ibans])]];
      });
  }

  function list(customer: string, filters: readonly FilterPair[], from: number): number {
    const query = filters.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
    return send(
      'GET',
      `/customers/${customer}/products${query === '' ? '' : `?${query}`}`,
      { operation: 'list', customer, ...(filters.length > 0 && { filters }) },
      undefined,
      (at) => {
        const shown = bank.list(customer, filters, at);
        return typeof shown === 'number' ? refuse(shown) : json(shown);
      },
      from,
    );
  }

  function get(product: string, from: number): number {
    return send(
      'GET',
      `/products/${product}`,
      { operation: 'get', product },
      undefined,
      (at, to) => {
        const shown = bank.get(product, at);
        const iban = (shown?.accountData as { iban?: string } | undefined)?.iban;
        if (iban !== undefined) later(to, () => void ibans.add(iban));
        return shown === undefined ? refuse(404) : json(shown);
      },
      from,
    );
  }

  function close(product: string, from: number): number {
    return send(
      'PATCH',
      `/products/${product}`,
      { operation: 'close', product },
      { status: 'CLOSED' },
      (at, to) => {
        const status = bank.close(product, at, to);
        return status === 200 ? {} : refuse(status);
      },
      from,
    );
  }

  function create(customer: string, code: string, from: number): number {
    return send(
      'POST',
      `/customers/${customer}/products`,
      { operation: 'create', customer, code },
      { productCode: code },
      (at, to, heard) => {
        const { status, id } = bank.create(customer, code, at, to);
        if (id === undefined) return refuse(status);
        // Known once it is answered; a cut connection tells nobody.
        if (heard) later(to, () => void (known.includes(id) || known.push(id)));
        return json({ customerProductId: id });
      },
      from,
    );
  }

  /** One kind of request, or a few in a row that belong together. */
  function step(from: number): number {
    const customer = pick(customers);
    const product = known[Math.floor(random() * known.length)];
    const kind = random();
    if (kind < 0.22 || product === undefined) return create(customer, pick(productCodes), from);
    if (kind < 0.32) return list(customer, [], from);
    if (kind < 0.55) return list(customer, filtersFor(), from);
    if (kind < 0.7) return get(product, from);
    if (kind < 0.82) return close(product, from);
    if (kind < 0.88) return get(product, get(product, from) + 1);
    if (kind < 0.94) {
      const filters = filtersFor();
      return list(customer, filters, list(customer, [...filters].reverse(), list(customer, filters, from) + 1) + 1);
    }
    let at = list(customer, [], from);
    for (const [name, values] of [
      ['productType', productTypes],
      ['status', statuses],
    ] as const)
      for (const value of values) at = list(customer, [[name, value]], at + 1);
    return list(customer, [], at + 1);
  }

  const pause = (): number => {
    const kind = random();
    if (kind < 0.7) return random() * 10;
    return kind < 0.93 ? random() * 400 : random() * 3_000;
  };
  const run = (left: number, from: number): void =>
    later(from, () => {
      if (left === 0) return;
      run(left - 1, step(from) + pause());
    });
  for (let lane = 0; lane < lanes; lane += 1) run(Math.ceil(steps / lanes), random() * 20);

  let end = 0;
  for (let next = takeFirst(agenda); next !== undefined; next = takeFirst(agenda)) {
    end = Math.max(end, next.at);
    next.run();
  }
  return [...grounds, ...lines.sort((a, b) => a.at - b.at).map(({ line }) => line)];
}

function takeFirst<T extends { readonly at: number }>(agenda: T[]): T | undefined {
  let first = 0;
  for (let index = 1; index < agenda.length; index += 1) if (agenda[index]!.at < agenda[first]!.at) first = index;
  return agenda.splice(first, 1)[0];
}

function content(value: unknown): NonNullable<Answer['body']> {
  const text = JSON.stringify(value);
  return { text, octets: Buffer.byteLength(text), sha256: '' };
}
