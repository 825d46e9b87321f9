import { connect } from 'node:net';
import { Agent, request } from 'undici';
import type { Reference, ReferenceOptions } from '../../reference/server.ts';
import { startReference } from '../../reference/server.ts';

export interface Seen {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: unknown;
}

export interface Sent {
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: string | Buffer;
}

/** A running reference with a token, and the four operations as calls. */
export interface Sandbox {
  readonly reference: Reference;
  readonly token: string;
  call(method: string, path: string, sent?: Sent): Promise<Seen>;
  list(customer: string, query?: string): Promise<Seen>;
  create(customer: string, code?: string): Promise<Seen>;
  get(product: string): Promise<Seen>;
  close(product: string): Promise<Seen>;
  /** A product made, by its id. */
  make(customer: string, code?: string): Promise<string>;
  /** The products of a list. */
  listed(customer: string, query?: string): Promise<Product[]>;
  shown(product: string): Promise<Product>;
  end(): Promise<void>;
}

export interface Product {
  readonly customerProductId: string;
  readonly productCode: string;
  readonly productType: string;
  readonly status: string;
  readonly currency?: string;
  readonly proxyIds?: string[];
  readonly createdOn: string;
  readonly modifiedOn: string;
  readonly openedOn?: string;
  readonly closedOn?: string;
  readonly accountData?: { readonly iban: string; readonly bic: string; readonly modifiedOn: string };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

export async function fetchToken(
  reference: Reference,
  { clientId, clientSecret }: { clientId: string; clientSecret: string } = reference,
): Promise<string> {
  const isBasic = reference.profile.auth?.clientAuthentication === 'client_secret_basic';
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (!isBasic) {
    form.set('client_id', clientId);
    form.set('client_secret', clientSecret);
  }
  const answer = await fetch(reference.tokenUrl, {
    method: 'POST',
    body: form,
    headers: isBasic ? { authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}` } : {},
  });
  return ((await answer.json()) as { access_token: string }).access_token;
}

export async function openSandbox(options: ReferenceOptions = {}): Promise<Sandbox> {
  const reference = await startReference(options);
  const token = await fetchToken(reference);
  const agent = new Agent();
  const call = async (method: string, path: string, sent: Sent = {}): Promise<Seen> => {
    const defaults: Record<string, string | undefined> = {
      authorization: `Bearer ${token}`,
      'requestor-id': reference.profile.requestorId ?? reference.profile.customers?.[0]?.requestorId ?? crypto.randomUUID(),
      ...(sent.body !== undefined && { 'content-type': 'application/json' }),
      ...sent.headers,
    };
    const headers = Object.fromEntries(Object.entries(defaults).filter(([, value]) => value !== undefined)) as Record<string, string>;
    const answer = await request(reference.url + path, {
      method,
      headers,
      dispatcher: agent,
      ...(sent.body !== undefined && { body: sent.body }),
    });
    const text = await answer.body.text();
    return { status: answer.statusCode, headers: answer.headers, text, json: parse(text) };
  };
  const list = (customer: string, query = ''): Promise<Seen> => call('GET', `/customers/${customer}/products${query}`);
  const create = (customer: string, code = 'WALLET'): Promise<Seen> =>
    call('POST', `/customers/${customer}/products`, { body: JSON.stringify({ productCode: code }) });
  const get = (product: string): Promise<Seen> => call('GET', `/products/${product}`);
  return {
    reference,
    token,
    call,
    list,
    create,
    get,
    close: (product) => call('PATCH', `/products/${product}`, { body: '{"status":"CLOSED"}' }),
    make: async (customer, code) => ((await create(customer, code)).json as { customerProductId: string }).customerProductId,
    listed: async (customer, query) => (await list(customer, query)).json as Product[],
    shown: async (product) => (await get(product)).json as Product,
    end: async () => {
      await agent.destroy();
      await reference.close();
    },
  };
}

/** All that comes back on a new connection for these octets, until the server ends it or `until` has come. */
export function exchangeRaw(port: number, octets: string | Buffer, until?: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(octets));
    let seen = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      seen += text;
      if (until?.test(seen)) socket.end();
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(seen));
  });
}
