/**
 * LST-03: list and get agree. A read by one view is held against two equal reads by the other that enclose it in time; so
 * nothing that changed in between can be taken for a disagreement.
 */
import { isSameMoment, mayBeOlder, type Product, type Shown, type Sight } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import { compareMoments } from '../spec/moment.ts';
import { isUnitOver } from './coarse.ts';
import type { RuleWatch } from './rule.ts';
import type { Tell } from './tell.ts';

const required = ['productCode', 'productType', 'status'] as const;
const optional = ['currency', 'iban'] as const;
const times = ['createdOn', 'modifiedOn', 'openedOn', 'closedOn'] as const;

const lasting = new Set(['productCode', 'productType', 'currency', 'iban', 'createdOn', 'proxyIds']);

interface Memory {
  last: Sight | undefined;
  /** The first sight in a row that showed the `modifiedOn` of `last`. */
  since: Sight | undefined;
  /** Reads by the other view since `last`. */
  between: Sight[];
}

const newMemory = (): Memory => ({ last: undefined, since: undefined, between: [] });

const betweenAtMost = 4;

export function watchAgreement(tell: Tell, settleMs = 0, toleranceMs = 0): Pick<RuleWatch, 'sight'> {
  const memories = { get: new WeakMap<Product, Memory>(), list: new WeakMap<Product, Memory>() };

  return {
    sight(sight) {
      const own = recall(memories[sight.view], sight.product, newMemory);
      const { last, between } = own;
      if (last !== undefined && between.length > 0 && last.to <= sight.from && !sight.stale && isEqual(last.shown, sight.shown)) {
        for (const other of between) {
          if (other.from < last.to || other.to > sight.from || other.stale || mayBeOlder(other.shown, last.shown, toleranceMs)) continue;
          const differing = findDifference(sight.shown, other.shown);
          if (differing === undefined) tell.holds();
          // Replicas may show both what a change has left behind, and one what it has come to, until it has settled.
          else if (
            lasting.has(differing) ||
            (other.from >= last.to + settleMs &&
              sight.from >= other.to + settleMs &&
              isUnitOver(last.shown, own.since ?? last, last.from, toleranceMs))
          ) {
            const list = sight.view === 'list' ? sight : other;
            tell.violated({
              cause: `${differing}${list.listing?.filters.length ? ' in a filtered list' : ''}`,
              message: `List and get disagree on ${differing} of a product.`,
              expected: `${differing} ${render(sight.shown, differing)}, as two equal reads by ${sight.view} show`,
              received: `${differing} ${render(other.shown, differing)} by ${other.view} between them`,
              exchanges: [last.message.id, other.message.id, sight.message.id],
            });
          }
        }
      }
      if (own.since === undefined || !isSameModified(own.since.shown, sight.shown)) own.since = sight;
      own.last = sight;
      own.between = [];
      const others = recall(memories[sight.view === 'get' ? 'list' : 'get'], sight.product, newMemory);
      if (others.last !== undefined && others.between.length < betweenAtMost) others.between.push(sight);
    },
  };
}

/** The first documented property in which two representations differ; an optional one counts only where both show it. */
export function findDifference(one: Shown, other: Shown): string | undefined {
  for (const name of required) if (one[name] !== other[name]) return name;
  for (const name of optional) if (one[name] !== undefined && other[name] !== undefined && one[name] !== other[name]) return name;
  for (const name of times) {
    const [a, b] = [one[name], other[name]];
    if (a !== undefined && b !== undefined && !isSameMoment(a, b)) return name;
  }
  return one.proxyIds !== undefined && other.proxyIds !== undefined && !sameSet(one.proxyIds, other.proxyIds) ? 'proxyIds' : undefined;
}

/** The property that CLS-05 names which differs, where both show it: a product keeps these for good. */
export function findLastingChange(
  was: Shown,
  is: Shown,
): 'productCode' | 'productType' | 'currency' | 'iban' | 'createdOn' | 'openedOn' | undefined {
  for (const name of ['productCode', 'productType', 'currency', 'iban'] as const)
    if (was[name] !== undefined && is[name] !== undefined && was[name] !== is[name]) return name;
  for (const name of ['createdOn', 'openedOn'] as const) {
    const [before, after] = [was[name], is[name]];
    if (before !== undefined && after !== undefined && !isSameMoment(before, after)) return name;
  }
  return undefined;
}

const isSameModified = (one: Shown, other: Shown): boolean =>
  one.modifiedOn === other.modifiedOn ||
  (one.modifiedOn !== undefined && other.modifiedOn !== undefined && compareMoments(one.modifiedOn, other.modifiedOn) === 0);

/** Not one unit of precision may lie between the two `modifiedOn`: a product may be blocked and free again within it. */
const isEqual = (one: Shown, other: Shown): boolean =>
  findDifference(one, other) === undefined &&
  (one.modifiedOn === undefined || other.modifiedOn === undefined || compareMoments(one.modifiedOn, other.modifiedOn) === 0);

/** Both sorted; repeated members count once. */
function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return [...new Set(one)].join() === [...new Set(other)].join();
}

function render(shown: Shown, name: string): string {
  const value = name === 'iban' ? shown.iban : shown.raw[name];
  return value === undefined ? 'absent' : JSON.stringify(value);
}
