/**
 * What an exchange looks like in the record. Secrets and personal data are taken out here, before anything is written or judged:
 * the judge, online too, reads only what this returns.
 */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import type { Answer, Body, Intent, RecordedRequest, Wire } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { createIbans, type Ibans } from './ibans.ts';
import { compileNames, markOfSameType, replaceMembers } from './json-members.ts';
import type { SecretKind, Secrets } from './secrets.ts';

export type HeaderPair = readonly [name: string, value: string];

export interface Capture {
  request(method: string, url: string, headers: readonly HeaderPair[], body: string | Uint8Array | undefined): RecordedRequest;
  answer(status: number, headers: readonly HeaderPair[], content: Uint8Array, options?: AnswerOptions): Answer;
  /** What a request was meant for; after its answer, which may show that the IBAN asked for is that of another's product. */
  intent(intent: Intent): Intent;
  /** Any other text: messages, addresses. */
  text(text: string): string;
  /** A product that this run created, as the answer to its create says, before that answer: its IBAN may stay in the record. */
  own(product: string): void;
  /** A path as it goes out: the marks of IBANs in it become what they stand for. */
  reveal(path: string): string;
}

export interface AnswerOptions {
  /** The content goes on beyond the limit. */
  readonly cutOff?: boolean | undefined;
  readonly wire?: Wire | undefined;
  /** An answer of a token endpoint: the tokens in it are secrets from now on. */
  readonly givesTokens?: boolean | undefined;
}

/** What is presented or given under a name that means a secret becomes one; what comes from the API under such a name is only hidden. */
type Origin = 'request' | 'token endpoint' | 'api';

const secretHeaders = ['authorization', 'proxy-authorization', 'cookie', 'set-cookie', 'x-api-key'];
const secretParameters =
  /(?<=^|[?&;])(client_secret|client_assertion|access_token|refresh_token|id_token|token|assertion|password)=([^&#\s"'<>\\]*)/g;
const tokenMembers = compileNames(['access_token', 'refresh_token', 'id_token', 'client_secret']);
/** Balances are of no use to any rule, and nobody's business. */
const balances = ['availableBalance', 'withdrawableBalance'];

const kindOf = (name: string): SecretKind => {
  if (name === 'access_token') return 'token';
  if (name === 'refresh_token') return 'refresh-token';
  return name === 'id_token' ? 'id-token' : 'credential';
};

const parseString = (raw: string): string | undefined => {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

const decodeParameter = (text: string): string => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
};

/** Letters and signs that a writer of JSON or of addresses need not escape, written out: the text stays what it is. */
const unescapeOrdinary = (text: string): string =>
  text.replaceAll(/(?:\\u00|%)(2[bdef]|3[0-9d]|4[1-9a-f]|5[0-9af]|6[1-9a-f]|7[0-9ae])/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
/** The same of everything in ASCII that is to be seen, which may well break the text. */
const unescapeAll = (text: string): string =>
  text.replaceAll(/(?:\\u00|%)([2-7][0-9a-f])/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
/** UTF-16 and UTF-32 of plain letters are UTF-8 with NULs between. */
const dropNuls = (text: string): string => text.replaceAll('\0', '');
/** Header fields kept to be used again, and characters of one. */
const repeatedAtMost = 1000;
const repeatedCharacters = 2000;
/** How often a text is unescaped in search of a secret: escapes may be escaped again. */
const unescapings = [dropNuls, unescapeOrdinary, unescapeAll, unescapeAll, unescapeAll];

export const createCapture = (
  secrets: Secrets,
  { redact = [] }: Partial<Pick<Profile, 'redact'>> = {},
  ibans: Ibans = createIbans(),
): Capture => {
  const hiddenHeaders = new Set([...secretHeaders, ...redact.map((name) => name.toLowerCase())]);
  const hiddenMembers = compileNames([...balances, ...redact]);
  const marked = ['alance"', ...redact];
  /** Most header fields repeat from exchange to exchange: one pair serves them all, until another secret or IBAN is known. By name and value. */
  const repeated = new Map<string, Map<string, HeaderPair>>();
  let repeatedCount = 0;
  let knownThen = 0;

  const markOf = (name: string, secret: string, origin: Origin): string => {
    // What was marked already stays so.
    if (secret.startsWith('«redacted:')) return secret;
    return secrets.find(secret) ?? (origin === 'api' ? `«redacted:${name}»` : secrets.add(kindOf(name), secret));
  };

  /** In Basic credentials a known password is known in whatever way it was escaped (RFC 6749 §2.3.1 leaves several). */
  const findPassword = (credentials: string): string | undefined => {
    const [, password] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString('utf8')) ?? [];
    if (password === undefined) return undefined;
    const mark = secrets.find(password) ?? secrets.find(decodeParameter(password));
    if (mark !== undefined) secrets.addForm(credentials, mark);
    return mark;
  };

  const redactCredentials = (value: string): string => {
    const scheme = /^\S+ +/.exec(value)?.[0] ?? '';
    const credentials = value.slice(scheme.length);
    const password = /^basic /i.test(scheme) ? findPassword(credentials) : undefined;
    return scheme + (password ?? markOf('authorization', credentials, 'request'));
  };

  /** A secret echoed in escapes is a secret: then what is kept is the text without them. */
  const redactEscaped = (text: string, redact: (text: string) => string): string => {
    const redacted = redact(text);
    if (!/\0|%[2-7]|\\u00/.test(redacted)) return redacted;
    let kept = redacted;
    let plain = redacted;
    for (const unescapeMore of unescapings) {
      plain = unescapeMore(plain);
      const again = redact(plain);
      if (again === plain) continue;
      kept = again;
      plain = again;
    }
    return kept;
  };

  const redactAll = (text: string): string => ibans.redact(secrets.redact(text));
  const redactText = (text: string): string => redactEscaped(text, redactAll);

  const redactParameters = (text: string, origin: Origin): string =>
    text.includes('=')
      ? text.replaceAll(secretParameters, (_, name: string, value: string) => `${name}=${markOf(name, decodeParameter(value), origin)}`)
      : text;

  const redactMembers = (text: string, origin: Origin): string => {
    let redacted = text;
    if (text.includes('_token"') || text.includes('client_secret"')) {
      redacted = replaceMembers(redacted, tokenMembers, (name, raw) => {
        const secret = parseString(raw);
        return secret === undefined ? markOfSameType(name, raw) : `"${markOf(name, secret, origin)}"`;
      });
    }
    return marked.some((part) => text.includes(part)) ? replaceMembers(redacted, hiddenMembers, markOfSameType) : redacted;
  };

  const redactContent = (text: string, origin: Origin): string => {
    // In JSON a parameter has no end of its own.
    const isForm = origin === 'request' || (origin === 'token endpoint' && !/^\s*[{[]/.test(text));
    const members = isForm ? redactParameters(text, origin) : text;
    return redactEscaped(members, (each) => {
      const redacted = redactMembers(each, origin);
      return redactAll(origin === 'api' ? ibans.redactMembers(redacted) : redacted);
    });
  };

  const recordBody = (content: Uint8Array, origin: Origin, cutOff = false): Body => {
    const facts = { octets: content.length, sha256: hash('sha256', content, 'hex'), ...(cutOff ? { cutOff } : {}) };
    // A character cut in two at the limit does not make the content another than UTF-8.
    const whole = cutOff ? trimTornCharacter(content) : content;
    const buffer = Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength);
    if (isUtf8(whole)) return { text: redactContent(buffer.toString('utf8'), origin), ...facts };
    return { base64: Buffer.from(redactContent(buffer.toString('latin1'), origin), 'latin1').toString('base64'), ...facts };
  };

  const redactHeader = (name: string, value: string): string => {
    const lower = name.toLowerCase();
    if (!hiddenHeaders.has(lower)) return redactText(value);
    return lower.endsWith('authorization') ? redactCredentials(value) : (secrets.find(value) ?? `«redacted:${lower}»`);
  };

  const recordHeader = (field: HeaderPair): HeaderPair => {
    const name = field[0];
    const value = field[1];
    const knownNow = secrets.count + ibans.count;
    if (knownNow > knownThen || repeatedCount >= repeatedAtMost) {
      repeated.clear();
      repeatedCount = 0;
    }
    knownThen = knownNow;
    const pairs = repeated.get(name);
    const known = pairs?.get(value);
    if (known !== undefined) return known;
    const pair: HeaderPair = [name, redactHeader(name, value)];
    if (value.length > repeatedCharacters) return pair;
    repeatedCount += 1;
    if (pairs === undefined) repeated.set(name, new Map([[value, pair]]));
    else pairs.set(value, pair);
    return pair;
  };

  return {
    request(method, url, headers, body) {
      const request = { method, url: redactText(redactParameters(showMarks(url), 'request')), headers: headers.map(recordHeader) };
      if (body === undefined) return request;
      return { ...request, body: recordBody(typeof body === 'string' ? Buffer.from(body, 'utf8') : body, 'request') };
    },
    answer(status, headers, content, { cutOff, wire, givesTokens = false } = {}) {
      return {
        status,
        headers: headers.map(recordHeader),
        ...(content.length === 0 ? {} : { body: recordBody(content, givesTokens ? 'token endpoint' : 'api', cutOff) }),
        ...(wire === undefined ? {} : { wire }),
      };
    },
    intent: (intent) =>
      intent.filters?.some(([name]) => name === 'iban')
        ? { ...intent, filters: intent.filters.map(([name, value]) => [name, name === 'iban' ? redactText(value) : value]) }
        : intent,
    text: redactText,
    own: ibans.own,
    reveal: ibans.reveal,
  };
};

/** Marks of IBANs in an address, legible. */
const showMarks = (url: string): string =>
  url.includes('%C2%ABiban') ? url.replaceAll(/%C2%ABiban%23\d+%20(?:in)?valid%C2%BB/g, decodeURIComponent) : url;

/** The content without the beginning of a character of UTF-8 at its end. */
const trimTornCharacter = (content: Uint8Array): Uint8Array => {
  for (let back = 1; back <= 3 && back <= content.length; back++) {
    const octet = content[content.length - back]!;
    if (octet < 0x80) return content;
    if (octet >= 0xc0) {
      const needs = octet >= 0xf0 ? 4 : octet >= 0xe0 ? 3 : 2;
      return needs > back ? content.subarray(0, content.length - back) : content;
    }
  }
  return content;
};

/** Makes known what of the profile is secret, so that it is taken out wherever it turns up. */
export const learnSecrets = (secrets: Secrets, { auth, tls, headers, redact }: Profile): void => {
  if (auth.type === 'bearer') secrets.add('token', auth.token);
  if (auth.type === 'oauth2') {
    secrets.add('client-secret', auth.clientSecret, auth.clientId);
    if (auth.other !== undefined) secrets.add('client-secret', auth.other.clientSecret, auth.other.clientId);
  }
  if (tls.passphrase !== undefined) secrets.add('passphrase', tls.passphrase);
  const hidden = new Set([...secretHeaders, ...redact.map((name) => name.toLowerCase())]);
  for (const [name, value] of Object.entries(headers)) {
    if (hidden.has(name.toLowerCase())) secrets.add('header', value.replace(/^(basic|bearer) +/i, ''));
  }
};

/** What of the profile may be written down: every secret as its mark, and every IBAN, since its product is not ours. */
export const redactProfile = (profile: Profile, secrets: Secrets, ibans: Ibans = createIbans()): Readonly<Record<string, unknown>> => {
  const names = new Set([...secretHeaders, ...profile.redact.map((name) => name.toLowerCase())]);
  const mark = (key: string, value: unknown): unknown => {
    if (typeof value === 'string') {
      if (key === 'iban') return ibans.mark(value);
      const hidden = names.has(key.toLowerCase()) || key === 'passphrase' || key === 'token' || key === 'clientSecret';
      return hidden ? (secrets.find(value) ?? `«redacted:${key.toLowerCase()}»`) : secrets.redact(value);
    }
    if (Array.isArray(value)) return value.map((each) => mark('', each));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, mark(name, each)]));
  };
  return mark('', profile) as Readonly<Record<string, unknown>>;
};
