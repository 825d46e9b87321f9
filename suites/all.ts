/** Every campaign of a plan, in the order of the areas. */
import { authorizationCampaigns, otherClientCampaigns } from './authorization.ts';
import type { Campaign, Plan } from './campaign.ts';
import { probedListCampaigns } from './filters-probed.ts';
import { historyCampaigns } from './histories.ts';
import { messageCampaigns } from './messages.ts';
import { raceCampaigns } from './races.ts';
import { readingCampaigns } from './reading.ts';
import { refusalCampaigns } from './refusals.ts';
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
    ...probedListCampaigns(plan),
    ...refusalCampaigns(plan),
  ];
}
