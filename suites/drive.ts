/** What a run does to the target, from preflight to the last close. */

import { setMaxListeners } from 'node:events';
import { readMessage } from '../generators/model/message.ts';
import { flatten } from '../generators/shrink.ts';
import type { Reader } from '../judge/compose.ts';
import { factsOf, inAnotherShard } from '../judge/compose.ts';
import { createGuide } from '../judge/guide.ts';
import type { Entry } from '../judge/tell.ts';
import { isSelected } from '../judge/verdict.ts';
import type { RequirementId } from '../spec/catalogue/index.ts';
import type { EndLine, RunLine, Selection } from '../spec/journal.ts';
import { ConformanceError } from '../target/errors.ts';
import { runPreflight } from '../target/preflight.ts';
import type { Session } from '../target/session.ts';
import { isLoopback } from '../target/settings-address.ts';
import { allCampaigns } from './all.ts';
import type { Behind } from './behind.ts';
import type { Campaign, Plan } from './campaign.ts';
import type { ConductOptions } from './conduct.ts';
import { type Found, findCounterexamples } from './counterexamples.ts';
import { learnCodes } from './creatable.ts';
import { createGround, type Place } from './ground.ts';
import { createLanes } from './lanes.ts';
import { trackLeftovers } from './leftovers.ts';
import { type Performance, perform } from './perform.ts';
import { createStage, newPatience, type Stage } from './stage.ts';

export interface Driven {
  /** Everything up to the last campaign. Rejects with what ended it. */
  campaigns(): Promise<void>;
  /** Closes what was made, and, where there is time, finds smaller sequences for what was found. Never rejects. */
  tidy(shrinks: boolean): Promise<void>;
  products(): EndLine['products'];
}

/** How long closing what was made may take; twice, if there is shrinking. */
const closingMs = 10_000;
const progressEveryMs = 200;
/** Campaigns think, pause and wait between their requests: with one for each request that may be under way, some turns would go unused. */
const lanesPerTurn = 2;
/** How often a campaign is begun where there was no room for it (R-LIMITS). */
const roundsAtMost = 6;
/** Meanwhile others may make some. */
const roomAfterMs = 30;

export function drive(
  options: ConductOptions & { readonly session: Session; readonly run: RunLine; readonly reader: Reader; readonly behind: Behind },
): Driven {
  const { profile, selection, seed, session, run, reader, behind, progress, signal } = options;
  const guide = createGuide(factsOf(run));
  const unguided = session.onLine(guide.observe);
  const places = new Map<string, Place>();
  const ground = createGround(profile, (line) => session.record(line));
  const leftovers = trackLeftovers((customer) => places.get(customer.toLowerCase()));
  session.onLine(leftovers.observe);
  // Every wait of every lane listens to it.
  setMaxListeners(0, signal);
  const performances = new Map<string, Performance>();
  let codes: readonly string[] = profile.creatable;
  const patience = newPatience();
  let campaigns: readonly Campaign[] = [];
  const probes = new Map<string, (stage: Stage) => Promise<void>>();

  const stageOf = (campaign: string, isAhead?: boolean): Stage =>
    createStage({ campaign, session, guide, ground: noting(), codes: () => codes, signal, patience, isAhead });
  /** Remembers in whose name each customer is acted for, so that what is made there can be closed. */
  const noting = (): typeof ground => ({
    ...ground,
    async take(campaign, count) {
      const taken = await ground.take(campaign, count);
      for (const place of taken) places.set(place.customer, place);
      return taken;
    },
  });

  async function performCampaign(campaign: Campaign): Promise<void> {
    const stage = stageOf(campaign.name, campaign.waits);
    for (let round = 1; ; round += 1) {
      if ('probe' in campaign) await campaign.probe(stage);
      else performances.set(campaign.name, await perform(stage, campaign.steps));
      // What others have open at one customer is not in the way at the next.
      if (!stage.lack.room || ground.invents || round === roundsAtMost) return;
      stage.lack.room = false;
      ground.release(campaign.name);
      await stage.wait(roomAfterMs * round);
    }
  }

  const lanes = createLanes(
    session,
    ground,
    ground.invents ? profile.limits.concurrency * lanesPerTurn : Math.min(profile.limits.concurrency, profile.customers!.length),
    performCampaign,
  );

  async function learn(): Promise<void> {
    const learnt = await learnCodes(stageOf('creatable codes'), profile.creatable);
    ground.release('creatable codes');
    codes = learnt.codes;
    if (codes.length > 0) return;
    const answer = learnt.refusal?.answer;
    const said = learnt.refusal === undefined ? 'nothing' : `${answer?.status} ${readMessage(learnt.refusal).text?.slice(0, 200) ?? ''}`;
    throw new ConformanceError(
      2,
      `Expected a create of one of ${profile.creatable.join(', ')} to be accepted, but all were refused, the last with ${said.trim()}, at POST ${learnt.refusal?.request.url ?? profile.target}; check target (its path), customers, requestorId and creatable in the profile.`,
    );
  }

  function startProgress(): () => void {
    let last = { at: session.now(), exchanges: session.counts.requests };
    const timer = setInterval(() => {
      const now = { at: session.now(), exchanges: session.counts.requests };
      const { created, closed } = leftovers.count();
      progress.update({
        elapsedMs: now.at,
        exchanges: now.exchanges,
        rate: ((now.exchanges - last.exchanges) * 1_000) / Math.max(1, now.at - last.at),
        created,
        closed,
        campaignsDone: lanes.done,
        campaigns: campaigns.length,
        running: [...lanes.running],
        findings: [...reader.judge.ledger.accounts.values()].reduce((total, { entries }) => total + entries.size, 0),
      });
      last = now;
    }, progressEveryMs);
    return () => clearInterval(timer);
  }

  return {
    async campaigns() {
      for await (const step of runPreflight(session, profile, signal)) progress.preflight(step);
      const stopProgress = startProgress();
      try {
        if (!isLoopback(profile.target) && selection.readOnly !== true)
          progress.announce(
            `This run makes at most ${profile.limits.products} products in at most ${profile.limits.requests} requests, and closes what it made.`,
          );
        if (selection.readOnly !== true) await learn();
        const { facts } = guide.known;
        const plan: Plan = {
          seed,
          effort: selection.effort,
          facts,
          auth: profile.auth,
          invents: ground.invents,
          customers: profile.customers?.length ?? Number.POSITIVE_INFINITY,
          codes,
        };
        const all = allCampaigns(plan);
        for (const campaign of all) if ('probe' in campaign) probes.set(campaign.name, campaign.probe);
        campaigns = select(all, selection, (campaign) =>
          session.record({
            type: 'campaign',
            campaign: campaign.name,
            event: 'skipped',
            at: session.now(),
            witnesses: campaign.witnesses,
            reason: inAnotherShard,
          }),
        );
        await lanes.run(campaigns);
      } finally {
        stopProgress();
        unguided();
      }
    },

    async tidy(shrinks) {
      await leftovers.close(session, 'closing', session.now() + closingMs);
      // Smaller sequences are looked for by performing them, which writes.
      if (!shrinks || signal.aborted || selection.readOnly === true) return;
      try {
        behind.catchUp();
        const conclusion = reader.conclude();
        const founds = collect(conclusion.accounts, campaigns, performances);
        const usual = usualDelay([...conclusion.delays.values()].flat(), session.counts.products);
        const retrial = { session, ground: noting(), run, codes, probes, signal };
        for (const line of await findCounterexamples(founds, retrial, usual)) session.record(line);
      } catch (error) {
        progress.announce(`Smaller sequences were not looked for to the end: ${error instanceof Error ? error.message : String(error)}`);
      }
      await leftovers.close(session, 'shrink/closing', session.now() + closingMs);
    },

    products: () => leftovers.count(),
  };
}

/** The campaigns of a selection; those of another shard are told. */
function select(all: readonly Campaign[], { only, shard }: Selection, skip: (campaign: Campaign) => void): Campaign[] {
  const named = all.filter(({ witnesses }) => witnesses.some((id) => isSelected(id, only)));
  return named.filter((campaign, index) => {
    if (shard === undefined || index % shard.of === shard.index - 1) return true;
    skip(campaign);
    return false;
  });
}

/** What all but one in so many of the writes keep to: what a defect held up now and then tells nothing of the others. */
const usualShare = 20;

/** The delay, in milliseconds, that nearly all writes were seen within; only those that were seen late have one measured. */
const usualDelay = (delays: readonly number[], writes: number): number =>
  [...delays].sort((a, b) => b - a)[Math.floor(writes / usualShare)] ?? 0;

/** That writes show late is measured, and any write shows it: no small sequence says more. */
const isWorthTrying = ({ severity, reading }: Entry): boolean =>
  !(severity === 'warned' && (reading === 'R-VISIBILITY' || reading === 'R-CLOSING'));

/** A campaign of more steps is not performed again in place of an experiment. */
const stepsAtMost = 200;

/**
 * The first finding of each cause, with the campaign it was made in; where that is an experiment, and steps that were performed elsewhere showed
 * it too, those, for they tell more: rather in turn than in a race, and not so many that they take long to perform again.
 */
function collect(
  accounts: ReadonlyMap<RequirementId, { readonly entries: ReadonlyMap<string, Entry> }>,
  campaigns: readonly Campaign[],
  performances: ReadonlyMap<string, Performance>,
): Found[] {
  const byName = new Map(campaigns.map((campaign) => [campaign.name, campaign]));
  const rank = (campaign: Campaign | undefined): number => {
    if (campaign === undefined || 'probe' in campaign || flatten(campaign.steps).length > stepsAtMost) return 2;
    return campaign.races === true ? 1 : 0;
  };
  return [...accounts].flatMap(([requirement, { entries }]) =>
    [...entries.values()].filter(isWorthTrying).map((entry): Found => {
      const made = entry.sightings.map((sighting) => ({
        sighting,
        campaign:
          campaigns.find(({ name }) => sighting.exchanges.some((id) => performances.get(name)?.stepOf.has(id))) ??
          byName.get(sighting.campaign),
      }));
      const first = made[0]!;
      const experiment =
        first.campaign !== undefined && 'probe' in first.campaign ? { probe: first.campaign.name, exchanges: entry.exchanges } : undefined;
      const { sighting, campaign } = experiment === undefined ? first : made.toSorted((a, b) => rank(a.campaign) - rank(b.campaign))[0]!;
      return {
        requirement,
        entry: { ...entry, exchanges: sighting.exchanges },
        campaign,
        performance: campaign && performances.get(campaign.name),
        experiment,
      };
    }),
  );
}
