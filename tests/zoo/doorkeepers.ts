/** Token endpoints that misbehave. */
import type { Doorkeeper } from './beast.ts';
import { compose, composeHead, drip, pour } from './speech.ts';

const door = (name: string, status: Doorkeeper['status'], says: RegExp, answer: Doorkeeper['answer']): Doorkeeper => ({
  kind: 'doorkeeper',
  name,
  status,
  says,
  answer,
});
const give = (token: string, more: object = {}): Buffer =>
  compose(200, JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: 3600, ...more }), [
    'Content-Type: application/json',
    'Cache-Control: no-store',
  ]);

export const doorkeepers: readonly Doorkeeper[] = [
  door('hangs', 4, /step "token".*no (?:token|answer)/isu, () => {}),
  door('drips', 4, /step "token"/iu, (socket) => drip(socket, give('t'), 500)),
  door(
    'answers HTML',
    4,
    /step "token".*status 200/isu,
    (socket) => void socket.write(compose(200, '<!doctype html><b data-zoo>Sign in\u001b[31m</b>', ['Content-Type: text/html'])),
  ),
  door(
    'answers 500',
    4,
    /step "token".*status 500.*itself fails/isu,
    (socket) => void socket.write(compose(500, '{"error":"server_error"}')),
  ),
  door('resets', 4, /step "token".*(?:reset|ended)/isu, (socket) => void socket.resetAndDestroy()),
  door('redirects', 4, /step "token".*status 302/isu, (socket) => void socket.write(compose(302, '', ['Location: /login']))),
  door('gives a body without end', 4, /step "token"/iu, (socket) => {
    socket.write(composeHead(200, ['Content-Type: application/json', 'Connection: close']));
    pour(socket, ' '.repeat(65_536));
  }),
  door('gives a token of 1 MB', 4, /a token of 1048576 characters/u, (socket) => void socket.write(give('x'.repeat(1 << 20)))),
  door(
    'gives a token with line feeds',
    4,
    /step "token".*token/isu,
    (socket) => void socket.write(give('a\r\nX-Planted: 1\r\n\r\nGET / HTTP/1.1')),
  ),
  door(
    'gives a token beyond ASCII',
    4,
    /a token with characters that no header field may carry/u,
    (socket) => void socket.write(give('t\u00f6k\u0111n\ud800')),
  ),
  door('gives a token that nobody takes', 4, /401/u, (socket, number) => void socket.write(give(`nobody-takes-this-${number}`))),
  door(
    'gives a token of strange life',
    4,
    /401/u,
    (socket, number) => void socket.write(give(`strange-${number}`, { expires_in: -1e308 })),
  ),
  door(
    'gives a token that is an object',
    4,
    /step "token"/iu,
    (socket) => void socket.write(compose(200, '{"access_token":{"__proto__":{}},"token_type":"Bearer"}')),
  ),
];
