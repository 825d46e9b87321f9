/** AUT: bearer tokens, on each of the four operations. */
import { headersOf, isAccepted, isRefused, type Message } from '../../generators/model/message.ts';
import { areaOf } from '../../spec/catalogue/index.ts';
import { aftermathOf, type Consequence, isRead, weighTries } from '../aftermath.ts';
import { findExposure } from '../exposure.ts';
import { bearerChallengeOf } from '../fields.ts';
import { articles, nameAttempt, type Remark, refusal } from '../refusal.ts';
import type { Rules } from '../rule.ts';
import { attemptsOf } from '../series.ts';
import { spelling } from '../spelling.ts';

/** 401; 400 with a challenge where there were credentials to be malformed. */
function remarkRefusal(message: Message): Remark | undefined {
  if (message.status === 401) return undefined;
  const malformed = message.status === 400 && credentialsOf(message) !== undefined && bearerChallengeOf(message) !== undefined;
  return malformed ? undefined : { reading: 'R-401', expected: '401' };
}

const unauthorized = refusal({ remark: remarkRefusal, records: 'R-401', mayTake: () => false });

const noEffect: ReadonlySet<Consequence> = new Set(['created', 'closed', 'changed']);

export const authorization: Rules<'AUT'> = {
  'AUT-01': unauthorized,
  'AUT-02': unauthorized,
  'AUT-03': unauthorized,
  'AUT-04': unauthorized,
  'AUT-05': unauthorized,
  'AUT-06': unauthorized,
  'AUT-07': unauthorized,
  'AUT-08': unauthorized,
  'AUT-09': unauthorized,

  'AUT-10': (tell) => ({
    trial(trial) {
      const issued = trial.messages.find(({ intent }) => intent.operation === 'token');
      const seconds = (issued?.json as { expires_in?: unknown } | undefined)?.expires_in;
      const before = trial.messages.find(({ intent }) => intent.probe?.role === 'control');
      if (issued === undefined || typeof seconds !== 'number' || before === undefined || !isAccepted(before)) return;
      const endsAt = issued.to + seconds * 1_000;
      const late = trial.messages.filter(({ intent, from }) => intent.probe?.role === 'odd' && from > endsAt + roundingMs);
      const taken = late.findLast(isAccepted);
      if (taken !== undefined) {
        const after = ((taken.from - endsAt) / 1_000).toFixed(1);
        tell.violated({
          cause: 'taken after its time',
          message: `A token is still taken ${after} s after its expires_in of ${seconds} s has passed.`,
          expected: '401',
          received: `${taken.status}, ${after} s late`,
          exchanges: [issued.id, before.id, taken.id],
        });
      } else if (late.some(({ status }) => status === 401)) tell.holds();
      else {
        const other = late.find(isRefused);
        if (other === undefined) return;
        tell.warned('R-401', {
          cause: `${other.status} to an expired token`,
          message: `A token whose time is over is refused with ${other.status}.`,
          expected: '401',
          received: `${other.status}`,
          exchanges: [issued.id, other.id],
        });
      }
    },
  }),

  'AUT-11': unauthorized,

  'AUT-12': (tell) => ({
    message(message) {
      if (!isForWantOfToken(message)) return;
      if (bearerChallengeOf(message) !== undefined) tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} ${message.status}`,
          message: `A ${message.status} to ${articles[message.intent.operation].toLowerCase()} for want of a valid token has no Bearer challenge.`,
          expected: 'WWW-Authenticate: Bearer',
          received: headersOf(message, 'www-authenticate').join(', ') || 'no WWW-Authenticate',
          exchanges: [message.id],
        });
    },
  }),

  'AUT-13': (tell) => ({
    message(message) {
      const challenge = isForWantOfToken(message) && message.intent.probe?.role === 'spoiled' ? bearerChallengeOf(message) : undefined;
      if (challenge === undefined) return;
      const credentials = credentialsOf(message);
      const error = challenge.parameters.get('error');
      // Of another scheme, or with no token after it: neither a call without credentials nor one with a bad token.
      if (credentials !== undefined && !/^bearer +\S/i.test(credentials)) return;
      const right =
        credentials === undefined
          ? error === undefined
          : error === 'invalid_token' || (error === 'invalid_request' && message.status === 400);
      if (right) tell.holds();
      else
        tell.violated({
          cause: credentials === undefined ? 'an error without a token' : `${error ?? 'no error'} to a bad token`,
          message:
            credentials === undefined
              ? 'The challenge to a call without a token has an error.'
              : 'The challenge to a call with a bad token does not say invalid_token.',
          expected: credentials === undefined ? 'no error' : 'error="invalid_token"',
          received: error === undefined ? 'no error' : `error="${error}"`,
          exchanges: [message.id],
        });
    },
  }),

  'AUT-14': spelling({ refusedBy: (status) => status === 401 || status === 403 || status === 400 }),

  'AUT-15': (tell) => ({
    trial(trial) {
      for (const { odd } of attemptsOf(trial)) if (odd.status === 200) tell.holds();
    },
  }),

  'AUT-16': (tell) => ({
    trial(trial) {
      for (const attempt of attemptsOf(trial)) {
        const { odd, case: name } = attempt;
        const { status } = odd;
        if (status === undefined || status >= 500 || status === 408 || status === 429) continue;
        if (status === 401) {
          tell.holds();
          continue;
        }
        const violation = {
          cause: `${odd.intent.operation} ${name} answered ${status}`,
          message: `${nameAttempt(attempt)} and without a token is answered ${status}.`,
          expected: '401, before anything else is looked at',
          received: `${status}`,
          exchanges: [odd.id],
        };
        if (status === 403) tell.warned('R-401', violation);
        else tell.violated(violation);
      }
    },
  }),

  'AUT-17': (tell, known) => {
    const weigh = weighTries();
    return {
      message(message) {
        const { probe } = message.intent;
        if (probe === undefined || areaOf(probe.requirement) !== 'AUT' || probe.role !== 'spoiled' || !isRefused(message)) return;
        const exposed = findExposure(message, known);
        if (exposed !== undefined)
          tell.violated({
            cause: `${message.intent.operation} shows ${exposed}`,
            message: `A refusal of ${articles[message.intent.operation].toLowerCase()} for want of a token shows ${exposed}.`,
            expected: 'nothing of any product',
            received: exposed,
            exchanges: [message.id],
          });
      },
      trial(trial) {
        for (const attempt of attemptsOf(trial)) {
          const { odd, case: name } = attempt;
          if (!isRefused(odd) || !isRead(attempt)) continue;
          const found = aftermathOf(attempt, known, noEffect);
          const proven = weigh(`${odd.intent.operation} ${name}`, found);
          if (proven !== undefined)
            tell.violated({
              cause: `${odd.intent.operation} ${proven.what}`,
              message: `${nameAttempt(attempt)} is refused with ${odd.status}, and acts all the same.`,
              expected: proven.expected,
              received: proven.received,
              exchanges: [proven.reads[0].id, odd.id, proven.reads[1].id],
            });
          else if (found === undefined && findExposure(odd, known) === undefined) tell.holds();
        }
      },
    };
  },

  'AUT-18': (tell) => ({
    message(message) {
      const challenge = message.intent.operation === 'token' ? undefined : bearerChallengeOf(message);
      if (challenge === undefined) return;
      if (challenge.parameters.size > 0) tell.holds();
      else
        tell.violated({
          cause: 'a bare challenge',
          message: 'A Bearer challenge has no parameter.',
          expected: 'a parameter such as realm',
          received: headersOf(message, 'www-authenticate').join(', '),
          exchanges: [message.id],
        });
    },
  }),
};

/** `expires_in` is whole seconds, and the token was issued some time before its answer came. */
const roundingMs = 1_000;

const credentialsOf = ({ exchange }: Message): string | undefined =>
  exchange.request.headers.find(([name]) => name.toLowerCase() === 'authorization')?.[1];

/** Every 401 of the API; a 400 or 403 where nothing but the token was wrong. */
function isForWantOfToken({ intent, status }: Message): boolean {
  if (intent.operation === 'token') return false;
  if (status === 401) return true;
  const probe = intent.probe;
  return (
    (status === 400 || status === 403) && probe?.role === 'spoiled' && areaOf(probe.requirement) === 'AUT' && probe.requirement !== 'AUT-16'
  );
}
