/**
 * Runs that are killed with SIGKILL at random moments, then judged and cleaned up: `node bench/kills.mjs [runs] [seed]`.
 * Every other run is on customers invented by it, every other on given ones, where others have products and go on making more.
 * Prints a line a run and, last, the figures as JSON; ends with 1 where a journal could not be read, a product of ours stayed open on an
 * invented customer, or one of others was touched.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClock } from '../dist/reference/clock.js';
import { createHooks } from '../dist/reference/defaults.js';
import { createHttpServer } from '../dist/reference/http.js';
import { createRandom } from '../dist/reference/random.js';
import { createStore } from '../dist/reference/store.js';

const runs = Number(process.argv[2] ?? 40);
const seed = Number(process.argv[3] ?? Math.floor(Math.random() * 2 ** 31));
/** A whole run at quick effort makes somewhat more requests than this. */
const requestsOfRun = 1400;
const bin = fileURLToPath(new URL('../dist/cli/bin.js', import.meta.url));
const client = { id: 'kills', secret: 'a-secret-of-nobody' };

/** Numbers from 0 to 1, the same for the same seed. */
let state = seed;
const draw = () => {
  state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
  return state / 2 ** 31;
};

/** The reference with its store in sight: `reached(n)` resolves when so many requests have come. */
async function startCountingServer() {
  const clock = createClock();
  const store = createStore(clock.steady);
  const system = { store, clients: [client], tokens: new Map(), tokenSeconds: 3600, bodyBytes: 1 << 20 };
  const settings = { basePath: '', latencyMs: 4, requestTimeoutMs: 60_000, onError: () => {} };
  const server = createHttpServer(createHooks(clock, createRandom(1)), system, settings);
  let requests = 0;
  let goal = { count: Number.POSITIVE_INFINITY, tell() {} };
  server.on('request', () => {
    requests += 1;
    if (requests >= goal.count) goal.tell();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${server.address().port}`;
  return {
    url,
    store,
    reached: (count) =>
      new Promise((tell) => {
        goal = { count, tell };
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function startCommand(args, url) {
  const env = {
    PATH: process.env.PATH,
    CPC_TOKEN_URL: `${url}/oauth2/token`,
    CPC_CLIENT_ID: client.id,
    CPC_CLIENT_SECRET: client.secret,
  };
  const child = spawn(process.execPath, [bin, ...args], { env, cwd: tmpdir(), stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      said += text;
    });
  const finished = new Promise((resolve) => child.once('close', (status) => resolve({ status, said })));
  return { child, finished };
}

/** Somebody else's product, made directly in the bank. */
function makeOthers(store, customer) {
  const id = randomUUID();
  const now = Date.now();
  const product = {
    id,
    customer,
    owner: client.id,
    code: 'BALANCE_ACCOUNT',
    type: 'CASH',
    currency: 'EUR',
    status: 'ACTIVE',
    proxyIds: [],
    createdOn: now,
    modifiedOn: now,
    openedOn: now,
  };
  store.insert(product);
  return product;
}

async function killOne(number) {
  const isGiven = number % 2 === 1;
  const dir = mkdtempSync(join(tmpdir(), 'cpc-kill-'));
  const bank = await startCountingServer();
  const customers = Array.from({ length: 6 }, () => randomUUID());
  const others = isGiven ? customers.flatMap((customer) => [makeOthers(bank.store, customer), makeOthers(bank.store, customer)]) : [];
  const churn = setInterval(() => {
    if (isGiven) others.push(makeOthers(bank.store, customers[others.length % customers.length]));
  }, 40);
  try {
    const at = 1 + Math.floor(draw() * requestsOfRun);
    const delayMs = draw() * 8;
    const journal = join(dir, 'journal.ndjson');
    const flags = ['--report-dir', dir, '--effort', 'quick', '--seed', String(1 + Math.floor(draw() * 1e6))];
    const { child, finished } = startCommand([bank.url, ...flags, ...(isGiven ? ['--customer', customers.join()] : [])], bank.url);
    const reached = bank.reached(at).then(() => new Promise((resolve) => setTimeout(resolve, delayMs)));
    await Promise.race([reached, finished]);
    child.kill('SIGKILL');
    const { status } = await finished;
    clearInterval(churn);
    // What a kill in the middle of a write leaves: the last line torn.
    const isTorn = draw() < 0.3;
    if (isTorn && status === null) appendFileSync(journal, readFileSync(journal).subarray(0, 1 + Math.floor(draw() * 90)));
    const mine = new Set(others.map(({ id }) => id));
    const openOfOurs = () => bank.store.all().filter(({ id, status: shown }) => !mine.has(id) && shown !== 'CLOSED').length;
    const openBefore = openOfOurs();
    const judged = await startCommand(['judge', journal], bank.url).finished;
    const first = await startCommand(['cleanup', journal], bank.url).finished;
    const again = await startCommand(['cleanup', journal], bank.url).finished;
    const touched = others.filter(({ id, modifiedOn }) => {
      const now = bank.store.find(id);
      return now === undefined || now.status !== 'ACTIVE' || now.modifiedOn !== modifiedOn;
    });
    return {
      number,
      isGiven,
      at,
      killed: status === null,
      isTorn,
      openBefore,
      openAfter: openOfOurs(),
      doubtful: (first.said.match(/^doubtful/gm) ?? []).length,
      touched: touched.length,
      judge: judged.status,
      cleanup: first.status,
      again: again.status,
      isReadable: [0, 1, 3].includes(judged.status) && first.status !== 2 && first.status !== 5,
      said: judged.said + first.said,
    };
  } finally {
    clearInterval(churn);
    await bank.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

process.stdout.write(`seed ${seed}\n`);
const kills = [];
for (let number = 0; number < runs; number += 1) {
  const kill = await killOne(number);
  const { said, ...shown } = kill;
  process.stdout.write(`${JSON.stringify(shown)}\n`);
  if (!kill.isReadable) process.stdout.write(said);
  kills.push(kill);
}
const sum = (of) => kills.reduce((total, kill) => total + of(kill), 0);
const figures = {
  seed,
  runs,
  killed: sum(({ killed }) => Number(killed)),
  tornLines: sum(({ isTorn, killed }) => Number(isTorn && killed)),
  openBefore: sum(({ openBefore }) => openBefore),
  openAfterOnInvented: sum(({ isGiven, openAfter }) => (isGiven ? 0 : openAfter)),
  openAfterOnGiven: sum(({ isGiven, openAfter }) => (isGiven ? openAfter : 0)),
  doubtfulTold: sum(({ doubtful }) => doubtful),
  touchedOfOthers: sum(({ touched }) => touched),
  unreadableJournals: sum(({ isReadable }) => Number(!isReadable)),
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
process.exitCode = figures.openAfterOnInvented + figures.touchedOfOthers + figures.unreadableJournals === 0 ? 0 : 1;
