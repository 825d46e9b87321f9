import { expect, it } from 'vitest';
import { readMessage } from '../../generators/model/message.ts';
import { challengesOf, hasDirective, isHttpDate, isJsonType, isPreferredDate, membersOf } from '../../judge/fields.ts';
import type { Exchange } from '../../spec/journal.ts';

const answered = (headers: Exchange['request']['headers']) =>
  readMessage({
    type: 'exchange',
    id: '1',
    campaign: 'story',
    intent: { operation: 'get' },
    sentAt: 0,
    receivedAt: 1,
    request: { method: 'GET', url: 'http://127.0.0.1/', headers: [] },
    answer: { status: 401, headers },
  });

it('commas inside quotes do not part members', () => {
  expect(membersOf(['a, "b, \\"c" , d', ' e'])).toEqual(['a', '"b, \\"c"', 'd', 'e']);
  expect(membersOf([', ,'])).toEqual([]);
});

it('challenges are read from one field or several, with their parameters', () => {
  const read = (...values: string[]) =>
    challengesOf(answered(values.map((value) => ['WWW-Authenticate', value]))).map(({ scheme, parameters }) => [scheme, ...parameters]);
  expect(read('Bearer')).toEqual([['bearer']]);
  expect(read('Bearer realm="a, b=c", error = "invalid_token"')).toEqual([['bearer', ['realm', 'a, b=c'], ['error', 'invalid_token']]]);
  expect(read('Basic realm="x", BEARER realm=y, scope="a b"')).toEqual([
    ['basic', ['realm', 'x']],
    ['bearer', ['realm', 'y'], ['scope', 'a b']],
  ]);
  expect(read('Negotiate', 'Bearer realm="\\"quoted\\""')).toEqual([['negotiate'], ['bearer', ['realm', '"quoted"']]]);
  expect(read('')).toEqual([]);
});

it('directives of Cache-Control are found without case, and not inside others', () => {
  const message = answered([['cache-control', 'Private, S-MAXAGE=5, no-cache="public"']]);
  expect(hasDirective(message, 's-maxage')).toBe(true);
  expect(hasDirective(message, 'public')).toBe(false);
});

it('media types with +json are JSON', () => {
  expect(isJsonType('application/problem+json')).toBe(true);
  expect(isJsonType('application/json5')).toBe(false);
  expect(isJsonType(undefined)).toBe(false);
});

it('dates of HTTP have three forms, one of them preferred', () => {
  expect(isPreferredDate('Sun, 06 Nov 1994 08:49:60 GMT')).toBe(true);
  expect(isPreferredDate('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(false);
  expect(isHttpDate('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(true);
  expect(isHttpDate('Sun Nov  6 08:49:37 1994')).toBe(true);
  expect(isHttpDate('6 Nov 1994 08:49:37 GMT')).toBe(false);
});
