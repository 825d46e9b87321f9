import type { Call, ClientCall, Hooks } from '../hooks.ts';
import { answerProblem, Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

/** The hooks read the content of a call that differs in this. */
function reread(hooks: Hooks, call: ClientCall, difference: Partial<Call>): unknown {
  return hooks.readContent({ ...call, ...difference });
}

function bodyText(call: Call): string {
  return Buffer.from(call.body).toString('utf8');
}

/** Faults in taking requests that are spelled in an unusual, valid way. */
export const msgRequests: readonly Fault[] = [
  {
    name: 'requestor-id-name-with-case',
    sentence: 'The field name Requestor-ID is matched with case.',
    caughtBy: ['MSG-07'],
    apply: (hooks) => ({
      readRequestor: (call) => {
        const named = call.rawHeaders.some((name, index) => index % 2 === 0 && name === 'Requestor-ID');
        return hooks.readRequestor(named ? call : { ...call, headers: { ...call.headers, 'requestor-id': undefined } });
      },
    }),
  },
  {
    name: 'long-field-fails',
    sentence: 'A header field of more than 32 KiB is answered 500.',
    caughtBy: ['MSG-16', 'MSG-06'],
    apply: (hooks) => ({
      handle: (call) =>
        call.rawHeaders.some((value) => value.length > 32_768) ? answerProblem(500, 'The header is too long.') : hooks.handle(call),
    }),
  },
  {
    name: 'long-target-fails',
    sentence: 'A request target of more than 32 KiB is answered 500.',
    caughtBy: ['MSG-17', 'MSG-06'],
    apply: (hooks) => ({
      handle: (call) => (call.target.length > 32_768 ? answerProblem(500, 'The target is too long.') : hooks.handle(call)),
    }),
  },
  {
    name: 'unread-content-is-answered-too',
    sentence: 'Content that came with a call without a token is left unread, and answered as a request of its own.',
    caughtBy: ['MSG-18'],
    apply: (hooks) => ({
      send: (answer, wire, call) => {
        const date = new Date(hooks.dateNow()).toUTCString();
        const { socket } = wire.incoming;
        const surplus = `HTTP/1.1 400 Bad Request\r\nDate: ${date}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
        if (answer.status === 401 && call.body.length > 0) wire.outgoing.once('finish', () => socket.write(surplus));
        return hooks.send(answer, wire, call);
      },
    }),
  },
  {
    name: 'chunked-content-is-empty',
    sentence: 'Content in chunks is taken for none.',
    caughtBy: ['MSG-19'],
    apply: (hooks) => ({
      readContent: (call) => reread(hooks, call, call.headers['transfer-encoding'] ? { body: new Uint8Array() } : {}),
    }),
  },
  {
    name: 'only-first-chunk-is-read',
    sentence: 'Of content in chunks the last octet is lost.',
    caughtBy: ['MSG-19'],
    apply: (hooks) => ({
      readContent: (call) => reread(hooks, call, call.headers['transfer-encoding'] ? { body: call.body.subarray(0, -1) } : {}),
    }),
  },
  {
    name: 'media-type-with-case',
    sentence: 'The media type is matched with case.',
    caughtBy: ['MSG-20'],
    apply: (hooks) => ({
      readContent: (call) => {
        const type = call.headers['content-type'] ?? '';
        if (/application\/json/i.test(type) && !type.includes('application/json')) throw new Refusal(415, 'Send application/json.');
        return hooks.readContent(call);
      },
    }),
  },
  {
    name: 'media-type-without-parameters',
    sentence: 'A media type with a charset is another one.',
    caughtBy: ['MSG-20'],
    apply: (hooks) => ({
      readContent: (call) => {
        if ((call.headers['content-type'] ?? '').includes(';')) throw new Refusal(415, 'Send application/json.');
        return hooks.readContent(call);
      },
    }),
  },
  {
    name: 'json-escapes-stay',
    sentence: 'Escapes in JSON strings are not decoded.',
    caughtBy: ['MSG-21'],
    apply: (hooks) => ({ readContent: (call) => reread(hooks, call, { body: Buffer.from(bodyText(call).replaceAll('\\u', '\\\\u')) }) }),
  },
  {
    name: 'json-member-names-as-they-stand',
    sentence: 'Escapes in member names are not decoded, in values they are.',
    caughtBy: ['MSG-21'],
    apply: (hooks) => ({
      readContent: (call) =>
        reread(hooks, call, { body: Buffer.from(bodyText(call).replace(/"[^"]*"(?=\s*:)/g, (name) => name.replaceAll('\\u', '\\\\u'))) }),
    }),
  },
  {
    name: 'json-on-one-line-only',
    sentence: 'JSON with a line break is refused.',
    caughtBy: ['MSG-21'],
    apply: (hooks) => ({
      readContent: (call) => {
        if (/[\r\n\t]/.test(bodyText(call))) throw new Refusal(400, 'The content is not JSON on one line.');
        return hooks.readContent(call);
      },
    }),
  },
  {
    name: 'query-not-decoded',
    sentence: 'Percent-encoded letters in the query stay as they are.',
    caughtBy: ['MSG-25'],
    apply: (hooks) => ({
      readFilters: (call) => {
        const text = call.target.split('?')[1] ?? '';
        const query = text === '' ? [] : text.split('&').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? ''] as const);
        return hooks.readFilters({ ...call, query });
      },
    }),
  },
  {
    name: 'path-not-decoded',
    sentence: 'A path with percent-encoded letters is not found.',
    caughtBy: ['MSG-25'],
    apply: (hooks) => ({
      readCustomer: (call) => {
        if (call.target.split('?')[0]!.includes('%')) throw new Refusal(404, 'Nothing is at this path.');
        return hooks.readCustomer(call);
      },
    }),
  },
];
