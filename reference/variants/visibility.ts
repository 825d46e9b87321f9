import type { ClientCall, Hooks } from '../hooks.ts';
import type { Variant } from '../registry.ts';

/** What reads see is this many milliseconds old. Writes see the present. */
export function readAged(operations: readonly ('list' | 'get')[], age: (hooks: Hooks, call: ClientCall) => number) {
  return (hooks: Hooks): Partial<Hooks> => ({
    find: (id, call) => {
      const { store } = call.system;
      const product =
        operations.includes('get') && call.kind === 'get' ? store.find(id, store.steady() - age(hooks, call)) : hooks.find(id, call);
      return product?.owner === call.client.id ? product : undefined;
    },
    productsOf: (customer, call) => {
      const { store } = call.system;
      if (call.kind !== 'list' || !operations.includes('list')) return hooks.productsOf(customer, call);
      return store.productsOf(customer, store.steady() - age(hooks, call)).filter((product) => product.owner === call.client.id);
    },
  });
}

const late = [
  'CRE-01',
  'CRE-05',
  'CRE-09',
  'LST-01',
  'LST-03',
  'LST-04',
  'LST-05',
  'LST-09',
  'FLT-04',
  'FLT-05',
  'FLT-06',
  'FLT-08',
  'FLT-09',
  'FLT-11',
  'CON-03',
] as const;
const lateCloses = ['CLS-01', 'CLS-07', 'CLS-12', 'FLT-03', 'FLT-06', 'FLT-14', 'LST-03', 'LST-04', 'CON-03'] as const;

/** Readings of when writes show. */
export const visibility: readonly Variant[] = [
  {
    name: 'replicas-as-declared',
    sentence: 'Each read sees a copy that is up to 400 ms old, now newer, now older, within the settle time declared.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [],
    profile: { settleMs: 500 },
    apply: readAged(['list', 'get'], (hooks) => hooks.random() * 400),
  },
  {
    name: 'two-replicas-as-declared',
    sentence: 'Connections take turns between the present and a copy that is 250 ms old, within the settle time declared.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [],
    profile: { settleMs: 300 },
    apply: readAged(['list', 'get'], (_hooks, call) => (call.connection % 2) * 250),
  },
  {
    name: 'slow-lists-as-declared',
    sentence: 'Lists are 300 ms behind gets, within the settle time declared.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [],
    profile: { settleMs: 400 },
    apply: readAged(['list'], () => 300),
  },
  {
    name: 'slow-lists-undeclared',
    sentence: 'Lists are 200 ms behind gets, and nothing says so.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [...new Set([...late, ...lateCloses])],
    apply: readAged(['list'], () => 200),
  },
  {
    name: 'slow-reads-undeclared',
    sentence: 'Lists and gets are 120 ms behind, and nothing says so.',
    readings: ['R-VISIBILITY', 'R-CLOSING'],
    warns: [...new Set([...late, ...lateCloses])],
    apply: readAged(['list', 'get'], () => 120),
  },
];
