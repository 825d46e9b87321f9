/** Performs steps on a stage: names become identifiers, one performance at a time. */

import { ibanAsWritten } from '../generators/model/product.ts';
import { nearIban } from '../generators/near-iban.ts';
import { draftGet, draftList } from '../generators/requests.ts';
import { racersAtMost } from '../generators/shrink.ts';
import type { Exchange, FilterPair, Step } from '../spec/journal.ts';
import { unitMs } from '../spec/moment.ts';
import type { Turn } from '../target/pacing.ts';
import type { Place } from './ground.ts';
import { closeWhenFree } from './holding.ts';
import type { Stage } from './stage.ts';
import { awaitActive, isLimited, makeRoom, replaceEnded } from './subjects.ts';

export interface Performance {
  /** The step, by its number in the flattened order of sending, that each exchange belongs to. */
  readonly stepOf: ReadonlyMap<string, Step>;
}

/** A customer who had so many products before: each list of all of them costs the target, and us, as much as a hundred other requests. */
const crowdedFrom = 200;

/** Probes by name, for steps of kind `probe`. */
export type Probes = ReadonlyMap<string, (stage: Stage) => Promise<void>>;

/**
 * Steps that cannot be done here (their product was never made, or shows no IBAN) are left out; whatever follows them goes on.
 * Reads wait for what may still be settling, but not beside writes in a `together`, where nothing may hold a branch up.
 */
export async function perform(stage: Stage, steps: readonly Step[], probes: Probes = new Map()): Promise<Performance> {
  const names = [...customersIn(steps)];
  const taken = names.length === 0 ? [] : await stage.places(names.length);
  // On a customer that was lent before, what others of the run left open may be in the way.
  if (isLimited(stage)) for (const place of new Set(taken)) if (!place.invented) await makeRoom(stage, place);
  const products = new Map<string, { readonly id: string; readonly place: Place }>();
  const stepOf = new Map<string, Step>();
  let fullLists = 0;
  const placeOf = (name: string): Place => taken[names.indexOf(name) % taken.length]!;

  const isCrowded = ({ customer, invented }: Place): boolean =>
    !invented && (stage.guide.known.customers.get(customer)?.products.size ?? 0) >= crowdedFrom;

  /** The first ones, which a short sequence hangs on, and some of the others. */
  function isDueInFull(): boolean {
    fullLists += 1;
    return fullLists <= 3 || fullLists % 5 === 0;
  }

  /**
   * @param calm nothing is written meanwhile: reads wait for what may still be settling
   * @param turn in a group: of the first step of a branch
   */
  async function performOne(step: Step, calm: boolean, turn?: Turn): Promise<void> {
    const note = (exchange: Exchange): void => void stepOf.set(exchange.id, step);
    switch (step.do) {
      case 'create': {
        const place = placeOf(step.customer);
        const { exchange, id } = await stage.create(place, step.code, undefined, turn);
        note(exchange);
        if (id !== undefined) products.set(step.as, { id, place });
        return;
      }
      case 'list': {
        const place = placeOf(step.customer);
        const filters = (step.filters ?? []).flatMap((filter): FilterPair[] => {
          if ('value' in filter) return [[filter.name, filter.value]];
          const id = products.get(filter.of)?.id;
          const shown = id === undefined ? undefined : stage.guide.known.products.get(id)?.constant.iban?.shown;
          const own = shown && ibanAsWritten(shown);
          if (own === undefined) return [];
          const { sharing } = filter;
          const asked = sharing === undefined ? own : stage.session.deriveIban(own, (real) => nearIban(real, sharing));
          return asked === undefined ? [] : [['iban', asked]];
        });
        if (filters.length < (step.filters?.length ?? 0)) return;
        if (filters.length === 0 && isCrowded(place) && !isDueInFull()) return;
        note(calm ? await stage.list(place, filters, undefined, turn) : await stage.send({ ...draftList(place.customer, filters), turn }));
        return;
      }
      case 'get': {
        const product = products.get(step.product);
        if (product === undefined) return;
        if (step.until !== undefined && calm) {
          const other = (await awaitActive(stage, product.id, note)) ? undefined : await replaceEnded(stage, product.place, product.id);
          if (other !== undefined) products.set(step.product, { id: other.id, place: product.place });
        } else note(calm ? await stage.get(product.id, undefined, turn) : await stage.send({ ...draftGet(product.id), turn }));
        return;
      }
      case 'close': {
        const product = products.get(step.product);
        if (product === undefined) return;
        if (calm && turn === undefined) await closeWhenFree(stage, product.place, product.id, undefined, note);
        else note(await stage.close(product.place, product.id, undefined, turn));
        return;
      }
      case 'wait':
        await stage.wait(step.ms + coarsestUnit());
        return;
      case 'probe':
        await probes.get(step.probe)?.(stage);
        return;
      case 'together':
        await performTogether(step.branches);
    }
  }

  /** Branches of a race leave at one moment; larger groups are together for speed only, and leave as they can. */
  async function performTogether(branches: readonly (readonly Step[])[]): Promise<void> {
    const calm = branches.every((branch) => branch.every(isRead));
    const turns = branches.length > racersAtMost ? [] : await stage.takeTurns(branches.length);
    await Promise.all(
      branches.map(async (branch, index) => {
        for (const [position, each] of branch.entries()) {
          const turn = position === 0 ? turns[index] : undefined;
          try {
            await performOne(each, calm, turn);
          } finally {
            // A step that could not be done has not used it.
            turn?.end();
          }
        }
      }),
    );
  }

  /** Ageing is measured by the target's clock: a target that shows whole seconds needs one more. */
  function coarsestUnit(): number {
    let coarsest = 0;
    for (const { id } of products.values()) {
      const known = stage.guide.known.products.get(id);
      // Not all of its times need be written alike.
      for (const sight of [known?.first, known?.modifiedSince, known?.last])
        if (sight?.shown.modifiedOn !== undefined) coarsest = Math.max(coarsest, unitMs(sight.shown.modifiedOn));
    }
    return coarsest < 100 ? 0 : coarsest;
  }

  for (const step of steps) await performOne(step, true);
  if (products.size === 0 && steps.some((step) => step.do === 'create')) stage.lack.room = true;
  return { stepOf };
}

const isRead = (step: Step): boolean => step.do === 'list' || step.do === 'get';

/** The customers that steps name, in the order in which they come up. */
export function customersIn(steps: readonly Step[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const step of steps) {
    if (step.do === 'together') for (const branch of step.branches) for (const name of customersIn(branch)) names.add(name);
    else if ('customer' in step && step.customer !== undefined) names.add(step.customer);
  }
  return names;
}
