import { derivedId, event, profileEvents } from '@rapport/contracts';
import type { CompanionWrite, DecidedEvent, Decider } from '@rapport/event-sourcing';
import { toInstant } from '@rapport/platform';
import type { StandingChange } from './standingChange.ts';
import { evolveStanding, NO_REVIEW, NO_STANDING, type StandingState } from './standingState.ts';
import { segmentChanged, tierChanged } from './standingEvents.ts';
import { earlier, standingWalk, type StandingPolicies, type Walk } from './standingWalk.ts';

export interface ReviewCommand {
  readonly customerId: string;
  /** Everything recorded that the standing follows from, in order of index; amounts opened. */
  readonly changes: readonly StandingChange[];
  readonly policies: StandingPolicies;
  /** Checks that the streams of `changes` stand where they were read. */
  readonly checks: readonly CompanionWrite[];
}

/** Id of a customer's one review deadline; its generation counts the schedules. */
export function reviewDeadlineId(customerId: string): string {
  return derivedId(customerId, 'standing-review');
}

/** tier and segment of one customer, and when time alone will change them next. */
export const standingDecider: Decider<StandingState, ReviewCommand> = {
  initial: NO_STANDING,
  evolve: evolveStanding,

  decide({ customerId, changes, policies, checks }, state, { now }) {
    const walk = standingWalk(changes, policies, state, now);
    const events: DecidedEvent[] = walk.steps.flatMap((step) => [
      ...(step.tier === undefined ? [] : [tierChanged(customerId, step, step.tier)]),
      ...(step.segment === undefined ? [] : [segmentChanged(customerId, step, step.segment)]),
    ]);
    events.push(...schedule(customerId, walk, state));
    return events.length === 0 ? { events } : { events, companions: checks };
  },
};

/** The next review, where it is another one than the one that is scheduled. */
function schedule(
  customerId: string,
  { nextTierAt, nextSegmentAt }: Walk,
  { review }: StandingState,
): DecidedEvent[] {
  const next = earlier(nextTierAt, nextSegmentAt);
  const due = next === undefined ? NO_REVIEW : toInstant(next);
  if (due === (review?.due ?? NO_REVIEW)) return [];
  const rules = [nextTierAt === next && 'R-026 tier', nextSegmentAt === next && 'R-025 segment'];
  return [
    event(profileEvents.StandingReviewScheduled, {
      customerId,
      deadlineId: reviewDeadlineId(customerId),
      generation: (review?.generation ?? 0) + 1,
      due,
      clause: next === undefined ? 'R-026 none' : rules.filter((rule) => rule !== false).join(', '),
    }),
  ];
}
