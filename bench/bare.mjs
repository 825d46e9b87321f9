/**
 * The bare loop: sends the requests of a file over a pool of undici, so many at once, reads and parses every answer, and does nothing else.
 * A request for a product waits for the create that makes it, and names the product this server made. Prints `{ requests, refused, ms }`.
 *
 *     node bench/bare.mjs requests.json concurrency <server as JSON>
 */
import { readFileSync } from 'node:fs';
import { Pool } from 'undici';

const [file, concurrency, server] = process.argv.slice(2);
const { url, tokenUrl, clientId, clientSecret } = JSON.parse(server);
const pool = new Pool(url, { connections: Number(concurrency), pipelining: 1 });
const token = await fetchToken();
const requests = JSON.parse(readFileSync(file, 'utf8')).map(prepare);

/** Products of this server by those of the journal. */
const products = new Map();
const ibans = new Map();
const waiting = new Map();
const ready = [];
let next = 0;
let refused = 0;
let sent = 0;

const began = performance.now();
await Promise.all(Array.from({ length: Number(concurrency) }, work));
process.stdout.write(JSON.stringify({ requests: sent, refused, ms: performance.now() - began }));
await pool.close();

async function work() {
  for (let request = take(); request !== undefined; request = await Promise.resolve(take())) await send(request);
}

/** The next request whose product is there; the others wait with the product they need. */
function take() {
  for (;;) {
    const request = ready.pop() ?? requests[next++];
    if (request === undefined || request.needs === undefined || products.has(request.needs)) return request;
    const others = waiting.get(request.needs);
    if (others === undefined) waiting.set(request.needs, [request]);
    else others.push(request);
  }
}

async function send({ method, path, headers, body, makes, needs, iban }) {
  let target = path;
  if (needs !== undefined) target = target.replace(/[0-9a-f-]{36}/i, products.get(needs));
  if (iban !== undefined) target = target.replace(iban.written, ibans.get(products.get(iban.of)) ?? iban.written);
  let value;
  try {
    const answer = await pool.request({ method, path: target, headers, body });
    const text = await answer.body.text();
    if (text !== '') value = JSON.parse(text);
    sent += 1;
  } catch (error) {
    // A field that undici sends for nobody, or content that is no JSON.
    if (!(error instanceof SyntaxError)) refused += 1;
  }
  if (makes !== undefined) {
    products.set(makes, value?.customerProductId);
    ready.push(...(waiting.get(makes) ?? []));
    waiting.delete(makes);
  }
  if (value?.accountData?.iban !== undefined) ibans.set(value.customerProductId, value.accountData.iban);
}

/** Marks become the secrets of this server, or words that are no secret of any. */
function prepare(request) {
  const reveal = (text) =>
    text
      .replaceAll('«redacted:token#1»', token)
      .replaceAll('«redacted:client-secret#1»', clientSecret)
      .replaceAll(/«redacted:[^»]*»/g, 'redacted');
  const body = typeof request.body === 'object' ? Buffer.from(request.body.base64, 'base64') : request.body && reveal(request.body);
  return { ...request, headers: request.headers.map(reveal), body };
}

async function fetchToken() {
  const { origin, pathname } = new URL(tokenUrl);
  const form = new URLSearchParams({ grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret });
  const endpoint = new Pool(origin);
  const answer = await endpoint.request({
    method: 'POST',
    path: pathname,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  });
  const { access_token } = await answer.body.json();
  await endpoint.close();
  return access_token;
}
