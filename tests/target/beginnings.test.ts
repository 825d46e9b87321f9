import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBeginnings } from '../../target/beginnings.ts';

const knowing = (...texts: readonly string[]) => {
  const beginnings = createBeginnings();
  for (const text of texts) beginnings.add(text);
  return beginnings;
};

describe('beginnings', () => {
  it('never miss a text, wherever it stands', () => {
    const any = fc.string({ unit: 'binary', maxLength: 40 });
    fc.assert(
      fc.property(fc.array(any, { minLength: 1, maxLength: 20 }), any, any, fc.nat(), (texts, before, after, which) => {
        expect(knowing(...texts).mayBeIn(before + texts[which % texts.length]! + after)).toBe(true);
      }),
    );
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
