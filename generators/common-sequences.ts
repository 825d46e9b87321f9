/**
 * Short sequences that show most of what there is to see. Before a long history is made smaller, these are tried: what any traffic
 * shows, one of them shows sooner.
 */
import type { Step } from '../spec/journal.ts';

/** Shortest first. */
export function commonSequences(codes: readonly string[]): readonly (readonly Step[])[] {
  const first = codes[0]!;
  const life = (code: string): Step[] => [
    { do: 'create', as: 'p1', customer: 'a', code },
    { do: 'get', product: 'p1' },
    { do: 'list', customer: 'a' },
    { do: 'close', product: 'p1' },
    { do: 'get', product: 'p1' },
    { do: 'list', customer: 'a' },
    { do: 'close', product: 'p1' },
    { do: 'get', product: 'p1' },
  ];
  return [[{ do: 'list', customer: 'a' }], life(first), everyCode(codes), growing(codes, 12), growing(codes, 24)];
}

/** So many products of one customer, and the list: for what does not bear growth. */
function growing(codes: readonly string[], count: number): Step[] {
  const creates = Array.from(
    { length: count },
    (_, index): Step => ({ do: 'create', as: `p${index + 1}`, customer: 'a', code: codes[index % codes.length]! }),
  );
  return [...creates, { do: 'list', customer: 'a' }, { do: 'get', product: 'p1' }, { do: 'get', product: `p${count}` }];
}

function everyCode(codes: readonly string[]): Step[] {
  const named = codes.map((code, index) => ({ code, name: `p${index + 1}` }));
  const values = (name: 'productCode' | 'status', all: readonly string[]): Step[] =>
    all.map((value) => ({ do: 'list', customer: 'a', filters: [{ name, value }] }));
  const look: Step[] = [
    { do: 'list', customer: 'a' },
    ...values('productCode', codes),
    ...values('status', ['ACTIVE', 'CLOSED']),
    ...named.map(({ name }): Step => ({ do: 'get', product: name })),
  ];
  return [
    ...named.map(({ name, code }): Step => ({ do: 'create', as: name, customer: 'a', code })),
    ...look,
    ...named.map(({ name }): Step => ({ do: 'close', product: name })),
    ...look,
  ];
}
