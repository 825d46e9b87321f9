import { setTimeout as pause } from 'node:timers/promises';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { withHeaders } from '../answer.ts';
import type { Hooks } from '../hooks.ts';
import { combine, setHeaders, textOf } from '../overriding.ts';
import { answerProblem, Refusal } from '../refusal.ts';
import type { Variant } from '../registry.ts';

/** Compresses content for those who accept this coding. */
export function compress(coding: 'gzip' | 'br') {
  const encode = coding === 'gzip' ? gzipSync : brotliCompressSync;
  return (hooks: Hooks): Partial<Hooks> => ({
    finish: (answer, call) => {
      const finished = hooks.finish(answer, call);
      const isAccepted = String(call.headers['accept-encoding'] ?? '').includes(coding);
      if (!isAccepted || finished.body.length === 0) return withHeaders(finished, { Vary: 'Accept-Encoding' });
      return { ...withHeaders(finished, { 'Content-Encoding': coding, Vary: 'Accept-Encoding' }), body: encode(finished.body) };
    },
  });
}

/** Sends content in chunks, cut anywhere. */
export function sendInChunks(hooks: Hooks): Partial<Hooks> {
  return {
    send: async (answer, wire, call) => {
      const content = Buffer.from(answer.body);
      if (content.length === 0 || call.method === 'HEAD' || answer.status === 204 || answer.status === 304)
        return hooks.send(answer, wire, call);
      wire.outgoing.sendDate = false;
      for (const [name, value] of Object.entries(answer.headers)) wire.outgoing.setHeader(name, value);
      wire.outgoing.writeHead(answer.status);
      const size = Math.max(1, Math.ceil(content.length / 3));
      for (let begin = 0; begin < content.length; begin += size) {
        wire.outgoing.write(content.subarray(begin, begin + size));
        await pause(0);
      }
      wire.outgoing.end();
    },
  };
}

/** What other methods than the documented ones are answered with. */
function methodsAre(status: number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    answerOther: (call) => {
      if (call.allow === undefined) return hooks.answerOther(call);
      throw new Refusal(
        status,
        'The method is not offered here.',
        status === 405 ? { Allow: call.allow.replace('HEAD, ', '').replace(', OPTIONS', '') } : {},
      );
    },
  });
}

/** HEAD is answered as any method that the document does not have. */
function withoutHead(hooks: Hooks): Partial<Hooks> {
  return {
    list: (call) => (call.method === 'HEAD' ? call.hooks.answerOther({ ...call, allow: 'GET, POST' }) : hooks.list(call)),
    get: (call) => (call.method === 'HEAD' ? call.hooks.answerOther({ ...call, allow: 'GET, PATCH' }) : hooks.get(call)),
  };
}

/** Answers 429 to what goes beyond so many calls in any second. */
export function limitRate(perSecond: number, retryAfter: (now: number) => string) {
  return (hooks: Hooks): Partial<Hooks> => {
    const times: number[] = [];
    return {
      handle: (call) => {
        if (call.kind === 'token') return hooks.handle(call);
        const now = call.system.store.steady();
        while (times.length > 0 && times[0]! <= now - 1000) times.shift();
        if (times.length >= perSecond)
          return answerProblem(429, `More than ${perSecond} calls a second came; wait and go on slower.`, {
            'Retry-After': retryAfter(hooks.now()),
          });
        times.push(now);
        return hooks.handle(call);
      },
    };
  };
}

/** Readings of how answers travel, of methods, and of being busy. */
export const transport: readonly Variant[] = [
  {
    name: 'gzip',
    sentence: 'Answers are compressed with gzip for those who accept it.',
    readings: ['R-TRANSPORT'],
    warns: [],
    apply: compress('gzip'),
  },
  {
    name: 'brotli',
    sentence: 'Answers are compressed with Brotli for those who accept it.',
    readings: ['R-TRANSPORT'],
    warns: [],
    apply: compress('br'),
  },
  {
    name: 'chunked',
    sentence: 'Answers come in chunks, without Content-Length.',
    readings: ['R-TRANSPORT'],
    warns: [],
    apply: sendInChunks,
  },
  {
    name: 'connection-closed',
    sentence: 'The connection is closed after each answer.',
    readings: ['R-TRANSPORT'],
    warns: [],
    apply: setHeaders({ Connection: 'close' }, () => true),
  },
  {
    name: 'honest-etags',
    sentence: 'Gets and lists have an ETag of their content, and answer 304 where it is the same.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      finish: (answer, call) => {
        const finished = hooks.finish(answer, call);
        if ((call.kind !== 'get' && call.kind !== 'list') || finished.status !== 200) return finished;
        const text = textOf(finished);
        let sum = 0;
        for (let index = 0; index < text.length; index++) sum = (Math.imul(sum, 31) + text.charCodeAt(index)) | 0;
        const etag = `"${text.length.toString(36)}-${(sum >>> 0).toString(36)}"`;
        if (call.headers['if-none-match'] !== etag) return withHeaders(finished, { ETag: etag });
        return { ...withHeaders(finished, { ETag: etag, 'Content-Type': undefined }), status: 304, body: '' };
      },
    }),
  },
  {
    name: 'private-caching',
    sentence: 'Answers may be kept by the client for no time at all.',
    readings: [],
    warns: [],
    apply: setHeaders({ 'Cache-Control': 'private, max-age=0, must-revalidate' }, (_answer, call) => call.kind !== 'token'),
  },
  {
    name: 'methods-not-implemented',
    sentence: 'Methods that the document does not have are 501, HEAD and OPTIONS too.',
    readings: ['R-405'],
    warns: [],
    apply: combine(methodsAre(501), withoutHead),
  },
  {
    name: 'head-and-options-not-allowed',
    sentence: 'HEAD and OPTIONS are 405.',
    readings: ['R-405'],
    warns: [],
    apply: combine(methodsAre(405), withoutHead),
  },
  {
    name: 'other-methods-not-found',
    sentence: 'Methods that the document does not have are 404.',
    readings: ['R-405'],
    warns: ['MSG-08'],
    apply: methodsAre(404),
  },
  {
    name: 'rate-limited-as-declared',
    sentence: 'Beyond 400 calls a second comes 429 with Retry-After, and the profile has the rate.',
    readings: ['R-BUSY'],
    warns: [],
    profile: { limits: { requestsPerSecond: 400 } },
    apply: limitRate(400, () => '1'),
  },
  {
    name: 'rate-limited-undeclared',
    sentence: 'Beyond 500 calls a second comes 429 with Retry-After as a date, and nothing says so.',
    readings: ['R-BUSY'],
    warns: [],
    apply: limitRate(500, (now) => new Date(Math.ceil(now / 1000) * 1000 + 1000).toUTCString()),
  },
  {
    name: 'rate-limited-by-a-gateway',
    sentence: 'Beyond 300 calls a second a gateway answers with a page of HTML, 429 and without Date, and nothing says so.',
    readings: ['R-BUSY'],
    warns: [],
    apply: combine(
      limitRate(300, () => '1'),
      (hooks) => ({
        finish: (answer, call) =>
          answer.status === 429
            ? { status: 429, headers: { 'Content-Type': 'text/html' }, body: '<h1>429 Too Many Requests</h1>' }
            : hooks.finish(answer, call),
      }),
    ),
  },
  {
    name: 'unavailable-now-and-then',
    sentence: 'One call in 200 is 503 and does nothing.',
    readings: ['R-BUSY'],
    warns: [],
    apply: (hooks) => ({
      handle: (call) =>
        call.kind !== 'token' && hooks.random() < 1 / 200
          ? answerProblem(503, 'The server is busy; try again.', { 'Retry-After': '0' })
          : hooks.handle(call),
    }),
  },
  {
    name: 'gateway-fails-now-and-then',
    sentence: 'One call in 300 is 502 with a page of HTML, and does nothing.',
    readings: ['R-BUSY'],
    warns: [],
    apply: (hooks) => ({
      handle: (call) =>
        call.kind !== 'token' && hooks.random() < 1 / 300
          ? { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>502 Bad Gateway</h1>' }
          : hooks.handle(call),
    }),
  },
];
