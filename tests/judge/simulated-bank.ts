/**
 * A correct bank that is simulated: products are lists of versions, and what a read shows is any version that a lawful reading of
 * the document lets it show. Written from the document and the readings alone.
 */
import { randomUUID } from 'node:crypto';

export interface Habits {
  /** Declared; replicas show what they like within it. */
  readonly settleMs: number | undefined;
  /** Not declared: each view lags by so much at most, and never goes back. */
  readonly lateMs: number;
  readonly opening: 'at once' | 'soon' | 'slowly';
  /** Share of products that end INVALID or REJECTED instead of opening, and whether those vanish. */
  readonly ends: number;
  readonly endedVanish: boolean;
  /** Share of products that the bank blocks and frees by its own hand, again and again. */
  readonly hand: number;
  readonly again: 'accepted' | 'refused';
  readonly unopenedClosable: boolean;
  /** Share of closes with which another product of the customer closes. */
  readonly bound: number;
  /** One open product a code and customer; a second create is refused, or answered with the open one's id. */
  readonly limit: 'none' | 'refused' | 'answered';
  readonly empty: 200 | 403 | 404;
  readonly clockMs: number;
  /** The stamping clocks lie so far apart at most. */
  readonly skewMs: number;
  readonly digits: 0 | 1 | 3 | 6 | 9;
  readonly listDigits: 'same' | 'none';
  readonly trimmed: boolean;
  readonly rounding: 'down' | 'nearest';
  readonly zones: readonly string[];
  readonly letters: 'lower' | 'upper' | 'either';
  readonly iban: 'never' | 'always' | 'while open' | 'by get';
  readonly lean: boolean;
  /** How long the bank waits between what it does by its own hand, at least and at most. */
  readonly handMs: readonly [number, number];
  /** A close takes effect so long after its answer at most; no more than the settle time. */
  readonly closeLateMs: number;
  /** The IBAN and the currency are shown so long after a product was made. */
  readonly propertiesLateMs: number;
  /** Each change has a clock of its own, and nobody sees to it that modifiedOn does not go back. */
  readonly clocksApart: boolean;
  /** Digits change from answer to answer. */
  readonly anyDigits: boolean;
}

export interface State {
  readonly status: string;
  readonly modifiedOn: number;
  readonly openedOn?: number;
  readonly closedOn?: number;
  readonly gone?: true;
}

interface Version {
  /** From then on it may be shown; from `settled` on it must be. */
  readonly at: number;
  settled: number;
  readonly state: State;
}

export interface SimulatedProduct {
  readonly id: string;
  readonly customer: string;
  readonly code: string;
  readonly createdOn: number;
  readonly iban: string;
  readonly versions: Version[];
  /** Some answer showed it. */
  shown: boolean;
}

export type Random = () => number;
export type View = 'get' | 'list';
export type Filters = readonly (readonly [name: string, value: string])[];

const types: Readonly<Record<string, string>> = {
  WALLET: 'CASH',
  BALANCE_ACCOUNT: 'CASH',
  DEPOSITORY_ACCOUNT: 'DEPOSITORY',
  CURRENCY_WALLET: 'WALLET',
};
/** How often the bank moves a product by its own hand. */
const handsAtMost = 12;
const latestVanishing = 30_000;
const epoch = Date.UTC(2026, 9, 24, 23, 58);

export type SimulatedBank = ReturnType<typeof startBank>;

/** @param later runs something at a later time of the simulation */
export function startBank(habits: Habits, random: Random, later: (at: number, run: () => void) => void) {
  const products: SimulatedProduct[] = [];
  const lags = new Map<string, number>();
  const dues = new Map<SimulatedProduct, number>();
  let accounts = 0;

  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const chance = (share: number): boolean => random() < share;
  const stamp = (at: number): number => epoch + habits.clockMs + at + (random() - 0.5) * habits.skewMs;
  const settling = (at: number): number => at + (habits.settleMs ?? 0);
  const truth = (product: SimulatedProduct): State => product.versions.at(-1)!.state;

  function change(product: SimulatedProduct, at: number, over: Partial<State>, settled = settling(at)): void {
    const before = truth(product);
    // Of one status the stamps do not go back (rule 4).
    const alike = product.versions
      .filter(({ state }) => state.status === (over.status ?? before.status))
      .map(({ state }) => state.modifiedOn);
    const modifiedOn = Math.max(stamp(at), ...(habits.clocksApart ? alike : [before.modifiedOn]));
    product.versions.push({ at, settled, state: { ...before, modifiedOn, ...over } });
  }

  function plan(product: SimulatedProduct, at: number): void {
    const ends = chance(habits.ends);
    const opensAt = at + (habits.opening === 'soon' ? random() * 200 : 200 + random() * 6_000);
    if (habits.opening !== 'at once' || ends)
      later(opensAt, () => {
        if (truth(product).status === 'CLOSED') return;
        if (!ends) change(product, opensAt, { status: 'ACTIVE', openedOn: stamp(opensAt) });
        else {
          change(product, opensAt, { status: pick(['INVALID', 'REJECTED']) });
          if (habits.endedVanish) vanishLater(product, opensAt);
        }
      });
    if (chance(habits.hand)) handLater(product, at, handsAtMost);
  }

  /** Not before anybody saw it: what nobody ever saw, nobody can tell from what was never made. */
  function vanishLater(product: SimulatedProduct, at: number): void {
    const vanishes = at + random() * 2_000;
    if (at > latestVanishing) return;
    later(vanishes, () => (product.shown ? change(product, vanishes, { gone: true }) : vanishLater(product, vanishes)));
  }

  function handLater(product: SimulatedProduct, at: number, left: number): void {
    if (left === 0) return;
    const [least, most] = habits.handMs;
    const moves = at + least + random() * (most - least);
    later(moves, () => {
      const { status } = truth(product);
      if (['ACTIVE', 'BLOCKED', 'RESTRICTED', 'INACTIVE'].includes(status)) {
        change(product, moves, { status: status === 'ACTIVE' ? pick(['BLOCKED', 'RESTRICTED', 'INACTIVE']) : 'ACTIVE' });
        handLater(product, moves, left - 1);
      }
    });
  }

  function make(customer: string, code: string, at: number, settled = settling(at)): SimulatedProduct {
    const createdOn = stamp(at);
    const open = habits.opening === 'at once' && !chance(habits.ends);
    const product: SimulatedProduct = {
      id: randomUUID(),
      customer,
      code,
      createdOn,
      iban: ibanOf(++accounts),
      shown: false,
      versions: [
        {
          at,
          settled,
          state: open
            ? { status: 'ACTIVE', modifiedOn: createdOn, openedOn: createdOn }
            : { status: pick(['RECEIVED', 'PENDING']), modifiedOn: createdOn },
        },
      ],
    };
    products.push(product);
    if (open) {
      if (chance(habits.hand)) handLater(product, at, handsAtMost);
    } else plan(product, at);
    return product;
  }

  /** Which version a read at `at` shows: of what it may show any, of what it must show the newest. */
  function seen(product: SimulatedProduct, at: number, view: string): State | undefined {
    const { versions } = product;
    let newest = -1;
    let oldest = -1;
    const until = habits.settleMs === undefined ? at - lagOf(view) : at;
    versions.forEach((version, index) => {
      if (version.at <= until) newest = index;
      if (version.settled <= at) oldest = index;
    });
    const index = habits.settleMs === undefined ? newest : oldest + Math.floor(random() * (newest - oldest + 1));
    const state = versions[index]?.state;
    return state?.gone ? undefined : state;
  }

  function lagOf(view: string): number {
    if (habits.lateMs === 0) return 0;
    const known = lags.get(view);
    if (known !== undefined) return known;
    const lag = random() * habits.lateMs;
    lags.set(view, lag);
    return lag;
  }

  const spell = (id: string): string =>
    habits.letters === 'lower' || (habits.letters === 'either' && chance(0.5)) ? id : id.toUpperCase();

  function write(at: number, view: View): string {
    const digits = habits.anyDigits ? pick([habits.digits, 0, 3]) : view === 'list' && habits.listDigits === 'none' ? 0 : habits.digits;
    const unit = 10 ** Math.min(digits, 6);
    const units = habits.rounding === 'down' || digits >= 6 ? Math.floor((at / 1000) * unit) : Math.round((at / 1000) * unit);
    const zone = pick(habits.zones);
    const offset = zone === 'Z' ? 0 : (zone.startsWith('-') ? -1 : 1) * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4))) * 60;
    const seconds = new Date((Math.floor(units / unit) + offset) * 1000).toISOString().slice(0, 19);
    let fraction = String(units % unit)
      .padStart(Math.min(digits, 6), '0')
      .padEnd(digits, '0');
    if (habits.trimmed) fraction = fraction.replace(/0+$/, '');
    return `${seconds}${digits === 0 || fraction === '' ? '' : `.${fraction}`}${zone}`;
  }

  function present(product: SimulatedProduct, state: State, view: View, at: number): Record<string, unknown> {
    product.shown = true;
    const isComplete = at >= product.versions[0]!.at + habits.propertiesLateMs;
    const rich = !(habits.lean && view === 'list');
    const showsIban =
      isComplete &&
      types[product.code] === 'CASH' &&
      (habits.iban === 'always' ||
        (habits.iban === 'while open' && state.status !== 'CLOSED') ||
        (habits.iban === 'by get' && view === 'get'));
    return {
      customerProductId: spell(product.id),
      productCode: product.code,
      productType: types[product.code],
      status: state.status,
      createdOn: write(product.createdOn, view),
      modifiedOn: write(state.modifiedOn, view),
      ...(rich && {
        ...(isComplete && { currency: 'EUR' }),
        proxyIds: [spell(product.id), spell(product.iban.length > 0 ? product.customer : '')].sort(() => random() - 0.5),
      }),
      ...(rich && state.openedOn !== undefined && { openedOn: write(state.openedOn, view) }),
      ...(state.closedOn !== undefined && { closedOn: write(state.closedOn, view) }),
      ...(showsIban && { accountData: { iban: product.iban, modifiedOn: write(state.modifiedOn, view), availableBalance: random() } }),
      ...(chance(0.3) && { nickname: 'mine' }),
    };
  }

  return {
    products,
    make,
    change,
    truth,
    /** @returns the status of the answer, and the id of the product made or found */
    create(customer: string, code: string, at: number, answeredAt: number): { readonly status: number; readonly id?: string } {
      const open = products.find(
        (product) =>
          product.customer === customer && product.code === code && !['CLOSED', 'INVALID', 'REJECTED'].includes(truth(product).status),
      );
      if (habits.limit !== 'none' && open !== undefined)
        return habits.limit === 'answered' ? { status: 200, id: spell(open.id) } : { status: 409 };
      return { status: 200, id: spell(make(customer, code, at, settling(answeredAt)).id) };
    },
    close(id: string, at: number, answeredAt: number): number {
      const product = products.find((each) => each.id === id.toLowerCase());
      if (product === undefined || truth(product).gone) return 404;
      const { status } = truth(product);
      if (status === 'CLOSED') return habits.again === 'accepted' ? 200 : 409;
      if (status !== 'ACTIVE' && !habits.unopenedClosable) return 409;
      if (['INVALID', 'REJECTED'].includes(status)) return 409;
      if (habits.closeLateMs > 0) {
        const due = Math.min(dues.get(product) ?? Number.POSITIVE_INFINITY, settling(answeredAt));
        dues.set(product, due);
        const takesEffect = answeredAt + random() * habits.closeLateMs;
        later(takesEffect, () => {
          if (['CLOSED', 'INVALID', 'REJECTED'].includes(truth(product).status)) return;
          change(product, takesEffect, { status: 'CLOSED', closedOn: stamp(takesEffect) }, due);
        });
        return 200;
      }
      change(product, at, { status: 'CLOSED', closedOn: stamp(at) }, settling(answeredAt));
      if (chance(habits.bound)) {
        const sibling = products.find((each) => each.customer === product.customer && truth(each).status === 'ACTIVE');
        if (sibling !== undefined) change(sibling, at, { status: 'CLOSED', closedOn: stamp(at) }, settling(answeredAt));
      }
      return 200;
    },
    get(id: string, at: number): Record<string, unknown> | undefined {
      const product = products.find((each) => each.id === id.toLowerCase());
      const state = product && seen(product, at, 'get');
      return state && present(product, state, 'get', at);
    },
    list(customer: string, filters: Filters, at: number): readonly Record<string, unknown>[] | number {
      const own = products.filter((product) => product.customer === customer);
      const shown = own.flatMap((product) => {
        const state = seen(product, at, 'list');
        // What a list is filtered by may be an index that keeps its own pace.
        const indexed =
          filters.length === 0
            ? state
            : seen(
                product,
                at,
                filters
                  .map(([name]) => name)
                  .sort()
                  .join(),
              );
        if (state === undefined || indexed === undefined) return [];
        const matches = filters.every(([name, value]) => {
          if (name === 'status') return indexed.status === value;
          if (name === 'productCode') return product.code === value;
          if (name === 'productType') return types[product.code] === value;
          return types[product.code] === 'CASH' && product.iban === value;
        });
        return matches ? [present(product, state, 'list', at)] : [];
      });
      const isEmpty = own.every((product) => product.versions[0]!.at > at);
      return isEmpty && habits.empty !== 200 ? habits.empty : shown.sort(() => random() - 0.5);
    },
  };
}

/** German accounts with right check digits. */
function ibanOf(number: number): string {
  const account = `37040044${String(number).padStart(10, '0')}`;
  const rest = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(rest).padStart(2, '0')}${account}`;
}
