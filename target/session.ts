/**
 * The way to the target. Everything a run sends goes through its session, which gives each request its token, its turn, its headers and its
 * number, and writes down what was sent and what came back before anyone else sees it.
 */
import type { Socket } from 'node:net';
import type { Exchange, Intent, JournalLine } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { createBudget } from './budget.ts';
import { createCapture, type HeaderPair, learnSecrets, redactProfile } from './capture.ts';
import { createClient, headerOctets } from './client.ts';
import { createEnding } from './ending.ts';
import { ConformanceError, RunEnded } from './errors.ts';
import { createHealth, isBusy, planRetry } from './health.ts';
import { createIbans } from './ibans.ts';
import type { Journal } from './journal.ts';
import { mergeHeaders, type Outgoing, type Prepared, prepare, prepareToken, type RawOutgoing, type TokenProbe } from './outgoing.ts';
import { createPacing, type Turn } from './pacing.ts';
import { createSecrets } from './secrets.ts';
import { createPerform, createRunClock, type Performed } from './sending.ts';
import { createPerformRaw, prepareRaw } from './sending-raw.ts';
import type { TlsMaterial } from './tls-material.ts';
import { type Credentials, createFixedSource, createTokenSource, readToken, type SendTokenRequest, type TokenSource } from './token.ts';
import { suiteName, suiteVersion } from './version.ts';

export interface SessionOptions {
  readonly profile: Profile;
  readonly runId: string;
  /** Absent: nothing is written to disk. */
  readonly journal?: Journal;
  readonly tls?: TlsMaterial;
  /** Put before the numbers of exchanges: `2/` makes `2/57`. */
  readonly idPrefix?: string;
  /** Ends the run: what waits is turned away, what is under way is given a moment, only what cleans up still goes out. */
  readonly signal?: AbortSignal;
}

export interface Session {
  /**
   * Sends a request and resolves to its exchange, which is in the journal by then. A status or a failure of the network never rejects;
   * `LimitReached`, `RunEnded` and `ConformanceError` do.
   */
  send(outgoing: Outgoing): Promise<Exchange>;
  /**
   * Sends requests on a new socket of our own, each after the answer to the one before, and resolves to an exchange for each, with what the wire
   * showed. Rejects like `send`.
   */
  sendRaw(outgoing: readonly RawOutgoing[]): Promise<Exchange[]>;
  /**
   * Turns for requests that shall overlap, at one moment: so many, or as many as the limits let leave at once. Each is sent with
   * (`Outgoing.turn`), or ended.
   */
  takeTurns(count: number, isAhead?: boolean): Promise<readonly Turn[]>;
  /** Sends a request to the token endpoint. `token`: what the answer gave, in clear, for use in `Outgoing.authorization` only. */
  sendToken(probe: TokenProbe): Promise<{ exchange: Exchange; token?: string }>;
  /** The value of `Authorization` that requests carry now; undefined with `auth: none`. */
  authorization(): Promise<string | undefined>;
  /** The same for the second client of the profile; undefined where there is none. */
  otherAuthorization(): Promise<string | undefined>;
  /** Writes a line of the run itself to the journal and the listeners. */
  record(line: JournalLine): void;
  /** Calls back with every line, in the order written, as soon as it is written. Returns how to stop. */
  onLine(listener: (line: JournalLine) => void): () => void;
  /** Milliseconds on the run's monotonic clock, to the microsecond. */
  now(): number;
  /** Takes the secrets out of a text that is to be shown or written. */
  redact(text: string): string;
  /**
   * Another IBAN, made from one that the record shows. It may be a mark, as may what comes back: a filter takes it as it takes an IBAN.
   */
  deriveIban(iban: string, derive: (real: string) => string | undefined): string | undefined;
  /** What of the profile may be written down. */
  readonly redactedProfile: Readonly<Record<string, unknown>>;
  /** What ended the journal before the run; undefined as long as it is whole. */
  readonly lost: Error | undefined;
  /** Throws `TargetLost` when the last requests, so many that it is no chance, have all failed: the run that is done by then has seen too little. */
  expectTarget(): void;
  /** How TLS is spoken here. */
  readonly tls: TlsMaterial;
  readonly counts: { readonly requests: number; readonly products: number; readonly busy: number };
  close(): Promise<void>;
}

/** For requests that carry no token of the session. */
const noSource = createFixedSource(undefined);

export const createSession = ({ profile, runId, journal, tls = {}, idPrefix = '', signal }: SessionOptions): Session => {
  const { auth, limits, timeouts } = profile;
  const base = new URL(profile.target);
  const place = { origin: base.origin, basePath: base.pathname.replace(/\/$/, '') };
  const clock = createRunClock();
  const secrets = createSecrets();
  learnSecrets(secrets, profile);
  const ibans = createIbans();
  const capture = createCapture(secrets, profile, ibans);
  const client = createClient({ keepAlive: profile.keepAlive, bodyBytes: limits.bodyBytes, tls });
  const pacing = createPacing({ concurrency: limits.concurrency, requestsPerSecond: limits.requestsPerSecond });
  const budget = createBudget(limits);
  const agent: HeaderPair = ['User-Agent', `${suiteName}/${suiteVersion} (run ${runId})`];
  const usual = mergeHeaders([agent, ['Accept', 'application/json']], profile.headers);
  const listeners = new Set<(line: JournalLine) => void>();
  /** Of raw requests under way. */
  const sockets = new Set<Socket>();
  const cutSockets = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const ending = createEnding({
    signal,
    refuse: pacing.refuse,
    cut() {
      client.abort();
      cutSockets();
    },
  });
  const health = createHealth(profile.target, { requestMs: timeouts.requestMs, pacing, onLost: (error) => ending.end(error, true) });

  /** Why the journal takes no more lines. What cleans up goes out all the same, and is told to the listeners. */
  let lost: Error | undefined;
  const record = (line: JournalLine): void => {
    try {
      if (lost === undefined) journal?.append(line);
    } catch (error) {
      lost = error instanceof Error ? error : new Error(String(error));
      ending.end(lost, true);
      throw error;
    }
    for (const listener of listeners) listener(line);
  };

  let lastId = 0;
  const parts = { capture, budget, clock, record, nextId: () => `${idPrefix}${++lastId}` };
  const perform = createPerform({ ...parts, client, timeoutMs: timeouts.requestMs, notice: health.notice });
  const performRaw = createPerformRaw({
    ...parts,
    options: { origin: base.origin, timeoutMs: timeouts.requestMs, headerOctets, bodyBytes: limits.bodyBytes, tls, sockets },
    nextConnection: client.numberConnection,
    notice: health.noticeOdd,
  });

  /** How long to wait until a request that was answered so is sent again; undefined: the answer stands. */
  const restAfter = (answer: Parameters<typeof planRetry>[0], tries: number, since: number, intent: Intent): number | undefined => {
    const pause = planRetry(answer, tries, clock.now() - since);
    return pause === undefined || ending.reason !== undefined || !budget.allows(intent) ? undefined : pause;
  };

  /** The token of `source`, asked for only when the turn is there: a token grows old in a queue. The turn ends where there is none. */
  const authorize = async (found: string | undefined | Promise<string | undefined>, turn: Turn): Promise<string | undefined> => {
    try {
      return await found;
    } catch (error) {
      turn.end();
      throw error;
    }
  };

  /** Sends until the target is not too busy, or has been asked often enough. Every request goes this way: it waits for nothing that is there. */
  const persist = async (
    settle: (authorization: string | undefined) => Prepared,
    {
      source,
      retry,
      isUrgent = false,
      isAhead,
      isSpared,
      turn: given,
    }: {
      source: TokenSource;
      retry: boolean;
      isUrgent?: boolean;
      isAhead?: boolean | undefined;
      isSpared: boolean;
      turn?: Turn | undefined;
    },
  ): Promise<Performed & { readonly authorization: string | undefined }> => {
    const since = clock.now();
    for (let tries = 0; ; tries++) {
      const taken = tries === 0 && given !== undefined ? given : pacing.take({ isSpared, isUrgent, isAhead });
      const turn = taken instanceof Promise ? await taken : taken;
      const found = source.authorization();
      const authorization = found instanceof Promise ? await authorize(found, turn) : found;
      const prepared = settle(authorization);
      const { exchange, inbound } = await perform(prepared, turn);
      const pause = retry ? restAfter(inbound, tries, since, prepared.intent) : undefined;
      if (pause !== undefined) await ending.sleep(pause);
      if (pause === undefined || (ending.reason !== undefined && !isSpared)) return { exchange, inbound, authorization };
    }
  };

  const send = async (outgoing: Outgoing): Promise<Exchange> => {
    const { retry = true, isAhead, intent } = outgoing;
    const source = outgoing.authorization === undefined ? tokens : noSource;
    const isSpared = intent.cleanup === true;
    const settle = (authorization: string | undefined): Prepared => prepare(outgoing, { ...place, usual, authorization });
    const first = await persist(settle, { source, retry, isAhead, isSpared, turn: outgoing.turn });
    if (source === noSource || !retry || first.inbound === undefined) return first.exchange;
    if (first.inbound.status !== 401) {
      source.confirm();
      return first.exchange;
    }
    if (ending.reason !== undefined || !budget.allows(intent) || !(await source.renew(first.authorization))) return first.exchange;
    const second = await persist(settle, { source, retry, isAhead, isSpared });
    if (second.inbound !== undefined && second.inbound.status !== 401) source.confirm();
    return second.exchange;
  };

  const sendRaw = async (outgoing: readonly RawOutgoing[]): Promise<Exchange[]> => {
    const isSpared = outgoing.every(({ intent }) => intent.cleanup === true);
    const retry = outgoing.every((each) => each.retry !== false);
    const source = outgoing.some(({ authorization }) => authorization === undefined) ? tokens : noSource;
    const since = clock.now();
    for (let tries = 0; ; tries++) {
      const turn = await pacing.take({ requests: outgoing.length, isSpared });
      const authorization = await authorize(source.authorization(), turn);
      const prepared = outgoing.map((each) => prepareRaw(each, { ...place, usual, authorization }));
      const exchanges = await performRaw(prepared, turn);
      const busyOne = exchanges.find(({ answer }) => answer !== undefined && isBusy(answer));
      const pause = retry && busyOne !== undefined ? restAfter(busyOne.answer, tries, since, busyOne.intent) : undefined;
      if (pause !== undefined) await ending.sleep(pause);
      if (pause === undefined || (ending.reason !== undefined && !isSpared)) return exchanges;
    }
  };

  const sendToken = async (probe: TokenProbe, isSpared = false): Promise<Performed> => {
    if (auth.type !== 'oauth2')
      throw new ConformanceError(5, 'A token was to be asked for without auth.tokenUrl in the profile; please report this.');
    const prepared: Prepared = { ...prepareToken(probe, { tokenUrl: auth.tokenUrl, agent }), isSpared };
    return persist(() => prepared, { source: noSource, retry: probe.retry !== false, isUrgent: true, isSpared });
  };

  const requestOf: SendTokenRequest = async (given, form) => {
    const find = (wanted: string): string | undefined => given.find(([name]) => name.toLowerCase() === wanted)?.[1];
    const headers = Object.fromEntries(given.filter(([name]) => !['content-type', 'user-agent'].includes(name.toLowerCase())));
    // While the run is being ended what cleans up needs tokens too.
    const { exchange, inbound } = await sendToken(
      { headers, body: form, contentType: find('content-type') ?? null, campaign: 'token' },
      true,
    );
    if (inbound === undefined) return { sentAt: exchange.sentAt, failure: exchange.failure?.message ?? 'no answer' };
    return { sentAt: exchange.sentAt, status: inbound.status, content: inbound.content };
  };

  const sourceFor = (credentials: Credentials): TokenSource =>
    auth.type === 'oauth2' ? createTokenSource(auth, credentials, { send: requestOf, now: clock.now, redact: capture.text }) : noSource;
  const tokens: TokenSource =
    auth.type === 'oauth2' ? sourceFor(auth) : createFixedSource(auth.type === 'bearer' ? `Bearer ${auth.token}` : undefined);
  const otherTokens = auth.type === 'oauth2' && auth.other !== undefined ? sourceFor(auth.other) : noSource;

  return {
    send,
    sendRaw,
    takeTurns: pacing.takeTogether,
    async sendToken(probe) {
      const { exchange, inbound } = await sendToken(probe);
      const token = readToken(inbound?.content)?.token;
      return token === undefined ? { exchange } : { exchange, token };
    },
    authorization: async () => tokens.authorization(),
    otherAuthorization: async () => otherTokens.authorization(),
    record,
    onLine(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    now: clock.now,
    redact: capture.text,
    get lost() {
      return lost;
    },
    tls,
    expectTarget() {
      const gone = health.conclude();
      if (gone !== undefined) throw gone;
    },
    deriveIban: ibans.derive,
    redactedProfile: redactProfile(profile, secrets, ibans),
    get counts() {
      return { requests: budget.requests, products: budget.products, busy: health.busy };
    },
    async close() {
      ending.release();
      pacing.refuse(ending.reason ?? new RunEnded('closed'));
      cutSockets();
      await client.close();
    },
  };
};
