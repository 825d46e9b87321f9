/** Secrets and what a hostile target makes of them: nothing that is written down may hold one, in any of its forms. */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, it } from 'vitest';
import type { JournalLine } from '../../spec/journal.ts';
import type { Profile } from '../../spec/profile.ts';
import { openJournal } from '../../target/journal.ts';
import { createSession } from '../../target/session.ts';
import { profileFor } from './api-server.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const canaries = {
  secret: 'canary-secret/with+odd "signs" & é',
  other: 'canary-other-secret',
  token: 'canary.access-token~1',
  refresh: 'canary_refresh_token_22',
  passphrase: 'canary-passphrase',
  header: 'canary-header-value',
};
const member = 'canary-street 5';

/** Every spelling that would give a canary away. */
const spellings = (): string[] =>
  Object.values(canaries).flatMap((canary) => {
    const bytes = Buffer.from(canary);
    return [
      canary,
      JSON.stringify(canary).slice(1, -1),
      encodeURIComponent(canary),
      new URLSearchParams([['', canary]]).toString().slice(1),
      bytes.toString('base64').replace(/=+$/, ''),
      bytes.toString('base64url'),
      Buffer.from(`the-client:${canary}`).toString('base64').replace(/=+$/, ''),
    ];
  });

/** A target that tells back whatever it hears, everywhere. */
const startParrot = async (): Promise<string> => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const heard = { url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString(), address: { street: member } };
      const echo = JSON.stringify(heard);
      const authorization = String(request.headers.authorization ?? 'none');
      if (request.url?.startsWith('/token')) {
        const answer = { access_token: canaries.token, refresh_token: canaries.refresh, token_type: 'Bearer', expires_in: 3600, heard };
        response.writeHead(200, { 'X-Echo': encodeURIComponent(heard.body) }).end(JSON.stringify(answer));
        return;
      }
      const kind = request.url?.split('/').at(-1);
      if (kind === 'cut') response.destroy();
      else if (kind === 'gzip') response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(echo));
      else if (kind === 'binary') response.writeHead(200).end(Buffer.concat([Buffer.from([0xff, 0x00]), Buffer.from(echo)]));
      else if (kind === 'utf16') response.writeHead(200).end(Buffer.from(echo, 'utf16le'));
      else if (kind === 'redirect')
        response.writeHead(302, { Location: `https://elsewhere.example/?t=${encodeURIComponent(authorization)}` }).end();
      else {
        const page = `<p>${authorization.replaceAll('"', '&quot;')}</p>${[...echo].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}`;
        response
          .writeHead(401, { 'WWW-Authenticate': `Bearer error_description="${authorization}"`, 'Set-Cookie': `t=${canaries.token}` })
          .end(echo + page);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
};

it.each(['client_secret_post', 'client_secret_basic'] as const)(
  'nothing of a run that a parrot answers holds a secret (%s)',
  async (clientAuthentication) => {
    const origin = await startParrot();
    const folder = mkdtempSync(join(tmpdir(), 'secrecy-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    const journal = openJournal(folder);
    closing.push(() => journal.close());
    const profile: Profile = profileFor(origin, {
      auth: {
        type: 'oauth2',
        tokenUrl: `${origin}/token`,
        clientId: 'the-client',
        clientSecret: canaries.secret,
        clientAuthentication,
        other: { clientId: 'the-client', clientSecret: canaries.other },
      },
      headers: { 'X-Tenant-Key': canaries.header },
      redact: ['X-Tenant-Key', 'street'],
      tls: { passphrase: canaries.passphrase },
      limits: { requestsPerSecond: 1000 } as Profile['limits'],
    });
    const session = createSession({ profile, runId: 'r', journal });
    closing.push(() => session.close());
    const lines: JournalLine[] = [];
    session.onLine((line) => lines.push(line));
    const intent = { operation: 'other' } as const;
    for (const kind of ['echo', 'gzip', 'binary', 'utf16', 'redirect', 'cut']) {
      await session.send({ method: 'GET', path: `/${kind}`, intent, campaign: 'test' });
      await session.sendRaw([{ method: 'GET', path: `/${kind}`, intent, campaign: 'test' }]);
    }
    const authorization = await session.authorization();
    expect(authorization).toBe(`Bearer ${canaries.token}`);
    await session.otherAuthorization();
    const query = `?access_token=${encodeURIComponent(canaries.token)}&client_secret=${encodeURIComponent(canaries.secret)}`;
    await session.send({ method: 'GET', path: `/query${query}`, authorization: null, intent, campaign: 'test' });
    for (const odd of [`bearer ${canaries.token}`, `Basic ${canaries.token}`, canaries.token, `Bearer  ${canaries.token}x`]) {
      await session.send({ method: 'GET', path: '/odd', authorization: odd, intent, campaign: 'test' });
    }
    await session.sendToken({
      body: `client_secret=${encodeURIComponent(`${canaries.secret}!`)}`,
      query: query.slice(1),
      campaign: 'test',
    });
    session.record({ type: 'ground', customer: 'c', exclusive: true, invented: true });
    journal.close();

    const written = [
      readFileSync(journal.path, 'utf8'),
      JSON.stringify(lines),
      JSON.stringify(session.redactedProfile),
      session.redact(`${authorization}`),
    ];
    // What is base64 in the record counts in clear too.
    const decoded = [...written[0]!.matchAll(/"base64":"([^"]*)"/g)].map(([, text = '']) =>
      Buffer.from(text, 'base64').toString('latin1').replaceAll('\0', ''),
    );
    expect(decoded.length).toBeGreaterThan(0);
    const around = (text: string, found: string): string => {
      const at = text.indexOf(found);
      return at < 0 ? '' : text.slice(Math.max(0, at - 80), at + 80);
    };
    for (const text of [...written, ...decoded]) {
      for (const spelling of [...spellings(), member]) expect(around(text, spelling)).toBe('');
      expect(around(text.toLowerCase(), 'canary')).toBe('');
    }
    expect(written[0]).toContain('«redacted:token#1»');
    expect(written[0]).toContain('«redacted:client-secret#1»');
  },
);
