import { ibanOf } from '../account.ts';
import type { ClientCall, Hooks } from '../hooks.ts';
import { changeShown, without } from '../overriding.ts';
import type { Product } from '../product.ts';
import { closed } from '../product.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

/** What becomes of a closed product that is closed again. */
function closingAgain(change: (product: Product, call: ClientCall, now: number) => Product) {
  return (hooks: Hooks): Partial<Hooks> => ({
    applyClose: (product, call) => (product.status === 'CLOSED' ? change(product, call, hooks.now()) : hooks.applyClose(product, call)),
  });
}

function reopened(product: Product, now: number): Product {
  return { ...without(product, 'closedOn'), status: 'ACTIVE', modifiedOn: now };
}

/** The product of the path, changed although its close was refused. */
function actOnRefusal(when: (refusal: Refusal, call: ClientCall) => boolean, change: (product: Product, now: number) => Product) {
  return (hooks: Hooks): Partial<Hooks> => ({
    close: async (call) => {
      try {
        return await hooks.close(call);
      } catch (refusal) {
        const product = call.system.store.find(call.params.customerProductId ?? '');
        if (refusal instanceof Refusal && product?.status === 'ACTIVE' && when(refusal, call))
          call.system.store.save(change(product, hooks.now()));
        throw refusal;
      }
    },
  });
}

/** The first of the account numbers that nobody has. */
const freeAccounts = 9_000_000_000;

/** Faults of what follows a close, of closing again, and of closes that are refused. */
export const clsAgain: readonly Fault[] = [
  {
    name: 'reopened-after-a-second',
    sentence: 'A product that was closed more than a second ago is ACTIVE again.',
    caughtBy: ['CLS-07', 'CLS-01', 'LST-04'],
    needs: 'time',
    apply: (hooks) => ({
      save: (product, call) => {
        hooks.save(product, call);
        const { store } = call.system;
        if (product.status === 'CLOSED') store.plan(reopened(product, hooks.now() + 1000), store.steady() + 1000);
      },
    }),
  },
  {
    name: 'reopened-by-a-create',
    sentence: 'A create reopens the customer’s last closed product of the same code.',
    caughtBy: ['CLS-07'],
    needs: 'history',
    apply: (hooks) => ({
      insert: (product, call) => {
        const last = call.system.store
          .productsOf(product.customer)
          .findLast((other) => other.code === product.code && other.status === 'CLOSED');
        if (last) call.system.store.save(reopened(last, hooks.now()));
        hooks.insert(product, call);
      },
    }),
  },
  {
    name: 'reopened-by-a-refused-close',
    sentence: 'A refused PATCH reopens a closed product.',
    caughtBy: ['CLS-07', 'CLS-11', 'CLS-10'],
    needs: 'history',
    apply: (hooks) => ({
      close: async (call) => {
        try {
          return await hooks.close(call);
        } catch (refusal) {
          const product = call.system.store.find(call.params.customerProductId ?? '');
          if (product?.status === 'CLOSED') call.system.store.save(reopened(product, hooks.now()));
          throw refusal;
        }
      },
    }),
  },
  {
    name: 'closed-on-moves-with-reads',
    sentence: 'A closed product shows the time of the read as closedOn.',
    caughtBy: ['CLS-07', 'LST-03', 'LST-04', 'CLS-08', 'TIM-05'],
    needs: 'time',
    apply: changeShown((shown, product, call) =>
      product.status === 'CLOSED' ? { ...shown, closedOn: call.hooks.writeTime(call.hooks.now(), call) } : shown,
    ),
  },
  {
    name: 'closed-on-moves-with-later-closes',
    sentence: 'A close sets closedOn of the customer’s products that are closed already too.',
    caughtBy: ['CLS-07', 'CLS-06', 'CLS-08', 'CLS-14'],
    needs: 'history',
    apply: (hooks) => ({
      applyClose: (product, call) => {
        const after = hooks.applyClose(product, call);
        if (after === product) return after;
        for (const other of call.system.store.productsOf(product.customer)) {
          if (other.status === 'CLOSED' && after.closedOn !== undefined)
            call.system.store.save({ ...other, closedOn: after.closedOn, modifiedOn: after.closedOn });
        }
        return after;
      },
    }),
  },
  {
    name: 'closing-again-moves-closed-on',
    sentence: 'Closing again sets closedOn anew.',
    caughtBy: ['CLS-07', 'CLS-08', 'CLS-14'],
    needs: 'history',
    apply: closingAgain((product, _call, now) => ({ ...product, closedOn: now, modifiedOn: now })),
  },
  {
    name: 'closing-again-late-moves-closed-on',
    sentence: 'Closing again sets closedOn anew once a second has passed since the close.',
    caughtBy: ['CLS-07', 'CLS-08', 'TIM-05'],
    needs: 'time',
    apply: closingAgain((product, _call, now) => (now - (product.closedOn ?? 0) > 1000 ? { ...product, closedOn: now } : product)),
  },
  {
    name: 'closing-again-reopens',
    sentence: 'Closing again reopens.',
    caughtBy: ['CLS-07', 'CLS-08', 'CLS-14', 'LST-03'],
    needs: 'history',
    apply: closingAgain((product, _call, now) => reopened(product, now)),
  },
  {
    name: 'closing-again-late-reopens',
    sentence: 'Closing again reopens once 2.5 s have passed since the close.',
    caughtBy: ['CLS-07', 'CLS-08', 'CLS-01'],
    needs: 'time',
    effort: 'standard',
    apply: closingAgain((product, _call, now) => (now - (product.closedOn ?? now) > 2500 ? reopened(product, now) : product)),
  },
  {
    name: 'closing-again-by-another-moves-closed-on',
    sentence: 'Closing again sets closedOn anew where it is another requestor who does it.',
    caughtBy: ['CLS-07', 'CLS-08', 'CLS-14'],
    needs: 'history',
    apply: (hooks) => {
      const closers = new Map<string, string>();
      return {
        applyClose: (product, call) => {
          const requestor = hooks.readRequestor(call);
          const isAnother = product.status === 'CLOSED' && closers.get(product.id) !== requestor;
          closers.set(product.id, requestor);
          return isAnother ? { ...product, closedOn: hooks.now(), modifiedOn: hooks.now() } : hooks.applyClose(product, call);
        },
      };
    },
  },
  {
    name: 'closing-again-moves-opened-on',
    sentence: 'Closing again sets openedOn to closedOn.',
    caughtBy: ['CLS-08', 'TIM-01', 'TIM-05'],
    needs: 'history',
    apply: closingAgain((product) => (product.closedOn === undefined ? product : { ...product, openedOn: product.closedOn })),
  },
  {
    name: 'closing-again-refused-and-acting',
    sentence: 'Closing again is 409, and sets closedOn anew.',
    caughtBy: ['CLS-07', 'CLS-08', 'CLS-14'],
    needs: 'history',
    apply: (hooks) => ({
      close: (call) => {
        const product = call.system.store.find(call.params.customerProductId ?? '');
        if (product?.status !== 'CLOSED') return hooks.close(call);
        call.system.store.save({ ...product, closedOn: hooks.now(), modifiedOn: hooks.now() });
        throw new Refusal(409, 'The product is closed already.');
      },
    }),
  },
  {
    name: 'closing-again-moves-modified-on',
    sentence: 'Closing again moves modifiedOn.',
    caughtBy: ['CLS-14'],
    needs: 'history',
    apply: closingAgain((product, _call, now) => ({ ...product, modifiedOn: now })),
  },
  {
    name: 'closing-again-gives-another-iban',
    sentence: 'Closing an account again gives it the next free IBAN.',
    caughtBy: ['CLS-08', 'FLT-08', 'FLT-09'],
    needs: 'history',
    apply: (hooks) => {
      let next = freeAccounts;
      return closingAgain((product) => (product.account ? { ...product, account: { ...product.account, iban: ibanOf(next++) } } : product))(
        hooks,
      );
    },
  },
  {
    name: 'close-of-a-settled-account-moves-its-iban',
    sentence: 'Closing an account again more than 200 ms after its close gives it an IBAN of the archive.',
    caughtBy: ['CLS-08'],
    needs: 'time',
    apply: (hooks) => {
      let next = freeAccounts;
      return closingAgain((product, _call, now) =>
        product.account && now - (product.closedOn ?? now) > 200
          ? { ...product, account: { ...product.account, iban: ibanOf(next++) } }
          : product,
      )(hooks);
    },
  },
  {
    name: 'unknown-product-closed',
    sentence: 'Closing an unknown id is accepted.',
    caughtBy: ['CLS-09'],
    apply: (hooks) => ({
      close: (call) => {
        const isKnown = call.system.store.find(hooks.readProductId(call)) !== undefined;
        return isKnown ? hooks.close(call) : { status: 200, headers: {}, body: '' };
      },
    }),
  },
  {
    name: 'unknown-product-made-by-its-close',
    sentence: 'Closing an unknown id is 404, and makes a closed product with that id.',
    caughtBy: ['CLS-09'],
    apply: (hooks) => ({
      close: (call) => {
        const id = hooks.readProductId(call);
        const isKnown = call.system.store.find(id) !== undefined;
        const made = isKnown ? undefined : hooks.newProduct('WALLET', crypto.randomUUID(), call);
        if (made) hooks.insert(closed({ ...made, id }, hooks.now()), call);
        if (made) throw new Refusal(404, 'No product has this id.');
        return hooks.close(call);
      },
    }),
  },
  {
    name: 'any-status-closes',
    sentence: 'Any text as status closes.',
    caughtBy: ['CLS-10', 'CLS-16', 'REF-05'],
    apply: (hooks) => ({
      readStatus: (content, call) =>
        typeof (content as { status?: unknown } | null)?.status === 'string' ? 'CLOSED' : hooks.readStatus(content, call),
    }),
  },
  {
    name: 'status-blocked-is-set',
    sentence: 'PATCH with BLOCKED sets BLOCKED.',
    caughtBy: ['CLS-10'],
    apply: (hooks) => ({
      readStatus: (content, call) =>
        (content as { status?: unknown } | null)?.status === 'BLOCKED' ? 'CLOSED' : hooks.readStatus(content, call),
      applyClose: (product, call) => {
        const asked = hooks.readContent(call) as { status?: unknown };
        return asked.status === 'BLOCKED' ? { ...product, status: 'BLOCKED', modifiedOn: hooks.now() } : hooks.applyClose(product, call);
      },
    }),
  },
  {
    name: 'status-active-taken-without-effect',
    sentence: 'PATCH with ACTIVE is accepted for an ACTIVE product and does nothing.',
    caughtBy: ['CLS-10'],
    apply: (hooks) => ({
      readStatus: (content, call) =>
        (content as { status?: unknown } | null)?.status === 'ACTIVE' ? 'CLOSED' : hooks.readStatus(content, call),
      applyClose: (product, call) =>
        (hooks.readContent(call) as { status?: unknown }).status === 'ACTIVE' ? product : hooks.applyClose(product, call),
    }),
  },
  {
    name: 'closed-product-set-active',
    sentence: 'PATCH with ACTIVE reopens a closed product.',
    caughtBy: ['CLS-10', 'CLS-07'],
    needs: 'history',
    apply: (hooks) => ({
      readStatus: (content, call) =>
        (content as { status?: unknown } | null)?.status === 'ACTIVE' ? 'CLOSED' : hooks.readStatus(content, call),
      applyClose: (product, call) => {
        const asked = hooks.readContent(call) as { status?: unknown };
        if (asked.status !== 'ACTIVE') return hooks.applyClose(product, call);
        if (product.status !== 'CLOSED') throw new Refusal(400, 'status can be set to CLOSED only.');
        return reopened(product, hooks.now());
      },
    }),
  },
  {
    name: 'bad-status-refused-and-closing',
    sentence: 'A PATCH with another status is 400, and closes.',
    caughtBy: ['CLS-11', 'CLS-16', 'CLS-10', 'REF-05'],
    apply: actOnRefusal((refusal) => refusal.message.includes('CLOSED only'), closed),
  },
  {
    name: 'refused-close-moves-modified-on',
    sentence: 'A refused PATCH moves modifiedOn.',
    caughtBy: ['CLS-11', 'TIM-08'],
    apply: actOnRefusal(
      () => true,
      (product, now) => ({ ...product, modifiedOn: now }),
    ),
  },
  {
    name: 'close-without-requestor-closes-later',
    sentence: 'A PATCH without Requestor-ID is 400, and closes 300 ms later.',
    caughtBy: ['REF-02', 'CLS-11', 'CLS-16'],
    needs: 'time',
    apply: (hooks) => ({
      readRequestor: (call) => {
        const { store } = call.system;
        const product = store.find(call.params.customerProductId ?? '');
        const isRefused = call.kind === 'close' && call.headers['requestor-id'] === undefined;
        if (isRefused && product?.status === 'ACTIVE') store.plan(closed(product, hooks.now() + 300), store.steady() + 300);
        return hooks.readRequestor(call);
      },
    }),
  },
];
