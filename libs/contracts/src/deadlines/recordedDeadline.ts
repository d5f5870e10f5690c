import * as deadlines from '../events/deadlines.ts';
import * as profiles from '../events/profiles.ts';
import type { DataOf, DomainEvent } from '../schema/eventDefinition.ts';
import { STANDING_REVIEWS } from './standingReviews.ts';

type Scheduled = DataOf<typeof deadlines.DeadlineScheduled>;
type Settled = Omit<Scheduled, 'clause' | 'calendar'>;

/** What an event says of a deadline. */
export type RecordedDeadline =
  | { readonly became: 'scheduled'; readonly deadline: Scheduled }
  | { readonly became: 'fired' | 'skipped' | 'cancelled'; readonly deadline: Settled };

/** The events of the deadline engine: readers of business events pass them over. */
export const DEADLINE_EVENT_TYPES: ReadonlySet<string> = new Set(
  Object.values(deadlines).map(({ type }) => type),
);

/** Every event that says something of a deadline, those before the engine included. */
export const DEADLINE_TYPES: readonly string[] = [
  ...DEADLINE_EVENT_TYPES,
  profiles.StandingReviewScheduled.type,
];

const types: ReadonlySet<string> = new Set(DEADLINE_TYPES);

/** What the event says of a deadline; undefined where it says nothing. */
export function recordedDeadline({ type, data }: DomainEvent): RecordedDeadline | undefined {
  if (!types.has(type)) return undefined;
  switch (type) {
    case deadlines.DeadlineScheduled.type:
      return { became: 'scheduled', deadline: data as Scheduled };
    case deadlines.DeadlineFired.type:
      return { became: 'fired', deadline: data as Settled };
    case deadlines.DeadlineSkipped.type:
      return { became: 'skipped', deadline: data as Settled };
    case deadlines.DeadlineCancelled.type:
      return { became: 'cancelled', deadline: data as Settled };
    default:
      return ofStandingReview(data as DataOf<typeof profiles.StandingReviewScheduled>);
  }
}

/** The due of a review that never came, before there was a way to say that a due is cancelled. */
const NO_REVIEW = '9999-12-30T16:00:00.000Z';

function ofStandingReview({
  clause,
  ...review
}: DataOf<typeof profiles.StandingReviewScheduled>): RecordedDeadline {
  const deadline = { deadline: STANDING_REVIEWS.former, ...review };
  return review.due === NO_REVIEW
    ? { became: 'cancelled', deadline }
    : { became: 'scheduled', deadline: { ...deadline, clause } };
}
