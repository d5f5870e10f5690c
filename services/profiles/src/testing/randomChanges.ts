import { dayNumberAt, dateOfDayNumber, startOfDayNumber } from '@rapport/calendar';
import {
  defaultVersion,
  RFM,
  TIERING,
  type PolicyVersion,
  type RfmPolicy,
  type TieringPolicy,
} from '@rapport/contracts';
import { toInstant } from '@rapport/platform';
import fc from 'fast-check';
import type { StandingChange } from '../standingReview/standingChange.ts';
import type { StandingPolicies } from '../standingReview/standingWalk.ts';

/** When random histories begin. */
export const BEGINNING = Date.parse('2023-11-01T09:00:00+08:00');
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const dates = fc.oneof(
  { weight: 4, arbitrary: fc.constant(0) },
  // Recorded late, a little or much; or dated ahead.
  { weight: 2, arbitrary: fc.integer({ min: -5, max: -1 }) },
  { weight: 2, arbitrary: fc.integer({ min: -800, max: -6 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
);
const amounts = fc.constantFrom(
  -30_000_000,
  -1_000_000,
  0,
  1,
  2_000_000,
  9_999_999,
  10_000_000,
  20_000_000,
  49_999_999,
  50_000_000,
);
const kinds = fc.oneof(
  { weight: 12, arbitrary: fc.constant('purchase' as const) },
  { weight: 2, arbitrary: fc.constant('voided' as const) },
  { weight: 1, arbitrary: fc.constant('flagged' as const) },
  { weight: 1, arbitrary: fc.constant('unflagged' as const) },
);
/** Time from one event to the next; clocks of ledgers stand still and step back at times. */
const pauses = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20 }).map((hours) => hours * HOUR) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 60 }).map((days) => days * DAY) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, -2 * HOUR, 200 * DAY, 10 * HOUR + 1) },
);

interface Drawn {
  readonly kind: 'purchase' | 'voided' | 'flagged' | 'unflagged';
  readonly pause: number;
  readonly date: number;
  readonly amountFen: number;
  readonly imported: boolean;
  /** Which of those before it is meant. */
  readonly which: number;
}

/** What may be recorded of one customer, in order of index; indexes leave room for what reviews record in between. */
export function randomChanges(maxLength: number): fc.Arbitrary<readonly StandingChange[]> {
  const drawn = fc.record({
    kind: kinds,
    pause: pauses,
    date: dates,
    amountFen: amounts,
    imported: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    which: fc.nat(1_000),
  });
  const cooperation = fc.option(fc.integer({ min: -900, max: 100 }));
  return fc
    .tuple(cooperation, fc.constantFrom(undefined, 'F5292', 'C3411'), fc.array(drawn, { maxLength }))
    .map(([since, industry, all]) => changesOf(since, industry, all));
}

function changesOf(
  since: number | null,
  industry: string | undefined,
  all: readonly Drawn[],
): StandingChange[] {
  const firstDay = dayNumberAt(BEGINNING);
  let recordedAt = BEGINNING;
  const changes: StandingChange[] = [
    {
      index: 0,
      recordedAt,
      imported: false,
      kind: 'registered',
      ...(since !== null && { firstCooperationOn: dateOfDayNumber(firstDay + since) }),
      ...(industry !== undefined && { industry }),
    },
  ];
  const purchases: string[] = [];
  const flags: string[] = [];
  all.forEach(({ kind, pause, date, amountFen, imported, which }, i) => {
    recordedAt += pause;
    const change = { index: (i + 1) * 1_000, recordedAt, imported };
    const day = dayNumberAt(recordedAt) + date;
    if (kind === 'purchase') {
      // Rarely the same one once more: replicas of two releases may have recorded it twice.
      const purchaseId =
        which < 20 && purchases.length > 0 ? purchases[which % purchases.length]! : `purchase-${i}`;
      purchases.push(purchaseId);
      changes.push({ ...change, kind, purchaseId, day, amountFen });
    } else if (kind === 'voided') {
      changes.push({ ...change, kind, purchaseId: purchases[which % (purchases.length || 1)] ?? 'none' });
    } else if (kind === 'flagged') {
      flags.push(`flag-${i}`);
      changes.push({
        ...change,
        kind,
        designationId: `flag-${i}`,
        validUntil: dateOfDayNumber(day + (which % 300)),
      });
    } else {
      changes.push({ ...change, kind, designationId: flags[which % (flags.length || 1)] ?? 'none' });
    }
  });
  return changes;
}

const tiering = fc.record<TieringPolicy>({
  mode: fc.constantFrom<TieringPolicy['mode']>('spend-led', 'spend-led', 'strict', 'any'),
  spendCny: fc.constantFrom({ a: '500000.00', b: '100000.00' }, { a: '300000.00', b: '20000.00' }),
  tenureYears: fc.constantFrom({ a: 2, b: 1 }, { a: 1, b: 0 }),
  windowDays: fc.constantFrom(365, 90, 500),
  downgradeWait: fc.constant<TieringPolicy['downgradeWait']>('calendar-quarter'),
});
const rfm = fc.constantFrom<RfmPolicy>(
  { ...RFM.defaultValue, windowDays: 120 },
  { ...RFM.defaultValue, weights: { recency: 1, frequency: 1, monetary: 2 } },
  {
    ...RFM.defaultValue,
    cutPoints: {
      recencyDays: [5, 50, 200, 400],
      frequency: [5, 4, 3, 2],
      monetaryCny: ['100000.00', '20000.00', '10000.00', '0.01'],
    },
  },
);

function versions<T>(first: PolicyVersion<T>, value: fc.Arbitrary<T>): fc.Arbitrary<PolicyVersion<T>[]> {
  const later = fc.tuple(fc.integer({ min: 0, max: 1_200 }), fc.constantFrom(0, 34_200_000), value);
  return fc.array(later, { maxLength: 2 }).map((all) => [
    first,
    ...all.map(([day, offset, changed], i) => ({
      ...first,
      version: i + 2,
      effectiveFrom: toInstant(startOfDayNumber(dayNumberAt(BEGINNING) + day) + offset),
      value: changed,
    })),
  ]);
}

/** Policies with up to two versions beside the default, effective at any time of a random history. */
export const randomPolicies: fc.Arbitrary<StandingPolicies> = fc.record({
  tiering: versions(defaultVersion(TIERING), tiering),
  rfm: versions(defaultVersion(RFM), rfm),
});
