import { systemClock, toInstant } from '@rapport/platform';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Asia/Shanghai is eight hours ahead, all year. */
const SHANGHAI_MS = 8 * 60 * 60 * 1000;

/** The day so many days ago in Asia/Shanghai, `2026-11-30`. */
export function daysAgo(days: number): string {
  return toInstant(systemClock.now() + SHANGHAI_MS - days * DAY_MS).slice(0, 10);
}

/** The instant so many minutes ago. */
export function minutesAgo(minutes: number): string {
  return toInstant(systemClock.now() - minutes * 60_000);
}
