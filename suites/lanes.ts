/** Campaigns side by side: so many at once, those that mostly wait first, the rough ones last. */
import type { CampaignLine } from '../spec/journal.ts';
import { LimitReached } from '../target/errors.ts';
import type { Session } from '../target/session.ts';
import type { Campaign } from './campaign.ts';
import type { Ground } from './ground.ts';

export interface Lanes {
  readonly running: ReadonlySet<string>;
  readonly done: number;
  run(campaigns: readonly Campaign[]): Promise<void>;
}

/**
 * @param count lanes; waiting campaigns have one each besides, for they take no turns while they wait
 * @param perform performs one campaign; what it throws ends the run, but for a limit reached, which ends the campaign
 */
export function createLanes(session: Session, ground: Ground, count: number, perform: (campaign: Campaign) => Promise<void>): Lanes {
  const running = new Set<string>();
  let done = 0;

  async function runOne(campaign: Campaign): Promise<void> {
    const line = { type: 'campaign', campaign: campaign.name, witnesses: campaign.witnesses } as const;
    const note = (event: CampaignLine['event'], reason?: string): void =>
      session.record({ ...line, event, at: session.now(), ...(reason === undefined ? {} : { reason }) });
    note('begin');
    running.add(campaign.name);
    try {
      await perform(campaign);
      note('end');
    } catch (error) {
      if (!(error instanceof LimitReached)) throw error;
      note('skipped', error.message);
    } finally {
      running.delete(campaign.name);
      done += 1;
      ground.release(campaign.name);
    }
  }

  /** Takes from the shared queue until it is empty; the first failure stops all. */
  async function runAll(campaigns: readonly Campaign[]): Promise<void> {
    const queue = [...campaigns];
    let failed = false;
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined && !failed; next = queue.shift())
        await runOne(next).catch((error: unknown) => {
          failed = true;
          throw error;
        });
    };
    const settled = await Promise.allSettled(Array.from({ length: Math.min(count, campaigns.length) }, lane));
    const failure = settled.find(({ status }) => status === 'rejected');
    if (failure?.status === 'rejected') throw failure.reason;
  }

  return {
    running,
    get done() {
      return done;
    },
    async run(campaigns) {
      const waiting = campaigns.filter(({ waits, last }) => waits && !last);
      const ordinary = campaigns.filter(({ waits, last }) => !waits && !last);
      const settled = await Promise.allSettled([...waiting.map((campaign) => runAll([campaign])), runAll(ordinary)]);
      const failure = settled.find(({ status }) => status === 'rejected');
      if (failure?.status === 'rejected') throw failure.reason;
      await runAll(campaigns.filter(({ last }) => last));
    },
  };
}
