/** The four valid requests, as the document has them. What is wrong with a spoiled one is put in afterwards. */
import type { FilterPair, Intent } from '../spec/journal.ts';

/** A request below the base URL, with why it is sent. */
export interface Draft {
  readonly method: string;
  /** Begins with `/`, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly intent: Intent;
}

export function draftList(customer: string, filters: readonly FilterPair[] = []): Draft {
  const query = filters.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return {
    method: 'GET',
    path: `/customers/${customer}/products${query === '' ? '' : `?${query}`}`,
    headers: {},
    intent: { operation: 'list', customer, ...(filters.length === 0 ? {} : { filters }) },
  };
}

export function draftCreate(customer: string, code: string, requestor: string): Draft {
  return {
    method: 'POST',
    path: `/customers/${customer}/products`,
    headers: { 'Requestor-ID': requestor, 'Content-Type': 'application/json' },
    body: JSON.stringify({ productCode: code }),
    intent: { operation: 'create', customer, code },
  };
}

export function draftGet(product: string): Draft {
  return { method: 'GET', path: `/products/${product}`, headers: {}, intent: { operation: 'get', product } };
}

export function draftClose(product: string, requestor: string): Draft {
  return {
    method: 'PATCH',
    path: `/products/${product}`,
    headers: { 'Requestor-ID': requestor, 'Content-Type': 'application/json' },
    body: JSON.stringify({ status: 'CLOSED' }),
    intent: { operation: 'close', product },
  };
}
