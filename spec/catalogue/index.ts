/** The catalogue: everything an implementation must do to conform, one row a requirement, in the order of its areas. */
import type { Area, Row } from '../requirement.ts';
import { aut } from './aut.ts';
import { cls } from './cls.ts';
import { con } from './con.ts';
import { cre } from './cre.ts';
import { flt } from './flt.ts';
import { lif } from './lif.ts';
import { lst } from './lst.ts';
import { msg } from './msg.ts';
import { own } from './own.ts';
import { ref } from './ref.ts';
import { sch } from './sch.ts';
import { tim } from './tim.ts';
import { tok } from './tok.ts';

export { type ReadingId, readings } from './readings.ts';

const all = [...msg, ...tok, ...aut, ...sch, ...cre, ...lst, ...flt, ...cls, ...tim, ...lif, ...own, ...ref, ...con] as const;

/** The id of a row: `FLT-04`. A new row in its area's file is all it takes to add one. */
export type RequirementId = (typeof all)[number]['id'];

/** The ids of one area: `IdsOf<'FLT'>`. */
export type IdsOf<A extends Area> = Extract<RequirementId, `${A}-${string}`>;

export type Requirement = Row & { readonly id: RequirementId };

/** Every row, in catalogue order. */
export const rows: readonly Requirement[] = all;

const byId: ReadonlyMap<string, Requirement> = new Map(rows.map((row) => [row.id, row]));

/** Whether a text (of the command line, of a report) names a row. */
export const isRequirementId = (text: string): text is RequirementId => byId.has(text);

export function rowOf(id: RequirementId): Requirement {
  const row = byId.get(id);
  if (row === undefined) throw new Error(`Expected the id of a row of the catalogue, got ${id}; see the list command for all ids.`);
  return row;
}

export const areaOf = (id: RequirementId): Area => id.slice(0, id.indexOf('-')) as Area;
