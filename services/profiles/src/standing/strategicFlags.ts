import { startOfDay } from '@rapport/calendar';
import type { EpochMillis } from '@rapport/platform';
import type { StrategicFlag } from './standingFacts.ts';

/** Half-open time in which a strategic designation holds. */
export interface FlagPeriod {
  readonly from: EpochMillis;
  readonly until: EpochMillis;
}

/** when approved flags hold, ascending and without overlap. */
export function flagPeriods(flags: readonly StrategicFlag[] | undefined): FlagPeriod[] {
  const merged: { from: EpochMillis; until: EpochMillis }[] = [];
  const periods = (flags ?? []).flatMap((flag) => {
    if (flag.approvedAt === undefined) return [];
    const until = Math.min(startOfDay(flag.validUntil), flag.endedAt ?? Infinity);
    return flag.approvedAt < until ? [{ from: flag.approvedAt, until }] : [];
  });
  for (const period of periods.sort((x, y) => x.from - y.from)) {
    const last = merged.at(-1);
    if (last !== undefined && period.from <= last.until) last.until = Math.max(last.until, period.until);
    else merged.push(period);
  }
  return merged;
}

/** Whether one of the periods holds at an instant. */
export function isFlagged(periods: readonly FlagPeriod[], instant: EpochMillis): boolean {
  return periods.some((period) => period.from <= instant && instant < period.until);
}
