/** Whether a proxy stands between us and an address, by the usual variables of the environment. */

const isLoopback = (hostname: string): boolean => hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);

/** Whether there is a proxy for this kind of address. Loopback never goes through one. `NO_PROXY` is left to undici. */
export const usesProxy = (origin: string, environment: NodeJS.ProcessEnv = process.env): boolean => {
  const find = (name: string): string | undefined => environment[name] || environment[name.toUpperCase()];
  const http = find('http_proxy');
  const https = find('https_proxy') || http;
  if (http === undefined && https === undefined) return false;
  const { hostname, protocol } = new URL(origin);
  return !isLoopback(hostname) && (protocol === 'https:' ? https : http) !== undefined;
};
