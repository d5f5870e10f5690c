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
const QUARTER_HOUR = 900_000;
const DAY = 86_400_000;

/** The n-th of purchases four an hour, one after the other; recorded on its day unless `late` days later. */
function bought(n: number, late = 0): StandingChange {
  const recordedAt = BEGINNING + n * QUARTER_HOUR;
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

/** The customer after its first n purchases, as reviewed after the last of them. */
function reviewedAfter(n: number): { readonly known: KnownChanges; readonly start: WalkStart } {
  const known = KnownChanges.of(Array.from({ length: n }, (_, i) => bought(i)));
  const start: WalkStart = { tier: 'B', segment: 'potential', knownIndex: n - 1, changedAt: BEGINNING };
  standingWalk(known, policies, start, bought(n - 1).recordedAt);
  return { known, start };
}

describe('the work of a walk', () => {
  afterEach(() => void jest.restoreAllMocks());

  it('R-026 a purchase recorded now costs as much after 40,000 others as after 400', () => {
    const cost = (n: number): number => {
      const { known, start } = reviewedAfter(n);
      return counted(() => standingWalk(known.with([bought(n)]), policies, start, bought(n).recordedAt));
    };
    // A year of days may leave the window, whatever number of purchases each of them has.
    const aYear = cost(36_000);
    expect(cost(40_000)).toBeLessThan(aYear * 1.1);
    expect(aYear - cost(400)).toBeLessThan(365 * 40);
  });

  it('R-026 one that is recorded two days late costs what those two days cost', () => {
    const cost = (n: number): number => {
      const { known, start } = reviewedAfter(n);
      return counted(() => standingWalk(known.with([bought(n, 2)]), policies, start, bought(n).recordedAt));
    };
    expect(cost(40_000)).toBeLessThan(cost(36_000) * 1.1);
  });

  it('R-026 a first review of everything known is linear', () => {
    const nothing: WalkStart = { tier: 'prospect', segment: 'none', knownIndex: -1, changedAt: -Infinity };
    const cost = (n: number): number => {
      const known = KnownChanges.of(Array.from({ length: n }, (_, i) => bought(i)));
      return counted(() => standingWalk(known, policies, nothing, BEGINNING + n * QUARTER_HOUR + DAY));
    };
    expect(cost(8_000)).toBeLessThan(cost(4_000) * 2.2);
  });
});
