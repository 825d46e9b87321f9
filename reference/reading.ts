import type { ProductCode } from '../spec/values.ts';
import { productCodes } from '../spec/values.ts';
import type { ClientCall } from './hooks.ts';
import { describeValue, Refusal } from './refusal.ts';

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const uuidExample = '3f2b6c1e-8d4a-4f5b-9c7d-1a2b3c4d5e6f';

/** Whether the text has the 8-4-4-4-12 form, in either case (RFC 9562 §4); version and variant are not looked at. */
export function isUuid(text: string): boolean {
  return uuidForm.test(text);
}

function readUuid(text: string | undefined, name: string): string {
  if (text !== undefined && isUuid(text)) return text.toLowerCase();
  throw new Refusal(400, `${name} is to be a UUID such as ${uuidExample}; ${describeValue(text)} came.`);
}

/** The customer in the path, in lower case. Any UUID is a customer. */
export function readCustomer(call: ClientCall): string {
  return readUuid(call.params.customerId, 'The customerId in the path');
}

/** The product id in the path, in lower case. */
export function readProductId(call: ClientCall): string {
  return readUuid(call.params.customerProductId, 'The customerProductId in the path');
}

/** The natural person who acts. Any UUID will do. */
export function readRequestor(call: ClientCall): string {
  const field = call.headers['requestor-id'];
  if (field === undefined) throw new Refusal(400, `The header field Requestor-ID is missing; send a UUID such as ${uuidExample}.`);
  return readUuid(String(field), 'The header field Requestor-ID');
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/** The JSON value in the content. Throws a Refusal: 413 too long, 415 another media type, 400 not JSON. */
export function readContent(call: ClientCall): unknown {
  if (call.oversized) {
    throw new Refusal(413, `The content is longer than the ${call.system.bodyBytes} octets that are read here.`);
  }
  if (call.body.length === 0) throw new Refusal(400, 'The content is empty; send a JSON object.');
  const [type = '', ...parameters] = (call.headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
  if (type !== 'application/json') {
    throw new Refusal(415, `The Content-Type is to be application/json; ${describeValue(call.headers['content-type'])} came.`, {
      Accept: 'application/json',
    });
  }
  const charset = parameters
    .find((part) => part.startsWith('charset='))
    ?.slice('charset='.length)
    .replaceAll('"', '');
  if (charset !== undefined && charset !== 'utf-8' && charset !== 'utf8') {
    throw new Refusal(415, `JSON is UTF-8; the charset ${describeValue(charset)} came.`, { Accept: 'application/json' });
  }
  if (call.headers['content-encoding'] !== undefined) {
    throw new Refusal(415, 'Content is read without a Content-Encoding only.', { 'Accept-Encoding': 'identity' });
  }
  let text: string;
  try {
    text = strictUtf8.decode(call.body);
  } catch {
    throw new Refusal(400, 'The content is not UTF-8; JSON is sent as UTF-8.');
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Refusal(400, 'The content is not well-formed JSON; send an object such as {"productCode":"WALLET"} or {"status":"CLOSED"}.');
  }
}

/** A member of the content, which is to be an object. Members beyond the document are ignored. */
function readMember(content: unknown, name: string, example: string): unknown {
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new Refusal(400, `The content is to be a JSON object such as ${example}; ${describeValue(content)} came.`);
  }
  if (!Object.hasOwn(content, name))
    throw new Refusal(400, `The member ${name} is missing in the content; send an object such as ${example}.`);
  return (content as Record<string, unknown>)[name];
}

/** The product code asked for. */
export function readCode(content: unknown): ProductCode {
  const value = readMember(content, 'productCode', '{"productCode":"WALLET"}');
  const code = productCodes.find((known) => known === value);
  if (code === undefined) throw new Refusal(400, `productCode is one of ${productCodes.join(', ')}; ${describeValue(value)} came.`);
  return code;
}

/** The status asked for; nothing but a close is offered. */
export function readStatus(content: unknown): 'CLOSED' {
  const value = readMember(content, 'status', '{"status":"CLOSED"}');
  if (value !== 'CLOSED') throw new Refusal(400, `status can be set to CLOSED only; ${describeValue(value)} came.`);
  return value;
}
