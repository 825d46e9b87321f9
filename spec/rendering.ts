/** A value of the target in few characters, for a message: what it is, not all that it holds. */

const mostCharacters = 80;

/**
 * JSON for text, numbers, truth values and null; for arrays and objects how many or which members, since writing them out may
 * take any length, and nesting may go deeper than the stack. At most 80 characters, the last one `…` where something was cut.
 */
export function renderValue(value: unknown): string {
  return cut(describeValue(value));
}

function describeValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, mostCharacters + 1));
  if (Array.isArray(value)) return value.length === 0 ? 'an empty array' : `an array of ${value.length}`;
  if (typeof value !== 'object' || value === null) return String(value);
  const names = Object.keys(value).slice(0, mostCharacters);
  return names.length === 0 ? 'an object without members' : `an object with ${names.join(', ')}`;
}

function cut(text: string): string {
  if (text.length <= mostCharacters) return text;
  const end = mostCharacters - 1;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}
