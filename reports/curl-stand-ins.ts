/**
 * Products that the cited exchanges show and none of them made. A script on a fresh customer has to make such ones first, or it would
 * look at nothing.
 */
import type { Exchange } from '../spec/journal.ts';
import { answerValue, createdProduct, stringMember } from './names.ts';

export interface StandIn {
  /** As recorded. */
  readonly id: string;
  /** The recorded customer, where a list shows whose it is. */
  readonly customer: string | undefined;
  readonly code: string;
  /** Whether it was closed already where it is first shown. */
  readonly isClosed: boolean;
}

export interface Shown {
  readonly id: string;
  readonly code: string | undefined;
  readonly status: string | undefined;
  readonly iban: string | undefined;
  readonly customer: string | undefined;
}

/** Of products that are only listed: enough for a list to be one. */
const mostListed = 5;

/** The products of a get's or a list's answer. */
export function productsShown(exchange: Exchange): readonly Shown[] {
  const { operation, customer } = exchange.intent;
  if (operation !== 'get' && operation !== 'list') {
    return [];
  }
  const value = answerValue(exchange);
  return (Array.isArray(value) ? value : [value]).flatMap((product: unknown) => {
    const id = stringMember(product, 'customerProductId');
    const data = typeof product === 'object' && product !== null && 'accountData' in product ? product.accountData : undefined;
    const [code, status] = [stringMember(product, 'productCode'), stringMember(product, 'status')];
    return id === undefined ? [] : [{ id, code, status, iban: stringMember(data, 'iban'), customer }];
  });
}

/** In the order first shown. An id that no answer shows exists nowhere, as is meant where one is asked for on purpose. */
export function standInsOf(exchanges: readonly Exchange[]): readonly StandIn[] {
  const made = new Set(exchanges.map(createdProduct));
  const asked = new Set(exchanges.map(({ intent }) => intent.product));
  const found = new Map<string, StandIn>();
  for (const { id, code, status, customer } of exchanges.flatMap(productsShown)) {
    const before = found.get(id);
    if (made.has(id) || (before === undefined && !asked.has(id) && found.size >= mostListed)) {
      continue;
    }
    const isClosed = before?.isClosed ?? status?.toUpperCase() === 'CLOSED';
    found.set(id, { id, customer: before?.customer ?? customer, code: before?.code ?? code ?? 'BALANCE_ACCOUNT', isClosed });
  }
  return [...found.values()];
}
