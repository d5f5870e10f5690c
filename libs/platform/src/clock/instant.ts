import type { EpochMillis } from './clock.ts';

/** An instant in UTC with milliseconds, `2026-11-22T07:43:11.000Z`: the only form that is stored (contract.md). */
export type Instant = string;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

export function toInstant(ms: EpochMillis): Instant {
  return new Date(ms).toISOString();
}

/** Whether `text` is a stored instant that exists (2026-02-30 does not). */
export function isInstant(text: string): boolean {
  if (!INSTANT.test(text)) return false;
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text;
}

/** @throws RangeError when `instant` is not an instant */
export function toMillis(instant: Instant): EpochMillis {
  const ms = Date.parse(instant);
  if (Number.isNaN(ms)) throw new RangeError(`not an instant: expected YYYY-MM-DDTHH:mm:ss.sssZ`);
  return ms;
}
