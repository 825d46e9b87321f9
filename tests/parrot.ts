/**
 * The reference implementation behind a gateway that tells everything it hears, in every spelling, to whoever asks, and the strangest
 * places: what a run writes of it must hold none of that. It works all the same, so that the run goes all its way.
 */
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startReference } from '../reference/server.ts';

export interface Parrot {
  readonly url: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly customers: readonly { readonly customerId: string; readonly exclusive?: boolean }[];
  /** Every token it has issued. */
  readonly tokens: ReadonlySet<string>;
  /** IBANs of products that were there before. */
  readonly ibans: ReadonlySet<string>;
  /** How often it named another address in a redirect … */
  readonly redirects: number;
  /** … and what came there. */
  readonly elsewhere: readonly string[];
  close(): Promise<void>;
}

/** A balance that nothing else is. */
export const balance = 31_337.424_242;

const escapeAll = (text: string): string => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const percent = (text: string, upper: boolean): string =>
  [...Buffer.from(text)].map((octet) => `%${(upper ? octet.toString(16).toUpperCase() : octet.toString(16)).padStart(2, '0')}`).join('');

/** What was heard, in all the ways a server may echo it, as JSON members. */
function echo(heard: string): string {
  const half = Math.floor(heard.length / 2);
  const members = {
    plain: heard,
    address: encodeURIComponent(heard),
    form: new URLSearchParams([['', heard]]).toString().slice(1),
    lower: percent(heard, false),
    upper: percent(heard, true),
    base64: Buffer.from(heard).toString('base64'),
    base64url: Buffer.from(heard).toString('base64url'),
    split: { first: heard.slice(0, half), second: heard.slice(half) },
  };
  return `${JSON.stringify(members).slice(0, -1)},"${escapeAll('escaped')}":"${escapeAll(heard)}"}`;
}

const gather = async (message: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

export async function startParrot(secrets: { readonly clientId: string; readonly clientSecret: string }): Promise<Parrot> {
  const reference = await startReference({ ...secrets, seed: 7, variants: ['customers-with-a-past'], onError: () => {} });
  const elsewhere: string[] = [];
  const sink = createServer((message, response) => {
    elsewhere.push(`${message.method} ${message.url} ${JSON.stringify(message.headers)}`);
    response.end();
  });
  const sinkUrl = await listen(sink);
  /** Ours, and what the reference calls them. */
  const tokens = new Map<string, string>();
  const made = new Set<string>();
  const owners = new Map<string, string>();
  let count = 0;
  let redirects = 0;

  const forward = (message: IncomingMessage, url: string, body: Buffer): Promise<{ head: IncomingMessage; content: Buffer }> =>
    new Promise((resolve, reject) => {
      const headers: OutgoingHttpHeaders = { ...message.headers, 'content-length': body.length };
      delete headers['transfer-encoding'];
      for (const [ours, theirs] of tokens)
        if (headers.authorization !== undefined) headers.authorization = headers.authorization.replace(ours, theirs);
      const onward = request(url, { method: message.method ?? 'GET', headers }, (head) =>
        gather(head).then((content) => resolve({ head, content }), reject),
      );
      onward.on('error', reject);
      onward.end(body);
    });

  const answerToken = async (message: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
    const { head, content } = await forward(message, reference.tokenUrl, body);
    const heard = `${message.headers.authorization ?? ''} ${body.toString()}`;
    const answer = JSON.parse(content.toString() || '{}') as Record<string, unknown>;
    if (typeof answer.access_token === 'string') {
      const token = `canary.token~${++count}-Qq7/+Zz==`;
      tokens.set(token, answer.access_token);
      answer.access_token = token;
    }
    const text = `${JSON.stringify(answer).slice(0, -1)},"heard":${echo(heard)},"secret":${echo(secrets.clientSecret)}}`;
    response.writeHead(head.statusCode ?? 500, {
      ...head.headers,
      'content-length': Buffer.byteLength(text),
      'x-echo': encodeURIComponent(heard),
    });
    response.end(text);
  };

  const learn = (value: unknown, isCreate: boolean): void => {
    for (const each of Array.isArray(value) ? value : [value]) {
      const { customerProductId: id, accountData: account } = (each ?? {}) as {
        customerProductId?: string;
        accountData?: { iban?: string };
      };
      if (isCreate && id !== undefined) made.add(id);
      if (account === undefined) continue;
      Object.assign(account, { availableBalance: balance, withdrawableBalance: balance });
      if (account.iban !== undefined) owners.set(account.iban, id ?? '');
    }
  };

  const answerApi = async (message: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> => {
    const heard = message.headers.authorization ?? 'nobody';
    // Three times, to a host that nobody asked for.
    if (message.method === 'GET' && /^\/products\//.test(message.url ?? '') && redirects < 3 && ++count % 25 === 0) {
      redirects += 1;
      response.writeHead(302, { Location: `${sinkUrl}/?token=${encodeURIComponent(heard)}` }).end();
      return;
    }
    const { head, content } = await forward(message, reference.url + message.url, body);
    const headers = { ...head.headers };
    headers['x-echo'] = [heard, encodeURIComponent(heard), Buffer.from(heard).toString('base64'), percent(heard, false)];
    headers['x-tenant-key'] = message.headers['x-tenant-key'] ?? 'none';
    // What a browser would take for the name of a file.
    headers['content-disposition'] = 'attachment; filename="../../chosen-by-the-target"';
    headers['set-cookie'] = [`t=${encodeURIComponent(heard)}`];
    if (String(headers['content-type']).includes('json') && content.length > 0 && message.method !== 'HEAD') {
      const value = JSON.parse(content.toString()) as unknown;
      learn(value, message.method === 'POST');
      const text = JSON.stringify(value);
      const known = [...owners.keys()][0] ?? '';
      const more = `"heard":${echo(`${heard} ${message.headers['x-tenant-key']}`)},"secret":${echo(secrets.clientSecret)},"seen":"${known} ${known.replaceAll(/(.{4})/g, '$1 ')}"}`;
      const told = text.endsWith('}') ? `${text.slice(0, -1)},${more}` : text.replaceAll(/\}(?=,\{"customerProductId"|\]$)/g, `,${more}`);
      headers['content-length'] = String(Buffer.byteLength(told));
      response.writeHead(head.statusCode ?? 500, headers).end(told);
      return;
    }
    response.writeHead(head.statusCode ?? 500, headers).end(content);
  };

  const server = createServer((message, response) => {
    gather(message)
      .then((body) => (message.url?.startsWith('/token') ? answerToken : answerApi)(message, response, body))
      .catch(() => response.destroy());
  });
  const url = await listen(server);
  return {
    url,
    tokenUrl: `${url}/token`,
    clientId: secrets.clientId,
    customers: reference.profile.customers ?? [],
    get tokens() {
      return new Set(tokens.keys());
    },
    get ibans() {
      return new Set([...owners].flatMap(([iban, id]) => (made.has(id) ? [] : [iban])));
    },
    get redirects() {
      return redirects;
    },
    elsewhere,
    async close() {
      for (const each of [server, sink]) {
        each.closeAllConnections();
        await new Promise((resolve) => each.close(resolve));
      }
      await reference.close();
    },
  };
}
