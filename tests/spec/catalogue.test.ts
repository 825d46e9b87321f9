import { describe, expect, it } from 'vitest';
import { areaOf, type IdsOf, isRequirementId, readings, rowOf, rows } from '../../spec/catalogue/index.ts';
import { areas, levels } from '../../spec/requirement.ts';

/** What a sentence about the target never needs: it is no wish, no command and no question. */
const wishful = /\b(should|must|may|shall|will|ought)\b/i;

describe('rows', () => {
  it('have ids of their own, numbered without gaps within each area, in the order of the areas', () => {
    const expected = areas.flatMap((area) =>
      rows.filter(({ id }) => areaOf(id) === area).map((_, index) => `${area}-${String(index + 1).padStart(2, '0')}`),
    );
    // No row is ever taken away: reports of years ago name them.
    expect(rows.length).toBeGreaterThanOrEqual(163);
    expect(rows.map((row) => row.id)).toEqual(expected);
  });

  it.each(rows)('$id reads as one sentence in the present tense', ({ title }) => {
    expect(title).toMatch(/^[A-Za-z].*[^.]\.$/);
    expect(title.slice(0, -1)).not.toMatch(/\.\s|[!?]/);
    expect(title).not.toMatch(wishful);
    expect(title.length).toBeLessThanOrEqual(140);
  });

  it('have titles of their own', () => {
    expect(new Set(rows.map((row) => row.title)).size).toBe(rows.length);
  });

  it.each(rows)('$id says when it applies and what shows it, each in a clause', ({ level, premise, witness, source }) => {
    expect(levels).toContain(level);
    for (const clause of [premise.text, witness]) expect(clause).toMatch(/^(?![A-Z][a-z]).{10,}[^.]$/);
    expect(source).not.toContain('*');
    expect(source).not.toBe('');
  });

  it('are MUST only by the document, the owner, a named RFC or a consequence of these', () => {
    const bySomethingElse = rows.filter(({ level, source }) => level === 'MUST' && !/\b(DOC|OWNER|MODEL|RFC \d{4} §)/.test(source));
    expect(bySomethingElse).toEqual([]);
  });

  it('are implied by other rows that are there, and never by themselves or in a circle', () => {
    const implies = (id: string, seen: readonly string[] = []): readonly string[] =>
      seen.includes(id)
        ? [id]
        : ((isRequirementId(id) ? rowOf(id).impliedBy : undefined) ?? []).flatMap((other) => [other, ...implies(other, [...seen, id])]);
    for (const row of rows) {
      for (const other of row.impliedBy ?? []) expect(isRequirementId(other), `${row.id} by ${other}`).toBe(true);
      expect(implies(row.id), row.id).not.toContain(row.id);
    }
  });

  it('that every target must meet are what a plain implementation of the document offers', () => {
    const unconditional = rows.filter(({ level, premise }) => level === 'MUST' && premise.kind === 'always').map(({ id }) => id);
    // Left open by the document or by HTTP: tokens, IBANs, currencies, entity tags, business limits, given customers.
    for (const open of [
      'MSG-09',
      'MSG-12',
      'MSG-15',
      'MSG-23',
      'SCH-11',
      'FLT-08',
      'FLT-15',
      'LST-04',
      'LST-05',
      'CLS-16',
      'OWN-01',
      'OWN-02',
      'REF-11',
    ])
      expect(unconditional).not.toContain(open);
    expect(unconditional.some((id) => /^(TOK|AUT)/.test(id))).toBe(false);
    expect(rows.filter(({ level, premise }) => level === 'MAY' && premise.kind === 'always')).toEqual([]);
  });
});

describe('looking up', () => {
  it('finds a row and its area by id', () => {
    const id: IdsOf<'FLT'> = 'FLT-04';
    expect(rowOf(id).title).toContain('productType');
    expect(areaOf(id)).toBe('FLT');
    expect(rows.every((row) => row.id.startsWith(areaOf(row.id)))).toBe(true);
  });

  it('tells the id of a row from any other text', () => {
    expect(['FLT-04', 'FLT-99', 'FLT', 'flt-04', '', '__proto__'].filter(isRequirementId)).toEqual(['FLT-04']);
  });
});

describe('readings', () => {
  it('are the 27 of the table, each with an id of its own', () => {
    expect(new Set(readings.map(({ id }) => id)).size).toBe(27);
    expect(readings).toHaveLength(27);
    for (const { id } of readings) expect(id).toMatch(/^R-[A-Z0-9]+$/);
  });

  it('say in a sentence what is accepted', () => {
    for (const { title, accepted } of readings) {
      expect(title).not.toMatch(/\.$/);
      expect(accepted).toMatch(/^.{8,}[^.]\.$/);
    }
  });

  it('warn by rows that are there', () => {
    for (const { id, warns } of readings) for (const row of warns) expect(isRequirementId(row), `${id} warns ${row}`).toBe(true);
  });

  it('say that there is a warning where, and only where, they name the rows that carry it', () => {
    const silent = ['R-AGAIN', 'R-UNKNOWN', 'R-CUSTOMER', 'R-CLOSEBODY'];
    for (const { id, accepted, warns } of readings) {
      if (!silent.includes(id)) expect(accepted.includes('warning'), id).toBe(warns.length > 0);
    }
  });
});
