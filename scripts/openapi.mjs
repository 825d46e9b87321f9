/**
 * Makes `openapi.json`, the dereferenced document that the product reads at run time, so that only builds and tests need a parser of
 * OpenAPI. Shared by the build and by the set-up of the tests, which may run before any build.
 */
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import { Ajv2020 } from 'ajv/dist/2020.js';

const source = new URL('../spec/openapi.yaml', import.meta.url);

/** Where the product looks for it when it runs from its sources. */
export const besideSources = new URL('../spec/openapi.json', import.meta.url);

/** SHA-256 of the document as written and of the catalogue as data: what a verdict was worked out against. */
export async function specSha256(catalogue) {
  const document = await readFile(source);
  return createHash('sha256').update(document).update(JSON.stringify(catalogue)).digest('hex');
}

/**
 * Validates `spec/openapi.yaml`, or the document at `path`, and writes it, dereferenced and with its hash at `info.x-spec-sha256`, to
 * each of `into`. Throws, and writes nothing, when the document is no valid OpenAPI.
 */
export async function writeOpenapi(catalogue, into, path = fileURLToPath(source)) {
  const document = await readValid(path).catch((cause) => {
    throw new Error(`Expected ${path} to be valid OpenAPI 3.1, got: ${cause.message}; correct the document.`, { cause });
  });
  document.info['x-spec-sha256'] = await specSha256(catalogue);
  const text = `${JSON.stringify(document)}\n`;
  for (const url of into) await writeWhole(url, text);
}

async function readValid(path) {
  await SwaggerParser.validate(path);
  const document = await SwaggerParser.dereference(path);
  // The schema of OpenAPI 3.1 leaves the schemas inside a document to JSON Schema, and so does the parser.
  const ajv = new Ajv2020({ formats: { uuid: true, 'date-time': true } });
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    if (!ajv.validateSchema(schema)) throw new Error(`schema ${name}: ${ajv.errorsText()}`);
  }
  return document;
}

/** Writes `spec/openapi.json` unless the one that is there was made from this document and catalogue. */
export async function ensureOpenapi(catalogue) {
  const present = await readFile(besideSources, 'utf8').then(JSON.parse, () => undefined);
  if (present?.info?.['x-spec-sha256'] === (await specSha256(catalogue))) return;
  await writeOpenapi(catalogue, [besideSources]);
}

/** By way of a file beside it, so that a reader at the same moment sees the old one or the new one. */
async function writeWhole(url, text) {
  const path = fileURLToPath(url);
  const draft = `${path}.${randomUUID()}`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(draft, text);
  await rename(draft, path);
}
