/** Servers that misbehave from the first octet. The list in the preflight meets them. */
import type { Bare } from './beast.ts';
import { authority, expired, forAnother, forLocalhost } from './certificates.ts';
import { compose, composeHead, drip, pour } from './speech.ts';

const list = compose(200, '[]');
const bare = (name: string, status: Bare['status'], says: RegExp, answer: Bare['answer'], more: Partial<Bare> = {}): Bare => ({
  kind: 'bare',
  name,
  status,
  says,
  ...(answer === undefined ? {} : { answer }),
  ...more,
});

export const bareBeasts: readonly Bare[] = [
  bare('accepts and says nothing', 4, /step "list".*no answer within/iu, undefined),
  bare('stalls in the status line', 4, /no answer within/iu, (socket) => void socket.write('HTTP/1.1 20')),
  bare('stalls in a header', 4, /no answer within/iu, (socket) => void socket.write('HTTP/1.1 200 OK\r\nContent-Type: appl')),
  bare('stalls in the body', 4, /had not ended within/iu, (socket) => void socket.write(list.subarray(0, -1))),
  bare('sends an octet a second', 4, /no answer within/iu, (socket) => drip(socket, list, 1000)),
  bare('resets when connected to', 4, /connection/iu, undefined, { onConnection: (socket) => void socket.resetAndDestroy() }),
  bare('resets after the request', 4, /was reset|ended before/iu, (socket) => void socket.resetAndDestroy()),
  bare('resets in the status line', 4, /reset|ended/iu, (socket) => void socket.write('HTTP/1.1 2', () => socket.resetAndDestroy())),
  bare(
    'resets in a header',
    4,
    /reset|ended/iu,
    (socket) => void socket.write('HTTP/1.1 200 OK\r\nDate: Su', () => socket.resetAndDestroy()),
  ),
  bare('resets in the body', 4, /reset|ended/iu, (socket) => void socket.write(list.subarray(0, -1), () => socket.resetAndDestroy())),
  bare('closes without a word', 4, /ended before the answer began/iu, (socket) => void socket.end()),
  bare('speaks HTTP/0.9', 4, /not HTTP\/1\.1/iu, (socket) => void socket.end('[]')),
  bare('speaks another protocol', 4, /not HTTP\/1\.1/iu, undefined, {
    onConnection: (socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n'),
  }),
  bare('speaks HTTP/2 alone', 4, /not HTTP\/1\.1/iu, (socket) => void socket.write(Buffer.from('00000604000000000000030000006400', 'hex'))),
  bare('speaks nonsense', 4, /not HTTP\/1\.1/iu, (socket) => void socket.write('\u001b[31m\u0000\u0007</script>\u202e nonsense\r\n\r\n')),
  bare(
    'has a status of four digits',
    4,
    /not HTTP\/1\.1/iu,
    (socket) => void socket.write('HTTP/1.1 2000 OK\r\nContent-Length: 0\r\n\r\n'),
  ),
  bare('sends a header without end', 4, /larger than|header/iu, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\n');
    pour(socket, `X-Long: ${'x'.repeat(8000)}\r\n`);
  }),
  bare('sends one header line without end', 4, /larger than|header/iu, (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nX: ');
    pour(socket, 'x'.repeat(65_536));
  }),
  bare('sends interim answers without end', 4, /interim|not ended|no answer|larger/iu, (socket) =>
    pour(socket, 'HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', 20),
  ),
  bare('sends 100 Continue without end', 4, /interim|not ended|no answer|larger/iu, (socket) =>
    pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n', 20),
  ),
  bare(
    'promises more content than it sends',
    4,
    /ended inside/iu,
    (socket) => void socket.end(`${composeHead(200, ['Content-Type: application/json', 'Content-Length: 20'])}[]`),
  ),
  bare(
    'names two lengths',
    4,
    /not HTTP\/1\.1|ended/iu,
    (socket) => void socket.end(`${composeHead(200, ['Content-Length: 2', 'Content-Length: 3'])}[]`),
  ),
  bare(
    'names a length that is no number',
    4,
    /not HTTP\/1\.1/iu,
    (socket) => void socket.end(`${composeHead(200, ['Content-Length: two'])}[]`),
  ),
  bare(
    'sends a chunk whose size is no number',
    4,
    /not HTTP\/1\.1/iu,
    (socket) => void socket.write(`${composeHead(200, ['Transfer-Encoding: chunked'])}zz\r\n[]\r\n0\r\n\r\n`),
  ),
  bare(
    'redirects to itself for ever',
    4,
    /redirects are not followed/iu,
    (socket, request) => void socket.write(compose(302, '', [`Location: ${request.split(' ')[1]}`])),
  ),
  bare(
    'redirects to another host, with an escape in its address',
    4,
    /not HTTP\/1\.1|redirects are not followed/iu,
    (socket) => void socket.write(compose(307, '', ['Location: http://127.0.0.1:9/\u001b]8;;x<b data-zoo>'])),
  ),
  bare('says 401 for ever', 4, /answered 401/iu, (socket) => void socket.write(compose(401, '{}', ['WWW-Authenticate: Bearer']))),
  bare(
    'fails with a page of hostile text',
    4,
    /answered 500/iu,
    (socket) =>
      void socket.write(
        compose(500, '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202egnp\u2066</script><b data-zoo>\u0000]]>', ['Content-Type: text/plain']),
      ),
  ),
  bare('has a certificate that is self-signed', 4, /step "TLS".*self.signed|unable to (?:get|verify)/isu, undefined, {
    tls: forLocalhost,
    flags: [],
  }),
  bare('has a certificate that has expired', 4, /step "TLS".*expired/isu, undefined, { tls: expired, flags: ['--tls-ca', authority] }),
  bare('has a certificate for another name', 4, /step "TLS".*another name/isu, undefined, {
    tls: forAnother,
    flags: ['--tls-ca', authority],
  }),
  bare('speaks TLS and then nothing', 4, /no answer within/iu, undefined, { tls: forLocalhost, flags: ['--tls-ca', authority] }),
  bare('sends a body without end', [1, 3], /longer than|limit|larger/iu, (socket) => {
    socket.write(composeHead(200, ['Content-Type: application/json', 'Transfer-Encoding: chunked']));
    pour(socket, `10000\r\n${' '.repeat(65_536)}\r\n`);
  }),
];
