/**
 * A trial read as a series: odd requests one after the other on one piece of ground, reads of the state between them, and at the
 * end the ordinary request, accepted from the state in which the odd ones were refused (rule 2). One control serves all the odd
 * requests before it: the reads between show that none of them changed that state.
 */
import { isAccepted, type Message } from '../generators/model/message.ts';
import type { Trial } from './rule.ts';

/** One odd request of a series. */
export interface Attempt {
  readonly case: string;
  /** The odd request; the last time it was sent, where it had to be sent again. */
  readonly odd: Message;
  /** All reads answered before it was sent. */
  readonly before: readonly Message[];
  /** The reads made to see what it did. */
  readonly after: readonly Message[];
  /** The first ordinary request that was accepted after it. */
  readonly control: Message | undefined;
}

const oddRoles = new Set<string | undefined>(['spoiled', 'spelling', 'odd']);

export const isOdd = ({ intent }: Message): boolean => oddRoles.has(intent.probe?.role);

export function attemptsOf(trial: Trial): readonly Attempt[] {
  const { messages } = trial;
  const attempts: Attempt[] = [];
  messages.forEach((message, index) => {
    if (!isOdd(message)) return;
    const name = message.intent.probe!.case;
    const next = messages.findIndex((other, at) => at > index && isOdd(other));
    const end = next < 0 ? messages.length : next;
    const after = messages.slice(index + 1, end).filter(({ intent }) => intent.probe?.role === 'after');
    // Sent again because the target was too busy, or the answer was lost: only the last one counts.
    if (after.length === 0 && next >= 0 && isSameRequest(messages[next]!, message)) return;
    attempts.push({
      case: name,
      odd: message,
      before: messages.slice(0, index).filter(isRead),
      after,
      control: messages.find(
        (other, at) => at > index && other.intent.probe?.role === 'control' && isAccepted(other) && other.from >= message.to,
      ),
    });
  });
  return attempts;
}

const isRead = ({ intent }: Message): boolean => intent.probe?.role === 'before' || intent.probe?.role === 'after';

const isSameRequest = (one: Message, other: Message): boolean =>
  one.intent.probe?.case === other.intent.probe?.case &&
  one.exchange.request.method === other.exchange.request.method &&
  one.exchange.request.url === other.exchange.request.url;
