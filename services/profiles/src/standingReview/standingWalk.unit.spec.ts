import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { dayNumberAt } from '@rapport/calendar';
import { defaultVersion, RFM, TIERING } from '@rapport/contracts';
import { SpendEntries } from '../standing/spendEntries.ts';
import { TierCourse } from '../standing/tierCourse.ts';
import { BEGINNING } from '../testing/randomChanges.ts';
import { KnownChanges } from './knownChanges.ts';
import type { StandingChange } from './standingChange.ts';
import { standingWalk, type WalkStart } from './standingWalk.ts';

const policies = { tiering: [defaultVersion(TIERING)], rfm: [defaultVersion(RFM)] };
const SIX_HOURS = 21_600_000;
const DAY = 86_400_000;

/** The n-th of purchases four a day, one after the other; recorded on its day unless `late` days later. */
function bought(n: number, late = 0): StandingChange {
  const recordedAt = BEGINNING + n * SIX_HOURS;
  const day = dayNumberAt(recordedAt) - late;
  return {
    index: n,
    recordedAt,
    imported: false,
    kind: 'purchase',
    purchaseId: `purchase-${n}`,
    day,
    amountFen: 100,
  };
}

/** Counts the looks at purchases and the instants gone to, of what is done. */
function counted(work: () => void): number {
  const spies = [
    ...(['add', 'at', 'from', 'net', 'purchases', 'latest', 'countUpTo'] as const).map((name) =>
      jest.spyOn(SpendEntries.prototype, name),
    ),
    jest.spyOn(TierCourse.prototype, 'advance'),
  ];
  work();
  const calls = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  for (const spy of spies) spy.mockRestore();
  return calls;
}

const NOTHING: WalkStart = { tier: 'prospect', segment: 'none', knownIndex: -1, changedAt: -Infinity };

/** The customer after its first n purchases, as reviewed after the last of them. */
function reviewedAfter(n: number): { readonly known: KnownChanges; readonly start: WalkStart } {
  const known = KnownChanges.of(Array.from({ length: n }, (_, i) => bought(i)));
  const { steps } = standingWalk(known, policies, NOTHING, bought(n - 1).recordedAt);
  const start = {
    tier: steps.findLast(({ tier }) => tier !== undefined)!.tier!.standing.tier,
    segment: steps.findLast(({ segment }) => segment !== undefined)!.segment!.standing.segment!,
    knownIndex: n - 1,
    changedAt: steps.at(-1)!.at,
  };
  standingWalk(known, policies, start, bought(n - 1).recordedAt);
  return { known, start };
}

describe('the work of a walk', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('R-026 a purchase recorded now costs as much after 6,400 others as after 1,600', () => {
    const cost = (n: number): number => {
      const { known, start } = reviewedAfter(n);
      return counted(() => standingWalk(known.with([bought(n)]), policies, start, bought(n).recordedAt));
    };
    // A year of days may leave the window, whatever number of purchases each of them has.
    const aYear = cost(1_600);
    expect(cost(6_400)).toBeLessThan(aYear * 1.1);
    expect(aYear - cost(8)).toBeLessThan(365 * 40);
  });

  it('R-026 one that is recorded two days late costs what those two days cost', () => {
    const cost = (n: number): number => {
      const { known, start } = reviewedAfter(n);
      return counted(() => standingWalk(known.with([bought(n, 2)]), policies, start, bought(n).recordedAt));
    };
    expect(cost(6_400)).toBeLessThan(cost(1_600) * 1.1);
  });

  it('R-026 a purchase costs no more when those before it changed nothing, so that nothing was recorded', () => {
    const { known, start } = reviewedAfter(1_600);
    let more = known;
    const cost = (n: number): number =>
      counted(() => {
        more = more.with([bought(n)]);
        standingWalk(more, policies, start, bought(n).recordedAt);
      });
    const costs = Array.from({ length: 40 }, (_, n) => cost(1_600 + n));
    expect(Math.max(...costs.slice(20))).toBeLessThan(Math.max(...costs.slice(0, 20)) * 1.1);
  });

  it('R-026 a first review of everything known is linear', () => {
    const cost = (n: number): number => {
      const known = KnownChanges.of(Array.from({ length: n }, (_, i) => bought(i)));
      return counted(() => standingWalk(known, policies, NOTHING, BEGINNING + n * SIX_HOURS + DAY));
    };
    expect(cost(4_000)).toBeLessThan(cost(2_000) * 2.2);
  });
});
