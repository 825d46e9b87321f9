import type { Answer } from '../answer.ts';
import type { CallKind, Override } from '../hooks.ts';
import { changeAnswer, setHeaders, textOf, withText } from '../overriding.ts';
import { Refusal } from '../refusal.ts';
import type { Fault } from '../registry.ts';

/** Another status for what went well. */
function answerWith(status: number, kind: CallKind, when: (answer: Answer) => boolean = () => true): Override {
  return changeAnswer((answer, call) => (call.kind === kind && answer.status === 200 && when(answer) ? { ...answer, status } : undefined));
}

/** Another text for what went well. */
function rewrite(kind: CallKind, change: (text: string) => string): Override {
  return changeAnswer((answer, call) =>
    call.kind === kind && answer.status === 200 ? withText(answer, change(textOf(answer))) : undefined,
  );
}

function problemAs(change: (text: string) => string): Override {
  return (hooks) => {
    const changed = changeAnswer((answer, call) =>
      answer.status >= 400 && call.kind !== 'token' ? withText(answer, change(textOf(answer))) : undefined,
    );
    const plain = setHeaders({ 'Content-Type': 'application/json' }, (answer, call) => answer.status >= 400 && call.kind !== 'token');
    return changed({ ...hooks, ...plain(hooks) });
  };
}

/** Faults of statuses and of the frame of an answer. */
export const schAnswers: readonly Fault[] = [
  {
    name: 'long-list-partial',
    sentence: 'A list of more than ten products is 206.',
    caughtBy: ['SCH-01'],
    needs: 'history',
    apply: answerWith(206, 'list', (answer) => (textOf(answer).match(/"customerProductId"/g) ?? []).length > 10),
  },
  { name: 'list-accepted', sentence: 'A list is 202.', caughtBy: ['SCH-01'], apply: answerWith(202, 'list') },
  { name: 'create-created', sentence: 'A create is 201.', caughtBy: ['SCH-02'], apply: answerWith(201, 'create') },
  { name: 'get-non-authoritative', sentence: 'A get is 203.', caughtBy: ['SCH-03'], apply: answerWith(203, 'get') },
  { name: 'close-no-content', sentence: 'A close is 204.', caughtBy: ['SCH-04'], apply: answerWith(204, 'close') },
  { name: 'close-accepted', sentence: 'A close is 202.', caughtBy: ['SCH-04'], apply: answerWith(202, 'close') },
  {
    name: 'close-always-refused',
    sentence: 'No product can be closed: every close is 409.',
    caughtBy: ['SCH-04'],
    apply: () => ({ close: () => ({ status: 409, headers: { 'Content-Type': 'application/json' }, body: '{"error":"not allowed"}' }) }),
  },
  {
    name: 'create-refused-at-random',
    sentence: 'One create in 15 is refused with 409, and taken when sent again.',
    caughtBy: ['SCH-02'],
    needs: 'history',
    apply: (hooks) => {
      let creates = 0;
      return {
        newProduct: (code, customer, call) => {
          creates += 1;
          if (creates % 15 === 0) throw new Refusal(409, 'Another request was first.');
          return hooks.newProduct(code, customer, call);
        },
      };
    },
  },
  {
    name: 'list-in-an-object',
    sentence: 'A list is an object with the member products.',
    caughtBy: ['SCH-05'],
    apply: rewrite('list', (text) => `{"products":${text}}`),
  },
  {
    name: 'list-of-one-bare',
    sentence: 'A list of one product is that product without the array.',
    caughtBy: ['SCH-05'],
    apply: (hooks) => ({
      answerList: (products, call) => (products.length === 1 ? hooks.answerGet(products[0]!, call) : hooks.answerList(products, call)),
    }),
  },
  {
    name: 'empty-list-null',
    sentence: 'An empty list is null.',
    caughtBy: ['SCH-05', 'FLT-07'],
    apply: rewrite('list', (text) => (text === '[]' ? 'null' : text)),
  },
  {
    name: 'long-list-with-null-at-its-end',
    sentence: 'A list of 16 products or more has null as its last element.',
    caughtBy: ['SCH-05'],
    needs: 'history',
    apply: (hooks) => ({
      answerList: (products, call) => {
        const answer = hooks.answerList(products, call);
        return products.length >= 16 ? withText(answer, textOf(answer).replace(/\]$/, ',null]')) : answer;
      },
    }),
  },
  {
    name: 'get-in-an-array',
    sentence: 'A get answers an array of one.',
    caughtBy: ['SCH-07'],
    apply: rewrite('get', (text) => `[${text}]`),
  },
  {
    name: 'get-of-closed-in-an-envelope',
    sentence: 'The get of a closed product has it in the member product.',
    caughtBy: ['SCH-07'],
    needs: 'history',
    apply: rewrite('get', (text) => (text.includes('"CLOSED"') ? `{"product":${text}}` : text)),
  },
  {
    name: 'create-says-id',
    sentence: 'A create answers with id for customerProductId.',
    caughtBy: ['SCH-06'],
    apply: rewrite('create', (text) => text.replace('customerProductId', 'id')),
  },
  {
    name: 'create-says-text',
    sentence: 'A create answers with the bare id as a JSON string.',
    caughtBy: ['SCH-06'],
    apply: rewrite('create', (text) => text.slice('{"customerProductId":'.length, -1)),
  },
  {
    name: 'create-id-in-braces',
    sentence: 'The id in the answer to a create stands in braces.',
    caughtBy: ['SCH-06', 'SCH-09'],
    apply: rewrite('create', (text) => text.replace(/:"(.*)"/, ':"{$1}"')),
  },
  {
    name: 'create-id-as-urn',
    sentence: 'The id in the answer to a create is a urn:uuid.',
    caughtBy: ['SCH-06', 'SCH-09'],
    apply: rewrite('create', (text) => text.replace(':"', ':"urn:uuid:')),
  },
  {
    name: 'list-ids-without-hyphens',
    sentence: 'Lists show ids without hyphens.',
    caughtBy: [
      'SCH-09',
      'SCH-05',
      'CRE-05',
      'CRE-09',
      'LST-01',
      'FLT-04',
      'FLT-05',
      'FLT-06',
      'FLT-08',
      'FLT-14',
      'CON-01',
      'CON-03',
      'CON-06',
      'CON-07',
    ],
    apply: rewrite('list', (text) => text.replace(/"customerProductId":"[^"]*"/g, (member) => member.replaceAll('-', ''))),
  },
  {
    name: 'close-shows-product',
    sentence: 'A close answers with the id of the product.',
    caughtBy: ['SCH-08'],
    apply: (hooks) => ({ answerClose: (product, call) => hooks.answerCreate(product, call) }),
  },
  {
    name: 'close-shows-an-object',
    sentence: 'A close answers with an empty object.',
    caughtBy: ['SCH-08'],
    apply: (hooks) => ({ answerClose: (product, call) => withText(hooks.answerCreate(product, call), '{}') }),
  },
  {
    name: 'problem-in-an-array',
    sentence: 'A refusal is an array of messages.',
    caughtBy: ['SCH-15'],
    apply: problemAs((text) => `[${text}]`),
  },
  {
    name: 'problem-as-text',
    sentence: 'A refusal is a JSON string.',
    caughtBy: ['SCH-15'],
    apply: problemAs(() => '"The request was refused."'),
  },
];
