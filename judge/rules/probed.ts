/** The rows of other areas that only requests made for them show. */
import { isAccepted, isRefused, type Message } from '../../generators/model/message.ts';
import { isRecord, isSameMoment, type Product, readShown } from '../../generators/model/product.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import { parseMoment } from '../../spec/moment.ts';
import { aftermathOf, type Consequence, weighTries } from '../aftermath.ts';
import { nameAttempt, refusal } from '../refusal.ts';
import { compareEnclosed } from '../resting.ts';
import type { Rule } from '../rule.ts';
import { type Attempt, attemptsOf } from '../series.ts';
import { isSettled } from '../settled.ts';
import { spelling } from '../spelling.ts';
import type { Tell } from '../tell.ts';
import { probedCloses } from './probed-closes.ts';
import { probedFilters } from './probed-filters.ts';

type Probed =
  | 'CRE-07'
  | 'LST-06'
  | 'LST-08'
  | 'LST-10'
  | 'LST-11'
  | 'FLT-12'
  | 'FLT-13'
  | 'FLT-16'
  | 'FLT-17'
  | 'CLS-09'
  | 'CLS-10'
  | 'CLS-11'
  | 'OWN-03';

/** Where ids are counted, one that differs from a known one in a digit is the id of another product; one drawn at random is of none. */
const isNeighbour = ({ odd, case: name }: Attempt): boolean =>
  name.endsWith('changed') && readShown(odd.json)?.id === odd.intent.product?.toLowerCase();

const closes: ReadonlySet<Consequence> = new Set(['closed', 'changed', 'gone']);

export const probed: Readonly<Record<Probed & RequirementId, Rule>> = {
  ...probedFilters,

  'CRE-07': (tell) => {
    const keep = keepToOneReading(tell);
    return {
      trial(trial) {
        const refusedOnce = new Set<string>();
        for (const { odd, after, control, case: name } of attemptsOf(trial)) {
          // Of a close the rows of closes tell what came of it.
          if (odd.intent.operation !== 'create') continue;
          if (isAccepted(odd)) {
            const shown = after.findLast(({ status }) => status === 200);
            const taken = takenOver(odd, shown);
            if (taken !== undefined)
              tell.violated({
                cause: taken.name,
                message: `A create takes over ${taken.name} from the request.`,
                expected: `${taken.name} of the target's own making, or a refusal`,
                received: `${taken.name} as it was sent`,
                exchanges: [odd.id, ...(shown === undefined ? [] : [shown.id])],
              });
            else if (shown !== undefined) {
              keep('members', 'ignored', odd.id);
              tell.holds();
            }
          } else if (isRefused(odd) && odd.status !== 401 && odd.status !== 408 && control?.intent.code === odd.intent.code) {
            // Once may be a limit of the business (R-LIMITS).
            if (refusedOnce.has(name)) keep('members', 'refused', odd.id);
            refusedOnce.add(name);
            tell.holds();
          }
        }
      },
    };
  },

  'LST-06': refusal({ remark: () => undefined, records: null, mayTake: () => false, isSound: isNeighbour }),

  'LST-08': (tell, known) => {
    const keep = keepToOneReading(tell);
    return {
      trial(trial) {
        for (const { odd, before, after, case: name } of attemptsOf(trial)) {
          const [first, last] = [before.at(-1), after[0]];
          if (first === undefined || last === undefined || !isSettled(first, known)) continue;
          const compared = compareEnclosed(odd, first, last, known);
          if (compared === undefined) continue;
          if (isRefused(odd)) {
            if (odd.status === 401 || odd.status === 408) continue;
            keep('parameters', 'refused', odd.id);
            tell.holds();
          } else if (isList(odd) && compared === 'alike') {
            keep('parameters', 'ignored', odd.id);
            tell.holds();
          } else if (odd.status !== undefined && odd.status < 500 && odd.status !== 429)
            tell.violated({
              cause: name,
              message: `A list ${name} is not the list without it.`,
              expected: 'the products of the list without it, or a refusal with 4xx',
              received: odd.status === 200 ? '200 with other products' : `${odd.status}`,
              exchanges: [first.id, odd.id, last.id],
            });
        }
      },
    };
  },

  'LST-10': (tell) => {
    const asked: Message[] = [];
    let found = 0;
    return {
      message(message) {
        const { operation, probe } = message.intent;
        if (operation !== 'get') return;
        if (message.status === 200 && readShown(message.json) !== undefined) found += 1;
        if (probe?.requirement === 'LST-06' && probe.role === 'spoiled' && isRefused(message)) asked.push(message);
      },
      end() {
        if (found === 0) return;
        for (const message of asked) {
          if (message.status === 404) tell.holds();
          else if (message.status !== 401 && message.status !== 408)
            tell.violated({
              cause: `${message.status}`,
              message: `The get of an unknown id is answered ${message.status}.`,
              expected: '404',
              received: `${message.status}`,
              exchanges: [message.id],
            });
        }
      },
    };
  },

  'LST-11': spelling(),

  ...probedCloses,

  'OWN-03': (tell, known) => {
    const weigh = weighTries();
    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) {
          const { odd, control, case: name } = attempt;
          const { operation } = odd.intent;
          if (odd.status === undefined || odd.status >= 500 || odd.status === 429 || odd.status === 408) continue;
          const seen = isAccepted(odd) && operation !== 'close' ? productSeen(odd, known.products) : undefined;
          const found = operation === 'close' ? aftermathOf(attempt, known, closes) : undefined;
          const proven = operation === 'close' ? weigh(name, found) : undefined;
          if (seen !== undefined || proven !== undefined)
            tell.violated({
              cause: operation,
              message: `${nameAttempt(attempt)} ${operation === 'close' ? 'closes' : 'shows'} a product of the first client.`,
              expected: operation === 'close' ? 'the product as it was' : 'nothing of the product',
              received: proven?.received ?? `${odd.status} with the product`,
              exchanges: [odd.id, ...(proven === undefined ? [] : [proven.reads[1].id])],
            });
          else if (control !== undefined && found === undefined) tell.holds();
        }
      },
    };
  },
};

/** R-UNKNOWN: ignored or refused, and one of them throughout. */
function keepToOneReading(tell: Tell): (what: 'members' | 'parameters', way: 'ignored' | 'refused', exchange: string) => void {
  let first: { way: string; exchange: string } | undefined;
  return (what, way, exchange) => {
    tell.took('R-UNKNOWN', `${what} ${way}`, exchange);
    first ??= { way, exchange };
    if (first.way === way) return;
    tell.warned('R-UNKNOWN', {
      cause: `${what} now ignored, now refused`,
      message: `Unknown ${what} of a request are ${first.way} one time and ${way} another.`,
      expected: `${first.way}, as the first time`,
      received: way,
      exchanges: [first.exchange, exchange],
    });
  };
}

/** The foreign property that a product has from the request that made it. */
function takenOver(odd: Message, shown: Message | undefined): { readonly name: string } | undefined {
  const sent = parse(odd.exchange.request.body?.text);
  if (!isRecord(sent)) return undefined;
  const product = shown === undefined ? undefined : readShown(shown.json);
  for (const [name, value] of Object.entries(sent)) {
    if (typeof value !== 'string') continue;
    const given = isRecord(odd.json) ? odd.json.customerProductId : undefined;
    if (name === 'customerProductId' && (same(given, value) || product?.id === value.toLowerCase())) return { name };
    if (name === 'status' && value === 'CLOSED' && product?.status === value) return { name };
    if (name === 'createdOn' || name === 'openedOn' || name === 'modifiedOn' || name === 'closedOn') {
      const [asked, has] = [parseMoment(value), product?.[name]];
      if (asked !== undefined && has !== undefined && isSameMoment(asked, has)) return { name };
    }
  }
  return undefined;
}

const same = (one: unknown, other: string): boolean => typeof one === 'string' && one.toLowerCase() === other.toLowerCase();

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

/** A product of this run in the answer. */
function productSeen({ json }: Message, products: ReadonlyMap<string, Product>): string | undefined {
  for (const value of Array.isArray(json) ? (json as readonly unknown[]) : [json]) {
    const id = readShown(value)?.id;
    if (id !== undefined && products.get(id)?.creation !== undefined) return id;
  }
  return undefined;
}

export const isList = ({ status, json }: Message): boolean => status === 200 && Array.isArray(json);
