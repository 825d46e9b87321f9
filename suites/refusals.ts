/** REF, and the rows of CLS, CRE and LST about bad input: each row's defects on ground of its own. */
import { randomUUID } from 'node:crypto';
import { isRefused, readMessage } from '../generators/model/message.ts';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import { hostileRequests } from '../generators/spoiled/hostile.ts';
import { foreignMembers, foreignToClose } from '../generators/spoiled/members.ts';
import { spoiledRequests } from '../generators/spoiled/requests.ts';
import { type Spoiled, type Spoilt, withBody, withMembers, withoutHeader } from '../generators/spoiled/spoiled.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Operation } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import { closeWhenFree } from './holding.ts';
import { changeDigit } from './neighbour.ts';
import type { Stage } from './stage.ts';
import { createdBy, createWithRoom, freeCodes, makeRoom, openSubject, type Subject, settle, wasAccepted } from './subjects.ts';
import { type Label, label, roleOf, sendOdd, trying, whatFollowed } from './trials.ts';

/** What any refusal bears witness to. */
const anyRefusal: readonly RequirementId[] = ['MSG-05', 'MSG-06', 'MSG-11', 'MSG-12', 'MSG-13', 'MSG-27', 'SCH-15'];

export const selectBy = (plan: Plan, oddities: readonly Spoiled[]): readonly Spoiled[] =>
  plan.effort === 'quick' ? oddities.filter(({ extra }) => extra !== true) : oddities;

export function refusalCampaigns(plan: Plan): Campaign[] {
  const reading = groupByRow(selectBy(plan, spoiledRequests)).filter(({ operation }) => operation === 'list' || operation === 'get');
  const writing = groupByRow(selectBy(plan, spoiledRequests)).filter(({ operation }) => operation === 'create' || operation === 'close');
  const readers = reading.map(campaignOf);
  if (plan.facts.readOnly) return [...readers, unknownIds('LST-06')];
  return [
    ...writing.map(campaignOf),
    ...readers,
    unknownIds('LST-06'),
    { name: 'closes of unknown ids', witnesses: ['CLS-09'], probe: closeUnknown },
    { name: 'bad closes of a closed product', witnesses: ['CLS-10', 'CLS-11'], probe: spoilClosesOfClosed },
    {
      name: 'refused, and looked at later',
      witnesses: ['REF-01', 'REF-02', 'REF-05', 'CLS-10', 'CLS-11', 'AUT-04'],
      waits: true,
      probe: (stage) => lookLater(stage, plan),
    },
    { name: 'creates with foreign members', witnesses: ['CRE-07'], probe: (stage) => createWithForeignMembers(stage, plan) },
    limits(plan),
    {
      name: 'hostile input',
      witnesses: ['REF-09', ...anyRefusal],
      last: true,
      probe: (stage) => sendHostileInput(stage, selectBy(plan, hostileRequests)),
    },
  ];
}

interface Group {
  readonly requirement: RequirementId;
  readonly operation: Operation;
  readonly oddities: readonly Spoiled[];
}

function groupByRow(oddities: readonly Spoiled[]): Group[] {
  const keys = new Set(oddities.map(({ requirement, operation }) => `${requirement} ${operation}`));
  return [...keys].map((key) => {
    const [requirement, operation] = key.split(' ') as [RequirementId, Operation];
    return {
      requirement,
      operation,
      oddities: oddities.filter((each) => each.requirement === requirement && each.operation === operation),
    };
  });
}

const campaignOf = ({ requirement, operation, oddities }: Group): Campaign => ({
  name: `${requirement} by ${operation}`,
  witnesses: [requirement, ...anyRefusal, ...(operation === 'close' ? (['CLS-11'] as const) : [])],
  probe: (stage) => trying[operation](stage, requirement, oddities),
});

const unknownIds = (requirement: 'LST-06'): Campaign => ({
  name: 'gets of unknown ids',
  witnesses: [requirement, 'LST-10', ...anyRefusal],
  probe: (stage) =>
    trying.get(stage, requirement, [
      unknownId('of an unknown id', () => randomUUID()),
      unknownId('of another unknown id', () => randomUUID()),
      // Products and customers have ids of their own.
      unknownId('of the id of its customer', (id) => stage.guide.known.products.get(id)?.customer ?? randomUUID()),
      unknownId('of an id with its last digit changed', (id) => changeDigit(id, id.length - 1)),
      unknownId('of an id with its first digit changed', (id) => changeDigit(id, 0)),
      unknownId('of an id with a digit in the middle changed', (id) => changeDigit(id, middle)),
    ]),
});

const unknownId = (name: string, idFrom: (known: string) => string): Spoiled => ({
  requirement: 'LST-06',
  operation: 'get',
  case: name,
  spoil: ({ intent }) => draftGet(idFrom(intent.product!)),
});

/** Of the node, in the fifth group. */
const middle = 26;

async function closeUnknown(stage: Stage): Promise<void> {
  const place = await stage.place();
  for (let tries = 0; tries < 3; tries += 1) {
    const subject = await openSubject(stage, place);
    if (subject === undefined) return;
    const named = label(stage, 'CLS-09', 'of an unknown id');
    // Not the last digit: where ids are counted, that would be the next product, and somebody else's (rule 7).
    for (const id of [randomUUID(), changeDigit(subject.id, middle), changeDigit(subject.id, 0)]) {
      if (wasAccepted(await stage.get(id, named('before')))) continue;
      await sendOdd(stage, draftClose(id, place.requestor), named('spoiled'));
      await stage.get(id, named('after'));
    }
    // Refused for reasons of the business (R-CLOSABLE), it proves nothing.
    if (wasAccepted(await closeWhenFree(stage, place, subject.id, named('control')))) return;
  }
}

/** What is closed stays closed, whatever bad request comes. */
async function spoilClosesOfClosed(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await openSubject(stage, place);
  if (subject === undefined || !wasAccepted(await stage.close(place, subject.id))) return;
  await settle(stage);
  const close = draftClose(subject.id, place.requestor);
  const named = label(stage, 'CLS-10', 'with status ACTIVE, of a CLOSED product');
  await stage.get(subject.id, named('before'));
  await sendOdd(stage, withMembers({ status: 'ACTIVE' })(close), named('spoiled'));
  await stage.get(subject.id, named('after'));
  await sendOdd(stage, withBody('{}')(close), label(stage, 'CLS-11', 'without status, of a CLOSED product')('spoiled'));
  await stage.get(subject.id);
  await stage.close(place, subject.id, named('control'));
}

/** Longer than what is done in the background takes, as a rule, in milliseconds. */
const laterMs = 1_300;

/** Refused requests whose effect, if any, comes late: closes on a product each, and a create. */
async function lookLater(stage: Stage, { auth, effort }: Plan): Promise<void> {
  const first = await stage.place();
  const codes = await freeCodes(stage, first);
  const all: readonly (readonly [RequirementId, string, (draft: Draft) => Spoilt])[] = [
    ['REF-02', 'without Requestor-ID', withoutHeader('Requestor-ID')],
    ['CLS-10', 'with status BLOCKED', withMembers({ status: 'BLOCKED' })],
    ['REF-05', 'without status', withBody('{}')],
    ...(auth.type === 'none' ? [] : [['AUT-04', 'without a token', (draft: Draft) => ({ ...draft, authorization: null })] as const]),
  ];
  const refused = effort === 'quick' ? all.slice(0, 2) : all;
  const trials: { readonly place: Place; readonly subject: Subject; readonly named: Label }[] = [];
  for (const [requirement, name, spoil] of refused) {
    const place = trials.length === 0 ? first : await stage.place();
    // Each of a code of its own: where one may be open at a time, none has to be closed for another.
    const taken = trials.flatMap((trial) => (trial.place.customer === place.customer ? [trial.subject.code] : []));
    const subject = await openSubject(
      stage,
      place,
      (await freeCodes(stage, place)).filter((code) => !taken.includes(code)),
    );
    if (subject === undefined) break;
    const named = label(stage, requirement, name);
    await stage.get(subject.id, named('before'));
    await sendOdd(stage, spoil(draftClose(subject.id, place.requestor)), named('spoiled'));
    trials.push({ place, subject, named });
  }
  const created = label(stage, 'REF-01', 'without Requestor-ID');
  await stage.list(first, [], created('before'));
  const code = codes[0];
  if (code !== undefined)
    await sendOdd(stage, withoutHeader('Requestor-ID')(draftCreate(first.customer, code, first.requestor)), created('spoiled'));
  await stage.wait(laterMs);
  await stage.list(first, [], created('after'));
  for (const { subject, named } of trials) await stage.get(subject.id, named('after'));
  for (const { place, subject, named } of trials) await stage.close(place, subject.id, named('control'));
  if (code !== undefined) await createWithRoom(stage, first, code, created('control'));
}

async function createWithForeignMembers(stage: Stage, { effort }: Plan): Promise<void> {
  const place = await stage.place();
  const codes = await freeCodes(stage, place);
  const named = label(stage, 'CRE-07', 'create');
  for (const [index, oddity] of foreignMembers.entries()) {
    const code = codes[index % codes.length];
    if (code === undefined) return;
    // What was refused once may have met a limit of the business: again, each time with the ordinary request after it.
    for (let tries = 0; tries < 2; tries += 1) {
      await makeRoom(stage, place, code);
      const odd = await sendOdd(
        stage,
        oddity.spoil(draftCreate(place.customer, code, place.requestor)),
        named(roleOf(oddity), oddity.case),
      );
      const id = createdBy(stage, place, odd);
      if (id !== undefined) await stage.get(id, named('after', oddity.case));
      if (!isRefused(readMessage(odd))) break;
      await createWithRoom(stage, place, code, named('control'));
    }
  }
  // Whoever's product a customerId made it.
  await stage.list(place);
  if (effort !== 'quick') await closeWithForeignMembers(stage, place, codes);
}

/** Taken, it is a close like any other: the rows of closes judge what came of it. Refused, an ordinary one follows (R-UNKNOWN). */
async function closeWithForeignMembers(stage: Stage, place: Place, codes: readonly string[]): Promise<void> {
  // Of another code than the one that is sent.
  const subject = await openSubject(
    stage,
    place,
    [...codes].sort((one, other) => Number(one === 'WALLET') - Number(other === 'WALLET')),
  );
  if (subject === undefined) return;
  const named = label(stage, 'CRE-07', foreignToClose.case);
  const odd = await sendOdd(stage, foreignToClose.spoil(draftClose(subject.id, place.requestor)), named('odd'));
  await stage.get(subject.id);
  if (wasAccepted(odd)) return;
  await stage.close(place, subject.id);
  await stage.get(subject.id);
}

/** REF-11: the same create twice, and creates of codes not offered: what refuses them is a limit of the business, and adds nothing. */
const limits = ({ codes: offered }: Plan): Campaign => ({
  name: 'creates beyond a limit',
  witnesses: ['REF-11'],
  async probe(stage) {
    const place = await stage.place();
    const [code] = await freeCodes(stage, place);
    if (code !== undefined) await createWithRoom(stage, place, code);
    for (const beyond of [
      ...(code === undefined ? [] : [code]),
      ...stage.guide.known.facts.creatable.filter((each) => !offered.includes(each)),
    ]) {
      let before = await stage.list(place);
      for (let tries = 0; tries < 3; tries += 1) {
        const { exchange } = await stage.create(place, beyond);
        const after = await stage.list(place);
        const followed = whatFollowed(stage, before, exchange, after);
        before = after;
        if (followed === undefined || followed.certain) break;
      }
    }
  },
});

/** REF-09: one place with an open and a closed product; a list after each write shows them all. */
async function sendHostileInput(stage: Stage, oddities: readonly Spoiled[]): Promise<void> {
  const place = await stage.place();
  const codes = await freeCodes(stage, place);
  let subject = await openSubject(stage, place, codes);
  if (subject === undefined) return;
  const named = label(stage, 'REF-09', 'hostile input');
  let before = await stage.list(place, [], named('before'));
  for (const oddity of oddities) {
    const { operation } = oddity;
    const code = codes[1 % codes.length]!;
    const drafts = {
      list: () => draftList(place.customer),
      get: () => draftGet(subject!.id),
      create: () => draftCreate(place.customer, code, place.requestor),
      close: () => draftClose(subject!.id, place.requestor),
    };
    const odd = await sendOdd(stage, oddity.spoil(drafts[operation]()), named(roleOf(oddity), oddity.case));
    if (operation === 'list' || operation === 'get') continue;
    const after = await stage.list(place, [], named('after', oddity.case));
    const followed = whatFollowed(stage, before, odd, after);
    before = after;
    if (operation !== 'close' || followed === undefined) continue;
    subject = (await openSubject(stage, place, codes)) ?? subject;
    before = await stage.list(place, [], named('before'));
  }
  await stage.close(place, subject.id, named('control'));
  await createWithRoom(stage, place, subject.code, named('control'));
}
