import type { Override } from '../hooks.ts';
import { changeAnswer, changeSelected, changeShown, combine, setHeaders, textOf, withText } from '../overriding.ts';
import type { JsonObject } from '../presentation.ts';
import type { Variant } from '../registry.ts';

/** Writes every time in another, equally good form. */
export function writeTimes(write: (milliseconds: number) => string): Override {
  return () => ({ writeTime: write });
}

/** RFC 3339 with this offset, and so many digits after the second, the rest cut off. */
export function withOffset(minutes: number, digits: number): (milliseconds: number) => string {
  const sign = minutes < 0 ? '-' : '+';
  const size = Math.abs(minutes);
  const offset = `${sign}${String(Math.floor(size / 60)).padStart(2, '0')}:${String(size % 60).padStart(2, '0')}`;
  return (milliseconds) => {
    const text = new Date(Math.floor(milliseconds) + minutes * 60_000).toISOString();
    return (digits === 0 ? text.slice(0, 19) : text.slice(0, 20 + digits)) + offset;
  };
}

function inMicroseconds(milliseconds: number): string {
  const micros = Math.floor((milliseconds % 1) * 1000);
  return new Date(Math.floor(milliseconds)).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
}

function trimmed(milliseconds: number): string {
  return new Date(Math.floor(milliseconds)).toISOString().replace(/\.?0+Z$/, 'Z');
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => [random(), item] as const);
  return keyed.sort(([one], [other]) => one - other).map(([, item]) => item);
}

const uuids = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Answers of products with their UUIDs in capitals. */
export const upperCaseIds: Override = changeAnswer((answer, call) =>
  answer.status === 200 && call.kind !== 'token'
    ? withText(
        answer,
        textOf(answer).replace(uuids, (id) => id.toUpperCase()),
      )
    : undefined,
);

const more: JsonObject = { tags: [{ key: 'a', value: null }], cryptoAssets: [], limits: { daily: 1e3, note: 'Müßig 😀' }, version: 7 };

/** Properties that the document does not have, in every object. */
export const extraProperties: Override = combine(
  changeShown((shown) => ({
    ...shown,
    ...more,
    ...(typeof shown.accountData === 'object' ? { accountData: { ...shown.accountData, holder: 'A. Muster', pending: [] } } : {}),
  })),
  changeAnswer((answer, call) =>
    call.kind === 'create' && answer.status === 200
      ? withText(answer, textOf(answer).replace(/\}$/, ',"links":[{"rel":"self"}],"status":"ACCEPTED"}'))
      : undefined,
  ),
  changeAnswer((answer) =>
    answer.status >= 400 ? withText(answer, textOf(answer).replace(/\}$/, ',"traceId":"4bf92f3577b34da6"}')) : undefined,
  ),
);

/** Shows what the document requires, and openedOn and closedOn. */
export const requiredOnly: Override = changeShown((shown) => {
  const { currency: _currency, proxyIds: _proxies, accountData: _account, ...required } = shown;
  return required;
});

/** Errors of another shape, as this media type. */
function errorsAs(type: string, write: (status: number, message: string) => string): Override {
  return (hooks) => ({
    answerRefusal: (refusal, call) => {
      const answer = hooks.answerRefusal(refusal, call);
      return { ...answer, headers: { ...answer.headers, 'Content-Type': type }, body: write(refusal.status, refusal.message) };
    },
  });
}

/** Readings of what answers hold. */
export const answers: readonly Variant[] = [
  {
    name: 'list-in-any-order',
    sentence: 'A list comes in another order each time.',
    readings: ['R-ORDER'],
    warns: [],
    apply: changeSelected((products, call) => shuffle(products, call.hooks.random)),
  },
  {
    name: 'list-newest-first',
    sentence: 'A list has the newest product first.',
    readings: ['R-ORDER'],
    warns: [],
    apply: changeSelected((products) => products.toReversed()),
  },
  {
    name: 'proxies-in-any-order',
    sentence: 'proxyIds come in another order each time.',
    readings: ['R-ORDER'],
    warns: [],
    apply: changeShown((shown, product, call) =>
      product.proxyIds ? { ...shown, proxyIds: shuffle(product.proxyIds, call.hooks.random) } : shown,
    ),
  },
  {
    name: 'extra-properties-everywhere',
    sentence: 'Every object has properties beyond the document.',
    readings: ['R-EXTRA'],
    warns: [],
    apply: extraProperties,
  },
  {
    name: 'required-properties-only',
    sentence: 'No optional property is shown but openedOn and closedOn.',
    readings: [],
    warns: [],
    apply: requiredOnly,
  },
  {
    name: 'optional-properties-in-gets-only',
    sentence: 'Lists leave out currency, proxyIds and accountData, gets show them.',
    readings: [],
    warns: [],
    apply: (hooks) => ({
      present: (product, call) => (call.kind === 'list' ? { ...hooks, ...requiredOnly(hooks) } : hooks).present(product, call),
    }),
  },
  {
    name: 'times-with-offset',
    sentence: 'Times are whole seconds at +02:00.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes(withOffset(120, 0)),
  },
  {
    name: 'times-west-of-greenwich',
    sentence: 'Times have three digits at -09:30.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes(withOffset(-570, 3)),
  },
  {
    name: 'times-in-whole-seconds',
    sentence: 'Times are whole seconds in UTC.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes((time) => withOffset(0, 0)(time).replace('+00:00', 'Z')),
  },
  {
    name: 'times-in-tenths',
    sentence: 'Times have one digit after the second.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes(withOffset(0, 1)),
  },
  {
    name: 'times-in-microseconds',
    sentence: 'Times have six digits after the second.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes(inMicroseconds),
  },
  {
    name: 'times-in-nanoseconds',
    sentence: 'Times have nine digits after the second.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes((time) => inMicroseconds(time).replace('Z', '000Z')),
  },
  {
    name: 'times-trimmed',
    sentence: 'Times lose the noughts at the end of their fraction.',
    readings: ['R-TIME'],
    warns: [],
    apply: writeTimes(trimmed),
  },
  {
    name: 'times-in-two-forms',
    sentence: 'Lists write times in whole seconds at +02:00, gets in UTC with three digits.',
    readings: ['R-TIME'],
    warns: [],
    apply: (hooks) => ({ writeTime: (time, call) => (call.kind === 'list' ? withOffset(120, 0)(time) : hooks.writeTime(time, call)) }),
  },
  {
    name: 'times-with-small-letters',
    sentence: 'Times have a small t and z, as RFC 3339 §5.6 allows.',
    readings: ['R-TIME'],
    warns: [],
    apply: (hooks) => ({ writeTime: (time, call) => hooks.writeTime(time, call).toLowerCase() }),
  },
  { name: 'ids-in-capitals', sentence: 'UUIDs are in capitals.', readings: ['R-CASE'], warns: [], apply: upperCaseIds },
  {
    name: 'ids-counted',
    sentence: 'Product ids are counted, one after the other.',
    readings: ['R-CASE'],
    warns: [],
    apply: () => {
      let last = 0;
      return { newId: () => `00000000-0000-4000-8000-${(++last).toString(16).padStart(12, '0')}` };
    },
  },
  {
    name: 'ids-without-version',
    sentence: 'Product ids are no UUIDs of any version, and in lists they are in capitals.',
    readings: ['R-CASE'],
    warns: [],
    apply: combine(
      (hooks) => ({
        newId: (call) => {
          const id = hooks.newId(call);
          return `${id.slice(0, 14)}f${id.slice(15, 19)}0${id.slice(20)}`;
        },
      }),
      changeAnswer((answer, call) =>
        call.kind === 'list'
          ? withText(
              answer,
              textOf(answer).replace(uuids, (id) => id.toUpperCase()),
            )
          : undefined,
      ),
    ),
  },
  {
    name: 'wallet-is-cash',
    sentence: 'Bare WALLET is of the type CASH, with an account.',
    readings: [],
    warns: [],
    apply: (hooks) => ({ typeOf: (code) => (code === 'WALLET' ? 'CASH' : hooks.typeOf(code)) }),
  },
  {
    name: 'errors-as-plain-json',
    sentence: 'Errors are application/json with code and message.',
    readings: ['R-ERRORS'],
    warns: [],
    apply: errorsAs('application/json', (status, message) => JSON.stringify({ code: `E${status}`, message })),
  },
  {
    name: 'errors-nested',
    sentence: 'Errors are a list of errors inside an object.',
    readings: ['R-ERRORS'],
    warns: [],
    apply: errorsAs('application/json; charset=utf-8', (status, message) =>
      JSON.stringify({ errors: [{ status: String(status), detail: message }] }),
    ),
  },
  {
    name: 'errors-without-content',
    sentence: 'Errors have no content.',
    readings: ['R-ERRORS'],
    warns: ['MSG-11'],
    apply: () => ({ answerRefusal: (refusal) => ({ status: refusal.status, headers: refusal.headers, body: '' }) }),
  },
  {
    name: 'errors-as-text',
    sentence: 'Errors are plain text.',
    readings: ['R-ERRORS'],
    warns: ['MSG-11', 'MSG-27'],
    apply: errorsAs('text/plain; charset=utf-8', (_status, message) => message),
  },
  {
    name: 'charset-parameter',
    sentence: 'The media type of JSON answers has a charset and capitals.',
    readings: ['R-TRANSPORT'],
    warns: [],
    apply: setHeaders(
      { 'Content-Type': 'Application/JSON;charset=UTF-8' },
      (answer, call) => answer.status === 200 && answer.body.length > 0 && call.kind !== 'token',
    ),
  },
];
