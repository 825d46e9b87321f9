/** A quick look, in one pass, whether a text can hold any of many others: it cannot where nothing in it is how one of them begins. */
export interface Beginnings {
  add(text: string): void;
  /** False: none of the texts added is in it. True: look closer. */
  mayBeIn(text: string): boolean;
}

/** Characters of a beginning; what is shorter may be anywhere. */
const width = 6;
const factor = 31;
/** What the character that leaves the window counts. */
const first = factor ** (width - 1);
/** So many that of a thousand beginnings hardly one is hit by chance in a text. */
const bits = 1 << 22;

export const createBeginnings = (): Beginnings => {
  const seen = new Uint32Array(bits / 32);
  let anywhere = false;

  const place = (hash: number): number => (hash ^ (hash >>> 15)) & (bits - 1);
  const hashOf = (text: string): number => {
    let hash = 0;
    for (let at = 0; at < width; at += 1) hash = (Math.imul(hash, factor) + text.charCodeAt(at)) | 0;
    return hash;
  };

  return {
    add(text) {
      if (text.length < width) anywhere = true;
      else {
        const at = place(hashOf(text));
        seen[at >>> 5]! |= 1 << (at & 31);
      }
    },
    mayBeIn(text) {
      if (anywhere) return true;
      if (text.length < width) return false;
      let hash = hashOf(text);
      for (let end = width; ; end += 1) {
        const at = place(hash);
        if ((seen[at >>> 5]! & (1 << (at & 31))) !== 0) return true;
        if (end === text.length) return false;
        hash = (Math.imul(hash - Math.imul(text.charCodeAt(end - width), first), factor) + text.charCodeAt(end)) | 0;
      }
    },
  };
};
