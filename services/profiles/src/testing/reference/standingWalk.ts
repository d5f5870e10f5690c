import type { EpochMillis } from '@rapport/platform';
import { knowledgeSince, type Knowledge } from '../../standingReview/knowledgeSince.ts';
import type { StandingChange } from '../../standingReview/standingChange.ts';
import {
  CLOCKS_DIFFER_MS,
  earlier,
  type StandingPolicies,
  type Walk,
  type WalkStart,
  type WalkStep,
} from '../../standingReview/standingWalk.ts';
import { knownFacts } from './knownFacts.ts';
import { segmentAt } from './segmentAt.ts';
import { standingAt } from './standingAt.ts';

/** the walk as it was first built: at each instant all facts are put in order and judged over all time. */
export function standingWalk(
  changes: readonly StandingChange[],
  policies: StandingPolicies,
  start: WalkStart,
  now: EpochMillis,
): Walk {
  const steps: WalkStep[] = [];
  const before = changes.filter(({ index }) => index <= start.knownIndex);
  const at = before.length === 0 ? undefined : Math.max(...before.map(({ recordedAt }) => recordedAt));
  const last = { through: start.knownIndex, at, changedAt: start.changedAt };
  const knowledge = knowledgeSince(
    last,
    changes.filter(({ index }) => index > start.knownIndex),
  );
  const isAhead = ({ at: known }: Knowledge): boolean => known > now + CLOCKS_DIFFER_MS;
  const judged = knowledge.filter((point) => !isAhead(point));
  // Clocks of machines differ: what the ledger has recorded has happened.
  const end = Math.max(now, judged.at(-1)?.at ?? now);
  let { tier, segment } = start;
  let nextTierAt: EpochMillis | undefined;
  let nextSegmentAt: EpochMillis | undefined;
  let used: Walk['used'];
  judged.forEach(({ at, through }, i) => {
    const known = changes.filter(({ index }) => index <= through);
    const { facts, industry } = knownFacts(known);
    const until = knowledge[i + 1]?.at ?? Infinity;
    for (
      let instant: EpochMillis | undefined = at;
      instant !== undefined && instant < until && instant <= end;
    ) {
      const standing = standingAt(facts, policies.tiering, instant);
      const byRfm = segmentAt(facts, policies.rfm, industry, instant);
      const nowSegment = byRfm.segment ?? 'none';
      if (standing.tier !== tier || nowSegment !== segment) {
        steps.push({
          at: instant,
          knownIndex: known.at(-1)!.index,
          ...(standing.tier !== tier && { tier: { from: tier, standing } }),
          ...(nowSegment !== segment && { segment: { from: segment, standing: byRfm } }),
        });
      }
      tier = standing.tier;
      segment = nowSegment;
      nextTierAt = standing.nextReviewAt;
      nextSegmentAt = byRfm.nextReviewAt;
      used = { tiering: standing.policyVersion, rfm: byRfm.policyVersion };
      instant = earlier(nextTierAt, nextSegmentAt);
    }
  });
  const through = judged.at(-1)?.through ?? start.knownIndex;
  const known = changes.filter(({ index }) => index <= through);
  return {
    steps,
    nextTierAt,
    nextSegmentAt,
    nextKnownAt: knowledge.find(isAhead)?.at,
    used,
    judged: known.length,
    knownAt: Math.max(...known.map(({ recordedAt }) => recordedAt)),
    end,
  };
}
