/** Every beast of the zoo is met by a whole run: it ends, in time, small, with the right status, names the trouble, and shows nothing raw. */
import { expect, test } from 'vitest';
import { bareBeasts } from './bare-beasts.ts';
import { doorkeepers } from './doorkeepers.ts';
import { inspect, visit } from './keeper.ts';
import { spoilers } from './spoilers.ts';

const beasts = [...bareBeasts, ...doorkeepers, ...spoilers];

test('there are enough of them, each with a name of its own', () => {
  expect(beasts.length).toBeGreaterThanOrEqual(45);
  expect(new Set(beasts.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(beasts.length);
});

test.concurrent.for(beasts)('$kind: $name', { timeout: 90_000 }, async (beast) => {
  inspect(beast, await visit(beast));
});
