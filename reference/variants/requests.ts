import type { Hooks } from '../hooks.ts';
import { Refusal } from '../refusal.ts';
import type { Variant } from '../registry.ts';

/** Refuses bad input with other statuses; `choose` gives the status for one. */
export function refuseWith(choose: (refusal: Refusal) => number | undefined) {
  return (hooks: Hooks): Partial<Hooks> => ({
    answerRefusal: (refusal, call) => {
      const status = choose(refusal);
      return hooks.answerRefusal(status === undefined ? refusal : new Refusal(status, refusal.message, refusal.headers), call);
    },
  });
}

/** Reads one member of the content, and the filters of these names, in any letter case. */
function readInAnyCase(hooks: Hooks): Partial<Hooks> {
  const raise = (content: unknown, name: string): unknown => {
    const value = typeof content === 'object' && content !== null ? (content as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' ? { ...(content as object), [name]: value.toUpperCase() } : content;
  };
  return {
    readCode: (content, call) => hooks.readCode(raise(content, 'productCode'), call),
    readStatus: (content, call) => hooks.readStatus(raise(content, 'status'), call),
    readFilters: (call) =>
      hooks.readFilters({
        ...call,
        query: call.query.map(([name, value]) => [name, name === 'iban' ? value : value.toUpperCase()] as const),
      }),
  };
}

/** What a filter without a value does. */
function withEmptyFilters(outcome: 'ignored' | 'none') {
  return (hooks: Hooks): Partial<Hooks> => ({
    readFilters: (call) => hooks.readFilters({ ...call, query: call.query.filter(([, value]) => value !== '') }),
    selectList: (customer, filters, call) => {
      const isEmpty = call.query.some(([name, value]) => value === '' && ['productType', 'productCode', 'status', 'iban'].includes(name));
      return isEmpty && outcome === 'none' ? [] : hooks.selectList(customer, filters, call);
    },
  });
}

const isBadPath = (refusal: Refusal): boolean => refusal.status === 400 && refusal.message.includes('in the path');

/** Readings of what a request may hold, and of how it is refused. */
export const requests: readonly Variant[] = [
  {
    name: 'unknown-members-refused',
    sentence: 'Members and parameters beyond the document are refused with 400.',
    readings: ['R-UNKNOWN'],
    warns: [],
    apply: (hooks) => ({
      readContent: (call) => {
        const content = hooks.readContent(call);
        const known = call.kind === 'create' ? 'productCode' : 'status';
        const extra =
          typeof content === 'object' && content !== null && !Array.isArray(content)
            ? Object.keys(content).find((name) => name !== known)
            : undefined;
        if (extra !== undefined) throw new Refusal(400, `The content has a member that is not known beside ${known}.`);
        return content;
      },
      readFilters: (call) => {
        if (call.query.some(([name]) => !['productType', 'productCode', 'status', 'iban'].includes(name)))
          throw new Refusal(400, 'The query has a parameter that is not known.');
        return hooks.readFilters(call);
      },
    }),
  },
  {
    name: 'empty-filter-ignored',
    sentence: 'A filter without a value is no filter.',
    readings: ['R-EMPTY'],
    warns: [],
    apply: withEmptyFilters('ignored'),
  },
  {
    name: 'empty-filter-lists-none',
    sentence: 'A filter without a value gives an empty array.',
    readings: ['R-EMPTY'],
    warns: [],
    apply: withEmptyFilters('none'),
  },
  {
    name: 'enumerations-in-any-case',
    sentence: 'Enumerated values are taken in any letter case.',
    readings: ['R-ENUMCASE'],
    warns: ['CLS-10', 'FLT-12', 'FLT-17', 'REF-03', 'REF-05'],
    apply: readInAnyCase,
  },
  {
    name: 'bad-input-unprocessable',
    sentence: 'Bad input is 422.',
    readings: ['R-REFUSAL'],
    warns: [],
    apply: refuseWith((refusal) => (refusal.status === 400 ? 422 : undefined)),
  },
  {
    name: 'bad-ids-not-found',
    sentence: 'An id in the path that is no UUID is 404.',
    readings: ['R-REFUSAL'],
    warns: [],
    apply: refuseWith((refusal) => (isBadPath(refusal) ? 404 : undefined)),
  },
  {
    name: 'bad-input-conflicts',
    sentence: 'Bad input is 409.',
    readings: ['R-REFUSAL'],
    warns: ['CLS-10', 'FLT-12', 'FLT-13', 'FLT-17', 'REF-01', 'REF-02', 'REF-03', 'REF-04', 'REF-05', 'REF-06', 'REF-07', 'REF-10'],
    apply: refuseWith((refusal) => (refusal.status === 400 ? 409 : undefined)),
  },
  {
    name: 'media-types-bad-request',
    sentence: 'Content of another media type is 400.',
    readings: ['R-REFUSAL'],
    warns: [],
    apply: refuseWith((refusal) => (refusal.status === 415 ? 400 : undefined)),
  },
  {
    name: 'repeated-filter-counts-last',
    sentence: 'Of a repeated filter the last counts.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      readFilters: (call) =>
        hooks.readFilters({
          ...call,
          query: call.query.filter(([name], index) => call.query.findLastIndex(([key]) => key === name) === index),
        }),
    }),
  },
  {
    name: 'unknown-iban-not-found',
    sentence: 'A list with an iban that no product of the customer has is 404.',
    readings: [],
    warns: ['FLT-08', 'FLT-15'],
    apply: (hooks) => ({
      answerList: (products, call) => {
        const filters = hooks.readFilters(call);
        const isUnknown =
          filters.iban !== undefined && hooks.selectList(hooks.readCustomer(call), { iban: filters.iban }, call).length === 0;
        if (isUnknown) throw new Refusal(404, 'No product of this customer has this IBAN.');
        return hooks.answerList(products, call);
      },
    }),
  },
  {
    name: 'chunked-requests-need-a-length',
    sentence: 'Content without Content-Length is 411.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      readContent: (call) => {
        if (call.headers['transfer-encoding'] !== undefined) throw new Refusal(411, 'Send the content with a Content-Length.');
        return hooks.readContent(call);
      },
    }),
  },
];
