/**
 * How odd requests are tried: each with reads around it, all of a row on one piece of ground, and at the end the ordinary
 * request, from the state in which the odd ones found it (rule 2). What could be the work of others is tried again (rule 3).
 */
import { readMessage } from '../generators/model/message.ts';
import type { Draft } from '../generators/requests.ts';
import { draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import type { Spoiled, Spoilt } from '../generators/spoiled/spoiled.ts';
import { type Aftermath, aftermathOf, type Consequence, controlledTriesNeeded } from '../judge/aftermath.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Exchange, Probe, ProbeRole } from '../spec/journal.ts';
import type { Place } from './ground.ts';
import { closeWhenFree } from './holding.ts';
import type { Stage } from './stage.ts';
import { awaitActive, createWithRoom, findSubject, freeCodes, openSubject, type Subject, wasAccepted } from './subjects.ts';

/** Names the exchanges of one series; the case of each odd request stands in its own probe. */
export type Label = (role: ProbeRole, name?: string) => Probe;

export function label(stage: Stage, requirement: RequirementId, name: string): Label {
  const probe = stage.trial(requirement, name);
  return (role, own = name) => ({ ...probe(role), case: own });
}

const triesNeeded = 3;

/** A server error that says nothing of the request; a method may well be unknown. */
const isFailing = ({ answer, intent }: Exchange): boolean =>
  answer !== undefined && answer.status > 500 && !(answer.status === 501 && intent.operation === 'other');

/** Sends an odd request; three times, on new connections, where it is answered by a server error other than 500 (rule 8). */
export async function sendOdd(stage: Stage, draft: Spoilt, probe: Probe, fresh = false): Promise<Exchange> {
  const send = (anew: boolean): Promise<Exchange> =>
    stage.session.send({ ...draft, campaign: stage.campaign, intent: { ...draft.intent, probe }, ...(anew ? { fresh: true } : {}) });
  let exchange = await send(fresh);
  for (let tries = 1; tries < triesNeeded && isFailing(exchange); tries += 1) exchange = await send(true);
  return exchange;
}

const everything: ReadonlySet<Consequence> = new Set(['created', 'closed', 'reopened', 'changed', 'asked', 'gone', 'touched']);

/** What an odd request did, as the judge will see it. */
export function whatFollowed(stage: Stage, before: Exchange, odd: Exchange, after: Exchange): Aftermath | undefined {
  const [first, second] = [readMessage(before), readMessage(after)];
  const attempt = { case: '', odd: readMessage(odd), before: [first], after: [second], control: undefined };
  return aftermathOf(attempt, stage.guide.known, everything);
}

export const roleOf = ({ role }: Spoiled): ProbeRole => role ?? 'spoiled';

const roundsAtMost = 3;

/**
 * Odd creates at one customer, a list after each, and an ordinary create at the end. Where that is refused nothing is proven, and the
 * first of them is tried once more.
 */
export async function tryCreates(stage: Stage, requirement: RequirementId, oddities: readonly Spoiled[]): Promise<void> {
  const place = await stage.place();
  for (let round = 0; round < roundsAtMost; round += 1) {
    const codes = await freeCodes(stage, place);
    const code = codes[round % codes.length];
    if (code === undefined) return;
    const named = label(stage, requirement, 'create');
    let before = await stage.list(place, [], named('before'));
    for (const oddity of round === 0 ? oddities : oddities.slice(0, 1)) {
      for (let tries = 0; tries <= controlledTriesNeeded; tries += 1) {
        const draft = oddity.spoil(draftCreate(place.customer, code, place.requestor));
        const odd = await sendOdd(stage, draft, named(roleOf(oddity), oddity.case));
        const after = await stage.list(place, [], named('after', oddity.case));
        const followed = whatFollowed(stage, before, odd, after);
        const tookMs = after.receivedAt - before.receivedAt;
        before = after;
        if (followed === undefined || followed.certain || wasAccepted(odd)) break;
        // The control: for as long again nothing odd is sent, and what comes all the same is the work of others.
        await stage.wait(tookMs);
        before = await stage.list(place, [], named('before'));
      }
    }
    if ((await createWithRoom(stage, place, code, named('control'))) !== undefined) return;
  }
}

export interface CloseTrial {
  readonly place: Place;
  readonly subject: Subject;
  /** The product, as the last read shows it. */
  readonly before: Exchange;
}

/** Long enough for a `modifiedOn` that moves to be seen to move, where milliseconds are shown. */
const ageMs = 12;

async function beginClose(stage: Stage, place: Place, named: Label): Promise<CloseTrial | undefined> {
  const subject = await openSubject(stage, place);
  if (subject === undefined) return undefined;
  await stage.wait(ageMs);
  return { place, subject, before: await stage.get(subject.id, named('before')) };
}

const isActive = (stage: Stage, id: string): boolean => stage.guide.known.products.get(id)?.last?.shown.status === 'ACTIVE';

/**
 * A close in an unusual, valid spelling. Where it is refused, the usual one follows, and both are tried again on other products: the bank may
 * have had reasons of its own (R-CLOSABLE).
 */
export async function trySpelledClose(
  stage: Stage,
  place: Place,
  first: Subject,
  begin: () => Label,
  send: (id: string, probe: Probe) => Promise<Exchange>,
): Promise<void> {
  let subject: Subject | undefined = (await awaitActive(stage, first.id)) ? first : undefined;
  for (let tries = 1; subject !== undefined; tries += 1) {
    const named = begin();
    if (wasAccepted(await send(subject.id, named('spelling')))) {
      await stage.get(subject.id, named('after'));
      return;
    }
    await stage.close(place, subject.id, named('control'));
    subject = tries < triesNeeded ? await openSubject(stage, place, [subject.code]) : undefined;
  }
}

type DraftFor = (trial: CloseTrial) => Draft;

const closeOf: DraftFor = ({ place, subject }) => draftClose(subject.id, place.requestor);

/** Odd requests about a product that is ACTIVE, a get after each, and an ordinary close at the end. */
export async function tryOnProduct(
  stage: Stage,
  requirement: RequirementId,
  oddities: readonly Spoiled[],
  draftFor: DraftFor = closeOf,
): Promise<void> {
  const place = await stage.place();
  // A close may be refused for reasons of the business (R-CLOSABLE): nothing is proven then, and the first is tried once more.
  for (let round = 0; round < roundsAtMost; round += 1) {
    const named = label(stage, requirement, 'close');
    const trial = await tryEach(stage, place, named, round === 0 ? oddities : oddities.slice(0, 1), draftFor);
    if (trial === undefined) return;
    if (!wasAccepted(await closeWhenFree(stage, place, trial.subject.id, named('control')))) continue;
    // What the odd ones left behind may have undone it.
    await stage.get(trial.subject.id);
    return;
  }
}

/** Resolves to the product that the last of them left ACTIVE. */
async function tryEach(
  stage: Stage,
  place: Place,
  named: Label,
  oddities: readonly Spoiled[],
  draftFor: DraftFor,
): Promise<CloseTrial | undefined> {
  let trial = await beginClose(stage, place, named);
  for (const oddity of oddities) {
    for (let tries = 0; tries < triesNeeded && trial !== undefined; tries += 1) {
      const odd = await sendOdd(stage, oddity.spoil(draftFor(trial)), named(roleOf(oddity), oddity.case));
      const after = await stage.get(trial.subject.id, named('after', oddity.case));
      const followed = whatFollowed(stage, trial.before, odd, after);
      // Accepted, it is judged as it is; but of a method that is none only the effect counts.
      const counts = odd.intent.operation === 'other' || !wasAccepted(odd);
      const again = followed !== undefined && !followed.certain && counts;
      // What an odd request has changed serves no other.
      trial = again || !isActive(stage, trial.subject.id) ? await beginClose(stage, place, named) : { ...trial, before: after };
      if (!again) break;
    }
  }
  return trial;
}

/** Odd gets, and an ordinary one at the end; again where the product has vanished meanwhile (R-ENDED). */
export async function tryGets(stage: Stage, requirement: RequirementId, oddities: readonly Spoiled[]): Promise<void> {
  const place = await stage.place();
  for (let round = 0; round < roundsAtMost; round += 1) {
    const subject = await findSubject(stage, place, true);
    if (subject === undefined) return;
    const named = label(stage, requirement, 'get');
    await sendEach(stage, named, oddities, draftGet(subject.id));
    if (wasAccepted(await stage.get(subject.id, named('control')))) return;
  }
}

/** Odd lists of a customer with a product, and an ordinary one at the end. */
export async function tryLists(stage: Stage, requirement: RequirementId, oddities: readonly Spoiled[]): Promise<void> {
  const place = await stage.place();
  for (let round = 0; round < roundsAtMost; round += 1) {
    if ((await findSubject(stage, place, true)) === undefined) return;
    const named = label(stage, requirement, 'list');
    await sendEach(stage, named, oddities, draftList(place.customer));
    if (wasAccepted(await stage.list(place, [], named('control')))) return;
  }
}

export async function sendEach(stage: Stage, named: Label, oddities: readonly Spoiled[], draft: Draft): Promise<void> {
  for (const oddity of oddities) await sendOdd(stage, oddity.spoil(draft), named(roleOf(oddity), oddity.case));
}

/** By operation. */
export const trying = { create: tryCreates, close: tryOnProduct, get: tryGets, list: tryLists } as const;
