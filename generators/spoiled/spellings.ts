/** Valid requests, unusually written: MSG-07, MSG-20, MSG-21. */
import type { Draft } from '../requests.ts';
import { type Spoiled, withBody, withHeader } from './spoiled.ts';

/** The same fields under other names, which are the same names (RFC 9110 §5.1). */
const renamed =
  (rename: (name: string) => string) =>
  (draft: Draft): Draft => ({
    ...draft,
    headers: Object.fromEntries(Object.entries(draft.headers).map(([name, value]) => [rename(name), value])),
  });

const escapeAll = (text: string): string => [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** The one member of the body, respelled. */
const respell =
  (write: (name: string, value: string) => string) =>
  (draft: Draft): Draft => {
    const [[name, value] = ['', '']] = Object.entries(JSON.parse(draft.body ?? '{}') as Readonly<Record<string, string>>);
    return withBody(write(name, value))(draft);
  };

const both = ['create', 'close'] as const;

export const spellings: readonly Spoiled[] = both.flatMap((operation): Spoiled[] => {
  const spelled = { operation, role: 'spelling' } as const;
  return [
    { ...spelled, requirement: 'MSG-07', case: 'with field names in small letters', spoil: renamed((name) => name.toLowerCase()) },
    { ...spelled, requirement: 'MSG-07', case: 'with field names in capitals', spoil: renamed((name) => name.toUpperCase()), extra: true },
    {
      ...spelled,
      requirement: 'MSG-20',
      case: 'as Application/JSON; charset=utf-8',
      spoil: withHeader('Content-Type', 'Application/JSON; charset=utf-8'),
    },
    { ...spelled, requirement: 'MSG-20', case: 'as APPLICATION/JSON', spoil: withHeader('Content-Type', 'APPLICATION/JSON'), extra: true },
    {
      ...spelled,
      requirement: 'MSG-21',
      case: 'with white space around everything',
      spoil: respell((name, value) => `\r\n\t { \n"${name}"\t:\r\n "${value}" }\n `),
    },
    {
      ...spelled,
      requirement: 'MSG-21',
      case: 'with an escaped value',
      spoil: respell((name, value) => `{"${name}":"${escapeAll(value.slice(0, 1))}${value.slice(1)}"}`),
    },
    {
      ...spelled,
      requirement: 'MSG-21',
      case: 'with an escaped member name',
      spoil: respell((name, value) => `{"${escapeAll(name)}":"${value}"}`),
    },
  ];
});
