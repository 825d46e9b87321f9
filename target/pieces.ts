/** A quick look whether a text can hold any of many others: it cannot where none of their pieces is in it. */
export interface Pieces {
  /** Makes the pieces of a text known. */
  add(text: string): void;
  /** False: none of the texts added is in it. True: look closer. */
  mayBeIn(text: string): boolean;
}

/** Characters of a piece; a text that is shorter may be anywhere. */
const width = 4;
/** So many that of some thousand pieces hardly one is hit by chance in a text. */
const bits = 1 << 22;

/**
 * Looks at every so manieth place only, after Wu and Manber (1994): wherever a text that is looked for begins, one of its first pieces stands
 * at such a place, as long as the places are no farther apart than the shortest of the texts is longer than a piece.
 */
export const createPieces = (): Pieces => {
  const seen = new Uint32Array(bits / 32);
  let shortest = Number.POSITIVE_INFINITY;

  const placeOf = (text: string, from: number): number => {
    const before = (text.charCodeAt(from) << 7) ^ text.charCodeAt(from + 1);
    const hash = (before << 14) ^ (text.charCodeAt(from + 2) << 7) ^ text.charCodeAt(from + 3);
    return (hash ^ (hash >>> 13)) & (bits - 1);
  };
  const stride = (): number => shortest - width + 1;
  const learn = (text: string): void => {
    for (let from = 0; from < stride(); from += 1) {
      const place = placeOf(text, from);
      seen[place >>> 5]! |= 1 << (place & 31);
    }
  };

  return {
    add(text) {
      shortest = Math.min(shortest, text.length);
      // Places that come closer together need fewer pieces of each text, so those of the others are known.
      if (shortest >= width) learn(text);
    },
    mayBeIn(text) {
      if (text.length < shortest) return false;
      if (shortest < width) return true;
      const step = stride();
      for (let from = 0; from + width <= text.length; from += step) {
        const place = placeOf(text, from);
        if ((seen[place >>> 5]! & (1 << (place & 31))) !== 0) return true;
      }
      return false;
    },
  };
};
