/** TOK: the token endpoint, asked rightly, unusually and wrongly. */
import { randomBytes } from 'node:crypto';
import { draftList } from '../generators/requests.ts';
import type { Exchange, Probe } from '../spec/journal.ts';
import type { Auth } from '../spec/profile.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { Stage } from './stage.ts';
import { label, sendOdd } from './trials.ts';

type OAuth2 = Extract<Auth, { type: 'oauth2' }>;

/** What is unusual about a token request; the rest is as the profile says. */
export interface TokenRequest {
  readonly probe: Probe;
  /** Instead of one `grant_type` of `client_credentials`; empty: none. */
  readonly grantTypes?: readonly string[];
  readonly parameters?: Readonly<Record<string, string>>;
  readonly clientId?: string;
  readonly clientSecret?: string;
  readonly by?: 'body' | 'basic' | 'query';
}

const encodeForm = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);

/** `token`: in clear, for use in an Authorization field only. */
export function requestToken(stage: Stage, auth: OAuth2, request: TokenRequest): Promise<{ exchange: Exchange; token?: string }> {
  const {
    probe,
    grantTypes = ['client_credentials'],
    parameters = {},
    clientId = auth.clientId,
    clientSecret = auth.clientSecret,
  } = request;
  const by = request.by ?? (auth.clientAuthentication === 'client_secret_basic' ? 'basic' : 'body');
  const credentials = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
  const form = new URLSearchParams();
  for (const grantType of grantTypes) form.append('grant_type', grantType);
  if (auth.scope !== undefined) form.append('scope', auth.scope);
  for (const [name, value] of Object.entries(parameters)) form.append(name, value);
  if (by === 'body') for (const [name, value] of credentials) form.append(name, value);
  const basic = Buffer.from(`${encodeForm(clientId)}:${encodeForm(clientSecret)}`).toString('base64');
  return stage.session.sendToken({
    body: form.toString(),
    ...(by === 'query' ? { query: credentials.toString() } : {}),
    ...(by === 'basic' ? { headers: { Authorization: `Basic ${basic}` } } : {}),
    intent: { operation: 'token', probe },
    campaign: stage.campaign,
  });
}

export function tokenCampaigns(plan: Plan, auth: Auth): Campaign[] {
  if (auth.type !== 'oauth2') return [];
  const answers = ['TOK-01', 'TOK-02', 'TOK-03', 'TOK-04', 'TOK-09', 'TOK-14', 'TOK-15', 'TOK-18'] as const;
  const both = auth.clientAuthentication === undefined;
  return [
    { name: 'grant types', witnesses: ['TOK-06', 'TOK-07', ...answers], probe: (stage) => tryGrantTypes(stage, auth) },
    { name: 'token parameters', witnesses: ['TOK-08', 'TOK-11', 'TOK-07'], probe: (stage) => tryParameters(stage, auth) },
    ...(both || auth.clientAuthentication === 'client_secret_basic'
      ? [{ name: 'client authentication by Basic', witnesses: ['TOK-10'] as const, probe: (stage: Stage) => tryBasic(stage, auth) }]
      : []),
    ...(plan.facts.allowSecretsInUrl
      ? [
          {
            name: 'client credentials in the query',
            witnesses: ['TOK-12'] as const,
            probe: (stage: Stage) => tryCredentialsInQuery(stage, auth),
          },
        ]
      : []),
    { name: 'tokens in parallel', witnesses: ['TOK-13'], probe: (stage) => tryInParallel(stage, auth) },
    {
      name: 'clients that are none',
      witnesses: ['TOK-05', 'TOK-07', 'TOK-16', 'TOK-17'],
      last: true,
      probe: (stage) => tryWrongClients(stage, auth),
    },
  ];
}

async function tryGrantTypes(stage: Stage, auth: OAuth2): Promise<void> {
  const named = label(stage, 'TOK-06', 'grant types');
  await requestToken(stage, auth, { grantTypes: [], probe: named('spoiled', 'without grant_type') });
  await requestToken(stage, auth, { grantTypes: ['no_such_grant_type'], probe: named('spoiled', 'with an unknown grant_type') });
  await requestToken(stage, auth, { probe: named('control') });
}

async function tryParameters(stage: Stage, auth: OAuth2): Promise<void> {
  const named = label(stage, 'TOK-08', 'parameters');
  await requestToken(stage, auth, { parameters: { unknown_parameter: 'x' }, probe: named('spelling', 'with an unknown parameter') });
  await requestToken(stage, auth, { grantTypes: [], probe: named('spoiled', 'without grant_type') });
  await requestToken(stage, auth, { grantTypes: [''], probe: named('spoiled', 'with an empty grant_type') });
  await requestToken(stage, auth, { probe: named('control') });
  const twice = label(stage, 'TOK-11', 'with grant_type twice');
  await requestToken(stage, auth, { grantTypes: ['client_credentials', 'client_credentials'], probe: twice('spoiled') });
  await requestToken(stage, auth, { probe: twice('control') });
}

async function tryBasic(stage: Stage, auth: OAuth2): Promise<void> {
  await requestToken(stage, auth, { by: 'basic', probe: label(stage, 'TOK-10', 'with Basic')('odd') });
}

async function tryCredentialsInQuery(stage: Stage, auth: OAuth2): Promise<void> {
  const named = label(stage, 'TOK-12', 'with its credentials in the query');
  await requestToken(stage, auth, { by: 'query', probe: named('spoiled') });
  await requestToken(stage, auth, { probe: named('control') });
}

const tokensAtOnce = 3;

async function tryInParallel(stage: Stage, auth: OAuth2): Promise<void> {
  const place = await stage.place();
  const older = await stage.session.authorization();
  const named = label(stage, 'TOK-13', 'in parallel');
  const given = await Promise.all(Array.from({ length: tokensAtOnce }, () => requestToken(stage, auth, { probe: named('control') })));
  const all = [...given.flatMap(({ token }) => (token === undefined ? [] : [`Bearer ${token}`])), ...(older === undefined ? [] : [older])];
  for (const authorization of all) await sendOdd(stage, { ...draftList(place.customer), authorization }, named('odd'));
}

/** One wrong secret and one unknown client a run, at its end: more would look like an attack, or lock the client out. */
async function tryWrongClients(stage: Stage, auth: OAuth2): Promise<void> {
  const secret = randomBytes(24).toString('base64url');
  await requestToken(stage, auth, { clientSecret: secret, probe: label(stage, 'TOK-05', 'with a wrong secret')('spoiled') });
  const clientId = `unknown-${randomBytes(6).toString('hex')}`;
  await requestToken(stage, auth, { clientId, clientSecret: secret, probe: label(stage, 'TOK-17', 'of an unknown client')('spoiled') });
  await requestToken(stage, auth, {
    clientId,
    clientSecret: secret,
    by: 'basic',
    probe: label(stage, 'TOK-16', 'with unknown Basic credentials')('spoiled'),
  });
}
