/** A product as a register: made once, closed once, and read. What a bank does with it by its own hand (opening, blocking) does not show here. */
import { isSameMoment } from '../generators/model/product.ts';
import type { Moment } from '../spec/moment.ts';
import type { Model } from './linearizability.ts';

export type RegisterState =
  | { readonly is: 'absent' | 'open' }
  /** `closedOn` is absent until a read has shown it. */
  | { readonly is: 'closed'; readonly closedOn?: Moment };

/**
 * What was done to it. A refused create or close does nothing, and is left out of a history.
 * - `close`: of an open one closes it, of a closed one changes nothing (R-AGAIN)
 * - `read`: by its id or in a list
 */
export type RegisterOperation =
  | { readonly do: 'create' | 'close' }
  | { readonly do: 'read'; readonly shows: 'absent' | 'open' | 'closed'; readonly closedOn?: Moment };

const nowhere: readonly RegisterState[] = [];

export const register: Model<RegisterState, RegisterOperation> = {
  init: { is: 'absent' },
  step(state, operation) {
    switch (operation.do) {
      case 'create':
        return state.is === 'absent' ? [{ is: 'open' }] : nowhere;
      case 'close':
        if (state.is === 'absent') return nowhere;
        return state.is === 'open' ? [{ is: 'closed' }] : [state];
      case 'read': {
        const { shows, closedOn } = operation;
        if (shows !== state.is) return nowhere;
        if (state.is !== 'closed' || closedOn === undefined) return [state];
        if (state.closedOn === undefined) return [{ is: 'closed', closedOn }];
        return isSameMoment(state.closedOn, closedOn) ? [state] : nowhere;
      }
    }
  },
  describe: (state) => (state.is === 'closed' ? `closed ${state.closedOn === undefined ? '' : JSON.stringify(state.closedOn)}` : state.is),
};
