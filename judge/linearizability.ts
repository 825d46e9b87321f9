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
  /** A bit for each operation that has happened, by position. */
  readonly done: bigint;
  readonly state: State;
  readonly order: readonly number[];
}

export function linearize<State, Operation>(
  model: Model<State, Operation>,
  history: readonly Timed<Operation>[],
  budget: number = usualBudget,
): Linearization {
  // Those that must be over soonest are tried first; the last tried come off the stack first.
  const byEnd = history.map((_, index) => index).sort((a, b) => history[b]!.to - history[a]!.to);
  const seen = new Set<string>();
  const open: Place<State>[] = [{ done: 0n, state: model.init, order: [] }];
  let furthest: readonly number[] = [];
  let moves = 0;

  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    const { done, state, order } = place;
    if (order.length > furthest.length) furthest = order;
    const ends = endOfNext(history, done);
    if (ends === undefined) return { verdict: 'linearizable', order };
    for (const index of byEnd) {
      const bit = 1n << BigInt(index);
      const { operation, from, optional } = history[index]!;
      // What began after another had ended comes after it.
      if ((done & bit) !== 0n || from > ends) continue;
      moves += 1;
      if (moves > budget) return { verdict: 'spent', order: furthest };
      for (const next of model.step(state, operation)) {
        const described = model.describe(next);
        const key = `${done | bit} ${described}`;
        // What need not have happened and changes nothing, explains nothing.
        if (seen.has(key) || (optional === true && described === model.describe(state))) continue;
        seen.add(key);
        open.push({ done: done | bit, state: next, order: [...order, index] });
      }
    }
  }
  return { verdict: 'not', order: furthest };
}

/** When the first of those still to come must have happened; `undefined` where none must. */
function endOfNext(history: readonly Timed<unknown>[], done: bigint): number | undefined {
  let end: number | undefined;
  for (const [index, { to, optional }] of history.entries())
    if (optional !== true && (done & (1n << BigInt(index))) === 0n && (end === undefined || to < end)) end = to;
  return end;
}
