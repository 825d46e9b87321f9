/** TOK, continued: token requests made for one requirement. */
import { isAccepted, isPlain, isRefused, type Message } from '../../generators/model/message.ts';
import { isRecord } from '../../generators/model/product.ts';
import { nameAttempt } from '../refusal.ts';
import type { Rule, Rules } from '../rule.ts';
import { attemptsOf } from '../series.ts';

type Probed = 'TOK-05' | 'TOK-06' | 'TOK-08' | 'TOK-11' | 'TOK-12' | 'TOK-13' | 'TOK-17';

export const tokenProbes: Pick<Rules<'TOK'>, Probed> = {
  /** One wrong secret a run, and nothing after it: that the right one works was seen before. */
  'TOK-05': (tell) => {
    let given = false;
    return {
      message({ intent, status }) {
        given ||= intent.operation === 'token' && isPlain(intent) && status === 200;
      },
      trial(trial) {
        for (const { odd, case: name } of attemptsOf(trial)) {
          if (!isJudged(odd) || !given) continue;
          const error = errorOf(odd);
          if ((odd.status === 400 || odd.status === 401) && error === 'invalid_client') tell.holds();
          else
            tell.violated({
              cause: name,
              message: `A token request ${name} is answered ${describe(odd)}.`,
              expected: '400 or 401 with invalid_client',
              received: describe(odd),
              exchanges: [odd.id],
            });
        }
      },
    };
  },

  'TOK-06': refusedWith((name) => (name.includes('unknown') ? 'unsupported_grant_type' : 'invalid_request')),

  'TOK-08': (tell) => ({
    trial(trial) {
      const attempts = attemptsOf(trial);
      for (const { odd, control, case: name } of attempts) {
        if (odd.intent.probe!.role !== 'spelling' || !isJudged(odd)) continue;
        if (isAccepted(odd)) tell.holds();
        else if (control !== undefined)
          tell.violated({
            cause: name,
            message: `A token request ${name} is answered ${describe(odd)}.`,
            expected: '200 and a token',
            received: describe(odd),
            exchanges: [odd.id, control.id],
          });
      }
      const [missing, empty] = attempts.filter(({ odd }) => odd.intent.probe!.role === 'spoiled');
      if (missing === undefined || empty === undefined || !isJudged(missing.odd) || !isJudged(empty.odd)) return;
      if (describe(missing.odd) === describe(empty.odd)) {
        if (isRefused(empty.odd)) tell.holds();
      } else
        tell.violated({
          cause: empty.case,
          message: 'A token request with an empty grant_type is not answered as one without it.',
          expected: describe(missing.odd),
          received: describe(empty.odd),
          exchanges: [missing.odd.id, empty.odd.id],
        });
    },
  }),

  'TOK-11': refusedWith(() => 'invalid_request'),
  'TOK-12': refusedWith(() => undefined),

  'TOK-13': (tell) => ({
    trial(trial) {
      const given = new Map<string, { from: number; endsAt: number }>();
      for (const message of trial.messages) {
        if (message.intent.operation === 'token') {
          if (message.status !== 200 || !isRecord(message.json)) continue;
          const { access_token: token, expires_in: seconds } = message.json;
          if (typeof token === 'string')
            given.set(token, { from: message.from, endsAt: message.from + (typeof seconds === 'number' ? seconds * 900 : 60_000) });
          continue;
        }
        const token = message.exchange.request.headers
          .find(([name]) => name.toLowerCase() === 'authorization')?.[1]
          .replace(/^bearer +/i, '');
        const life = given.get(token ?? '');
        // The token the session had before the others were asked for has no answer here: it is as good as its first use.
        const older = life === undefined;
        if (message.intent.probe?.role !== 'odd' || token === undefined || (!older && message.from > life.endsAt)) continue;
        // Whatever else is said of the list, the token was taken.
        // 403 is how an unknown customer, or one without products, may be answered (R-CUSTOMER).
        if (isAccepted(message) || message.status === 404) tell.holds();
        else if (message.status === 401)
          tell.violated({
            cause: older ? 'an older token' : 'a token asked for in parallel',
            message: older
              ? 'A token is refused once others have been given after it.'
              : 'Of several tokens asked for at the same time, one is refused.',
            expected: '200 with each of them',
            received: `${message.status}`,
            exchanges: [message.id],
          });
      }
    },
  }),

  'TOK-17': (tell) => {
    let wrongSecret: Message | undefined;
    return {
      message(message) {
        if (message.intent.probe?.requirement === 'TOK-05' && isJudged(message)) wrongSecret = message;
      },
      trial(trial) {
        for (const { odd, case: name } of attemptsOf(trial)) {
          if (!isJudged(odd) || wrongSecret === undefined || isAccepted(wrongSecret)) continue;
          if (isRefused(odd) && describe(odd) === describe(wrongSecret)) tell.holds();
          else
            tell.violated({
              cause: name,
              message: `A token request ${name} is not answered like one with a wrong secret, which tells which clients exist.`,
              expected: describe(wrongSecret),
              received: describe(odd),
              exchanges: [wrongSecret.id, odd.id],
            });
        }
      },
    };
  },
};

/** A rule for token requests that are to be refused, with this error where one is said, and then granted without the defect. */
function refusedWith(errorFor: (name: string) => string | undefined): Rule {
  return (tell) => ({
    trial(trial) {
      for (const attempt of attemptsOf(trial)) {
        const { odd, control, case: name } = attempt;
        if (!isJudged(odd) || (control === undefined && !isAccepted(odd))) continue;
        const error = errorFor(name);
        if (isRefused(odd) && (error === undefined || errorOf(odd) === error)) tell.holds();
        else
          tell.violated({
            cause: name,
            message: `${nameAttempt(attempt)} is answered ${describe(odd)}.`,
            expected: error === undefined ? 'a refusal with 4xx' : `a refusal with ${error}`,
            received: describe(odd),
            exchanges: [odd.id, ...(control === undefined ? [] : [control.id])],
          });
      }
    },
  });
}

/** 408 and 429 are about the moment, 5xx is MSG-06's. */
const isJudged = ({ status }: Message): boolean => status !== undefined && status < 500 && status !== 408 && status !== 429;

function errorOf({ json }: Message): string | undefined {
  return isRecord(json) && typeof json.error === 'string' ? json.error : undefined;
}

const describe = (message: Message): string => {
  const error = errorOf(message);
  return error === undefined ? `${message.status}` : `${message.status} ${error}`;
};
