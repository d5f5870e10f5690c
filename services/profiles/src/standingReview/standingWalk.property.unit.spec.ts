import { describe, expect, it } from '@jest/globals';
import type { EpochMillis } from '@rapport/platform';
import fc from 'fast-check';
import { BEGINNING, randomChanges, randomPolicies } from '../testing/randomChanges.ts';
import { standingWalk as referenceWalk } from '../testing/reference/standingWalk.ts';
import { KnownChanges } from './knownChanges.ts';
import type { StandingChange } from './standingChange.ts';
import { standingWalk, type Walk, type WalkStart } from './standingWalk.ts';

const NOTHING: WalkStart = { tier: 'prospect', segment: 'none', knownIndex: -1, changedAt: -Infinity };
const DAY = 86_400_000;

/** What a walk says. When each of its steps would have been followed by another one is no part of it. */
function said({ steps, nextTierAt, nextSegmentAt, ...next }: Walk): unknown {
  // What lies behind that which is judged next is not looked for.
  const before = (at: EpochMillis | undefined): EpochMillis | undefined =>
    at !== undefined && at >= (next.nextKnownAt ?? Infinity) ? undefined : at;
  return {
    ...next,
    nextTierAt: before(nextTierAt),
    nextSegmentAt: before(nextSegmentAt),
    steps: steps.map(({ tier, segment, ...step }) => ({
      ...step,
      tier: tier && { ...tier, standing: { ...tier.standing, nextReviewAt: undefined } },
      segment: segment && { ...segment, standing: { ...segment.standing, nextReviewAt: undefined } },
    })),
  };
}

/** What a decision leaves; `index`: of its last event. */
function after(start: WalkStart, { steps }: Walk, index: number): WalkStart {
  return {
    tier: steps.findLast(({ tier }) => tier !== undefined)?.tier!.standing.tier ?? start.tier,
    segment:
      steps.findLast(({ segment }) => segment !== undefined)?.segment!.standing.segment ??
      (steps.some(({ segment }) => segment !== undefined) ? 'none' : start.segment),
    knownIndex: index,
    changedAt: steps.at(-1)?.at ?? start.changedAt,
  };
}

/** How a customer is reviewed: after how many changes more, how much later, and whether anything is recorded. */
const reviews = fc.array(
  fc.record({
    more: fc.integer({ min: 0, max: 4 }),
    later: fc.constantFrom(0, 1, 3_600_000, DAY, 40 * DAY, 400 * DAY),
    records: fc.oneof(
      { weight: 3, arbitrary: fc.constant(true) },
      { weight: 1, arbitrary: fc.constant(false) },
    ),
  }),
  { minLength: 1, maxLength: 20 },
);

describe('the walk, extended by what becomes known', () => {
  it('R-020 R-024 R-025 R-026 says what going through the whole history anew says, whatever was worked out before', () => {
    fc.assert(
      fc.property(randomChanges(24), randomPolicies, reviews, (changes, policies, reviewed) => {
        let known = KnownChanges.of([]);
        let start = NOTHING;
        let now = BEGINNING;
        for (const { more, later, records } of reviewed) {
          known = known.with(changes.slice(known.length, known.length + more));
          now = Math.max(now, known.at(known.length - 1)?.recordedAt ?? now) + later;
          const walk = standingWalk(known, policies, start, now);
          expect(said(walk)).toEqual(said(referenceWalk([...known], policies, start, now)));
          if (records) start = after(start, walk, (known.at(known.length - 1)?.index ?? -1) + 1);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  /** As if the last decision had known so many, and left a prospect. */
  const knowing = (changes: readonly StandingChange[], n: number): WalkStart => ({
    ...NOTHING,
    knownIndex: changes[Math.min(n, changes.length) - 1]?.index ?? -1,
  });

  it('R-026 whoever holds what was known before gets what followed from it', () => {
    fc.assert(
      fc.property(
        fc.tuple(randomChanges(16), randomChanges(16), randomChanges(16)),
        randomPolicies,
        fc.nat(16),
        fc.nat(400),
        ([changes, ...others], policies, common, days) => {
          const shared = KnownChanges.of(changes.slice(0, common));
          const start = knowing(changes, common);
          const views = [shared, shared.with(changes.slice(common))];
          for (const other of others) {
            views.push(
              shared.with(other.slice(1).map((change) => ({ ...change, index: change.index + 20_000 }))),
            );
          }
          const now = BEGINNING + days * DAY;
          // In this order, and once more: one must not see what another has worked out.
          for (const view of [...views, ...views.toReversed()]) {
            const walk = standingWalk(view, policies, start, now);
            expect(said(walk)).toEqual(said(referenceWalk([...view], policies, start, now)));
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  it('R-026 other policies are walked by, though the same customer was judged by those before', () => {
    fc.assert(
      fc.property(
        randomChanges(16),
        fc.array(randomPolicies, { minLength: 2, maxLength: 4 }),
        fc.nat(16),
        (changes, all, n) => {
          const known = KnownChanges.of(changes);
          const start = knowing(changes, n);
          const now = BEGINNING + 900 * DAY;
          for (const policies of [...all, ...all]) {
            const walk = standingWalk(known, policies, start, now);
            expect(said(walk)).toEqual(said(referenceWalk(changes, policies, start, now)));
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
