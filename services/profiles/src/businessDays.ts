import { dateOf, type PlainDate } from '@rapport/calendar';
import { invalidInput, type EpochMillis } from '@rapport/platform';

/** Earlier dates of business are mistakes of entry. */
export const EARLIEST_DAY: PlainDate = '1900-01-01';

/**
 * @param now the instant of the decision; its day in Asia/Shanghai is the latest one
 * @throws Problem `invalid-input` for a day that is still to come, or before 1900
 */
export function requirePastDay(field: string, day: PlainDate, now: EpochMillis): void {
  // Plain dates sort as text.
  if (day > dateOf(now)) throw invalidInput(field, 'must not be in the future: enter it on its day');
  if (day < EARLIEST_DAY) throw invalidInput(field, `must be ${EARLIEST_DAY} or later`);
}
