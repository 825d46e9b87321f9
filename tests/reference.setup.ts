/**
 * Where the environment names no target, the suites run against the reference implementation, at quick effort.
 * `CPC_TARGET=… npx vitest run suites` runs them against another.
 */
import { startReference } from '../reference/server.ts';

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env.CPC_TARGET !== undefined) return undefined;
  const { url, tokenUrl, clientId, clientSecret, close } = await startReference();
  Object.assign(process.env, {
    CPC_TARGET: url,
    CPC_TOKEN_URL: tokenUrl,
    CPC_CLIENT_ID: clientId,
    CPC_CLIENT_SECRET: clientSecret,
    CPC_EFFORT: process.env.CPC_EFFORT ?? 'quick',
  });
  return close;
}
