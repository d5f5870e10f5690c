import type { PolicyVersion, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import type { Standing } from '../../standing/standingAt.ts';
import { candidateAt } from './candidateTier.ts';
import { customerHistory } from './customerHistory.ts';
import { END_OF_CALENDAR } from '../../standing/endOfCalendar.ts';
import { periodAt, policyPeriods } from '../../standing/policyPeriods.ts';
import type { StandingFacts } from '../../standing/standingFacts.ts';
import { tierTimeline } from './tierTimeline.ts';
import { stepAt } from './timeline.ts';

/**
 * the tier at an instant as a pure function of all facts known. Each instant of the past is
 * judged by the policy in force then. Facts may lie after `at`: they only show in `nextReviewAt`.
 *
 * `nextReviewAt` is exact, not a guess at which something might change: when nothing new becomes known, the
 * tier is the same up to it and another one from it on. It sees window exits, anniversaries, flags, quarter
 * starts, purchases and policy versions dated ahead.
 *
 * @param versions all versions of the tiering policy, the default among them
 */
export function standingAt(
  facts: StandingFacts,
  versions: readonly PolicyVersion<TieringPolicy>[],
  at: EpochMillis,
): Standing {
  const history = customerHistory(facts);
  const periods = policyPeriods(versions);
  const timeline = tierTimeline(history, periods);
  const period = periods[periodAt(periods, at)]!;
  const candidate = candidateAt(history, period.value, at);
  const current = stepAt(timeline, at);
  const tier = timeline[current]?.value ?? 'prospect';
  const next = timeline[current + 1]?.from;
  return {
    tier,
    rule: tier === candidate.tier ? candidate.rule : 'R-026 held until below for a full quarter',
    nextReviewAt: next !== undefined && next < END_OF_CALENDAR ? next : undefined,
    candidate,
    policyVersion: period.version,
  };
}
