/**
 * Looks for the shortest sequence that shows each deterministic fault, and prints them as suites/prove/shortest.json keeps them.
 *
 *   node scripts/shortest.mjs [outcomes of prove, NDJSON] [name of a fault …] > suites/prove/shortest.json
 *
 * With names, what is kept of the others stays as it is. Begins with what the suite found, if outcomes are given, and with sequences that show much; leaves out steps as long as the fault
 * shows; then tries all sequences of one to three steps that are shorter still. Needs `npm run build`.
 */
import { readFileSync } from 'node:fs';
import { commonSequences, growths } from '../dist/generators/common-sequences.js';
import { shrink } from '../dist/generators/shrink.js';
import { readFacts } from '../dist/judge/facts.js';
import { listFaults } from '../dist/reference/registry.js';
import { allCampaigns } from '../dist/suites/all.js';
import { readShortest } from '../dist/suites/prove/shortest.js';
import { showFault } from '../dist/suites/prove/showing.js';

const abreast = 16;
const codes = ['WALLET', 'BALANCE_ACCOUNT', 'DEPOSITORY_ACCOUNT', 'CURRENCY_WALLET'];
const [file, ...names] = process.argv.slice(2);
const profile = { target: 'http://127.0.0.1', creatable: codes, auth: { type: 'oauth2' }, timeouts: {}, limits: {} };
const campaigns = allCampaigns({
  seed: 1,
  effort: 'standard',
  facts: readFacts(profile, false),
  auth: profile.auth,
  invents: true,
  customers: Number.POSITIVE_INFINITY,
  codes,
});
const grown = [24, 70, 140].flatMap((count) => growths(codes).map(({ make, looks }) => [...make(count), ...looks(count)]));
const isPlain = (steps) => steps.every((step) => step.do !== 'probe');

const found = new Map();
if (file !== undefined && file !== '-')
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { kind, name, counterexample } = JSON.parse(line);
    if (kind === 'fault' && counterexample !== undefined) found.set(name, [...(found.get(name) ?? []), counterexample]);
  }

const before = new Map(names.length === 0 ? [] : readShortest());
const faults = listFaults().filter(({ name, needs }) => needs !== 'concurrency' && (names.length === 0 || names.includes(name)));
for (const { name } of faults) {
  const steps = await shortest(name);
  process.stderr.write(`${name}: ${steps === undefined ? 'none found' : `${steps.length} steps`}\n`);
  if (steps !== undefined) before.set(name, steps);
}
const kept = listFaults().flatMap(({ name: fault }) => (before.has(fault) ? [{ fault, steps: before.get(fault) }] : []));
process.stdout.write(`[\n${kept.map((each) => `  ${JSON.stringify(each)}`).join(',\n')}\n]\n`);

async function shortest(name) {
  const plain = [...(found.get(name) ?? []).filter(isPlain), ...Object.values(commonSequences(codes)).flat(), ...grown];
  const best = await leastOf(
    name,
    plain.sort((a, b) => a.length - b.length),
  );
  return (
    best ??
    firstShowing(
      name,
      experimentsFor(name).map((probe) => [{ do: 'probe', probe }]),
    )
  );
}

/** The experiments that look at what the fault offends. */
function experimentsFor(name) {
  const { caughtBy } = faults.find((fault) => fault.name === name);
  return campaigns.flatMap(({ name: probe, probe: experiment, witnesses }) =>
    experiment !== undefined && witnesses.some((id) => caughtBy.includes(id)) ? [probe] : [],
  );
}

async function leastOf(name, candidates) {
  let best = await firstShowing(name, candidates);
  if (best === undefined) return undefined;
  best = await shrink(best, { shows: (steps) => isShown(name, steps), exhausted: () => false, abreast: () => abreast });
  for (let length = 1; length < Math.min(best.length, 4); length += 1) {
    const shorter = await firstShowing(name, [...allOf(length, codesIn(best))]);
    if (shorter !== undefined) return shorter;
  }
  return best;
}

async function firstShowing(name, sequences) {
  for (let at = 0; at < sequences.length; at += abreast) {
    const tried = sequences.slice(at, at + abreast);
    const shown = await Promise.all(tried.map((steps) => isShown(name, steps)));
    if (shown.includes(true)) return tried[shown.indexOf(true)];
  }
  return undefined;
}

/** Twice in a row. */
async function isShown(name, steps) {
  return (await showFault(name, steps)).length > 0 && (await showFault(name, steps)).length > 0;
}

function codesIn(steps) {
  const named = new Set(steps.flatMap(({ code }) => (code === undefined ? [] : [code])));
  return named.size === 0 ? [codes[0]] : [...named];
}

/** All sequences of so many steps over one customer and its products. */
function* allOf(length, known, made = []) {
  if (length === 0) {
    yield [];
    return;
  }
  for (const step of stepsAfter(known, made)) {
    const after = step.do === 'create' ? [...made, step.as] : made;
    for (const rest of allOf(length - 1, known, after)) yield [step, ...rest];
  }
}

function stepsAfter(known, made) {
  const list = (filters) => ({ do: 'list', customer: 'a', ...(filters && { filters }) });
  return [
    ...(made.length < 2 ? known : []).map((code) => ({ do: 'create', as: `p${made.length + 1}`, customer: 'a', code })),
    list(),
    ...made.flatMap((product) => [{ do: 'get', product }, { do: 'close', product }, list([{ name: 'iban', of: product }])]),
    ...['ACTIVE', 'CLOSED'].map((value) => list([{ name: 'status', value }])),
    ...(made.length > 0 ? codes.map((value) => list([{ name: 'productCode', value }])) : []),
  ];
}
