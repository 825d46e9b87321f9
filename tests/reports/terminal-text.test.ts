import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUnsafe, shorten, showOnOneLine, showUnsafe } from '../../reports/terminal-text.ts';

test.each([
  ['an escape sequence', '\u001b[31mred', '\\u{1b}[31mred'],
  ['a carriage return', 'a\rb', 'a\\u{d}b'],
  ['NUL and bell', '\u0000\u0007', '\\u{0}\\u{7}'],
  ['DEL and C1', '\u007f\u009b31m', '\\u{7f}\\u{9b}31m'],
  ['a right-to-left override', 'gnp\u202eexe', 'gnp\\u{202e}exe'],
  ['isolates', '\u2066x\u2069', '\\u{2066}x\\u{2069}'],
  ['marks of direction', '\u200e\u200f\u061c', '\\u{200e}\\u{200f}\\u{61c}'],
  ['lone surrogates', 'a\ud800b\udc00c', 'a\\u{d800}b\\u{dc00}c'],
  ['what is not seen', '\ufeff\u200b\u2028', '\\u{feff}\\u{200b}\\u{2028}'],
  ['hidden tags', 'a\u{e0041}', 'a\\u{e0041}'],
])('%s is shown', (_, text, shown) => {
  expect(showUnsafe(text)).toBe(shown);
});

test('newlines and tabs stay, and become marks on one line', () => {
  expect(showUnsafe('a\n\tb')).toBe('a\n\tb');
  expect(showOnOneLine('a\n\tb')).toBe('a\\u{a}\\u{9}b');
});

test('ordinary text of any script stays as it is', () => {
  const text = 'Grüße, 東京, Привет, שלום, 👩‍🚀 — “ok”';
  expect(showUnsafe(text)).toBe(text);
});

test('whatever comes in, nothing unsafe comes out, and nothing is shown twice', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const shown = showUnsafe(text);
      expect(Array.from(shown).filter(isUnsafe)).toEqual([]);
      expect(showUnsafe(shown)).toBe(shown);
    }),
  );
});

test('shortening tears no pair and keeps to its length', () => {
  expect(shorten('abc', 3)).toBe('abc');
  expect(shorten('abcd', 3)).toBe('ab…');
  expect(shorten('👍👍👍👍', 3)).toBe('👍👍…');
});
