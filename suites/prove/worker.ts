/** A process of the pool: takes tasks one by one from its parent, and answers each with its outcome. */
import { attempt, type Task } from './attempt.ts';

process.on('message', (task: Task) => {
  attempt(task).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) =>
      process.send?.({ failed: { task, message: error instanceof Error ? (error.stack ?? error.message) : String(error) } }),
  );
});
process.on('disconnect', () => process.exit(0));
