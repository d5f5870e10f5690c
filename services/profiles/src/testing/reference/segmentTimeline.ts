import { dayNumberAt, startOfDayNumber } from '@rapport/calendar';
import type { RfmPolicy, Segment } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import type { PolicyPeriod } from '../../standing/policyPeriods.ts';
import { type RfmRules, rfmRules } from '../../standing/rfmRules.ts';
import { type RfmInputs, rfmScores } from '../../standing/rfmScores.ts';
import { rfmBands, rfmSegment } from '../../standing/rfmSegment.ts';
import { countUpTo, type SpendLine } from './spendLine.ts';
import { extend, type Step, type Timeline } from './timeline.ts';

/**
 * over all time: the segment at each instant, by the policy in force at it. Empty for who never
 * bought; beyond the last step nothing changes without new facts. Like the candidate tier it visits only the
 * instants at which something can change: purchases starting or stopping to count, recency thresholds,
 * policy versions.
 */
export function segmentTimeline(
  line: SpendLine,
  policies: readonly PolicyPeriod<RfmPolicy>[],
  industry: string | undefined,
): Timeline<Segment> {
  const steps: Step<Segment>[] = [];
  const first = line.count.indexOf(1) - 1;
  if (first < 0) return steps;
  let instant = line.from[first]!;
  for (const period of policies) {
    const rules = rfmRules(period.value, industry);
    while (instant < period.until) {
      const inputs = rfmInputsAt(line, rules.windowDays, instant)!;
      extend(
        steps,
        instant,
        rfmSegment(rfmBands(rfmScores(inputs, rules), rules.bands), rules.weights).segment,
      );
      instant = Math.min(period.until, nextChange(line, rules, instant));
    }
  }
  return steps;
}

/** Recency, frequency and money at an instant; undefined before the first purchase. */
export function rfmInputsAt(
  line: SpendLine,
  windowDays: number,
  instant: EpochMillis,
): RfmInputs | undefined {
  const counted = countUpTo(line.from, instant);
  const latest = line.latest[counted];
  if (latest === undefined) return undefined;
  const today = dayNumberAt(instant);
  const expired = Math.min(counted, countUpTo(line.day, today - windowDays));
  return {
    daysSinceLastPurchase: today - latest,
    purchases: line.count[counted]! - line.count[expired]!,
    netFen: line.net[counted]! - line.net[expired]!,
  };
}

function nextChange(line: SpendLine, rules: RfmRules, instant: EpochMillis): EpochMillis {
  const counted = countUpTo(line.from, instant);
  const expired = Math.min(counted, countUpTo(line.day, dayNumberAt(instant) - rules.windowDays));
  let next = line.from[counted] ?? Infinity;
  if (expired < counted) next = Math.min(next, startOfDayNumber(line.day[expired]! + rules.windowDays));
  for (const days of rules.recencyDays) {
    const threshold = startOfDayNumber(line.latest[counted]! + days + 1);
    if (threshold > instant) next = Math.min(next, threshold);
  }
  return next;
}
