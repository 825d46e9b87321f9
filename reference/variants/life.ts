import type { ClientCall, Hooks } from '../hooks.ts';
import { becoming, becomingEach, opened, pending, type Turn } from '../life.ts';
import { combine } from '../overriding.ts';
import type { Product } from '../product.ts';
import { closed } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { Variant } from '../registry.ts';

/** Opens every product after 50 to 300 ms. */
export const openLater = becomingEach((_product, hooks) => ({ first: pending, turns: [[50 + hooks.random() * 250, opened]] }));

/** Blocks and frees every second product again and again, each time for 20 to 140 ms, in the second after it was made; none closes meanwhile. */
export const blockOften = combine((hooks) => {
  let made = 0;
  return becomingEach(() => {
    if (++made % 2 === 0) return undefined;
    const turns = [40, 340, 640, 940].flatMap((from): Turn[] => {
      const blockedAt = from + hooks.random() * 100;
      return [
        [blockedAt, turnTo('BLOCKED')],
        [blockedAt + 20 + hooks.random() * 120, turnTo('ACTIVE')],
      ];
    });
    return { first: (product) => product, turns };
  })(hooks);
}, closeActiveOnly);

/** Refuses to close what is neither ACTIVE nor CLOSED. */
export function closeActiveOnly(hooks: Hooks): Partial<Hooks> {
  return {
    applyClose: (product, call) => {
      if (product.status !== 'ACTIVE' && product.status !== 'CLOSED')
        throw new Refusal(409, `A product that is ${product.status} cannot be closed.`);
      return hooks.applyClose(product, call);
    },
  };
}

/** A close takes effect this many milliseconds after its answer. A close of what is about to be closed changes nothing. */
export function closeLater(delay: (hooks: Hooks) => number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    findToClose: (id, call) => {
      const found = hooks.findToClose(id, call);
      const planned = call.system.store.versionsOf(id).at(-1)?.product;
      return found && planned?.status === 'CLOSED' ? planned : found;
    },
    save: (product, call) => {
      const { store } = call.system;
      const wait = delay(hooks);
      const now = hooks.now();
      if (product.status === 'CLOSED') store.plan(closed({ ...product, status: 'ACTIVE' }, now + wait), store.steady() + wait);
      else hooks.save(product, call);
    },
  });
}

/** Changes the status of a product that is ACTIVE. */
function turnTo(status: Product['status']) {
  return (product: Product, at: number): Product => (product.status === 'CLOSED' ? product : { ...product, status, modifiedOn: at });
}

/** Leaves products out that ended more than 100 ms ago. */
function vanishEnded(hooks: Hooks): Partial<Hooks> {
  const isThere = (product: Product): boolean => product.status !== 'REJECTED' || hooks.now() - product.modifiedOn < 100;
  return {
    find: (id, call) => [hooks.find(id, call)].find((product) => product !== undefined && isThere(product)),
    findToClose: (id, call) => [hooks.findToClose(id, call)].find((product) => product !== undefined && isThere(product)),
    productsOf: (customer, call) => hooks.productsOf(customer, call).filter(isThere),
  };
}

function againIs(status: number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    applyClose: (product: Product, call: ClientCall) => {
      if (product.status === 'CLOSED') throw new Refusal(status, 'The product is closed already.');
      return hooks.applyClose(product, call);
    },
  });
}

/** One product in four, of whatever code, is rejected soon. */
export const rejectSome = combine(
  becomingEach((_product, hooks) => (hooks.random() < 1 / 4 ? { first: pending, turns: [[30, turnTo('REJECTED')]] } : undefined)),
  closeActiveOnly,
);

/** Readings of how a product opens, ends and closes. */
export const life: readonly Variant[] = [
  {
    name: 'opens-later',
    sentence: 'A product is PENDING and opens after 50 to 300 ms.',
    readings: ['R-OPENING'],
    warns: [],
    apply: openLater,
  },
  {
    name: 'received-pending-active',
    sentence: 'A product is RECEIVED, after 40 ms PENDING and after 120 ms ACTIVE; before that its close is 409.',
    readings: ['R-OPENING', 'R-CLOSABLE'],
    warns: [],
    apply: combine(
      becoming(
        (product) => ({ ...pending(product), status: 'RECEIVED' }),
        [40, (product, at) => ({ ...product, status: 'PENDING', modifiedOn: at })],
        [120, opened],
      ),
      closeActiveOnly,
    ),
  },
  {
    name: 'depositories-stay-pending',
    sentence: 'A depository account stays PENDING, and its close is 409.',
    readings: ['R-OPENING', 'R-CLOSABLE'],
    warns: [],
    apply: combine(
      becomingEach((product) => (product.code === 'DEPOSITORY_ACCOUNT' ? { first: pending, turns: [] } : undefined)),
      closeActiveOnly,
    ),
  },
  {
    name: 'depositories-stay-pending-and-close',
    sentence: 'A depository account stays PENDING, and can be closed.',
    readings: ['R-OPENING', 'R-CLOSABLE'],
    warns: [],
    apply: becomingEach((product) => (product.code === 'DEPOSITORY_ACCOUNT' ? { first: pending, turns: [] } : undefined)),
  },
  {
    name: 'some-rejected-and-gone',
    sentence: 'Every other depository account is PENDING, after 120 ms REJECTED and 100 ms later gone.',
    readings: ['R-OPENING', 'R-ENDED', 'R-CLOSABLE'],
    warns: [],
    apply: combine(
      (hooks) => {
        let made = 0;
        return becomingEach((product) => {
          if (product.code !== 'DEPOSITORY_ACCOUNT' || ++made % 2 === 0) return undefined;
          return { first: pending, turns: [[120, turnTo('REJECTED')]] };
        })(hooks);
      },
      vanishEnded,
      closeActiveOnly,
    ),
  },
  {
    name: 'some-invalid-and-staying',
    sentence: 'Every third currency wallet is RECEIVED, after 80 ms INVALID, and stays so.',
    readings: ['R-OPENING', 'R-ENDED', 'R-CLOSABLE'],
    warns: [],
    apply: combine((hooks) => {
      let made = 0;
      return becomingEach((product) => {
        if (product.code !== 'CURRENCY_WALLET' || ++made % 3 !== 0) return undefined;
        return { first: (new_) => ({ ...pending(new_), status: 'RECEIVED' }), turns: [[80, turnTo('INVALID')]] };
      })(hooks);
    }, closeActiveOnly),
  },
  {
    name: 'invalid-at-once',
    sentence: 'Every fourth depository account is INVALID at once.',
    readings: ['R-OPENING', 'R-ENDED', 'R-CLOSABLE'],
    warns: [],
    apply: (hooks) => {
      let made = 0;
      return becomingEach((product) => {
        if (product.code !== 'DEPOSITORY_ACCOUNT' || ++made % 4 !== 0) return undefined;
        return { first: (new_) => ({ ...pending(new_), status: 'INVALID' }), turns: [] };
      })(hooks);
    },
  },
  {
    name: 'rejected-at-random',
    sentence: 'One product in four, of whatever code, is PENDING for 30 ms and then REJECTED; its close is 409.',
    readings: ['R-OPENING', 'R-ENDED', 'R-CLOSABLE'],
    warns: [],
    apply: rejectSome,
  },
  {
    name: 'held-at-first',
    sentence: 'A product can be closed 700 ms after it was opened; before that its close is 409.',
    readings: ['R-CLOSABLE'],
    warns: [],
    apply: (hooks) => ({
      applyClose: (product, call) => {
        if (product.status === 'ACTIVE' && hooks.now() - (product.openedOn ?? 0) < 700)
          throw new Refusal(409, 'The product was opened just now; close it a little later.');
        return hooks.applyClose(product, call);
      },
    }),
  },
  {
    name: 'blocked-and-freed',
    sentence: 'Every fifth product is BLOCKED by the bank after 100 ms and freed after 250 ms; meanwhile its close is 409.',
    readings: ['R-OPENING', 'R-CLOSABLE', 'R-OTHERS'],
    warns: [],
    apply: combine((hooks) => {
      let made = 0;
      return becomingEach(() =>
        ++made % 5 === 0
          ? {
              first: (product) => product,
              turns: [
                [100, turnTo('BLOCKED')],
                [250, turnTo('ACTIVE')],
              ],
            }
          : undefined,
      )(hooks);
    }, closeActiveOnly),
  },
  {
    name: 'restricted-and-closable',
    sentence: 'Every fourth product is RESTRICTED after 60 ms, for good, and can be closed.',
    readings: ['R-OPENING', 'R-CLOSABLE'],
    warns: [],
    apply: (hooks) => {
      let made = 0;
      return becomingEach(() => (++made % 4 === 0 ? { first: (product) => product, turns: [[60, turnTo('RESTRICTED')]] } : undefined))(
        hooks,
      );
    },
  },
  {
    name: 'closes-later-as-declared',
    sentence: 'A close takes effect 50 to 300 ms after its answer, within the settle time declared.',
    readings: ['R-CLOSING'],
    warns: [],
    profile: { settleMs: 500 },
    apply: closeLater((hooks) => 50 + hooks.random() * 250),
  },
  {
    name: 'closes-later-undeclared',
    sentence: 'A close takes effect 150 ms after its answer, and nothing says so.',
    readings: ['R-CLOSING'],
    warns: ['CLS-01', 'CLS-07', 'CLS-12', 'FLT-03', 'FLT-06', 'FLT-14', 'LST-03', 'LST-04', 'CON-03'],
    apply: closeLater(() => 150),
  },
  { name: 'closing-again-conflicts', sentence: 'Closing a closed product is 409.', readings: ['R-AGAIN'], warns: [], apply: againIs(409) },
  {
    name: 'closing-again-unprocessable',
    sentence: 'Closing a closed product is 422.',
    readings: ['R-AGAIN'],
    warns: [],
    apply: againIs(422),
  },
  {
    name: 'closing-again-not-found',
    sentence: 'Closing a closed product is 404, though it can be read.',
    readings: ['R-AGAIN'],
    warns: [],
    apply: againIs(404),
  },
  {
    name: 'closing-a-cash-account-closes-its-wallets',
    sentence: 'With a balance account the customer’s open wallets close.',
    readings: ['R-BOUND'],
    warns: ['CLS-06'],
    apply: (hooks) => ({
      save: (product, call) => {
        hooks.save(product, call);
        if (product.code !== 'BALANCE_ACCOUNT' || product.closedOn === undefined) return;
        const bound = hooks.productsOf(product.customer, call).filter((other) => other.code === 'WALLET' && other.status === 'ACTIVE');
        for (const wallet of bound) hooks.save(closed(wallet, product.closedOn), call);
      },
    }),
  },
  {
    name: 'close-shows-the-product',
    sentence: 'A close answers with the closed product.',
    readings: ['R-CLOSEBODY'],
    warns: ['SCH-08'],
    apply: (hooks) => ({ answerClose: (product, call) => hooks.answerGet(product, call) }),
  },
];
