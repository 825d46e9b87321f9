/** What stands for what in a script: which identifiers and secrets of the recorded exchanges become variables, and where they come from. */
import type { Exchange } from '../spec/journal.ts';
import type { Report } from '../spec/report.ts';
import { productsShown, standInsOf } from './curl-stand-ins.ts';
import { createdProduct, type Names, namesByAppearance, stringMember } from './names.ts';
import type { Part } from './shell-text.ts';

export interface Variable {
  readonly name: string;
  /** As recorded. */
  readonly value: string;
}

/** A product to make before the exchanges at hand, for one that was there when they were recorded. */
export interface Prepared extends Variable {
  /** The variable of its customer. */
  readonly customer: string;
  readonly code: string;
  readonly isClosed: boolean;
}

export interface ScriptContext {
  readonly names: Names;
  /** Fresh ones at every performance, unless the profile gives the customers. */
  readonly customers: readonly Variable[];
  readonly areCustomersGiven: boolean;
  /** Answered by a create of the sequence. */
  readonly captured: readonly Variable[];
  readonly prepared: readonly Prepared[];
  /** Used, and neither made nor prepared: ids that exist nowhere, or products of given customers. */
  readonly recorded: readonly Variable[];
  readonly requestor: string | undefined;
  /** The IBANs that products of the sequence show, each with the variable of its product. */
  readonly ibans: readonly (Variable & { readonly product: string })[];
  /** Text with every known identifier, address and removed secret as a variable. */
  toParts(text: string): readonly Part[];
  /** The variables of removed secrets and values used so far, in the order met. */
  readonly removed: ReadonlySet<string>;
}

const uuid = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** What stands in the journal for a removed value: `«redacted:token#2»`, `«iban#3 valid»`. */
const removedMark = /«(?:redacted:)?([A-Za-z][^»#\s]*)(?:#(\d+))?[^»]*»/g;

/** What the profile says of the way to a token, without secrets. */
export function authOf(report: Report): { isNone: boolean; tokenUrl?: string; clientId?: string; scope?: string; isBasic: boolean } {
  const { auth } = report.profile;
  const tokenUrl = stringMember(auth, 'tokenUrl');
  const clientId = stringMember(auth, 'clientId');
  const scope = stringMember(auth, 'scope');
  return {
    isNone: stringMember(auth, 'type') === 'none',
    ...(tokenUrl === undefined ? {} : { tokenUrl }),
    ...(clientId === undefined || clientId.includes('«') ? {} : { clientId }),
    ...(scope === undefined ? {} : { scope }),
    isBasic: stringMember(auth, 'clientAuthentication') === 'client_secret_basic',
  };
}

/**
 * `«redacted:token#2»` → `TOKEN`, whichever token it was; `«redacted:client-secret#1»` → `CLIENT_SECRET`; `«iban#3 valid»` → `IBAN_3`.
 * A `credential` is one that was presented without being known, such as a token with a character changed.
 */
function variableOfMark(label: string, number: string | undefined): string {
  switch (label) {
    case 'token':
    case 'access_token':
      return 'TOKEN';
    case 'client-secret':
    case 'clientsecret':
    case 'client_secret':
      return 'CLIENT_SECRET';
    default: {
      const name = label.replace(/[^A-Za-z0-9]/g, '_').toUpperCase();
      return number === undefined ? `REMOVED_${name}` : `${name}_${number}`;
    }
  }
}

export function scriptContext(report: Report, exchanges: readonly Exchange[]): ScriptContext {
  const names = namesByAppearance(exchanges);
  const areCustomersGiven = Array.isArray(report.profile.customers);
  const customers = new Map<string, Variable>();
  const products = new Map<string, Variable>();
  const created = new Set<string>();
  const ibanOwners = new Map<string, string>();
  let requestor: string | undefined;

  for (const exchange of exchanges) {
    const { customer, product } = exchange.intent;
    if (customer !== undefined && uuid.test(customer)) {
      customers.set(customer, { name: `CUSTOMER_${names.customer(customer).toUpperCase()}`, value: customer });
    }
    const made = createdProduct(exchange);
    if (made !== undefined) {
      created.add(made);
    }
    for (const id of [product, made]) {
      if (id !== undefined && uuid.test(id)) {
        products.set(id, { name: `PRODUCT_${names.product(id).slice(1)}`, value: id });
      }
    }
    const sent = exchange.request.headers.find(([name]) => name.toLowerCase() === 'requestor-id')?.[1];
    if (requestor === undefined && sent !== undefined && uuid.test(sent)) {
      requestor = sent;
    }
    for (const { id, iban } of productsShown(exchange)) {
      if (iban !== undefined) {
        ibanOwners.set(iban, id);
      }
    }
  }

  const asked = [...products.values()].filter(({ value }) => !created.has(value));
  const prepared = (areCustomersGiven ? [] : standInsOf(exchanges)).map(({ id, customer, code, isClosed }, index): Prepared => {
    const product = products.get(id) ?? { name: `EARLIER_${index + 1}`, value: id };
    products.set(id, product);
    return { ...product, customer: customerOf(customer).name, code, isClosed };
  });

  const usedIbans = new Set(
    exchanges.flatMap(({ intent }) => (intent.filters ?? []).filter(([name]) => name === 'iban').map(([, value]) => value)),
  );
  const ibans = [...usedIbans].flatMap((iban) => {
    const owner = products.get(ibanOwners.get(iban) ?? '');
    return owner === undefined ? [] : [{ name: owner.name.replace('PRODUCT', 'IBAN_OF'), value: iban, product: owner.name }];
  });

  const { tokenUrl } = authOf(report);
  const addresses: readonly Variable[] = [
    { name: 'TARGET', value: report.target },
    ...(tokenUrl === undefined ? [] : [{ name: 'TOKEN_URL', value: tokenUrl }]),
  ].sort((a, b) => b.value.length - a.value.length);
  const identifiers = [
    ...customers.values(),
    ...products.values(),
    ...(requestor === undefined ? [] : [{ name: 'REQUESTOR_ID', value: requestor }]),
    ...ibans,
  ];
  const replaceKnown = replacing(identifiers);
  const removed = new Set<string>();

  return {
    names,
    customers: [...customers.values()],
    areCustomersGiven,
    captured: [...products.values()].filter(({ value }) => created.has(value)),
    prepared,
    recorded: asked.filter(({ value }) => !prepared.some((one) => one.value === value)),
    requestor,
    ibans,
    removed,
    toParts: (text) => {
      const address = addresses.find(({ value }) => value !== '' && text.startsWith(value));
      const start: readonly Part[] = address === undefined ? [text] : [{ variable: address.name }, text.slice(address.value.length)];
      return start
        .flatMap(replaceKnown)
        .flatMap(replaceMarks)
        .filter((part) => part !== '');
    },
  };

  /** Where nothing tells whose a product is, it is the first customer's, or the only one's. */
  function customerOf(id: string | undefined): Variable {
    const known = customers.get(id ?? '') ?? [...customers.values()][0];
    if (known !== undefined) {
      return known;
    }
    const only = { name: 'CUSTOMER_A', value: 'none recorded' };
    customers.set(only.value, only);
    return only;
  }

  function replaceMarks(part: Part): readonly Part[] {
    if (typeof part !== 'string') {
      return [part];
    }
    const parts: Part[] = [];
    let from = 0;
    for (const match of part.matchAll(removedMark)) {
      const variable = variableOfMark(match[1]!, match[2]);
      removed.add(variable);
      parts.push(part.slice(from, match.index), { variable });
      from = match.index + match[0].length;
    }
    return [...parts, part.slice(from)];
  }
}

/** All in one pass: a long sequence has hundreds of identifiers, and as many texts to look for them in. The longest goes first, the first of a value wins. */
function replacing(variables: readonly Variable[]): (part: Part) => readonly Part[] {
  const names = new Map([...variables].reverse().map(({ name, value }) => [value, name]));
  const values = [...names.keys()].filter((value) => value !== '').sort((a, b) => b.length - a.length);
  if (values.length === 0) {
    return (part) => [part];
  }
  const any = new RegExp(`(${values.map((value) => value.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|')})`);
  // Split by a group, every other piece is what was found.
  return (part) =>
    typeof part === 'string'
      ? part.split(any).map((text, index): Part => (index % 2 === 0 ? text : { variable: names.get(text) ?? '' }))
      : [part];
}
