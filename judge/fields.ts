/** Header fields as the RFCs read them: media types, lists, challenges, dates. */
import { headerOf, headersOf, type Message } from '../generators/model/message.ts';

/** Media types as they came, and what they are: few, and asked for again and again. */
const mediaTypes = new Map<string, string>();
const rememberedTypes = 1_000;

/** Type and subtype of the content, small letters, without parameters (RFC 9110 §8.3.1); of the first field. */
export function mediaTypeOf(message: Message): string | undefined {
  const field = headerOf(message, 'content-type');
  if (field === undefined) return undefined;
  const known = mediaTypes.get(field);
  if (known !== undefined) return known;
  const type = field.split(';', 1)[0]!.trim().toLowerCase();
  if (mediaTypes.size < rememberedTypes) mediaTypes.set(field, type);
  return type;
}

export const isJsonType = (type: string | undefined): boolean =>
  type !== undefined && (type === 'application/json' || type === 'text/json' || /^[\w.!#$&^-]+\/[\w.!#$&^-]+\+json$/.test(type));

/** Whether the answer has content: octets after its header. */
export const hasContent = ({ exchange }: Message): boolean => (exchange.answer?.body?.octets ?? 0) > 0;

/** The members of a comma-separated field, trimmed, empty ones left out; commas inside quotes do not part. */
export function membersOf(values: readonly string[]): readonly string[] {
  return values.flatMap((value) =>
    (value.match(/(?:"(?:[^"\\]|\\.)*"|[^,"])+/g) ?? []).map((member) => member.trim()).filter((member) => member !== ''),
  );
}

/** A directive of Cache-Control, `name` or `name=value`, without case. */
export const hasDirective = (message: Message, name: string): boolean =>
  membersOf(headersOf(message, 'cache-control')).some((member) => member.split('=', 1)[0]!.trim().toLowerCase() === name);

export interface Challenge {
  /** In small letters. */
  readonly scheme: string;
  /** By name in small letters. */
  readonly parameters: ReadonlyMap<string, string>;
}

const parameter = /^([!#$%&'*+.^_`|~\w-]+)\s*=\s*("(?:[^"\\]|\\.)*"|[^\s"=]+)$/;
const scheme = /^([!#$%&'*+.^_`|~\w-]+)(?:\s+(.*))?$/s;

/** The challenges of `WWW-Authenticate` (RFC 9110 §11.6.1), one or several to a field. */
export function challengesOf(message: Message): readonly Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  for (const member of membersOf(headersOf(message, 'www-authenticate'))) {
    let rest: string | undefined = member;
    if (!parameter.test(member)) {
      const [, name, after] = scheme.exec(member) ?? [];
      if (name === undefined) continue;
      challenges.push({ scheme: name.toLowerCase(), parameters: new Map() });
      rest = after?.trim();
    }
    const [, name, value] = parameter.exec(rest ?? '') ?? [];
    if (name !== undefined)
      challenges
        .at(-1)
        ?.parameters.set(name.toLowerCase(), value!.startsWith('"') ? value!.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value!);
  }
  return challenges;
}

export const bearerChallengeOf = (message: Message): Challenge | undefined =>
  challengesOf(message).find((challenge) => challenge.scheme === 'bearer');

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const preferred = /^(\w{3}), (\d{2}) (\w{3}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT$/;
const obsolete = [
  /^(?:Sunday|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday), \d{2}-(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2} \d{2}:\d{2}:\d{2} GMT$/,
  /^(?:Sun|Mon|Tue|Wed|Thu|Fri|Sat) (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d{2}:\d{2}:\d{2} \d{4}$/,
];

let lastPreferred: string | undefined;

/** IMF-fixdate (RFC 9110 §5.6.7), of a real day with its own name; second 60 is valid. */
export function isPreferredDate(text: string): boolean {
  // A server writes the same date many times a second.
  if (text === lastPreferred) return true;
  const [, name, day, month, year, hour, minute, second] = preferred.exec(text) ?? [];
  if (name === undefined) return false;
  const date = new Date(Date.UTC(Number(year), months.indexOf(month!), Number(day)));
  // Years below 100 are moved by the constructor, and no server's clock is there.
  const real = months.includes(month!) && date.getUTCDate() === Number(day) && days[date.getUTCDay()] === name;
  if (!real || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return false;
  lastPreferred = text;
  return true;
}

/** Any of the three forms that a recipient must read. */
export const isHttpDate = (text: string): boolean => isPreferredDate(text) || obsolete.some((form) => form.test(text));
