import type { PolicyVersion, RfmPolicy, Segment } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { formatFen } from './fen.ts';
import { periodAt, policyPeriods } from './policyPeriods.ts';
import { rfmRules } from './rfmRules.ts';
import { type RfmScores, rfmScores } from './rfmScores.ts';
import { type RfmBands, rfmBands, rfmSegment } from './rfmSegment.ts';
import { rfmInputsAt, segmentTimeline } from './segmentTimeline.ts';
import { spendLine } from './spendLine.ts';
import type { StandingFacts } from './standingFacts.ts';
import { stepAt } from './timeline.ts';
import { END_OF_CALENDAR } from './endOfCalendar.ts';

/** A customer's segment at an instant, with its reasons. */
export interface SegmentStanding {
  /** Undefined for who never bought. */
  readonly segment?: Segment;
  /** Since when, by the facts as they are known now. */
  readonly since?: EpochMillis;
  /** The next instant at which the segment changes by the passing of time alone; undefined: never. */
  readonly nextReviewAt?: EpochMillis;
  /** Version of the RFM policy in force at that instant. */
  readonly policyVersion: number;
  /** Undefined without a segment. */
  readonly decision?: SegmentDecision;
}

export interface SegmentDecision {
  /** `R-025 3 R low` */
  readonly rule: string;
  readonly scores: RfmScores;
  readonly bands: RfmBands;
  /** Whose cut points and weights: a name of the policy, or `standard`. */
  readonly industry: string;
  readonly daysSinceLastPurchase: number;
  /** Purchases in the policy's window (default 365 days), without refunds. */
  readonly purchases365d: number;
  /** Net of the same window, CNY with two decimals. Confidential. */
  readonly net365dCny: string;
}

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
    since: timeline[current]?.from,
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
