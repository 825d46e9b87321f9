/** MSG: requests in unusual spellings and with methods that are none, and what only conditional or oversized requests show. */
import { headerOf, readMessage } from '../generators/model/message.ts';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import { documentlessMethods } from '../generators/spoiled/methods.ts';
import { spellings } from '../generators/spoiled/spellings.ts';
import type { Spoiled } from '../generators/spoiled/spoiled.ts';
import { lengthOf } from '../judge/lengths.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Exchange } from '../spec/journal.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import { selectBy } from './refusals.ts';
import type { Stage } from './stage.ts';
import { createdBy, createWithRoom, findSubject, freeCodes, makeRoom, openSubject, type Subject, settle, wasAccepted } from './subjects.ts';
import { label, roleOf, sendOdd, tryGets, tryLists, tryOnProduct, trySpelledClose, whatFollowed } from './trials.ts';

const spelled: readonly RequirementId[] = ['MSG-07', 'MSG-20', 'MSG-21'];

export function messageCampaigns(plan: Plan): Campaign[] {
  const long: Campaign[] = [
    { name: 'a long header field', witnesses: ['MSG-16'], probe: (stage) => tryGets(stage, 'MSG-16', [longField]) },
    { name: 'a long request target', witnesses: ['MSG-17'], probe: (stage) => tryLists(stage, 'MSG-17', [longTarget]) },
  ];
  const heads: Campaign = { name: 'HEAD', witnesses: ['MSG-10', 'MSG-04'], probe: tryHead };
  if (plan.facts.readOnly) return [...long, heads];
  const oddities = selectBy(plan, spellings);
  return [
    ...spelled.map(
      (requirement): Campaign => ({
        name: `${requirement} spelled otherwise`,
        witnesses: [requirement],
        probe: (stage) =>
          trySpellings(
            stage,
            requirement,
            oddities.filter((each) => each.requirement === requirement),
          ),
      }),
    ),
    ...long,
    heads,
    {
      name: 'other methods on a product',
      witnesses: ['MSG-08', 'MSG-09', 'MSG-26'],
      async probe(stage) {
        await tryOnProduct(stage, 'MSG-08', documentlessMethods('product'));
        if (plan.effort !== 'quick') await tryMethodsOnClosed(stage);
      },
    },
    { name: 'other methods on the list', witnesses: ['MSG-08', 'MSG-09', 'MSG-26'], probe: tryMethodsOnList },
    { name: 'entity tags', witnesses: ['MSG-23'], probe: tryEntityTags },
  ];
}

/** Each create made in an unusual spelling, and its product closed in one. */
async function trySpellings(stage: Stage, requirement: RequirementId, oddities: readonly Spoiled[]): Promise<void> {
  const place = await stage.place();
  const codes = await freeCodes(stage, place);
  const creates = oddities.filter(({ operation }) => operation === 'create');
  const closes = oddities.filter(({ operation }) => operation === 'close');
  for (const [index, create] of creates.entries()) {
    const code = codes[index % codes.length];
    if (code === undefined) return;
    const id = await spellCreate(stage, requirement, place, code, create);
    const close = closes[index];
    if (id === undefined || close === undefined) continue;
    await trySpelledClose(
      stage,
      place,
      { id, code },
      () => label(stage, requirement, close.case),
      (product, probe) => sendOdd(stage, close.spoil(draftClose(product, place.requestor)), probe),
    );
  }
}

const triesNeeded = 3;

/** Three times where it is refused, each followed by an ordinary create (R-LIMITS). Resolves to a product. */
async function spellCreate(
  stage: Stage,
  requirement: RequirementId,
  place: Place,
  code: string,
  oddity: Spoiled,
): Promise<string | undefined> {
  let ordinary: string | undefined;
  for (let tries = 0; tries < triesNeeded; tries += 1) {
    const named = label(stage, requirement, oddity.case);
    await makeRoom(stage, place, code);
    const odd = await sendOdd(stage, oddity.spoil(draftCreate(place.customer, code, place.requestor)), named(roleOf(oddity)));
    const made = createdBy(stage, place, odd);
    if (made !== undefined) {
      await stage.get(made, named('after'));
      return made;
    }
    ordinary = await createWithRoom(stage, place, code, named('control'));
    if (ordinary === undefined) return undefined;
  }
  return ordinary;
}

const lengthOfLong = 64 * 1024;

const longField: Spoiled = {
  requirement: 'MSG-16',
  operation: 'get',
  role: 'odd',
  case: 'with an unused header field of 64 KiB',
  spoil: (draft) => ({ ...draft, headers: { ...draft.headers, 'X-Unused': 'a'.repeat(lengthOfLong) } }),
};

const longTarget: Spoiled = {
  requirement: 'MSG-17',
  operation: 'list',
  role: 'odd',
  case: 'with a request target of 64 KiB',
  spoil: (draft) => ({ ...draft, path: `${draft.path}?unused=${'a'.repeat(lengthOfLong)}` }),
};

const triesOnClosed = 3;

/** MSG-08 on a product that is closed; on another one where an effect may have been somebody else's. */
async function tryMethodsOnClosed(stage: Stage): Promise<void> {
  const place = await stage.place();
  let subject: Subject | undefined;
  for (const oddity of documentlessMethods('closed product')) {
    for (let tries = 0; tries < triesOnClosed; tries += 1) {
      subject ??= await closedSubject(stage, place);
      if (subject === undefined) return;
      const named = label(stage, 'MSG-08', oddity.case);
      const before = await stage.get(subject.id, named('before'));
      const odd = await sendOdd(stage, oddity.spoil(draftClose(subject.id, place.requestor)), named('odd'));
      const after = await stage.get(subject.id, named('after'));
      const followed = whatFollowed(stage, before, odd, after);
      if (followed === undefined) break;
      subject = undefined;
      if (followed.certain) break;
    }
  }
}

async function closedSubject(stage: Stage, place: Place): Promise<Subject | undefined> {
  const subject = await openSubject(stage, place);
  if (subject === undefined || !wasAccepted(await stage.close(place, subject.id))) return undefined;
  await settle(stage);
  return subject;
}

/** MSG-08 on the list: customers of our own making only (rule 7). */
async function tryMethodsOnList(stage: Stage): Promise<void> {
  const place = await stage.place();
  if (!place.invented) return;
  const subject = await openSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'MSG-08', 'methods');
  let before = await stage.list(place, [], named('before'));
  for (const oddity of documentlessMethods('list')) {
    for (let tries = 0; tries < 3; tries += 1) {
      const odd = await sendOdd(stage, oddity.spoil(draftList(place.customer)), named('odd', oddity.case));
      const after = await stage.list(place, [], named('after', oddity.case));
      const followed = whatFollowed(stage, before, odd, after);
      before = after;
      if (followed === undefined || followed.certain) break;
      await createWithRoom(stage, place, subject.code);
      before = await stage.list(place, [], named('before'));
    }
  }
}

const asHead = (draft: Draft): Draft => ({ ...draft, method: 'HEAD', intent: { ...draft.intent, operation: 'other' } });

/** How long before HEAD is sent again, whose length was not that of GET: long enough for a bank to be done with a product. In milliseconds. */
const headGapsMs = [100, 1_100];

/**
 * HEAD between two equal GETs, of a product and of a list; twice, for what it says of itself and what of its length. Three times, where the
 * length is another.
 */
async function tryHead(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject: Subject | undefined = await findSubject(stage, place);
  if (subject === undefined) return;
  await settle(stage);
  for (const requirement of ['MSG-10', 'MSG-04'] as const) {
    const resources = [
      ['by HEAD on a product', draftGet(subject.id), (probe) => stage.get(subject.id, probe)],
      ['by HEAD on the list', draftList(place.customer), (probe) => stage.list(place, [], probe)],
    ] as const satisfies readonly (readonly [string, Draft, (probe: ReturnType<ReturnType<typeof label>>) => Promise<Exchange>])[];
    for (const [name, draft, read] of resources) {
      const gaps = requirement === 'MSG-04' ? headGapsMs : [];
      for (const gap of [0, ...gaps]) {
        if (gap > 0) await stage.wait(gap);
        const named = label(stage, requirement, name);
        const before = await read(named('before'));
        const head = await sendOdd(stage, asHead(draft), named('odd'));
        await read(named('after'));
        const [length, announced] = [before, head].map((exchange) => lengthOf(readMessage(exchange)));
        if (length === undefined || announced === undefined || length === announced) break;
      }
    }
  }
}

/** Longer than this the run does not wait for replicas to settle, in milliseconds. */
const settlingAtMost = 5_000;

/** MSG-23: what was kept under the entity tag of before a close is stale after it. */
async function tryEntityTags(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await openSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'MSG-23', 'with the entity tag of before the close');
  const resources = [
    { draft: draftGet(subject.id), tag: tagOf(await stage.get(subject.id, named('before'))) },
    { draft: draftList(place.customer), tag: tagOf(await stage.list(place, [], named('before'))) },
  ].flatMap(({ draft, tag }) => (tag === undefined ? [] : [{ draft, tag }]));
  const settleMs = stage.guide.known.facts.settleMs ?? 0;
  if (resources.length === 0 || settleMs > settlingAtMost) return;
  const close = await stage.close(place, subject.id, named('control'));
  await stage.get(subject.id, named('after'));
  await stage.list(place, [], named('after'));
  await stage.wait(Math.max(0, close.receivedAt + settleMs - stage.session.now()));
  for (const { draft, tag } of resources)
    await sendOdd(stage, { ...draft, headers: { ...draft.headers, 'If-None-Match': tag } }, named('odd'));
}

const tagOf = (exchange: Exchange): string | undefined => headerOf(readMessage(exchange), 'etag');
