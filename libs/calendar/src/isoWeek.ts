import type { PlainDate } from './plainDate.ts';
import { dateOfDayNumber, dayNumberOf } from './plainDate.ts';
import { civilOfDayNumber, dayNumberOfCivil } from './civil.ts';

/** A week of ISO 8601: Monday to Sunday, of the year that holds its Thursday. */
export interface IsoWeek {
  readonly year: number;
  readonly week: number;
}

/** Monday 1 to Sunday 7. */
export function weekdayOf(date: PlainDate): number {
  return weekdayOfDayNumber(dayNumberOf(date));
}

/** Monday of the week that holds `date`. */
export function startOfIsoWeek(date: PlainDate): PlainDate {
  const day = dayNumberOf(date);
  return dateOfDayNumber(day - weekdayOfDayNumber(day) + 1);
}

export function isoWeekOf(date: PlainDate): IsoWeek {
  const day = dayNumberOf(date);
  const thursday = day - weekdayOfDayNumber(day) + 4;
  const { year } = civilOfDayNumber(thursday);
  return { year, week: Math.floor((thursday - dayNumberOfCivil(year, 1, 1)) / 7) + 1 };
}

// Day 0, 1970-01-01, was a Thursday.
function weekdayOfDayNumber(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}
