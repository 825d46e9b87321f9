/** Wires that spoil answers of a correct bank: what strikes once or now and then accuses nobody, what strikes always is the target's. */
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import type { Call, Spoiler, TrueAnswer } from './beast.ts';
import { compose, composeWith, drip, headWith, pour } from './speech.ts';

type Picks = Spoiler['picks'];
type Answer = Spoiler['answer'];

const all =
  (...operations: readonly Call['operation'][]): Picks =>
  ({ operation }) =>
    operations.includes(operation);
/** Every so many of them, but not the first ones: the run gets under way. */
const some =
  (every: number, ...operations: readonly Call['operation'][]): Picks =>
  ({ operation, number }) =>
    operations.includes(operation) && number % every === 0;
const once =
  (at: number, operation: Call['operation']): Picks =>
  (call) =>
    call.operation === operation && call.number === at;
const from =
  (at: number, ...operations: readonly Call['operation'][]): Picks =>
  ({ operation, number }) =>
    operations.includes(operation) && number >= at;

/** Everything, once there were so many calls; one run meets it. */
const after = (most: number): Picks => {
  let calls = 0;
  return () => {
    calls += 1;
    return calls > most;
  };
};

const spoiler = (
  name: string,
  picks: Picks,
  answer: Answer,
  status: Spoiler['status'],
  says: RegExp,
  more: Partial<Spoiler> = {},
): Spoiler => ({ kind: 'spoiler', name, picks, answer, status, says, ...more });

/** Octets in the place of the content, the length told truly. */
const content =
  (change: (body: string) => string | Buffer, fields: readonly string[] = []): Answer =>
  (socket, truth) =>
    void socket.write(composeWith(truth, change(truth.body), fields));
/** Further members in each product. */
const members = (text: string): Answer => content((body) => body.replaceAll('"customerProductId"', `${text},"customerProductId"`));

/** Rows that all ordinary traffic speaks of. */
const wide = 'SCH,LST,CRE-01,CLS-01,CLS-13,MSG-01,MSG-02';
const quiet = { blames: [] } as const;
const quietAll = { blames: [], only: wide } as const;
const holds = /selected requirements hold/u;
const endless = Buffer.alloc(65_536, ' ');
/** Half a gigabyte, in members of one. */
const bomb = Buffer.concat(Array(512).fill(gzipSync(Buffer.alloc(1 << 20, ' '), { level: 9 })));
const hostile = '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp\u2066</script><b data-zoo>\u0000]]>&amp;';
const isOk = ({ status }: TrueAnswer): boolean => status === 200;
const onlyOk =
  (spoil: Answer): Answer =>
  (socket, truth, call) =>
    isOk(truth) ? spoil(socket, truth, call) : void socket.write(composeWith(truth));
const reset = (socket: Socket): void => void socket.resetAndDestroy();
const inBody: Answer = (socket, truth) => void socket.write(composeWith(truth).subarray(0, -1), () => socket.resetAndDestroy());

/** What the wire does now and then, or what a server may do: no reason to accuse anybody. */
const harmless: readonly Spoiler[] = [
  spoiler('resets a list now and then', some(61, 'list'), reset, 0, holds, quietAll),
  spoiler('resets a get in its body now and then', some(47, 'get'), inBody, 0, holds, quiet),
  spoiler('resets a create now and then, when it is done', some(31, 'create'), reset, 0, holds, quietAll),
  spoiler('resets a close now and then, when it is done', some(19, 'close'), reset, 0, holds, quietAll),
  spoiler(
    'stalls once in the body of a get',
    once(20, 'get'),
    (socket, truth) => void socket.write(composeWith(truth).subarray(0, -1)),
    0,
    holds,
    quiet,
  ),
  spoiler(
    'says 503 once in a hundred',
    some(100, 'list', 'get', 'create', 'close'),
    (socket) => void socket.write(compose(503)),
    0,
    holds,
    quietAll,
  ),
  spoiler(
    'asks for a pause in seconds',
    once(12, 'list'),
    (socket) => void socket.write(compose(429, '{}', ['Retry-After: 1'])),
    0,
    holds,
    quiet,
  ),
  spoiler(
    'closes after every answer without a word',
    all('list', 'get', 'create', 'close'),
    (socket, truth) => void socket.end(composeWith(truth)),
    0,
    holds,
    quietAll,
  ),
  spoiler(
    'closes a moment after every answer',
    all('list', 'get'),
    (socket, truth) => {
      socket.write(composeWith(truth));
      setTimeout(() => socket.end(), 3);
    },
    0,
    holds,
    quiet,
  ),
  spoiler(
    'sends early hints before every answer',
    all('list', 'get', 'create'),
    (socket, truth) =>
      void socket.write(Buffer.concat([Buffer.from('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n'), composeWith(truth)])),
    0,
    holds,
    quiet,
  ),
  spoiler('sends each octet for itself', some(9, 'get'), (socket, truth) => drip(socket, composeWith(truth), 1, 8), 0, holds, quiet),
  spoiler(
    'packs its lists',
    all('list'),
    (socket, truth) => void socket.write(composeWith(truth, truth.body === '' ? '' : gzipSync(truth.body), ['Content-Encoding: gzip'])),
    0,
    holds,
    quiet,
  ),
  spoiler(
    'adds 40 kB of header fields',
    all('get'),
    (socket, truth) =>
      void socket.write(
        composeWith(
          truth,
          truth.body,
          Array.from({ length: 10 }, (_, index) => `X-Padding-${index}: ${'x'.repeat(4000)}`),
        ),
      ),
    0,
    holds,
    quiet,
  ),
  spoiler(
    'adds members with hostile names and values',
    all('get', 'list'),
    onlyOk(
      members(`"__proto__":{"status":"CLOSED"},"constructor":{"prototype":[]},"x":${JSON.stringify(hostile)},"y":"\\ud800","z":1e999`),
    ),
    0,
    holds,
    quietAll,
  ),
  spoiler('adds a number with 20,000 digits', all('get', 'list'), onlyOk(members(`"big":${'9'.repeat(20_000)}`)), 0, holds, quiet),
];

/** What a target does always is its own. */
const guilty: readonly Spoiler[] = [
  spoiler('resets every create when it is done', all('create'), reset, [1, 3], /cut|ended|reset/iu, { only: 'LST-05,CLS-08' }),
  spoiler('resets every list but the first in its body', from(2, 'list'), inBody, [1, 3, 4], /cut|ended|reset/iu),
  spoiler('says nothing to closes', all('close'), () => {}, [1, 3, 4], /no answer within|timed out|not answered|silen/iu, {
    only: 'CLS-01,CLS-13',
  }),
  spoiler(
    'sends lists without end',
    from(2, 'list'),
    (socket, truth) => {
      socket.write(headWith(truth, ['Transfer-Encoding: chunked']));
      pour(socket, Buffer.concat([Buffer.from('10000\r\n'), endless, Buffer.from('\r\n')]));
    },
    1,
    /longer than|limit/iu,
  ),
  spoiler(
    'sends lists of 100 MB',
    from(2, 'list'),
    (socket, truth) => {
      socket.write(headWith(truth, ['Content-Type: application/json', `Content-Length: ${100 << 20}`]));
      pour(socket, endless);
    },
    1,
    /longer than|limit/iu,
  ),
  spoiler(
    'sends lists that unpack to half a gigabyte',
    from(2, 'list'),
    content(() => bomb, ['Content-Encoding: gzip']),
    1,
    /longer than|limit/iu,
  ),
  spoiler(
    'sends lists whose packing is broken',
    from(2, 'list'),
    content(() => Buffer.concat([gzipSync('[]').subarray(0, 12), Buffer.from('zzzzzzzz')]), ['Content-Encoding: gzip']),
    [1, 3],
    /gzip/iu,
  ),
  spoiler(
    'names a coding nobody knows',
    from(2, 'list'),
    content(() => Buffer.from([1, 2, 3, 255]), ['Content-Encoding: x-zoo']),
    1,
    /x-zoo|not JSON|no JSON/iu,
  ),
  spoiler(
    'nests its products 100,000 deep',
    all('get'),
    onlyOk(content((body) => `${body.slice(0, -1)},"x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`)),
    [0, 1, 3],
    /./u,
  ),
  spoiler(
    'nests its errors 100,000 deep',
    all('get'),
    (socket, truth) =>
      void socket.write(isOk(truth) ? composeWith(truth) : composeWith(truth, `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`)),
    [0, 1],
    /./u,
    { only: 'LST-06,MSG-11', flags: [] },
  ),
  spoiler(
    'repeats members of its products',
    all('get'),
    onlyOk(content((body) => `${body.slice(0, -1)},"status":"REJECTED","status":"ACTIVE"}`)),
    0,
    /MSG-03/u,
    { only: 'MSG-03' },
  ),
  spoiler(
    'puts a byte order mark before its JSON',
    all('get'),
    onlyOk(content((body) => `\ufeff${body}`)),
    [0, 1],
    /byte order mark|BOM/iu,
  ),
  spoiler('writes in UTF-16', all('get'), onlyOk(content((body) => Buffer.from(`\ufeff${body}`, 'utf16le'))), 1, /UTF-8|JSON/u),
  spoiler(
    'writes broken UTF-8',
    all('get'),
    onlyOk(
      content((body) => Buffer.concat([Buffer.from(`${body.slice(0, -1)},"x":"`), Buffer.from([0xc3, 0x28, 0xff]), Buffer.from('"}')])),
    ),
    1,
    /UTF-8/u,
  ),
  spoiler(
    'gives statuses full of escapes',
    all('get', 'list'),
    onlyOk(content((body) => body.replaceAll('"ACTIVE"', JSON.stringify(hostile)))),
    1,
    /status/u,
  ),
  spoiler(
    'gives ids full of escapes',
    all('create'),
    onlyOk(content(() => JSON.stringify({ customerProductId: `../../etc/${hostile}` }))),
    1,
    /customerProductId|UUID/u,
  ),
  spoiler(
    'gives escapes for member names',
    all('get'),
    onlyOk(content((body) => body.replace('"status"', JSON.stringify(`${hostile}status`)))),
    1,
    /status/u,
  ),
  spoiler(
    'gives times beyond all calendars',
    all('get'),
    onlyOk(content((body) => body.replace(/"createdOn":"[^"]+"/u, '"createdOn":"+999999-99-99T99:99:99.999999999999999999999999Z"'))),
    1,
    /createdOn/u,
  ),
  spoiler(
    'answers gets with a page',
    from(3, 'get'),
    content(() => `<!doctype html><script>alert(1)</script><b data-zoo>${hostile}`, ['Content-Type: text/html']),
    1,
    /JSON|html/iu,
  ),
  spoiler(
    'redirects gets elsewhere',
    from(3, 'get'),
    (socket) => void socket.write(compose(302, '', ['Location: http://127.0.0.1:9/elsewhere'])),
    1,
    /302|redirect/iu,
  ),
  spoiler(
    'redirects creates to themselves',
    all('create'),
    (socket) => void socket.write(compose(308, '', ['Location: ./products'])),
    [1, 3],
    /308|redirect/iu,
  ),
  spoiler(
    'sends more than its length says',
    all('get'),
    (socket, truth) => void socket.write(Buffer.concat([composeWith(truth), Buffer.from('surplus')])),
    [0, 1, 3],
    /surplus|asked for|Content-Length|MSG-04/iu,
    { only: 'MSG-04' },
  ),
  spoiler(
    'promises more than it sends, in gets',
    all('get'),
    (socket, truth) =>
      void socket.end(
        Buffer.concat([Buffer.from(headWith(truth, [`Content-Length: ${truth.body.length + 9}`]), 'latin1'), Buffer.from(truth.body)]),
      ),
    [1, 3, 4],
    /ended inside/iu,
    { only: 'MSG-04,LST-05' },
  ),
  spoiler(
    'sends an answer that nobody asked for after each list',
    all('list'),
    (socket, truth) => void socket.write(Buffer.concat([composeWith(truth), composeWith(truth, '[]')])),
    [0, 1, 3],
    /asked for|surplus|MSG-04/iu,
    { only: 'MSG-04,CON-05' },
  ),
  spoiler(
    'sends interim answers without end to gets',
    from(3, 'get'),
    (socket) => pour(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', 20),
    [1, 3, 4],
    /interim|no answer|larger/iu,
    { only: 'LST-05' },
  ),
  spoiler(
    'sends headers without end to gets',
    all('get'),
    (socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      pour(socket, `X-Long: ${'x'.repeat(8000)}\r\n`);
    },
    [1, 3, 4],
    /larger than|header/iu,
    { only: 'LST-05,SCH-07' },
  ),
  spoiler(
    'answers a get with what was asked before',
    all('get'),
    (() => {
      let before: Buffer | undefined;
      return (socket: Socket, truth: TrueAnswer) => {
        const now = composeWith(truth);
        socket.write(before ?? now);
        before = now;
      };
    })(),
    1,
    /another|own product|LST-07/iu,
    { only: 'LST-07,CON-05' },
  ),
];

/** It leaves nothing unanswered. */
const patient = { requestMs: 15_000 } as const;

/** What is there at first and then is not. */
const lost: readonly Spoiler[] = [
  spoiler('is gone after 200 calls', after(200), reset, [3, 4], /stopped answering|no whole answer/iu),
  spoiler('falls silent after 200 calls', after(200), () => {}, 4, /stopped answering/iu),
  spoiler(
    'refuses every token after 200 calls',
    after(200),
    (socket) => void socket.write(compose(401, '{}', ['Content-Type: application/json', 'WWW-Authenticate: Bearer error="invalid_token"'])),
    [1, 4],
    /401/u,
    patient,
  ),
];

/** What fails always fails soon: the guilty are given fewer requests. */
const short = { only: wide, flags: ['--limits-requests', '450'] } as const;

export const spoilers: readonly Spoiler[] = [...harmless, ...guilty.map((each) => ({ ...short, ...each })), ...lost];

/** All four operations, in as few requests as there are. */
export const fewRows = 'LST-05,CLS-08';
