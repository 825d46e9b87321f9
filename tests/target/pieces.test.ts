import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPieces } from '../../target/pieces.ts';

const knowing = (...texts: readonly string[]) => {
  const pieces = createPieces();
  for (const text of texts) pieces.add(text);
  return pieces;
};

describe('pieces', () => {
  it('never miss a text, wherever it stands', () => {
    const any = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), any, any, fc.nat(), (texts, before, after, which) => {
        expect(knowing(...texts).mayBeIn(before + texts[which % texts.length]! + after)).toBe(true);
      }),
    );
  });

  it('never miss a text that came before a shorter one', () => {
    const some = knowing('a long text of forty characters, at least', 'shorter');
    for (let at = 0; at < 40; at += 1) expect(some.mayBeIn(`${'-'.repeat(at)}a long text of forty characters, at least`)).toBe(true);
    expect(some.mayBeIn('..shorter')).toBe(true);
  });

  it('rule out nearly every text that holds none', () => {
    const some = knowing(...Array.from({ length: 500 }, (_, index) => `secret number ${index}`.split('').reverse().join('')));
    const texts = Array.from({ length: 1_000 }, (_, index) =>
      JSON.stringify({ productCode: 'WALLET', status: 'ACTIVE', index: index * 7919 }),
    );
    expect(texts.filter((text) => some.mayBeIn(text)).length).toBeLessThan(100);
  });

  it('rule out what is too short to hold one, and nothing once one is so short itself', () => {
    expect(knowing('abcdefgh').mayBeIn('abcde')).toBe(false);
    expect(knowing('abcdefgh', 'xyz').mayBeIn('abcde')).toBe(true);
    expect(knowing().mayBeIn('anything at all')).toBe(false);
  });
});
