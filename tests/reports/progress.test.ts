import { afterEach, describe, expect, test, vi } from 'vitest';
import { createProgress, type ProgressOptions, type ProgressState } from '../../reports/progress.ts';

const hide = '\u001b[?25l';
const show = '\u001b[?25h';

const state: ProgressState = {
  elapsedMs: 12_345,
  exchanges: 1_830,
  rate: 411.7,
  created: 96,
  closed: 41,
  campaignsDone: 7,
  campaigns: 19,
  running: ['sequences', 'filters'],
  findings: 2,
};

const sentence = '12 s · 1830 exchanges, 412/s · 96 products made, 41 closed · campaigns 7 of 19 · 2 findings';
/** The last line gives the rate of the whole run. */
const lastSentence = sentence.replace('412/s', '148/s');

function recorded(options: Omit<ProgressOptions, 'stream'>) {
  let text = '';
  const stream = { columns: 100, write: (chunk: string) => (text += chunk) };
  return { progress: createProgress({ stream, ...options }), text: () => text };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('plain', () => {
  test('start, preflight, first finding of a requirement, end: a line each', () => {
    const { progress, text } = recorded({ tty: false, color: false });
    progress.announce('Up to 2,000 products will be created.');
    progress.preflight({ name: 'connect', outcome: 'ok', detail: '127.0.0.1:4010 in 2 ms' });
    progress.preflight({ name: 'token', outcome: 'failed', detail: '401' });
    progress.finding('FLT-04', 'A product is missing.');
    progress.finding('FLT-04', 'Another is missing.');
    progress.update(state);
    progress.done();
    progress.done();
    expect(text()).toBe(
      [
        'Up to 2,000 products will be created.',
        'ok  connect: 127.0.0.1:4010 in 2 ms',
        'failed  token: 401',
        'finding  FLT-04: A product is missing.',
        lastSentence,
        '',
      ].join('\n'),
    );
  });

  test('the state at most every ten seconds', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { progress, text } = recorded({ tty: false, color: false });
    for (let second = 1; second <= 35; second += 1) {
      vi.advanceTimersByTime(1_000);
      progress.update({ ...state, elapsedMs: second * 1_000 });
    }
    expect(text().match(/\d+(?= s ·)/g)).toEqual(['10', '20', '30']);
    progress.done();
    expect(text().match(/\d+(?= s ·)/g)).toEqual(['10', '20', '30', '35']);
  });

  test('no colours, no cursor', () => {
    const { progress, text } = recorded({ tty: false, color: false });
    progress.finding('FLT-04', 'm');
    progress.update(state);
    progress.done();
    expect(text()).not.toContain('\u001b');
  });
});

test('quiet says nothing', () => {
  const { progress, text } = recorded({ tty: true, color: true, quiet: true });
  progress.announce('a');
  progress.preflight({ name: 'n', outcome: 'ok', detail: 'd' });
  progress.finding('FLT-04', 'm');
  progress.update(state);
  progress.done();
  expect(text()).toBe('');
});

describe('on a terminal', () => {
  test('the cursor is hidden while painting and shown at the end; the last line stays', () => {
    const { progress, text } = recorded({ tty: true, color: false });
    progress.update(state);
    expect(text().startsWith(hide)).toBe(true);
    expect(text()).toContain(sentence);
    expect(text()).toContain('sequences, filters');
    progress.finding('FLT-04', 'A product is missing.');
    progress.done();
    expect(text().lastIndexOf(show)).toBeGreaterThan(text().lastIndexOf(hide));
    expect(text().endsWith(`${lastSentence}\n${show}`)).toBe(true);
  });

  test('repaints at most ten times a second', () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const { progress, text } = recorded({ tty: true, color: false });
    for (let count = 0; count < 1_000; count += 1) {
      vi.advanceTimersByTime(1);
      progress.update({ ...state, exchanges: count });
    }
    expect(text().match(/exchanges/g)!.length).toBeLessThanOrEqual(11);
    progress.done();
  });

  test('an interruption shows the cursor, whoever else handles it', () => {
    const others = vi.fn();
    process.on('SIGINT', others);
    const { progress, text } = recorded({ tty: true, color: false });
    progress.update(state);
    process.emit('SIGINT', 'SIGINT');
    expect(text().endsWith(show)).toBe(true);
    expect(others).toHaveBeenCalledOnce();
    progress.done();
    process.removeListener('SIGINT', others);
  });

  test('where nobody else handles it, a signal still ends the process', () => {
    const kill = vi.spyOn(process, 'kill').mockReturnValue(true);
    const handlers = process.listeners('SIGHUP');
    process.removeAllListeners('SIGHUP');
    const { progress, text } = recorded({ tty: true, color: false });
    progress.update(state);
    process.emit('SIGHUP', 'SIGHUP');
    expect(text().endsWith(show)).toBe(true);
    expect(kill).toHaveBeenCalledExactlyOnceWith(process.pid, 'SIGHUP');
    expect(process.listenerCount('SIGHUP')).toBe(0);
    progress.done();
    for (const handler of handlers) process.on('SIGHUP', handler);
    kill.mockRestore();
  });

  test('it leaves no listeners behind', () => {
    const count = () => ['exit', 'SIGINT', 'SIGTERM', 'SIGHUP'].map((event) => process.listenerCount(event));
    const before = count();
    const { progress } = recorded({ tty: true, color: false });
    progress.update(state);
    progress.done();
    expect(count()).toEqual(before);
  });

  test('it writes to no other stream', () => {
    const spies = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
    const { progress } = recorded({ tty: true, color: false });
    progress.update(state);
    progress.done();
    expect(spies.map((spy) => spy.mock.calls.length)).toEqual([0, 0]);
    for (const spy of spies) spy.mockRestore();
  });
});
