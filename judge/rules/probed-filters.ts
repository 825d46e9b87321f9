/** FLT, continued: filter values that no product has, and filters sent twice. */
import { isRefused, type Message } from '../../generators/model/message.ts';
import { readShown } from '../../generators/model/product.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import { isLetterCase } from '../letter-case.ts';
import { nameAttempt, usualRefusal } from '../refusal.ts';
import { watchRest } from '../resting.ts';
import type { Rule } from '../rule.ts';
import { type Attempt, attemptsOf } from '../series.ts';
import { isSettled } from '../settled.ts';
import type { Tell } from '../tell.ts';

const remark = usualRefusal();

export const probedFilters: Readonly<Record<('FLT-12' | 'FLT-13' | 'FLT-16' | 'FLT-17') & RequirementId, Rule>> = {
  'FLT-12': matchesNothing(),
  'FLT-13': matchesNothing(),

  'FLT-16': (tell, known) => ({
    trial(trial) {
      const attempts = attemptsOf(trial).filter(({ odd }) => isSettled(odd, known));
      const rests = watchRest(attempts[0]?.before ?? [], attempts.at(-1)?.after ?? [], known);
      const stateOf = readState(attempts, rests);
      let ways: ReadonlySet<Way> | undefined;
      const seen: Message[] = [];
      for (const attempt of attempts) {
        const taken = waysTaken(attempt.odd, stateOf, rests);
        if (taken === undefined) continue;
        seen.push(attempt.odd);
        const before: ReadonlySet<Way> = ways ?? taken;
        ways = new Set([...before].filter((way) => taken.has(way)));
        if (ways.size > 0) continue;
        tell.violated({
          cause: attempt.case,
          message: `A list ${attempt.case} is taken one way one time and another way another.`,
          expected: `${describe(before)}, as before`,
          received: taken.size === 0 ? 'products that neither value, nor both, nor none would give' : describe(taken),
          exchanges: seen.map(({ id }) => id),
        });
        return;
      }
      if (seen.length > 1) tell.holds();
    },
  }),

  /** Looks at what the requests made for FLT-12 and FLT-13 were answered. */
  'FLT-17': (tell) => {
    const refused = new Map<string, Message[]>();
    return {
      message(message) {
        const { operation, probe } = message.intent;
        if (operation !== 'list' || (probe?.requirement !== 'FLT-12' && probe?.requirement !== 'FLT-13')) return;
        if (probe.role === 'control' && message.status === 200) {
          for (const _ of refused.get(probe.trial) ?? []) tell.holds();
          refused.delete(probe.trial);
        }
        if (probe.role !== 'spoiled') return;
        if (isRefused(message) && message.status !== 401 && message.status !== 408)
          refused.set(probe.trial, [...(refused.get(probe.trial) ?? []), message]);
        if (message.status !== 200) return;
        const [name] = message.intent.filters?.[0] ?? ['a filter'];
        const violation = {
          cause: isLetterCase(probe.case) ? `${name} in another letter case` : name,
          message: `A value of ${name} outside the enumeration is answered 200.`,
          expected: 'a refusal with 4xx',
          received: `200 with ${Array.isArray(message.json) ? `${message.json.length} products` : 'no list'}`,
          exchanges: [message.id],
        };
        if (isLetterCase(probe.case)) tell.warned('R-ENUMCASE', violation);
        else tell.violated(violation);
      },
    };
  },
};

/** FLT-12, FLT-13: the value gives a refusal or nothing, while other lists of the customer show products. */
function matchesNothing(): Rule {
  return (tell) => {
    function judge(attempt: Attempt): void {
      const { odd, control, case: name } = attempt;
      const [filter, value] = odd.intent.filters?.[0] ?? ['', ''];
      if (value === '') {
        takeEmpty(tell, odd, control);
        return;
      }
      const shows = control !== undefined && productsOf(control).length > 0;
      if (isRefused(odd)) {
        if (!shows || odd.status === 401 || odd.status === 408) return;
        const said = remark(odd);
        if (said === undefined) tell.took('R-REFUSAL', `${odd.status}`, odd.id);
        else
          tell.warned(said.reading, {
            cause: `${odd.status} to ${filter}`,
            message: `${nameAttempt(attempt)} is refused with ${odd.status}.`,
            expected: said.expected,
            received: `${odd.status}`,
            exchanges: [odd.id],
          });
        tell.holds();
        return;
      }
      if (odd.status !== 200 || !Array.isArray(odd.json)) return;
      const listed = productsOf(odd);
      if (listed.length === 0) {
        if (shows) tell.holds();
        return;
      }
      const violation = {
        cause: name,
        message: `${nameAttempt(attempt)} shows products.`,
        expected: 'a refusal with 4xx, or no product',
        received: `${listed.length} products`,
        exchanges: [odd.id],
      };
      // Taken as the value in capitals, it must give that value's products and no others (R-ENUMCASE).
      const asValue = isLetterCase(name) && listed.every((product) => product[filter] === value.toUpperCase());
      if (asValue) tell.warned('R-ENUMCASE', violation);
      else tell.violated(violation);
    }

    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) judge(attempt);
      },
    };
  };
}

/** R-EMPTY leaves open what an empty value means: it is recorded, and never judged. */
function takeEmpty(tell: Tell, odd: Message, control: Message | undefined): void {
  if (isRefused(odd)) tell.took('R-EMPTY', `${odd.status}`, odd.id);
  else if (odd.status === 200 && control !== undefined)
    tell.took(
      'R-EMPTY',
      productsOf(odd).length === 0 ? 'an empty list' : idsOf(odd) === idsOf(control) ? 'no filter' : 'some products',
      odd.id,
    );
}

const productsOf = ({ status, json }: Message): readonly Readonly<Record<string, unknown>>[] =>
  status === 200 && Array.isArray(json)
    ? (json as readonly unknown[]).flatMap((value) => {
        const shown = readShown(value);
        return shown === undefined ? [] : [shown.raw];
      })
    : [];

type Way = 'refused' | 'the first value counts' | 'the last value counts' | 'either value' | 'both values at once' | 'no filter';

/** Whether a product was the same all the while. */
type Rests = (id: string) => boolean;

/** Ids of what rests in the plain list of a value (`undefined`: of no filter), where they were the same before and after all the odd ones. */
type StateOf = (value: string | undefined) => string | undefined;

function readState(attempts: readonly Attempt[], rests: Rests): StateOf {
  const [before, after] = [attempts[0]?.before ?? [], attempts.at(-1)?.after ?? []];
  return (value) => {
    const is = ({ status, intent }: Message): boolean => status === 200 && intent.filters?.[0]?.[1] === value;
    const [was, since] = [before.findLast(is), after.find(is)];
    return was !== undefined && since !== undefined && idsOf(was) === idsOf(since) ? idsOf(was, rests) : undefined;
  };
}

/** The ways of handling a repeated parameter that explain an answer; `undefined` where the state around it moved. */
function waysTaken(odd: Message, stateOf: StateOf, rests: Rests): ReadonlySet<Way> | undefined {
  const [first, second] = odd.intent.filters ?? [];
  if (first === undefined || second === undefined || odd.status === 401 || odd.status === 408) return undefined;
  if (isRefused(odd)) return new Set(['refused']);
  if (odd.status !== 200) return undefined;
  const [one, other, all] = [stateOf(first[1]), stateOf(second[1]), stateOf(undefined)];
  if (one === undefined || other === undefined || all === undefined || one === '' || other === '') return undefined;
  const either = [...new Set([...one.split(','), ...other.split(',')])].sort().join();
  const ways: [Way, string][] = [
    ['the first value counts', one],
    ['the last value counts', other],
    ['either value', either],
    ['both values at once', ''],
    ['no filter', all],
  ];
  const got = idsOf(odd, rests);
  return new Set(ways.filter(([, ids]) => ids === got).map(([way]) => way));
}

const idsOf = (message: Message, counts: Rests = () => true): string =>
  productsOf(message)
    .map(({ customerProductId }) => String(customerProductId).toLowerCase())
    .filter(counts)
    .sort()
    .join();

const describe = (ways: ReadonlySet<Way>): string => [...ways].join(', or ');
