import type { PolicyVersion, RfmPolicy, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { customerHistory } from '../standing/customerHistory.ts';
import { policyPeriods } from '../standing/policyPeriods.ts';
import { segmentAt as segmentOf, type SegmentStanding } from '../standing/segmentAt.ts';
import { type Standing, standingAt as standingOf } from '../standing/standingAt.ts';
import type { StandingFacts } from '../standing/standingFacts.ts';

/** The tier at an instant, of facts that nothing was worked out from before. */
export function standingAt(
  facts: StandingFacts,
  versions: readonly PolicyVersion<TieringPolicy>[],
  at: EpochMillis,
): Standing {
  return standingOf(customerHistory(facts), policyPeriods(versions), at);
}

/** The segment at an instant, of facts that nothing was worked out from before. */
export function segmentAt(
  facts: StandingFacts,
  versions: readonly PolicyVersion<RfmPolicy>[],
  industry: string | undefined,
  at: EpochMillis,
): SegmentStanding {
  return segmentOf(customerHistory(facts).line, policyPeriods(versions), industry, at);
}
