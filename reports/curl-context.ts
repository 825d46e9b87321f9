/** What stands for what in a script: which identifiers and secrets of the recorded exchanges become variables, and where they come from. */
import type { Exchange } from '../spec/journal.ts';
import type { Report } from '../spec/report.ts';
import { answerValue, createdProduct, type Names, namesByAppearance, stringMember } from './names.ts';
import type { Part } from './shell-text.ts';

export interface Variable {
  readonly name: string;
  /** As recorded. */
  readonly value: string;
}

export interface ScriptContext {
  readonly names: Names;
  /** Fresh ones at every performance, unless the profile gives the customers. */
  readonly customers: readonly Variable[];
  readonly areCustomersGiven: boolean;
  /** Answered by a create of the sequence. */
  readonly captured: readonly Variable[];
  /** Used, but made outside of the sequence. */
  readonly foreign: readonly Variable[];
  readonly requestor: Variable | undefined;
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
export function authOf(report: Report): { tokenUrl?: string; clientId?: string; scope?: string; isBasic: boolean } {
  const { auth } = report.profile;
  const tokenUrl = stringMember(auth, 'tokenUrl');
  const clientId = stringMember(auth, 'clientId');
  const scope = stringMember(auth, 'scope');
  return {
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

function collectIbans(value: unknown, found: Map<string, string>): void {
  if (Array.isArray(value)) {
    for (const element of value) {
      collectIbans(element, found);
    }
    return;
  }
  const id = stringMember(value, 'customerProductId');
  const data = typeof value === 'object' && value !== null && 'accountData' in value ? value.accountData : undefined;
  const iban = stringMember(data, 'iban');
  if (id !== undefined && iban !== undefined) {
    found.set(iban, id);
  }
}

export function scriptContext(report: Report, exchanges: readonly Exchange[]): ScriptContext {
  const names = namesByAppearance(exchanges);
  const customers = new Map<string, Variable>();
  const products = new Map<string, Variable>();
  const created = new Set<string>();
  const ibanOwners = new Map<string, string>();
  let requestor: Variable | undefined;

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
      requestor = { name: 'REQUESTOR_ID', value: sent };
    }
    collectIbans(answerValue(exchange), ibanOwners);
  }

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
  const identifiers = [...customers.values(), ...products.values(), ...(requestor === undefined ? [] : [requestor]), ...ibans];
  const removed = new Set<string>();

  return {
    names,
    customers: [...customers.values()],
    areCustomersGiven: Array.isArray(report.profile.customers),
    captured: [...products.values()].filter(({ value }) => created.has(value)),
    foreign: [...products.values()].filter(({ value }) => !created.has(value)),
    requestor,
    ibans,
    removed,
    toParts: (text) => {
      const address = addresses.find(({ value }) => value !== '' && text.startsWith(value));
      const start: readonly Part[] = address === undefined ? [text] : [{ variable: address.name }, text.slice(address.value.length)];
      const named = identifiers.reduce<readonly Part[]>(
        (parts, { name, value }) => parts.flatMap((part) => replaceIn(part, value, name)),
        start,
      );
      return named.flatMap(replaceMarks).filter((part) => part !== '');
    },
  };

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

function replaceIn(part: Part, value: string, variable: string): readonly Part[] {
  if (typeof part !== 'string') {
    return [part];
  }
  return part.split(value).flatMap((text, index): readonly Part[] => (index === 0 ? [text] : [{ variable }, text]));
}
