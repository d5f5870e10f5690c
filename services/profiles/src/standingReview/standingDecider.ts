import { FIGURES_REVIEW, STANDING_REVIEWS, type WriteFormats } from '@rapport/contracts';
import type { CompanionWrite, DecidedEvent, Decider, Due, SaidDues } from '@rapport/event-sourcing';
import type { ReviewChecks } from './customerKnowledge.ts';
import { reviewFigures, type FiguresReview } from './figuresReview.ts';
import { KnownChanges } from './knownChanges.ts';
import type { StandingChange } from './standingChange.ts';
import { formerSchedule } from './formerSchedule.ts';
import { figuresChanged, segmentChanged, tierChanged } from './standingEvents.ts';
import { evolveStanding, NO_STANDING, type StandingState } from './standingState.ts';
import { earlier, standingWalk, type StandingPolicies, type Walk } from './standingWalk.ts';

export interface ReviewCommand {
  readonly customerId: string;
  /** Everything recorded that the standing follows from, in order of index; amounts opened. */
  readonly changes: KnownChanges | readonly StandingChange[];
  readonly policies: StandingPolicies;
  /** `previous`: the next review is recorded as the release before reads it, and figures, which it cannot read, are not. */
  readonly writeFormats?: WriteFormats;
  readonly checks: ReviewChecks;
}

/** A review needs what the customer's other streams say, so each fires as a command and says itself what is due. */
const BY_REVIEW = { afterDowntime: 'fire-late', fire: 'by-command' } as const;

/** tier, segment and figures of one customer, and when time alone will change them next. */
export const standingDecider: Decider<StandingState, ReviewCommand> = {
  initial: NO_STANDING,
  evolve: evolveStanding,
  deadlines: {
    [STANDING_REVIEWS.next]: BY_REVIEW,
    [STANDING_REVIEWS.ahead]: BY_REVIEW,
    [STANDING_REVIEWS.former]: BY_REVIEW,
    [FIGURES_REVIEW]: BY_REVIEW,
  },

  decide({ customerId, changes, policies, checks, writeFormats }, state, { now }) {
    const known = KnownChanges.of(changes);
    const walk = standingWalk(known, policies, state, now);
    const events: DecidedEvent[] = walk.steps.flatMap((step) => [
      ...(step.tier === undefined ? [] : [tierChanged(customerId, step, step.tier)]),
      ...(step.segment === undefined ? [] : [segmentChanged(customerId, step, step.segment)]),
    ]);
    // Where figures were recorded once, no process of the release before is left.
    if (writeFormats === 'previous' && state.figures === undefined) {
      const companions = [checks.profile, ...checks.purchases];
      return { events: [...events, ...formerSchedule(customerId, walk, state)], companions };
    }
    const figures = reviewFigures(known, walk.judged, policies, state.figures, walk.end);
    if (figures.changed !== undefined) events.push(figuresChanged(customerId, figures.changed));
    const dues = { ...duesOf(customerId, walk), [FIGURES_REVIEW]: figuresDues(customerId, figures) };
    return { events, companions: companionsOf(checks, walk), dues };
  },
};

/**
 * What a decision says is true of what it knew, and it says how far that was: what was recorded meanwhile is judged
 * later, from the instant on at which it was. (The release before concludes it from the place of the decision in the
 * log: while it runs, all that was read is checked.) Only a change by the passing of time must not have passed over a
 * purchase that it did not know, so that needs the purchases as they stand. Without this, a customer whose purchases
 * come one after the other would never be reviewed before they end.
 */
function companionsOf(
  { profile, purchases }: ReviewChecks,
  { steps, knownAt }: Walk,
): readonly CompanionWrite[] {
  return steps.some(({ at }) => at > knownAt) ? [profile, ...purchases] : [profile];
}

function figuresDues(customerId: string, { nextAt, policies }: FiguresReview): readonly Due[] {
  if (nextAt === undefined) return [];
  return [{ name: FIGURES_REVIEW, at: nextAt, clause: 'R-024', customerId, policies }];
}

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
