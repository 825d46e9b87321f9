/**
 * Spoiled requests: valid ones with exactly one labelled defect, written by hand from the document. Near misses that a lenient
 * parser may well take are not among them.
 */
import type { RequirementId } from '../../spec/catalogue/index.ts';
import type { Operation } from '../../spec/values.ts';
import type { Draft } from '../requests.ts';

/** A request as it is sent: a draft, perhaps with other credentials than those of the run. */
export type Spoilt = Draft & {
  /** Absent: the run's own token; null: none. */
  readonly authorization?: string | null;
};

export interface Spoiled {
  readonly requirement: RequirementId;
  /** What is wrong, so that it can follow "A create": `with productCode null`. */
  readonly case: string;
  readonly operation: Operation;
  /**
   * `spoiled` if absent. `odd`: the target may take it for a valid request, and what it then does is no offence in itself.
   * `spelling`: it is a valid request, unusually written.
   */
  readonly role?: 'odd' | 'spelling';
  /** Left out at effort `quick`. */
  readonly extra?: true;
  readonly spoil: (draft: Draft) => Spoilt;
}

export const withHeader =
  (name: string, value: string) =>
  (draft: Draft): Draft => ({ ...draft, headers: { ...without(draft.headers, name), [name]: value } });

export const withoutHeader =
  (name: string) =>
  (draft: Draft): Draft => ({ ...draft, headers: without(draft.headers, name) });

export const withBody =
  (body: string) =>
  (draft: Draft): Draft => ({ ...draft, body });

/** The JSON object of the draft with other members beside its own, or instead of them. */
export const withMembers =
  (members: Readonly<Record<string, unknown>>) =>
  (draft: Draft): Draft => ({ ...draft, body: JSON.stringify({ ...(JSON.parse(draft.body ?? '{}') as object), ...members }) });

/** Another id in the path, which is the one the draft is about. */
export function withId(id: string): (draft: Draft) => Draft {
  return (draft) => {
    const name = draft.intent.operation === 'list' || draft.intent.operation === 'create' ? 'customer' : 'product';
    const path = draft.path.replace(draft.intent[name] ?? '', encodeURIComponent(id));
    return { ...draft, path, intent: { ...draft.intent, [name]: id } };
  };
}

function without(headers: Draft['headers'], name: string): Draft['headers'] {
  return Object.fromEntries(Object.entries(headers).filter(([own]) => own.toLowerCase() !== name.toLowerCase()));
}

/** A UUID that is none by one letter. */
export const withLetterG = (uuid: string): string => `${uuid.slice(0, 9)}g${uuid.slice(10)}`;
