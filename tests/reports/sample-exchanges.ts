/** Exchanges written by hand, for the sample records. */
import { createHash } from 'node:crypto';
import type { Answer, Body, Exchange, Failure, Intent } from '../../spec/journal.ts';

export const target = 'http://127.0.0.1:4010/bank/v1';
export const customer = 'a3b1f0c2-0001-4a5b-8c6d-7e8f90a1b2c3';
export const otherCustomer = 'a3b1f0c2-0002-4a5b-8c6d-7e8f90a1b2c3';
export const requestor = '5e0f3a61-9999-4a5b-8c6d-7e8f90a1b2c3';
export const productOne = '0b8f6c1e-1111-4b1f-9d52-6a3c1f2e4d5a';
export const productTwo = '0b8f6c1e-2222-4b1f-9d52-6a3c1f2e4d5a';

export function bodyOf(text: string): Body {
  const octets = Buffer.from(text);
  return { text, octets: octets.length, sha256: createHash('sha256').update(octets).digest('hex') };
}

export interface Draft {
  readonly id: string;
  readonly intent: Intent;
  readonly status?: number;
  readonly answer?: unknown;
  readonly answerText?: string;
  readonly failure?: Failure;
  readonly at?: number;
  readonly took?: number;
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  readonly headers?: readonly (readonly [string, string])[];
  readonly answerHeaders?: readonly (readonly [string, string])[];
}

function methodOf({ operation }: Intent): string {
  return operation === 'create' || operation === 'token' ? 'POST' : operation === 'close' ? 'PATCH' : 'GET';
}

function urlOf({ operation, customer: owner, product, filters }: Intent): string {
  if (operation === 'token') {
    return 'http://127.0.0.1:4010/oauth2/token';
  }
  if (operation === 'create' || operation === 'list') {
    const query = (filters ?? []).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
    return `${target}/customers/${owner}/products${query === '' ? '' : `?${query}`}`;
  }
  return `${target}/products/${product}`;
}

function contentOf({ operation, code }: Intent): string | undefined {
  if (operation === 'token') {
    return 'grant_type=client_credentials&client_id=suite&client_secret=«redacted:client-secret#1»';
  }
  return operation === 'create' ? `{"productCode":"${code}"}` : operation === 'close' ? '{"status":"CLOSED"}' : undefined;
}

export function exchange(draft: Draft): Exchange {
  const { id, intent } = draft;
  const content = draft.body ?? contentOf(intent);
  const isWrite = intent.operation === 'create' || intent.operation === 'close';
  const sentAt = draft.at ?? Number(id) * 20;
  const headers = draft.headers ?? [
    ['authorization', 'Bearer «redacted:token#1»'],
    ['user-agent', 'customer-products-conformance/0.1.0 (run 7f)'],
    ['traceparent', '00-11111111111111111111111111111111-2222222222222222-01'],
    ...(isWrite ? ([['Requestor-ID', requestor]] as const) : []),
    ...(content === undefined ? [] : ([['content-type', 'application/json']] as const)),
  ];
  const answerText = draft.answerText ?? (draft.answer === undefined ? undefined : JSON.stringify(draft.answer));
  const answer: Answer = {
    status: draft.status ?? 200,
    headers: draft.answerHeaders ?? [
      ['Date', 'Sun, 22 Nov 2026 12:00:00 GMT'],
      ['Content-Type', 'application/json'],
    ],
    ...(answerText === undefined ? {} : { body: bodyOf(answerText) }),
  };
  return {
    type: 'exchange',
    id,
    campaign: 'sequences',
    intent,
    sentAt,
    receivedAt: sentAt + (draft.took ?? 3.25),
    connection: 1,
    request: {
      method: draft.method ?? methodOf(intent),
      url: draft.url ?? urlOf(intent),
      headers,
      ...(content === undefined ? {} : { body: bodyOf(content) }),
    },
    ...(draft.failure === undefined ? { answer } : { failure: draft.failure }),
  };
}

export function product(id: string, status: string, changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    customerProductId: id,
    productCode: 'BALANCE_ACCOUNT',
    productType: 'CASH',
    currency: 'EUR',
    status,
    createdOn: '2026-11-22T12:00:00.120Z',
    modifiedOn: '2026-11-22T12:00:01.480Z',
    openedOn: '2026-11-22T12:00:00.130Z',
    ...(status === 'CLOSED' ? { closedOn: '2026-11-22T12:00:01.480Z' } : {}),
    ...changes,
  };
}
