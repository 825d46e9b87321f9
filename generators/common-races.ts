/** Short races that show most of what overlapping requests show. Before a drawn race is made smaller, these are tried. */
import type { Step } from '../spec/journal.ts';

/** Shortest first. */
export function commonRaces(codes: readonly string[]): readonly (readonly Step[])[] {
  const [first, other] = [codes[0]!, codes[1 % codes.length]!];
  const create = (as: string, customer: string, code: string): Step => ({ do: 'create', as, customer, code });
  const open = (product: string): Step => ({ do: 'get', product, until: 'ACTIVE' });
  const get = (product: string): Step => ({ do: 'get', product });
  const close = (product: string): Step => ({ do: 'close', product });
  const list = (customer: string): Step => ({ do: 'list', customer });
  const together = (...branches: readonly (readonly Step[])[]): Step => ({ do: 'together', branches });
  const two = [create('p1', 'a', first), create('p2', 'a', other)];
  return [
    [
      create('p1', 'a', first),
      open('p1'),
      together([close('p1'), get('p1')], [get('p1'), get('p1')], [list('a'), get('p1')]),
      get('p1'),
      list('a'),
    ],
    [
      create('p1', 'a', first),
      open('p1'),
      together(...[1, 2, 3].map(() => [close('p1'), get('p1')]), [get('p1')]),
      get('p1'),
      list('a'),
      get('p1'),
    ],
    [...two, together([get('p1'), get('p1')], [get('p2'), get('p2')], [get('p1')], [get('p2')])],
    [
      ...two,
      open('p1'),
      open('p2'),
      together([close('p1'), get('p1')], [close('p2'), get('p2')], [list('a')]),
      get('p1'),
      get('p2'),
      list('a'),
    ],
    [...two, together([create('p3', 'a', first), list('a')], [list('a')], [close('p1'), get('p1')]), list('a'), get('p1'), get('p3')],
    [
      together(...['p1', 'p2'].map((name) => [create(name, 'a', first)]), ...['p3', 'p4'].map((name) => [create(name, 'a', other)])),
      list('a'),
      together(...['p1', 'p2', 'p3', 'p4'].map((name) => [get(name)])),
    ],
    [
      together([create('p1', 'a', first)], [create('p2', 'b', other)], [create('p3', 'a', other)], [create('p4', 'b', first)]),
      together([list('a')], [list('b')], [list('a')], [list('b')]),
      together(...['p1', 'p2', 'p3', 'p4'].map((name) => [get(name)])),
    ],
  ];
}
