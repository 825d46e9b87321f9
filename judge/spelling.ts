/** How an unusual, valid spelling is read: it is accepted like the ordinary one, and not refused where that is accepted from the same state. */
import { isAccepted, isPlain, isRefused, type Message } from '../generators/model/message.ts';
import { mayVanish, readShown } from '../generators/model/product.ts';
import { recall } from '../generators/model/recall.ts';
import { nameAttempt } from './refusal.ts';
import { watchRest } from './resting.ts';
import type { Known, Rule } from './rule.ts';
import { type Attempt, attemptsOf } from './series.ts';
import { isSettled } from './settled.ts';
import type { Violation } from './tell.ts';

/** Refused as often as this, and never taken. */
const refusalsNeeded = 3;

export interface SpellingTerms {
  /** A refusal that is allowed all the same, such as 411 for chunked content. */
  readonly mayRefuse?: (refusal: Message) => boolean;
  /** The statuses of a refusal for this spelling; any but 401, which is about the token, if absent. */
  readonly refusedBy?: (status: number) => boolean;
}

/** A rule for a row that asks for an unusual spelling to be taken, read from its own trials. */
export function spelling({ mayRefuse = () => false, refusedBy = (status) => status !== 401 }: SpellingTerms = {}): Rule {
  return (tell, known) => {
    /** By operation and case: how often it was refused where the usual spelling was then accepted. */
    const refused = new Map<string, Message[]>();
    const taken = new Set<string>();
    /** Writes may be refused for a reason of the business that is gone at the control (R-LIMITS, R-CLOSABLE). */
    const doubtful: { readonly kind: string; readonly refusal: string; readonly violation: Violation }[] = [];
    /** How ordinary writes are refused. */
    const refusals = new Set<string>();
    const refusalOf = ({ intent, status }: Message): string => `${intent.operation} ${status}`;

    function judge(attempt: Attempt): void {
      const { odd, before, control, case: name } = attempt;
      if (isAccepted(odd)) {
        if (isWrite(odd)) taken.add(`${odd.intent.operation} ${name}`);
        const [plain] = before.slice(-1);
        if (plain !== undefined && control !== undefined && showsNothing(attempt, plain, known) && isSettled(odd, known))
          tell.violated({
            cause: `${odd.intent.operation} ${name}`,
            message: `${nameAttempt(attempt)} shows none of the products that the same request in its usual spelling shows.`,
            expected: 'the same products',
            received: 'none of them',
            exchanges: [plain.id, odd.id, control.id],
          });
        else if (showsEffect(attempt)) tell.holds();
        return;
      }
      // 408 and 429 are about the moment, 5xx is MSG-06's; nothing is known before the control was accepted.
      if (odd.status === undefined || odd.status >= 500 || odd.status === 408 || odd.status === 429 || control === undefined) return;
      if (
        !refusedBy(odd.status) ||
        (odd.status === 404 &&
          odd.exchange.request.method === 'GET' &&
          !(isSettled(odd, known) && wasGot(attempt) && !mayBeGone(odd, known)))
      )
        return;
      if (isRefused(odd) && mayRefuse(odd)) {
        tell.holds();
        return;
      }
      const kind = `${odd.intent.operation} ${name}`;
      const times = recall(refused, kind, () => []);
      times.push(odd, control);
      const violation = {
        cause: kind,
        message: `${nameAttempt(attempt)} is answered ${odd.status}, the same request in its usual spelling ${control.status}.`,
        expected: `${control.status}`,
        received: `${odd.status}`,
        exchanges: times.map(({ id }) => id),
      };
      if (!isWrite(odd)) tell.violated(violation);
      else if (times.length >= refusalsNeeded * 2) doubtful.push({ kind, refusal: refusalOf(odd), violation });
    }
    return {
      message(message) {
        if (isWrite(message) && isPlain(message.intent) && isRefused(message)) refusals.add(refusalOf(message));
      },
      trial(trial) {
        for (const attempt of attemptsOf(trial)) judge(attempt);
      },
      end() {
        // Every time, for none but this spelling, and in a way that no ordinary one is refused.
        for (const { kind, refusal, violation } of doubtful) if (!taken.has(kind) && !refusals.has(refusal)) tell.violated(violation);
      },
    };
  };
}

const isWrite = ({ intent }: Message): boolean => intent.operation === 'create' || intent.operation === 'close';

/** A get had shown it before: where reads lag behind, and nothing says so, it may not have come so far yet. */
const wasGot = ({ before, odd }: Attempt): boolean =>
  odd.intent.operation !== 'get' || before.some((read) => read.intent.operation === 'get' && read.status === 200 && read.to <= odd.from);

/** Some replicas may have a product no longer that others still show (R-ENDED). */
function mayBeGone({ intent }: Message, { products, facts }: Known): boolean {
  const product = products.get(intent.product?.toLowerCase() ?? '');
  return facts.settleMs !== undefined && product !== undefined && mayVanish(product, true);
}

/** The usual list shows products before and after that were the same all the while, and the odd one, a list too, none of them. */
function showsNothing({ odd, control }: Attempt, plain: Message, known: Known): boolean {
  if (odd.intent.operation !== 'list' || !Array.isArray(odd.json)) return false;
  const [was, is, shown] = [idsIn(plain), idsIn(control!), idsIn(odd)];
  const rests = watchRest([plain], [control!], known);
  const kept = [...was].filter((id) => is.has(id) && rests(id));
  return kept.length > 0 && !kept.some((id) => shown.has(id));
}

const idsIn = ({ json }: Message): ReadonlySet<string> =>
  new Set(Array.isArray(json) ? (json as readonly unknown[]).flatMap((value) => readShown(value)?.id ?? []) : []);

/** Accepted alone is no witness: a server that says 200 to everything accepts. */
function showsEffect({ odd, after }: Attempt): boolean {
  const { operation, product } = odd.intent;
  if (operation === 'close') return after.some(({ json }) => readShown(json)?.status === 'CLOSED');
  if (operation === 'get') return readShown(odd.json)?.id === product?.toLowerCase();
  if (operation === 'create') return after.some((read) => read.status === 200 && readShown(read.json) !== undefined);
  if (operation === 'list') return Array.isArray(odd.json) && odd.json.length > 0;
  return true;
}
