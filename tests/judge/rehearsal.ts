/** Written experiments against the reference implementation, over real connections, judged: what a run would make of them, without its reports. */
import { readFacts } from '../../judge/facts.ts';
import { createJudge } from '../../judge/judge.ts';
import type { Account } from '../../judge/tell.ts';
import { type ReferenceOptions, startReference } from '../../reference/server.ts';
import { type RequirementId, rows } from '../../spec/catalogue/index.ts';
import type { Exchange } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import { authorizationCampaigns, otherClientCampaigns } from '../../suites/authorization.ts';
import type { Campaign, Plan } from '../../suites/campaign.ts';
import { probedListCampaigns } from '../../suites/filters-probed.ts';
import { createGround } from '../../suites/ground.ts';
import { createLanes } from '../../suites/lanes.ts';
import { messageCampaigns } from '../../suites/messages.ts';
import { perform } from '../../suites/perform.ts';
import { refusalCampaigns } from '../../suites/refusals.ts';
import { createStage, newPatience } from '../../suites/stage.ts';
import { tokenCampaigns } from '../../suites/tokens.ts';
import { wireCampaigns } from '../../suites/wire.ts';
import { createSession } from '../../target/session.ts';
import { profileWith } from './profile.ts';

export interface Rehearsal {
  readonly accounts: ReadonlyMap<RequirementId, Account>;
  /** `REF-01 create without Requestor-ID answered 200`, violated and warned, in the order of the catalogue. */
  readonly remarks: readonly string[];
  readonly exchanges: readonly Exchange[];
  /** Products made. */
  readonly products: number;
  readonly durationMs: number;
}

export interface RehearsalOptions {
  readonly reference?: ReferenceOptions;
  readonly profile?: Partial<Profile>;
  readonly effort?: Plan['effort'];
  readonly readOnly?: boolean;
  /** Only campaigns whose name it holds for. */
  readonly only?: (campaign: Campaign) => boolean;
}

/** The campaigns that try one odd request after another. */
export const experiments = (plan: Plan): readonly Campaign[] => [
  ...messageCampaigns(plan),
  ...wireCampaigns(plan),
  ...tokenCampaigns(plan, plan.auth),
  ...authorizationCampaigns(plan, plan.auth),
  ...otherClientCampaigns(plan),
  ...probedListCampaigns(plan),
  ...refusalCampaigns(plan),
];

export async function rehearse(
  campaignsOf: (plan: Plan) => readonly Campaign[],
  {
    reference: referenceOptions = {},
    profile: over = {},
    effort = 'standard',
    only = () => true,
    readOnly = false as boolean,
  }: RehearsalOptions = {},
): Promise<Rehearsal> {
  const reference = await startReference(referenceOptions);
  const { auth: declaredAuth, limits: declaredLimits, values: declaredValues, customers, ...declared } = reference.profile;
  const { url: target, tokenUrl, clientId, clientSecret, other } = reference;
  const auth: Profile['auth'] =
    declaredAuth?.type === 'none'
      ? { type: 'none' }
      : { type: 'oauth2', tokenUrl, clientId, clientSecret, other, ...withoutType(declaredAuth) };
  const base = profileWith();
  const profile: Profile = {
    ...base,
    target,
    auth,
    ...declared,
    ...(customers === undefined ? {} : { customers }),
    limits: { ...base.limits, ...declaredLimits },
    values: { ...base.values, ...declaredValues },
    ...over,
  };
  const session = createSession({ profile, runId: 'rehearsal' });
  const judge = createJudge(readFacts(profile, readOnly));
  const exchanges: Exchange[] = [];
  session.onLine((line) => {
    judge.observe(line);
    if (line.type === 'exchange') exchanges.push(line);
  });
  const ground = createGround(profile, (line) => session.record(line));
  const plan: Plan = {
    seed: 1,
    effort,
    facts: judge.known.facts,
    auth,
    invents: ground.invents,
    customers: profile.customers?.length ?? Number.POSITIVE_INFINITY,
    codes: profile.creatable,
  };
  const { signal } = new AbortController();
  const patience = newPatience();
  const count = ground.invents ? profile.limits.concurrency : Math.min(profile.limits.concurrency, profile.customers!.length);
  const lanes = createLanes(session, ground, count, async (campaign) => {
    const stage = createStage({ campaign: campaign.name, session, guide: judge, ground, codes: () => plan.codes, signal, patience });
    if ('probe' in campaign) await campaign.probe(stage);
    else if ('steps' in campaign) await perform(stage, campaign.steps);
  });
  const began = performance.now();
  try {
    await lanes.run(campaignsOf(plan).filter(only));
    const durationMs = performance.now() - began;
    const { accounts } = judge.conclude();
    return {
      accounts,
      remarks: rows.flatMap(({ id }) => [...accounts.get(id)!.entries.values()].map(({ cause }) => `${id} ${cause}`)),
      exchanges,
      products: session.counts.products,
      durationMs,
    };
  } finally {
    await session.close();
    await reference.close();
  }
}

const withoutType = ({
  type: _,
  ...rest
}: {
  readonly type?: unknown;
  readonly clientAuthentication?: 'client_secret_post' | 'client_secret_basic';
} = {}) => rest;
