/** Whether a proxy stands between us and an address, by the usual variables of the environment. */
import { ConformanceError } from './errors.ts';

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/** Whether `NO_PROXY` takes an address out: a list of names, which count for what is below them too, with a port perhaps, or `*` for all. */
const isExcepted = ({ hostname, port, protocol }: URL, list: string): boolean => {
  const host = hostname.toLowerCase();
  const ownPort = port || (protocol === 'https:' ? '443' : '80');
  return list
    .toLowerCase()
    .split(/[,\s]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [, name = entry, onlyPort] = /^(.+?):(\d+)$/.exec(entry) ?? [];
      const bare = name.replace(/^\*?\./, '');
      return (onlyPort === undefined || onlyPort === ownPort) && (host === bare || host.endsWith(`.${bare}`));
    });
};

/** The proxy for an address, or undefined. Loopback never goes through one. Throws a `ConformanceError` (2) when it is none that we can use. */
export const proxyFor = (origin: string, environment: NodeJS.ProcessEnv = process.env): URL | undefined => {
  const find = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()];
  const http = find('http_proxy');
  const https = find('https_proxy') || http;
  if (http === undefined && https === undefined) return undefined;
  const url = new URL(origin);
  const proxy = url.protocol === 'https:' ? https : http;
  if (proxy === undefined || isLoopback(url.hostname) || isExcepted(url, find('no_proxy') ?? '')) return undefined;
  const address = /^[a-z]+:\/\//i.test(proxy) ? proxy : `http://${proxy}`;
  if (URL.canParse(address) && /^https?:/i.test(address)) return new URL(address);
  throw new ConformanceError(
    2,
    'The proxy that HTTP_PROXY or HTTPS_PROXY names should be an http or https address and is none; mend or unset it.',
  );
};
