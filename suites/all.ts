/** Every campaign of a plan, in the order of the areas. */
import type { Campaign, Plan } from './campaign.ts';
import { historyCampaigns } from './histories.ts';

export function allCampaigns(plan: Plan): readonly Campaign[] {
  return historyCampaigns(plan);
}
