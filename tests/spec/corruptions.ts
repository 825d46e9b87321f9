/** Corruptions of recorded exchanges, worked out from the OpenAPI document: what no answer may look like. */
import { createHash } from 'node:crypto';
import type { Schema } from '../../spec/document.ts';
import { readDocument } from '../../spec/document.ts';
import type { Answer, Exchange, JournalLine } from '../../spec/journal.ts';

export type Json = null | string | number | boolean | readonly Json[] | { readonly [name: string]: Json };

/** A property of the content of a 200, or of something in it. `*` stands for every member of an array. */
export interface Place {
  readonly operation: 'list' | 'create' | 'get';
  readonly path: readonly string[];
  /** Its object must have it. */
  readonly required: boolean;
  readonly schema: Schema;
}

export const nameOf = ({ operation, path }: Place): string => `${operation} ${path.join('.')}`;

/** Every property of every content that the document describes for a 200. */
export function* placesIn(): Generator<Place> {
  for (const item of Object.values(readDocument().paths))
    for (const operation of [item.get, item.post, item.patch]) {
      const schema = operation?.responses['200']?.content?.['application/json']?.schema;
      if (operation === undefined || schema === undefined) continue;
      yield* propertiesOf(operation.operationId as Place['operation'], schema, []);
    }
}

function* propertiesOf(operation: Place['operation'], schema: Schema, path: readonly string[]): Generator<Place> {
  if (schema.items !== undefined) {
    const member = { operation, path: [...path, '*'], required: false, schema: schema.items };
    // A member of the whole is a product, and has its properties; a member of a property is a value.
    if (path.length > 0) yield member;
    yield* propertiesOf(operation, schema.items, member.path);
  }
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    yield { operation, path: [...path, name], required: schema.required?.includes(name) === true, schema: property };
    yield* propertiesOf(operation, property, [...path, name]);
  }
}

/** What becomes of the value at a place; `undefined` drops it. */
export type Change = (value: Json | undefined, schema: Schema) => Json | undefined;

export const wrongType: Change = (_, { type }) => (type === 'string' ? 7 : type === 'array' ? {} : 'text');

/** Of the right type, and against the enumeration, pattern or format; `undefined` where the schema has none. */
export const forbidden: Change = (_, schema) => {
  if (schema.enum !== undefined) return schema.enum[0]!.toLowerCase();
  if (schema.pattern !== undefined) return 'eur';
  return schema.format === undefined ? undefined : schema.format === 'uuid' ? 'urn:uuid:1' : '2026-02-30T00:00:00Z';
};

/** Another value that the schema allows; `undefined` where it allows any, so that none is another. */
export const otherwise: Change = (value, { enum: values, format, pattern }) => {
  if (typeof value !== 'string') return undefined;
  if (values !== undefined) return values[(values.indexOf(value) + 1) % values.length];
  if (pattern !== undefined) return value === 'CHF' ? 'SEK' : 'CHF';
  if (format === 'uuid')
    return createHash('sha256')
      .update(value)
      .digest('hex')
      .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
  if (format === 'date-time') return new Date(Date.parse(value) + 86_400_000).toISOString();
  return undefined;
};

/** The content with every value at a place changed. */
export function changeAt(content: Json, [name, ...rest]: readonly string[], change: (value: Json | undefined) => Json | undefined): Json {
  if (name === '*') {
    if (!isArray(content)) return content;
    return content.flatMap((member) =>
      rest.length > 0 ? [changeAt(member, rest, change)] : [change(member)].filter((each) => each !== undefined),
    );
  }
  if (name === undefined || typeof content !== 'object' || content === null || isArray(content)) return content;
  const value = content[name];
  if (rest.length > 0) return value === undefined ? content : { ...content, [name]: changeAt(value, rest, change) };
  const { [name]: _, ...others } = content;
  const changed = change(value);
  return changed === undefined ? others : { ...others, [name]: changed };
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

export const contentOf = ({ answer }: Exchange): Json | undefined => {
  try {
    return JSON.parse(answer?.body?.text ?? '') as Json;
  } catch {
    return undefined;
  }
};

/** The lines with some answers changed; the change gives back what is different. */
export const changeAnswers = (
  lines: readonly JournalLine[],
  change: (exchange: Exchange, answer: Answer) => Partial<Answer> | undefined,
): JournalLine[] =>
  lines.map((line) => {
    if (line.type !== 'exchange' || line.answer === undefined) return line;
    const different = change(line, line.answer);
    return different === undefined ? line : { ...line, answer: { ...line.answer, ...different } };
  });

/** An answer with this content, all else as it was; `Content-Length` goes with the content. */
export function withContent({ headers, body }: Answer, content: Json): Partial<Answer> {
  const text = JSON.stringify(content);
  const octets = Buffer.byteLength(text);
  return {
    headers: headers.map(([name, value]) => [name, name.toLowerCase() === 'content-length' ? String(octets) : value] as const),
    body: { ...body, text, octets, sha256: createHash('sha256').update(text).digest('hex') },
  };
}

/** Every 200 of an operation, plainly asked for, with its content changed. */
export const changeContents = (lines: readonly JournalLine[], operation: string, change: (content: Json) => Json): JournalLine[] =>
  changeAnswers(lines, (exchange, answer) => {
    const content = contentOf(exchange);
    if (exchange.intent.operation !== operation || answer.status !== 200 || content === undefined) return undefined;
    return withContent(answer, change(content));
  });
