/** AUT: credentials that are none. */
import { randomBytes, randomInt } from 'node:crypto';

/** Shorter ones may be numbered: with a character changed they may be the token of another. */
export const shortestToken = 16;

/** Where a character of a token may be changed: not the last of a dot-separated part, whose low bits may be unused. */
function placesIn(token: string): readonly number[] {
  const places: number[] = [];
  let start = 0;
  for (const part of token.split('.')) {
    const letters = part.replace(/=+$/, '').length;
    for (let at = 0; at < letters - 1; at += 1) if (/[A-Za-z0-9]/.test(token[start + at]!)) places.push(start + at);
    start += part.length + 1;
  }
  return places;
}

/**
 * The token with one character changed, for `count` places spread over its length: a letter or digit becomes another one that
 * differs not by case alone. Empty for a token too short to be sure that the result was never issued.
 */
export function changedTokens(token: string, count: number): string[] {
  const places = placesIn(token);
  if (token.length < shortestToken || places.length === 0) return [];
  const chosen = new Set(Array.from({ length: count }, (_, index) => places[Math.floor(((index + 0.5) * places.length) / count)]!));
  return [...chosen].map((at) => token.slice(0, at) + changeCharacter(token[at]!) + token.slice(at + 1));
}

const digits = '0123456789';
const letters = 'abcdefghijklmnopqrstuvwxyz';

function changeCharacter(character: string): string {
  const alphabet = digits.includes(character) ? digits : letters;
  const at = alphabet.indexOf(character.toLowerCase());
  const changed = alphabet[(at + 1 + randomInt(alphabet.length - 1)) % alphabet.length]!;
  return character === character.toLowerCase() ? changed : changed.toUpperCase();
}

/**
 * The first half of the token, and the token with letters before it or after it: a search by its beginning or its end finds it. Empty as
 * above; nothing after padding, where some decoders stop.
 */
export function resizedTokens(token: string): string[] {
  if (token.length < 2 * shortestToken) return [];
  return [token.slice(0, Math.floor(token.length / 2)), `zz${token}`, ...(token.endsWith('=') ? [] : [`${token}zz`])];
}

/** A token that nobody issued; as long as most are. */
export const inventToken = (): string => randomBytes(32).toString('base64url');

/** The claims of a JSON web token under `alg: none`, which a careless library takes; `undefined` where the token is no such thing. */
export function unsignedToken(token: string): string | undefined {
  const parts = token.split('.');
  if (parts.length !== 3) return undefined;
  try {
    const header: unknown = JSON.parse(Buffer.from(parts[0]!, 'base64url').toString('utf8'));
    if (typeof header !== 'object' || header === null || !('alg' in header)) return undefined;
    return `${Buffer.from(JSON.stringify({ ...header, alg: 'none' })).toString('base64url')}.${parts[1]!}.`;
  } catch {
    return undefined;
  }
}
