/**
 * How a refusal is read (rule 2): the spoiled request was answered 4xx, the reads after it show no effect, and then the same
 * request without the defect was accepted. What was answered 2xx was not refused, whatever came of it.
 */

import { isAccepted, isRefused, type Message } from '../generators/model/message.ts';
import type { ReadingId } from '../spec/catalogue/index.ts';
import { type Aftermath, aftermathOf, type Consequence, isRead, weighTries } from './aftermath.ts';
import { isLetterCase } from './letter-case.ts';
import type { Rule } from './rule.ts';
import { type Attempt, attemptsOf } from './series.ts';

/** What is remarked about a status that is allowed, but not the one to be expected. */
export interface Remark {
  readonly reading: ReadingId;
  readonly expected: string;
}

export interface RefusalTerms {
  /** What there is to say about the status of a refusal; nothing for the usual ones. */
  readonly remark?: (refusal: Message, name: string) => Remark | undefined;
  /** The reading that the unremarked statuses are recorded under; null: none. */
  readonly records?: ReadingId | null;
  /** A case in which the target may take what it was sent for a valid value (R-ENUMCASE). */
  readonly mayTake?: (name: string) => boolean;
  /** An accepted request that has no defect after all, as its answer shows. */
  readonly isSound?: (attempt: Attempt) => boolean;
}

/** What no refused request may do; `touched` is CLS-11's alone. */
const heeded: ReadonlySet<Consequence> = new Set(['created', 'closed', 'reopened', 'changed', 'asked', 'gone']);

export const articles = {
  list: 'A list',
  create: 'A create',
  get: 'A get',
  close: 'A close',
  token: 'A token request',
  other: 'A request',
};

/** Names the request of an attempt: `A create with productCode null`. */
export const nameAttempt = ({ odd, case: name }: Attempt): string => `${articles[odd.intent.operation]} ${name}`;

/** R-REFUSAL: 400 and 422 go without saying, and those that fit the defect. */
export const usualRefusal =
  (...fitting: readonly number[]) =>
  ({ status }: Message): Remark | undefined =>
    status === 400 || status === 422 || fitting.includes(status!)
      ? undefined
      : { reading: 'R-REFUSAL', expected: ['400', '422', ...fitting].join(' or ') };

/** A rule for a row that asks for a refusal, read from its own trials. */
export function refusal({
  remark = usualRefusal(),
  records = 'R-REFUSAL',
  mayTake = isLetterCase,
  isSound = () => false,
}: RefusalTerms = {}): Rule {
  return (tell, known) => {
    const weigh = weighTries();

    function judge(attempt: Attempt): void {
      const { odd, control, case: name } = attempt;
      if (isAccepted(odd)) {
        if (!isSound(attempt)) tellAccepted(attempt);
        return;
      }
      // Redirected: neither done nor refused, but nothing is known to work either before the control has.
      if (odd.status !== undefined && odd.status >= 300 && odd.status < 400 && control !== undefined) {
        tellAccepted(attempt);
        return;
      }
      if (!isRefused(odd) || odd.status === 408) return;
      const writes = odd.exchange.request.method !== 'GET';
      const found = aftermathOf(attempt, known, heeded);
      const proven = writes && (isRead(attempt) || found !== undefined) ? weigh(`${odd.intent.operation} ${name}`, found) : undefined;
      if (proven !== undefined) {
        tellEffect(attempt, proven);
        return;
      }
      if (found !== undefined || (writes && !isRead(attempt))) return;
      if (control === undefined) {
        tell.missing('what was refused with a defect was not accepted without it');
        return;
      }
      if (isLetterCase(name)) tell.took('R-ENUMCASE', 'refused', odd.id);
      const said = remark(odd, name);
      if (said === undefined) {
        if (records !== null) tell.took(records, `${odd.status}`, odd.id);
      } else
        tell.warned(said.reading, {
          cause: `${odd.status} to ${odd.intent.operation} ${name}`,
          message: `${nameAttempt(attempt)} is refused with ${odd.status}.`,
          expected: said.expected,
          received: `${odd.status}`,
          exchanges: [odd.id],
        });
      tell.holds();
    }

    function tellAccepted(attempt: Attempt): void {
      const { odd, after, case: name } = attempt;
      const violation = {
        cause: `${odd.intent.operation} ${name} answered ${odd.status}`,
        message: `${nameAttempt(attempt)} is answered ${odd.status}.`,
        expected: 'a refusal with 4xx',
        received: `${odd.status}`,
        exchanges: [odd.id, ...after.map(({ id }) => id)],
      };
      if (isAccepted(odd) && mayTake(name)) tell.warned('R-ENUMCASE', violation);
      else tell.violated(violation);
    }

    function tellEffect(attempt: Attempt, { what, expected, received, reads }: Aftermath): void {
      const { odd, case: name } = attempt;
      tell.violated({
        cause: `${odd.intent.operation} ${name} refused and ${what}`,
        message: `${nameAttempt(attempt)} is refused with ${odd.status}, and acts all the same.`,
        expected,
        received,
        exchanges: [reads[0].id, odd.id, reads[1].id],
      });
    }

    return {
      trial(trial) {
        for (const attempt of attemptsOf(trial)) judge(attempt);
      },
    };
  };
}
