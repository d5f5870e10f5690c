import { profileEvents, type DataOf, type RecordedEvent, type Segment, type Tier } from '@rapport/contracts';
import { toInstant, toMillis, type EpochMillis, type Instant } from '@rapport/platform';
import { END_OF_CALENDAR } from '../standing/endOfCalendar.ts';

/** The due of a review that never comes: it takes the place of one that is no longer needed. */
export const NO_REVIEW: Instant = toInstant(END_OF_CALENDAR);

/** What was decided about a customer's standing. */
export interface StandingState {
  readonly tier: Tier;
  readonly segment: Segment | 'none';
  /**
   * Index of the last event of this stream. Every decision is recorded with a check that the facts' streams
   * stand where it read them, so it knew every fact below this index, and none above.
   */
  readonly knownIndex: number;
  readonly changedAt: EpochMillis;
  readonly review?: { readonly due: Instant; readonly generation: number };
}

export const NO_STANDING: StandingState = {
  tier: 'prospect',
  segment: 'none',
  knownIndex: -1,
  changedAt: -Infinity,
};

export function evolveStanding(state: StandingState, { type, data, index }: RecordedEvent): StandingState {
  const known = { ...state, knownIndex: index! };
  switch (type) {
    case profileEvents.CustomerTierChanged.type: {
      const { to, effectiveAt } = data as DataOf<typeof profileEvents.CustomerTierChanged>;
      return { ...known, tier: to as Tier, changedAt: toMillis(effectiveAt) };
    }
    case profileEvents.CustomerSegmentChanged.type: {
      const { to, effectiveAt } = data as DataOf<typeof profileEvents.CustomerSegmentChanged>;
      return { ...known, segment: to as Segment | 'none', changedAt: toMillis(effectiveAt) };
    }
    case profileEvents.StandingReviewScheduled.type: {
      const { due, generation } = data as DataOf<typeof profileEvents.StandingReviewScheduled>;
      return { ...known, review: { due, generation } };
    }
    default:
      return known;
  }
}
