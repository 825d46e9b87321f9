/** CON: requests that truly overlap, drawn under the seed; and writes whose connection we cut. */
import { readMessage } from '../generators/model/message.ts';
import { readShown } from '../generators/model/product.ts';
import { drawRaces } from '../generators/races.ts';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import { racersAtMost } from '../generators/shrink.ts';
import { abreast, get, wait } from '../generators/steps.ts';
import type { Exchange, Probe, Step } from '../spec/journal.ts';
import type { Turn } from '../target/pacing.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { awaitActive, freeCodes, makeRoom, openSubject, settle } from './subjects.ts';
import { label } from './trials.ts';

const counts = {
  quick: { closesOfOne: 3, closesInTurn: 1, closesAmongReads: 4, manyProducts: 1 },
  standard: { closesOfOne: 8, closesInTurn: 3, closesAmongReads: 14, manyProducts: 1 },
  thorough: { closesOfOne: 40, closesInTurn: 15, closesAmongReads: 70, manyProducts: 10 },
} as const;

export function raceCampaigns({ codes, effort, seed, facts, invents }: Plan): Campaign[] {
  if (facts.readOnly) return [];
  const mayOverlap = invents && facts.openProductsPerCode === undefined;
  const races = drawRaces({ codes, counts: counts[effort], mayOverlap, seed }).map(
    (steps, index): Campaign => ({
      name: `race ${index + 1}`,
      witnesses: ['CON-01', 'CON-02', 'CON-03', 'CON-04', 'CON-05', 'CON-06'],
      races: true,
      steps: facts.settleMs === undefined ? steps : [...steps, ...lookLater(steps, facts.settleMs)],
    }),
  );
  const cramped: Campaign = {
    name: 'races where room is scarce',
    witnesses: ['CON-01', 'CON-02', 'CON-03', 'CON-04', 'CON-06'],
    probe: raceWithRoom,
  };
  return [
    ...races,
    ...(mayOverlap ? [] : [cramped]), // What was cut may happen at any later time: nobody else gets the customer after that.
    { name: 'writes cut off', witnesses: ['CON-07'], waits: invents, last: !invents, probe: cutWrites },
  ];
}

/** What parallel closes leave is said to show only after a while: a look at their products by then, twice. */
function lookLater(steps: readonly Step[], settleMs: number): Step[] {
  const closed = new Set(
    steps
      .flatMap((step) => (step.do === 'together' ? step.branches.flat() : []))
      .flatMap((step) => (step.do === 'close' ? [step.product] : [])),
  );
  const look = abreast([...closed].map(get));
  return [wait(settleMs), look, look];
}

const crampedRounds = 3;

/**
 * Where a product cannot be had for the asking (customers that exist, one open product a code), drawn races may come to nothing. These
 * race on what there is: all that can be opened is created at once, and closed at once by several, beside reads.
 */
async function raceWithRoom(stage: Stage): Promise<void> {
  const places = await stage.places(2);
  for (let round = 0; round < crampedRounds; round += 1) {
    const wanted: { readonly place: Place; readonly code: string }[] = [];
    for (const place of places) {
      for (const code of await freeCodes(stage, place)) {
        await makeRoom(stage, place, code);
        wanted.push({ place, code });
      }
    }
    const raced = wanted.slice(0, racersAtMost / 2);
    const made = await together(
      stage,
      raced.map(
        ({ place, code }) =>
          (turn) =>
            stage.create(place, code, undefined, turn),
      ),
    );
    for (const place of places) await stage.list(place);
    const open: { readonly place: Place; readonly id: string }[] = [];
    for (const [index, { id }] of made.entries())
      if (id !== undefined && (await awaitActive(stage, id))) open.push({ place: raced[index]!.place, id });
    const closed = open.slice(0, 2);
    await together(stage, [
      ...closed.flatMap(({ place, id }) => [0, 1].map(() => (turn: Turn | undefined) => stage.close(place, id, undefined, turn))),
      ...closed.map(
        ({ id }) =>
          (turn: Turn | undefined) =>
            stage.send({ ...draftGet(id), turn }),
      ),
      ...closed.slice(0, 1).map(
        ({ place }) =>
          (turn: Turn | undefined) =>
            stage.send({ ...draftList(place.customer), turn }),
      ),
    ]);
    if (closed.length > 0) await settle(stage);
    for (const { place, id } of closed) {
      await stage.get(id);
      await stage.list(place);
      await stage.get(id);
    }
  }
}

/** Does all of it at one moment. */
async function together<T>(stage: Stage, deeds: readonly ((turn: Turn | undefined) => Promise<T>)[]): Promise<T[]> {
  const turns = deeds.length === 0 ? [] : await stage.takeTurns(deeds.length);
  return Promise.all(deeds.map((deed, index) => deed(turns[index])));
}

/**
 * Where a write is cut: before its content, right after it, or some milliseconds later, while it is worked on; and each of these once
 * more, since not every cut comes at the worst moment.
 */
const moments = [
  { case: 'cut before its content', cutAfter: 'headers' },
  { case: 'cut after its content', cutAfter: 'body' },
  { case: 'cut after its content, again', cutAfter: 'body' },
  { case: 'given up after 2 ms', timeoutMs: 2 },
  { case: 'given up after 5 ms', timeoutMs: 5 },
] as const;

type Moment = (typeof moments)[number];

/** A create that was cut may be worked on for so long. */
const lateMs = 300;

async function cutWrites(stage: Stage): Promise<void> {
  const place = await stage.place();
  // Where cleaning up will not look for products that nobody told us of, it is done here.
  const looksAgain = place.exclusive && !place.invented;
  const there = new Set(looksAgain ? idsIn(await stage.list(place)) : []);
  await cutEach(stage, place);
  if (!looksAgain) return;
  await stage.wait(lateMs);
  for (const id of idsIn(await stage.list(place))) {
    const product = stage.guide.known.products.get(id);
    // Nobody else writes here, so it is ours.
    if (!there.has(id) && product?.creation === undefined && product?.firstClosed === undefined) await stage.close(place, id);
  }
}

async function cutEach(stage: Stage, place: Place): Promise<void> {
  for (const moment of moments) {
    await cutClose(stage, place, moment);
    // Where others write too, nobody could say whose product it is that came.
    if (place.exclusive) await cutCreate(stage, place, moment);
  }
}

async function sendCut(stage: Stage, draft: Draft, probe: Probe, moment: Moment): Promise<Exchange> {
  const outgoing = { ...draft, campaign: stage.campaign, intent: { ...draft.intent, probe }, retry: false as const };
  if ('timeoutMs' in moment) return stage.session.send({ ...outgoing, fresh: true, timeoutMs: moment.timeoutMs });
  const [exchange] = await stage.session.sendRaw([{ ...outgoing, cutAfter: moment.cutAfter }]);
  return exchange!;
}

/** By now whatever the cut request still does is done, if the target is quick; else the reads wait for what is settling. */
const afterwardsMs = 10;

async function cutClose(stage: Stage, place: Place, moment: Moment): Promise<void> {
  const subject = await openSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'CON-07', `close ${moment.case}`);
  await stage.get(subject.id, named('before'));
  await sendCut(stage, draftClose(subject.id, place.requestor), named('odd'), moment);
  await stage.get(subject.id, named('after'));
  await stage.wait(afterwardsMs);
  await stage.get(subject.id, named('after'));
  await stage.list(place, [], named('after'));
  await stage.list(place, [['status', 'CLOSED']], named('after'));
}

async function cutCreate(stage: Stage, place: Place, moment: Moment): Promise<void> {
  const [code] = await freeCodes(stage, place);
  if (code === undefined) return;
  await makeRoom(stage, place, code);
  const named = label(stage, 'CON-07', `create ${moment.case}`);
  const before = await stage.list(place, [], named('before'));
  await sendCut(stage, draftCreate(place.customer, code, place.requestor), named('odd'), moment);
  await stage.wait(afterwardsMs);
  const after = await stage.list(place, [], named('after'));
  const known = new Set(idsIn(before));
  for (const id of idsIn(after)) {
    if (known.has(id)) continue;
    await stage.get(id, named('after'));
    // Nobody else writes here, so it is ours.
    await stage.close(place, id);
  }
}

function idsIn(list: Exchange): string[] {
  const { json } = readMessage(list);
  return Array.isArray(json) ? json.flatMap((value) => readShown(value)?.id ?? []) : [];
}
