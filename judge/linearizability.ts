/**
 * Whether a history of operations that overlap can be put in an order that explains it: each operation takes effect at one moment
 * between its sending and its answer, one after the other (Herlihy and Wing 1990; searched as Wing and Gong 1993 do, with the memory
 * of Lowe 2017). Knows no product: what an operation does says the model.
 */

/** What is shared, as a value made of functions. */
export interface Model<State, Operation> {
  readonly init: State;
  /** The states it may lead to from this one; none: it cannot have happened here. */
  step(state: State, operation: Operation): readonly State[];
  /** Of equal states equal texts, of others others. */
  describe(state: State): string;
}

/** An operation with the interval in which it took effect. */
export interface Timed<Operation> {
  readonly operation: Operation;
  readonly from: number;
  /** `Infinity`: at any later time. */
  readonly to: number;
  /** Its outcome is open: it may as well never have happened. */
  readonly optional?: boolean;
}

/**
 * - `linearizable`: `order` is one that explains it, as positions in the history; optional operations that it does without are not in it
 * - `not`: there is none; `order` is the beginning of one that went furthest
 * - `spent`: the budget was used up before either was known
 */
export interface Linearization {
  readonly verdict: 'linearizable' | 'not' | 'spent';
  readonly order: readonly number[];
}

/** Moves tried at most. */
const usualBudget = 100_000;

interface Place<State> {
  /** Of the operations in the order of sending: all before this one have happened. */
  readonly first: number;
  /** A bit for each operation from `first` on that has happened. */
  readonly ahead: bigint;
  readonly state: State;
  readonly path: Path | undefined;
}

/** What happened, the last of it first; places share their beginnings. */
interface Path {
  readonly index: number;
  readonly before: Path | undefined;
  readonly length: number;
}

export function linearize<State, Operation>(
  model: Model<State, Operation>,
  history: readonly Timed<Operation>[],
  budget: number = usualBudget,
): Linearization {
  const sent = history.map((_, index) => index).sort((a, b) => history[a]!.from - history[b]!.from);
  const operations = sent.map((index) => history[index]!);
  const seen = new Set<string>();
  const open: Place<State>[] = [{ first: 0, ahead: 0n, state: model.init, path: undefined }];
  let furthest: Path | undefined;
  let moves = 0;

  const result = (verdict: Linearization['verdict'], path: Path | undefined): Linearization => ({
    verdict,
    order: positions(path).map((at) => sent[at]!),
  });

  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { first, ahead, state, path } = place;
    if ((path?.length ?? 0) > (furthest?.length ?? 0)) furthest = path;
    const next = mayComeNext(operations, first, ahead);
    if (next === undefined) return result('linearizable', path);
    for (const at of next) {
      const { operation, optional } = operations[at]!;
      moves += 1;
      if (moves > budget) return result('spent', furthest);
      for (const after of model.step(state, operation)) {
        const described = model.describe(after);
        // What need not have happened and changes nothing, explains nothing.
        if (optional === true && described === model.describe(state)) continue;
        const then = markDone(first, ahead, at);
        const key = `${then.first} ${then.ahead} ${described}`;
        if (seen.has(key)) continue;
        seen.add(key);
        open.push({ ...then, state: after, path: { index: at, before: path, length: (path?.length ?? 0) + 1 } });
      }
    }
  }
  return result('not', furthest);
}

/**
 * Those that began before any of those still to come must be over; what must be over soonest is tried first, and so comes last: the last
 * tried come off the stack first. `undefined`: none must come.
 */
function mayComeNext(operations: readonly Timed<unknown>[], first: number, ahead: bigint): readonly number[] | undefined {
  const next: number[] = [];
  let end: number | undefined;
  for (let at = first, bits = ahead; at < operations.length; at += 1, bits >>= 1n) {
    if ((bits & 1n) !== 0n) continue;
    const { from, to, optional } = operations[at]!;
    // Whatever is sent later ends later still.
    if (end !== undefined && from > end) break;
    next.push(at);
    if (optional !== true && (end === undefined || to < end)) end = to;
  }
  if (end === undefined) return undefined;
  return next.filter((at) => operations[at]!.from <= end).sort((a, b) => operations[b]!.to - operations[a]!.to);
}

function markDone(first: number, ahead: bigint, at: number): { first: number; ahead: bigint } {
  let bits = ahead | (1n << BigInt(at - first));
  let from = first;
  for (; (bits & 1n) !== 0n; bits >>= 1n) from += 1;
  return { first: from, ahead: bits };
}

function positions(path: Path | undefined): number[] {
  const order: number[] = [];
  for (let step = path; step !== undefined; step = step.before) order.push(step.index);
  return order.reverse();
}
