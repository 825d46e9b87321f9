import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isDateTime, isUuid } from '../../spec/formats.ts';
import { compareMoments, differenceMs, type Moment, parseMoment, unitMs } from '../../spec/moment.ts';

function moment(text: string): Moment {
  const parsed = parseMoment(text);
  if (parsed === undefined) throw new Error(`Expected a moment, got ${text}.`);
  return parsed;
}

const instant = fc.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9998-12-31T23:59:59.999Z'), noInvalidDate: true });
const offset = fc.integer({ min: -23 * 60 - 59, max: 23 * 60 + 59 });
const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 15 });

/** The same instant as a clock `minutes` east of Greenwich shows it. */
function writeAt(date: Date, minutes: number): string {
  const local = new Date(date.getTime() + minutes * 60_000).toISOString().slice(0, -1);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  return `${local}${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`;
}

describe('a moment', () => {
  it.each([
    '2026-11-22T10:11:12Z',
    '2026-11-22t10:11:12z',
    '2026-11-22T10:11:12.1Z',
    '2026-11-22T10:11:12.123456789012345Z',
    '2026-11-22T10:11:12+02:00',
    '2026-11-22T10:11:12.5-23:59',
    '2026-11-22T10:11:12-00:00',
    '2024-02-29T00:00:00Z',
    '2000-02-29T00:00:00Z',
    '2016-12-31T23:59:60Z',
    '2017-01-01T01:59:60.5+02:00',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59Z',
  ])('can be written %s', (text) => {
    expect(isDateTime(text)).toBe(true);
  });

  it.each([
    '',
    '2026-11-22',
    '10:11:12Z',
    '2026-11-22T10:11:12',
    '2026-11-22 10:11:12Z',
    '2026-11-22_10:11:12Z',
    '2026-11-22T10:11Z',
    '2026-11-22T10:11:12.Z',
    '2026-11-22T10:11:12,5Z',
    '2026-11-22T10:11:12+0200',
    '2026-11-22T10:11:12+02',
    '2026-11-22T10:11:12+2:00',
    '2026-11-22T10:11:12+24:00',
    '2026-11-22T10:11:12+02:60',
    '2026-11-22T10:11:12 +02:00',
    '2026-11-22T10:11:12+02:00Z',
    '2026-11-22T10:11:12UTC',
    '2026-11-22T24:00:00Z',
    '2026-11-22T10:60:12Z',
    '2026-11-22T10:11:61Z',
    '2026-13-01T10:11:12Z',
    '2026-00-01T10:11:12Z',
    '2026-04-31T10:11:12Z',
    '2026-11-00T10:11:12Z',
    '2026-02-29T10:11:12Z',
    '1900-02-29T10:11:12Z',
    '26-11-22T10:11:12Z',
    '+002026-11-22T10:11:12Z',
    '-2026-11-22T10:11:12Z',
    '2026/11/22T10:11:12Z',
    '2026-1-22T10:11:12Z',
    ' 2026-11-22T10:11:12Z',
    '2026-11-22T10:11:12Z ',
    '2026-11-22T10:11:12Z\n',
    '٢٠٢٦-11-22T10:11:12Z',
    '1795342272',
    '1795342272000000000000',
  ])('cannot be written %j', (text) => {
    expect(isDateTime(text)).toBe(false);
    expect(isDateTime(text)).toBe(false);
  });

  it('is the instant that the calendar says, whatever the zone', () => {
    fc.assert(
      fc.property(instant, offset, (date, minutes) => {
        const { seconds, fraction } = moment(writeAt(date, minutes));
        expect(seconds * 1000 + Number(`0.${fraction || 0}`) * 1000).toBeCloseTo(date.getTime(), 3);
      }),
    );
  });

  it('has no day that the calendar does not have', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 31 }),
        (year, month, day) => {
          const two = (value: number): string => String(value).padStart(2, '0');
          const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T00:00:00Z`;
          const isReal = new Date(text).toISOString().startsWith(text.slice(0, 10));
          expect(isDateTime(text)).toBe(isReal);
        },
      ),
    );
  });

  it('is read alike by its memory, also when it has long been forgotten', () => {
    const first = moment('2026-11-22T10:11:12.120Z');
    for (let second = 0; second < 20_000; second += 1) parseMoment(new Date(second * 1000).toISOString());
    expect(moment('2026-11-22T10:11:12.120Z')).toEqual(first);
    expect(first).toEqual({ seconds: Date.UTC(2026, 10, 22, 10, 11, 12) / 1000, fraction: '12', digits: 3 });
  });
});

describe('comparing moments', () => {
  it('orders fractions exactly, beyond what a double can hold', () => {
    fc.assert(
      fc.property(digits, digits, (a, b) => {
        const [left, right] = [a.padEnd(15, '0'), b.padEnd(15, '0')];
        const order = compareMoments(moment(`2026-11-22T10:11:12.${a}Z`), moment(`2026-11-22T10:11:12.${b}Z`));
        expect(Math.sign(order)).toBe(left < right ? -1 : left > right ? 1 : 0);
      }),
    );
  });

  it('takes one moment in two zones and precisions as the same', () => {
    expect(compareMoments(moment('2026-11-22T10:11:12Z'), moment('2026-11-22T12:11:12.000+02:00'))).toBe(0);
    expect(compareMoments(moment('2026-01-01T00:30:00+01:00'), moment('2025-12-31T23:30:00Z'))).toBe(0);
  });

  it('puts second 60 after second 59 and not after the next minute', () => {
    const leap = moment('2016-12-31T23:59:60Z');
    expect(compareMoments(leap, moment('2016-12-31T23:59:59.999Z'))).toBeGreaterThan(0);
    expect(compareMoments(leap, moment('2017-01-01T00:00:00Z'))).toBe(0);
    const late = moment('2016-12-31T23:59:60.700Z');
    expect(compareMoments(late, moment('2016-12-31T23:59:59.999Z'))).toBeGreaterThan(0);
    expect(compareMoments(late, moment('2017-01-01T00:00:00.200Z'))).toBeLessThan(0);
  });

  it('is the order of instants, and its difference theirs', () => {
    fc.assert(
      fc.property(instant, instant, offset, offset, (a, b, eastOfA, eastOfB) => {
        const [left, right] = [moment(writeAt(a, eastOfA)), moment(writeAt(b, eastOfB))];
        expect(Math.sign(compareMoments(left, right))).toBe(Math.sign(a.getTime() - b.getTime()));
        expect(differenceMs(left, right)).toBeCloseTo(a.getTime() - b.getTime(), 3);
      }),
    );
  });

  it('keeps differences far below a millisecond', () => {
    expect(differenceMs(moment('2026-11-22T10:11:12.000002Z'), moment('2026-11-22T10:11:12.000001Z'))).toBeCloseTo(0.001, 9);
  });

  it('knows the unit of the precision shown', () => {
    expect(unitMs(moment('2026-11-22T10:11:12Z'))).toBe(1000);
    expect(unitMs(moment('2026-11-22T10:11:12.0Z'))).toBe(100);
    expect(unitMs(moment('2026-11-22T10:11:12.120Z'))).toBe(1);
    expect(unitMs(moment('2026-11-22T10:11:12.120000Z'))).toBe(0.001);
  });
});

describe('a UUID', () => {
  it.each([
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    '0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9',
    '00000000-0000-0000-0000-000000000000',
    'ffffffff-ffff-ffff-ffff-ffffffffffff',
  ])('is %s', (text) => {
    expect(isUuid(text)).toBe(true);
  });

  it('is any that can be drawn, of every version, in either case', () => {
    fc.assert(fc.property(fc.uuid(), fc.boolean(), (uuid, capital) => isUuid(capital ? uuid.toUpperCase() : uuid)));
  });

  it.each([
    '',
    'not-a-uuid',
    'urn:uuid:0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    '{0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9}',
    '0a1b2c3d4e5f60718293a4b5c6d7e8f9',
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f',
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9a',
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8fg',
    '0a1b2c3d4-e5f-6071-8293-a4b5c6d7e8f9',
    '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9\n',
    '0a1b2c3d_4e5f_6071_8293_a4b5c6d7e8f9',
  ])('is not %j', (text) => {
    expect(isUuid(text)).toBe(false);
  });
});
