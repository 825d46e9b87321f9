/** Addresses as users write them: what is taken, and what is said about the rest. */
import { quote } from './settings-mistakes.ts';

export type Address = { readonly address: string } | { readonly came: string; readonly advice?: string };

/**
 * An `http` or `https` address without credentials and fragment, and without a query unless `query` is true.
 * A trailing slash is dropped. What cannot be taken is never shown with the credentials or the query in it.
 */
export function readAddress(text: string, query: boolean): Address {
  if (text === '') return { came: 'an empty text' };
  if (text.includes('@')) return { came: 'one that holds an @', advice: 'credentials are settings of their own and are not shown here' };
  if (/[\s\\\p{Cc}]/u.test(text)) return { came: quote(text), advice: 'take out the white space, control characters and backslashes' };
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase();
  if (scheme === undefined) return withoutScheme(text);
  const shown = quote(text.replace(/[?#].*/u, '?…'));
  if (scheme !== 'http' && scheme !== 'https') return { came: shown };
  if (text.includes('#')) return { came: shown, advice: 'take out the fragment from # on' };
  if (text.includes('?') && !query) return { came: shown, advice: 'take out the query from ? on' };
  const url = parseUrl(text);
  if (!url) return { came: shown, advice: explainUnreadable(text) };
  return { address: query && url.search !== '' ? url.href : url.href.replace(/\/+$/u, '') };
}

function withoutScheme(text: string): Address {
  const rest = text.replace(/^(https?):?\/*/iu, '').replace(/^\/+/u, '');
  const bracketed = rest.replace(/^(::[0-9a-f:]*|[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){7})(?=\/|$)/iu, '[$1]');
  const url = /^[\w[]/u.test(bracketed) ? parseUrl(`http://${bracketed}`) : undefined;
  const hostLike = url && (url.hostname.includes('.') || url.hostname.startsWith('[') || url.hostname === 'localhost' || url.port !== '');
  const came = quote(text.replace(/[?#].*/u, '?…'));
  if (!hostLike) return { came };
  const guess = /^https/iu.test(text) || (!isLoopback(url.href) && url.port === '') ? 'https' : 'http';
  return { came, advice: `did you mean ${guess}://${quote(bracketed.replace(/[?#].*/u, '')).slice(1, -1)}?` };
}

function explainUnreadable(text: string): string {
  const host = text.replace(/^\w+:\/\//u, '').split('/')[0] ?? '';
  if (/^[0-9a-f]*:[0-9a-f]*:/iu.test(host)) return 'an IPv6 address stands in brackets, http://[::1]:8080';
  if (/:\d+$/u.test(host) && Number(/\d+$/u.exec(host)) > 65_535) return 'a port is at most 65535';
  return 'the host or the port in it cannot be read';
}

function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}

/** Whether an address is of this machine: `localhost`, 127.0.0.0/8 or ::1. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/u.test(hostname);
}
