import { dateOf, startOfDay, type PlainDate } from '@rapport/calendar';
import { invalidInput, toInstant, type EpochMillis } from '@rapport/platform';
import type { DecidedEvent } from './decidedEvent.ts';

/**
 * When something happened of which only the day is known: when it is recorded where that day is today in Asia/Shanghai,
 * else 00:00 of that day. So nothing of today is recorded as if it lay before what was known this morning, and «now» is
 * the ledger's word: this service's clock may be ahead of it.
 *
 * @throws Problem `invalid-input` naming `field` for a day in the future
 */
export function occurredOn(
  field: string,
  date: PlainDate,
  now: EpochMillis,
): Pick<DecidedEvent, 'occurredAt'> {
  const today = dateOf(now);
  // Plain dates sort as text.
  if (date > today) throw invalidInput(field, 'must not be in the future');
  return date === today ? {} : { occurredAt: toInstant(startOfDay(date)) };
}
