import { STANDING_REVIEWS, type WriteFormats } from '@rapport/contracts';
import type { CompanionWrite, DecidedEvent, Decider, Due, SaidDues } from '@rapport/event-sourcing';
import type { KnownChanges } from './knownChanges.ts';
import type { StandingChange } from './standingChange.ts';
import { formerSchedule } from './formerSchedule.ts';
import { segmentChanged, tierChanged } from './standingEvents.ts';
import { evolveStanding, NO_STANDING, type StandingState } from './standingState.ts';
import { earlier, standingWalk, type StandingPolicies, type Walk } from './standingWalk.ts';

export interface ReviewCommand {
  readonly customerId: string;
  /** Everything recorded that the standing follows from, in order of index; amounts opened. */
  readonly changes: KnownChanges | readonly StandingChange[];
  readonly policies: StandingPolicies;
  /** `previous`: the next review is recorded as the release before reads it. */
  readonly writeFormats?: WriteFormats;
  /** Checks that the streams of `changes` stand where they were read. */
  readonly checks: readonly CompanionWrite[];
}

/** A review needs what the customer's other streams say, so each fires as a command and says itself what is due. */
const BY_REVIEW = { afterDowntime: 'fire-late', fire: 'by-command' } as const;

/** tier and segment of one customer, and when time alone will change them next. */
export const standingDecider: Decider<StandingState, ReviewCommand> = {
  initial: NO_STANDING,
  evolve: evolveStanding,
  deadlines: {
    [STANDING_REVIEWS.next]: BY_REVIEW,
    [STANDING_REVIEWS.ahead]: BY_REVIEW,
    [STANDING_REVIEWS.former]: BY_REVIEW,
  },

  decide({ customerId, changes, policies, checks, writeFormats }, state, { now }) {
    const walk = standingWalk(changes, policies, state, now);
    const events: DecidedEvent[] = walk.steps.flatMap((step) => [
      ...(step.tier === undefined ? [] : [tierChanged(customerId, step, step.tier)]),
      ...(step.segment === undefined ? [] : [segmentChanged(customerId, step, step.segment)]),
    ]);
    if (writeFormats !== 'previous') return { events, companions: checks, dues: duesOf(customerId, walk) };
    return { events: [...events, ...formerSchedule(customerId, walk, state)], companions: checks };
  },
};

/** The next review. Where something known lies ahead of the clock, one that says that it is not judged yet. */
function duesOf(customerId: string, { nextTierAt, nextSegmentAt, nextKnownAt, used }: Walk): SaidDues {
  const at = earlier(earlier(nextTierAt, nextSegmentAt), nextKnownAt);
  const name = STANDING_REVIEWS[nextKnownAt === undefined ? 'next' : 'ahead'];
  const { next, ahead, former } = STANDING_REVIEWS;
  const none = { [next]: [], [ahead]: [], [former]: [] };
  if (at === undefined) return none;
  const rules = [
    nextTierAt === at && 'R-026 tier',
    nextSegmentAt === at && 'R-025 segment',
    nextKnownAt === at && 'R-026 known later',
  ];
  const clause = rules.filter((rule) => rule !== false).join(', ');
  const due: Due = { name, at, clause, customerId, ...(used !== undefined && { policies: used }) };
  return { ...none, [name]: [due] };
}
