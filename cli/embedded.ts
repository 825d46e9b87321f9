/** The reference implementation in this process, as a target. */
import type { Auth } from '../spec/profile.ts';

export interface Embedded {
  readonly target: string;
  readonly auth: Auth;
  close(): Promise<void>;
}

export async function startEmbedded(): Promise<Embedded> {
  const { startReference } = await import('../reference/server.ts');
  const { url, tokenUrl, clientId, clientSecret, other, close } = await startReference();
  return { target: url, auth: { type: 'oauth2', tokenUrl, clientId, clientSecret, other }, close };
}
