import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import SwaggerParser from '@apidevtools/swagger-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { specSha256 as computeSha256, writeOpenapi } from '../../scripts/openapi.mjs';
import { readings, rows } from '../../spec/catalogue/index.ts';
import { readDocument, specSha256 } from '../../spec/document.ts';
import { filterNames, productCodes, productTypes, statuses } from '../../spec/values.ts';

const catalogue = { readings, rows };

describe('openapi.yaml', () => {
  it('is a valid OpenAPI 3.1 document', async () => {
    const document = await SwaggerParser.validate(new URL('../../spec/openapi.yaml', import.meta.url).pathname);
    expect(document).toMatchObject({ openapi: '3.1.0' });
  });

  it('has the four operations of the document and no other', () => {
    const operations = Object.entries(readDocument().paths).flatMap(([path, item]) =>
      Object.entries(item).flatMap(([method, operation]) =>
        'operationId' in operation ? [`${method} ${path} ${operation.operationId}`] : [],
      ),
    );
    expect(operations).toEqual([
      'get /customers/{customerId}/products list',
      'post /customers/{customerId}/products create',
      'get /products/{customerProductId} get',
      'patch /products/{customerProductId} close',
    ]);
  });

  it('has the filters and the enumerations that the rest of the suite uses', () => {
    const document = readDocument();
    const list = document.paths['/customers/{customerId}/products']?.get;
    expect(list?.parameters?.map((parameter) => parameter.name)).toEqual(filterNames);
    const { ProductType, ProductCode, Status } = document.components.schemas;
    expect([ProductType?.enum, ProductCode?.enum, Status?.enum]).toEqual([productTypes, productCodes, statuses]);
  });

  it('documents no content for a close', () => {
    const close = readDocument().paths['/products/{customerProductId}']?.patch;
    expect(close?.responses['200']).not.toHaveProperty('content');
  });
});

describe('openapi.json', () => {
  it('has no reference left and carries the hash of document and catalogue', async () => {
    expect(JSON.stringify(readDocument())).not.toContain('$ref');
    expect(specSha256()).toMatch(/^[0-9a-f]{64}$/);
    expect(specSha256()).toBe(await computeSha256(catalogue));
  });

  it('has another hash under another catalogue', async () => {
    expect(await computeSha256({ readings, rows: rows.slice(1) })).not.toBe(specSha256());
  });

  describe('when it is written', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'spec-'));
    });
    afterAll(() => rm(folder, { recursive: true }));

    it('is whole in every place asked for', async () => {
      const places = ['one.json', 'deep/two.json'].map((name) => pathToFileURL(join(folder, name)));
      await writeOpenapi(catalogue, places);
      for (const place of places) expect(JSON.parse(await readFile(place, 'utf8'))).toEqual(readDocument());
    });

    it.each([
      ['has no title', 'title: Customer Products API', ''],
      ['has a parameter in no known place', 'in: header', 'in: body'],
      ['refers to nothing', '#/components/schemas/Status', '#/components/schemas/State'],
      ['has a schema that is none', 'required: [status]', 'required: status'],
      ['is no YAML', 'paths:', 'paths: ['],
    ])('is not, and the build fails, if openapi.yaml %s', async (_, right, wrong) => {
      const text = await readFile(new URL('../../spec/openapi.yaml', import.meta.url), 'utf8');
      expect(text).toContain(right);
      const path = join(folder, 'wrong.yaml');
      await writeFile(path, text.replace(right, wrong));
      const target = pathToFileURL(join(folder, 'wrong.json'));
      await expect(writeOpenapi(catalogue, [target], path)).rejects.toThrow(/^Expected .*wrong\.yaml to be valid OpenAPI 3\.1, got: /);
      expect(await readdir(folder)).not.toContain('wrong.json');
    });
  });
});
