/**
 * Text of others, made safe to print.
 *
 * A target chooses what stands in its answers. Unmarked, an escape sequence would repaint the reader's terminal, a
 * bidirectional mark would reorder a line of a report, a NUL would break an XML parser. All such characters are shown as `\u{1b}`.
 */

/**
 * - C0 (the newline and the tab are handled apart), DEL and C1
 * - bidirectional marks, embeddings, overrides and isolates
 * - what is invisible or breaks lines without being seen: U+00AD, U+200B, U+2028, U+2029, U+2060, U+FEFF, U+FFF9–FFFB, tags
 * - lone surrogates and the noncharacters U+FFFE and U+FFFF, which XML forbids
 */
const unsafe = new RegExp(
  [
    '[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]',
    '[\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]',
    '[\\u00ad\\u200b\\u2028\\u2029\\u2060\\ufeff\\ufff9-\\ufffb\\u{e0000}-\\u{e007f}]',
    '[\\ud800-\\udfff\\ufffe\\uffff]',
  ].join('|'),
  'gu',
);

/** Whether a single character is one of those. */
export function isUnsafe(character: string): boolean {
  unsafe.lastIndex = 0;
  return unsafe.test(character);
}

/** The mark that stands for a character: `\u{1b}`. */
function mark(character: string): string {
  return `\\u{${character.codePointAt(0)!.toString(16)}}`;
}

/** `text` with every unsafe character shown as its mark; newlines and tabs stay. */
export function showUnsafe(text: string): string {
  return text.replace(unsafe, mark);
}

/** As `showUnsafe`, on one line: newlines and tabs become marks too. */
export function showOnOneLine(text: string): string {
  return showUnsafe(text).replace(/[\n\t]/g, mark);
}

/** The first `most` characters (code points, so that no pair is torn), with a word on what was left out. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) {
    return text;
  }
  const characters = Array.from(text.slice(0, most * 2));
  if (characters.length <= most && text.length <= most * 2) {
    return text;
  }
  return `${characters.slice(0, most - 1).join('')}…`;
}
