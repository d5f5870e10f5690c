import { dayNumberAt, startOfDayNumber } from '@rapport/calendar';
import type { RfmPolicy, Segment } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { END_OF_CALENDAR } from './endOfCalendar.ts';
import { formatFen } from './fen.ts';
import { type PolicyPeriod, periodAt } from './policyPeriods.ts';
import { type RfmRules, rfmRules } from './rfmRules.ts';
import { type RfmInputs, type RfmScores, rfmScores } from './rfmScores.ts';
import { type RfmBands, rfmBands, rfmSegment } from './rfmSegment.ts';
import type { SpendLine } from './spendLine.ts';

/** A customer's segment at an instant, with its reasons. */
export interface SegmentStanding {
  /** Undefined for a customer without purchases. */
  readonly segment?: Segment;
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
 * `nextReviewAt` is exact, as in `tierAt`.
 *
 * @param policies all versions of the RFM policy
 * @param industry GB/T 4754 code of the customer, where it is known
 * @param before up to which instant, exclusive, the next change is looked for
 */
export function segmentAt(
  line: SpendLine,
  policies: readonly PolicyPeriod<RfmPolicy>[],
  industry: string | undefined,
  at: EpochMillis,
  before: EpochMillis = END_OF_CALENDAR,
): SegmentStanding {
  const period = policies[periodAt(policies, at)]!;
  const rules = rfmRules(period.value, industry);
  const inputs = rfmInputsAt(line, rules.windowDays, at);
  const { version: policyVersion } = period;
  if (inputs === undefined) {
    const first = line.firstPurchase;
    const comes = first !== undefined && first < Math.min(before, END_OF_CALENDAR);
    return { nextReviewAt: comes ? first : undefined, policyVersion };
  }
  const scores = rfmScores(inputs, rules);
  const bands = rfmBands(scores, rules.bands);
  const { segment, rule } = rfmSegment(bands, rules.weights);
  return {
    segment,
    nextReviewAt: nextOther(segment, line, policies, industry, at, Math.min(before, END_OF_CALENDAR)),
    policyVersion,
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

/** Recency, frequency and money at an instant; undefined before the first purchase. */
export function rfmInputsAt(
  line: SpendLine,
  windowDays: number,
  instant: EpochMillis,
): RfmInputs | undefined {
  const { expired, counted } = line.window(instant, windowDays);
  const latest = line.latest(counted);
  if (latest === undefined) return undefined;
  return {
    daysSinceLastPurchase: dayNumberAt(instant) - latest,
    purchases: line.purchases(counted) - line.purchases(expired),
    netFen: line.net(counted) - line.net(expired),
  };
}

/** The first instant after another at which the segment is another one. */
function nextOther(
  segment: Segment,
  line: SpendLine,
  policies: readonly PolicyPeriod<RfmPolicy>[],
  industry: string | undefined,
  after: EpochMillis,
  before: EpochMillis,
): EpochMillis | undefined {
  let instant = after;
  for (const period of policies) {
    if (period.until <= instant) continue;
    const rules = rfmRules(period.value, industry);
    if (instant !== after && segmentOf(line, rules, instant) !== segment) return instant;
    while (instant < period.until) {
      instant = Math.min(period.until, nextChange(line, rules, instant));
      if (instant >= before) return undefined;
      if (instant < period.until && segmentOf(line, rules, instant) !== segment) return instant;
    }
  }
  return undefined;
}

function segmentOf(line: SpendLine, rules: RfmRules, instant: EpochMillis): Segment {
  const scores = rfmScores(rfmInputsAt(line, rules.windowDays, instant)!, rules);
  return rfmSegment(rfmBands(scores, rules.bands), rules.weights).segment;
}

/** The next instant at which an input can change: a purchase starts or stops counting, or recency steps down. */
function nextChange(line: SpendLine, rules: RfmRules, instant: EpochMillis): EpochMillis {
  const { expired, counted } = line.window(instant, rules.windowDays);
  let next = line.from(counted) ?? Infinity;
  if (expired < counted) {
    next = Math.min(next, startOfDayNumber(dayNumberAt(line.from(expired)!) + rules.windowDays));
  }
  for (const days of rules.recencyDays) {
    const threshold = startOfDayNumber(line.latest(counted)! + days + 1);
    if (threshold > instant) next = Math.min(next, threshold);
  }
  return next;
}
