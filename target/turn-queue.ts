/** Those who wait for a turn, in the order in which they get it. */

export interface TurnQueue<Each> {
  readonly isEmpty: boolean;
  /** Who is next; stays so until taken away, or until somebody comes to the front. */
  readonly next: Each | undefined;
  /** Takes away who is next. */
  shift(): Each | undefined;
  /** `front`: next of all. `ahead`: before those at the back, but for every second turn, so that nobody waits without end. */
  add(each: Each, place: 'front' | 'ahead' | 'back'): void;
  /** Takes away all. */
  clear(): Each[];
}

export const createTurnQueue = <Each>(): TurnQueue<Each> => {
  const front: Each[] = [];
  const ahead: Each[] = [];
  const back: Each[] = [];
  let wasAhead = false;

  const choose = (): Each[] => {
    if (front.length > 0) return front;
    return ahead.length > 0 && (back.length === 0 || !wasAhead) ? ahead : back;
  };

  return {
    get isEmpty() {
      return front.length + ahead.length + back.length === 0;
    },
    get next() {
      return choose()[0];
    },
    shift() {
      const line = choose();
      if (line !== front) wasAhead = line === ahead;
      return line.shift();
    },
    add(each, place) {
      if (place === 'front') front.unshift(each);
      else (place === 'ahead' ? ahead : back).push(each);
    },
    clear: () => [...front.splice(0), ...ahead.splice(0), ...back.splice(0)],
  };
};
