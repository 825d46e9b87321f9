/** `npm run bench`: what a run costs. Three measurements, interleaved in rounds; bench/README.md says what each one means. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { historyCampaigns } from '../dist/suites/histories.js';
import { runNode, runSuite, startServer } from './processes.mjs';
import { readDriving, writeRequests } from './requests.mjs';

const rounds = Number(process.argv[2] ?? 5);
const concurrency = 16;
const latencyMs = 60;
const bare = fileURLToPath(new URL('bare.mjs', import.meta.url));

const results = [];
for (let round = 1; round <= rounds; round += 1) {
  process.stderr.write(`round ${round} of ${rounds}\r`);
  results.push({ ...(await measureLocal()), ...(await measureLatency()) });
}
process.stderr.write('\n');
print();

/** (a) and (b): a run against a server beside it, then its own requests again, bare. */
async function measureLocal() {
  const server = await startServer();
  const { status, ms, exchanges, lines, startUpMs } = await runSuite(server).finally(server.stop);
  const driving = readDriving(lines);
  const requests = writeRequests(driving.exchanges, server.url);
  const again = await sendBare(requests);
  const rate = (driving.exchanges.length / driving.ms) * 1_000;
  const bareRate = (again.requests / again.ms) * 1_000;
  return {
    status,
    wholeMs: ms,
    startUpMs,
    exchanges: exchanges.length,
    driven: driving.exchanges.length,
    drivingMs: driving.ms,
    pausedMs: driving.pausedMs,
    rate,
    bareRate,
    leftOut: driving.exchanges.length - requests.length + again.refused,
    ratio: rate / bareRate,
  };
}

async function sendBare(requests) {
  const dir = await mkdtemp(join(tmpdir(), 'cpc-bench-'));
  const server = await startServer();
  try {
    const file = join(dir, 'requests.json');
    await writeFile(file, JSON.stringify(requests));
    const { stop, ...address } = server;
    const { status, out, err } = await runNode([bare, file, String(concurrency), JSON.stringify(address)]);
    if (status !== 0) throw new Error(`Expected the bare loop to end with 0, got ${status}: ${err}`);
    return JSON.parse(out);
  } finally {
    await server.stop();
    await rm(dir, { recursive: true, force: true });
  }
}

/** (c): the same run where every answer takes its time. */
async function measureLatency() {
  const server = await startServer(['--latency', String(latencyMs)]);
  const { ms, exchanges, startUpMs } = await runSuite(server, ['--concurrency', String(concurrency)]).finally(server.stop);
  const idealMs = (exchanges.length * latencyMs) / concurrency + startUpMs + ageingMs();
  return { slowMs: ms, slowExchanges: exchanges.length, idealMs, slowRatio: ms / idealMs };
}

/** The longest that any one campaign waits on purpose. */
function ageingMs() {
  const codes = ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'];
  const plan = { seed: 1, effort: 'standard', facts: { clockToleranceMs: 250 }, invents: true, customers: Number.POSITIVE_INFINITY, codes };
  const waits = historyCampaigns(plan).map(({ steps = [] }) => steps.reduce((sum, step) => sum + (step.do === 'wait' ? step.ms : 0), 0));
  return Math.max(...waits);
}

function print() {
  const median = (key) => results.map((result) => result[key]).toSorted((a, b) => a - b)[Math.floor(results.length / 2)];
  const all = (key, digits) => results.map((result) => result[key].toFixed(digits)).join(' ');
  const seconds = (key) => (median(key) / 1_000).toFixed(2);
  const statuses = [...new Set(results.map(({ status }) => status))];
  const lines = [
    ...(statuses.some((status) => status !== 0)
      ? [`NOTE: the runs ended with exit status ${statuses.join(', ')}; the goals are for 0.`, '']
      : []),
    `Medians of ${rounds} rounds, Node ${process.versions.node}, ${cpus().length} cores, ${new Date().toISOString().slice(0, 10)}`,
    '',
    `a  whole run          ${seconds('wholeMs')} s for ${median('exchanges')} exchanges; goal: 5 s at most for 2,000 at least`,
    `   of it              ${seconds('startUpMs')} s until the first request leaves, ${seconds('drivingMs')} s driving, ${seconds('pausedMs')} s of pauses`,
    `   each round (ms)    ${all('wholeMs', 0)}`,
    '',
    `b  driving phase      ${median('rate').toFixed(0)} exchanges a second, the bare loop ${median('bareRate').toFixed(0)}`,
    `   ratio              ${median('ratio').toFixed(2)}; goal: 0.60 at least`,
    `   each round         ${all('ratio', 2)}`,
    `   left out           ${median('leftOut')} of ${median('driven')} requests that a plain client cannot send`,
    '',
    `c  latency ${latencyMs} ms      ${seconds('slowMs')} s for ${median('slowExchanges')} exchanges, ideal ${seconds('idealMs')} s`,
    `   ratio              ${median('slowRatio').toFixed(2)}; goal: 1.50 at most`,
    `   each round         ${all('slowRatio', 2)}`,
    '',
  ];
  process.stdout.write(lines.join('\n'));
}
