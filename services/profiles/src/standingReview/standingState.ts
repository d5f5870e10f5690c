import { profileEvents, type DataOf, type CurrentEvent, type Segment, type Tier } from '@rapport/contracts';
import { toMillis, type EpochMillis, type Instant } from '@rapport/platform';
import type { RecordedFigures } from './figuresReview.ts';

/** What was decided about a customer's standing. */
export interface StandingState {
  readonly tier: Tier;
  readonly segment: Segment | 'none';
  /** Up to this index every fact was judged: every decision says what it knew. */
  readonly knownIndex: number;
  readonly changedAt: EpochMillis;
  /** When and with what figures were recorded last. They themselves are sealed. */
  readonly figures?: RecordedFigures;
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
    case profileEvents.CustomerFiguresChanged.type: {
      const { effectiveAt, knownIndex } = data as DataOf<typeof profileEvents.CustomerFiguresChanged>;
      return { ...known(state, knownIndex), figures: { at: toMillis(effectiveAt), knownIndex } };
    }
    case profileEvents.StandingReviewScheduled.type: {
      const { due, generation } = data as DataOf<typeof profileEvents.StandingReviewScheduled>;
      // The release before checks all that it read, so it knew all that stands before its schedule.
      return { ...known(state, index!), formerReview: { due, generation } };
    }
    default:
      return state;
  }
}

function known(state: StandingState, index: number): StandingState {
  return { ...state, knownIndex: Math.max(state.knownIndex, index) };
}
