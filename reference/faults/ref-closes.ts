import type { Fault } from '../registry.ts';
import { actFirst, isJson, isObject, letRequestorPass, memberOf, someone, takeContent, takeStatus } from './taking.ts';

/** Faults of refusing a bad close. */
export const refCloses: readonly Fault[] = [
  {
    name: 'close-without-requestor',
    sentence: 'A close needs no Requestor-ID.',
    caughtBy: ['REF-02'],
    apply: letRequestorPass('close', (field) => field === undefined),
  },
  {
    name: 'close-with-any-requestor',
    sentence: 'A close takes any text as Requestor-ID.',
    caughtBy: ['REF-02'],
    apply: letRequestorPass('close', (field) => !!field),
  },
  {
    name: 'missing-requestor-refused-and-closing',
    sentence: 'A close without a good Requestor-ID is 400, and closes.',
    caughtBy: ['REF-02', 'CLS-11', 'CLS-16'],
    apply: actFirst('close', someone),
  },
  {
    name: 'missing-status-closes',
    sentence: 'A PATCH with an object without status closes.',
    caughtBy: ['REF-05', 'CLS-16'],
    apply: takeStatus((value) => value === undefined),
  },
  {
    name: 'null-status-closes',
    sentence: 'A PATCH with status null closes.',
    caughtBy: ['REF-05', 'CLS-16'],
    apply: takeStatus((value) => value === null),
  },
  {
    name: 'status-of-other-type-closes',
    sentence: 'A PATCH with a status that is no text closes.',
    caughtBy: ['REF-05', 'CLS-16'],
    apply: takeStatus((value) => value !== undefined && value !== null && typeof value !== 'string'),
  },
  {
    name: 'missing-status-taken-without-effect',
    sentence: 'A PATCH with an object without status is accepted and does nothing.',
    caughtBy: ['REF-05'],
    apply: (hooks) => ({
      readStatus: (content, call) =>
        isObject(content) && memberOf(content, 'status') === undefined ? 'CLOSED' : hooks.readStatus(content, call),
      applyClose: (product, call) =>
        memberOf(hooks.readContent(call), 'status') === undefined ? product : hooks.applyClose(product, call),
    }),
  },
  {
    name: 'empty-close-closes',
    sentence: 'A PATCH without content closes.',
    caughtBy: ['REF-06', 'CLS-16'],
    apply: takeContent('close', (text) => (text.trim() === '' ? '{"status":"CLOSED"}' : undefined)),
  },
  {
    name: 'cut-off-close-closes',
    sentence: 'A PATCH whose content is cut off closes.',
    caughtBy: ['REF-06', 'CLS-16'],
    apply: takeContent('close', (text) => (/^\s*\{[^}]*$/.test(text) ? '{"status":"CLOSED"}' : undefined)),
  },
  {
    name: 'array-close-closes',
    sentence: 'A PATCH with an array closes.',
    caughtBy: ['REF-06', 'CLS-16'],
    apply: takeContent('close', (text) => (text.trimStart().startsWith('[') ? '{"status":"CLOSED"}' : undefined)),
  },
  {
    name: 'close-with-any-scalar',
    sentence: 'A PATCH with a string, a number or null closes.',
    caughtBy: ['REF-06', 'CLS-16'],
    apply: takeContent('close', (text) => (/^\s*("|null|-?\d)/.test(text) ? '{"status":"CLOSED"}' : undefined)),
  },
  {
    name: 'bad-content-refused-and-closing',
    sentence: 'A PATCH with content that is not JSON is 400, and closes.',
    caughtBy: ['REF-06', 'CLS-11', 'CLS-16'],
    apply: actFirst('close', (call) => (isJson(call) ? undefined : { body: Buffer.from('{"status":"CLOSED"}') })),
  },
  {
    name: 'closed-on-taken-from-the-close',
    sentence: 'A closedOn in the body of a close is taken over.',
    caughtBy: ['CLS-03', 'TIM-03'],
    effort: 'standard',
    apply: (hooks) => ({
      applyClose: (product, call) => {
        const value = Date.parse(String(memberOf(hooks.readContent(call), 'closedOn')));
        const ended = hooks.applyClose(product, call);
        return ended === product || Number.isNaN(value) ? ended : { ...ended, closedOn: value };
      },
    }),
  },
  {
    name: 'currency-taken-from-the-close',
    sentence: 'A currency in the body of a close is taken over.',
    caughtBy: ['CLS-05', 'TIM-01'],
    effort: 'standard',
    apply: (hooks) => ({
      applyClose: (product, call) => {
        const value = memberOf(hooks.readContent(call), 'currency');
        const ended = hooks.applyClose(product, call);
        return ended === product || typeof value !== 'string' ? ended : { ...ended, currency: value };
      },
    }),
  },
  {
    name: 'close-after-a-refused-one-does-nothing',
    sentence: 'The first good close after a refused one of the same product is accepted and does nothing.',
    caughtBy: ['CLS-01'],
    needs: 'history',
    apply: (hooks) => {
      const marked = new Set<string>();
      return {
        close: async (call) => {
          const id = (call.params.customerProductId ?? '').toLowerCase();
          try {
            return await hooks.close(call);
          } catch (refusal) {
            marked.add(id);
            throw refusal;
          }
        },
        applyClose: (product, call) => (marked.delete(product.id) ? product : hooks.applyClose(product, call)),
      };
    },
  },
  {
    name: 'close-of-an-id-in-capitals-does-nothing',
    sentence: 'The close of an id written in capitals is accepted and does nothing.',
    caughtBy: ['CLS-01'],
    apply: (hooks) => ({
      applyClose: (product, call) => (/[A-F]/.test(call.params.customerProductId ?? '') ? product : hooks.applyClose(product, call)),
    }),
  },
];
