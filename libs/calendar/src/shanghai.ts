import type { PlainDate } from './plainDate.ts';
import { dateOfDayNumber, dayNumberOf } from './plainDate.ts';

/**
 * Business days are those of Asia/Shanghai, taken as UTC+08:00 always.
 *
 * That is exact from 1991-09-15 on. The zone had summer time (+09:00) in parts of 1986 to 1991 and of the
 * 1940s, and local mean time (+08:05:43) before 1901: there a day's start is up to an hour off the official
 * one. Business facts of that age are plain dates without an instant, so no rule sees the difference; and
 * replay must not depend on which time zone data a machine has installed.
 */
const OFFSET_MILLIS = 8 * 3_600_000;
const DAY_MILLIS = 86_400_000;

/** 00:00 in Shanghai of `date`, in milliseconds since 1970-01-01T00:00:00Z. */
export function startOfDay(date: PlainDate): number {
  return startOfDayNumber(dayNumberOf(date));
}

/** The day in Shanghai at an instant in milliseconds since 1970-01-01T00:00:00Z. */
export function dateOf(instant: number): PlainDate {
  return dateOfDayNumber(dayNumberAt(instant));
}

/** 00:00 in Shanghai of the day with this number (days since 1970-01-01), in epoch milliseconds. */
export function startOfDayNumber(dayNumber: number): number {
  return dayNumber * DAY_MILLIS - OFFSET_MILLIS;
}

/** Number (days since 1970-01-01) of the day in Shanghai at an instant in epoch milliseconds. */
export function dayNumberAt(instant: number): number {
  return Math.floor((instant + OFFSET_MILLIS) / DAY_MILLIS);
}
