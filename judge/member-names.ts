/** Member names that an object of a JSON text has twice; `JSON.parse` keeps the last and tells nothing. */

/**
 * The first name that stands twice in one object, or undefined. `value` is what the text parses to: as long as it has as many
 * members as the text has names, no name was lost, and nothing need be read closely.
 */
export function findRepeatedName(text: string, value: unknown): string | undefined {
  const named = text.match(nameOfMember)?.length ?? 0;
  return named === countMembers(value) ? undefined : searchRepeated(text);
}

const nameOfMember = /"(?:[^"\\]|\\.)*"\s*:/g;

function countMembers(value: unknown): number {
  let count = 0;
  const waiting: unknown[] = [value];
  while (waiting.length > 0) {
    const next = waiting.pop();
    if (Array.isArray(next)) {
      for (const member of next) if (typeof member === 'object' && member !== null) waiting.push(member);
    } else if (typeof next === 'object' && next !== null) {
      for (const member of Object.values(next)) {
        count += 1;
        if (typeof member === 'object' && member !== null) waiting.push(member);
      }
    }
  }
  return count;
}

const token = /"((?:[^"\\]|\\.)*)"(\s*:)?|[{}[\]]/g;

/** Walks through the text of a well-formed JSON text, one set of names for each object that is open. */
function searchRepeated(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (const [match, raw, colon] of text.matchAll(token)) {
    if (match === '{') open.push(new Set());
    else if (match === '[') open.push(undefined);
    else if (match === '}' || match === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(`"${raw}"`) as string;
      const names = open.at(-1);
      if (names?.has(name)) return name;
      names?.add(name);
    }
  }
  return undefined;
}
