import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { bearer, closedOf, of, productOf, refusedWith, type Said, silent, type Talk } from './talk.ts';

const challenge = (value: string | undefined) => ({ 'WWW-Authenticate': value });
const none = { Authorization: undefined };
const bad = { Authorization: bearer('credential#1') };

describe('calls without a valid token', () => {
  const list =
    (row: 'AUT-01' | 'AUT-05', said: Said, control = 200) =>
    (talk: Talk) => {
      talk.say('list', { sends: row === 'AUT-01' ? none : bad, ...said, probe: [row, 'spoiled', 'without a good token'] });
      talk.say('list', { ...(control === 200 ? { json: [] } : refusedWith(control)), probe: [row, 'control', 'list'] });
    };

  it('a refused list counts once its control was accepted; a status other than 401 is warned of', () => {
    for (const row of ['AUT-01', 'AUT-05'] as const) {
      expect(of(row, list(row, refusedWith(401)))).toEqual({ ...silent, witnesses: 1 });
      expect(of(row, list(row, refusedWith(401), 401))).toEqual({ ...silent, witnesses: 0 });
      expect(of(row, list(row, refusedWith(403))).warned).toEqual(['403 to list without a good token']);
      expect(of(row, list(row, { json: [] })).violated).toEqual(['list without a good token answered 200']);
      expect(of(row, list(row, { status: 302 })).violated).toEqual(['list without a good token answered 302']);
      expect(of(row, list(row, { status: 429 }))).toEqual({ ...silent, witnesses: 0 });
    }
  });

  it('400 with a challenge is a refusal of malformed credentials', () => {
    const malformed = { ...refusedWith(400), headers: challenge('Bearer error="invalid_request"') };
    expect(of('AUT-05', list('AUT-05', malformed)).warned).toEqual([]);
    expect(of('AUT-01', list('AUT-01', malformed)).warned).toEqual(['400 to list without a good token']);
  });

  const close = (status: number, shown: Readonly<Record<string, unknown>>) => (talk: Talk) => {
    const product = talk.made();
    talk.say('get', { product, json: productOf(product), probe: ['AUT-04', 'before', 'close'] });
    talk.say('close', { product, ...refusedWith(status), sends: none, probe: ['AUT-04', 'spoiled', 'without a token'] });
    talk.say('get', { product, json: productOf(product, shown), probe: ['AUT-04', 'after', 'close'] });
    talk.say('close', { product, probe: ['AUT-04', 'control', 'close'] });
  };

  it('AUT-04 fails a refused close that closes, where only we can have done it', () => {
    const closed = { status: 'CLOSED', closedOn: '2026-11-22T18:00:01Z' };
    expect(of('AUT-04', close(401, {}))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-04', close(401, closed)).violated).toEqual(['close without a token refused and closed']);
    expect(of('AUT-04', close(401, closed), { ours: false })).toEqual({ ...silent, witnesses: 0 });
    expect(of('AUT-04', close(401, { status: 'BLOCKED' }))).toEqual({ ...silent, witnesses: 1 });
  });

  it('AUT-02 fails a refused create that creates', () => {
    const story = (after: readonly unknown[]) => (talk: Talk) => {
      talk.say('list', { json: [], probe: ['AUT-02', 'before', 'create'] });
      talk.say('create', { ...refusedWith(401), sends: none, probe: ['AUT-02', 'spoiled', 'without a token'] });
      talk.say('list', { json: after, probe: ['AUT-02', 'after', 'create'] });
      talk.say('create', { json: { customerProductId: randomUUID() }, probe: ['AUT-02', 'control', 'create'] });
    };
    expect(of('AUT-02', story([]))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-02', story([productOf(randomUUID())])).violated).toEqual(['create without a token refused and created']);
  });

  it('AUT-14 blames the letters only where the same token is then taken', () => {
    const story = (spelled: Said, control: Said) => (talk: Talk) => {
      const product = talk.made();
      talk.say('get', {
        product,
        ...spelled,
        sends: { Authorization: 'bearer «redacted:token#1»' },
        probe: ['AUT-14', 'spelling', 'in small letters'],
      });
      talk.say('get', { product, ...control, probe: ['AUT-14', 'control', 'get'] });
    };
    expect(of('AUT-14', story(refusedWith(401), { json: {} })).violated).toEqual(['get in small letters']);
    expect(of('AUT-14', story(refusedWith(401), refusedWith(401))).violated).toEqual([]);
    expect(of('AUT-14', story(refusedWith(404), { json: {} })).violated).toEqual([]);
  });

  it('AUT-10 says how long a token was still taken after its time', () => {
    const story = (seconds: number, wait: number, said: Said) => (talk: Talk) => {
      const product = talk.made();
      talk.say('token', { json: { access_token: '«redacted:token#2»', expires_in: seconds }, probe: ['AUT-10', 'before', 'late'] });
      talk.say('get', { product, json: productOf(product), probe: ['AUT-10', 'control', 'late'] });
      talk.say('get', { product, ...said, after: wait, probe: ['AUT-10', 'odd', 'late'] });
    };
    expect(of('AUT-10', story(2, 3_500, refusedWith(401)))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-10', story(2, 3_500, { json: {} })).violated).toEqual(['taken after its time']);
    expect(of('AUT-10', story(2, 2_500, { json: {} })).violated).toEqual([]);
    expect(of('AUT-10', story(2, 3_500, refusedWith(403))).warned).toEqual(['403 to an expired token']);
  });
});

describe('challenges', () => {
  const refused =
    (sends: NonNullable<Said['sends']>, value: string | undefined, status = 401) =>
    (talk: Talk) =>
      talk.say('get', {
        product: randomUUID(),
        ...refusedWith(status),
        headers: challenge(value),
        sends,
        probe: ['AUT-03', 'spoiled', 'without a token'],
      });

  it('AUT-12 wants a Bearer challenge, alone or among others, also of 400 and 403', () => {
    expect(of('AUT-12', refused(none, 'Basic realm="x", Bearer realm="y"'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-12', refused(none, 'Basic realm="Bearer"')).violated).toEqual(['get 401']);
    expect(of('AUT-12', refused(none, undefined, 403)).violated).toEqual(['get 403']);
    expect(of('AUT-12', (talk) => talk.say('get', { product: randomUUID(), ...refusedWith(403) })).violated).toEqual([]);
    expect(of('AUT-12', (talk) => talk.say('token', { status: 401, json: { error: 'invalid_client' } })).violated).toEqual([]);
  });

  it('AUT-13 wants no error without a token and invalid_token for a bad one', () => {
    expect(of('AUT-13', refused(none, 'Bearer realm="x"'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-13', refused(none, 'Bearer error="invalid_request"')).violated).toEqual(['an error without a token']);
    expect(of('AUT-13', refused(bad, 'Bearer realm="a, b", error="invalid_token"'))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-13', refused(bad, 'Bearer realm="x"')).violated).toEqual(['no error to a bad token']);
    expect(of('AUT-13', refused({ Authorization: 'Basic «redacted:token#1»' }, 'Bearer error="invalid_request"')).violated).toEqual([]);
  });

  it('AUT-18 wants a parameter', () => {
    expect(of('AUT-18', refused(none, 'Bearer')).violated).toEqual(['a bare challenge']);
    expect(of('AUT-18', refused(none, 'bearer realm=x'))).toEqual({ ...silent, witnesses: 1 });
  });
});

describe('what comes first, and what is shown', () => {
  it('AUT-16 wants 401 before anything else is looked at', () => {
    const bare = (status: number) =>
      of('AUT-16', (talk) =>
        talk.say('get', { product: randomUUID(), ...refusedWith(status), probe: ['AUT-16', 'spoiled', 'of an unknown id'] }),
      );
    expect(bare(401)).toEqual({ ...silent, witnesses: 1 });
    expect(bare(404).violated).toEqual(['get of an unknown id answered 404']);
    expect(bare(403).warned).toEqual(['get of an unknown id answered 403']);
    expect(bare(503)).toEqual({ ...silent, witnesses: 0 });
  });

  it('AUT-17 finds a product or a product id in a refusal, but not what the caller had sent', () => {
    const refused = (content: (product: string, other: string) => unknown) =>
      of('AUT-17', (talk) => {
        const [product, other] = [talk.made(), talk.made()];
        talk.say('get', {
          product,
          status: 401,
          json: content(product, other),
          sends: none,
          probe: ['AUT-03', 'spoiled', 'without a token'],
        });
      }).violated;
    expect(refused((product) => ({ instance: `/products/${product}`, customerProductId: product, status: 'UNAUTHORIZED' }))).toEqual([]);
    expect(refused((_, other) => ({ see: other }))).toEqual(['get shows a product id']);
    expect(refused((product) => ({ data: [productOf(product)] }))).toEqual(['get shows a product']);
    expect(refused(() => ({ customerProductId: randomUUID() }))).toEqual(['get shows a product id']);
    expect(refused(() => ({ trace: randomUUID() }))).toEqual([]);
  });

  it('AUT-17 wants no effect', () => {
    const story = (after: (product: string) => unknown) => (talk: Talk) => {
      const product = talk.made();
      talk.say('list', { json: [productOf(product)], probe: ['AUT-17', 'before', 'without a token'] });
      talk.say('close', { product, ...refusedWith(401), sends: none, probe: ['AUT-17', 'spoiled', 'without a token'] });
      talk.say('list', { json: [after(product)], probe: ['AUT-17', 'after', 'without a token'] });
    };
    expect(of('AUT-17', story(productOf))).toEqual({ ...silent, witnesses: 1 });
    expect(of('AUT-17', story(closedOf)).violated).toEqual(['close closed']);
  });
});
