/** What the answer to the first list says of the target: an API, or something that only stands where one should be. */
import type { Answer, Exchange } from '../spec/journal.ts';
import type { Profile } from '../spec/profile.ts';

/** `advice`: it cannot go on, and what to do. Both without a full stop. */
export interface Finding {
  readonly found: string;
  readonly advice?: string;
}

const findHeader = (answer: Answer, wanted: string): string | undefined =>
  answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

const isPage = (answer: Answer): boolean =>
  /^(text\/html|application\/xhtml)/i.test(findHeader(answer, 'content-type') ?? '') ||
  /^\s*<(!doctype html|html)\b/i.test(answer.body?.text ?? '');

const adviseOnFailure = (kind: string): string => {
  if (kind === 'timeout') return 'look at the logs of the target, or raise timeouts.requestMs';
  if (kind === 'protocol') return 'check that target is the address of an HTTP server';
  if (kind === 'tls') return 'check tls.ca, tls.cert and tls.key';
  return 'look at the logs of the target and of what stands before it';
};

const adviseOn401 = ({ auth }: Profile): string => {
  if (auth.type === 'none') return 'it wants credentials: set CPC_CLIENT_ID (--client-id), CPC_CLIENT_SECRET and --token-url';
  if (auth.type === 'bearer') return 'the token given is not accepted: set a fresh one with CPC_TOKEN';
  return 'the token it was shown is not accepted: check auth.tokenUrl, auth.clientId and auth.scope';
};

/** Content in a few words, for a reader who has to recognise it. */
const excerpt = (answer: Answer): string => {
  const text = answer.body?.text?.replaceAll(/\s+/g, ' ').trim().slice(0, 120);
  return text === undefined || text === '' ? '' : `: ${text}`;
};

const describeGood = (answer: Answer): string => {
  const seconds = `status ${answer.status}`;
  try {
    const value: unknown = JSON.parse(answer.body?.text ?? '');
    if (Array.isArray(value)) return `${seconds}, ${value.length} product${value.length === 1 ? '' : 's'}`;
  } catch {
    // Said below.
  }
  return `${seconds}, which is for the suite to judge`;
};

/** The outcome of the first list. An unknown or empty customer may be answered 404 or 403; so those alone are no reason to stop. */
export const judgeList = ({ answer, failure, request }: Exchange, profile: Profile): Finding => {
  const where = `GET ${request.url}`;
  if (failure !== undefined)
    return { found: `${where} failed: ${failure.message.replace(/\.$/, '')}`, advice: adviseOnFailure(failure.kind) };
  if (answer === undefined) return { found: `${where} had no answer`, advice: adviseOnFailure('timeout') };
  const { status } = answer;
  const came = `${where} was answered ${status}${excerpt(answer)}`;
  if (status === 401) return { found: came, advice: adviseOn401(profile) };
  if (status === 429) return { found: came, advice: 'it is too busy for a single list: try again later, or ask for a higher quota' };
  if (status >= 500) return { found: came, advice: 'the target itself fails: look at its logs' };
  if (status >= 300 && status < 400) {
    return {
      found: `${where} was answered ${status} to ${findHeader(answer, 'location') ?? 'nowhere'}`,
      advice: 'redirects are not followed: give as target the address they lead to',
    };
  }
  if (isPage(answer))
    return { found: `${where} was answered ${status} with a page of HTML`, advice: 'that is no API: check host and path of target' };
  return { found: describeGood(answer) };
};
