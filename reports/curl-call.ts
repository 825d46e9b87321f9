/** One recorded exchange as one call of `curl`. */
import type { Exchange } from '../spec/journal.ts';
import type { ScriptContext } from './curl-context.ts';
import { describeAnswer, describeRequest } from './exchange-text.ts';
import { createdProduct } from './names.ts';
import { type Part, shellExpression, shellOctets, shellWriter } from './shell-text.ts';
import { isUnsafe, shorten, showOnOneLine } from './terminal-text.ts';

/** Written by curl itself, or naming the run that made the record. */
const ownHeaders = new Set(['host', 'content-length', 'connection', 'user-agent', 'traceparent', 'tracestate', 'accept-encoding']);

/** Longer content goes by file: an argument may have 128 KiB, a reader's patience less. */
const longestArgument = 1_000;

const secretVariables: ReadonlySet<string> = new Set(['TOKEN', 'CLIENT_SECRET', 'BASIC']);
const isSecret = (part: Part): boolean => typeof part !== 'string' && secretVariables.has(part.variable);

/** The lines of a call: a comment, the content where it goes by file, `curl`'s arguments, what to capture. */
export function renderCall(exchange: Exchange, number: number, context: ScriptContext): readonly string[] {
  const { request } = exchange;
  const lines = [`# ${number}. ${showOnOneLine(shorten(describeRequest(exchange, context.names), 160))}`];
  const method =
    request.method === 'HEAD'
      ? ['--head']
      : request.method === 'GET' && request.body === undefined
        ? []
        : ['-X', shellExpression([request.method])];
  const argumentLines = [[...method, shellExpression(context.toParts(request.url))].join(' ')];

  for (const [name, value] of request.headers) {
    if (ownHeaders.has(name.toLowerCase())) {
      continue;
    }
    const parts = value === '' ? [`${name};`] : [`${name}: `, ...context.toParts(value).map(basicOf(value))];
    if (isBearerToken(name, parts)) {
      argumentLines.push('-H @"$WORK/authorization"');
    } else if (parts.some(isSecret)) {
      // By file, not as an argument: the process list of a machine is no place for a secret.
      const file = `"$WORK/${number}.header-${argumentLines.length}"`;
      lines.push(`{ ${shellWriter(parts)}; } > ${file}`);
      argumentLines.push(`-H @${file}`);
    } else {
      argumentLines.push(`-H ${shellExpression(parts)}`);
    }
  }
  const { body } = request;
  if (body !== undefined) {
    if (!request.headers.some(([name]) => name.toLowerCase() === 'content-type')) {
      argumentLines.push("-H 'Content-Type:'");
    }
    const parts = body.text === undefined ? undefined : context.toParts(body.text).map(encodeSecret);
    const isPlain =
      parts !== undefined && body.octets <= longestArgument && !parts.some(isSecret) && !Array.from(body.text ?? '').some(isUnsafe);
    if (isPlain) {
      argumentLines.push(`--data-raw ${shellExpression(parts)}`);
    } else {
      const writer = parts === undefined ? shellOctets(Buffer.from(body.base64 ?? '', 'base64')) : shellWriter(parts);
      lines.push(`{ ${writer}; } > "$WORK/${number}.content"`);
      // A long content would make curl ask first, which the run did not.
      argumentLines.push(`-H 'Expect:' --data-binary @"$WORK/${number}.content"`);
    }
  }
  if (exchange.failure?.kind === 'aborted') {
    const seconds = Math.max(0.001, (exchange.receivedAt - exchange.sentAt) / 1_000).toFixed(3);
    argumentLines.push(`--max-time ${seconds}`);
  }
  lines.push(`call ${number} ${argumentLines.join(' \\\n  ')}`);
  lines.push(`show ${number} ${shellExpression([showOnOneLine(shorten(describeAnswer(exchange, context.names), 200))])}`);
  return lines;

  /** In a form a secret stands percent-encoded. */
  function encodeSecret(part: Part): Part {
    const isForm = request.headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /x-www-form-urlencoded/i.test(value));
    return typeof part !== 'string' && isSecret(part) && (isForm || exchange.intent.operation === 'token')
      ? { variable: `${part.variable}_ENCODED` }
      : part;
  }
}

/** In Basic credentials a client secret stands joined with its client id, in base64. */
function basicOf(value: string): (part: Part) => Part {
  const isBasic = /^basic /i.test(value);
  return (part) => (isBasic && typeof part !== 'string' && part.variable === 'CLIENT_SECRET' ? { variable: 'BASIC' } : part);
}

function isBearerToken(name: string, parts: readonly Part[]): boolean {
  const [field, scheme, token, ...rest] = parts;
  return (
    name.toLowerCase() === 'authorization' &&
    field !== undefined &&
    scheme === 'Bearer ' &&
    typeof token === 'object' &&
    token.variable === 'TOKEN' &&
    rest.length === 0
  );
}

/** The line that takes the id of a product out of the answer of its create. */
export function renderCapture(exchange: Exchange, number: number, context: ScriptContext): readonly string[] {
  const id = createdProduct(exchange);
  const variable = context.captured.find(({ value }) => value === id);
  return variable === undefined ? [] : [`${variable.name}=$(member ${number} customerProductId)`];
}

/** The lines that learn the IBANs a list is about to ask for, from their products. */
export function renderIbans(exchange: Exchange, context: ScriptContext, known: Set<string>): readonly string[] {
  const wanted = (exchange.intent.filters ?? []).flatMap(([name, value]) => (name === 'iban' ? [value] : []));
  return context.ibans
    .filter(({ value, name }) => wanted.includes(value) && !known.has(name))
    .map(({ name, product }) => {
      known.add(name);
      return `${name}=$(iban_of "$${product}")`;
    });
}
