/** SCH: statuses, properties, types and values. */
import { isAccepted, isRefused, type Message } from '../../generators/model/message.ts';
import { isRecord, readShown, type Shown } from '../../generators/model/product.ts';
import type { RequirementId } from '../../spec/catalogue/index.ts';
import { renderValue } from '../../spec/rendering.ts';
import type { Problem } from '../../spec/validators.ts';
import { hasContent } from '../fields.ts';
import { problemsOf, productsIn } from '../problems.ts';
import { articles } from '../refusal.ts';
import type { Known, Rule, Rules } from '../rule.ts';
import type { Tell, Violation } from '../tell.ts';
import { answers } from './answers.ts';
import { hasDescribedContent } from './message-content.ts';
import { values } from './values.ts';

export const shapes: Rules<'SCH'> = {
  ...answers,
  ...values,

  'SCH-05': described('list'),
  'SCH-06': described('create'),
  'SCH-07': (tell, known) => {
    const extra = new Set<string>();
    return {
      ...described('get')(tell, known),
      sight({ view, shown, message }) {
        if (view !== 'get') return;
        recordReadings(tell, shown, message.id);
        for (const name in shown.raw) {
          if (documented.has(name) || extra.size >= namesAtMost) continue;
          extra.add(name);
          tell.took('R-EXTRA', name.slice(0, 40), message.id);
        }
      },
    };
  },

  'SCH-08': (tell) => ({
    message(message) {
      if (message.intent.operation !== 'close' || message.intent.probe?.role === 'spoiled' || !isAccepted(message)) return;
      if (!hasContent(message)) {
        tell.took('R-CLOSEBODY', 'no content', message.id);
        tell.holds();
      } else
        tell.warned('R-CLOSEBODY', {
          cause: 'content',
          message: 'A close is answered with content.',
          expected: 'no content',
          received: renderValue(message.json ?? message.text ?? 'octets'),
          exchanges: [message.id],
        });
    },
  }),

  'SCH-09': shaped('SCH-09', (product) => typeof product.customerProductId === 'string'),
  'SCH-10': shaped('SCH-10', (product) => typeof product.createdOn === 'string'),
  'SCH-11': shaped('SCH-11', (product) => typeof product.currency === 'string'),
  'SCH-12': shaped('SCH-12', () => true),

  'SCH-15': (tell) => ({
    message(message) {
      if (!isRefused(message) || message.json === undefined) return;
      if (isRecord(message.json)) tell.holds();
      else
        tell.violated({
          cause: `${message.intent.operation} refused with ${Array.isArray(message.json) ? 'an array' : typeof message.json}`,
          message: `The JSON in a refusal of ${articles[message.intent.operation].toLowerCase()} is no object.`,
          expected: 'a JSON object',
          received: renderValue(message.json),
          exchanges: [message.id],
        });
    },
  }),
};

const documented = new Set([
  ...[
    'customerProductId',
    'productCode',
    'productType',
    'currency',
    'status',
    'proxyIds',
    'createdOn',
    'modifiedOn',
    'openedOn',
    'closedOn',
  ],
  // Of the public reference beside the document.
  ...['accountData', 'cryptoAssets', 'traditionalAssets', 'tokenizedAssets'],
]);

/** As many names of undocumented properties as are recorded: a target may have made them up. */
const namesAtMost = 20;

/** How the target writes what may be written in several ways. */
function recordReadings(tell: Tell, { raw, createdOn }: Shown, exchange: string): void {
  const id = String(raw.customerProductId);
  if (id !== id.toLowerCase()) tell.took('R-CASE', 'capitals', exchange);
  else if (id !== id.toUpperCase()) tell.took('R-CASE', 'small letters', exchange);
  const zone = /(?:Z|[+-]\d\d:\d\d)$/i.exec(String(raw.createdOn))?.[0];
  if (createdOn !== undefined) tell.took('R-TIME', `${zone}, ${createdOn.digits} fraction digits`, exchange);
}

/** SCH-05, SCH-06, SCH-07: everything about the content of one operation that no other row owns. */
function described(operation: 'list' | 'create' | 'get'): Rule {
  return (tell, known) => ({
    message(message) {
      if (message.intent.operation !== operation) return;
      if (message.exchange.answer?.body?.cutOff === true && hasDescribedContent(message)) tell.violated(endless(message));
      const problems = problemsOf(message, known.facts);
      if (problems === undefined) return;
      const own = problems.filter(({ row }) => row === ownRows[operation] || (operation === 'create' && row === 'SCH-09'));
      for (const problem of own) tellDescribed(tell, problem, message, known);
      if (own.length === 0 && (operation !== 'list' || productsIn(message).length > 0)) tell.holds();
    },
  });
}

const endless = (message: Message): Violation => ({
  cause: 'content beyond the limit',
  message: `${articles[message.intent.operation]} is answered with content beyond the limit that is read.`,
  expected: 'content no longer than limits.bodyBytes of the profile',
  received: 'content that goes on beyond it',
  exchanges: [message.id],
});

const ownRows: Readonly<Record<'list' | 'create' | 'get', RequirementId>> = { list: 'SCH-05', create: 'SCH-06', get: 'SCH-07' };

/** Enumerations beyond the facts are allowed in products that we did not create (R-VALUES), another letter case nowhere (R-ENUMCASE). */
function tellDescribed(tell: Tell, problem: Problem, message: Message, known: Known): void {
  const value = problem.keyword === 'enum' ? valueAt(message.json, problem.path) : undefined;
  if (typeof value !== 'string' || isLetterCaseOf(value, problem) || isOurs(problem, message, known)) {
    tell.violated(violationOf(problem, message));
    return;
  }
  // Once for each value; what a get shows, a list shows too.
  if (message.intent.operation === 'list')
    tell.warned('R-VALUES', { ...violationOf(problem, message), cause: `${problem.property} ${value}` });
}

const isLetterCaseOf = (value: string, { expected }: Problem): boolean =>
  expected
    .replace('one of ', '')
    .split(', ')
    .some((allowed) => allowed.toLowerCase() === value.toLowerCase());

function isOurs({ path }: Problem, { json }: Message, known: Known): boolean {
  const product = Array.isArray(json) ? (json as readonly unknown[])[Number(path.split('/')[1])] : json;
  const id = readShown(product)?.id;
  return id !== undefined && known.products.get(id)?.creation !== undefined;
}

function valueAt(json: unknown, path: string): unknown {
  let value = json;
  for (const step of path.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[step];
  }
  return value;
}

/** SCH-09 to SCH-12: one kind of problem, wherever products are shown. */
function shaped(row: RequirementId, shows: (product: Readonly<Record<string, unknown>>) => boolean): Rule {
  return (tell, known) => ({
    message(message) {
      if (message.intent.operation === 'create') return;
      const problems = problemsOf(message, known.facts);
      if (problems === undefined) return;
      const own = problems.filter((problem) => problem.row === row);
      for (const problem of own) tell.violated(violationOf(problem, message));
      if (own.length === 0 && productsIn(message).some((product) => isRecord(product) && shows(product))) tell.holds();
    },
  });
}

function violationOf({ property, keyword, expected, received, path }: Problem, { id, intent, json }: Message): Violation {
  const place = property ?? 'the content';
  const answer = `the answer to ${articles[intent.operation].toLowerCase()}`;
  return {
    cause: `${place} ${keyword}`,
    message: keyword === 'required' ? `${place} is missing in ${answer}.` : `${place} in ${answer} is not as the document has it.`,
    expected: `${place}: ${expected}`,
    received: `${json === undefined ? 'no JSON' : received}${path === '' ? '' : ` at ${path}`}`,
    exchanges: [id],
  };
}
