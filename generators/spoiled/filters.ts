/** FLT-12, FLT-13, FLT-16: filter values that are none, and filters sent twice. */
import type { RequirementId } from '../../spec/catalogue/index.ts';
import type { FilterPair } from '../../spec/journal.ts';
import { productCodes, productTypes, statuses } from '../../spec/values.ts';

export type EnumeratedFilter = 'productType' | 'productCode' | 'status';

/** A list with filters that are not in the document. */
export interface SpoiledFilter {
  readonly requirement: RequirementId;
  readonly case: string;
  readonly filters: readonly FilterPair[];
  readonly extra?: true;
}

const enumerated: readonly EnumeratedFilter[] = ['status', 'productCode', 'productType'];

/** The values a filter may have: those of the facts, and those that the profile adds. */
export type Values = Readonly<Record<EnumeratedFilter, readonly string[]>>;

/** @param shown for each filter a value that products of the customer have, if any is known */
export function filtersOutsideEnumeration(shown: Partial<Record<EnumeratedFilter, string>>): SpoiledFilter[] {
  const requirement = 'FLT-12';
  return enumerated.flatMap((name): SpoiledFilter[] => {
    const value = shown[name];
    const none = `NO_SUCH_${name.toUpperCase()}`;
    const beside = enumerated.flatMap((other): FilterPair[] =>
      other === name || shown[other] === undefined ? [] : [[other, shown[other]]],
    );
    return [
      { requirement, case: `with ${name} outside the enumeration`, filters: [[name, none]] },
      ...beside.map(
        (other): SpoiledFilter => ({
          requirement,
          case: `with ${name} outside the enumeration, and a ${other[0]}`,
          filters: [[name, none], other],
          extra: true,
        }),
      ),
      { requirement, case: `with a percent sign as ${name}`, filters: [[name, '%']], extra: true },
      { requirement, case: `with an asterisk as ${name}`, filters: [[name, '*']], extra: true },
      ...(value === undefined
        ? []
        : [
            { requirement, case: `with ${name} in small letters`, filters: [[name, value.toLowerCase()]] } as const,
            {
              requirement,
              case: `with ${name} in mixed letters`,
              filters: [[name, value.charAt(0) + value.slice(1).toLowerCase()]],
              extra: true,
            } as const,
            { requirement, case: `with ${name} and a pattern`, filters: [[name, `${value.slice(0, -1)}_`]], extra: true } as const,
          ]),
    ];
  });
}

/** A value of one filter given to another, which has no such value. */
export function filtersExchanged(codes: readonly string[], types: readonly string[], values: Values): SpoiledFilter[] {
  const requirement = 'FLT-12';
  const documented: Values = { status: statuses, productCode: productCodes, productType: productTypes };
  const alien = (name: EnumeratedFilter, from: readonly string[]): string | undefined =>
    from.find((value) => ![...documented[name], ...values[name]].includes(value));
  const [code, type] = [alien('productType', codes), alien('productCode', types)];
  return [
    ...(code === undefined ? [] : [{ requirement, case: 'with a productCode as productType', filters: [['productType', code]] } as const]),
    ...(type === undefined ? [] : [{ requirement, case: 'with a productType as productCode', filters: [['productCode', type]] } as const]),
  ].map((each): SpoiledFilter => ({ ...each, extra: true }));
}

/** Prefix, suffix and parts of a value, as far as they are no values themselves. */
export function filtersWithParts(name: EnumeratedFilter, value: string, values: Values): SpoiledFilter[] {
  const words = value.split('_');
  const parts: readonly (readonly [kind: string, part: string, extra?: true])[] = [
    ['a prefix', value.slice(0, -1)],
    ['a suffix', value.slice(1)],
    ['the first letters', value.slice(0, 3), true],
    ['a part', value.slice(1, -1), true],
    ...(words.length > 1
      ? ([
          ['the first word', words[0]!],
          ['the last word', words.at(-1)!, true],
        ] as const)
      : []),
  ];
  const taken = new Set<string>([...productCodes, ...productTypes, ...statuses, ...values[name]]);
  return parts.flatMap(([kind, part, extra]) =>
    taken.has(part) || part === ''
      ? []
      : [{ requirement: 'FLT-13' as const, case: `with ${kind} of a ${name}`, filters: [[name, part]] as const, ...(extra && { extra }) }],
  );
}

/** One filter twice, in both orders, and once more. */
export function repeatedFilters(name: EnumeratedFilter, one: string, other: string): SpoiledFilter[] {
  const twice = (first: string, second: string): readonly FilterPair[] => [
    [name, first],
    [name, second],
  ];
  return [
    { requirement: 'FLT-16', case: `with ${name} twice`, filters: twice(one, other) },
    { requirement: 'FLT-16', case: `with ${name} twice, the other way round`, filters: twice(other, one) },
    { requirement: 'FLT-16', case: `with ${name} twice, again`, filters: twice(one, other) },
  ];
}
