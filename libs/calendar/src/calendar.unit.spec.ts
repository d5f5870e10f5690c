import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  addDays,
  addMonths,
  addYears,
  dateOf,
  dateOfDayNumber,
  dayNumberOf,
  daysBetween,
  fullYearsBetween,
  halfYearOf,
  isPlainDate,
  isoWeekOf,
  nextHalfYear,
  nextMonth,
  nextQuarter,
  quarterOf,
  startOfDay,
  startOfHalfYear,
  startOfIsoWeek,
  startOfMonth,
  startOfQuarter,
  weekdayOf,
} from './index.ts';

// The independent source: the engine's own UTC calendar.
const FIRST = Date.UTC(2001, 0, 1) - 86_400_000 * 730_485; // 0001-01-01: Date.UTC reads years below 100 as 19xx
const LAST = Date.UTC(9999, 11, 31);
const iso = (millis: number) => new Date(millis).toISOString().slice(0, 10);
const utcOf = (date: string) => Date.parse(`${date}T00:00:00.000Z`);

const days = fc.integer({ min: FIRST / 86_400_000, max: LAST / 86_400_000 });
const dates = days.map((day) => iso(day * 86_400_000));
const recentDates = fc
  .integer({ min: Date.UTC(1960, 0, 1) / 86_400_000, max: Date.UTC(2100, 0, 1) / 86_400_000 })
  .map((day) => iso(day * 86_400_000));
const later = fc.integer({ min: 0, max: 60 });

describe('plain dates', () => {
  it('a date is refused unless its day exists, in the years 0001 to 9999', () => {
    for (const good of ['0001-01-01', '9999-12-31', '2024-02-29', '2000-02-29', '2026-11-22']) {
      expect([good, isPlainDate(good)]).toEqual([good, true]);
    }
    const bad: unknown[] = [
      '0000-01-01',
      '2026-02-29',
      '1900-02-29',
      '2026-04-31',
      '2026-00-10',
      '2026-13-01',
      '2026-01-00',
      '2026-1-1',
      '2026-11-22T00:00:00Z',
      '+02026-01-1',
      '２０２６-01-01',
      '2026-01-01\n',
      '2026-0:-01',
      '2026-01-0:',
      '2026-01-1/',
      '202:-01-01',
      '2026/01/01',
      '',
      20261122,
      null,
      undefined,
    ];
    for (const value of bad) expect([value, isPlainDate(value)]).toEqual([value, false]);
  });

  it('what is a date is what the UTC calendar reads and writes the same', () => {
    const parts = fc.tuple(
      fc.integer({ min: 0, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
    );
    fc.assert(
      fc.property(parts, ([year, month, day]) => {
        const text = [
          String(year).padStart(4, '0'),
          String(month).padStart(2, '0'),
          String(day).padStart(2, '0'),
        ].join('-');
        const millis = utcOf(text);
        expect(isPlainDate(text)).toBe(year > 0 && !Number.isNaN(millis) && iso(millis) === text);
      }),
      { numRuns: 500 },
    );
  });

  it('day numbers are those of the UTC calendar, both ways', () => {
    fc.assert(
      fc.property(days, (day) => {
        expect(dateOfDayNumber(day)).toBe(iso(day * 86_400_000));
        expect(dayNumberOf(iso(day * 86_400_000))).toBe(day);
      }),
      { numRuns: 500 },
    );
    expect(() => dateOfDayNumber(FIRST / 86_400_000 - 1)).toThrow(RangeError);
    expect(() => dateOfDayNumber(LAST / 86_400_000 + 1)).toThrow(RangeError);
    expect(() => dayNumberOf('2026-02-30')).toThrow('expected an existing day as YYYY-MM-DD');
  });

  it('adding days and counting them are inverse', () => {
    fc.assert(
      fc.property(recentDates, fc.integer({ min: -20_000, max: 20_000 }), (date, n) => {
        expect(addDays(date, n)).toBe(iso(utcOf(date) + n * 86_400_000));
        expect(daysBetween(date, addDays(date, n))).toBe(n);
      }),
      { numRuns: 300 },
    );
  });

  it('adding months clamps the day to the last of the month', () => {
    expect(addMonths('2026-08-31', -6)).toBe('2026-02-28');
    expect(addMonths('2024-08-31', -6)).toBe('2024-02-29');
    expect(addMonths('2026-01-31', 1)).toBe('2026-02-28');
    expect(addMonths('2026-12-31', -13)).toBe('2025-11-30');
    fc.assert(
      fc.property(recentDates, fc.integer({ min: -600, max: 600 }), (date, n) => {
        const at = new Date(utcOf(date));
        const lastOfTarget = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + n + 1, 0));
        const day = Math.min(at.getUTCDate(), lastOfTarget.getUTCDate());
        const expected = Date.UTC(lastOfTarget.getUTCFullYear(), lastOfTarget.getUTCMonth(), day);
        expect(addMonths(date, n)).toBe(iso(expected));
      }),
      { numRuns: 500 },
    );
  });

  it('R-020 a year is complete on its anniversary, one begun on 29 February on the 28th', () => {
    expect(addYears('2024-02-29', 1)).toBe('2025-02-28');
    expect(addYears('2024-02-29', 4)).toBe('2028-02-29');
    expect(fullYearsBetween('2024-02-29', '2026-02-27')).toBe(1);
    expect(fullYearsBetween('2024-02-29', '2026-02-28')).toBe(2);
    expect(fullYearsBetween('2024-02-29', '2028-02-28')).toBe(3);
    expect(fullYearsBetween('2024-11-22', '2026-11-21')).toBe(1);
    expect(fullYearsBetween('2024-11-22', '2026-11-22')).toBe(2);
    expect(fullYearsBetween('2026-11-22', '2024-11-22')).toBe(0);
  });

  it('R-020 full years are the anniversaries that have passed', () => {
    fc.assert(
      fc.property(recentDates, later, fc.integer({ min: 0, max: 365 }), (from, years, extra) => {
        const to = addDays(addYears(from, years), extra);
        let anniversaries = 0;
        const start = new Date(utcOf(from));
        for (;;) {
          const lastDay = new Date(
            Date.UTC(start.getUTCFullYear() + anniversaries + 1, start.getUTCMonth() + 1, 0),
          );
          const next = Date.UTC(
            lastDay.getUTCFullYear(),
            lastDay.getUTCMonth(),
            Math.min(start.getUTCDate(), lastDay.getUTCDate()),
          );
          if (next > utcOf(to)) break;
          anniversaries += 1;
        }
        expect(fullYearsBetween(from, to)).toBe(anniversaries);
      }),
      { numRuns: 300 },
    );
  });
});

describe('periods', () => {
  it('every date lies in its own month, quarter and half year, which end where the next begins', () => {
    fc.assert(
      fc.property(recentDates, (date) => {
        const month = Number(date.slice(5, 7));
        expect(quarterOf(date)).toEqual({
          year: Number(date.slice(0, 4)),
          quarter: [1, 2, 3, 4][Math.floor((month - 1) / 3)],
        });
        expect(halfYearOf(date)).toEqual({ year: Number(date.slice(0, 4)), half: month <= 6 ? 1 : 2 });
        for (const [start, next, months] of [
          [startOfMonth, nextMonth, 1],
          [startOfQuarter, nextQuarter, 3],
          [startOfHalfYear, nextHalfYear, 6],
        ] as const) {
          expect(start(date) <= date && date < next(date)).toBe(true);
          expect(start(date).slice(8)).toBe('01');
          expect((Number(start(date).slice(5, 7)) - 1) % months).toBe(0);
          expect(start(next(date))).toBe(next(date));
          expect(next(addDays(next(date), -1))).toBe(next(date));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('ISO weeks start on Monday and belong to the year of their Thursday', () => {
    expect(isoWeekOf('2026-01-01')).toEqual({ year: 2026, week: 1 });
    expect(isoWeekOf('2027-01-03')).toEqual({ year: 2026, week: 53 });
    expect(isoWeekOf('2024-12-30')).toEqual({ year: 2025, week: 1 });
    fc.assert(
      fc.property(recentDates, (date) => {
        const weekday = new Date(utcOf(date)).getUTCDay();
        expect(weekdayOf(date)).toBe(weekday === 0 ? 7 : weekday);
        expect(new Date(utcOf(startOfIsoWeek(date))).getUTCDay()).toBe(1);
        const thursday = addDays(startOfIsoWeek(date), 3);
        const ordinal = (utcOf(thursday) - utcOf(`${thursday.slice(0, 4)}-01-01`)) / 86_400_000;
        expect(isoWeekOf(date)).toEqual({
          year: Number(thursday.slice(0, 4)),
          week: Math.floor(ordinal / 7) + 1,
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('Asia/Shanghai', () => {
  it('a day starts at 00:00 +08:00 and holds every instant up to the next', () => {
    expect(startOfDay('2026-07-01')).toBe(Date.parse('2026-07-01T00:00:00+08:00'));
    expect(dateOf(Date.parse('2026-06-30T15:59:59.999Z'))).toBe('2026-06-30');
    expect(dateOf(Date.parse('2026-06-30T16:00:00.000Z'))).toBe('2026-07-01');
    fc.assert(
      fc.property(dates, fc.integer({ min: 0, max: 86_399_999 }), (date, offset) => {
        expect(dateOf(startOfDay(date) + offset)).toBe(date);
      }),
      { numRuns: 300 },
    );
  });

  it('is what the time zone data says from 1992 on', () => {
    const zone = new Intl.DateTimeFormat('en-CA', {
      timeZone: 'Asia/Shanghai',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
    });
    fc.assert(
      fc.property(fc.integer({ min: Date.UTC(1992, 0, 1), max: Date.UTC(2099, 0, 1) }), (instant) => {
        expect(dateOf(instant)).toBe(zone.format(instant));
      }),
      { numRuns: 200 },
    );
  });
});
