/** A server just large enough to be called by the scripts: it makes products, shows them, and writes down what it was asked. */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  readonly beganAt: number;
  readonly endedAt: number;
}

export interface SmallBank {
  readonly url: string;
  readonly token: string;
  readonly secret: string;
  readonly asked: Asked[];
  /** Ids of the products made, in order. */
  readonly made: string[];
  readonly closed: Set<string>;
  close(): Promise<void>;
}

/** Answers to the API are held back for `latencyMs`, so that requests sent together overlap. */
export async function startSmallBank(latencyMs = 0): Promise<SmallBank> {
  const asked: Asked[] = [];
  const made: string[] = [];
  const closed = new Set<string>();
  const token = `token-${randomUUID()}`;
  const secret = `s&cr=t +%"'$x ${randomUUID()}`;
  const show = (id: string) => ({
    customerProductId: id,
    status: closed.has(id) ? 'CLOSED' : 'ACTIVE',
    accountData: { iban: `NL${id.slice(0, 8)}` },
  });

  const server = createServer((request, response) => {
    const beganAt = performance.now();
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const path = request.url ?? '';
      const body = Buffer.concat(chunks);
      const answer = (status: number, value?: unknown) => {
        const endedAt = performance.now();
        asked.push({
          method: request.method ?? '',
          path,
          headers: request.headers,
          rawHeaders: request.rawHeaders,
          body,
          beganAt,
          endedAt,
        });
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(value === undefined ? undefined : JSON.stringify(value));
      };
      if (path === '/oauth2/token') {
        const form = new URLSearchParams(body.toString());
        answer(
          form.get('client_secret') === secret ? 200 : 401,
          form.get('client_secret') === secret ? { access_token: token, token_type: 'Bearer' } : {},
        );
        return;
      }
      setTimeout(() => {
        const product = /\/products\/([^?]+)$/.exec(path)?.[1];
        if (request.method === 'POST' && path.endsWith('/products')) {
          const id = randomUUID();
          made.push(id);
          answer(200, { customerProductId: id });
        } else if (request.method === 'PATCH' && product !== undefined) {
          closed.add(product);
          answer(200);
        } else if (product !== undefined) {
          answer(200, show(product));
        } else {
          answer(200, made.map(show));
        }
      }, latencyMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    secret,
    asked,
    made,
    closed,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
