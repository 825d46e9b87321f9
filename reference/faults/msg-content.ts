import { changeAnswer, everyNth, isKind, setHeaders, textOf, withText } from '../overriding.ts';
import type { Fault } from '../registry.ts';

/** Faults of content, its media type and its length. */
export const msgContent: readonly Fault[] = [
  {
    name: 'list-as-text',
    sentence: 'Lists come as text/plain.',
    caughtBy: ['MSG-01'],
    apply: setHeaders({ 'Content-Type': 'text/plain; charset=utf-8' }, (answer, call) => call.kind === 'list' && answer.status === 200),
  },
  {
    name: 'create-without-content-type',
    sentence: 'The answer to a create names no media type.',
    caughtBy: ['MSG-01'],
    apply: setHeaders({ 'Content-Type': undefined }, (answer, call) => call.kind === 'create' && answer.status === 200),
  },
  {
    name: 'get-of-closed-as-html',
    sentence: 'The get of a closed product says text/html.',
    caughtBy: ['MSG-01'],
    needs: 'history',
    apply: (hooks) => ({
      answerGet: (product, call) => {
        const answer = hooks.answerGet(product, call);
        return product.status === 'CLOSED' ? { ...answer, headers: { ...answer.headers, 'Content-Type': 'text/html' } } : answer;
      },
    }),
  },
  {
    name: 'list-with-byte-order-mark',
    sentence: 'Lists begin with a byte order mark.',
    caughtBy: ['MSG-02'],
    apply: changeAnswer((answer, call) =>
      call.kind === 'list' && answer.status === 200 ? withText(answer, `\ufeff${textOf(answer)}`) : undefined,
    ),
  },
  {
    name: 'get-in-latin-1',
    sentence: 'A get shows a name with an umlaut in ISO 8859-1.',
    caughtBy: ['MSG-02'],
    apply: (hooks) => ({
      answerGet: (product, call) => {
        const answer = hooks.answerGet(product, call);
        return withText(answer, Buffer.from(textOf(answer).replace(/\}$/, ',"branch":"Zürich"}'), 'latin1'));
      },
    }),
  },
  {
    name: 'long-list-with-trailing-comma',
    sentence: 'A list of more than 20 products ends with a comma before its bracket.',
    caughtBy: ['MSG-02', 'SCH-05'],
    needs: 'history',
    apply: (hooks) => ({
      answerList: (products, call) => {
        const answer = hooks.answerList(products, call);
        return products.length > 20 ? withText(answer, textOf(answer).replace(/\]$/, ',]')) : answer;
      },
    }),
  },
  {
    name: 'closed-product-with-status-twice',
    sentence: 'The get of a closed product has the member status twice, first with the old value.',
    caughtBy: ['MSG-03'],
    needs: 'history',
    apply: (hooks) => ({
      answerGet: (product, call) => {
        const answer = hooks.answerGet(product, call);
        return product.status === 'CLOSED' ? withText(answer, textOf(answer).replace(/^\{/, '{"status":"ACTIVE",')) : answer;
      },
    }),
  },
  {
    name: 'content-length-of-refusal-in-characters',
    sentence: 'Content-Length of a refusal counts characters, which are fewer than octets where a name has an umlaut.',
    caughtBy: ['MSG-04', 'MSG-02', 'MSG-11', 'MSG-18', 'TOK-05', 'TOK-06', 'TOK-07', 'TOK-11'],
    apply: changeAnswer((answer) => {
      if (answer.status < 400 || answer.status >= 500) return undefined;
      const text = textOf(answer).replace(/\}$/, ',"instance":"/sänd/böx"}');
      return { ...answer, body: text, headers: { ...answer.headers, 'Content-Length': String(text.length) } };
    }),
  },
  {
    name: 'head-with-length-nought',
    sentence: 'HEAD says Content-Length 0 where GET has content.',
    caughtBy: ['MSG-04'],
    apply: setHeaders({ 'Content-Length': '0' }, (_answer, call) => call.method === 'HEAD'),
  },
  {
    name: 'get-announces-one-octet-less',
    sentence: 'Content-Length of a get is one less than what comes.',
    caughtBy: ['MSG-04', 'MSG-02'],
    apply: changeAnswer((answer, call) =>
      call.kind === 'get' && answer.status === 200 && call.method === 'GET'
        ? { ...answer, headers: { ...answer.headers, 'Content-Length': String(Buffer.byteLength(textOf(answer)) - 1) } }
        : undefined,
    ),
  },
  {
    name: 'long-list-cut-off',
    sentence: 'Of a list only the first 16 KiB are written, then the connection ends.',
    caughtBy: ['MSG-04', 'MSG-02', 'SCH-01', 'LST-05'],
    needs: 'history',
    apply: (hooks) => ({
      send: (answer, wire, call) => {
        const content = Buffer.from(answer.body);
        if (call.kind !== 'list' || content.length <= 16_384) return hooks.send(answer, wire, call);
        wire.outgoing.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': content.length });
        wire.outgoing.write(content.subarray(0, 16_384), () => wire.outgoing.destroy());
      },
    }),
  },
  {
    name: 'list-fails-now-and-then',
    sentence: 'Every 40th list is answered 500.',
    caughtBy: ['MSG-06'],
    needs: 'history',
    apply: (hooks) => {
      const strikes = everyNth(40);
      return {
        list: (call) =>
          strikes() ? { status: 500, headers: { 'Content-Type': 'application/json' }, body: '{"error":"internal"}' } : hooks.list(call),
      };
    },
  },
  {
    name: 'unknown-id-fails',
    sentence: 'The get of an unknown id is answered 500.',
    caughtBy: ['MSG-06', 'MSG-12'],
    apply: changeAnswer((answer, call) => (call.kind === 'get' && answer.status === 404 ? { ...answer, status: 500 } : undefined)),
  },
  {
    name: 'refusals-without-content',
    sentence: 'Refusals have no content.',
    caughtBy: ['MSG-11'],
    apply: changeAnswer((answer, call) =>
      answer.status >= 400 && call.kind !== 'token'
        ? { ...withText(answer, ''), headers: { ...answer.headers, 'Content-Type': 'application/json' } }
        : undefined,
    ),
  },
  {
    name: 'problem-with-another-status',
    sentence: 'The status in a problem document is 400, also where the answer is 404.',
    caughtBy: ['MSG-12'],
    apply: changeAnswer((answer) =>
      answer.status === 404 ? withText(answer, textOf(answer).replace('"status":404', '"status":400')) : undefined,
    ),
  },
  {
    name: 'problem-with-status-in-words',
    sentence: 'The status in a problem document is text.',
    caughtBy: ['MSG-12'],
    apply: changeAnswer((answer) =>
      answer.status >= 400 ? withText(answer, textOf(answer).replace(/"status":(\d+)/, '"status":"ERR_$1"')) : undefined,
    ),
  },
  {
    name: 'refusal-with-stack-trace',
    sentence: 'The refusal of content that is not JSON shows a stack trace.',
    caughtBy: ['MSG-13'],
    apply: (hooks) => ({
      answerRefusal: (refusal, call) => {
        const answer = hooks.answerRefusal(refusal, call);
        const trace =
          'SyntaxError: Unexpected end of JSON input\\n    at JSON.parse (<anonymous>)\\n    at read (/srv/products/dist/body.js:41:17)';
        return isKind(call, 'create', 'close') && refusal.status === 400
          ? withText(answer, textOf(answer).replace(/\}$/, `,"trace":"${trace}"}`))
          : answer;
      },
    }),
  },
  {
    name: 'refusal-with-query',
    sentence: 'The refusal of an unknown id shows the database query.',
    caughtBy: ['MSG-13'],
    apply: changeAnswer((answer) =>
      answer.status === 404
        ? withText(answer, textOf(answer).replace(/\}$/, ',"debug":"SELECT * FROM customer_products WHERE customer_product_id = $1"}'))
        : undefined,
    ),
  },
  {
    name: 'refusal-with-class-name',
    sentence: 'The refusal of a bad filter names the class of the exception.',
    caughtBy: ['MSG-13'],
    apply: changeAnswer((answer, call) =>
      answer.status === 400 && call.kind === 'list'
        ? withText(answer, textOf(answer).replace(/\}$/, ',"exception":"org.springframework.web.bind.MethodArgumentNotValidException"}'))
        : undefined,
    ),
  },
  {
    name: 'token-echoed-on-unknown-id',
    sentence: 'The refusal of an unknown id repeats the header fields of the request.',
    caughtBy: ['MSG-14'],
    apply: changeAnswer((answer, call) =>
      answer.status === 404
        ? withText(answer, textOf(answer).replace(/\}$/, `,"request":${JSON.stringify({ authorization: call.headers.authorization })}}`))
        : undefined,
    ),
  },
  {
    name: 'token-echoed-in-field',
    sentence: 'The answer to a create repeats the token in a header field.',
    caughtBy: ['MSG-14'],
    apply: changeAnswer((answer, call) =>
      call.kind === 'create' && answer.status === 200
        ? { ...answer, headers: { ...answer.headers, 'X-Session': (call.headers.authorization ?? '').slice('Bearer '.length) } }
        : undefined,
    ),
  },
  {
    name: 'refusals-as-html',
    sentence: 'Refusals are HTML pages.',
    caughtBy: ['MSG-27', 'MSG-11'],
    apply: changeAnswer((answer, call) =>
      answer.status >= 400 && call.kind !== 'token'
        ? {
            ...withText(answer, '<!doctype html><title>Error</title><p>Your request was refused.'),
            headers: { ...answer.headers, 'Content-Type': 'text/html' },
          }
        : undefined,
    ),
  },
];
