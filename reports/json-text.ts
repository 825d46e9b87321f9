/**
 * JSON laid out for reading, by its text alone: parsing and writing it again would lose repeated members, long numbers and
 * escapes, which are just what a finding may be about; and it would overflow on content nested 100,000 deep.
 */

/** A string, a number or word, or one structural character, with the white space before it. */
const token = /\s*(?:("[^"\\]*(?:\\[\s\S][^"\\]*)*")|([{}[\],:])|([^\s{}[\],:"]+))/y;

/** Deeper levels are not indented further. */
const deepest = 40;

function lineBreak(depth: number): string {
  return `\n${'  '.repeat(Math.min(depth, deepest))}`;
}

/**
 * The content with a member or an element a line, each lexeme as it came. From where it stops reading as JSON tokens (HTML, a
 * string cut off) it stands unchanged.
 */
export function indentJson(content: string): string {
  const start = content.trimStart()[0];
  if (start !== '{' && start !== '[') {
    return content;
  }
  let laidOut = '';
  let depth = 0;
  let justOpened = false;
  token.lastIndex = 0;
  const end = content.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(content);
    if (match === null) {
      return laidOut + content.slice(at);
    }
    const [, string, structure, word] = match;
    if (structure === '}' || structure === ']') {
      depth = Math.max(0, depth - 1);
      laidOut += justOpened ? structure : lineBreak(depth) + structure;
      justOpened = false;
      continue;
    }
    if (justOpened) {
      laidOut += lineBreak(depth);
      justOpened = false;
    }
    if (structure === '{' || structure === '[') {
      laidOut += structure;
      depth += 1;
      justOpened = true;
    } else if (structure === ',') {
      laidOut += `,${lineBreak(depth)}`;
    } else if (structure === ':') {
      laidOut += ': ';
    } else {
      laidOut += string ?? word ?? '';
    }
  }
  return laidOut;
}
