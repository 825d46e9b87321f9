/** Plain text folded to a width. Colours are put on after folding, so a width is a number of characters. */

/**
 * Folds at spaces; a word longer than a line is cut. Lines after the first begin with `hanging` spaces, all with `indent`.
 * Newlines in the text begin a new line.
 */
export function wrap(text: string, width: number, indent = 0, hanging = indent): readonly string[] {
  const lines: string[] = [];
  for (const paragraph of text.split('\n')) {
    let line = ' '.repeat(lines.length === 0 ? indent : hanging);
    let isEmpty = true;
    for (const word of paragraph.split(/[ \t]+/)) {
      let rest = Array.from(word);
      if (!isEmpty && line.length + 1 + rest.length > width) {
        lines.push(line);
        line = ' '.repeat(hanging);
        isEmpty = true;
      }
      if (!isEmpty) {
        line += ' ';
      }
      while (isEmpty && line.length + rest.length > width && width > line.length) {
        const room = width - line.length;
        lines.push(line + rest.slice(0, room).join(''));
        rest = rest.slice(room);
        line = ' '.repeat(hanging);
      }
      line += rest.join('');
      isEmpty = false;
    }
    lines.push(line.trimEnd());
  }
  return lines;
}

/** Items joined with ` · `, none broken over two lines while it fits one. */
export function wrapItems(items: readonly string[], width: number, indent: number, hanging = indent): readonly string[] {
  const space = '\u00a0';
  const joined = items.map((item) => item.replaceAll(' ', space)).join(' · ');
  return wrap(joined, width, indent, hanging).map((line) => line.replaceAll(space, ' '));
}

/** At most `most` lines, the last one then an ellipsis with what follows it. */
export function clip(lines: readonly string[], most: number, rest: string): readonly string[] {
  return lines.length <= most ? lines : [...lines.slice(0, most), rest];
}
