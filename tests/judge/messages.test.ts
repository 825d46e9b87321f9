import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { closedOf, of, productOf, refusedWith, silent, type Talk } from './talk.ts';

describe('content', () => {
  it('MSG-01 takes application/json in any case and with parameters, and nothing else', () => {
    const list = (type: string | undefined) => of('MSG-01', (talk) => talk.say('list', { json: [], headers: { 'Content-Type': type } }));
    expect(list('Application/JSON; charset=utf-8')).toEqual({ ...silent, witnesses: 1 });
    expect(list('text/html').violated).toEqual(['list as text/html']);
    expect(list('application/problem+json').violated).toEqual(['list as application/problem+json']);
    expect(list(undefined).violated).toEqual(['list as nothing said']);
    expect(of('MSG-01', (talk) => talk.say('close', { product: randomUUID() }))).toEqual({ ...silent, witnesses: 0 });
  });

  it('MSG-02 asks for UTF-8 without a byte order mark that parses whole, where JSON is said or due', () => {
    const get = (said: object) => of('MSG-02', (talk) => talk.say('get', { product: talk.made(), ...said })).violated;
    expect(get({ text: '{"a":1}' })).toEqual([]);
    expect(get({ text: '\ufeff{"a":1}' })).toEqual(['get with a byte order mark']);
    expect(get({ text: '{"a":1' })).toEqual(['get not well-formed']);
    expect(get({ octets: Buffer.from('{"name":"Zürich"}', 'latin1') })).toEqual(['get not UTF-8']);
    expect(get({ text: 'not json', headers: { 'Content-Type': undefined } })).toEqual(['get not well-formed']);
    expect(get({ status: 404, text: 'Not found', headers: { 'Content-Type': 'text/plain' } })).toEqual([]);
  });

  it('MSG-03 finds a member name that stands twice in one object, however deep or escaped', () => {
    const get = (text: string) => of('MSG-03', (talk) => talk.say('get', { product: randomUUID(), text })).violated;
    expect(get('{"a":{"b":1,"b":2}}')).toEqual(['get repeats b']);
    expect(get('[{"status":1,"\\u0073tatus":2}]')).toEqual(['get repeats status']);
    expect(get('[{"a":1},{"a":2},{"b":{"a":"\\"a\\":"}}]')).toEqual([]);
  });

  it('MSG-11 and MSG-27 ask refusals to explain themselves in JSON, the parser and the moment apart', () => {
    const refused = (said: object) => (talk: Talk) => talk.say('get', { product: randomUUID(), status: 404, ...said });
    expect(of('MSG-11', refused({ json: {} }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-11', refused({})).warned).toEqual(['get refused without content']);
    const html = { text: '<p>no', headers: { 'Content-Type': 'text/html' } };
    expect(of('MSG-11', refused(html)).warned).toEqual(['get refused with content that is not JSON']);
    expect(of('MSG-27', refused(html)).violated).toEqual(['get refused as text/html']);
    expect(of('MSG-27', refused({ json: {} })).violated).toEqual([]);
    expect(of('MSG-11', refused({ status: 429 })).warned).toEqual([]);
    expect(of('MSG-11', refused({ status: 431 })).warned).toEqual([]);
    expect(of('MSG-11', (talk) => talk.say('other', { product: randomUUID(), method: 'SCRUB', status: 400 })).warned).toEqual([]);
  });

  it('MSG-12 holds the status of a problem document against that of the answer', () => {
    const refused = (json: unknown, headers = {}) =>
      of('MSG-12', (talk) => talk.say('get', { product: randomUUID(), status: 404, json, headers }));
    expect(refused({ status: 404 })).toEqual({ ...silent, witnesses: 1 });
    expect(refused({ status: 400 }).violated).toEqual(['400 for 404']);
    expect(refused({ status: 'E_404' }).violated).toEqual(['a status of type string']);
    expect(refused({ status: 400 }, { 'Content-Type': 'application/json' }).violated).toEqual([]);
    expect(refused({ title: 'no status' })).toEqual({ ...silent, witnesses: 0 });
  });

  it('MSG-13 knows what gives a making away, and what only sounds like it', () => {
    const refused = (detail: string, said: object = {}) =>
      of('MSG-13', (talk) => talk.say('list', { ...refusedWith(400, { detail }), ...said })).violated;
    expect(refused('Error\n    at read (/srv/app/dist/body.js:41:17)')).toEqual(['a stack trace to list']);
    expect(refused('at com.bank.Products.find(Products.java:12)')).toEqual(['a stack trace to list']);
    expect(refused('Traceback (most recent call last): …')).toEqual(['a stack trace to list']);
    expect(refused("SELECT * FROM products WHERE id = 'x'")).toEqual(['a database query to list']);
    expect(refused('cannot open /var/app/products.db')).toEqual(['a file path to list']);
    expect(refused("Failed to convert 'java.lang.String'")).toEqual(['a class name to list']);
    expect(refused('Please select a value from the list; look at /data/attributes/status.')).toEqual([]);
    expect(refused('The status is at an end; update it, or set it at (or after) 10:00:00.')).toEqual([]);
    expect(refused('Unknown path /etc/passwd.conf', { query: 'status=/etc/passwd.conf' })).toEqual([]);
  });

  it('MSG-14 finds a long secret in content and fields, and lets short ones be', () => {
    const get = (said: object) => of('MSG-14', (talk) => talk.say('get', { product: randomUUID(), ...refusedWith(404), ...said })).violated;
    expect(get({ json: { seen: 'Bearer «redacted:token#1»' } })).toEqual(['get in content']);
    expect(get({ headers: { 'X-Session': '«redacted:client-secret#1»' } })).toEqual(['get in X-Session']);
    expect(get({ json: { seen: '«redacted:token#1 short»' } })).toEqual([]);
    expect(of('MSG-14', (talk) => talk.say('token', { json: { access_token: '«redacted:token#1»' } })).violated).toEqual([]);
    expect(of('MSG-14', (talk) => talk.made()).witnesses).toBe(2);
  });
});

describe('header fields', () => {
  it('MSG-05 asks for Date in 2xx to 4xx, not of 5xx and not of what the parser refuses', () => {
    const bare = (status: number) =>
      of('MSG-05', (talk) => talk.say('list', { ...refusedWith(status), headers: { Date: undefined } })).violated;
    expect(bare(200)).toEqual(['list 2xx']);
    expect(bare(404)).toEqual(['list 4xx']);
    expect(bare(503)).toEqual([]);
    expect(bare(431)).toEqual([]);
    // A gateway's.
    expect(bare(429)).toEqual([]);
  });

  it('MSG-09 and MSG-26 ask a 405 for Allow with the documented methods', () => {
    const refused = (allow: string | undefined) => (talk: Talk) =>
      talk.say('other', { product: randomUUID(), ...refusedWith(405), headers: { Allow: allow } });
    expect(of('MSG-09', refused(undefined)).violated).toEqual(['product without Allow']);
    expect(of('MSG-26', refused('GET, HEAD, PATCH'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-26', refused('GET')).violated).toEqual(['product without PATCH']);
    expect(
      of('MSG-26', (talk) => talk.say('other', { customer: talk.customer, ...refusedWith(405), headers: { Allow: 'GET' } })).violated,
    ).toEqual(['list without POST']);
  });

  it('MSG-15 and MSG-22 read Retry-After and Date as the RFC writes them', () => {
    const busy = (value: string) => (talk: Talk) => talk.say('list', { status: 429, headers: { 'Retry-After': value } });
    for (const value of ['0', '120', 'Fri, 31 Dec 1999 23:59:59 GMT', 'Friday, 31-Dec-99 23:59:59 GMT'])
      expect(of('MSG-15', busy(value)).violated).toEqual([]);
    for (const value of ['1 second', '0.5', '-1', '2026-11-22T18:00:00Z'])
      expect(of('MSG-15', busy(value)).violated).toEqual(['neither seconds nor a date']);
    expect(of('MSG-22', busy('Friday, 31-Dec-99 23:59:59 GMT')).violated).toEqual(['retry-after in another form']);
    const dated = (value: string) => of('MSG-22', (talk) => talk.say('list', { json: [], headers: { Date: value } })).violated;
    expect(dated('Sun, 06 Nov 1994 08:49:37 GMT')).toEqual([]);
    for (const value of [
      'Mon, 06 Nov 1994 08:49:37 GMT',
      'Sun, 06 Nov 1994 08:49:37 +0000',
      '1994-11-06T08:49:37Z',
      'Sun, 31 Nov 1994 08:49:37 GMT',
    ])
      expect(dated(value)).toEqual(['date in another form']);
  });

  it('MSG-24 sees products that shared caches may keep', () => {
    const list = (cache: string, json: unknown = [productOf(randomUUID())]) =>
      of('MSG-24', (talk) => talk.say('list', { json, headers: { 'Cache-Control': cache } }));
    expect(list('max-age=0, S-MaxAge=60').violated).toEqual(['list s-maxage']);
    expect(list('public').violated).toEqual(['list public']);
    expect(list('private, max-age=5')).toEqual({ ...silent, witnesses: 1 });
    expect(list('public', [])).toEqual({ ...silent, witnesses: 0 });
  });
});

describe('exchanges', () => {
  const wire = (contentOctets: number, surplusOctets = 0) => ({ contentOctets, surplusOctets, closed: false });
  const raw = (talk: Talk, length: string, octets: number, surplus = 0) =>
    talk.say('list', { probe: ['MSG-04', 'odd', ''], json: [], headers: { 'Content-Length': length }, wire: wire(octets, surplus) });

  it('MSG-04 fails a wrong length that comes three times of three', () => {
    expect(of('MSG-04', (talk) => raw(talk, '2', 2))).toEqual({ ...silent, witnesses: 1 });
    const thrice = (talk: Talk) => {
      for (let times = 0; times < 3; times += 1) raw(talk, '2', 2, 1);
    };
    expect(of('MSG-04', thrice).violated).toEqual(['list ']);
    expect(of('MSG-04', (talk) => raw(talk, '2', 1)).violated).toEqual([]);
    expect(
      of('MSG-04', (talk) => {
        thrice(talk);
        raw(talk, '2', 2);
      }).violated,
    ).toEqual([]);
  });

  it('MSG-04 holds HEAD against GET, and wants no length of a 204', () => {
    const heads =
      (...lengths: readonly (string | undefined)[]) =>
      (talk: Talk) => {
        const product = randomUUID();
        for (const [index, length] of lengths.entries()) {
          const get = { product, trial: `story/${index}`, json: {}, headers: { 'Content-Length': '2' } };
          talk.say('get', { ...get, probe: ['MSG-04', 'before', 'by HEAD'] });
          talk.say('other', { ...get, method: 'HEAD', probe: ['MSG-04', 'odd', 'by HEAD'], headers: { 'Content-Length': length } });
          talk.say('get', { ...get, probe: ['MSG-04', 'after', 'by HEAD'] });
        }
      };
    expect(of('MSG-04', heads('0', '0', '0')).violated).toEqual(['HEAD of a product']);
    // Twice it may have been the bank, which blocked the product and freed it again.
    expect(of('MSG-04', heads('0', '0')).violated).toEqual([]);
    expect(of('MSG-04', heads('0', '0', '2', '0')).violated).toEqual([]);
    expect(of('MSG-04', heads('2'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-04', heads(undefined)).violated).toEqual([]);
    expect(
      of('MSG-04', (talk) => talk.say('close', { product: randomUUID(), status: 204, headers: { 'Content-Length': '0' } })).violated,
    ).toEqual(['204 of close with Content-Length']);
  });

  it('MSG-04 fails a list that is cut off every time while gets go well, and blames no line that cuts everything', () => {
    const cut = { failure: { kind: 'cut' as const, message: 'the connection ended' } };
    const story = (others: object) => (talk: Talk) => {
      for (let times = 0; times < 4; times += 1) {
        talk.say('list', cut);
        talk.say('get', { product: randomUUID(), ...refusedWith(404), ...others, after: 20 });
      }
    };
    expect(of('MSG-04', story({})).violated).toEqual(['list cut off']);
    expect(of('MSG-04', story(cut)).violated).toEqual([]);
  });

  it('MSG-06 fails a 500 at once, another 5xx when it comes three times of three and its control works', () => {
    expect(of('MSG-06', (talk) => talk.say('list', { status: 500 })).violated).toEqual(['list']);
    const spoiled = (status: number, times: number, control: number) => (talk: Talk) => {
      for (let count = 0; count < times; count += 1) talk.say('create', { status, probe: ['REF-04', 'spoiled', 'with null as content'] });
      talk.say('create', { status: control, json: { customerProductId: randomUUID() }, probe: ['REF-04', 'control', 'create'] });
    };
    expect(of('MSG-06', spoiled(502, 3, 200)).violated).toEqual(['REF-04 with null as content 502']);
    expect(of('MSG-06', spoiled(502, 2, 200)).violated).toEqual([]);
    expect(of('MSG-06', spoiled(502, 3, 503)).violated).toEqual([]);
    expect(of('MSG-06', (talk) => talk.say('other', { product: randomUUID(), status: 501 })).violated).toEqual([]);
  });

  it('MSG-06 fails plain requests of one kind that never go well, and lets a target be busy', () => {
    const story = (others: number) => (talk: Talk) => {
      for (let times = 0; times < 4; times += 1) {
        talk.say('list', { status: 503, filters: [['status', 'CLOSED']] });
        talk.say('get', { product: randomUUID(), ...refusedWith(times % 2 === 0 ? 404 : others), after: 20 });
      }
    };
    expect(of('MSG-06', story(404)).violated).toEqual(['list status=CLOSED 503']);
    expect(of('MSG-06', story(503)).violated).toEqual([]);
  });
});

describe('probes', () => {
  const close = (row: 'MSG-07' | 'MSG-20' | 'MSG-21' | 'MSG-19', spelled: number, control: number) => (talk: Talk) => {
    const product = talk.made();
    talk.say('close', { product, ...(spelled < 300 ? {} : refusedWith(spelled)), probe: [row, 'spelling', 'oddly'] });
    if (spelled < 300) talk.say('get', { product, json: closedOf(product), probe: [row, 'after', 'oddly'] });
    else talk.say('close', { product, ...(control < 300 ? {} : refusedWith(control)), probe: [row, 'control', 'oddly'] });
  };
  const thrice = (story: (talk: Talk) => void) => (talk: Talk) => {
    for (let times = 0; times < 3; times += 1) story(talk);
  };

  it('MSG-07, MSG-20 and MSG-21 fail a spelling that is refused where the usual one is then accepted', () => {
    for (const row of ['MSG-07', 'MSG-20', 'MSG-21'] as const) {
      expect(of(row, close(row, 200, 200))).toEqual({ ...silent, witnesses: 1 });
      expect(of(row, thrice(close(row, 400, 200))).violated).toEqual(['close oddly']);
      expect(of(row, thrice(close(row, 400, 409)))).toEqual({ ...silent, witnesses: 0 });
      expect(of(row, thrice(close(row, 401, 200))).violated).toEqual([]);
    }
  });

  it('a spelled create must be refused every time before it is the spelling that is blamed', () => {
    const creates = (...statuses: number[]) =>
      of('MSG-20', (talk) => {
        statuses.forEach((status, index) => {
          const id = randomUUID();
          const trial = `story/${index}`;
          const answer = status < 300 ? { json: { customerProductId: id } } : refusedWith(status);
          talk.say('create', { ...answer, trial, probe: ['MSG-20', 'spelling', 'oddly'] });
          talk.say('create', { json: { customerProductId: randomUUID() }, trial, probe: ['MSG-20', 'control', 'oddly'] });
        });
      }).violated;
    expect(creates(415, 415, 415)).toEqual(['create oddly']);
    expect(creates(409, 409)).toEqual([]);
    expect(creates(409, 409, 200)).toEqual([]);
  });

  it('blames no spelling of a close for what the bank may refuse for a while: a product blocked and freed', () => {
    for (const row of ['MSG-19', 'MSG-20', 'MSG-21'] as const) {
      expect(of(row, close(row, 409, 200)).violated).toEqual([]);
      const twiceThenTaken = (talk: Talk) => {
        close(row, 409, 200)(talk);
        close(row, 409, 200)(talk);
        close(row, 200, 200)(talk);
      };
      expect(of(row, twiceThenTaken)).toEqual({ ...silent, witnesses: 1 });
    }
  });

  it('blames no spelling of a write for a refusal that ordinary ones get as well', () => {
    const story = (ordinary: number) => (talk: Talk) => {
      thrice(close('MSG-21', 409, 200))(talk);
      const product = talk.made();
      talk.say('close', { product, ...refusedWith(ordinary) });
    };
    expect(of('MSG-21', story(409)).violated).toEqual([]);
    expect(of('MSG-21', story(422)).violated).toEqual(['close oddly']);
  });

  it('MSG-19 allows 411', () => {
    expect(of('MSG-19', close('MSG-19', 411, 200))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-19', thrice(close('MSG-19', 400, 200))).violated).toEqual(['close oddly']);
  });

  const put = (status: number, after: Readonly<Record<string, unknown>>) => (talk: Talk) => {
    const product = talk.made();
    talk.say('get', { product, json: productOf(product), probe: ['MSG-08', 'before', 'by PUT'] });
    talk.say('other', { product, ...refusedWith(status), probe: ['MSG-08', 'odd', 'by PUT'] });
    talk.say('get', { product, json: productOf(product, after), probe: ['MSG-08', 'after', 'by PUT'] });
  };

  it('MSG-08 warns of what is not 405 or 501, and finds what a method did', () => {
    expect(of('MSG-08', put(405, {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-08', put(404, {})).warned).toEqual(['by PUT: 404']);
    const closed = { status: 'CLOSED', closedOn: '2026-11-22T18:00:01Z' };
    expect(of('MSG-08', put(405, closed)).violated).toEqual(['by PUT: closed']);
    expect(of('MSG-08', put(405, closed), { ours: false }).violated).toEqual([]);
    expect(of('MSG-08', put(405, { status: 'BLOCKED', modifiedOn: '2026-11-22T18:00:05Z' })).violated).toEqual([]);
  });

  it('MSG-08 lets OPTIONS be answered in any way, without effect', () => {
    const options = (status: number, after: Readonly<Record<string, unknown>>) => (talk: Talk) => {
      const product = talk.made();
      talk.say('get', { product, json: productOf(product), probe: ['MSG-08', 'before', 'by OPTIONS'] });
      talk.say('other', { product, method: 'OPTIONS', status, probe: ['MSG-08', 'odd', 'by OPTIONS'] });
      talk.say('get', { product, json: productOf(product, after), probe: ['MSG-08', 'after', 'by OPTIONS'] });
    };
    for (const status of [200, 204, 404, 405, 501]) expect(of('MSG-08', options(status, {}))).toEqual({ ...silent, witnesses: 1 });
    const closed = { status: 'CLOSED', closedOn: '2026-11-22T18:00:01Z' };
    expect(of('MSG-08', options(204, closed)).violated).toEqual(['by OPTIONS: closed']);
  });

  it('MSG-08 needs three times of three where others may have done it', () => {
    const thrice = (last: Readonly<Record<string, unknown>>) => (talk: Talk) => {
      for (const after of [moved, moved, last]) put(202, after)(talk);
    };
    const moved = { modifiedOn: '2026-11-22T18:00:05Z' };
    expect(of('MSG-08', thrice(moved)).violated).toEqual(['by PUT: touched']);
    expect(of('MSG-08', thrice({})).violated).toEqual([]);
  });

  it('MSG-10 holds the media type of HEAD against that of GET', () => {
    const head = (status: number, type: string) => (talk: Talk) => {
      const product = talk.made();
      const get = { product, json: productOf(product) };
      talk.say('get', { ...get, probe: ['MSG-10', 'before', 'by HEAD'] });
      talk.say('other', { product, method: 'HEAD', status, headers: { 'Content-Type': type }, probe: ['MSG-10', 'odd', 'by HEAD'] });
      talk.say('get', { ...get, probe: ['MSG-10', 'after', 'by HEAD'] });
    };
    expect(of('MSG-10', head(200, 'application/json; charset=utf-8'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-10', head(200, 'text/html')).violated).toEqual(['by HEAD: media type']);
    expect(of('MSG-10', head(405, 'text/html'))).toEqual({ ...silent, witnesses: 0 });
  });

  it('MSG-16 and MSG-17 let a long request be refused or hung up on, not fail', () => {
    const long = (row: 'MSG-16' | 'MSG-17', said: object) =>
      of(row, (talk) => {
        const product = talk.made();
        talk.say('get', { product, probe: [row, 'odd', 'long'], ...said });
        talk.say('get', { product, json: productOf(product), probe: [row, 'control', 'long'] });
      });
    for (const row of ['MSG-16', 'MSG-17'] as const) {
      expect(long(row, { status: 431 })).toEqual({ ...silent, witnesses: 1 });
      expect(long(row, { failure: { kind: 'cut', message: 'ended' } })).toEqual({ ...silent, witnesses: 1 });
      expect(long(row, { failure: { kind: 'timeout', message: 'nothing' } })).toEqual({ ...silent, witnesses: 0 });
      expect(long(row, { status: 500 }).violated).toEqual(['long']);
      expect(long(row, { status: 503 }).violated).toEqual([]);
    }
  });

  it('MSG-18 wants the next request on a connection to get its own answer', () => {
    const story =
      (surplus: number, next: object, takes = 5) =>
      (talk: Talk) => {
        const product = talk.made();
        const early = { product: randomUUID(), ...refusedWith(401), wire: wireOf(surplus), takes };
        talk.say('other', { ...early, probe: ['MSG-18', 'odd', 'held back'] });
        talk.say('get', { product, json: productOf(product), wire: wireOf(0), ...next, probe: ['MSG-18', 'odd', 'held back'] });
        talk.say('get', { product, json: productOf(product), probe: ['MSG-18', 'control', 'held back'] });
      };
    const wireOf = (surplusOctets: number) => ({ contentOctets: 10, closed: false, surplusOctets });
    expect(of('MSG-18', story(0, {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-18', story(0, {}, 600))).toEqual({ ...silent, witnesses: 0 });
    expect(of('MSG-18', story(0, { failure: { kind: 'cut', message: 'ended' } }))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-18', story(0, { status: 400, json: {} })).violated).toEqual(['held back: the answer of another']);
    expect(of('MSG-18', story(40, {})).violated).toEqual(['held back: an answer too many']);
    expect(of('MSG-18', story(0, { status: 401, json: {} })).violated).toEqual([]);
    // What comes and goes on other connections too, or is another's there too, is not the doing of this one.
    const elsewhere = (answer: object) => (talk: Talk) => {
      const product = talk.made();
      talk.say('get', { product, ...answer });
      story(0, answer)(talk);
    };
    const another = { json: productOf(randomUUID()) };
    for (const answer of [refusedWith(404), another]) {
      expect(of('MSG-18', story(0, answer)).violated).toEqual(['held back: the answer of another']);
      expect(of('MSG-18', elsewhere(answer)).violated).toEqual([]);
    }
  });

  it('MSG-23 fails an entity tag of before the close that is answered 304 once the close has shown', () => {
    const story = (status: number, shown: boolean, settleMs?: number) =>
      of(
        'MSG-23',
        (talk) => {
          const product = talk.made();
          talk.say('get', { product, json: productOf(product), headers: { ETag: '"1"' }, probe: ['MSG-23', 'before', 'tag'] });
          talk.say('close', { product, probe: ['MSG-23', 'control', 'tag'] });
          talk.say('get', { product, json: shown ? closedOf(product) : productOf(product), probe: ['MSG-23', 'after', 'tag'] });
          talk.say('get', { product, status, ...(status === 200 ? { json: closedOf(product) } : {}), probe: ['MSG-23', 'odd', 'tag'] });
        },
        { profile: settleMs === undefined ? {} : { settleMs } },
      );
    expect(story(304, true).violated).toEqual(['get not modified']);
    expect(story(304, false).violated).toEqual([]);
    expect(story(304, true, 1_000).violated).toEqual([]);
    expect(story(200, true)).toEqual({ ...silent, witnesses: 1 });
  });

  it('MSG-08 lets products vanish that ended, those of others, and those that replicas do not have yet', () => {
    const goneThrice = (status: string, { ours = true, found = false, settleMs = undefined as number | undefined } = {}) =>
      of(
        'MSG-08',
        (talk) => {
          const stays = productOf(talk.made());
          for (let times = 0; times < 3; times += 1) {
            const probe = (role: 'before' | 'odd' | 'after') => ({ probe: ['MSG-08', role, 'PUT'] as const, trial: `${times}` });
            const goes = productOf(found ? randomUUID() : talk.made({ status }), { status });
            talk.say('list', { json: [stays, goes], ...probe('before') });
            talk.say('other', { customer: talk.customer, status: 405, ...probe('odd') });
            talk.say('list', { json: [stays], ...probe('after') });
          }
        },
        { ours, profile: settleMs === undefined ? {} : { settleMs } },
      ).violated;
    for (const status of ['PENDING', 'REJECTED']) expect(goneThrice(status)).toEqual([]);
    expect(goneThrice('ACTIVE', { ours: false, found: true })).toEqual([]);
    expect(goneThrice('ACTIVE', { settleMs: 500 })).toEqual([]);
    expect(goneThrice('ACTIVE')).toEqual(['PUT: gone']);
    expect(goneThrice('ACTIVE', { ours: false })).toEqual(['PUT: gone']);
  });

  it('MSG-25 lets the bank block a product, and free it, between two equal lists', () => {
    const blocked = (freed: Readonly<Record<string, unknown>>, coarse = {}) =>
      of('MSG-25', (talk) => {
        const product = talk.made(coarse);
        const filters = [['status', 'ACTIVE']] as const;
        talk.say('list', { filters, json: [productOf(product, coarse)], probe: ['MSG-25', 'before', 'encoded'] });
        talk.say('list', { filters, json: [], probe: ['MSG-25', 'odd', 'encoded'] });
        talk.say('list', { filters, json: [productOf(product, { ...coarse, ...freed })], probe: ['MSG-25', 'after', 'encoded'] });
      }).violated;
    expect(blocked({ modifiedOn: '2026-11-22T18:00:09.000Z' })).toEqual([]);
    // In whole seconds it may have happened within one.
    expect(blocked({}, { modifiedOn: '2026-11-22T18:00:00Z' })).toEqual([]);
    expect(blocked({})).toEqual(['encoded']);
  });

  it('MSG-25 wants percent-encoded letters to mean the letters, between two equal lists', () => {
    const story =
      (encoded: object, last: readonly unknown[] | undefined = undefined) =>
      (talk: Talk) => {
        const list = [productOf(talk.made())];
        const filters = [['status', 'ACTIVE']] as const;
        talk.say('list', { filters, json: list, probe: ['MSG-25', 'before', 'encoded'] });
        talk.say('list', { filters, json: list, ...encoded, probe: ['MSG-25', 'spelling', 'encoded'] });
        talk.say('list', { filters, json: last ?? list, probe: ['MSG-25', 'after', 'encoded'] });
      };
    expect(of('MSG-25', story({}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('MSG-25', story({ json: [] })).violated).toEqual(['encoded']);
    expect(of('MSG-25', story(refusedWith(400))).violated).toEqual(['encoded']);
    expect(of('MSG-25', story({ json: [] }, [])).violated).toEqual([]);
  });
});
