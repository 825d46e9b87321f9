/** An exchange in a line: what was asked, and what came. */
import type { Exchange, FilterPair, Probe, ProbeRole } from '../spec/journal.ts';
import { answerValue, createdProduct, type Names, stringMember } from './names.ts';

const mostProducts = 6;

const roles: Readonly<Record<ProbeRole, string>> = {
  before: 'state before',
  spoiled: 'one defect',
  spelling: 'unusual spelling',
  odd: 'probe',
  after: 'state after',
  control: 'control, without the defect',
};

export function describeProbe(probe: Probe): string {
  return `${roles[probe.role]}: ${probe.case}`;
}

export function describeFilters(filters: readonly FilterPair[] | undefined): string {
  return (filters ?? []).map(([name, value]) => `, ${name}=${value}`).join('');
}

/** `create p1 (WALLET) for customer a`. Not yet made safe to print. */
export function describeRequest(exchange: Exchange, names: Names): string {
  const { intent, request } = exchange;
  const probe = intent.probe === undefined ? '' : ` [${describeProbe(intent.probe)}]`;
  return describeOperation() + probe;

  function describeOperation(): string {
    switch (intent.operation) {
      case 'create': {
        const product = createdProduct(exchange);
        const called = product === undefined ? 'a product' : names.product(product);
        return `create ${called}${intent.code === undefined ? '' : ` (${intent.code})`} for customer ${names.customer(intent.customer ?? '?')}`;
      }
      case 'list':
        return `list customer ${names.customer(intent.customer ?? '?')}${describeFilters(intent.filters)}`;
      case 'get':
        return `get ${names.product(intent.product ?? '?')}`;
      case 'close':
        return `close ${names.product(intent.product ?? '?')}`;
      case 'token':
        return 'ask for a token';
      case 'other':
        return `${request.method} ${pathOf(request.url)}`;
    }
  }
}

/** Path and query of a URL; the whole, where it is none. */
export function pathOf(url: string): string {
  return /^[a-z]+:\/\/[^/?#]*(.*)$/is.exec(url)?.[1] || url;
}

function describeProduct(value: unknown, names: Names): string | undefined {
  const id = stringMember(value, 'customerProductId');
  if (id === undefined) {
    return undefined;
  }
  return [names.product(id), stringMember(value, 'productCode'), stringMember(value, 'status')]
    .filter((word) => word !== undefined)
    .join(' ');
}

function describeList(products: readonly unknown[], names: Names): string {
  if (products.length === 0) {
    return 'no products';
  }
  const known: string[] = [];
  let others = 0;
  for (const product of products) {
    const id = stringMember(product, 'customerProductId');
    if (id !== undefined && names.isKnown(id) && known.length < mostProducts) {
      known.push([names.product(id), stringMember(product, 'status')].filter((word) => word !== undefined).join(' '));
    } else {
      others += 1;
    }
  }
  const count = `${products.length} ${products.length === 1 ? 'product' : 'products'}`;
  if (known.length === 0) {
    return `${count} (${countStatuses(products)})`;
  }
  return `${count}: ${known.join(', ')}${others === 0 ? '' : ` and ${others} more`}`;
}

function countStatuses(products: readonly unknown[]): string {
  const counts = new Map<string, number>();
  for (const product of products) {
    const status = stringMember(product, 'status') ?? 'without status';
    counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return [...counts]
    .slice(0, mostProducts)
    .map(([status, count]) => `${count} ${status}`)
    .join(', ');
}

/** `200, 2 products: p1 ACTIVE, p2 CLOSED`. Not yet made safe to print. */
export function describeAnswer(exchange: Exchange, names: Names): string {
  const { answer, failure } = exchange;
  if (answer === undefined) {
    return `no answer (${failure?.kind ?? 'unknown'}${failure === undefined ? '' : `: ${failure.message}`})`;
  }
  if (answer.body === undefined || answer.body.octets === 0) {
    return `${answer.status}, no content`;
  }
  const value = answerValue(exchange);
  if (answer.status >= 200 && answer.status < 300) {
    if (Array.isArray(value)) {
      return `${answer.status}, ${describeList(value, names)}`;
    }
    const product = describeProduct(value, names);
    if (product !== undefined) {
      return `${answer.status}, ${product}`;
    }
  }
  if (exchange.intent.operation === 'token' && answer.status === 200) {
    return `${answer.status}, ${answer.body.octets} octets`;
  }
  const { text } = answer.body;
  return `${answer.status}, ${text === undefined ? `${answer.body.octets} octets that are no UTF-8` : text.trim().replace(/\s+/g, ' ')}`;
}
