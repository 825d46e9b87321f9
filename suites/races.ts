/** CON: requests that truly overlap, drawn under the seed; and writes whose connection we cut. */
import { readMessage } from '../generators/model/message.ts';
import { readShown } from '../generators/model/product.ts';
import { drawRaces } from '../generators/races.ts';
import { type Draft, draftClose, draftCreate } from '../generators/requests.ts';
import type { Exchange, Probe } from '../spec/journal.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { freeCodes, makeRoom, openSubject } from './subjects.ts';
import { label } from './trials.ts';

const counts = {
  quick: { closesOfOne: 4, closesAmongReads: 4, manyProducts: 1 },
  standard: { closesOfOne: 10, closesAmongReads: 10, manyProducts: 2 },
  thorough: { closesOfOne: 50, closesAmongReads: 50, manyProducts: 10 },
} as const;

export function raceCampaigns({ codes, effort, seed, facts, invents }: Plan): Campaign[] {
  if (facts.readOnly) return [];
  const mayOverlap = invents && facts.openProductsPerCode === undefined;
  const races = drawRaces({ codes, counts: counts[effort], mayOverlap, seed }).map(
    (steps, index): Campaign => ({
      name: `race ${index + 1}`,
      witnesses: ['CON-01', 'CON-02', 'CON-03', 'CON-04', 'CON-05', 'CON-06'],
      races: true,
      steps,
    }),
  );
  return [...races, { name: 'writes cut off', witnesses: ['CON-07'], probe: cutWrites }];
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

async function cutWrites(stage: Stage): Promise<void> {
  const place = await stage.place();
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
  await stage.get(subject.id, named('after'));
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
