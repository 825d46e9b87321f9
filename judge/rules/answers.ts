/** SCH, continued: a valid request is answered 200, as far as the readings ask for it. */

import type { Customer } from '../../generators/model/listing.ts';
import { isAccepted, isPlain, isRefused, type Message } from '../../generators/model/message.ts';
import { acceptedClosing, mayVanish, type Product } from '../../generators/model/product.ts';
import { isUuid } from '../../spec/formats.ts';
import type { Operation } from '../../spec/values.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';
import type { Facts } from '../facts.ts';
import { articles } from '../refusal.ts';
import type { Known, Rules } from '../rule.ts';
import type { Tell } from '../tell.ts';
import { watchTokenLives } from '../token-lives.ts';

/** As often as R-LIMITS and R-CLOSABLE want it. */
const timesNeeded = 3;
/** A create sent again within so long was sent again at once. */
const atOnceMs = 2_000;

const isOf = (message: Message, operation: Operation): boolean =>
  message.intent.operation === operation && isPlain(message.intent) && message.status !== undefined;

export const answers: Pick<Rules<'SCH'>, 'SCH-01' | 'SCH-02' | 'SCH-03' | 'SCH-04'> = {
  'SCH-01': (tell, known) => {
    const lives = tellTokenLives(tell, 'list');
    return {
      message(message) {
        lives(message);
        if (!isOf(message, 'list') || !isValidList(message, known.facts)) return;
        const { status } = message;
        if (status !== 200) {
          const customer = known.customers.get(message.intent.customer!.toLowerCase());
          if (status === 404 || status === 403 ? hasShownProducts(customer, message, known) : !isExcused(message)) tellOther(tell, message);
        } else if (Array.isArray(message.json) && message.json.length > 0) tell.holds();
      },
    };
  },

  'SCH-02': (tell, known) => {
    const lives = tellTokenLives(tell, 'create');
    const refused = new Map<string, Message>();
    const mended: Message[] = [];
    /** Products do not all open at once here. */
    let opens = false;
    const forget = (customer: string | undefined): void => {
      for (const key of refused.keys()) if (key.startsWith(`${customer} `)) refused.delete(key);
    };
    return {
      message(message) {
        lives(message);
        if (!isOf(message, 'create')) return;
        if (isAccepted(message) ? message.status !== 200 : message.status! < 400) tellOther(tell, message);
        const key = `${message.intent.customer} ${message.intent.code}`;
        const before = refused.get(key);
        refused.delete(key);
        // Where others write too, they may have made room meanwhile (R-OTHERS).
        const isOurs = known.customers.get(message.intent.customer?.toLowerCase() ?? '')?.exclusive === true;
        if (isRefused(message) && message.status !== 401 && isOurs && !isMakingRoom(message, known, opens)) refused.set(key, message);
        else if (before !== undefined && isAccepted(message) && isSentAgain(message, before)) mended.push(before, message);
        if (mended.length < timesNeeded * 2) return;
        tell.violated({
          cause: 'refused, then accepted',
          message: 'A refused create is accepted when it is sent again at once, time after time.',
          expected: '200 the first time, or a refusal that lasts',
          received: `${mended[0]!.status}, then ${mended[1]!.status}`,
          exchanges: mended.splice(0).map(({ id }) => id),
        });
      },
      closing({ product, outcome }) {
        // It may have made room (R-LIMITS).
        if (outcome !== 'refused') forget(product.customer);
      },
      sight({ product, shown, previous }) {
        if (isOnItsWay(shown.status) || shown.status === 'INVALID' || shown.status === 'REJECTED') opens = true;
        // It may have made room by a change of its own.
        if (previous !== undefined && previous.shown.status !== shown.status) forget(product.customer);
        if (product.first === undefined && product.creation?.valid === true && product.creation.message?.status === 200) tell.holds();
      },
    };
  },

  'SCH-03': (tell, known) => {
    const lives = tellTokenLives(tell, 'get');
    return {
      message(message) {
        lives(message);
        const id = message.intent.product ?? '';
        // An id that a list wrote otherwise makes no valid get (SCH-09).
        if (!isOf(message, 'get') || !isUuid(id) || !known.products.has(id.toLowerCase())) return;
        const { status } = message;
        // Not to be found, or not yet: CRE-01 and LST-09 know when that is wrong.
        if (status === 404 || status === 403 || status === 410) return;
        if (status === 200) tell.holds();
        else if (!isExcused(message)) tellOther(tell, message);
      },
    };
  },

  'SCH-04': (tell, known) => {
    const lives = tellTokenLives(tell, 'close');
    const refused = new Map<string, Message[]>();
    let accepted = 0;
    return {
      message(message) {
        lives(message);
        if (isOf(message, 'close') && (isAccepted(message) ? message.status !== 200 : message.status! < 400)) tellOther(tell, message);
      },
      closing(closing, message) {
        const { product, seenBefore, outcome, valid } = closing;
        if (!valid || seenBefore?.shown.status !== 'ACTIVE' || !isPlain(message.intent)) return;
        if (outcome === 'accepted') accepted += 1;
        if (outcome !== 'refused' || message.status === 401 || message.status === 429 || !isOnExclusiveGround(product, known)) return;
        const code = product.creation?.code ?? '';
        refused.set(code, [...(refused.get(code) ?? []), message]);
      },
      sight({ product, shown }) {
        if (shown.status !== 'CLOSED' || product.firstClosed !== undefined) return;
        const closing = acceptedClosing(product);
        if (closing?.message?.status === 200 && closing.seenBefore?.shown.status === 'ACTIVE') tell.holds();
      },
      end() {
        const offered = new Set([...known.products.values()].flatMap(({ creation }) => (creation?.valid === true ? [creation.code] : [])));
        if (accepted > 0 || offered.size === 0 || ![...offered].every((code) => (refused.get(code)?.length ?? 0) >= timesNeeded)) return;
        const first = [...refused.values()].flat();
        tell.violated({
          cause: 'no product can be closed',
          message: 'The close of every ACTIVE product is refused, three and more of each code.',
          expected: '200 to the close of some ACTIVE product',
          received: `${first[0]!.status}`,
          exchanges: first.slice(0, 12).map(({ id }) => id),
        });
      },
    };
  },
};

/** Speaks once it is plain that tokens are refused before their time, about the operation where that was seen. */
function tellTokenLives(tell: Tell, operation: Operation): (message: Message) => void {
  const lives = watchTokenLives();
  let told = false;
  return (message) => {
    lives.message(message);
    const { refusals } = lives;
    if (told || refusals === undefined) return;
    told = true;
    if (refusals.some(({ intent }) => intent.operation === operation))
      tell.violated({
        cause: 'a token refused before its time',
        message: `${articles[operation]} with a good token is answered 401, one token after another.`,
        expected: '200 until the token expires',
        received: '401',
        exchanges: refusals.map(({ id }) => id),
      });
  };
}

/** Answers that are about the moment, the token (above), the way, or a failure (MSG-06): not judged here. */
const isExcused = ({ status }: Message): boolean => status === 401 || status === 408 || status === 429 || status! >= 500;

function tellOther(tell: Tell, message: Message): void {
  const { status, intent } = message;
  tell.violated({
    cause: `${status}${intent.filters === undefined ? '' : ' with filters'}`,
    message: `A valid ${intent.operation} is answered ${status}.`,
    expected: '200',
    received: `${status}`,
    exchanges: [message.id],
  });
}

const enumerated: Readonly<Record<string, readonly string[]>> = { productType: productTypes, productCode: productCodes, status: statuses };

/** Every filter a documented one, once, with a value of the enumeration. An IBAN may be refused (FLT-08). */
function isValidList({ intent }: Message, facts: Facts): boolean {
  const filters = intent.filters ?? [];
  const values: Readonly<Record<string, readonly string[]>> = facts.values;
  return (
    new Set(filters.map(([name]) => name)).size === filters.length &&
    filters.every(([name, value]) => enumerated[name]?.includes(value) === true || values[name]?.includes(value) === true)
  );
}

/**
 * R-CUSTOMER lets a customer without products be unknown; and a product may be late to show. One that a list has shown, or that
 * was made long enough ago, makes the customer known.
 */
function hasShownProducts(customer: Customer | undefined, message: Message, { facts, endsProducts }: Known): boolean {
  if (customer === undefined || message.from < customer.lastWriteDone + (facts.settleMs ?? 0)) return false;
  const lastMs = facts.settleMs ?? facts.lostAfterMs;
  const listed = [...customer.lists.values()].some((list) => list.ids.size > 0 && list.to + (facts.settleMs ?? 0) <= message.from);
  for (const product of customer.products.values()) {
    const born = product.creation?.message?.to ?? product.first?.to ?? Number.POSITIVE_INFINITY;
    if (!mayVanish(product, endsProducts) && (listed || message.from - born > lastMs)) return true;
  }
  return false;
}

const isOnExclusiveGround = (product: Product, known: Known): boolean =>
  product.customer !== undefined && known.customers.get(product.customer)?.exclusive === true;

/** At once, and not beside the one that was refused: of two at one time the limits of the business may let one through (R-LIMITS). */
const isSentAgain = (message: Message, before: Message): boolean => message.from >= before.to && message.from - before.to < atOnceMs;

/**
 * Room may come to that customer without another write (R-LIMITS): a close was sent and may not have taken effect everywhere, a product may
 * yet open or be rejected by the bank's own hand, another create is not answered. `opens`: products are not all ACTIVE from the first.
 */
function isMakingRoom({ intent, from, to }: Message, { customers, facts }: Known, opens: boolean): boolean {
  const customer = customers.get(intent.customer?.toLowerCase() ?? '');
  if (customer === undefined) return false;
  const within = facts.settleMs ?? facts.lostAfterMs;
  return (
    customer.creations.some((other) => other.outcome === 'pending' && (other.from !== from || other.code !== intent.code)) ||
    [...customer.products.values()].some(
      ({ closings, last }) =>
        (last === undefined ? opens : isOnItsWay(last.shown.status)) ||
        closings.some(({ outcome, message }) => outcome !== 'refused' && (message === undefined || to - message.to < within)),
    )
  );
}

const isOnItsWay = (status: string | undefined): boolean => status === undefined || status === 'RECEIVED' || status === 'PENDING';
