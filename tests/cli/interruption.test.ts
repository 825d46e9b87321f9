import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { takeSignals } from '../../cli/interruption.ts';

/** A process that can be sent signals at moments of the test's own clock. */
function createProcess() {
  const signals = new EventEmitter();
  const said: string[] = [];
  let time = 1_000;
  const abort = takeSignals(
    {
      on: (signal, listener) => signals.on(signal, listener),
      exit: (status) => said.push(`exit ${status}`),
      now: () => time,
    },
    () => said.push('told'),
  );
  const send = (signal: 'SIGINT' | 'SIGTERM', after = 0): void => {
    time += after;
    signals.emit(signal);
  };
  return { abort, said, send };
}

test.each(['SIGINT', 'SIGTERM'] as const)('the first %s is told and aborts with its name', (signal) => {
  const { abort, said, send } = createProcess();
  expect(abort.aborted).toBe(false);
  send(signal);
  expect([abort.reason, said]).toEqual([signal, ['told']]);
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('a second, %s, leaves at once with %i', (signal, status) => {
  const { abort, said, send } = createProcess();
  send('SIGINT');
  send(signal, 1_000);
  expect([abort.reason, said]).toEqual(['SIGINT', ['told', `exit ${status}`]]);
});

test('one key press that npm passes on is not taken for two', () => {
  const { said, send } = createProcess();
  send('SIGINT');
  send('SIGINT', 30);
  expect(said).toEqual(['told']);
  send('SIGINT', 500);
  expect(said).toEqual(['told', 'exit 130']);
});
