/**
 * The way to the target. Everything a run sends goes through its session, which gives each request its token, its turn, its headers and its
 * number, and writes down what was sent and what came back before anyone else sees it.
 */
import type { Exchange, Intent, JournalLine } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import type { Inbound, Outcome } from './attempt.ts';
import { createBudget } from './budget.ts';
import { createCapture, type HeaderPair, learnSecrets, redactProfile } from './capture.ts';
import { createClient, headerOctets } from './client.ts';
import { RunEnded } from './errors.ts';
import type { Journal } from './journal.ts';
import { createLiveness } from './liveness.ts';
import { mergeHeaders, type Outgoing, type Prepared, type RawOutgoing, type TokenProbe } from './outgoing.ts';
import { createPacing, readRetryAfter, type Turn } from './pacing.ts';
import type { RawOutcome } from './raw.ts';
import { createSecrets } from './secrets.ts';
import { createPerform, createRunClock, type Performed } from './sending.ts';
import { createPerformRaw, prepareRaw } from './sending-raw.ts';
import type { TlsMaterial } from './tls-material.ts';
import { type Credentials, createFixedSource, createTokenSource, readToken, type SendTokenRequest, type TokenSource } from './token.ts';
import { createTraceparent } from './trace.ts';
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
  /** What of the profile may be written down. */
  readonly redactedProfile: Readonly<Record<string, unknown>>;
  /** How TLS is spoken here. */
  readonly tls: TlsMaterial;
  readonly counts: { readonly requests: number; readonly products: number; readonly busy: number };
  close(): Promise<void>;
}

/** What is under way when the run is ended has so long to come to its end. */
const graceMs = 2000;
/** A request the target is too busy for is sent again so many times at most, within so long. */
const busyTries = 5;
const busyMs = 30_000;
/** Without a `Retry-After`; doubled from try to try. */
const firstPauseMs = 250;
/** Nobody asks a port again at once that has just refused. */
const refusedPauseMs = 100;

const isBusy = ({ status }: Pick<Inbound, 'status'>): boolean => status === 429 || status === 503;

/** For requests that carry no token of the session. */
const noSource = createFixedSource(undefined);

export const createSession = ({ profile, runId, journal, tls = {}, idPrefix = '', signal }: SessionOptions): Session => {
  const { auth, limits, timeouts } = profile;
  const base = new URL(profile.target);
  const basePath = base.pathname.replace(/\/$/, '');
  const clock = createRunClock();
  const secrets = createSecrets();
  learnSecrets(secrets, profile);
  const capture = createCapture(secrets, profile);
  const client = createClient({
    keepAlive: profile.keepAlive,
    bodyBytes: limits.bodyBytes,
    tls,
  });
  const pacing = createPacing({ concurrency: limits.concurrency, requestsPerSecond: limits.requestsPerSecond });
  const budget = createBudget(limits);
  const liveness = createLiveness(profile.target, timeouts.requestMs);
  const listeners = new Set<(line: JournalLine) => void>();
  const agent: HeaderPair = ['User-Agent', `${suiteName}/${suiteVersion} (run ${runId})`];
  const usualHeaders = mergeHeaders([agent, ['Accept', 'application/json']], profile.headers);
  let lastId = 0;
  let busy = 0;
  let ended: Error | undefined;

  const end = (error: Error, isLost: boolean): void => {
    if (ended !== undefined) return;
    ended = error;
    pacing.refuse(error);
    // Not from within a callback of the client.
    if (isLost) setImmediate(() => client.abort());
    else setTimeout(() => client.abort(), graceMs).unref();
  };
  const onSignal = (): void => end(new RunEnded(signal?.reason), false);
  signal?.addEventListener('abort', onSignal, { once: true });
  if (signal?.aborted === true) onSignal();

  const record = (line: JournalLine): void => {
    try {
      journal?.append(line);
    } catch (error) {
      end(error instanceof Error ? error : new Error(String(error)), true);
      throw error;
    }
    for (const listener of listeners) listener(line);
  };

  const notice = ({ answer, failure }: Pick<Outcome | RawOutcome, 'answer' | 'failure'>, sentAt: number, receivedAt: number): void => {
    let lost: Error | undefined;
    if (failure !== undefined) {
      lost = liveness.noteFailure(failure.kind, failure.message, sentAt, receivedAt);
      if (failure.kind === 'refused') pacing.hold(refusedPauseMs);
    } else if (answer !== undefined && isBusy(answer)) {
      busy++;
      lost = liveness.noteBusy(receivedAt);
      const asked = readRetryAfter(answer.headers);
      // A single 503 without more says nothing to the other requests.
      if (answer.status === 429) pacing.slow(receivedAt - sentAt);
      if (answer.status === 429 || asked !== undefined) pacing.hold(Math.min(asked ?? firstPauseMs, busyMs));
    } else {
      liveness.noteAnswer();
      pacing.noteAnswer();
    }
    if (lost !== undefined) end(lost, true);
  };

  const nextId = (): string => `${idPrefix}${++lastId}`;
  const parts = { capture, budget, clock, nextId, record };
  const perform = createPerform({ ...parts, client, timeoutMs: timeouts.requestMs, notice });
  const performRaw = createPerformRaw({
    ...parts,
    options: {
      origin: base.origin,
      timeoutMs: timeouts.requestMs,
      headerOctets,
      bodyBytes: limits.bodyBytes,
      tls,
    },
    nextConnection: client.numberConnection,
    // What breaks in an odd request says little of the target's health, but for a port that is closed.
    notice(outcome, sentAt, receivedAt) {
      const kind = outcome.failure?.kind;
      if (kind === undefined || kind === 'refused' || kind === 'dns') notice(outcome, sentAt, receivedAt);
    },
  });

  /** How long to wait before the target may be asked again; undefined: its answer stands. */
  const planRetry = (
    answer: Pick<Inbound, 'status' | 'headers'> | undefined,
    intent: Intent,
    tries: number,
    since: number,
  ): number | undefined => {
    if (answer === undefined || !isBusy(answer)) return undefined;
    const pause = readRetryAfter(answer.headers) ?? firstPauseMs * 2 ** tries;
    const isOver = tries >= busyTries || ended !== undefined || clock.now() + pause - since > busyMs;
    return isOver || !budget.allows(intent) ? undefined : pause;
  };

  /** Sends a request with the authorization of `source`, again where the target was too busy for it. */
  const sendPatiently = async (
    prepare: (authorization: string | undefined) => Prepared,
    intent: Intent,
    source: TokenSource,
    retry: boolean,
    isSpared = intent.cleanup === true,
  ): Promise<Performed & { authorization: string | undefined }> => {
    const take = { isSpared, isUrgent: intent.operation === 'token' };
    const since = clock.now();
    for (let tries = 0; ; tries++) {
      let turn: Turn | Promise<Turn> = pacing.take(take);
      if (turn instanceof Promise) turn = await turn;
      let authorization: string | undefined;
      try {
        // Only now: a token grows old in a queue.
        const found = source.authorization();
        authorization = found instanceof Promise ? await found : found;
      } catch (error) {
        turn.end();
        throw error;
      }
      const performed = await perform(prepare(authorization), turn);
      const pause = retry ? planRetry(performed.inbound, intent, tries, since) : undefined;
      if (pause === undefined) return { ...performed, authorization };
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  /** The headers a request has of itself. */
  const usualFor = (outgoing: Outgoing | RawOutgoing, token: string | undefined): HeaderPair[] => {
    const { authorization, body, contentType = 'application/json' } = outgoing;
    const usual: HeaderPair[] = [...usualHeaders, ['traceparent', createTraceparent()]];
    const credentials = authorization === undefined ? token : authorization;
    if (credentials !== undefined && credentials !== null) usual.push(['Authorization', credentials]);
    const hasContent = body !== undefined || ('chunks' in outgoing && outgoing.chunks !== undefined);
    if (hasContent && contentType !== null) usual.push(['Content-Type', contentType]);
    return usual;
  };

  const send = async (outgoing: Outgoing): Promise<Exchange> => {
    const { method, path, headers, body, retry = true, fresh, timeoutMs, intent, campaign } = outgoing;
    const source = outgoing.authorization === undefined ? tokens : noSource;
    const prepare = (token: string | undefined): Prepared => {
      const merged = mergeHeaders(usualFor(outgoing, token), headers);
      return { method, origin: base.origin, path: basePath + path, headers: merged, body, fresh, timeoutMs, intent, campaign };
    };
    const first = await sendPatiently(prepare, intent, source, retry);
    if (source === noSource || !retry) return first.exchange;
    if (first.inbound?.status !== 401) {
      if (first.inbound !== undefined) source.confirm();
      return first.exchange;
    }
    if (ended !== undefined || !budget.allows(intent) || !(await source.renew(first.authorization))) return first.exchange;
    const second = await sendPatiently(prepare, intent, source, retry);
    if (second.inbound !== undefined && second.inbound.status !== 401) source.confirm();
    return second.exchange;
  };

  const sendRaw = async (outgoing: readonly RawOutgoing[]): Promise<Exchange[]> => {
    const isSpared = outgoing.every(({ intent }) => intent.cleanup === true);
    const retry = outgoing.every((each) => each.retry !== false);
    const since = clock.now();
    for (let tries = 0; ; tries++) {
      const turn = await pacing.take({ requests: outgoing.length, isSpared });
      let token: string | undefined;
      try {
        token = outgoing.some(({ authorization }) => authorization === undefined) ? await tokens.authorization() : undefined;
      } catch (error) {
        turn.end();
        throw error;
      }
      const prepared = outgoing.map((each) => prepareRaw(each, { origin: base.origin, basePath, usual: usualFor(each, token) }));
      const exchanges = await performRaw(prepared, turn);
      const busyOne = exchanges.find(({ answer }) => answer !== undefined && isBusy(answer));
      const pause = retry && busyOne !== undefined ? planRetry(busyOne.answer, busyOne.intent, tries, since) : undefined;
      if (pause === undefined) return exchanges;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  };

  const sendToken = async (probe: TokenProbe, isSpared = false): Promise<Performed> => {
    if (auth.type !== 'oauth2') throw new Error('There is no token endpoint: the profile has no auth.tokenUrl.');
    const { method = 'POST', headers, query, body, contentType = 'application/x-www-form-urlencoded', retry = true, campaign } = probe;
    const intent: Intent = probe.intent ?? { operation: 'token' };
    const url = new URL(auth.tokenUrl);
    const usual: HeaderPair[] = [agent, ['Accept', 'application/json']];
    if (body !== undefined && contentType !== null) usual.push(['Content-Type', contentType]);
    const path = url.pathname + (query === undefined ? url.search : `${url.search === '' ? '?' : `${url.search}&`}${query}`);
    const prepared: Prepared = {
      method,
      origin: url.origin,
      path,
      headers: mergeHeaders(usual, headers),
      body,
      isSpared,
      intent,
      campaign,
    };
    return sendPatiently(() => prepared, intent, noSource, retry, isSpared);
  };

  const requestOf: SendTokenRequest = async (given, form) => {
    const headers = Object.fromEntries(
      given.filter(([name]) => name.toLowerCase() !== 'content-type' && name.toLowerCase() !== 'user-agent'),
    );
    const contentType = given.find(([name]) => name.toLowerCase() === 'content-type')?.[1] ?? null;
    // While the run is being ended what cleans up needs tokens too.
    const { exchange, inbound } = await sendToken({ headers, body: form, contentType, campaign: 'token' }, true);
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
    tls,
    redactedProfile: redactProfile(profile, secrets),
    get counts() {
      return { requests: budget.requests, products: budget.products, busy };
    },
    async close() {
      signal?.removeEventListener('abort', onSignal);
      pacing.refuse(ended ?? new RunEnded('closed'));
      await client.close();
    },
  };
};
