import { dayNumberOf, type PlainDate, startOfDayNumber } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { Fen } from './fen.ts';
import type { Spend } from './spendEntries.ts';

/**
 * Everything that a customer's standing follows from. What was voided as an error is simply not among the
 * facts: the whole history is judged again without it, so a correction never waits (R-026, D-07).
 */
export interface StandingFacts {
  /** Tenure starts here; absent: at the first purchase or contract. */
  readonly firstCooperationOn?: PlainDate;
  /** Purchases and refunds, in any order. */
  readonly purchases: readonly Purchase[];
  readonly contracts?: readonly Contract[];
  readonly flags?: readonly StrategicFlag[];
}

/** A purchase, or a refund when the amount is negative. */
export interface Purchase {
  readonly purchasedOn: PlainDate;
  readonly amountFen: Fen;
  /** When it became known; decides only within the day of `purchasedOn`. */
  readonly recordedAt?: EpochMillis;
}

/** A contract makes a prospect a customer, and may start its tenure. */
export interface Contract {
  readonly startsOn: PlainDate;
  readonly recordedAt?: EpochMillis;
}

/** A strategic designation. */
export interface StrategicFlag {
  /** Absent while it is only requested: then it does not count. */
  readonly approvedAt?: EpochMillis;
  /** The first day on which it no longer counts. */
  readonly validUntil: PlainDate;
  /** Ended before its expiry. */
  readonly endedAt?: EpochMillis;
}

/** A purchase or refund as it counts. */
export function spendOf({ purchasedOn, amountFen, recordedAt }: Purchase): Spend {
  return { from: countsFrom(dayNumberOf(purchasedOn), recordedAt), amountFen };
}

/**
 * The instant from which a dated fact counts: when it was recorded on its own day, that instant (R-026,
 * D-08); else 00:00 of its day, so that what is recorded late counts in the history where it belongs and
 * what is dated ahead counts from its day.
 *
 * @param day day number of its date
 */
export function countsFrom(day: number, recordedAt: EpochMillis | undefined): EpochMillis {
  const start = startOfDayNumber(day);
  return recordedAt !== undefined && recordedAt > start && recordedAt < startOfDayNumber(day + 1)
    ? recordedAt
    : start;
}
