/**
 * Document and catalogue hold together: whatever the document says of an answer or a parameter, some requirement asks for. Recorded
 * good exchanges are corrupted mechanically, and judged again.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { composeReport, createReader } from '../../judge/compose.ts';
import { type DocumentOperation, type Parameter, readDocument } from '../../spec/document.ts';
import type { Answer, Exchange, JournalLine, RunLine } from '../../spec/journal.ts';
import { runReference } from '../suites/reference-run.ts';
import {
  type Change,
  changeAnswers,
  changeAt,
  changeContents,
  contentOf,
  forbidden,
  type Json,
  nameOf,
  otherwise,
  type Place,
  placesIn,
  withContent,
  wrongType,
} from './corruptions.ts';

let run: RunLine;
let lines: readonly JournalLine[];

/** Enough of the run, and quick to judge: a few histories, and the experiments with bad parameters. */
const kept = [/^creatable/, /^before and after with BALANCE_ACCOUNT$/, /^before and after$/, /^sequence [12]$/, /^neighbours$/];
const experiments = [/^REF-0[12357] by/, /^filter values that are none$/, /^(gets|closes) of unknown ids$/];

beforeAll(async () => {
  const recorded = await runReference();
  expect(recorded.report.verdict).toBe('conformant');
  const recordedRun = recorded.lines.find((line) => line.type === 'run')!;
  // In a record nobody waits to see whether a write still shows: what is late is lost.
  run = { ...recordedRun, profile: { ...recordedRun.profile, settleMs: 0 } };
  const wanted = [...kept, ...experiments];
  lines = recorded.lines.filter((line) => ('campaign' in line ? wanted.some((name) => name.test(line.campaign)) : line.type === 'ground'));
});

/** The requirements that the lines turn red. */
function redIn(corrupted: readonly JournalLine[]): string[] {
  const reader = createReader(run);
  for (const line of corrupted) reader.observe(line);
  const { requirements } = composeReport([{ frame: reader.frame(), conclusion: reader.conclude() }]);
  return requirements.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ id }) => id);
}

const corrupt = ({ operation, path, schema }: Place, change: Change): JournalLine[] =>
  changeContents(lines, operation, (content) => changeAt(content, path, (value) => change(value, schema)));

const expectRed = (corrupted: readonly JournalLine[]): void => {
  expect(JSON.stringify(corrupted) === JSON.stringify(lines), 'nothing was corrupted').toBe(false);
  expect(redIn(corrupted)).not.toEqual([]);
};

const places = [...placesIn()];
const values = places.filter(({ path }) => path.at(-1) !== '*');
const named = (chosen: readonly Place[]) => chosen.map((place) => [nameOf(place), place] as const);
/**
 * closedOn may be missing by its type, and yet the owner asks for it with CLOSED (CLS-13): the one optional property whose loss is
 * no matter of taste.
 */
const isAskedFor = ({ path }: Place): boolean => path.at(-1) === 'closedOn';

it('the recorded exchanges are good', () => {
  expect(redIn(lines)).toEqual([]);
});

it('the document is read to its last property', () => {
  expect(values.filter(({ operation }) => operation === 'get')).toHaveLength(19);
  expect(values.filter(({ operation }) => operation === 'list')).toHaveLength(19);
  expect(values.filter(({ operation }) => operation === 'create')).toHaveLength(1);
});

describe('a property', () => {
  it.each(named(values.filter((place) => place.required || isAskedFor(place))))('%s dropped turns a requirement red', (_, place) => {
    expectRed(corrupt(place, () => undefined));
  });
  it.each(named(values.filter((place) => !place.required && !isAskedFor(place))))('%s dropped stays green', (_, place) => {
    expect(redIn(corrupt(place, () => undefined))).toEqual([]);
  });
  it.each(named(places))('%s null turns a requirement red', (_, place) => {
    expectRed(corrupt(place, () => null));
  });
  it.each(named(places))('%s of wrong type turns a requirement red', (_, place) => {
    expectRed(corrupt(place, wrongType));
  });
  const bounded = places.filter(({ schema }) => forbidden(undefined, schema) !== undefined);
  it.each(named(bounded))('%s outside its enumeration, pattern or format turns a requirement red', (_, place) => {
    expectRed(corrupt(place, forbidden));
  });
  // What cash accounts show beside the document may be anything of its type, and change at any moment.
  const documented = bounded.filter(({ path }) => !path.includes('accountData'));
  it.each(named(documented))('%s of another value turns a requirement red', (_, place) => {
    expectRed(corrupt(place, otherwise));
  });
  it.each(['list', 'get'] as const)('iban of another value, by %s, turns a requirement red', (operation) => {
    const path = [...(operation === 'list' ? ['*'] : []), 'accountData', 'iban'];
    const change = (iban: Json | undefined): Json | undefined =>
      typeof iban === 'string' ? `${iban.slice(0, -1)}${(Number(iban.at(-1)) + 1) % 10}` : iban;
    expectRed(changeContents(lines, operation, (content) => changeAt(content, path, change)));
  });
  it('is bounded, or of a type that allows anything', () => {
    const free = values.filter(({ operation, schema }) => operation === 'get' && !bounded.some((each) => each.schema === schema));
    const names = free.map(({ path }) => path.join('.'));
    expect(names).toEqual([
      'proxyIds',
      'accountData',
      'accountData.iban',
      'accountData.bic',
      'accountData.availableBalance',
      'accountData.withdrawableBalance',
      'cryptoAssets',
      'traditionalAssets',
      'tokenizedAssets',
    ]);
  });
});

const operations: readonly DocumentOperation[] = Object.values(readDocument().paths).flatMap(({ get, post, patch }) =>
  [get, post, patch].flatMap((operation) => operation ?? []),
);

describe('a response', () => {
  const plain = ({ intent: { probe } }: Exchange): boolean => probe === undefined || ['before', 'after', 'control'].includes(probe.role);
  const statuses = operations.flatMap(({ operationId, responses }) =>
    Object.keys(responses).map((status) => [operationId, Number(status)] as const),
  );
  const elsewhere = [201, 202, 204, 206];

  it.each(statuses.filter(([, status]) => status < 300).flatMap(([id, status]) => elsewhere.map((other) => [id, status, other] as const)))(
    '%s %i as %i turns a requirement red',
    (operation, status, other) => {
      expectRed(
        changeAnswers(lines, (exchange, answer) =>
          exchange.intent.operation === operation && answer.status === status && plain(exchange) ? { status: other } : undefined,
        ),
      );
    },
  );

  const renumbered = (answer: Answer, exchange: Exchange, status: number): Partial<Answer> => {
    const content = contentOf(exchange);
    return {
      status,
      ...(content === undefined
        ? {}
        : withContent(
            answer,
            changeAt(content, ['status'], (value) => (value === undefined ? value : status)),
          )),
    };
  };
  it.each(statuses.filter(([, status]) => status === 400))('%s %i as 422 stays green', (operation, status) => {
    const changed = changeAnswers(lines, (exchange, answer) =>
      exchange.intent.operation === operation && answer.status === status ? renumbered(answer, exchange, 422) : undefined,
    );
    expect(JSON.stringify(changed) === JSON.stringify(lines), 'nothing was changed').toBe(false);
    expect(redIn(changed)).toEqual([]);
  });
  it.each(statuses.filter(([, status]) => status === 404))('%s %i as 200 turns a requirement red', (operation, status) => {
    const good = exchangesOf(lines).find(({ intent, answer }) => intent.operation === operation && answer?.status === 200)!.answer!;
    expectRed(
      changeAnswers(lines, (exchange, answer) => (exchange.intent.operation === operation && answer.status === status ? good : undefined)),
    );
  });
});

const exchangesOf = (some: readonly JournalLine[]): Exchange[] => some.flatMap((line) => (line.type === 'exchange' ? [line] : []));

describe('a parameter that is ignored', () => {
  const parameters = Object.values(readDocument().paths).flatMap(({ get, post, patch, parameters: common = [] }) =>
    [get, post, patch].flatMap((operation) =>
      operation === undefined
        ? []
        : [...common, ...(operation.parameters ?? [])].map((parameter) => ({ operation: operation.operationId, parameter })),
    ),
  );
  const bodies = operations.flatMap(({ operationId, requestBody }) =>
    Object.keys(requestBody?.content?.['application/json']?.schema.properties ?? {}).map((name) => ({
      operation: operationId,
      parameter: { name, in: 'body' } as const,
    })),
  );

  it.each([...parameters, ...bodies].map(({ operation, parameter }) => [operation, parameter.in, parameter.name, parameter] as const))(
    'by %s in the %s, %s, turns a requirement red',
    (operation, _, __, parameter) => {
      expectRed(ignore(operation, parameter));
    },
  );

  function ignore(operation: string, parameter: Pick<Parameter, 'name'> & { readonly in: Parameter['in'] | 'body' }): JournalLine[] {
    if (parameter.in === 'query') return ignoreFilter(parameter.name);
    if (parameter.in === 'path') return ignorePath(operation);
    return acceptSpoiled(operation, parameter.name, parameter.in);
  }

  /** A list by the filter shows what the list of the same state without it showed; no write lies between. */
  function ignoreFilter(name: string): JournalLine[] {
    const unfiltered = new Map<string, Answer>();
    const owner = new Map<string, string>();
    return lines.map((line) => {
      if (line.type === 'sent') {
        const customer = line.intent.customer ?? owner.get(line.intent.product ?? '');
        if (customer !== undefined) unfiltered.delete(customer);
      }
      if (line.type !== 'exchange' || line.answer === undefined) return line;
      const { intent, answer } = line;
      if (intent.operation === 'create')
        owner.set(String((contentOf(line) as { customerProductId?: Json })?.customerProductId), intent.customer!);
      if (intent.operation !== 'list' || answer.status !== 200) return line;
      if (intent.filters === undefined) unfiltered.set(intent.customer!, answer);
      const ignored = unfiltered.get(intent.customer!);
      return ignored !== undefined && intent.filters?.length === 1 && intent.filters[0]![0] === name ? { ...line, answer: ignored } : line;
    });
  }

  /** Every customer, every product is the first one of the run; a close closes that, and a create makes its product there. */
  function ignorePath(operation: string): JournalLine[] {
    const of = (id: string) => exchangesOf(lines).filter(({ intent, answer }) => intent.operation === id && answer?.status === 200);
    if (operation === 'create') return changeContents(lines, 'list', (content) => (Array.isArray(content) ? content.slice(0, 1) : content));
    if (operation === 'close') {
      const open = (content: Json): Json =>
        changeAt(
          changeAt(content, ['status'], () => 'ACTIVE'),
          ['closedOn'],
          () => undefined,
        );
      return changeContents(lines, 'get', open);
    }
    const first = of(operation).find((exchange) => exchange.intent.filters === undefined && exchange.answer!.body!.octets > 2)!.answer!;
    return changeAnswers(lines, ({ intent }, { status }) => (intent.operation === operation && status === 200 ? first : undefined));
  }

  /** A request whose one defect is in that parameter is answered like its control. */
  function acceptSpoiled(operation: string, name: string, place: 'header' | 'body'): JournalLine[] {
    const controls = new Map(
      exchangesOf(lines).flatMap((each) => (each.intent.probe?.role === 'control' ? [[each.intent.probe.trial, each] as const] : [])),
    );
    const value = (exchange: Exchange): unknown => {
      if (place === 'header') return exchange.request.headers.find(([field]) => field.toLowerCase() === name.toLowerCase())?.[1];
      const sent: unknown = JSON.parse(exchange.request.body?.text || 'null');
      return typeof sent === 'object' && sent !== null ? (sent as Record<string, unknown>)[name] : undefined;
    };
    return changeAnswers(lines, (exchange) => {
      const { probe } = exchange.intent;
      const control = probe?.role === 'spoiled' ? controls.get(probe.trial) : undefined;
      const isSpoiled = control !== undefined && control.intent.operation === operation && value(control) !== value(exchange);
      return isSpoiled ? control.answer : undefined;
    });
  }
});
