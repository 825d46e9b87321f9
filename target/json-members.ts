/** Replacing the values of named members in JSON text, all else kept as it came: white space, order, repeated names, faults. */

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** The index after the string that begins at `from`, or the end of the text. */
const skipString = (text: string, from: number): number => {
  for (let at = text.indexOf('"', from + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
};

/** The index after the value that begins at `from`; where the text is not JSON, some index after it. */
const skipValue = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; ) {
    const character = text[at];
    if (character === '"') at = skipString(text, at);
    else if (character === '{' || character === '[') {
      depth++;
      at++;
      continue;
    } else if (character === '}' || character === ']') {
      depth--;
      at++;
    } else if (depth > 0) {
      at++;
      continue;
    } else {
      while (at < text.length && !',]} \t\r\n'.includes(text[at]!)) at++;
      return Math.max(at, from + 1);
    }
    if (depth <= 0) return at;
  }
  return text.length;
};

/** A pattern that finds `"name":` for any of the names, and what comes before the value. */
export const compileNames = (names: readonly string[]): RegExp =>
  new RegExp(
    `"(?:${names
      .map((name) =>
        JSON.stringify(name)
          .slice(1, -1)
          .replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'),
      )
      .join('|')})"\\s*:`,
    'g',
  );

/** The text with the values of the members that `pattern` (see `compileNames`) finds replaced. `raw` is a value as it is written. */
export const replaceMembers = (text: string, pattern: RegExp, replace: (name: string, raw: string) => string): string => {
  let result = '';
  let done = 0;
  pattern.lastIndex = 0;
  for (let found = pattern.exec(text); found !== null; found = pattern.exec(text)) {
    let from = pattern.lastIndex;
    while (isSpace(text.charCodeAt(from))) from++;
    if (from >= text.length) break;
    const to = skipValue(text, from);
    result += text.slice(done, from) + replace(found[0].slice(1, found[0].lastIndexOf('"')), text.slice(from, to));
    done = to;
    pattern.lastIndex = to;
  }
  return done === 0 ? text : result + text.slice(done);
};

/** A mark in place of a value, of the same JSON type: a number becomes `-0`, which no ordinary serializer writes. */
export const markOfSameType = (name: string, raw: string): string => {
  const first = raw[0];
  if (first === '"') return JSON.stringify(`«redacted:${name}»`);
  if (first === '{') return '{}';
  if (first === '[') return '[]';
  if (first === 't' || first === 'f') return 'false';
  return first === 'n' ? 'null' : '-0';
};
