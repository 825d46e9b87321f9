/** Settings resolved in memory, with a world that a test makes up. */
import { expect } from 'vitest';
import { resolveSettings, type Settings, type SettingsInput } from '../../target/settings.ts';
import { describeMistake, type Mistake } from '../../target/settings-mistakes.ts';

export type Given = Partial<SettingsInput> & { readonly files?: Readonly<Record<string, string>> };

export const url = 'http://localhost:8080';
export const uuid = (digit: string): string =>
  `${digit.repeat(8)}-${digit.repeat(4)}-4${digit.repeat(3)}-8${digit.repeat(3)}-${digit.repeat(12)}`;

/** What `readFileSync` throws for a file that is not there. */
const missing = (): Error => Object.assign(new Error('ENOENT: no such file or directory'), { code: 'ENOENT' });

const resolve = ({ files = {}, ...input }: Given) =>
  resolveSettings({
    flags: {},
    env: {},
    cwd: '/home/someone',
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw missing();
      return text;
    },
    ...input,
  });

export async function resolved(given: Given): Promise<Settings> {
  const outcome = await resolve(given);
  if ('mistakes' in outcome) expect(outcome.mistakes.map(describeMistake)).toEqual([]);
  return (outcome as { settings: Settings }).settings;
}

export async function mistakesOf(given: Given): Promise<readonly Mistake[]> {
  const outcome = await resolve(given);
  expect(outcome).toHaveProperty('mistakes');
  return 'mistakes' in outcome ? outcome.mistakes : [];
}

/** As a user reads them. */
export const sentencesOf = async (given: Given): Promise<readonly string[]> => (await mistakesOf(given)).map(describeMistake);

/** A profile file beside a base URL on the command line. */
export const inFile = (text: string, more: Given = {}): Given => ({
  ...more,
  baseUrl: url,
  flags: { profile: ['p.yaml'], ...more.flags },
  files: { 'p.yaml': text, ...more.files },
});
