/** Every campaign of a plan, in the order of the areas. */

import { readFacts } from '../judge/facts.ts';
import type { Selection } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { authorizationCampaigns, otherClientCampaigns } from './authorization.ts';
import type { Campaign, Plan } from './campaign.ts';
import { probedListCampaigns } from './filters-probed.ts';
import { historyCampaigns } from './histories.ts';
import { messageCampaigns } from './messages.ts';
import type { Probes } from './perform.ts';
import { raceCampaigns } from './races.ts';
import { readingCampaigns } from './reading.ts';
import { refusalCampaigns } from './refusals.ts';
import { requestorCampaigns } from './requestors.ts';
import { tokenCampaigns } from './tokens.ts';
import { wireCampaigns } from './wire.ts';

export function allCampaigns(plan: Plan): readonly Campaign[] {
  return [
    ...messageCampaigns(plan),
    ...wireCampaigns(plan),
    ...tokenCampaigns(plan, plan.auth),
    ...authorizationCampaigns(plan, plan.auth),
    ...otherClientCampaigns(plan),
    ...(plan.facts.readOnly ? readingCampaigns(plan) : historyCampaigns(plan)),
    ...raceCampaigns(plan),
    ...requestorCampaigns(plan),
    ...probedListCampaigns(plan),
    ...refusalCampaigns(plan),
  ];
}

/** The experiments that a run with these settings has, by the names that steps of kind `probe` give. */
export function probesFor(profile: Profile, { effort, readOnly }: Selection, seed: number): Probes {
  const plan: Plan = {
    seed,
    effort,
    facts: readFacts(profile, readOnly === true),
    auth: profile.auth,
    invents: profile.customers === undefined,
    customers: profile.customers?.length ?? Number.POSITIVE_INFINITY,
    codes: profile.creatable,
  };
  return new Map(allCampaigns(plan).flatMap((campaign) => ('probe' in campaign ? [[campaign.name, campaign.probe] as const] : [])));
}
