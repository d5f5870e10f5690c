import {
  deadlineEvents,
  profileEvents,
  STANDING_REVIEWS,
  type DataOf,
  type CurrentEvent,
  type Segment,
  type Tier,
} from '@rapport/contracts';
import { toMillis, type EpochMillis, type Instant } from '@rapport/platform';

/** What was decided about a customer's standing. */
export interface StandingState {
  readonly tier: Tier;
  readonly segment: Segment | 'none';
  /**
   * Up to this index every fact was judged. A decision is recorded with a check that the facts' streams stand where it
   * read them: so the schedule of a next review knew every fact below its own index, and a change says what it knew.
   */
  readonly knownIndex: number;
  readonly changedAt: EpochMillis;
  /** The review that was last scheduled as the release before does. */
  readonly formerReview?: { readonly due: Instant; readonly generation: number };
}

export const NO_STANDING: StandingState = {
  tier: 'prospect',
  segment: 'none',
  knownIndex: -1,
  changedAt: -Infinity,
};

export function evolveStanding(state: StandingState, { type, data, index }: CurrentEvent): StandingState {
  switch (type) {
    case profileEvents.CustomerTierChanged.type: {
      const { to, effectiveAt, knownIndex } = data as DataOf<typeof profileEvents.CustomerTierChanged>;
      return { ...known(state, knownIndex), tier: to as Tier, changedAt: toMillis(effectiveAt) };
    }
    case profileEvents.CustomerSegmentChanged.type: {
      const { to, effectiveAt, knownIndex } = data as DataOf<typeof profileEvents.CustomerSegmentChanged>;
      return {
        ...known(state, knownIndex),
        segment: to as Segment | 'none',
        changedAt: toMillis(effectiveAt),
      };
    }
    case deadlineEvents.DeadlineScheduled.type: {
      const { deadline } = data as DataOf<typeof deadlineEvents.DeadlineScheduled>;
      return deadline === STANDING_REVIEWS.next ? known(state, index!) : state;
    }
    case profileEvents.StandingReviewScheduled.type: {
      const { due, generation } = data as DataOf<typeof profileEvents.StandingReviewScheduled>;
      return { ...known(state, index!), formerReview: { due, generation } };
    }
    default:
      return state;
  }
}

function known(state: StandingState, index: number): StandingState {
  return { ...state, knownIndex: Math.max(state.knownIndex, index) };
}
