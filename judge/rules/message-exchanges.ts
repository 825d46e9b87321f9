/** MSG, continued: whether an exchange came to a good end at all. */
import { headersOf, isAccepted, isBusy, isPlain, type Message } from '../../generators/model/message.ts';
import { recall } from '../../generators/model/recall.ts';
import { isMissized, lengthOf, octetsOf } from '../lengths.ts';
import { watchRecurrence } from '../recurrence.ts';
import { articles } from '../refusal.ts';
import type { Rules, Trial } from '../rule.ts';
import { isOdd } from '../series.ts';
import { isSettled } from '../settled.ts';

export const messageExchanges: Pick<Rules<'MSG'>, 'MSG-04' | 'MSG-06'> = {
  'MSG-04': (tell, known) => {
    const cuts = watchRecurrence();
    /** Of what was asked for on sockets of our own: wrong lengths, and how often the same request came with a right one. */
    const measured = new Map<string, { wrong: Message[]; right: number }>();
    /** Of HEAD between two equal GETs, by resource: its length another than theirs, and how often it was the same. */
    const compared = new Map<string, { wrong: { trial: Trial; announced: number; length: number }[]; right: number }>();

    function measure(message: Message): void {
      const { exchange, intent } = message;
      const wrong = isMissized(message);
      if (wrong === undefined) return;
      const kind = `${exchange.request.method} ${intent.operation} ${intent.probe?.case ?? ''}`;
      const entry = recall(measured, kind, () => ({ wrong: [], right: 0 }));
      if (wrong) entry.wrong.push(message);
      else {
        entry.right += 1;
        tell.holds();
      }
    }

    return {
      message(message) {
        const { exchange, intent, status } = message;
        if (status === 204 && headersOf(message, 'content-length').length > 0)
          tell.violated({
            cause: `204 of ${intent.operation} with Content-Length`,
            message: 'A 204 has Content-Length.',
            expected: 'no Content-Length',
            received: `Content-Length: ${headersOf(message, 'content-length').join(', ')}`,
            exchanges: [message.id],
          });
        if (exchange.answer?.wire !== undefined || intent.probe?.requirement === 'MSG-04') measure(message);
        else if (isPlain(intent) && (exchange.answer !== undefined || exchange.failure?.kind === 'cut'))
          cuts.note(resourceOf(message), message, exchange.failure !== undefined);
      },
      trial(trial) {
        compareHead(trial);
      },
      end() {
        tellHeads();
        for (const [, { wrong, right }] of measured) {
          const [first] = wrong;
          // Three of three, each on a connection of its own (rule 8).
          if (first === undefined || wrong.length < 3 || right > 0) continue;
          tell.violated({
            cause: `${first.intent.operation} ${first.intent.probe?.case ?? ''}`,
            message: `Content-Length in the answer to ${articles[first.intent.operation].toLowerCase()} ${first.intent.probe?.case ?? ''} is not the number of octets that come.`,
            expected: `Content-Length: ${first.exchange.answer?.wire === undefined ? 'as many octets as come' : octetsOf(first)}`,
            received: describeLength(first),
            exchanges: wrong.map(({ id }) => id),
          });
        }
        for (const { failures, count } of cuts.broken()) {
          const { operation } = failures[0]!.intent;
          tell.violated({
            cause: `${operation} cut off`,
            message: `${articles[operation]} is answered with a message that ends too early, ${count} times of ${count}.`,
            expected: 'a whole message',
            received: failures[0]!.exchange.failure?.message ?? 'a cut',
            exchanges: failures.map(({ id }) => id),
          });
        }
      },
    };

    function compareHead(trial: Trial): void {
      const head = trial.messages.find(({ exchange }) => exchange.request.method === 'HEAD');
      const enclosing = trial.messages.filter(({ exchange, status }) => exchange.request.method === 'GET' && status === 200);
      const gets = enclosing.map(lengthOf);
      // What varies from read to read may vary in length (R-EXTRA).
      const contents = new Set(enclosing.map(({ exchange }) => exchange.answer?.body?.sha256));
      if (
        head === undefined ||
        !isAccepted(head) ||
        !isSettled(head, known) ||
        gets.length < 2 ||
        contents.size > 1 ||
        gets.some((length) => length === undefined || length !== gets[0])
      )
        return;
      const announced = lengthOf(head);
      if (announced === undefined) return;
      const resource = head.intent.customer === undefined ? 'a product' : 'the list';
      const entry = recall(compared, resource, () => ({ wrong: [], right: 0 }));
      if (announced !== gets[0]) entry.wrong.push({ trial, announced, length: gets[0]! });
      else {
        entry.right += 1;
        tell.holds();
      }
    }

    /** A bank may change a product, and change it back, between two GETs that are equal; hardly three times of three, some time apart (rule 8). */
    function tellHeads(): void {
      for (const [resource, { wrong, right }] of compared) {
        const [first] = wrong;
        if (first === undefined || wrong.length < 3 || right > 0) continue;
        tell.violated({
          cause: `HEAD of ${resource}`,
          message: 'Content-Length in the answer to HEAD is not that of GET.',
          expected: `Content-Length: ${first.length}`,
          received: `Content-Length: ${first.announced}, ${wrong.length} times of ${wrong.length}`,
          exchanges: first.trial.messages.map(({ id }) => id),
        });
      }
    }
  },

  'MSG-06': (tell) => {
    const overloads = watchRecurrence();
    /** By requirement and case: other 5xx to odd requests, and whether anything else ever came. */
    const odd = new Map<string, { trial: string; failures: Message[]; others: number }>();
    const controls = new Map<string, Message>();
    return {
      message(message) {
        const { status, intent, exchange } = message;
        if (status === undefined) return;
        if (isBusy(message)) tell.took('R-BUSY', `${status}`, message.id);
        if (status === 500) {
          tell.violated({
            cause: kindOf(message),
            message: `${articles[intent.operation]}${describeProbe(message)} is answered 500.`,
            expected: 'any status but 500',
            received: '500',
            exchanges: [message.id],
          });
          return;
        }
        // A method that the document does not have may be unknown altogether.
        const failed = status > 500 && !(status === 501 && intent.operation === 'other');
        if (!failed) tell.holds();
        const { probe } = intent;
        if (probe !== undefined && isOdd(message)) {
          const entry = recall(odd, kindOf(message), () => ({ trial: probe.trial, failures: [], others: 0 }));
          if (failed) entry.failures.push(message);
          else entry.others += 1;
        } else if (isPlain(intent)) {
          if (probe?.role === 'control' && isAccepted(message)) controls.set(probe.trial, message);
          if (exchange.request.method !== 'OPTIONS') overloads.note(kindOf(message), message, failed);
        }
      },
      end() {
        for (const [kind, { trial, failures, others }] of odd) {
          const control = controls.get(trial);
          if (failures.length >= 3 && others === 0 && control !== undefined && control.from >= failures[0]!.to)
            tellOverload(kind, failures, failures.length, [control.id]);
        }
        for (const { kind, failures, count } of overloads.broken()) tellOverload(kind, failures, count, []);
      },
    };

    function tellOverload(kind: string, failures: readonly Message[], count: number, controls: readonly string[]): void {
      const [first] = failures;
      tell.violated({
        cause: `${kind} ${first!.status}`,
        message: `${articles[first!.intent.operation]}${describeProbe(first!)} is answered ${first!.status}, ${count} times of ${count}, while other requests go well.`,
        expected: 'any status below 500',
        received: `${first!.status}`,
        exchanges: [...failures.map(({ id }) => id), ...controls],
      });
    }
  },
};

/** Makes requests alike: the operation, with the filters or the code, or the case of a probe. No identifiers. */
function kindOf({ intent }: Message): string {
  const { operation, probe, code, filters = [] } = intent;
  if (probe !== undefined && !isPlain(intent)) return `${probe.requirement} ${probe.case}`;
  const by = filters.map(([name, value]) => (name === 'iban' ? name : `${name}=${value}`)).sort();
  return [operation, code, ...by].filter((part) => part !== undefined).join(' ');
}

/** As `kindOf`, and of which customer or product: what is cut off is the answer of one resource. */
const resourceOf = (message: Message): string => `${kindOf(message)} ${message.intent.product ?? message.intent.customer ?? ''}`;

const describeProbe = ({ intent }: Message): string => (intent.probe === undefined || isPlain(intent) ? '' : ` ${intent.probe.case}`);

const describeLength = (message: Message): string =>
  message.exchange.answer === undefined
    ? (message.exchange.failure?.message ?? 'no answer')
    : `Content-Length: ${lengthOf(message)}, and ${octetsOf(message)} octets`;
