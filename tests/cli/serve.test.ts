import { expect, test } from 'vitest';
import { awaitLine, finish, run, start } from './spawned.ts';

/** A server that is up, and the shell lines that it printed to use it. */
async function serve(args: readonly string[]) {
  const child = start(['serve', ...args]);
  const [, url = ''] = await awaitLine(child, /listens at (\S+)[\s\S]*Ctrl-C/u);
  return { child, url };
}

test.each(['SIGINT', 'SIGTERM'] as const)('serves until %s, and ends with 0', async (signal) => {
  const { child, url } = await serve([]);
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/u);
  expect((await fetch(`${url}/customers/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/products`)).status).toBe(401);
  const ended = finish(child);
  child.kill(signal);
  expect(await ended).toMatchObject({ status: 0 });
});

test('what it prints can be pasted: credentials, token endpoint, the whole command', async () => {
  const child = start(['serve']);
  const [text] = await awaitLine(child, /listens at[\s\S]*Ctrl-C/u);
  const [, id] = /^export CPC_CLIENT_ID=(\S+)$/mu.exec(text) ?? [];
  const [, secret] = /^export CPC_CLIENT_SECRET=(\S+)$/mu.exec(text) ?? [];
  const [, url, tokenUrl] = /^npx customer-products-conformance (\S+) --token-url (\S+)$/mu.exec(text) ?? [];
  const answer = await fetch(tokenUrl!, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: id!, client_secret: secret! }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  const list = await fetch(`${url}/customers/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9/products`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect([list.status, await list.json()]).toEqual([200, []]);
  child.kill();
  await finish(child);
});

test('--port and --latency are kept', async () => {
  const first = await serve([]);
  const port = new URL(first.url).port;
  const taken = await run(['serve', '--port', port]);
  expect(taken).toMatchObject({ status: 2, stdout: '' });
  expect(taken.stderr).toMatch(/^--port: expected a port that is free, came \d+: /u);
  first.child.kill();
  await finish(first.child);
  const second = await serve(['--port', port, '--latency', '150']);
  expect(new URL(second.url).port).toBe(port);
  const started = performance.now();
  await fetch(second.url);
  expect(performance.now() - started).toBeGreaterThan(140);
  second.child.kill();
  await finish(second.child);
});

test('--list shows faults and variants with a sentence each', async () => {
  const { status, stdout } = await run(['serve', '--list']);
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Faults: \d+$/mu);
  expect(stdout).toMatch(/^Variants: \d+$/mu);
});
