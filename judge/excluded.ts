/** Rows that the profile excludes, and the reason that is shown. */
import { areaOf, type RequirementId } from '../spec/catalogue/index.ts';
import type { Facts } from './facts.ts';

const secretsInUrl = new Set<RequirementId>(['TOK-12', 'AUT-15']);

const overlapping = new Set<RequirementId>(['CON-01', 'CON-02', 'CON-03', 'CON-05', 'CON-06']);

/** Why a row does not apply to this profile; `undefined` where it does. */
export function excluded(id: RequirementId, facts: Facts): string | undefined {
  const area = areaOf(id);
  if (area === 'TOK' && facts.auth !== 'oauth2')
    return facts.auth === 'bearer' ? 'the profile hands over a token' : 'the profile has no credentials';
  if (area === 'AUT' && facts.auth === 'none') return 'the profile has no credentials';
  if (id === 'AUT-10' && facts.auth !== 'oauth2') return 'the profile hands over a token';
  if (id === 'OWN-03' && !facts.hasOtherClient) return 'the profile gives no second client';
  if (id === 'TOK-10' && facts.clientAuthentication === 'client_secret_post')
    return 'the profile asks for client authentication in the body';
  if (secretsInUrl.has(id) && !facts.allowSecretsInUrl) return 'the profile does not allow secrets in a URL';
  if (facts.atOnce < 2 && overlapping.has(id)) return 'the limits of the profile let no two requests overlap';
  return undefined;
}
