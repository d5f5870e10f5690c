import type { PlainDate } from './plainDate.ts';
import { civilOf, dateOfCivil } from './plainDate.ts';
import { addMonths } from './dateArithmetic.ts';

/** A calendar quarter, 1 to 4. */
export interface Quarter {
  readonly year: number;
  readonly quarter: number;
}

/** A calendar half year, 1 or 2. */
export interface HalfYear {
  readonly year: number;
  readonly half: number;
}

export function quarterOf(date: PlainDate): Quarter {
  const { year, month } = civilOf(date);
  return { year, quarter: Math.ceil(month / 3) };
}

export function halfYearOf(date: PlainDate): HalfYear {
  const { year, month } = civilOf(date);
  return { year, half: Math.ceil(month / 6) };
}

/** First day of the month that holds `date`. */
export function startOfMonth(date: PlainDate): PlainDate {
  return startOfSpan(date, 1);
}

/** First day of the month after the one that holds `date`: the exclusive end of that month. */
export function nextMonth(date: PlainDate): PlainDate {
  return addMonths(startOfMonth(date), 1);
}

/** First day of the quarter that holds `date`. */
export function startOfQuarter(date: PlainDate): PlainDate {
  return startOfSpan(date, 3);
}

/** First day of the quarter after the one that holds `date`: the exclusive end of that quarter. */
export function nextQuarter(date: PlainDate): PlainDate {
  return addMonths(startOfQuarter(date), 3);
}

/** First day of the half year that holds `date`. */
export function startOfHalfYear(date: PlainDate): PlainDate {
  return startOfSpan(date, 6);
}

/** First day of the half year after the one that holds `date`: the exclusive end of that half year. */
export function nextHalfYear(date: PlainDate): PlainDate {
  return addMonths(startOfHalfYear(date), 6);
}

function startOfSpan(date: PlainDate, months: number): PlainDate {
  const { year, month } = civilOf(date);
  return dateOfCivil(year, month - ((month - 1) % months), 1);
}
