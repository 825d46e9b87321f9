/**
 * Faults that nobody picked: every kind of corruption crossed with every property, operation and moment, laid over the correct
 * implementation as a wrapper. Some cannot be seen by any client, or are a legitimate reading; those say why.
 */
import type { Override } from './hooks.ts';
import { changeShown, everyNth } from './overriding.ts';
import type { JsonObject } from './presentation.ts';
import type { Product } from './product.ts';

export interface Corruption {
  /** `get.status.null.always`. */
  readonly name: string;
  readonly sentence: string;
  /** Why no client can tell, or why it is allowed; absent: it must be caught. */
  readonly unobservable?: string;
  readonly apply: Override;
}

const properties = [
  'customerProductId',
  'productCode',
  'productType',
  'currency',
  'status',
  'proxyIds',
  'createdOn',
  'modifiedOn',
  'openedOn',
  'closedOn',
] as const;
type Property = (typeof properties)[number];

const optional = new Set<Property>(['currency', 'proxyIds', 'openedOn']);
/** Never change in the life of a product: an older version shows the same. */
const constant = new Set<Property>(['customerProductId', 'productCode', 'productType', 'currency', 'proxyIds', 'createdOn', 'openedOn']);

const views = ['list', 'get'] as const;
type View = (typeof views)[number];

const moments = ['always', 'closed', 'fifth'] as const;
type Moment = (typeof moments)[number];
const momentWords: Readonly<Record<Moment, string>> = { always: 'always', closed: 'once the product is closed', fifth: 'every fifth time' };

const kinds = ['drop', 'null', 'swap', 'stale', 'next', 'of-another', 'of-another-customer'] as const;
type Kind = (typeof kinds)[number];

/** What the corruption puts in place of the right value; `undefined` leaves the property out. */
type Change = (shown: JsonObject, product: Product) => unknown;

const partner: Readonly<Record<Property, Property>> = {
  customerProductId: 'productCode',
  productCode: 'productType',
  productType: 'productCode',
  currency: 'status',
  status: 'currency',
  proxyIds: 'createdOn',
  createdOn: 'modifiedOn',
  modifiedOn: 'createdOn',
  openedOn: 'modifiedOn',
  closedOn: 'createdOn',
};

const successors: Readonly<Record<string, string>> = {
  WALLET: 'CURRENCY_WALLET',
  CURRENCY_WALLET: 'WALLET',
  BALANCE_ACCOUNT: 'DEPOSITORY_ACCOUNT',
  DEPOSITORY_ACCOUNT: 'BALANCE_ACCOUNT',
  CASH: 'DEPOSITORY',
  DEPOSITORY: 'CASH',
  ACTIVE: 'CLOSED',
  CLOSED: 'ACTIVE',
  EUR: 'EUQ',
};

/** Off by one: the next moment, the next value of the enumeration, the next letter. */
function next(value: unknown): unknown {
  if (Array.isArray(value)) return value.slice(1);
  if (typeof value !== 'string') return value;
  if (/^\d{4}-/.test(value)) return new Date(Date.parse(value) + 3_600_000).toISOString();
  return successors[value] ?? `${value.slice(0, -1)}${value.endsWith('0') ? '1' : '0'}`;
}

function changeOf(kind: Kind, property: Property): Change {
  const firstShown = new Map<string, unknown>();
  let last: { readonly id: string; readonly customer: string; readonly value: unknown } | undefined;
  let lastElsewhere: typeof last;
  return (shown, product) => {
    const value = shown[property];
    switch (kind) {
      case 'drop':
        return undefined;
      case 'null':
        return value === undefined ? undefined : null;
      case 'swap':
        return value === undefined ? undefined : shown[partner[property]];
      case 'next':
        return next(value);
      case 'stale':
        if (!firstShown.has(product.id)) firstShown.set(product.id, value);
        return firstShown.get(product.id);
      case 'of-another':
      case 'of-another-customer': {
        if (last !== undefined && last.customer !== product.customer) lastElsewhere = last;
        const other = kind === 'of-another' ? last : lastElsewhere;
        last = { id: product.id, customer: product.customer, value };
        return other === undefined || other.id === product.id ? value : other.value;
      }
    }
  };
}

function corrupt(kind: Kind, property: Property, view: View, moment: Moment): Override {
  return (hooks) => {
    const change = changeOf(kind, property);
    const strikes = everyNth(5);
    return changeShown((shown, product, call) => {
      if (call.kind !== view) return shown;
      const value = change(shown, product);
      if (moment === 'closed' && product.status !== 'CLOSED') return shown;
      if (moment === 'fifth' && !strikes()) return shown;
      const { [property]: _, ...rest } = shown;
      return value === undefined ? rest : { ...rest, [property]: value };
    })(hooks);
  };
}

function whyUnobservable(kind: Kind, property: Property, moment: Moment): string | undefined {
  if (kind === 'drop' && optional.has(property)) return 'the property is optional';
  if (kind === 'stale' && constant.has(property)) return 'the property never changes';
  if (property === 'closedOn' && kind === 'stale') return moment === 'closed' ? 'it is first shown when it is set' : undefined;
  return undefined;
}

const words: Readonly<Record<Kind, string>> = {
  drop: 'left out',
  null: 'null',
  swap: "another property's value",
  stale: 'as it was first shown',
  next: 'off by one',
  'of-another': 'that of the product shown before',
  'of-another-customer': "that of another customer's product",
};

const ofProperties: readonly Corruption[] = kinds.flatMap((kind) =>
  properties.flatMap((property) =>
    views.flatMap((view) =>
      moments.map((moment): Corruption => {
        const unobservable = whyUnobservable(kind, property, moment);
        return {
          name: `${view}.${property}.${kind}.${moment}`,
          sentence: `${property} in a ${view} is ${words[kind]}, ${momentWords[moment]}.`,
          ...(unobservable === undefined ? {} : { unobservable }),
          apply: corrupt(kind, property, view, moment),
        };
      }),
    ),
  ),
);

/** Corruptions of a list as a whole. */
const listKinds: Readonly<Record<string, (products: Product[], before: Product[], elsewhere: Product[]) => Product[]>> = {
  'drop-first': (products) => products.slice(1),
  'drop-last': (products) => products.slice(0, -1),
  duplicate: (products) => (products.length === 0 ? products : [...products, products[0]!]),
  stale: (_, before) => before,
  'with-another-customers': (products, _, elsewhere) => (elsewhere.length === 0 ? products : [...products, elsewhere[0]!]),
};

const ofLists: readonly Corruption[] = Object.entries(listKinds).flatMap(([kind, change]) =>
  (['unfiltered', 'filtered'] as const).flatMap((which) =>
    (['always', 'fifth'] as const).map(
      (moment): Corruption => ({
        name: `${which}-list.${kind}.${moment}`,
        sentence: `An ${which} list is corrupted (${kind}), ${momentWords[moment]}.`,
        apply: (hooks) => {
          const strikes = everyNth(5);
          const before = new Map<string, Product[]>();
          let elsewhere: { readonly customer: string; readonly products: Product[] } | undefined;
          let other: Product[] = [];
          return {
            selectList: (customer, filters, call) => {
              const products = hooks.selectList(customer, filters, call);
              if (elsewhere !== undefined && elsewhere.customer !== customer) other = elsewhere.products;
              const key = `${customer} ${call.target}`;
              const earlier = before.get(key) ?? products;
              before.set(key, products);
              if (products.length > 0) elsewhere = { customer, products };
              const applies = (which === 'filtered') === call.query.length > 0;
              return applies && (moment === 'always' || strikes()) ? change(products, earlier, other) : products;
            },
          };
        },
      }),
    ),
  ),
);

/** Corruptions of writes: what is done late, twice, to another, or not. */
const ofWrites: readonly Corruption[] = (['always', 'fifth'] as const).flatMap((moment): Corruption[] => {
  const strike = (): (() => boolean) => (moment === 'always' ? () => true : everyNth(5));
  return [
    {
      name: `create.lost.${moment}`,
      sentence: `A create is answered and makes nothing, ${momentWords[moment]}.`,
      apply: (hooks) => {
        const strikes = strike();
        return { insert: (product, call) => (strikes() ? undefined : hooks.insert(product, call)) };
      },
    },
    {
      name: `create.twice.${moment}`,
      sentence: `A create makes two products, ${momentWords[moment]}.`,
      apply: (hooks) => {
        const strikes = strike();
        return {
          insert: (product, call) => {
            hooks.insert(product, call);
            if (strikes()) hooks.insert(hooks.newProduct(product.code, product.customer, call), call);
          },
        };
      },
    },
    {
      name: `close.lost.${moment}`,
      sentence: `A close is answered and closes nothing, ${momentWords[moment]}.`,
      apply: (hooks) => {
        const strikes = strike();
        return { applyClose: (product, call) => (strikes() ? product : hooks.applyClose(product, call)) };
      },
    },
  ];
});

export const corruptions: readonly Corruption[] = [...ofProperties, ...ofLists, ...ofWrites];
