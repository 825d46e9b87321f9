import { describe, expect, it } from 'vitest';
import { bearer, of, type Said, silent, type Talk } from './talk.ts';

const given = (over: Readonly<Record<string, unknown>> = {}, headers: Said['headers'] = {}): Said => ({
  json: { access_token: '«redacted:token#1»', token_type: 'Bearer', expires_in: 3600, ...over },
  headers: { 'Cache-Control': 'no-store', Pragma: 'no-cache', ...headers },
});
const refused = (status: number, error: string | undefined, headers: Said['headers'] = {}): Said => ({
  status,
  json: error === undefined ? { message: 'no' } : { error },
  headers: { 'Content-Type': 'application/json', ...headers },
});
const asked = (said: Said) => (talk: Talk) => talk.say('token', said);

describe('answers with a token', () => {
  it('TOK-01 wants 200 and JSON with access_token and token_type', () => {
    expect(of('TOK-01', asked(given()))).toEqual({ ...silent, witnesses: 1 });
    expect(of('TOK-01', asked({ ...given(), status: 201 })).violated).toEqual(['201']);
    expect(of('TOK-01', asked(given({ token_type: undefined }))).violated).toEqual(['no token_type']);
    expect(of('TOK-01', asked(given({}, { 'Content-Type': 'text/html' }))).violated).toEqual(['text/html']);
    expect(of('TOK-01', asked(refused(503, undefined))).violated).toEqual([]);
  });

  it('TOK-01 fails refusals of valid requests only where they come again and again beside tokens', () => {
    const story = (times: number) => (talk: Talk) => {
      talk.say('token', given());
      for (let count = 0; count < times; count += 1) talk.say('token', refused(400, 'invalid_request'));
    };
    expect(of('TOK-01', story(2)).violated).toEqual([]);
    expect(of('TOK-01', story(3)).violated).toEqual(['refused with 400']);
  });

  it('TOK-02, TOK-03, TOK-09 and TOK-14 look at the members', () => {
    expect(of('TOK-02', asked(given({ token_type: 'bearer' }))).violated).toEqual([]);
    expect(of('TOK-02', asked(given({ token_type: 'mac' }))).violated).toEqual(['token_type']);
    expect(of('TOK-02', asked(given({ token_type: undefined })))).toEqual({ ...silent, witnesses: 0 });
    for (const seconds of ['3600', 0.5, 0, -1, null])
      expect(of('TOK-03', asked(given({ expires_in: seconds }))).violated).toEqual(['expires_in']);
    expect(of('TOK-03', asked(given({ expires_in: undefined })))).toEqual({ ...silent, witnesses: 0 });
    expect(of('TOK-14', asked(given({ expires_in: undefined }))).violated).toEqual(['expires_in']);
    expect(of('TOK-09', asked(given({ refresh_token: '«redacted:refresh-token#1»' }))).violated).toEqual(['refresh_token']);
    expect(of('TOK-09', asked(given()))).toEqual({ ...silent, witnesses: 1 });
  });

  it('TOK-04 and TOK-15 look at the fields, in any case and among others', () => {
    expect(of('TOK-04', asked(given({}, { 'Cache-Control': 'private, No-Store' })))).toEqual({ ...silent, witnesses: 1 });
    expect(of('TOK-04', asked(given({}, { 'Cache-Control': 'no-cache' }))).violated).toEqual(['Cache-Control']);
    expect(of('TOK-15', asked(given({}, { Pragma: undefined }))).violated).toEqual(['Pragma']);
  });

  it('TOK-10 and TOK-16 are about Basic', () => {
    const basic = { sends: { Authorization: 'Basic «redacted:client-secret#1»' } };
    expect(of('TOK-10', asked({ ...given(), ...basic, probe: ['TOK-10', 'odd', 'with Basic'] })).witnesses).toBe(1);
    expect(of('TOK-10', asked(given())).witnesses).toBe(0);
    const challenged = (value: string | undefined) =>
      of('TOK-16', asked({ ...refused(401, 'invalid_client', { 'WWW-Authenticate': value }), ...basic }));
    expect(challenged('Basic realm="x"')).toEqual({ ...silent, witnesses: 1 });
    expect(challenged('Bearer realm="x", basic realm="y"').violated).toEqual([]);
    expect(challenged('Bearer realm="Basic"').violated).toEqual(['no Basic challenge']);
    expect(challenged(undefined).violated).toEqual(['no Basic challenge']);
  });
});

describe('refusals', () => {
  it('TOK-05 wants invalid_client with 400 or 401, once the right secret has worked', () => {
    const story =
      (said: Said, works = true) =>
      (talk: Talk) => {
        if (works) talk.say('token', given());
        talk.say('token', { ...said, probe: ['TOK-05', 'spoiled', 'with a wrong secret'] });
      };
    expect(of('TOK-05', story(refused(401, 'invalid_client')))).toEqual({ ...silent, witnesses: 1 });
    expect(of('TOK-05', story(refused(400, 'invalid_grant'))).violated).toEqual(['with a wrong secret']);
    expect(of('TOK-05', story(refused(403, 'invalid_client'))).violated).toEqual(['with a wrong secret']);
    expect(of('TOK-05', story(given())).violated).toEqual(['with a wrong secret']);
    expect(of('TOK-05', story(refused(429, undefined))).violated).toEqual([]);
    expect(of('TOK-05', story(refused(401, 'invalid_client'), false))).toEqual({ ...silent, witnesses: 0 });
  });

  const spoiled =
    (row: 'TOK-06' | 'TOK-11' | 'TOK-12', name: string, said: Said, control: Said = given()) =>
    (talk: Talk) => {
      talk.say('token', { ...said, probe: [row, 'spoiled', name] });
      talk.say('token', { ...control, probe: [row, 'control', name] });
    };

  it('TOK-06, TOK-11 and TOK-12 want their error, and the request granted without the defect', () => {
    expect(of('TOK-06', spoiled('TOK-06', 'without grant_type', refused(400, 'invalid_request')))).toEqual({ ...silent, witnesses: 1 });
    expect(of('TOK-06', spoiled('TOK-06', 'with an unknown grant_type', refused(400, 'unsupported_grant_type'))).violated).toEqual([]);
    expect(of('TOK-06', spoiled('TOK-06', 'with an unknown grant_type', refused(400, 'invalid_request'))).violated).toHaveLength(1);
    expect(of('TOK-06', spoiled('TOK-06', 'without grant_type', refused(400, 'x'), refused(400, 'invalid_client'))).violated).toEqual([]);
    expect(of('TOK-11', spoiled('TOK-11', 'with grant_type twice', given())).violated).toEqual(['with grant_type twice']);
    expect(of('TOK-12', spoiled('TOK-12', 'in the query', refused(401, undefined))).violated).toEqual([]);
    expect(of('TOK-12', spoiled('TOK-12', 'in the query', given())).violated).toEqual(['in the query']);
  });

  it('TOK-07 wants error in 400 and 401', () => {
    expect(of('TOK-07', asked(refused(400, undefined))).violated).toEqual(['no error']);
    expect(of('TOK-07', asked({ status: 401, text: 'no', headers: { 'Content-Type': 'text/plain' } })).violated).toEqual([
      'no JSON object',
    ]);
    expect(of('TOK-07', asked(refused(404, undefined))).violated).toEqual([]);
  });

  it('TOK-08 wants an unknown parameter ignored and an empty one taken as missing', () => {
    const story = (unknown: Said, missing: Said, empty: Said) => (talk: Talk) => {
      talk.say('token', { ...unknown, probe: ['TOK-08', 'spelling', 'with an unknown parameter'] });
      talk.say('token', { ...missing, probe: ['TOK-08', 'spoiled', 'without grant_type'] });
      talk.say('token', { ...empty, probe: ['TOK-08', 'spoiled', 'with an empty grant_type'] });
      talk.say('token', { ...given(), probe: ['TOK-08', 'control', 'parameters'] });
    };
    const invalid = refused(400, 'invalid_request');
    expect(of('TOK-08', story(given(), invalid, invalid))).toEqual({ ...silent, witnesses: 2 });
    expect(of('TOK-08', story(invalid, invalid, invalid)).violated).toEqual(['with an unknown parameter']);
    expect(of('TOK-08', story(given(), invalid, refused(400, 'unsupported_grant_type'))).violated).toEqual(['with an empty grant_type']);
  });

  it('TOK-13 wants each of several tokens to be taken, and the one before them', () => {
    const story =
      (statuses: readonly number[], seconds = 3600, takes = 1) =>
      (talk: Talk) => {
        for (const number of [2, 3]) {
          const token = { access_token: `«redacted:token#${number}»`, expires_in: seconds };
          talk.say('token', { ...given(token), probe: ['TOK-13', 'control', 'in parallel'] });
        }
        for (const [index, status] of statuses.entries())
          talk.say('list', {
            status,
            json: [],
            after: takes,
            sends: { Authorization: bearer(`token#${3 - index}`) },
            probe: ['TOK-13', 'odd', 'in parallel'],
          });
      };
    expect(of('TOK-13', story([200, 404, 200]))).toEqual({ ...silent, witnesses: 3 });
    expect(of('TOK-13', story([200, 401, 200])).violated).toEqual(['a token asked for in parallel']);
    expect(of('TOK-13', story([200, 200, 401])).violated).toEqual(['an older token']);
    expect(of('TOK-13', story([401, 401], 1, 2_000)).violated).toEqual([]);
  });

  it('TOK-17 wants an unknown client answered like a wrong secret', () => {
    const story = (wrong: Said, unknown: Said) => (talk: Talk) => {
      talk.say('token', { ...wrong, probe: ['TOK-05', 'spoiled', 'with a wrong secret'] });
      talk.say('token', { ...unknown, probe: ['TOK-17', 'spoiled', 'of an unknown client'] });
    };
    expect(of('TOK-17', story(refused(401, 'invalid_client'), refused(401, 'invalid_client')))).toEqual({ ...silent, witnesses: 1 });
    expect(of('TOK-17', story(refused(401, 'invalid_client'), refused(400, 'invalid_request'))).violated).toEqual(['of an unknown client']);
  });
});
