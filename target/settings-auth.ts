/** How the suite names itself to the target, worked out of the credentials given. */
import type { Auth } from '../spec/profile.ts';
import { describeWays, type KeyName, type ValueOf } from './settings-keys.ts';
import type { Mistake } from './settings-mistakes.ts';

export type ValueFor = <K extends KeyName>(name: K) => ValueOf<K> | undefined;

/**
 * `auth.type` as given; else `oauth2` with a client id, `bearer` with a token, `none` without credentials. Half of a pair of
 * credentials is a mistake, never `none`: who gives a secret does not mean to go without. `fromRecord`: the second client may come
 * from a record, which keeps no secrets; without its secret it is left out.
 */
export function settleAuth(value: ValueFor, fromRecord: boolean): { auth: Auth; mistakes: Mistake[]; notes: string[] } {
  const mistakes: Mistake[] = [];
  const token = value('auth.token');
  const forClient = (['auth.tokenUrl', 'auth.clientSecret', 'auth.scope', 'auth.clientAuthentication'] as const).filter((name) =>
    value(name),
  );
  const type =
    value('auth.type') ??
    (value('auth.clientId') !== undefined ? 'oauth2' : token !== undefined ? 'bearer' : forClient.length > 0 ? 'oauth2' : 'none');
  const need = <K extends KeyName>(name: K, why: string): ValueOf<K> | '' => {
    const found = value(name);
    if (found === undefined)
      mistakes.push({
        field: name,
        expected: `a value, since ${why}`,
        came: 'nothing',
        advice: `give ${describeWays(name)}`,
      });
    return found ?? '';
  };
  if (type === 'none') return { auth: { type }, mistakes, notes: [] };
  if (type === 'bearer') {
    const why = 'auth.type is bearer';
    return { auth: { type, token: need('auth.token', why) }, mistakes, notes: [] };
  }
  const why =
    value('auth.type') === 'oauth2'
      ? 'auth.type is oauth2'
      : value('auth.clientId') !== undefined
        ? 'a client id is given'
        : `${forClient[0]} is given`;
  const scope = value('auth.scope');
  const clientAuthentication = value('auth.clientAuthentication');
  const auth: Auth = {
    type,
    tokenUrl: need('auth.tokenUrl', why),
    clientId: need('auth.clientId', why),
    clientSecret: need('auth.clientSecret', why),
    ...(scope !== undefined && { scope }),
    ...(clientAuthentication !== undefined && { clientAuthentication }),
  };
  const other = fromRecord && value('auth.other.clientSecret') === undefined ? undefined : settleOther(value, need);
  const notes =
    token !== undefined && value('auth.type') === undefined
      ? ['auth.token is not used, since a client id is given too; set auth.type to bearer to use it.']
      : [];
  return { auth: other ? { ...auth, other } : auth, mistakes, notes };
}

function settleOther(value: ValueFor, need: (name: 'auth.other.clientId' | 'auth.other.clientSecret', why: string) => string) {
  if (value('auth.other.clientId') === undefined && value('auth.other.clientSecret') === undefined) return undefined;
  const why = 'a second client is given';
  return { clientId: need('auth.other.clientId', why), clientSecret: need('auth.other.clientSecret', why) };
}
