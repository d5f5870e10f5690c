import type { Tier, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import type { Band } from './bands.ts';
import { type CandidateTier, candidateAt } from './candidateTier.ts';
import type { CustomerHistory } from './customerHistory.ts';
import { END_OF_CALENDAR } from './endOfCalendar.ts';
import { type PolicyPeriod, periodAt } from './policyPeriods.ts';
import { type FlagPeriod, isFlagged } from './strategicFlags.ts';
import { TierCourse } from './tierCourse.ts';

/** A customer's tier at an instant. */
export interface TierAt {
  readonly tier: Tier;
  /** The next instant at which the tier changes by the passing of time alone; undefined: never. */
  readonly nextReviewAt?: EpochMillis;
}

/** A customer's tier at an instant, with its reasons. */
export interface Standing extends TierAt {
  /** Which rule won; the candidate's, unless a downgrade is waiting. */
  readonly rule: CandidateTier['rule'] | 'R-026 held until below for a full quarter';
  /** What facts alone give at that instant, before the wait, with all inputs. */
  readonly candidate: CandidateTier;
  /** Version of the tiering policy in force at that instant. */
  readonly policyVersion: number;
}

/**
 * the tier at an instant as a pure function of all facts known. Each instant of the past is
 * judged by the policy in force then. Facts may lie after `at`: they only show in `nextReviewAt`.
 *
 * `nextReviewAt` is exact, not a guess at which something might change: when nothing new becomes known, the
 * tier is the same up to it and another one from it on. It sees window exits, anniversaries, flags, quarter
 * starts, purchases and policy versions dated ahead.
 *
 * @param policies all versions of the tiering policy
 * @param before up to which instant, exclusive, the next change is looked for
 */
export function tierAt(
  history: CustomerHistory,
  policies: readonly PolicyPeriod<TieringPolicy>[],
  at: EpochMillis,
  before: EpochMillis = END_OF_CALENDAR,
): TierAt {
  const { flags } = history;
  const course = new TierCourse(history, policies, at);
  const tier = lifted(course.tier, flags, at);
  // Flags do not enter the wait: it is judged without them, and they lift the tier to A while they hold. So the end of
  // a flag falls back at once to what spend and tenure had earned meanwhile.
  for (let instant = at; ;) {
    const { next } = course;
    instant = Math.min(next ?? Infinity, nextBoundary(flags, instant));
    if (instant >= Math.min(before, END_OF_CALENDAR)) return { tier, nextReviewAt: undefined };
    if (instant === next) course.advance();
    if (lifted(course.tier, flags, instant) !== tier) return { tier, nextReviewAt: instant };
  }
}

/** The same with its reasons. */
export function standingAt(
  history: CustomerHistory,
  policies: readonly PolicyPeriod<TieringPolicy>[],
  at: EpochMillis,
  judged: TierAt = tierAt(history, policies, at),
): Standing {
  const period = policies[periodAt(policies, at)]!;
  const candidate = candidateAt(history, period.value, at);
  return {
    ...judged,
    rule: judged.tier === candidate.tier ? candidate.rule : 'R-026 held until below for a full quarter',
    candidate,
    policyVersion: period.version,
  };
}

function lifted(base: Band | undefined, flags: readonly FlagPeriod[], instant: EpochMillis): Tier {
  if (base === undefined) return 'prospect';
  return isFlagged(flags, instant) ? 'A' : base;
}

/** When a flag begins or ends next. */
function nextBoundary(flags: readonly FlagPeriod[], instant: EpochMillis): EpochMillis {
  let next = Infinity;
  for (const { from, until } of flags) {
    if (from > instant) next = Math.min(next, from);
    if (until > instant) next = Math.min(next, until);
  }
  return next;
}
