/**
 * What of its making an answer gives away. Only forms that mean nothing else: an error message may well say "select a value
 * from the list" or name a JSON pointer.
 */
import type { RecordedRequest } from '../spec/journal.ts';

export interface Leak {
  readonly what: 'a stack trace' | 'a database query' | 'a file path' | 'a class name';
  readonly text: string;
}

const roots = 'usr|home|var|opt|app|srv|etc|root|tmp|mnt|data|Users|workspace|code|build|dist|src|lib';
const kinds = 'js|mjs|cjs|ts|py|rb|php|java|kt|jar|class|go|rs|cs|dll|so|conf|ini|ya?ml|xml|properties|env|log|sqlite|db|sql|pem|key';

const forms: readonly (readonly [Leak['what'], RegExp])[] = [
  ['a stack trace', /(?:\s|\\n|\\t)at (?:async |new )?[\w$.<>[\] ]{1,120}? ?\((?:[^()"\n]{1,300}:\d+:\d+|native|<anonymous>)\)/],
  ['a stack trace', /\bat [\w$.<>]{3,200}\((?:[\w$]+\.(?:java|kt|scala|groovy):\d+|Native Method|Unknown Source)\)/],
  ['a stack trace', /\bat [\w.`<>]{3,200}\([^)\n]{0,200}\) in [^\n"]{1,300}:line \d+/],
  ['a stack trace', /Traceback \(most recent call last\)|\bFile \\?"[^"\\\n]{1,300}\\?", line \d+/],
  ['a stack trace', /\bgoroutine \d+ \[|\.rb:\d+:in [`']|#\d+ [^\s("]{1,200}\.php\(\d+\): /],
  ['a database query', /\bSELECT\s[^"\n]{1,300}?\sFROM\s|\bINSERT INTO\s\S|\bUPDATE\s+\S+\s+SET\s|\bDELETE FROM\s\S/],
  ['a database query', /\bselect \* from \w|\bselect \w+\.\w+(?: as \w+)?[, ]|\binsert into \w+ ?\(|\bdelete from \w+ where\b/],
  ['a database query', /\bSQLSTATE\[?|\bORA-\d{5}\b|syntax error at or near|violates (?:unique|foreign key|check) constraint/],
  ['a file path', new RegExp(`(?<![\\w.:/-])/(?:${roots})/(?:[\\w.@-]+/)*[\\w.@-]+\\.(?:${kinds})\\b|node_modules/|\\bfile:///`)],
  ['a file path', /\b[A-Z]:\\{1,2}(?:[\w .-]+\\{1,2})+[\w.-]+/],
  ['a class name', /\b(?:java|javax|jakarta|kotlin|scala)\.[a-z]+(?:\.[\w$]+)*\.[A-Z][\w$]*/],
  ['a class name', /\b[a-z][\w]*(?:\.[a-z_]\w*)+\.[A-Z]\w*(?:Exception|Error)\b|\b(?:System|Microsoft)\.(?:\w+\.)*\w+Exception\b/],
  ['a class name', /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|KeyError|AttributeError|NoMethodError)\b/],
  [
    'a class name',
    /\b(?:NullPointer|IllegalArgument|IllegalState|ClassCast|IndexOutOfBounds|NullReference|HttpMessageNotReadable)Exception\b/,
  ],
];

const anchors =
  /\bat |Traceback|goroutine|\bFile |\.rb:|\.php\(|SELECT|INSERT|UPDATE|DELETE|select |insert |delete |SQL|ORA-|syntax|violates|\/[a-zA-Z]+\/|node_modules|file:|:\\|java|jakarta|kotlin|scala|Exception|Error/;

/** A quick look, for the many answers that give nothing away. */
export const isWorthALook = (text: string): boolean => anchors.test(text);

/** As far as an answer is read: a page of it shows what it is made of. */
const readUpTo = 20_000;

/** The first leak in the text of an answer. What the request itself had said is no leak. */
export function findLeak(text: string, request: RecordedRequest): Leak | undefined {
  const read = text.slice(0, readUpTo);
  for (const [what, form] of forms) {
    const match = form.exec(read)?.[0].trim();
    if (match !== undefined && !wasSent(match, request)) return { what, text: match };
  }
  return undefined;
}

function wasSent(text: string, { url, headers, body }: RecordedRequest): boolean {
  return [url, decode(url), body?.text ?? '', ...headers.map(([, value]) => value)].some((sent) => sent.includes(text));
}

function decode(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    return url;
  }
}
