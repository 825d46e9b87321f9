/** A connection of our own to an address: bare, over TLS, or through the proxy of the environment. */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Failure } from '../spec/journal.ts';
import { explainFailure } from './failure.ts';
import { proxyFor } from './proxy.ts';
import type { TlsMaterial } from './tls-material.ts';

export interface ConnectionOptions {
  /** `https://host:port`. */
  readonly origin: string;
  readonly tls?: TlsMaterial;
  readonly timeoutMs: number;
}

export type Connected = { readonly socket: Socket } | { readonly failure: Failure };

const portOf = (url: URL): number => Number(url.port || (url.protocol === 'https:' ? 443 : 80));
const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '');

/** Resolves when `event` came, or to what went wrong first. The socket is left without our listeners. */
const waitFor = (socket: Socket, event: string, timeoutMs: number): Promise<Failure | undefined> =>
  new Promise((resolve) => {
    const finish = (failure: Failure | undefined): void => {
      clearTimeout(timer);
      socket.off(event, onEvent).off('error', onError).off('close', onClose);
      if (failure !== undefined) socket.on('error', () => {}).destroy();
      resolve(failure);
    };
    const onEvent = (): void => finish(undefined);
    const onError = (error: Error): void => finish(explainFailure(error, { status: 0, octets: 0 }));
    const onClose = (): void => finish({ kind: 'cut', message: 'The connection was closed while it was being made.' });
    const timer = setTimeout(() => finish({ kind: 'timeout', message: `There was no connection within ${timeoutMs} ms.` }), timeoutMs);
    socket.once(event, onEvent).once('error', onError).once('close', onClose);
  });

/** Asks a proxy to open the way (RFC 9110 §9.3.6). */
const openTunnel = async (socket: Socket, proxy: URL, url: URL, timeoutMs: number): Promise<Failure | undefined> => {
  const authority = `${url.hostname}:${portOf(url)}`;
  const user = decodeURIComponent(proxy.username);
  const credentials = Buffer.from(`${user}:${decodeURIComponent(proxy.password)}`).toString('base64');
  const authorization = user === '' ? '' : `Proxy-Authorization: Basic ${credentials}\r\n`;
  let head = '';
  const whole = new Promise<void>((resolve) => {
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n') && head.length < 16_384) return;
      socket.off('data', onData);
      socket.pause();
      resolve();
    };
    socket.on('data', onData);
  });
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  void whole.then(() => socket.emit('tunnel'));
  const failure = await waitFor(socket, 'tunnel', timeoutMs);
  if (failure !== undefined) return failure;
  if (/^HTTP\/1\.[01] 200(?: |\r)/.test(head)) return undefined;
  socket.destroy();
  return { kind: 'refused', message: `The proxy did not open a way to the target: it answered "${head.split('\r\n')[0]?.slice(0, 80)}".` };
};

/** Opens a bare connection to a host. */
export const openTcp = async ({ host, port, timeoutMs }: { host: string; port: number; timeoutMs: number }): Promise<Connected> => {
  const socket = connectTcp({ host, port, noDelay: true });
  const failure = await waitFor(socket, 'connect', timeoutMs);
  return failure === undefined ? { socket } : { failure };
};

/** Opens a connection that nobody else uses. The whole of it, proxy and TLS included, takes `timeoutMs` at most. */
export const openConnection = async ({ origin, tls = {}, timeoutMs }: ConnectionOptions): Promise<Connected> => {
  const began = performance.now();
  const left = (): number => Math.max(1, Math.round(timeoutMs - (performance.now() - began)));
  const url = new URL(origin);
  const proxy = proxyFor(origin);
  const first = proxy ?? url;
  const proxyIsSecure = proxy?.protocol === 'https:';
  let socket: Socket = proxyIsSecure
    ? connectTls({ host: hostOf(first), port: portOf(first), servername: hostOf(first) })
    : connectTcp({ host: hostOf(first), port: portOf(first), noDelay: true });
  let failure = await waitFor(socket, proxyIsSecure ? 'secureConnect' : 'connect', left());
  if (failure === undefined && proxy !== undefined) failure = await openTunnel(socket, proxy, url, left());
  if (failure === undefined && url.protocol === 'https:') {
    const host = hostOf(url);
    const bare = socket;
    bare.on('error', () => {});
    socket = connectTls({ ...tls, socket: bare, ALPNProtocols: ['http/1.1'], ...(isIP(host) === 0 ? { servername: host } : { host }) });
    failure = await waitFor(socket, 'secureConnect', left());
    if (failure !== undefined) bare.destroy();
  }
  return failure === undefined ? { socket } : { failure };
};
