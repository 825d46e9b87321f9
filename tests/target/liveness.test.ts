import { describe, expect, it } from 'vitest';
import { createLiveness } from '../../target/liveness.ts';

const fail = (count: number, everyMs: number, kind: 'refused' | 'timeout' | 'protocol' | 'aborted' = 'refused', tookMs = 1) => {
  const liveness = createLiveness('http://h', 10_000);
  for (let i = 0; i < count; i++) {
    const at = i * everyMs + tookMs;
    const lost = liveness.noteFailure(kind, 'gone', at - tookMs, at);
    if (lost !== undefined) return { at, lost };
  }
  return undefined;
};

describe('liveness', () => {
  it('gives a target up after 20 failures in a row that last 3 seconds', () => {
    expect(fail(19, 1000 / 6)).toBeUndefined();
    expect(fail(100, 100)?.at).toBe(3001);
    expect(fail(100, 1)).toBeUndefined();
    expect(fail(100, 1000)?.lost.message).toMatch(
      /^http:\/\/h stopped answering: \d+ requests in a row failed over \d+ s, the last one with "gone"; look/,
    );
  });

  it('needs fewer when each one takes all its time', () => {
    expect(fail(4, 1, 'timeout', 10_000)).toBeUndefined();
    expect(fail(5, 1, 'timeout', 10_000)?.lost.exitStatus).toBe(4);
  });

  it('does not count what is not silence', () => {
    expect(fail(1000, 1000, 'protocol')).toBeUndefined();
    expect(fail(1000, 1000, 'aborted')).toBeUndefined();
  });

  it('begins anew with every answer', () => {
    const liveness = createLiveness('http://h', 10_000);
    for (let i = 0; i < 200; i++) {
      if (i % 19 === 0) liveness.noteAnswer();
      expect(liveness.noteFailure('cut', 'gone', i * 1000, i * 1000)).toBeUndefined();
    }
  });

  it('gives up a target that is too busy for everything for a minute', () => {
    const liveness = createLiveness('http://h', 10_000);
    expect(liveness.noteBusy(0)).toBeUndefined();
    expect(liveness.noteBusy(59_000)).toBeUndefined();
    liveness.noteAnswer();
    expect(liveness.noteBusy(61_000)).toBeUndefined();
    expect(liveness.noteBusy(121_000)?.message).toContain('429 or 503');
  });
});

it('when no more requests come, twenty failures in a row are a loss however fast they came', () => {
  const liveness = createLiveness('http://h', 10_000);
  for (let i = 0; i < 19; i++) expect(liveness.noteFailure('cut', 'gone', i, i + 1)).toBeUndefined();
  expect(liveness.conclude()).toBeUndefined();
  expect(liveness.noteFailure('cut', 'gone', 19, 20)).toBeUndefined();
  expect(liveness.conclude()?.message).toMatch(/^http:\/\/h stopped answering: 20 requests in a row failed/u);
  liveness.noteAnswer();
  expect(liveness.conclude()).toBeUndefined();
});
