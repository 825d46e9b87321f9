import type { Answer } from './answer.ts';
import type { Wire } from './hooks.ts';

/** Puts the answer on the wire, with its length (a 204 and a 304 have none: RFC 9110 §8.6). Node leaves out the content of an answer to HEAD. */
export function send(answer: Answer, { outgoing }: Wire): void {
  const content = typeof answer.body === 'string' ? Buffer.from(answer.body) : answer.body;
  outgoing.sendDate = false;
  for (const [name, value] of Object.entries(answer.headers)) outgoing.setHeader(name, value);
  const hasContent = answer.status !== 204 && answer.status !== 304;
  if (hasContent && !outgoing.hasHeader('Content-Length')) outgoing.setHeader('Content-Length', content.byteLength);
  outgoing.writeHead(answer.status);
  outgoing.end(hasContent ? content : undefined);
}
