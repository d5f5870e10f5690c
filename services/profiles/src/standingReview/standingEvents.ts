import { event, profileEvents } from '@rapport/contracts';
import type { DecidedEvent } from '@rapport/event-sourcing';
import { toInstant } from '@rapport/platform';
import type { ChangedFigures } from './figuresReview.ts';
import type { WalkStep } from './standingWalk.ts';

/** with the inputs, the rule that won and the policy version, so that it can be explained years later. */
export function tierChanged(
  customerId: string,
  { at, knownIndex }: WalkStep,
  { from, standing }: NonNullable<WalkStep['tier']>,
): DecidedEvent {
  const { candidate } = standing;
  const effectiveAt = toInstant(at);
  return {
    ...event(profileEvents.CustomerTierChanged, {
      customerId,
      from,
      to: standing.tier,
      effectiveAt,
      rule: standing.rule,
      mode: candidate.mode,
      spendBand: candidate.spendBand,
      tenureBand: candidate.tenureBand,
      fullYears: candidate.fullYears,
      strategic: candidate.strategic,
      candidate: candidate.tier,
      inputs: {
        spend365dCny: candidate.spend365dCny,
        purchases: candidate.purchases365d,
        asOf: candidate.asOf,
      },
      knownIndex,
    }),
    occurredAt: effectiveAt,
    policies: { tiering: standing.policyVersion },
  };
}

/** Who never bought, or whose every purchase was voided, has no segment: the lowest scores, no inputs. */
export function segmentChanged(
  customerId: string,
  { at, knownIndex }: WalkStep,
  { from, standing: { segment, decision, policyVersion } }: NonNullable<WalkStep['segment']>,
): DecidedEvent {
  const effectiveAt = toInstant(at);
  const { recency, frequency, monetary } = decision?.scores ?? { recency: 1, frequency: 1, monetary: 1 };
  return {
    ...event(profileEvents.CustomerSegmentChanged, {
      customerId,
      from,
      to: segment ?? 'none',
      effectiveAt,
      rule: decision?.rule ?? 'R-025 never bought',
      scores: { recency, frequency, monetary },
      inputs: {
        daysSinceLastPurchase: decision?.daysSinceLastPurchase ?? 0,
        purchases365d: decision?.purchases365d ?? 0,
        net365dCny: decision?.net365dCny ?? '0.00',
      },
      knownIndex,
    }),
    occurredAt: effectiveAt,
    policies: { rfm: policyVersion },
  };
}

/** what purchases come to from an instant on. Recorded at the ledger's time. */
export function figuresChanged(
  customerId: string,
  { figures, at, until, knownIndex }: ChangedFigures,
): DecidedEvent {
  const { spend365dCny, net365dCny, purchases365d, lastPurchaseOn, scores, recencyDays, policies } = figures;
  return {
    ...event(profileEvents.CustomerFiguresChanged, {
      customerId,
      effectiveAt: toInstant(at),
      ...(until !== undefined && { until: toInstant(until) }),
      figures: {
        spend365dCny,
        net365dCny,
        purchases365d,
        ...(lastPurchaseOn !== undefined && { lastPurchaseOn }),
      },
      scores,
      recencyDays: [...recencyDays],
      knownIndex,
    }),
    policies,
  };
}
