/**
 * Text as words of a POSIX shell.
 *
 * A word is made of parts: text, variables, and what cannot stand in a script that people copy: control characters and invisible
 * ones become `$(printf '\033')`, long runs `$(repeat 65536 'x')`.
 */
import { isUnsafe } from './terminal-text.ts';

export type Part = string | { readonly variable: string };

type Piece = string | { readonly variable: string } | { readonly octets: string } | { readonly run: string; readonly count: number };

/** A unit of at most 16 characters, at least 100 times. */
const longRun = /([\s\S]{1,16}?)\1{99,}/g;

/** One word, quoted only where it must be: `FLT-04`, `'FLT-04#1'`, `'it'\''s'`. For text without unsafe characters. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : singleQuoted(text);
}

function singleQuoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function octalOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => `\\${octet.toString(8).padStart(3, '0')}`).join('');
}

/** Splits text at long runs and at characters that must not stand in a script. */
function piecesOf(parts: readonly Part[]): readonly Piece[] {
  const pieces: Piece[] = [];
  for (const part of parts) {
    if (typeof part !== 'string') {
      pieces.push(part);
      continue;
    }
    let from = 0;
    for (const match of part.length < 100 ? [] : part.matchAll(longRun)) {
      const unit = match[1]!;
      pieces.push(...splitUnsafe(part.slice(from, match.index)));
      if (Array.from(unit).some(isUnsafe)) {
        pieces.push(...splitUnsafe(match[0]));
      } else {
        pieces.push({ run: unit, count: match[0].length / unit.length });
      }
      from = match.index + match[0].length;
    }
    pieces.push(...splitUnsafe(part.slice(from)));
  }
  return pieces;
}

function splitUnsafe(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let safe = '';
  for (const character of text) {
    if (!isUnsafe(character)) {
      safe += character;
      continue;
    }
    if (safe !== '') {
      pieces.push(safe);
      safe = '';
    }
    const before = pieces.at(-1);
    const octets = octalOf(new TextEncoder().encode(character));
    if (typeof before === 'object' && 'octets' in before) {
      pieces[pieces.length - 1] = { octets: before.octets + octets };
    } else {
      pieces.push({ octets });
    }
  }
  return safe === '' ? pieces : [...pieces, safe];
}

/** One word for an argument. A NUL cannot be in one, nor can a newline end one; content that may have them is written with `shellWriter`. */
export function shellExpression(parts: readonly Part[]): string {
  const pieces = piecesOf(parts);
  if (pieces.every((piece) => typeof piece === 'string')) {
    return shellWord(pieces.join(''));
  }
  const quoted = pieces.map((piece, index): string => {
    if (typeof piece === 'string') {
      return piece.replace(/[\\"$`]/g, '\\$&');
    }
    if ('variable' in piece) {
      const next = pieces[index + 1];
      return typeof next === 'string' && /^\w/.test(next) ? `\${${piece.variable}}` : `$${piece.variable}`;
    }
    return 'octets' in piece ? `$(printf '${piece.octets}')` : `$(repeat ${piece.count} ${singleQuoted(piece.run)})`;
  });
  return `"${quoted.join('')}"`;
}

/** Commands that write the text, octet by octet as it is, to their output. */
export function shellWriter(parts: readonly Part[]): string {
  const commands: string[] = [];
  let argument: Part[] = [];
  const flush = () => {
    if (argument.length > 0) {
      commands.push(`printf '%s' ${shellExpression(argument)}`);
      argument = [];
    }
  };
  for (const piece of piecesOf(parts)) {
    if (typeof piece === 'string' || 'variable' in piece) {
      argument.push(piece);
      continue;
    }
    flush();
    commands.push('octets' in piece ? `printf '${piece.octets}'` : `repeat ${piece.count} ${singleQuoted(piece.run)}`);
  }
  flush();
  return commands.length === 0 ? ':' : commands.join('; ');
}

/** Commands that write octets that are no text. */
export function shellOctets(octets: Uint8Array): string {
  return octets.length === 0 ? ':' : `printf '${octalOf(octets)}'`;
}
