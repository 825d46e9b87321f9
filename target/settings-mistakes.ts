/** What is wrong with what the user gave, as data; prose is made of it at the very end. */

export interface Mistake {
  /** `--rate`, `CPC_RATE`, `profile.yaml:3:5`; absent where nothing was given at all. */
  readonly where?: string;
  /** The key, `limits.concurrency`, with the path below it; absent where there is none. */
  readonly field?: string;
  /** Follows "expected". */
  readonly expected: string;
  /** Follows "came"; safe to print, never a secret. Absent: there is nothing to show. */
  readonly came?: string;
  /** What to do, a clause without its full stop. */
  readonly advice?: string;
}

/** One sentence a mistake: where, what was expected, what came, what to do. */
export function describeMistake(mistake: Mistake): string {
  const { where, field, expected, came, advice } = mistake;
  // A flag or variable says which key it is.
  const place = where && /^(?:--|CPC_|baseUrl)/u.test(where) ? where : [where, field].filter(Boolean).join(' ');
  const end = advice?.endsWith('?') ? '' : '.';
  return `${place}: expected ${expected}${came ? `, came ${came}` : ''}${advice ? `; ${advice}` : ''}${end}`;
}

const longest = 60;

/** Controls, and the marks that turn the direction of writing: none may reach a terminal as they are. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A value as a reader of a message sees it: quoted, cut to a length, nothing in it that a terminal would obey. */
export function quote(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') {
    const cut = value.length > longest ? `${value.slice(0, longest)}…` : value;
    const safe = JSON.stringify(cut).replace(unprintable, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
    return value.length > longest ? `${safe} (${value.length} characters)` : safe;
  }
  return Array.isArray(value) ? 'a list' : 'a map';
}

/** The known word that `word` was most likely meant to be, or none where all are far from it. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = countEdits(word.toLowerCase(), candidate.toLowerCase(), least);
    if (distance < least) {
      best = candidate;
      least = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from `a` to `b`; `limit` where there are as many or more. */
export function countEdits(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const now = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(last[column]! + 1, now[column - 1]! + 1, last[column - 1]! + (same ? 0 : 1));
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]) {
        cost = Math.min(cost, before[column - 2]! + 1);
      }
      now.push(cost);
    }
    before = last;
    last = now;
  }
  return Math.min(last[b.length]!, limit);
}
