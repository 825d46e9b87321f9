/** The campaigns that are written experiments, by area. */
import type { Auth } from '../spec/profile.ts';
import { authorizationCampaigns, otherClientCampaigns } from './authorization.ts';
import type { Campaign, Plan } from './campaign.ts';
import { probedListCampaigns } from './filters-probed.ts';
import { messageCampaigns } from './messages.ts';
import { refusalCampaigns } from './refusals.ts';
import { tokenCampaigns } from './tokens.ts';
import { wireCampaigns } from './wire.ts';

export function experimentCampaigns(plan: Plan, auth: Auth): Campaign[] {
  return [
    ...wireCampaigns(plan),
    ...messageCampaigns(plan),
    ...tokenCampaigns(plan, auth),
    ...authorizationCampaigns(plan, auth),
    ...probedListCampaigns(plan),
    ...refusalCampaigns(plan),
    ...otherClientCampaigns(plan),
  ];
}
