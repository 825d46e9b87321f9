/** MSG, continued: what only requests made for it show. */
import { headerOf, isAccepted, isBusy, isPlain, isRefused, type Message } from '../../generators/model/message.ts';
import { readShown } from '../../generators/model/product.ts';
import { aftermathOf, type Consequence, isRead, weighTries } from '../aftermath.ts';
import { mediaTypeOf } from '../fields.ts';
import { nameAttempt } from '../refusal.ts';
import { compareEnclosed } from '../resting.ts';
import type { Rule, Rules } from '../rule.ts';
import { type Attempt, attemptsOf } from '../series.ts';
import { isSettled } from '../settled.ts';
import { spelling } from '../spelling.ts';
import type { Violation } from '../tell.ts';
import { isList } from './probed.ts';

const allConsequences: ReadonlySet<Consequence> = new Set(['created', 'closed', 'reopened', 'changed', 'asked', 'gone', 'touched']);

type Probed = 'MSG-07' | 'MSG-08' | 'MSG-10' | 'MSG-16' | 'MSG-17' | 'MSG-18' | 'MSG-19' | 'MSG-20' | 'MSG-21' | 'MSG-23' | 'MSG-25';

export const messageProbes: Pick<Rules<'MSG'>, Probed> = {
  'MSG-07': spelling(),

  'MSG-08': (tell, known) => {
    const weigh = weighTries();

    function judge(attempt: Attempt): void {
      const { odd, case: name } = attempt;
      const { status } = odd;
      if (status === undefined || isBusy(odd) || status === 500 || status > 501) return;
      const found = aftermathOf(attempt, known, allConsequences);
      if (found === undefined && !isRead(attempt)) return;
      const proven = weigh(name, found);
      if (proven !== undefined)
        tell.violated({
          cause: `${name}: ${proven.what}`,
          message: `${nameAttempt(attempt)} is answered ${status}, and acts.`,
          expected: proven.expected,
          received: proven.received,
          exchanges: [proven.reads[0].id, odd.id, proven.reads[1].id],
        });
      if (found !== undefined) return;
      // What it is answered is not judged.
      if (odd.exchange.request.method === 'OPTIONS') tell.holds();
      else if (status === 405 || status === 501 || (status === 400 && isUnheardOf(odd))) {
        tell.took('R-405', `${status}`, odd.id);
        tell.holds();
      } else
        tell.warned('R-405', {
          cause: `${name}: ${status}`,
          message: `${nameAttempt(attempt)} is answered ${status}.`,
          expected: '405 or 501',
          received: `${status}, without effect`,
          exchanges: [odd.id],
        });
    }

    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) judge(attempt);
      },
    };
  },

  'MSG-10': (tell, known) => {
    const weigh = weighTries();

    function judge(attempt: Attempt): void {
      const { odd, case: name, before, after } = attempt;
      if (!isAccepted(odd)) return;
      const found = aftermathOf(attempt, known, allConsequences);
      const proven = weigh(name, found);
      if (proven !== undefined)
        tell.violated({
          cause: `${name}: ${proven.what}`,
          message: `${nameAttempt(attempt)} acts.`,
          expected: proven.expected,
          received: proven.received,
          exchanges: [proven.reads[0].id, odd.id, proven.reads[1].id],
        });
      const get = [...before, ...after].findLast(({ status }) => status === 200);
      if (get === undefined || found !== undefined) return;
      if (mediaTypeOf(odd) === mediaTypeOf(get)) tell.holds();
      else
        tell.violated({
          cause: `${name}: media type`,
          message: `${nameAttempt(attempt)} has another Content-Type than GET.`,
          expected: `Content-Type: ${mediaTypeOf(get)}`,
          received: mediaTypeOf(odd) === undefined ? 'no Content-Type' : `Content-Type: ${mediaTypeOf(odd)}`,
          exchanges: [odd.id, get.id],
        });
    }

    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) judge(attempt);
      },
    };
  },

  'MSG-16': endured(),
  'MSG-17': endured(),

  /** The second request of the connection is answered as it would be on one of its own, or the connection ended before. */
  'MSG-18': (tell) => {
    /** What gets on other connections show as well is not the doing of this one: products that come and go, answers of others. */
    let deniedElsewhere = false;
    let mixedElsewhere = false;
    const doubtful: { readonly status: number | undefined; readonly violation: Violation }[] = [];
    return {
      effect({ what, view, outcome }) {
        if (what === 'present' && view === 'get' && outcome !== 'shown') deniedElsewhere = true;
      },
      message({ intent, status, json }) {
        if (intent.operation !== 'get' || !isPlain(intent) || status !== 200) return;
        const id = readShown(json)?.id;
        if (id !== undefined && id !== intent.product?.toLowerCase()) mixedElsewhere = true;
      },
      end() {
        for (const { status, violation } of doubtful) if (status === 200 ? !mixedElsewhere : !deniedElsewhere) tell.violated(violation);
      },
      trial(trial) {
        const [first, next] = trial.messages.filter(({ intent }) => intent.probe?.role === 'odd');
        const control = trial.messages.find(({ intent }) => intent.probe?.role === 'control');
        if (first?.exchange.answer === undefined || control === undefined || !isAccepted(control)) return;
        // The token may have expired meanwhile: nothing renews it on this connection.
        if (next !== undefined && (isBusy(next) || next.status === 401)) return;
        const surplus = first.exchange.answer.wire?.surplusOctets ?? 0;
        const closed = next === undefined || next.exchange.failure !== undefined;
        const own = next?.status === control.status && readShown(next?.json)?.id === readShown(control.json)?.id;
        if (surplus === 0 && (closed || own)) {
          // The content was held back for a while: an answer within it came before the content.
          if (first.to - first.from < heldBackMs) tell.holds();
        } else {
          const violation = {
            cause: `${trial.case}: ${surplus > 0 ? 'an answer too many' : 'the answer of another'}`,
            message: `After the answer to a request ${trial.case}, the next request on the connection does not get its own answer.`,
            expected: `the connection closed, or ${control.status} with the product asked for`,
            received: surplus > 0 ? `${surplus} octets that belong to no request` : `${next?.status ?? 'nothing'}`,
            exchanges: [first.id, ...(next === undefined ? [] : [next.id]), control.id],
          };
          if (surplus === 0 && (next?.status === 200 || next?.status === 404)) doubtful.push({ status: next.status, violation });
          else tell.violated(violation);
        }
      },
    };
  },

  'MSG-19': spelling({ mayRefuse: ({ status }) => status === 411 }),
  'MSG-20': spelling(),
  'MSG-21': spelling(),

  'MSG-23': (tell, { facts }) => ({
    trial(trial) {
      const close = trial.messages.find(({ intent }) => intent.operation === 'close');
      const conditional = trial.messages.filter(({ intent }) => intent.probe?.role === 'odd');
      if (close === undefined || !isAccepted(close)) return;
      for (const message of conditional) {
        const { operation } = message.intent;
        // What the client had before the close, and that a plain read has shown the close since.
        const before = trial.messages.find((read) => read.intent.operation === operation && read.to <= close.from);
        const shown = trial.messages.some(
          (read) => read.intent.operation === operation && read.from >= close.to && read.to <= message.from && showsClosed(read),
        );
        if (before === undefined || headerOf(before, 'etag') === undefined || !shown || message.from < close.to + (facts.settleMs ?? 0))
          continue;
        if (message.status === 304)
          tell.violated({
            cause: `${operation} not modified`,
            message: `The entity tag that ${operation} showed before a close is answered 304 after it.`,
            expected: '200 with the closed product',
            received: '304',
            exchanges: [before.id, close.id, message.id],
          });
        else if (message.status === 200 && showsClosed(message)) tell.holds();
      }
    },
  }),

  'MSG-25': (tell, known) => ({
    trial(trial) {
      for (const { odd, before, after, case: name } of attemptsOf(trial)) {
        const [first, last] = [before.at(-1), after[0]];
        if (first === undefined || last === undefined || !isSettled(first, known)) continue;
        if (odd.status === undefined || odd.status >= 500 || odd.status === 429 || odd.status === 408) continue;
        const compared = compareEnclosed(odd, first, last, known);
        if (compared === undefined) continue;
        if (isList(odd) && compared === 'alike') tell.holds();
        else
          tell.violated({
            cause: name,
            message: `A list ${name} is not the list with the plain letters.`,
            expected: `${first.status} with the same products`,
            received: odd.status === 200 ? '200 with other products' : `${odd.status}`,
            exchanges: [first.id, odd.id, last.id],
          });
      }
    },
  }),
};

/** Content is held back for half a second, or until the answer comes. */
const heldBackMs = 450;

/** MSG-16, MSG-17: what is too long may be read, refused or hung up on, but not fail. */
function endured(): Rule {
  return (tell) => ({
    trial(trial) {
      const attempts = attemptsOf(trial);
      const failing = trial.messages.filter(({ status, intent }) => intent.probe?.role === 'odd' && status !== undefined && status >= 500);
      for (const { odd, control, case: name } of attempts) {
        if (control?.status !== 200) continue;
        const { status, exchange } = odd;
        const hungUp = exchange.failure !== undefined && exchange.failure.kind !== 'timeout' && exchange.failure.kind !== 'aborted';
        if (hungUp || isRefused(odd) || isAccepted(odd)) tell.holds();
        else if (status !== undefined && (status === 500 || failing.length >= 3 || (status >= 300 && status < 400)))
          tell.violated({
            cause: name,
            message: `A request ${name} is answered ${status}.`,
            expected: 'an ordinary answer, a 4xx or a closed connection',
            received: `${status}`,
            exchanges: [...failing.map(({ id }) => id), odd.id, control.id],
          });
      }
    },
  });
}

/** A method that no list of methods has: a parser may take it for no HTTP at all. */
const isUnheardOf = ({ exchange }: Message): boolean => !['PUT', 'DELETE', 'POST', 'PATCH'].includes(exchange.request.method);

const showsClosed = ({ json }: Message): boolean =>
  (Array.isArray(json) ? (json as readonly unknown[]) : [json]).some((value) => readShown(value)?.status === 'CLOSED');
