/** MSG-04, MSG-18, MSG-19: what only a socket of our own can send and see. */
import { randomUUID } from 'node:crypto';
import { readMessage } from '../generators/model/message.ts';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import type { Spoilt } from '../generators/spoiled/spoiled.ts';
import { isMissized } from '../judge/lengths.ts';
import type { Probe } from '../spec/journal.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Place } from './ground.ts';
import type { Stage } from './stage.ts';
import { awaitActive, createdBy, createWithRoom, findSubject, freeCodes, makeRoom, type Subject } from './subjects.ts';
import { label, trySpelledClose } from './trials.ts';

export function wireCampaigns(plan: Plan): Campaign[] {
  const { readOnly, auth } = plan.facts;
  const lengths: Campaign = { name: 'lengths on the wire', witnesses: ['MSG-04'], waits: true, probe: (stage) => measure(stage, readOnly) };
  if (readOnly) return [lengths];
  return [
    lengths,
    { name: 'content in chunks', witnesses: ['MSG-19'], waits: true, probe: sendChunks },
    {
      name: 'answers before the content',
      witnesses: ['MSG-18'],
      waits: true,
      async probe(stage) {
        await Promise.all([
          answerEarly(stage, 'with a method that is none, and content held back', { method: 'PUT' }),
          ...(auth === 'none' ? [] : [answerEarly(stage, 'without a token, and with content held back', { authorization: null })]),
        ]);
      },
    },
  ];
}

/** A request on a connection of its own, with one whose answer shows what became of the connection, if any. */
async function sendRaw(stage: Stage, requests: readonly (Spoilt & { probe: Probe; chunks?: readonly string[]; holdsContent?: true })[]) {
  return stage.session.sendRaw(
    requests.map(({ probe, body, chunks, ...draft }) => ({
      ...draft,
      ...(chunks === undefined ? (body === undefined ? {} : { body }) : { chunks }),
      campaign: stage.campaign,
      intent: { ...draft.intent, probe },
    })),
  );
}

const triesNeeded = 3;

/** Content-Length of every kind of answer; where it is wrong, three times on connections of their own (rule 8). */
async function measure(stage: Stage, readOnly: boolean): Promise<void> {
  const place = await stage.place();
  const subject = await findSubject(stage, place);
  if (subject === undefined) return;
  const [list, get] = [draftList(place.customer), draftGet(subject.id)];
  // A refusal may repeat what it refuses, in letters of more than one octet.
  const foreign: Draft = { ...draftList(place.customer, [['status', 'GESCHLOSSEN ß€']]) };
  const resources: (readonly [string, Draft])[] = [
    ['', list],
    ['', get],
    ['compressed', { ...list, headers: { 'Accept-Encoding': 'gzip' } }],
    ['with a status in foreign letters', foreign],
    ['of an unknown id', draftGet(randomUUID())],
  ];
  const named = label(stage, 'MSG-04', 'on the wire');
  await Promise.all(
    resources.map(async ([name, draft]) => {
      for (let tries = 0; tries < triesNeeded; tries += 1) if ((await measureOne(stage, draft, named('odd', name))) !== true) return;
    }),
  );
  if (!readOnly) await measureWrites(stage, place, named);
}

async function measureOne(stage: Stage, draft: Draft, probe: Probe): Promise<boolean | undefined> {
  const [exchange] = await sendRaw(stage, [{ ...draft, probe }]);
  return isMissized(readMessage(exchange!));
}

async function measureWrites(stage: Stage, place: Place, named: ReturnType<typeof label>): Promise<void> {
  const [code] = await freeCodes(stage, place);
  if (code === undefined) return;
  for (let tries = 0; tries < triesNeeded; tries += 1) {
    await makeRoom(stage, place, code);
    const [made] = await sendRaw(stage, [{ ...draftCreate(place.customer, code, place.requestor), probe: named('odd', '') }]);
    const id = createdBy(stage, place, made!);
    const wrong = isMissized(readMessage(made!));
    if (id === undefined || !(await awaitActive(stage, id))) return;
    if ((await measureOne(stage, draftClose(id, place.requestor), named('odd', ''))) !== true && wrong !== true) return;
  }
}

/** The content in pieces that part a member name, a value and a single octet from the rest. */
const cutUp = (text: string): string[] =>
  [text.slice(0, 5), text.slice(5, 6), text.slice(6, -2), text.slice(-2)].filter((piece) => piece !== '');

async function sendChunks(stage: Stage): Promise<void> {
  const place = await stage.place();
  const codes = await freeCodes(stage, place);
  let subject: Subject | undefined;
  for (let tries = 0; tries < triesNeeded; tries += 1) {
    const code = codes[tries % codes.length];
    if (code === undefined) return;
    const named = label(stage, 'MSG-19', 'in chunks');
    await makeRoom(stage, place, code);
    const { body: content = '', ...create } = draftCreate(place.customer, code, place.requestor);
    const [odd] = await sendRaw(stage, [{ ...create, chunks: cutUp(content), probe: named('spelling') }]);
    const made = createdBy(stage, place, odd!);
    if (made !== undefined) {
      await stage.get(made, named('after'));
      subject = { id: made, code };
      break;
    }
    const ordinary = await createWithRoom(stage, place, code, named('control'));
    if (ordinary !== undefined) subject = { id: ordinary, code };
  }
  if (subject === undefined) return;
  await trySpelledClose(
    stage,
    place,
    subject,
    () => label(stage, 'MSG-19', 'in chunks'),
    async (product, probe) => {
      const { body: order = '', ...close } = draftClose(product, place.requestor);
      const [exchange] = await sendRaw(stage, [{ ...close, chunks: cutUp(order), probe }]);
      return exchange!;
    },
  );
}

/** So much content that no server takes it in unasked. */
const padding = 'x'.repeat(64 * 1024);

/** A request that needs no content to be refused, its content held back, and on the same connection a get of a product. */
async function answerEarly(stage: Stage, name: string, oddity: Partial<Spoilt>): Promise<void> {
  const place = await stage.place();
  const subject = await findSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'MSG-18', name);
  const nowhere = draftClose(randomUUID(), place.requestor);
  const early: Spoilt = {
    ...nowhere,
    ...oddity,
    body: JSON.stringify({ status: 'CLOSED', padding }),
    intent: { ...nowhere.intent, operation: 'other' },
  };
  await sendRaw(stage, [
    { ...early, holdsContent: true, probe: named('odd') },
    { ...draftGet(subject.id), probe: named('odd') },
  ]);
  await stage.get(subject.id, named('control'));
}
