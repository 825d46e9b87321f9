import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { ProductCode, ProductType } from '../spec/values.ts';
import type { Answer } from './answer.ts';
import type { Filters } from './filters.ts';
import type { JsonObject } from './presentation.ts';
import type { Account, Product } from './product.ts';
import type { Refusal } from './refusal.ts';
import type { Store } from './store.ts';

/** A client of the token endpoint. Products belong to the client that made them. */
export interface Client {
  readonly id: string;
  readonly secret: string;
}

export interface IssuedToken {
  readonly token: string;
  readonly client: Client;
  /** Seconds, whole. */
  readonly lifetime: number;
  /** On the steady clock. */
  readonly expiresAt: number;
}

/** What the operations share for the life of a server. */
export interface System {
  readonly store: Store;
  readonly clients: readonly Client[];
  /** The tokens that were issued and not yet forgotten. */
  readonly tokens: Map<string, IssuedToken>;
  /** Lifetime of a token in seconds. */
  readonly tokenSeconds: number;
  /** Content beyond this many octets is refused. */
  readonly bodyBytes: number;
}

export type CallKind = 'list' | 'create' | 'get' | 'close' | 'token' | 'other';

/** One request, read whole, on its way to an answer. */
export interface Call {
  readonly kind: CallKind;
  /** 1 for the first request of this server. */
  readonly number: number;
  /** 1 for the first connection of this server. */
  readonly connection: number;
  readonly method: string;
  /** As it came, with the query. */
  readonly target: string;
  /** The pairs of the query, percent-decoded, in order. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** The identifiers in the path, percent-decoded, unchecked. */
  readonly params: { readonly customerId?: string; readonly customerProductId?: string };
  /** By name in lower case. */
  readonly headers: IncomingHttpHeaders;
  /** Name, value, name, value, as they came. */
  readonly rawHeaders: readonly string[];
  readonly body: Uint8Array;
  /** The content was longer than is read; `body` is empty. */
  readonly oversized: boolean;
  /** The methods of this resource, where the path is one of the API. */
  readonly allow?: string;
  readonly system: System;
  /** The record in force, with all overrides: what every hook calls the others through. */
  readonly hooks: Hooks;
}

/** A call whose token was good. */
export interface ClientCall extends Call {
  readonly client: Client;
}

/** Where an answer goes. */
export interface Wire {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
}

/** The parameters of a token request: the pairs of the form, and the credentials in the Authorization field. */
export interface TokenRequest {
  readonly form: readonly (readonly [name: string, value: string])[];
  readonly basic?: { readonly id: string; readonly secret: string };
}

type MaybePromise<T> = T | Promise<T>;

/**
 * The joints of the implementation: each a small function that says one thing the API does. The faults and the
 * variants override one or two of them; nothing in the logic knows that they exist.
 * All but those that say so are pure or touch only `call.system`. A refusal is thrown.
 */
export interface Hooks {
  // Time, chance and identifiers.
  /** The wall clock that stamps products, in milliseconds since 1970. */
  now(): number;
  /** The wall clock of the `Date` field. */
  dateNow(): number;
  random(): number;
  newId(call: Call): string;
  newAccount(openedOn: number, call: Call): Account;
  newToken(): string;
  writeTime(milliseconds: number, call: Call): string;

  // The token endpoint.
  readTokenRequest(call: Call): TokenRequest;
  identifyClient(request: TokenRequest, call: Call): Client;
  issueToken(client: Client, call: Call): IssuedToken;
  tokenContent(issued: IssuedToken, call: Call): JsonObject;
  answerToken(call: Call): Answer;

  // Bearer tokens.
  /** The token in the Authorization field; undefined when there is no such field. */
  readToken(call: Call): string | undefined;
  /** The client of a good token; undefined for any other. */
  checkToken(token: string, call: Call): Client | undefined;
  authorize(call: Call): Client;

  // Reading requests.
  readCustomer(call: ClientCall): string;
  readProductId(call: ClientCall): string;
  readRequestor(call: ClientCall): string;
  readContent(call: ClientCall): unknown;
  readCode(content: unknown, call: ClientCall): ProductCode;
  readStatus(content: unknown, call: ClientCall): 'CLOSED';
  readFilters(call: ClientCall): Filters;

  // The life of a product.
  typeOf(code: ProductCode): ProductType;
  newProduct(code: ProductCode, customer: string, call: ClientCall): Product;
  insert(product: Product, call: ClientCall): void;
  /** The product after a close; the same one where a close changes nothing. */
  applyClose(product: Product, call: ClientCall): Product;
  save(product: Product, call: ClientCall): void;

  // Finding products.
  find(id: string, call: ClientCall): Product | undefined;
  /** As `find`, for a write. */
  findToClose(id: string, call: ClientCall): Product | undefined;
  productsOf(customer: string, call: ClientCall): Product[];
  matches(product: Product, filters: Filters, call: ClientCall): boolean;
  selectList(customer: string, filters: Filters, call: ClientCall): Product[];

  // Writing answers.
  present(product: Product, call: ClientCall): JsonObject;
  /** JSON text. */
  serialize(value: unknown, call: Call): string;
  answerList(products: readonly Product[], call: ClientCall): Answer;
  answerCreate(product: Product, call: ClientCall): Answer;
  answerGet(product: Product, call: ClientCall): Answer;
  answerClose(product: Product, call: ClientCall): Answer;
  answerOther(call: Call): Answer;
  answerRefusal(refusal: Refusal, call: Call): Answer;

  // The operations, whole.
  list(call: ClientCall): MaybePromise<Answer>;
  create(call: ClientCall): MaybePromise<Answer>;
  get(call: ClientCall): MaybePromise<Answer>;
  close(call: ClientCall): MaybePromise<Answer>;
  /** Every call: decides who asks, performs, turns refusals into answers. */
  handle(call: Call): MaybePromise<Answer>;
  /** What every answer carries. */
  finish(answer: Answer, call: Call): Answer;
  /** Puts the answer on the wire. The only one with an effect outside `call.system`. */
  send(answer: Answer, wire: Wire, call: Call): MaybePromise<void>;
}

/** A change to some of the hooks, made from those before it. */
export type Override = (hooks: Hooks) => Partial<Hooks>;
