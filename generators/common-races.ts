/** Short races that show most of what overlapping requests show. Before a drawn race is made smaller, these are tried. */
import type { Step } from '../spec/journal.ts';
import { abreast, close, create, get, list, opened, together } from './steps.ts';

/** Shortest first. */
export function commonRaces(codes: readonly string[]): readonly (readonly Step[])[] {
  const [first, other] = [codes[0]!, codes[1 % codes.length]!];
  const two = [create('p1', 'a', first), create('p2', 'a', other)];
  return [
    [
      create('p1', 'a', first),
      opened('p1'),
      together([
        [close('p1'), get('p1')],
        [get('p1'), get('p1')],
        [list('a'), get('p1')],
      ]),
      get('p1'),
      list('a'),
    ],
    [
      create('p1', 'a', first),
      opened('p1'),
      together([...[1, 2, 3].map(() => [close('p1'), get('p1')]), [get('p1')]]),
      get('p1'),
      list('a'),
      get('p1'),
    ],
    [...two, together([[get('p1'), get('p1')], [get('p2'), get('p2')], [get('p1')], [get('p2')]])],
    [
      ...two,
      opened('p1'),
      opened('p2'),
      together([[close('p1'), get('p1')], [close('p2'), get('p2')], [list('a')]]),
      get('p1'),
      get('p2'),
      list('a'),
    ],
    [...two, together([[create('p3', 'a', first), list('a')], [list('a')], [close('p1'), get('p1')]]), list('a'), get('p1'), get('p3')],
    [
      abreast([create('p1', 'a', first), create('p2', 'a', first), create('p3', 'a', other), create('p4', 'a', other)]),
      list('a'),
      abreast(['p1', 'p2', 'p3', 'p4'].map(get)),
    ],
    [
      together([[create('p1', 'a', first)], [create('p2', 'b', other)], [create('p3', 'a', other)], [create('p4', 'b', first)]]),
      together([[list('a')], [list('b')], [list('a')], [list('b')]]),
      abreast(['p1', 'p2', 'p3', 'p4'].map(get)),
    ],
  ];
}
