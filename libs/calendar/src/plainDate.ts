import type { Civil } from './civil.ts';
import { civilOfDayNumber, dayNumberOfCivil, daysInMonth } from './civil.ts';

/** A calendar day without a time zone, `2026-11-22`, years 0001 to 9999. Sorts as text. */
export type PlainDate = string;

/** Whether `value` is a day that exists: 2026-02-29, 2026-2-1, 0000-01-01 and +12026-01-01 are not. */
export function isPlainDate(value: unknown): value is PlainDate {
  return typeof value === 'string' && civilOrUndefined(value) !== undefined;
}

/** @throws RangeError when `date` is no existing day; the message never holds the value */
export function civilOf(date: PlainDate): Civil {
  const civil = civilOrUndefined(date);
  if (civil === undefined) throw new RangeError('not a date: expected an existing day as YYYY-MM-DD');
  return civil;
}

/** @throws RangeError when the year is outside 0001–9999 */
export function dateOfCivil(year: number, month: number, day: number): PlainDate {
  if (year < 1 || year > 9999) throw new RangeError('a date outside the years 0001 to 9999');
  return `${String(year).padStart(4, '0')}-${month < 10 ? '0' : ''}${month}-${day < 10 ? '0' : ''}${day}`;
}

/**
 * Days since 1970-01-01; negative before.
 *
 * @throws RangeError when `date` is no existing day
 */
export function dayNumberOf(date: PlainDate): number {
  const { year, month, day } = civilOf(date);
  return dayNumberOfCivil(year, month, day);
}

/**
 * The day that is `dayNumber` days after 1970-01-01.
 *
 * @throws RangeError outside the years 0001–9999, or when it is not an integer
 */
export function dateOfDayNumber(dayNumber: number): PlainDate {
  if (!Number.isInteger(dayNumber)) throw new RangeError('not a day number: expected an integer');
  const { year, month, day } = civilOfDayNumber(dayNumber);
  return dateOfCivil(year, month, day);
}

function civilOrUndefined(text: string): Civil | undefined {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return undefined;
  const year = digits(text, 0, 4);
  const month = digits(text, 5, 7);
  const day = digits(text, 8, 10);
  // NaN, from anything that is no digit, fails every comparison.
  const exists = year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
  return exists ? { year, month, day } : undefined;
}

// Four times faster than slicing and converting: standings are judged from thousands of dates.
function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i += 1) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}
