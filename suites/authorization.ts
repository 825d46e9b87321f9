/** AUT: each operation without a token, with one that was never issued, with a good one in unusual dress. */
import { randomUUID } from 'node:crypto';
import { readMessage } from '../generators/model/message.ts';
import { isRecord } from '../generators/model/product.ts';
import { type Draft, draftClose, draftCreate, draftGet, draftList } from '../generators/requests.ts';
import { changedTokens, inventToken, resizedTokens, unsignedToken } from '../generators/spoiled/credentials.ts';
import { type Spoiled, withBody } from '../generators/spoiled/spoiled.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { Auth } from '../spec/profile.ts';
import { type Operation, operations } from '../spec/values.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Stage } from './stage.ts';
import { createWithRoom, findSubject, openSubject, settle, wasAccepted } from './subjects.ts';
import { requestToken } from './tokens.ts';
import { label, sendEach, sendOdd, trying } from './trials.ts';

const challenged: readonly RequirementId[] = ['AUT-12', 'AUT-13', 'AUT-18'];
const withoutToken: Readonly<Record<Operation, RequirementId>> = { list: 'AUT-01', create: 'AUT-02', get: 'AUT-03', close: 'AUT-04' };
const withInvented: Readonly<Record<Operation, RequirementId>> = { list: 'AUT-05', create: 'AUT-06', get: 'AUT-07', close: 'AUT-08' };

/** Longer than this no run waits for a token to expire, in seconds. */
const waitAtMost = { quick: 3, standard: 5, thorough: 60 } as const;
const changes = { quick: 3, standard: 6, thorough: 16 } as const;
const changesOnWrites = 2;

export function authorizationCampaigns(plan: Plan, auth: Auth): Campaign[] {
  if (auth.type === 'none') return [];
  const writes = new Set<Operation>(['create', 'close']);
  const offered = operations.filter((operation) => !plan.facts.readOnly || !writes.has(operation));
  return [
    ...offered.flatMap((operation): Campaign[] => [
      {
        name: `${operation} without a token`,
        witnesses: [withoutToken[operation], ...challenged],
        probe: (stage) =>
          trying[operation](stage, withoutToken[operation], [
            bearing(operation, 'without a token', null),
            bearing(operation, 'with the scheme alone', 'Bearer'),
            ...(operation === 'list' && plan.effort !== 'quick' ? [filteredWithoutToken] : []),
          ]),
      },
      {
        name: `${operation} with an invented token`,
        witnesses: [withInvented[operation], ...challenged],
        probe: (stage) => tryInvented(stage, operation),
      },
    ]),
    {
      name: 'tokens with one character changed',
      witnesses: ['AUT-09', ...challenged],
      probe: (stage) => tryChanged(stage, plan),
    },
    { name: 'tokens under another scheme', witnesses: ['AUT-11', 'AUT-12'], probe: (stage) => tryOtherScheme(stage, plan) },
    { name: 'the scheme in other letters', witnesses: ['AUT-14'], probe: trySchemeLetters },
    ...(plan.facts.allowSecretsInUrl ? [{ name: 'a token in the query', witnesses: ['AUT-15'] as const, probe: tryQuery }] : []),
    ...(plan.facts.readOnly
      ? []
      : [
          { name: 'bad requests without a token', witnesses: ['AUT-16', 'AUT-12'] as const, probe: tryBadRequests },
          { name: 'what refusals show and do', witnesses: ['AUT-17'] as const, probe: tryEffects },
        ]),
    ...(auth.type === 'oauth2'
      ? [
          {
            name: 'a token after its time',
            witnesses: ['AUT-10'] as const,
            waits: true,
            probe: (stage: Stage) => tryExpired(stage, auth, waitAtMost[plan.effort]),
          },
        ]
      : []),
  ];
}

/** A valid request with these credentials; the requirement of its probe is the campaign's. */
function bearing(operation: Operation, name: string, authorization: string | null, role?: Spoiled['role']): Spoiled {
  return {
    requirement: 'AUT-01',
    operation,
    case: name,
    spoil: (draft) => ({ ...draft, authorization }),
    ...(role === undefined ? {} : { role }),
  };
}

/** What lets in a call by its address may know the plain one only. */
const filteredWithoutToken: Spoiled = {
  requirement: 'AUT-01',
  operation: 'list',
  case: 'with a filter and without a token',
  spoil: ({ intent, ...draft }) => ({
    ...draft,
    path: `${draft.path}?status=ACTIVE`,
    intent: { ...intent, filters: [['status', 'ACTIVE']] },
    authorization: null,
  }),
};

/** What the session sends now, without its scheme. */
async function currentToken(stage: Stage): Promise<string> {
  return ((await stage.session.authorization()) ?? '').replace(/^bearer +/i, '');
}

async function tryInvented(stage: Stage, operation: Operation): Promise<void> {
  const token = await currentToken(stage);
  const unsigned = operation === 'list' || operation === 'get' ? unsignedToken(token) : undefined;
  await trying[operation](stage, withInvented[operation], [
    bearing(operation, 'with a token that was never issued', `Bearer ${inventToken()}`),
    ...(unsigned === undefined ? [] : [bearing(operation, 'with its own claims unsigned', `Bearer ${unsigned}`)]),
    ...resizedTokens(token).map((resized, index) => bearing(operation, resizings[index]!, `Bearer ${resized}`)),
  ]);
  if (operation === 'get' && !stage.guide.known.facts.readOnly) await tryInventedOnClosed(stage);
}

const resizings = ['with the first half of its token', 'with letters before its token', 'with letters after its token'] as const;

/** What is closed is no less of a secret. */
async function tryInventedOnClosed(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await openSubject(stage, place);
  if (subject === undefined || !wasAccepted(await stage.close(place, subject.id))) return;
  const named = label(stage, 'AUT-07', 'with a token that was never issued, of a CLOSED product');
  await stage.get(subject.id, named('before'));
  await sendOdd(stage, { ...draftGet(subject.id), authorization: `Bearer ${inventToken()}` }, named('spoiled'));
  await stage.get(subject.id, named('control'));
  // Whether closing again is accepted is open (R-AGAIN); without a good token it is not.
  const again = label(stage, 'AUT-08', 'with a token that was never issued, of a CLOSED product');
  await sendOdd(stage, { ...draftClose(subject.id, place.requestor), authorization: `Bearer ${inventToken()}` }, again('spoiled'));
  await stage.get(subject.id, again('after'));
}

/** Nor is a write taken: what reads the token in one place for reading and in another for writing may be careless in one of them. */
async function tryOnWrites(
  stage: Stage,
  { effort, facts }: Plan,
  requirement: RequirementId,
  dress: (operation: Operation, token: string) => readonly Spoiled[],
): Promise<void> {
  if (effort === 'quick' || facts.readOnly) return;
  for (const operation of ['create', 'close'] as const)
    await trying[operation](stage, requirement, dress(operation, await currentToken(stage)));
}

async function tryChanged(stage: Stage, plan: Plan): Promise<void> {
  await tryDressed(stage, 'AUT-09', ({ token }) =>
    changedTokens(token, changes[plan.effort]).map((changed, index, { length }) =>
      bearing('get', `with character ${index + 1} of ${length} places changed`, `Bearer ${changed}`),
    ),
  );
  await tryOnWrites(stage, plan, 'AUT-09', (operation, token) =>
    changedTokens(token, changesOnWrites).map((changed, index, { length }) =>
      bearing(operation, `with character ${index + 1} of ${length} places changed`, `Bearer ${changed}`),
    ),
  );
}

async function tryOtherScheme(stage: Stage, plan: Plan): Promise<void> {
  const underBasic = (operation: Operation, token: string): Spoiled[] => [
    bearing(operation, 'with the token under Basic', `Basic ${token}`),
  ];
  await tryDressed(stage, 'AUT-11', ({ token, operation }) => underBasic(operation, token));
  await tryOnWrites(stage, plan, 'AUT-11', underBasic);
}

async function trySchemeLetters(stage: Stage): Promise<void> {
  await tryDressed(stage, 'AUT-14', ({ token, operation }) => [
    bearing(operation, 'with the scheme in small letters', `bearer ${token}`, 'spelling'),
    bearing(operation, 'with the scheme in capitals', `BEARER ${token}`, 'spelling'),
  ]);
}

async function tryQuery(stage: Stage): Promise<void> {
  await tryDressed(stage, 'AUT-15', ({ token, operation }) => [
    {
      requirement: 'AUT-15',
      operation,
      case: 'with the token in the query',
      role: 'odd',
      spoil: (draft) => ({ ...draft, path: `${draft.path}?access_token=${encodeURIComponent(token)}`, authorization: null }),
    },
  ]);
}

const triesNeeded = 3;

/**
 * The token of the run in unusual dress, and then the very same token as usual: another one may have ended it meanwhile (TOK-13), and
 * then it is tried with the next.
 */
async function tryDressed(
  stage: Stage,
  requirement: RequirementId,
  dress: (given: { readonly token: string; readonly operation: 'get' | 'list' }) => readonly Spoiled[],
): Promise<void> {
  const place = await stage.place();
  const subject = await findSubject(stage, place);
  if (subject === undefined) return;
  await settle(stage);
  for (const operation of ['get', 'list'] as const) {
    const draft = operation === 'get' ? draftGet(subject.id) : draftList(place.customer);
    for (let tries = 0; tries < triesNeeded; tries += 1) {
      const token = await currentToken(stage);
      const named = label(stage, requirement, operation);
      await sendEach(stage, named, dress({ token, operation }), draft);
      if (wasAccepted(await sendOdd(stage, { ...draft, authorization: `Bearer ${token}` }, named('control')))) break;
      // Lets the session find out that its token has ended.
      await stage.get(subject.id);
    }
  }
}

async function tryBadRequests(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await findSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'AUT-16', 'bad requests');
  const requests = [
    ['of an unknown id', draftGet(randomUUID())],
    ['of an unknown id', draftClose(randomUUID(), place.requestor)],
    ['without productCode', withBody('{}')(draftCreate(place.customer, subject.code, place.requestor))],
    ['with content that is not JSON', withBody('{"status":')(draftClose(subject.id, place.requestor))],
  ] as const;
  for (const [name, draft] of requests) await sendOdd(stage, { ...draft, authorization: null }, named('spoiled', name));
}

/** AUT-17: all four operations without a token, with a product of ours to show and to close. */
async function tryEffects(stage: Stage): Promise<void> {
  const place = await stage.place();
  const subject = await openSubject(stage, place);
  if (subject === undefined) return;
  const named = label(stage, 'AUT-17', 'without a token');
  const drafts = [
    draftList(place.customer),
    draftGet(subject.id),
    draftCreate(place.customer, subject.code, place.requestor),
    draftClose(subject.id, place.requestor),
  ];
  await stage.list(place, [], named('before'));
  for (const draft of drafts) {
    await sendOdd(stage, { ...draft, authorization: null }, named('spoiled'));
    await stage.list(place, [], named('after'));
  }
}

const roundingMs = 1_100;
const secondLookMs = 1_500;

/** AUT-10, where a token lives short enough: used in its time, and after it. */
async function tryExpired(stage: Stage, auth: Extract<Auth, { type: 'oauth2' }>, waitAtMostSeconds: number): Promise<void> {
  const named = label(stage, 'AUT-10', 'after its time');
  const { exchange, token } = await requestToken(stage, auth, { probe: named('before') });
  const { json } = readMessage(exchange);
  const seconds = isRecord(json) && typeof json.expires_in === 'number' ? json.expires_in : undefined;
  if (token === undefined || seconds === undefined || seconds > waitAtMostSeconds) return;
  const place = await stage.place();
  const subject = await findSubject(stage, place);
  if (subject === undefined) return;
  const use = (role: 'control' | 'odd', draft: Draft = draftGet(subject.id)): Promise<unknown> =>
    sendOdd(stage, { ...draft, authorization: `Bearer ${token}` }, named(role));
  await use('control');
  await stage.wait(Math.max(0, exchange.receivedAt + seconds * 1_000 + roundingMs - stage.session.now()));
  await use('odd');
  await stage.wait(secondLookMs);
  await use('odd');
  // What one operation refuses, another may take.
  await use('odd', draftList(place.customer));
  if (stage.guide.known.facts.readOnly) return;
  await use('odd', draftCreate(place.customer, subject.code, place.requestor));
  await use('odd', draftClose(subject.id, place.requestor));
}

/** OWN-03: the second client of the profile looks at a product of the first, and tries to close it. */
export function otherClientCampaigns(plan: Plan): Campaign[] {
  if (!plan.facts.hasOtherClient || plan.facts.readOnly) return [];
  return [
    {
      name: 'a second client',
      witnesses: ['OWN-03'],
      async probe(stage) {
        const authorization = await stage.session.otherAuthorization();
        const place = await stage.place();
        const subject = authorization === undefined ? undefined : await openSubject(stage, place);
        if (authorization === undefined || subject === undefined) return;
        const named = label(stage, 'OWN-03', 'by a second client');
        await stage.get(subject.id, named('before'));
        for (const draft of [draftGet(subject.id), draftList(place.customer), draftClose(subject.id, place.requestor)])
          await sendOdd(stage, { ...draft, authorization }, named('odd'));
        await stage.get(subject.id, named('after'));
        await stage.close(place, subject.id, named('control'));
        await createWithRoom(stage, place, subject.code);
      },
    },
  ];
}
