/** Are the contents of a 200 what the document describes? ajv over the dereferenced document, its errors told as problems of our rows. */
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { RequirementId } from './catalogue/index.ts';
import { readDocument, type Schema } from './document.ts';
import { isDateTime, isUuid } from './formats.ts';
import type { Profile } from './profile.ts';
import { renderValue } from './rendering.ts';

/** One thing in content that the document does not allow. */
export interface Problem {
  /** JSON pointer into the content: of the value, or of the place where a missing one belongs. */
  readonly path: string;
  readonly keyword: 'required' | 'type' | 'enum' | 'format' | 'pattern';
  /** The property of the product, with dots: `status`, `accountData.modifiedOn`, `proxyIds` for a member of it. Absent: the whole. */
  readonly property?: string;
  readonly expected: string;
  /** What came, in at most 80 characters; `nothing` where it is missing. */
  readonly received: string;
  /** The requirement that owns problems of this kind. */
  readonly row: RequirementId;
}

export interface Validators {
  /** Of the content of a list, at most the first 1,000 problems: a list may be long and every product of it wrong. */
  readonly checkList: (value: unknown) => readonly Problem[];
  readonly checkProduct: (value: unknown) => readonly Problem[];
  /** Of the content of the answer to a create. */
  readonly checkCreated: (value: unknown) => readonly Problem[];
}

type Values = Profile['values'];

const none: readonly Problem[] = [];
const mostProblems = 1000;
const made = new Map<string, Validators>();

/**
 * Validators that take, beside the values of the document, those that a profile adds. Compiled at the first call, once for each set
 * of values. Enumerations beyond both are problems with keyword `enum`; what they mean (R-VALUES, R-ENUMCASE) is for the judge to say.
 */
export function createValidators(values: Values): Validators {
  const key = JSON.stringify([values.productCode, values.productType, values.status]);
  const known = made.get(key);
  if (known !== undefined) return known;
  const validators = compileValidators(values);
  made.set(key, validators);
  return validators;
}

function compileValidators(values: Values): Validators {
  const ajv = new Ajv2020({ allErrors: true, verbose: true, validateSchema: false, addUsedSchema: false });
  ajv.addFormat('uuid', { type: 'string', validate: isUuid });
  ajv.addFormat('date-time', { type: 'string', validate: isDateTime });

  const { paths } = readDocument();
  const list = schemaOf(paths['/customers/{customerId}/products']?.get?.responses['200']);
  const created = schemaOf(paths['/customers/{customerId}/products']?.post?.responses['200']);
  const product = schemaOf(paths['/products/{customerProductId}']?.get?.responses['200']);
  const listed = list.items ?? {};

  const shapes = {
    listed: { schema: widen(listed, values), row: 'SCH-05' },
    product: { schema: widen(product, values), row: 'SCH-07' },
    created: { schema: created, row: 'SCH-06' },
  } as const;
  const checkListed = compileShape(ajv, shapes.listed);

  return {
    checkProduct: compileShape(ajv, shapes.product),
    checkCreated: compileShape(ajv, shapes.created),
    checkList(value) {
      if (!Array.isArray(value)) return [wrongType('', 'array', value, 'SCH-05')];
      let problems: Problem[] | undefined;
      for (let index = 0; index < value.length; index += 1) {
        const ofProduct = checkListed(value[index], `/${index}`);
        if (ofProduct === none) continue;
        problems ??= [];
        problems.push(...ofProduct);
        if (problems.length >= mostProblems) return problems.slice(0, mostProblems);
      }
      return problems ?? none;
    },
  };
}

interface Shape {
  readonly schema: Schema;
  /** The row of everything that no other row owns. */
  readonly row: RequirementId;
}

function compileShape(ajv: Ajv2020, { schema, row }: Shape): (value: unknown, at?: string) => readonly Problem[] {
  const validate: ValidateFunction = ajv.compile(schema);
  const optional = new Set(optionalProperties(schema));
  return (value, at = '') => {
    if (validate(value)) return none;
    const errors = validate.errors ?? [];
    const mistyped = new Set(errors.filter(({ keyword }) => keyword === 'type').map(({ instancePath }) => instancePath));
    // A value of the wrong type is outside the enumeration too: one cause, one problem.
    const causes = errors.filter(({ keyword, instancePath }) => keyword !== 'enum' || !mistyped.has(instancePath));
    return causes.map((error) => toProblem(error, at, row, optional));
  };
}

function toProblem(error: ErrorObject, at: string, row: RequirementId, optional: ReadonlySet<string>): Problem {
  const { keyword, instancePath, data, params } = error;
  if (keyword === 'required') {
    const path = `${instancePath}/${params.missingProperty}`;
    return { path: at + path, keyword, ...propertyOf(path), expected: 'this property', received: 'nothing', row };
  }
  const { property } = propertyOf(instancePath);
  const place = { path: at + instancePath, ...propertyOf(instancePath), received: renderValue(data) };
  switch (keyword) {
    case 'type': {
      const isNullProperty = data === null && property !== undefined && optional.has(property) && !/\/\d+$/.test(instancePath);
      return isNullProperty
        ? { ...place, keyword, expected: `${params.type}, or no such property`, row: 'SCH-12' }
        : { ...place, keyword, expected: params.type, row };
    }
    case 'enum':
      return { ...place, keyword, expected: `one of ${params.allowedValues.join(', ')}`, row };
    case 'pattern':
      return { ...place, keyword, expected: 'three capital letters', row: 'SCH-11' };
    case 'format':
      return params.format === 'uuid'
        ? { ...place, keyword, expected: 'a UUID in the form 8-4-4-4-12', row: 'SCH-09' }
        : { ...place, keyword, expected: 'a real moment in the form of RFC 3339, with T and zone', row: 'SCH-10' };
    default:
      throw new Error(
        `Expected spec/openapi.yaml to use keywords with a problem of their own, got ${keyword} at ${error.schemaPath}; add it here.`,
      );
  }
}

const wrongType = (path: string, expected: string, value: unknown, row: RequirementId): Problem => ({
  path,
  keyword: 'type',
  expected,
  received: renderValue(value),
  row,
});

/** `/accountData/modifiedOn` is `accountData.modifiedOn`, `/proxyIds/0` is `proxyIds`; the names of the document need no unescaping. */
function propertyOf(instancePath: string): { readonly property?: string } {
  const names = instancePath.split('/').filter((segment) => segment !== '' && !/^\d+$/.test(segment));
  return names.length === 0 ? {} : { property: names.join('.') };
}

function* optionalProperties(schema: Schema, before = ''): Generator<string> {
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (!schema.required?.includes(name)) yield before + name;
    yield* optionalProperties(property, `${before}${name}.`);
  }
}

function widen(product: Schema, values: Values): Schema {
  const properties = { ...product.properties };
  for (const name of ['productCode', 'productType', 'status'] as const) {
    const property = properties[name];
    if (property?.enum !== undefined) properties[name] = { ...property, enum: [...new Set([...property.enum, ...values[name]])] };
  }
  return { ...product, properties };
}

function schemaOf(response: { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> } | undefined): Schema {
  const schema = response?.content?.['application/json']?.schema;
  if (schema === undefined)
    throw new Error('Expected spec/openapi.yaml to describe the JSON of list, create and get, found none; restore it.');
  return schema;
}
