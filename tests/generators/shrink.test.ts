import { describe, expect, it } from 'vitest';
import { drawRaces } from '../../generators/races.ts';
import { guessRace, racersAtMost, shrink } from '../../generators/shrink.ts';
import type { Step } from '../../spec/journal.ts';

const codes = ['WALLET', 'DEPOSITORY_ACCOUNT'];
const create = (as: string, customer = 'a'): Step => ({ do: 'create', as, customer, code: 'WALLET' });
const get = (product: string): Step => ({ do: 'get', product });
const close = (product: string): Step => ({ do: 'close', product });
const list: Step = { do: 'list', customer: 'a' };
const together = (...branches: (readonly Step[])[]): Step => ({ do: 'together', branches });

describe('a race', () => {
  const race = [
    create('p1'),
    create('p2'),
    list,
    { do: 'get', product: 'p1', until: 'ACTIVE' } as const,
    together([close('p1'), get('p1')], [get('p2'), close('p1')], [list, get('p1')], [close('p2')]),
    get('p1'),
    get('p2'),
  ];

  it('is made as small as it can be, in its groups, branches and steps', async () => {
    // It shows where two closes of one product are sent at the same time, and a read follows.
    const shows = async (steps: readonly Step[]): Promise<boolean> =>
      steps.some((step, index) => {
        if (step.do !== 'together') return false;
        const closing = step.branches.filter((branch) => branch.some((each) => each.do === 'close' && each.product === 'p1'));
        return closing.length > 1 && steps.slice(index + 1).some((each) => each.do === 'get' && each.product === 'p1');
      });
    expect(await shrink(race, { shows, exhausted: () => false, abreast: () => 1 })).toEqual([
      create('p1'),
      together([close('p1')], [close('p1')]),
      get('p1'),
    ]);
  });

  it('is guessed at from what is cited, its groups kept', () => {
    const [own, withLists] = guessRace(race, new Set([race[5]!]));
    expect(own).toEqual([race[0], race[3], together([close('p1'), get('p1')], [close('p1')], [get('p1')]), race[5]]);
    expect(withLists).toEqual([race[0], list, race[3], together([close('p1'), get('p1')], [close('p1')], [list, get('p1')]), race[5]]);
  });
});

describe('drawn races', () => {
  const options = { codes, counts: { closesOfOne: 8, closesInTurn: 3, closesAmongReads: 14, manyProducts: 1 }, mayOverlap: true };
  const groupsIn = (steps: readonly Step[]) => steps.flatMap((step) => (step.do === 'together' ? [step.branches] : []));

  it('are the same for the same seed, and others for another', () => {
    expect(drawRaces({ ...options, seed: 7 })).toEqual(drawRaces({ ...options, seed: 7 }));
    expect(drawRaces({ ...options, seed: 7 })).not.toEqual(drawRaces({ ...options, seed: 8 }));
  });

  it('have two to eight branches, at most 8 products a sequence, 30 in all', () => {
    for (const mayOverlap of [true, false])
      for (let seed = 1; seed <= 20; seed += 1) {
        const sequences = drawRaces({ ...options, mayOverlap, seed });
        for (const branches of sequences.flatMap(groupsIn)) {
          expect(branches.length).toBeGreaterThanOrEqual(2);
          expect(branches.length).toBeLessThanOrEqual(racersAtMost);
        }
        const made = sequences.map((steps) => JSON.stringify(steps).match(/"do":"create"/g)!.length);
        expect(Math.max(...made)).toBeLessThanOrEqual(8);
        expect(made.reduce((sum, count) => sum + count, 0)).toBe(30);
      }
  });

  it('create each product once, before it is used, whatever room there is', () => {
    for (const mayOverlap of [true, false])
      for (const steps of drawRaces({ ...options, mayOverlap, seed: 3 })) {
        const made = new Set<string>();
        for (const step of steps) {
          const inner = step.do === 'together' ? step.branches.flat() : [step];
          for (const each of inner) if ('product' in each && each.product !== undefined) expect(made).toContain(each.product);
          for (const each of inner) if (each.do === 'create') expect(made.has(each.as) || !made.add(each.as)).toBe(false);
        }
      }
  });
});
