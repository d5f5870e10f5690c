import type { PlainDate } from './plainDate.ts';
import { civilOf, dateOfCivil, dateOfDayNumber, dayNumberOf } from './plainDate.ts';
import { daysInMonth } from './civil.ts';

/** `days` later, or earlier when negative. @throws RangeError outside the years 0001–9999 */
export function addDays(date: PlainDate, days: number): PlainDate {
  return dateOfDayNumber(dayNumberOf(date) + days);
}

/**
 * `months` later, or earlier when negative. The day is clamped to the last of the month: one month after
 * 01-31 is 02-28 or 02-29 (domain.md). So adding twice may differ from adding once: add to the first date.
 *
 * @throws RangeError outside the years 0001–9999, or when `months` is not an integer
 */
export function addMonths(date: PlainDate, months: number): PlainDate {
  if (!Number.isInteger(months)) throw new RangeError('not a number of months: expected an integer');
  const { year, month, day } = civilOf(date);
  const count = year * 12 + (month - 1) + months;
  const targetYear = Math.floor(count / 12);
  const targetMonth = count - targetYear * 12 + 1;
  return dateOfCivil(targetYear, targetMonth, Math.min(day, daysInMonth(targetYear, targetMonth)));
}

/** `years` later or earlier; 29 February becomes the 28th in a common year. */
export function addYears(date: PlainDate, years: number): PlainDate {
  return addMonths(date, years * 12);
}

/** Days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: PlainDate, to: PlainDate): number {
  return dayNumberOf(to) - dayNumberOf(from);
}

/**
 * Full years from `from` to `to`: the largest n with `addYears(from, n) <= to`, 0 when `to` is
 * earlier. A year is complete on its anniversary; one begun on 29 February on 28 February of a common year.
 */
export function fullYearsBetween(from: PlainDate, to: PlainDate): number {
  const years = civilOf(to).year - civilOf(from).year;
  if (years <= 0) return 0;
  return addYears(from, years) <= to ? years : years - 1;
}
