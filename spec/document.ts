/**
 * The dereferenced OpenAPI document, as the build leaves it beside this module.
 * Nothing here parses YAML or resolves references: that is done once, at build.
 */
import { readFileSync } from 'node:fs';

/** A JSON Schema of the document, references resolved. */
export interface Schema {
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface DocumentOperation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface PathItem {
  /** Of all operations of the path. */
  readonly parameters?: readonly Parameter[];
  readonly get?: DocumentOperation;
  readonly post?: DocumentOperation;
  readonly patch?: DocumentOperation;
}

export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly 'x-spec-sha256': string };
  readonly paths: Readonly<Record<string, PathItem>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

let loaded: OpenApiDocument | undefined;

/** Throws when the build has not been run. */
export function readDocument(): OpenApiDocument {
  loaded ??= JSON.parse(readText()) as OpenApiDocument;
  return loaded;
}

function readText(): string {
  const url = new URL('./openapi.json', import.meta.url);
  try {
    return readFileSync(url, 'utf8');
  } catch (cause) {
    throw new Error(`Expected the dereferenced document at ${url.pathname}, could not read it; run "npm run build" once.`, { cause });
  }
}

/** SHA-256 of `openapi.yaml` and of the catalogue, in hexadecimal: what the verdicts of a run were worked out against. */
export const specSha256 = (): string => readDocument().info['x-spec-sha256'];
