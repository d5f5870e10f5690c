import {
  civilOfDayNumber,
  dayNumberAt,
  dayNumberOfCivil,
  daysInMonth,
  startOfDayNumber,
} from '@rapport/calendar';
import type { TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { type Band, combineBands, spendBand, tenureBand, thresholdsOf } from '../../standing/bands.ts';
import type { CustomerHistory } from './customerHistory.ts';
import { type PolicyPeriod, periodAt } from '../../standing/policyPeriods.ts';
import { extend, type Step, type Timeline } from './timeline.ts';

/**
 * R-020 over all time: the tier that spend and tenure alone would give at each instant, by the policy in force
 * at that instant. Empty for a prospect, else from the first purchase or contract on; beyond the last step
 * nothing changes without new facts.
 *
 * It visits only the instants at which something can change (a purchase starts or stops counting, an
 * anniversary, a new policy version), so its cost is linear in purchases and policy versions.
 */
export function candidateTimeline(
  { line, customerFrom, tenureFrom }: CustomerHistory,
  policies: readonly PolicyPeriod<TieringPolicy>[],
): Timeline<Band> {
  if (customerFrom === undefined || tenureFrom === undefined) return [];
  const steps: Step<Band>[] = [];
  let counted = 0;
  let expired = 0;
  let instant = customerFrom;
  for (let p = periodAt(policies, instant); p < policies.length; p += 1) {
    const { until, value: policy } = policies[p]!;
    const thresholds = thresholdsOf(policy);
    const { windowDays } = policy;
    const anniversaryB = anniversary(tenureFrom, thresholds.yearsB);
    const anniversaryA = anniversary(tenureFrom, thresholds.yearsA);
    while (instant < until) {
      while (counted < line.length && line.from[counted]! <= instant) counted += 1;
      const lastExpired = dayNumberAt(instant) - windowDays;
      while (expired < counted && line.day[expired]! <= lastExpired) expired += 1;
      // A new version with a longer window brings purchases back.
      while (expired > 0 && line.day[expired - 1]! > lastExpired) expired -= 1;

      const years =
        instant >= anniversaryA ? thresholds.yearsA : instant >= anniversaryB ? thresholds.yearsB : 0;
      const spend = spendBand(line.net[counted]! - line.net[expired]!, thresholds);
      extend(steps, instant, combineBands(spend, tenureBand(years, thresholds), thresholds.mode).tier);

      let next = until;
      if (counted < line.length) next = Math.min(next, line.from[counted]!);
      if (expired < counted) next = Math.min(next, startOfDayNumber(line.day[expired]! + windowDays));
      if (anniversaryB > instant) next = Math.min(next, anniversaryB);
      if (anniversaryA > instant) next = Math.min(next, anniversaryA);
      instant = next;
    }
    if (instant === Infinity) break;
  }
  return steps;
}

/** When that many years are complete; one begun on 29 February on the 28th of a common year. */
function anniversary(tenureFrom: number, years: number): EpochMillis {
  const { year, month, day } = civilOfDayNumber(tenureFrom);
  const lastDay = daysInMonth(year + years, month);
  return startOfDayNumber(dayNumberOfCivil(year + years, month, Math.min(day, lastDay)));
}
