import { dateOf, startOfDay, type PlainDate } from '@rapport/calendar';
import { invalidInput, toInstant, type EpochMillis, type Instant } from '@rapport/platform';

/**
 * When something happened of which only the day is known: now where that day is today in Asia/Shanghai, else
 * 00:00 of that day. So nothing of today is recorded as if it lay before what was known this morning.
 *
 * @throws Problem `invalid-input` naming `field` for a day in the future
 */
export function occurredOn(field: string, date: PlainDate, now: EpochMillis): Instant {
  const today = dateOf(now);
  // Plain dates sort as text.
  if (date > today) throw invalidInput(field, 'must not be in the future');
  return toInstant(date === today ? now : startOfDay(date));
}
