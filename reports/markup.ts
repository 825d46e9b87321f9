/**
 * HTML in which everything is text unless it was written here.
 *
 * `markup` is a template tag: the literal parts are HTML, every interpolated value is escaped, and only a `Markup` passes as it is.
 * There is no way to make a `Markup` from a plain string but `markup` itself and `trusted`, which is for the style sheet and the script of the page.
 */
import { showUnsafe } from './terminal-text.ts';

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Content = Markup | string | number | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Safe in the content of an element and in a quoted attribute. Unsafe characters are shown as marks, so that no text of a target reorders or hides what is read. */
export function escapeHtml(text: string): string {
  return showUnsafe(text).replace(/[&<>"']/g, (character) => entities[character]!);
}

function write(content: Content): string {
  if (content instanceof Markup) {
    return content.text;
  }
  if (content === undefined || content === false) {
    return '';
  }
  if (typeof content === 'string' || typeof content === 'number') {
    return escapeHtml(String(content));
  }
  return content.map(write).join('');
}

/** Attributes are to be written with quotes around them: `<a href="${url}">`. */
export function markup(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  let text = literals[0]!;
  values.forEach((value, index) => {
    text += write(value) + literals[index + 1]!;
  });
  return new Markup(text);
}

/** A constant of this program, taken as it is. Never for text that came from a target, a profile or a journal. */
export function trusted(constant: string): Markup {
  return new Markup(constant);
}
