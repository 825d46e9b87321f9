/** What a run would do, told without sending anything. */
import { readFacts } from '../judge/facts.ts';
import { isSelected } from '../judge/verdict.ts';
import type { Selection, Step } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';
import { allCampaigns } from './all.ts';
import { customersIn } from './perform.ts';

/** Plain text, a line a campaign; totals last. The limits of the profile stand above them all and are never passed. */
export function describePlan(profile: Profile, selection: Selection, seed: number): string {
  const invents = profile.customers === undefined;
  const campaigns = allCampaigns({
    seed,
    effort: selection.effort,
    facts: readFacts(profile, selection.readOnly === true),
    auth: profile.auth,
    invents,
    customers: profile.customers?.length ?? Number.POSITIVE_INFINITY,
    codes: profile.creatable,
  }).filter(({ witnesses }) => witnesses.some((id) => isSelected(id, selection.only)));
  const lines = campaigns.map((campaign) => {
    const rows = campaign.witnesses.length > 6 ? `${campaign.witnesses.length} requirements` : campaign.witnesses.join(' ');
    if (!('steps' in campaign)) return `  ${campaign.name}: an experiment on ${rows}`;
    const { requests, creates } = count(campaign.steps);
    return `  ${campaign.name}: ${requests} requests, ${creates} of them creates, ${customersIn(campaign.steps).size} customers, for ${rows}`;
  });
  const { products, requests, concurrency, requestsPerSecond } = profile.limits;
  const whose = invents ? 'customers invented for the run' : `the ${profile.customers?.length} customers of the profile, and no others`;
  return [
    `Against ${profile.target}, effort ${selection.effort}, seed ${seed}: ${campaigns.length} campaigns`,
    ...lines,
    `It uses ${whose}.`,
    selection.readOnly === true ? 'It writes nothing.' : `It makes at most ${products} products, and closes what it made.`,
    `It sends at most ${requests} requests, ${concurrency} at once${requestsPerSecond === undefined ? '' : `, ${requestsPerSecond} a second`}.`,
    'Nothing was sent.',
    '',
  ].join('\n');
}

function count(steps: readonly Step[]): { readonly requests: number; readonly creates: number } {
  let requests = 0;
  let creates = 0;
  for (const step of steps) {
    if (step.do === 'together')
      for (const branch of step.branches) {
        const inner = count(branch);
        requests += inner.requests;
        creates += inner.creates;
      }
    else if (step.do !== 'wait') {
      requests += 1;
      if (step.do === 'create') creates += 1;
    }
  }
  return { requests, creates };
}
