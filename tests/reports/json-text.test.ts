import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indentJson } from '../../reports/json-text.ts';

test('JSON is laid out as JSON.stringify would', () => {
  fc.assert(
    fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), (value) => {
      // Deeper than 40 levels the two differ on purpose; arbitrary values stay above.
      expect(indentJson(JSON.stringify(value))).toBe(JSON.stringify(value, undefined, 2));
    }),
  );
});

test('what parsing would lose is kept: repeated members, long numbers, escapes', () => {
  expect(indentJson('{"a":1.00,"a":12345678901234567890,"b":"\\u0041\\/"}')).toBe(
    '{\n  "a": 1.00,\n  "a": 12345678901234567890,\n  "b": "\\u0041\\/"\n}',
  );
});

test.each(['', 'plain', '<html></html>', '"string"', '12'])('%j is left as it is', (text) => {
  expect(indentJson(text)).toBe(text);
});

test('content that breaks off is laid out as far as it goes', () => {
  expect(indentJson('{"a":1,"b":"unfin')).toBe('{\n  "a": 1,"b":"unfin'.replace(',"b"', ',\n  "b"').replace('"b":"', '"b": "'));
});

test('nesting of 100,000 levels stays in bounds', () => {
  const laidOut = indentJson('['.repeat(100_000));
  expect(laidOut.length).toBeLessThan(10_000_000);
});
