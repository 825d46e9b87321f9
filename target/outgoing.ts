/** What campaigns ask a session to send, and what becomes of it before it takes its turn. */
import type { Intent } from '../spec/journal.ts';
import type { HeaderPair } from './capture.ts';
import type { Turn } from './pacing.ts';
import { createTraceparent } from './trace.ts';

/** A request to the API. */
export interface Outgoing {
  readonly method: string;
  /** Below the base URL, with its query, encoded; begins with `/`. */
  readonly path: string;
  /** Beside or instead of the usual ones, compared without case; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  readonly body?: string | Uint8Array;
  /** Of the body; `application/json` if absent, none if null. */
  readonly contentType?: string | null;
  /** The value of `Authorization`. Absent: the session's token, renewed once on a 401. Null: none. */
  readonly authorization?: string | null;
  /** False: an answer of 429, 503 or 401 is taken as it is. */
  readonly retry?: false;
  /** True: on a new connection, closed afterwards. */
  readonly fresh?: true;
  /** Where it shall be less than the profile gives a request. */
  readonly timeoutMs?: number;
  /** Of `Session.takeTurns`; it is used up by this request. Absent: the request waits for one. */
  readonly turn?: Turn | undefined;
  /** True: it has every second turn before those that wait without it. */
  readonly isAhead?: boolean | undefined;
  readonly intent: Intent;
  readonly campaign: string;
}

/**
 * A request to the API on a socket of our own, octet for octet: header names as they are spelled here, nothing corrected. It is sent once,
 * whatever comes, but for an answer of 429 or 503.
 */
export interface RawOutgoing extends Omit<Outgoing, 'fresh' | 'timeoutMs' | 'turn' | 'isAhead'> {
  /** The body again, to be sent in these chunks (RFC 9112 §7.1) instead of with its length. */
  readonly chunks?: readonly string[];
  /** The content is held back until an answer came without it, or half a second has passed. */
  readonly holdsContent?: true;
  /** We cut the connection when this was sent; the exchange is a failure of kind `aborted`. */
  readonly cutAfter?: 'headers' | 'body';
}

/** A request to the token endpoint, not the ordinary one but a probe of it. */
export interface TokenProbe {
  readonly method?: string;
  /** Beside `Accept: application/json`; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The query of the address, without `?`. */
  readonly query?: string;
  readonly body?: string;
  /** `application/x-www-form-urlencoded` if absent, none if null. */
  readonly contentType?: string | null;
  readonly retry?: false;
  readonly intent?: Intent;
  readonly campaign: string;
}

/** A request with everything settled but its moment. */
export interface Prepared {
  readonly method: string;
  readonly origin: string;
  /** Path and query, encoded, base path included. */
  readonly path: string;
  readonly headers: readonly HeaderPair[];
  readonly body?: string | Uint8Array | undefined;
  readonly fresh?: boolean | undefined;
  readonly timeoutMs?: number | undefined;
  /** Sent even when the run is being ended. */
  readonly isSpared?: boolean | undefined;
  readonly intent: Intent;
  readonly campaign: string;
}

/** The usual headers with the caller's own beside or instead of them. */
export const mergeHeaders = (usual: readonly HeaderPair[], own: Readonly<Record<string, string | null>> | undefined): HeaderPair[] => {
  const others = own === undefined ? [] : Object.entries(own);
  // Most requests bring none.
  if (others.length === 0) return [...usual];
  const names = new Set(others.map(([name]) => name.toLowerCase()));
  const merged = usual.filter(([name]) => !names.has(name.toLowerCase()));
  for (const [name, value] of others) if (value !== null) merged.push([name, value]);
  return merged;
};

/** What every request to the API has in common. */
export interface Common {
  readonly origin: string;
  readonly basePath: string;
  /** The headers of the run. */
  readonly usual: readonly HeaderPair[];
  /** The session's own, for requests that bring none. */
  readonly authorization: string | undefined;
}

/** The headers of a request: of the run, of its own trace, of its credentials and content, and what the caller wants otherwise. */
export const composeHeaders = (
  { authorization, contentType = 'application/json', headers }: Pick<Outgoing, 'authorization' | 'contentType' | 'headers'>,
  common: Pick<Common, 'usual' | 'authorization'>,
  hasContent: boolean,
): HeaderPair[] => {
  const all: HeaderPair[] = [...common.usual, ['traceparent', createTraceparent()]];
  const credentials = authorization === undefined ? common.authorization : authorization;
  if (credentials !== undefined && credentials !== null) all.push(['Authorization', credentials]);
  if (hasContent && contentType !== null) all.push(['Content-Type', contentType]);
  return mergeHeaders(all, headers);
};

/** A request to the API, all settled. */
export const prepare = (outgoing: Outgoing, common: Common): Prepared => {
  const { method, path, body, fresh, timeoutMs, intent, campaign } = outgoing;
  const headers = composeHeaders(outgoing, common, body !== undefined);
  return { method, origin: common.origin, path: common.basePath + path, headers, body, fresh, timeoutMs, intent, campaign };
};

/** A request to the token endpoint, all settled. */
export const prepareToken = (probe: TokenProbe, { tokenUrl, agent }: { tokenUrl: string; agent: HeaderPair }): Prepared => {
  const { method = 'POST', headers, query, body, contentType = 'application/x-www-form-urlencoded', campaign } = probe;
  const { origin, pathname, search } = new URL(tokenUrl);
  const usual: HeaderPair[] = [agent, ['Accept', 'application/json']];
  if (body !== undefined && contentType !== null) usual.push(['Content-Type', contentType]);
  const joined = query === undefined ? search : `${search === '' ? '?' : `${search}&`}${query}`;
  return {
    method,
    origin,
    path: pathname + joined,
    headers: mergeHeaders(usual, headers),
    body,
    intent: probe.intent ?? { operation: 'token' },
    campaign,
  };
};
