import { derivedId, event, profileEvents } from '@rapport/contracts';
import type { DecidedEvent } from '@rapport/event-sourcing';
import { toInstant } from '@rapport/platform';
import { END_OF_CALENDAR } from '../standing/endOfCalendar.ts';
import type { StandingState } from './standingState.ts';
import { earlier, type Walk } from './standingWalk.ts';

/** The due of a review that never comes: it takes the place of one that is no longer needed. */
const NO_REVIEW = toInstant(END_OF_CALENDAR);

/**
 * The next review as the release before reads it, where it is another one than the one that is scheduled: for as long as
 * processes of that release run. This release reads it as a due (`recordedDeadline`).
 */
export function formerSchedule(
  customerId: string,
  { nextTierAt, nextSegmentAt, nextKnownAt }: Walk,
  { formerReview }: StandingState,
): readonly DecidedEvent[] {
  const next = earlier(earlier(nextTierAt, nextSegmentAt), nextKnownAt);
  const due = next === undefined ? NO_REVIEW : toInstant(next);
  if (due === (formerReview?.due ?? NO_REVIEW)) return [];
  const rules = [nextTierAt === next && 'R-026 tier', nextSegmentAt === next && 'R-025 segment'];
  const clause = rules.filter((rule) => rule !== false).join(', ');
  return [
    event(profileEvents.StandingReviewScheduled, {
      customerId,
      deadlineId: derivedId(customerId, 'standing-review'),
      generation: (formerReview?.generation ?? 0) + 1,
      due,
      clause: clause === '' || next === undefined ? 'R-026' : clause,
    }),
  ];
}
