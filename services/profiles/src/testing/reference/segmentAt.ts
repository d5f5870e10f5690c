import type { PolicyVersion, RfmPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import type { SegmentStanding } from '../../standing/segmentAt.ts';
import { formatFen } from '../../standing/fen.ts';
import { periodAt, policyPeriods } from '../../standing/policyPeriods.ts';
import { rfmRules } from '../../standing/rfmRules.ts';
import { rfmScores } from '../../standing/rfmScores.ts';
import { rfmBands, rfmSegment } from '../../standing/rfmSegment.ts';
import { rfmInputsAt, segmentTimeline } from './segmentTimeline.ts';
import { spendLine } from './spendLine.ts';
import type { StandingFacts } from '../../standing/standingFacts.ts';
import { stepAt } from './timeline.ts';
import { END_OF_CALENDAR } from '../../standing/endOfCalendar.ts';

/**
 * the segment at an instant as a pure function of all facts known; nothing waits.
 * `nextReviewAt` is exact, as in `standingAt`.
 *
 * @param versions all versions of the RFM policy, the default among them
 * @param industry GB/T 4754 code of the customer, where it is known
 */
export function segmentAt(
  facts: StandingFacts,
  versions: readonly PolicyVersion<RfmPolicy>[],
  industry: string | undefined,
  at: EpochMillis,
): SegmentStanding {
  const line = spendLine(facts.purchases);
  const periods = policyPeriods(versions);
  const period = periods[periodAt(periods, at)]!;
  const timeline = segmentTimeline(line, periods, industry);
  const current = stepAt(timeline, at);
  const next = timeline[current + 1]?.from;
  const review = {
    nextReviewAt: next !== undefined && next < END_OF_CALENDAR ? next : undefined,
    policyVersion: period.version,
  };
  const inputs = rfmInputsAt(line, period.value.windowDays, at);
  if (inputs === undefined) return review;

  const rules = rfmRules(period.value, industry);
  const scores = rfmScores(inputs, rules);
  const bands = rfmBands(scores, rules.bands);
  const { segment, rule } = rfmSegment(bands, rules.weights);
  return {
    ...review,
    segment,
    decision: {
      rule,
      scores,
      bands,
      industry: rules.industry,
      daysSinceLastPurchase: inputs.daysSinceLastPurchase,
      purchases365d: inputs.purchases,
      net365dCny: formatFen(inputs.netFen),
    },
  };
}
