import { describe, expect, it } from 'vitest';
import { type Clock, createPacing, type Pacing, readRetryAfter } from '../../target/pacing.ts';

/** Time that passes only when there is nothing left to do in it. */
const createVirtualClock = () => {
  let now = 1000;
  let order = 0;
  const timers = new Map<number, { at: number; callback: () => void }>();
  const wait: Clock['wait'] = (ms, callback) => {
    const id = order++;
    timers.set(id, { at: now + Math.max(ms, 0), callback });
    return () => void timers.delete(id);
  };
  return {
    now: () => now,
    wait,
    sleep: (ms: number) => new Promise<void>((resolve) => void wait(ms, resolve)),
    async runUntil(end: number): Promise<void> {
      for (;;) {
        // Lanes go on in microtasks: let them, before time does.
        await new Promise((resolve) => setImmediate(resolve));
        let next: [number, { at: number; callback: () => void }] | undefined;
        for (const timer of timers) if (next === undefined || timer[1].at < next[1].at) next = timer;
        if (next === undefined || next[1].at > end) break;
        timers.delete(next[0]);
        now = Math.max(now, next[1].at);
        next[1].callback();
      }
      now = end;
    },
  };
};

/** A generator of numbers that look random, the same each time. */
const createNoise = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
};

type Counter = (at: number) => boolean;
const slidingWindow = (limit: number): Counter => {
  const taken: number[] = [];
  return (at) => {
    while (taken.length > 0 && taken[0]! <= at - 1000) taken.shift();
    if (taken.length >= limit) return false;
    taken.push(at);
    return true;
  };
};
const fixedWindow = (limit: number, offset: number): Counter => {
  let window = -1;
  let count = 0;
  return (at) => {
    const current = Math.floor((at + offset) / 1000);
    if (current !== window) count = 0;
    window = current;
    return ++count <= limit;
  };
};

interface Drive {
  readonly pacing: Pacing;
  readonly clock: ReturnType<typeof createVirtualClock>;
  readonly lanes: number;
  readonly seconds: number;
  readonly accepts: Counter;
  readonly noise: () => number;
  readonly retryAfterMs?: number;
}

/** Lanes that send as fast as they may. Returns how many the target took and how many it refused. */
const drive = async ({
  pacing,
  clock,
  lanes,
  seconds,
  accepts,
  noise,
  retryAfterMs = 1000,
}: Drive): Promise<{ taken: number; refused: number[] }> => {
  let taken = 0;
  const refused: number[] = [];
  const end = clock.now() + seconds * 1000;
  const lane = async (): Promise<void> => {
    while (clock.now() < end) {
      const turn = await pacing.take();
      // A connection is made now and then, and the way there takes a little more or less time.
      if (noise() < 0.05) await clock.sleep(noise() * 100);
      turn.sent();
      const sentAt = clock.now();
      await clock.sleep(5 + noise() * 10);
      if (accepts(clock.now())) {
        taken++;
        pacing.noteAnswer();
      } else {
        refused.push(clock.now());
        pacing.slow(clock.now() - sentAt);
        pacing.hold(retryAfterMs);
      }
      await clock.sleep(noise() * 20);
      turn.end();
    }
  };
  for (let i = 0; i < lanes; i++) void lane();
  await clock.runUntil(end);
  return { taken, refused };
};

describe('pacing', () => {
  const windows: [string, (limit: number) => Counter][] = [
    ['a sliding window', slidingWindow],
    ['a fixed window', (limit) => fixedWindow(limit, 0)],
    ['a fixed window that begins elsewhere', (limit) => fixedWindow(limit, 370)],
  ];
  const cases = windows.flatMap(([name, window]) =>
    [1, 5, 7, 40, 200].map((limit): [string, number, Counter] => [name, limit, window(limit)]),
  );
  it.each(cases)('keeps within %s of %d a second, and uses nine tenths of it', async (_, limit, accepts) => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 8, requestsPerSecond: limit, clock });
    const seconds = limit < 10 ? 100 : 20;
    const { taken, refused } = await drive({ pacing, clock, lanes: 8, seconds, accepts, noise: createNoise(limit) });
    expect(refused).toEqual([]);
    expect(taken / seconds).toBeGreaterThanOrEqual(limit * 0.9);
  });

  it('keeps within them when timers are late', async () => {
    const clock = createVirtualClock();
    const noise = createNoise(3);
    const late: Clock = { now: clock.now, wait: (ms, callback) => clock.wait(ms + noise() * 8, callback) };
    const pacing = createPacing({ concurrency: 8, requestsPerSecond: 40, clock: late });
    const { taken, refused } = await drive({ pacing, clock, lanes: 8, seconds: 20, accepts: slidingWindow(40), noise });
    expect(refused).toEqual([]);
    expect(taken / 20).toBeGreaterThanOrEqual(36);
  });

  it('finds the level of a target that named none', async () => {
    for (const limit of [5, 40, 300]) {
      const clock = createVirtualClock();
      const pacing = createPacing({ concurrency: 16, clock });
      const noise = createNoise(limit);
      const accepts = slidingWindow(limit);
      await drive({ pacing, clock, lanes: 16, seconds: 20, accepts, noise });
      const { taken, refused } = await drive({ pacing, clock, lanes: 16, seconds: 60, accepts, noise });
      expect(taken / 60).toBeGreaterThan(limit * 0.7);
      // An occasional try at more, each heard by the lanes that were under way.
      expect(refused.length).toBeLessThan(60);
    }
  });

  it('does not crawl for long after one refusal that meant nothing', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 16, clock });
    let number = 0;
    const accepts = (): boolean => ++number !== 3;
    const { taken } = await drive({ pacing, clock, lanes: 16, seconds: 30, accepts, noise: createNoise(1) });
    const free = await drive({
      pacing: createPacing({ concurrency: 16, clock }),
      clock,
      lanes: 16,
      seconds: 30,
      accepts,
      noise: createNoise(1),
    });
    expect(taken).toBeGreaterThan(free.taken * 0.5);
  });

  it('holds all lanes for a pause', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 4, clock });
    (await pacing.take()).end();
    pacing.hold(700);
    pacing.hold(300);
    const began = clock.now();
    const moments: number[] = [];
    for (let i = 0; i < 3; i++) void Promise.resolve(pacing.take()).then(() => moments.push(clock.now() - began));
    await clock.runUntil(began + 5000);
    expect(moments).toEqual([700, 700, 700]);
  });

  it('gives turns in the order asked, urgent ones first and beside those held', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 1, clock });
    const held = await pacing.take();
    const order: string[] = [];
    const ask = (name: string, isUrgent = false) =>
      void Promise.resolve(pacing.take({ isUrgent })).then((turn) => {
        order.push(name);
        turn.end();
      });
    ask('a');
    ask('b');
    ask('urgent', true);
    await clock.runUntil(clock.now());
    expect(order).toEqual(['urgent']);
    held.end();
    held.end();
    await clock.runUntil(clock.now());
    expect(order).toEqual(['urgent', 'a', 'b']);
  });

  it('counts all requests of a turn', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 4, requestsPerSecond: 10, clock });
    const began = clock.now();
    for (let i = 0; i < 3; i++) {
      void Promise.resolve(pacing.take({ requests: 5 })).then((turn) => turn.end());
    }
    const moments: number[] = [];
    void Promise.resolve(pacing.take()).then(() => moments.push(clock.now() - began));
    await clock.runUntil(began + 10_000);
    expect(moments[0]).toBeGreaterThan(1300);
  });

  it('gives turns at one moment, when there is room for all of them, and keeps within the windows of the target', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 8, requestsPerSecond: 40, clock });
    const moments: number[] = [];
    const bursts: number[][] = [];
    const one = async (): Promise<void> => {
      const turn = await pacing.take();
      moments.push(clock.now());
      turn.end();
    };
    for (let round = 0; round < 5; round++) {
      for (let i = 0; i < 30; i++) void one();
      void pacing.takeTogether(8).then((turns) => {
        bursts.push(turns.map(() => clock.now()));
        moments.push(...turns.map(() => clock.now()));
        for (const turn of turns) turn.end();
      });
    }
    const began = clock.now();
    await clock.runUntil(began + 20_000);
    expect(bursts.map((burst) => [burst.length, new Set(burst).size])).toEqual(Array(5).fill([8, 1]));
    expect(moments).toHaveLength(190);
    for (const moment of moments)
      expect(moments.filter((other) => other > moment - 1000 && other <= moment).length).toBeLessThanOrEqual(40);
    expect(189 / ((moments.at(-1)! - began) / 1000)).toBeGreaterThan(36);
  });

  it('gives fewer at one moment where the limits are lower', async () => {
    const held = createPacing({ concurrency: 3 });
    const first = await held.take();
    const turns = held.takeTogether(8);
    first.end();
    expect(await turns).toHaveLength(3);
    expect(await createPacing({ concurrency: 8, requestsPerSecond: 2 }).takeTogether(8)).toHaveLength(2);
  });

  it('turns away who waits and who comes, but who is spared', async () => {
    const clock = createVirtualClock();
    const pacing = createPacing({ concurrency: 1, clock });
    const held = await pacing.take();
    const waiting = pacing.take();
    const spared = pacing.take({ isSpared: true });
    pacing.refuse(new Error('over'));
    await expect(waiting).rejects.toThrow('over');
    await expect(pacing.take()).rejects.toThrow('over');
    held.end();
    (await spared).end();
    (await pacing.take({ isSpared: true })).end();
  });
});

describe('Retry-After', () => {
  const date = (ms: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, 0) + ms).toUTCString();
  it.each<[string, [string, string][], number | undefined]>([
    ['in seconds', [['retry-after', '3']], 3000],
    [
      'as a date, by the clock of the target',
      [
        ['Retry-After', date(5000)],
        ['Date', date(0)],
      ],
      5000,
    ],
    ['as a date, by ours', [['Retry-After', date(9000)]], 9000],
    [
      'in the past',
      [
        ['Retry-After', date(-5000)],
        ['Date', date(0)],
      ],
      0,
    ],
    ['not there', [['Date', date(0)]], undefined],
    ['nonsense', [['Retry-After', 'soon']], undefined],
    ['a negative number', [['Retry-After', '-5']], undefined],
    ['a fraction', [['Retry-After', '1.5']], undefined],
  ])('%s', (_, headers, expected) => {
    expect(readRetryAfter(headers, Date.UTC(2026, 10, 22, 10, 0, 0))).toBe(expected);
  });
});
