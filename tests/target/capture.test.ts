import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Profile } from '../../spec/profile.ts';
import { createCapture, learnSecrets, redactProfile } from '../../target/capture.ts';
import { compileNames, markOfSameType, replaceMembers } from '../../target/json-members.ts';
import { createSecrets, markPattern } from '../../target/secrets.ts';

const secret = 'can4ry/sec+ret "quoted" &é<';
const token = 'eyJhbGciOi.can4ry-token.x_Y-z12';
const form = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1);
const base64 = (text: string): string => Buffer.from(text).toString('base64');

const setUp = (redact: string[] = []) => {
  const secrets = createSecrets();
  secrets.add('client-secret', secret, 'the client');
  secrets.add('token', token);
  return { secrets, capture: createCapture(secrets, { redact }) };
};
const bodyOf = (content: string | Buffer, options = {}, redact: string[] = []) =>
  setUp(redact).capture.answer(200, [], Buffer.from(content), options).body;

describe('the capture', () => {
  it('takes content as it is when there is nothing to hide', () => {
    const content = '[{"a":"é\\u00e9 100% \\/","b":1.50}]\r\n';
    expect(bodyOf(content)).toEqual({
      text: content,
      octets: Buffer.byteLength(content),
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    expect(bodyOf('')).toBeUndefined();
  });

  it('takes content that is not UTF-8 as base64, a character cut at the limit apart', () => {
    const broken = Buffer.from([0x22, 0xc3, 0x28, 0x22]);
    expect(bodyOf(broken)).toMatchObject({ base64: broken.toString('base64'), octets: 4 });
    const torn = Buffer.from('abé').subarray(0, 3);
    expect(bodyOf(torn)).toMatchObject({ base64: torn.toString('base64') });
    expect(bodyOf(torn, { cutOff: true })).toMatchObject({ text: 'ab', octets: 3, cutOff: true });
  });

  it.each<[string, string]>([
    ['as it is', secret],
    ['in JSON', JSON.stringify({ a: secret })],
    ['in JSON with escaped slashes', JSON.stringify({ a: secret }).replaceAll('/', '\\/')],
    ['in a form', `a=1&b=${form(secret)}`],
    ['in an address', `/x?b=${encodeURIComponent(secret)}`],
    ['in small hexadecimal digits', `/x?b=${encodeURIComponent(secret).toLowerCase()}`],
    ['in HTML', `<p>${secret.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')}</p>`],
    ['in base64', base64(secret)],
    ['in Basic credentials', base64(`the client:${secret}`)],
    ['in Basic credentials of RFC 6749', base64(`${form('the client')}:${form(secret)}`)],
    ['in base64url', Buffer.from(secret).toString('base64url')],
  ])('takes a client secret out of an answer %s', (_, content) => {
    const text = bodyOf(`<${content}>`)?.text ?? '';
    expect(text).toContain('«redacted:client-secret#1»');
    expect(text).not.toMatch(/can4ry|Y2FuNHJ5/i);
  });

  it.each<[string, (text: string) => string | Buffer]>([
    ['as it is', (text) => text],
    ['escaped in JSON', (text) => JSON.stringify(text).replaceAll(/[a-z]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)],
    ['escaped in an address', (text) => text.replaceAll(/./g, (c) => `%${c.charCodeAt(0).toString(16)}`)],
    ['in UTF-16', (text) => Buffer.from(`x${text}`, 'utf16le')],
    ['among octets that are not UTF-8', (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text)])],
    ['in UTF-16 with its mark', (text) => Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])],
  ])('takes a token out of an answer %s', (_, write) => {
    const body = bodyOf(write(token));
    const text = body?.text ?? Buffer.from(body?.base64 ?? '', 'base64').toString('latin1');
    expect(text).toContain('«redacted:token#1»');
    expect(text.replaceAll('\0', '')).not.toContain('can4ry');
  });

  it('takes secrets out of headers, addresses, forms and messages', () => {
    const { capture } = setUp();
    const request = capture.request(
      'POST',
      `https://h/x?access_token=${token}&client_secret=${form(secret)}`,
      [
        ['Authorization', `Bearer ${token}`],
        ['X-Echo', `a ${token} b`],
        ['Cookie', 'session=1'],
      ],
      new URLSearchParams({ grant_type: 'client_credentials', client_id: 'the client', client_secret: secret }).toString(),
    );
    expect(request).toMatchObject({
      url: 'https://h/x?access_token=«redacted:token#1»&client_secret=«redacted:client-secret#1»',
      headers: [
        ['Authorization', 'Bearer «redacted:token#1»'],
        ['X-Echo', 'a «redacted:token#1» b'],
        ['Cookie', '«redacted:cookie»'],
      ],
      body: { text: 'grant_type=client_credentials&client_id=the+client&client_secret=«redacted:client-secret#1»' },
    });
    const { headers } = capture.answer(401, [['WWW-Authenticate', `Bearer error_description="${token}"`]], Buffer.alloc(0));
    expect(headers).toEqual([['WWW-Authenticate', 'Bearer error_description="«redacted:token#1»"']]);
    expect(capture.text(`no ${secret}`)).toBe('no «redacted:client-secret#1»');
  });

  it('gives each credential its own mark, the same each time', () => {
    const { capture } = setUp();
    const authorization = (value: string) => capture.request('GET', 'http://h/', [['Authorization', value]], undefined).headers[0]?.[1];
    const altered = token.replace('4', '5');
    expect(authorization(`Bearer ${token}`)).toBe('Bearer «redacted:token#1»');
    expect(authorization(`bearer ${token}`)).toBe('bearer «redacted:token#1»');
    expect(authorization(`Basic ${token}`)).toBe('Basic «redacted:token#1»');
    expect(authorization(token)).toBe('«redacted:token#1»');
    expect(authorization(`Basic ${base64(`the client:${secret}`)}`)).toBe('Basic «redacted:client-secret#1»');
    expect(authorization(`Bearer ${altered}`)).toBe('Bearer «redacted:credential#1»');
    expect(authorization('Bearer nonsense')).toBe('Bearer «redacted:credential#2 short»');
    expect(authorization(`Bearer ${altered}`)).toBe('Bearer «redacted:credential#1»');
    // An echo of what was altered shows all but a character of the token.
    expect(capture.text(altered)).toBe('«redacted:credential#1»');
    expect(capture.text('nonsense')).toBe('nonsense');
  });

  it('makes a secret of what a token endpoint gives, whatever it looks like', () => {
    const { capture, secrets } = setUp();
    const give = (content: string) => capture.answer(200, [], Buffer.from(content), { givesTokens: true }).body?.text;
    expect(give('{ "access_token" : "a\\/b-fresh-token-1", "refresh_token":"r-fresh-token-22","expires_in":60}')).toBe(
      '{ "access_token" : "«redacted:token#2»", "refresh_token":"«redacted:refresh-token#1»","expires_in":60}',
    );
    expect(secrets.find('a/b-fresh-token-1')).toBe('«redacted:token#2»');
    expect(capture.text('saw a/b-fresh-token-1')).toBe('saw «redacted:token#2»');
    expect(give('{"access_token":"a/b-fresh-token-1"}')).toBe('{"access_token":"«redacted:token#2»"}');
    expect(give('access_token=fresh%2Dtoken%2D333333&token_type=bearer')).toBe('access_token=«redacted:token#3»&token_type=bearer');
    expect(give('{"access_token":12345,"x":1}')).toBe('{"access_token":-0,"x":1}');
    expect(give(`{"access_token":"${'t'.repeat(1_000_000)}"}`)).toBe('{"access_token":"«redacted:token#4»"}');
    expect(give('{"access_token":"ACTIVE"}')).toBe('{"access_token":"«redacted:token#5 short»"}');
    expect(bodyOf('{"status":"ACTIVE"}')?.text).toBe('{"status":"ACTIVE"}');
    // A second look, for the escape's sake, finds the mark and leaves it.
    expect(give('{"access_token":"a/b-fresh-token-1","x":"50%25 \\u0041"}')).toContain('"access_token":"«redacted:token#2»"');
    // What the API calls so is hidden, but does not become a word to take out elsewhere.
    expect(capture.answer(200, [], Buffer.from('{"access_token":"0b1e3a54-7c1d"}')).body?.text).toBe(
      '{"access_token":"«redacted:access_token»"}',
    );
    expect(capture.text('0b1e3a54-7c1d')).toBe('0b1e3a54-7c1d');
  });

  it('does not wreck the record over a short secret', () => {
    const secrets = createSecrets();
    secrets.add('client-secret', 'x', 'c');
    secrets.add('client-secret', 'pass1', 'c');
    secrets.add('client-secret', 'secret', 'c');
    const capture = createCapture(secrets);
    expect(capture.text('x pass1, "pass1" pass12 secret compass1')).toBe(
      'x «redacted:client-secret#2 short», "«redacted:client-secret#2 short»" pass12 secret compass1',
    );
    expect(capture.request('POST', 'http://h/', [['Authorization', `Basic ${base64('c:x')}`]], 'client_secret=secret&a=x')).toMatchObject({
      headers: [['Authorization', 'Basic «redacted:client-secret#1 short»']],
      body: { text: 'client_secret=«redacted:client-secret#3 short»&a=x' },
    });
    expect('a «redacted:client-secret#2 short» b'.match(markPattern)).toHaveLength(1);
  });

  it('hides balances and what the profile names, and keeps the type', () => {
    const content =
      '{"accountData":{"iban":"X","availableBalance": -12.50,"withdrawableBalance":1e3},"owner":{"name":"a}\\"","n":[1]},"owner" : "z","tags":["a",["b"]],"ok":true,"no":null}';
    expect(bodyOf(content, {}, ['owner', 'tags', 'ok', 'no', 'X-Trace'])?.text).toBe(
      '{"accountData":{"iban":"«iban#1 invalid»","availableBalance": -0,"withdrawableBalance":-0},"owner":{},"owner" : "«redacted:owner»","tags":[],"ok":false,"no":null}',
    );
    const { headers } = setUp(['X-Trace']).capture.answer(200, [['x-trace', 'abc']], Buffer.alloc(0));
    expect(headers).toEqual([['x-trace', '«redacted:x-trace»']]);
  });

  it('writes down a profile without its secrets', () => {
    const secrets = createSecrets();
    const profile = {
      target: 'http://h',
      auth: { type: 'oauth2', tokenUrl: 'http://h/t', clientId: 'the client', clientSecret: secret },
      headers: { 'X-Key': 'can4ry-key', Authorization: `Bearer ${token}`, 'X-Other': 'shown' },
      redact: ['x-key'],
      tls: { passphrase: 'can4ry-phrase' },
      limits: { requests: 3 },
    } as unknown as Profile;
    learnSecrets(secrets, profile);
    expect(createCapture(secrets, profile).text('can4ry-key can4ry-phrase')).toBe(
      '«redacted:header#1 short» «redacted:passphrase#1 short»',
    );
    const written = redactProfile(profile, secrets);
    expect(JSON.stringify(written)).not.toContain('can4ry');
    expect(written).toMatchObject({
      auth: { clientId: 'the client', clientSecret: '«redacted:client-secret#1»' },
      headers: { 'X-Other': 'shown' },
      limits: { requests: 3 },
    });
  });
});

describe('members of JSON text', () => {
  const names = compileNames(['a', 'b c']);
  it.each([
    ['{"a":1,"x":{"a" : [1,{"a":"]"}]},"b c":"\\"}"}', '{"a":-0,"x":{"a" : []},"b c":"«redacted:b c»"}'],
    ['{"x":"\\"a\\":1","a":tru', '{"x":"\\"a\\":1","a":false'],
    ['{"a":', '{"a":'],
    ['{"a":}', '{"a":-0'],
    ['{"a":"open', '{"a":"«redacted:a»"'],
    ['[{"a":{"q":1}', '[{"a":{}'],
  ])('%s', (text, expected) => {
    expect(replaceMembers(text, names, markOfSameType)).toBe(expected);
  });

  it('copes with a nesting of 100,000', () => {
    const deep = `{"a":${'['.repeat(100_000)}${']'.repeat(100_000)},"z":1}`;
    expect(replaceMembers(deep, names, markOfSameType)).toBe('{"a":[],"z":1}');
  });
});
