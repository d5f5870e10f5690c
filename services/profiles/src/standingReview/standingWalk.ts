import type { PolicyVersion, RfmPolicy, Segment, Tier, TieringPolicy } from '@rapport/contracts';
import type { EpochMillis } from '@rapport/platform';
import { periodAt, type PolicyPeriod, policyPeriods } from '../standing/policyPeriods.ts';
import { segmentAt, type SegmentStanding } from '../standing/segmentAt.ts';
import { standingAt, tierAt, type Standing } from '../standing/standingAt.ts';
import { KnownChanges } from './knownChanges.ts';
import { knowledgeSince, type Knowledge } from './knowledgeSince.ts';
import type { StandingChange } from './standingChange.ts';

export interface StandingPolicies {
  readonly tiering: readonly PolicyVersion<TieringPolicy>[];
  readonly rfm: readonly PolicyVersion<RfmPolicy>[];
}

/** Where a walk starts: what was decided last. */
export interface WalkStart {
  readonly tier: Tier;
  readonly segment: Segment | 'none';
  /** Changes up to this index were known to that decision; -1 for none. */
  readonly knownIndex: number;
  /** When the last decided change took effect; -Infinity without one. */
  readonly changedAt: EpochMillis;
}

/** An instant at which tier, segment or both became others. */
export interface WalkStep {
  readonly at: EpochMillis;
  /** Index of the last change known then. */
  readonly knownIndex: number;
  readonly tier?: { readonly from: Tier; readonly standing: Standing };
  readonly segment?: { readonly from: Segment | 'none'; readonly standing: SegmentStanding };
}

export interface Walk {
  readonly steps: readonly WalkStep[];
  /** The next instants at which time alone changes the tier, or the segment; undefined: never. */
  readonly nextTierAt: EpochMillis | undefined;
  readonly nextSegmentAt: EpochMillis | undefined;
  /** From when something can be judged that lies ahead of the clock; undefined where everything was. */
  readonly nextKnownAt: EpochMillis | undefined;
  /** Versions of the policies by which the next instants were computed. */
  readonly used: { readonly tiering: number; readonly rfm: number } | undefined;
  /** How many of the changes were judged: all but those ahead of the clock. */
  readonly judged: number;
  /** When the last of them was known; -Infinity without one. */
  readonly knownAt: EpochMillis;
  /** Up to which instant it judged. */
  readonly end: EpochMillis;
}

/** What was recorded by a clock that is ahead by no more than this is judged at once: the ledger takes it (contract.md). */
export const CLOCKS_DIFFER_MS = 5 * 60 * 1000;

/**
 * every change of tier and segment since the last decision, in order of the instants at which it took
 * effect, each judged by what was known then. So the outcome does not depend on when a review runs, or whether
 * timers were late: what fell due before a purchase was recorded is decided without that purchase, and precedes it.
 *
 * What becomes known takes effect when it is recorded (D-07, D-08), also when its date lies back: who had which
 * tier in the past is not rewritten. An import is known as a whole with its last row: the order of its rows says
 * nothing, and nothing that was due before it is decided on half of it.
 *
 * A ledger's clock that ran ahead and was put right leaves instants of knowing in the future. They are judged when time
 * has come there: a decision dated ahead would be refused, and one dated back would depend on when it was made.
 *
 * @param changes of one customer, in order of index
 * @param now up to which time has passed
 */
export function standingWalk(
  changes: KnownChanges | readonly StandingChange[],
  policies: StandingPolicies,
  start: WalkStart,
  now: EpochMillis,
): Walk {
  const all = KnownChanges.of(changes);
  const tiering = policyPeriods(policies.tiering);
  const rfm = policyPeriods(policies.rfm);
  const steps: WalkStep[] = [];
  const startsAs = keyOf(start, tiering, rfm);
  const decided = Math.max(all.through(start.knownIndex), all.quietThrough(startsAs));
  const knownAt = decided === 0 ? undefined : all.decidedFacts(decided).knownAt;
  const through = all.at(decided - 1)?.index ?? start.knownIndex;
  const knowledge = knowledgeSince({ through, at: knownAt, changedAt: start.changedAt }, all.from(decided));
  const isAhead = (point: Knowledge): boolean => point.at > now + CLOCKS_DIFFER_MS;
  const judged = knowledge.filter((point) => !isAhead(point));
  // Clocks of machines differ: what the ledger has recorded has happened.
  const end = Math.max(now, judged.at(-1)?.at ?? now);
  let { tier, segment } = start;
  let nextTierAt: EpochMillis | undefined;
  let nextSegmentAt: EpochMillis | undefined;
  let used: Walk['used'];
  judged.forEach((point, i) => {
    const { at } = point;
    const known = all.through(point.through);
    const { history, industry } = all.facts(known);
    // What comes after it is judged by what is known then.
    const until = knowledge[i + 1]?.at;
    for (
      let instant: EpochMillis | undefined = at;
      instant !== undefined && instant < (until ?? Infinity) && instant <= end;
    ) {
      const byTiering = tierAt(history, tiering, instant, until);
      const byRfm = segmentAt(history.line, rfm, industry, instant, until);
      const nowSegment = byRfm.segment ?? 'none';
      if (byTiering.tier !== tier || nowSegment !== segment) {
        steps.push({
          at: instant,
          knownIndex: all.at(known - 1)!.index,
          ...(byTiering.tier !== tier && {
            tier: { from: tier, standing: standingAt(history, tiering, instant, byTiering) },
          }),
          ...(nowSegment !== segment && { segment: { from: segment, standing: byRfm } }),
        });
      }
      tier = byTiering.tier;
      segment = nowSegment;
      nextTierAt = byTiering.nextReviewAt;
      nextSegmentAt = byRfm.nextReviewAt;
      used = { tiering: tiering[periodAt(tiering, instant)]!.version, rfm: byRfm.policyVersion };
      instant = earlier(nextTierAt, nextSegmentAt);
    }
    // What is known next may still join the last point, and takes nothing back from those before it.
    if (steps.length === 0 && i < judged.length - 1) all.noteQuiet(startsAs, known);
  });
  const count = all.through(judged.at(-1)?.through ?? through);
  return {
    steps,
    nextTierAt,
    nextSegmentAt,
    nextKnownAt: knowledge.find(isAhead)?.at,
    used,
    judged: count,
    knownAt: all.facts(count).knownAt,
    end,
  };
}

/** Everything that a walk depends on beside the changes, and time. */
function keyOf(start: WalkStart, ...policies: readonly (readonly PolicyPeriod<unknown>[])[]): string {
  const { tier, segment, knownIndex, changedAt } = start;
  const versions = policies.map((periods) => periods.map(({ version, from }) => `${version} ${from}`).join());
  return [tier, segment, knownIndex, changedAt, ...versions].join(' ');
}

export function earlier(x: EpochMillis | undefined, y: EpochMillis | undefined): EpochMillis | undefined {
  if (x === undefined || y === undefined) return x ?? y;
  return Math.min(x, y);
}
