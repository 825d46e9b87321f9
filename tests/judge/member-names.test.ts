import fc from 'fast-check';
import { expect, it } from 'vitest';
import { findRepeatedName } from '../../judge/member-names.ts';

it('finds no repeated name in what JSON.stringify writes', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 4 }), (text) => {
      const value: unknown = JSON.parse(text);
      // fast-check may write a name twice itself only through `__proto__`, which an object holds once.
      expect(findRepeatedName(JSON.stringify(value), value)).toBeUndefined();
    }),
  );
});

it('finds the name that is put in twice, wherever', () => {
  fc.assert(
    fc.property(fc.string(), fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (name, one, other) => {
      const text = `[0,{"before":${JSON.stringify(one)},${JSON.stringify(name)}:1,${JSON.stringify(name)}:${JSON.stringify(other)}}]`;
      const found = findRepeatedName(text, JSON.parse(text));
      expect(found).toBe(name);
    }),
  );
});
