/**
 * Before a run: is the target there, does it let us in, does it answer like an API at all? What fails here is not judged;
 * it ends the run with a step named and something to do about it.
 */
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Exchange } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { openConnection, openTcp } from './connection.ts';
import { ConformanceError, LimitReached, RunEnded, TargetLost, TokenRefused } from './errors.ts';
import { readRetryAfter } from './pacing.ts';
import { type Finding, judgeList } from './preflight-list.ts';
import { proxyFor } from './proxy.ts';
import type { Session } from './session.ts';
import { explain } from './system-error.ts';

export interface PreflightStep {
  readonly name: 'name' | 'connection' | 'TLS' | 'token' | 'list';
  readonly outcome: 'ok' | 'failed' | 'skipped';
  /** What it found, in one line. */
  readonly detail: string;
}

/** Each step has the smaller of this and the profile's time for a request. */
const stepMs = 5000;
/** How often a list that was refused for a reason that may pass is asked for again, and after how long. */
const pausesMs = [200, 600, 1500];

const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');
const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));

/** What `work` resolves to, or a sentence when it takes too long. */
const within = async <T>(ms: number, what: string, work: Promise<T>): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
};

const findName = async (url: URL, proxy: URL | undefined, ms: number): Promise<Finding> => {
  const host = hostOf(proxy ?? url);
  const via = proxy === undefined ? '' : `, the proxy of the environment`;
  if (isIP(host) !== 0) return { found: `${host} is an address${via}` };
  try {
    const addresses = await within(ms, `no answer about ${host}`, lookup(host, { all: true }));
    return { found: `${host}${via} is ${addresses.map(({ address }) => address).join(', ')}` };
  } catch (error) {
    const setting = proxy === undefined ? 'target' : 'HTTPS_PROXY or HTTP_PROXY';
    return {
      found: `${host}${via} cannot be resolved: ${explain(error)}`,
      advice: `check the spelling of ${setting}, and the name service here`,
    };
  }
};

const findConnection = async (url: URL, proxy: URL | undefined, ms: number): Promise<Finding> => {
  const first = proxy ?? url;
  const began = performance.now();
  const opened = await openTcp({ host: hostOf(first), port: portOf(first), timeoutMs: ms });
  const where = `${first.hostname}:${portOf(first)}`;
  if ('failure' in opened) {
    return {
      found: `no connection to ${where}: ${opened.failure.message.replace(/\.$/, '')}`,
      advice: 'start the target, or check host and port of target and what stands between',
    };
  }
  opened.socket.destroy();
  return { found: `connected to ${where} in ${Math.round(performance.now() - began)} ms` };
};

const adviseOnTls = (message: string): string => {
  if (/self.signed|unable to (get|verify)/i.test(message))
    return 'give the authority that signed it with tls.ca, or do without the check with --insecure';
  if (/expired|not yet valid/i.test(message))
    return 'the certificate has to be renewed, or the clock here is wrong; --insecure does without the check';
  if (/altnames|does not match|host/i.test(message)) return 'the certificate is for another name: check the host of target';
  if (/certificate required|handshake failure|bad certificate|unknown ca/i.test(message))
    return 'the target may want a certificate of yours: set tls.cert and tls.key';
  return 'check that target speaks TLS at that port, and tls.ca, tls.cert and tls.key';
};

const findTls = async (url: URL, session: Session, ms: number): Promise<Finding> => {
  const opened = await openConnection({ origin: url.origin, tls: session.tls, timeoutMs: ms });
  if ('failure' in opened) {
    const { message } = opened.failure;
    return { found: message.replace(/\.$/, ''), advice: adviseOnTls(message) };
  }
  const socket = opened.socket as TLSSocket;
  const { subject, valid_to: validTo } = socket.getPeerCertificate();
  const protocol = socket.getProtocol();
  socket.destroy();
  const unchecked = session.tls.rejectUnauthorized === false ? ', not verified (--insecure)' : '';
  return { found: `${protocol}, certificate of ${String(subject?.CN ?? 'no name')}, valid to ${validTo}${unchecked}` };
};

const findToken = async (session: Session, { auth }: Profile, ms: number): Promise<Finding> => {
  if (auth.type === 'none') return { found: 'none is sent (auth: none)' };
  if (auth.type === 'bearer') return { found: 'given in the profile' };
  try {
    await within(ms, `no token from ${auth.tokenUrl}`, session.authorization());
    return { found: `given by ${auth.tokenUrl}` };
  } catch (error) {
    if (error instanceof TokenRefused) return { found: error.found, advice: error.advice };
    if (error instanceof ConformanceError || error instanceof RunEnded || error instanceof LimitReached) throw error;
    return { found: explain(error), advice: 'check auth.tokenUrl (--token-url) and the way there' };
  }
};

/** Asks for the list of a customer until the answer is none that may pass, or time is up. */
const askForList = async (session: Session, path: string, customer: string, ms: number): Promise<Exchange> => {
  const until = session.now() + ms;
  for (let tries = 0; ; tries++) {
    const exchange = await session.send({
      method: 'GET',
      path,
      retry: false,
      timeoutMs: Math.max(100, until - session.now()),
      intent: { operation: 'list', customer },
      campaign: 'preflight',
    });
    const { answer, failure } = exchange;
    const mayPass = failure?.kind === 'cut' || (answer !== undefined && (answer.status === 429 || answer.status >= 500));
    const pause = Math.max(pausesMs[tries] ?? Number.POSITIVE_INFINITY, (answer && readRetryAfter(answer.headers)) ?? 0);
    if (!mayPass || session.now() + pause >= until) return exchange;
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
};

const findList = async (session: Session, profile: Profile, ms: number): Promise<Finding> => {
  const given = profile.customers?.[0]?.customerId;
  const customer = given ?? randomUUID();
  try {
    const exchange = await askForList(session, `/customers/${customer}/products`, customer, ms);
    const finding = judgeList(exchange, profile);
    if (exchange.answer?.status !== 403 || finding.advice !== undefined) return finding;
    // A customer may be forbidden for being unknown or empty. A path that is none of the API's is not: who forbids that too forbids everything.
    const other = await session.send({
      method: 'GET',
      path: `/${randomUUID()}`,
      retry: false,
      intent: { operation: 'other' },
      campaign: 'preflight',
    });
    if (other.answer?.status !== 403) return finding;
    const advice = 'check what the client may do (auth.scope), and the path of target';
    return { found: `status 403 to the list of a customer, and to a path that does not exist`, advice };
  } catch (error) {
    if (error instanceof TargetLost) return { found: error.message, advice: 'look whether it still runs' };
    throw error;
  }
};

/**
 * Goes the steps in order. The first that fails is yielded and then thrown, as a `ConformanceError` (4) that names the step and what to do.
 * Requests are exchanges of the campaign `preflight`. Throws `RunEnded` when the signal was given.
 */
export async function* runPreflight(
  session: Session,
  profile: Profile,
  signal: AbortSignal,
): AsyncGenerator<PreflightStep, void, undefined> {
  const ms = Math.min(profile.timeouts.requestMs, stepMs);
  const url = new URL(profile.target);
  const proxy = proxyFor(url.origin);
  const steps: readonly (readonly [PreflightStep['name'], (() => Promise<Finding>) | string])[] = [
    ['name', () => findName(url, proxy, ms)],
    ['connection', () => findConnection(url, proxy, ms)],
    ['TLS', url.protocol === 'https:' ? () => findTls(url, session, ms) : 'target is an http address'],
    ['token', () => findToken(session, profile, ms)],
    ['list', () => findList(session, profile, ms)],
  ];
  for (const [name, find] of steps) {
    if (signal.aborted) throw new RunEnded(signal.reason);
    if (typeof find === 'string') {
      yield { name, outcome: 'skipped', detail: find };
      continue;
    }
    const { found, advice } = await find();
    const detail = session.redact(found);
    if (advice === undefined) {
      yield { name, outcome: 'ok', detail };
      continue;
    }
    yield { name, outcome: 'failed', detail: `${detail}; ${advice}` };
    throw new ConformanceError(4, `The preflight of ${profile.target} failed at the step "${name}": ${detail}; ${advice}.`);
  }
}
