import { describe, expect, it } from '@jest/globals';
import {
  defaultVersion,
  type PolicyVersion,
  RFM,
  type RfmPolicy,
  type Segment,
  TIERING,
  type TieringPolicy,
} from '@rapport/contracts';
import fc from 'fast-check';
import { segmentAt, standingAt } from '../testing/judging.ts';
import type { Purchase, StandingFacts, StrategicFlag } from './standingFacts.ts';

/*
 * A second implementation, on purpose slow and naive: it walks through every day on JavaScript's own UTC
 * calendar and sums up every window anew. Business days are UTC days shifted by eight hours.
 */
const DAY = 86_400_000;
const EIGHT_HOURS = 8 * 3_600_000;
const FIRST = Date.UTC(2023, 10, 1);
const DAYS = 1_200;
const HALF_PAST_NINE = 34_200_000;
const shanghai = (utcDay: number, offset = 0) => utcDay - EIGHT_HOURS + offset;
const dayAt = (instant: number) => Math.floor((instant + EIGHT_HOURS) / DAY) * DAY;
const text = (utcDay: number) => new Date(utcDay).toISOString().slice(0, 10);
const parsed = new Map<string, number>();
const utc = (date: string) => {
  const known = parsed.get(date) ?? Date.parse(`${date}T00:00:00Z`);
  parsed.set(date, known);
  return known;
};

const rank = { prospect: 0, C: 1, B: 2, A: 3 };
type Tier = keyof typeof rank;
const best = (x: Tier, y: Tier) => (rank[x] > rank[y] ? x : y);

const counts = (purchase: Purchase, instant: number) => {
  const midnight = shanghai(utc(purchase.purchasedOn));
  const recordedThatDay =
    purchase.recordedAt !== undefined && dayAt(purchase.recordedAt) === utc(purchase.purchasedOn);
  return (recordedThatDay ? purchase.recordedAt! : midnight) <= instant;
};

function naiveBase(facts: StandingFacts, policy: TieringPolicy, instant: number): Tier {
  const seen = facts.purchases.filter((purchase) => counts(purchase, instant));
  if (!seen.some((purchase) => purchase.amountFen >= 0)) return 'prospect';
  const today = dayAt(instant);
  let fen = 0;
  for (const purchase of seen)
    if (utc(purchase.purchasedOn) > today - policy.windowDays * DAY) fen += purchase.amountFen;
  const firstBought = facts.purchases
    .filter((p) => p.amountFen >= 0)
    .map((p) => p.purchasedOn)
    .sort()[0]!;
  const started = new Date(utc(facts.firstCooperationOn ?? firstBought));
  let years = 0;
  for (;;) {
    const month = new Date(Date.UTC(started.getUTCFullYear() + years + 1, started.getUTCMonth() + 1, 0));
    if (
      month.getTime() - (month.getUTCDate() - Math.min(month.getUTCDate(), started.getUTCDate())) * DAY >
      today
    )
      break;
    years += 1;
  }
  const band = (value: number, a: number, b: number): Tier => (value >= a ? 'A' : value >= b ? 'B' : 'C');
  const spend = band(fen, Number(policy.spendCny.a) * 100, Number(policy.spendCny.b) * 100);
  const tenure = band(years, policy.tenureYears.a, policy.tenureYears.b);
  if (policy.mode === 'strict') return rank[spend] < rank[tenure] ? spend : tenure;
  if (policy.mode === 'any') return best(spend, tenure);
  return rank[tenure] < rank[spend] ? (spend === 'A' ? 'B' : 'C') : spend;
}

const inForce = <T>(versions: readonly PolicyVersion<T>[], instant: number): T =>
  versions.findLast((version) => Date.parse(version.effectiveFrom) <= instant)!.value;

/** Tier at every instant looked at: each day's 00:00 and 09:30. */
function naiveTiers(
  facts: StandingFacts,
  versions: readonly PolicyVersion<TieringPolicy>[],
): [number, Tier][] {
  const tiers: [number, Tier][] = [];
  let base: Tier = 'prospect';
  let quarter: Tier[] = [];
  for (let day = FIRST; day < FIRST + DAYS * DAY; day += DAY) {
    if (/-(01|04|07|10)-01$/.test(text(day))) {
      if (quarter.length > 0 && quarter.every((tier) => rank[tier] < rank[base])) base = quarter.reduce(best);
      quarter = [];
    }
    for (const instant of [shanghai(day), shanghai(day, HALF_PAST_NINE)]) {
      const candidate = naiveBase(facts, inForce(versions, instant), instant);
      quarter.push(candidate);
      base = best(base, candidate);
      const flagged = (facts.flags ?? []).some(
        (flag) =>
          flag.approvedAt !== undefined &&
          flag.approvedAt <= instant &&
          instant < shanghai(utc(flag.validUntil)) &&
          (flag.endedAt === undefined || instant < flag.endedAt),
      );
      tiers.push([instant, flagged && base !== 'prospect' ? 'A' : base]);
    }
  }
  return tiers;
}

const dayNumber = fc.integer({ min: 0, max: 800 });
const purchase = fc
  .record({
    day: dayNumber,
    amount: fc.constantFrom(
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
    ),
    recorded: fc.constantFrom(undefined, 0, 0, 1, -1),
  })
  .map(({ day, amount, recorded }): Purchase => {
    const on = FIRST + day * DAY;
    return {
      purchasedOn: text(on),
      amountFen: amount,
      ...(recorded === undefined ? {} : { recordedAt: shanghai(on + recorded * DAY, HALF_PAST_NINE) }),
    };
  });
const flag = fc
  .record({
    day: dayNumber,
    length: fc.integer({ min: 0, max: 300 }),
    kind: fc.constantFrom('valid', 'valid', 'ended', 'asked'),
  })
  .map(({ day, length, kind }): StrategicFlag => {
    const validUntil = text(FIRST + (day + length) * DAY);
    if (kind === 'asked') return { validUntil };
    const approvedAt = shanghai(FIRST + day * DAY, HALF_PAST_NINE);
    return { validUntil, approvedAt, ...(kind === 'ended' ? { endedAt: approvedAt + 20 * DAY } : {}) };
  });
const facts: fc.Arbitrary<StandingFacts> = fc.record(
  {
    firstCooperationOn: fc.integer({ min: -900, max: 100 }).map((day) => text(FIRST + day * DAY)),
    purchases: fc.array(purchase, { minLength: 0, maxLength: 10 }),
    flags: fc.array(flag, { maxLength: 2 }),
  },
  { requiredKeys: ['purchases'] },
);
const tieringValue = fc.record({
  mode: fc.constantFrom<TieringPolicy['mode']>('spend-led', 'spend-led', 'strict', 'any'),
  spendCny: fc.constantFrom({ a: '500000.00', b: '100000.00' }, { a: '300000.00', b: '20000.00' }),
  tenureYears: fc.constantFrom({ a: 2, b: 1 }, { a: 1, b: 0 }),
  windowDays: fc.constantFrom(365, 90, 500),
  downgradeWait: fc.constant<TieringPolicy['downgradeWait']>('calendar-quarter'),
});
const versioned = <T>(first: PolicyVersion<T>, value: fc.Arbitrary<T>) =>
  fc.tuple(fc.boolean(), dayNumber, value).map(([changes, day, changed]): PolicyVersion<T>[] => {
    const effectiveFrom = new Date(shanghai(FIRST + day * DAY, HALF_PAST_NINE)).toISOString();
    return changes ? [first, { ...first, version: 2, effectiveFrom, value: changed }] : [first];
  });
const tieringVersions = versioned(defaultVersion(TIERING), tieringValue);

describe('the tier of any customer', () => {
  it('R-020 R-026 equals the rules applied day by day, and nextReviewAt is the next change', () => {
    fc.assert(
      fc.property(facts, tieringVersions, fc.integer({ min: 0, max: 40 }), (given, versions, phase) => {
        const tiers = naiveTiers(given, versions);
        const changes = tiers
          .filter(([, tier], i) => i > 0 && tier !== tiers[i - 1]![1])
          .map(([instant]) => instant);
        // Every change, the instant before it, and a few others.
        const looked = tiers.filter(
          ([instant], i) =>
            changes.includes(instant) || i % 41 === phase || changes.includes(tiers[i + 1]?.[0] ?? 0),
        );
        for (const [instant, tier] of looked) {
          const standing = standingAt(given, versions, instant);
          expect([text(dayAt(instant)), standing.tier]).toEqual([text(dayAt(instant)), tier]);
          const next = changes.find((change) => change > instant);
          if (next !== undefined) expect(standing.nextReviewAt).toBe(next);
          else expect(standing.nextReviewAt ?? Infinity).toBeGreaterThan(tiers.at(-1)![0]);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('R-026 a tier falls only at 00:00 of a quarter, or where a flag ends', () => {
    fc.assert(
      fc.property(facts, tieringVersions, (given, versions) => {
        let now = standingAt(given, versions, shanghai(FIRST));
        while (now.nextReviewAt !== undefined) {
          const at = now.nextReviewAt;
          const next = standingAt(given, versions, at);
          expect(next.tier).not.toBe(now.tier);
          if (rank[next.tier] < rank[now.tier]) {
            const ends = (given.flags ?? []).flatMap((f) => [shanghai(utc(f.validUntil)), f.endedAt]);
            const quarterStart = at === shanghai(dayAt(at)) && /-(01|04|07|10)-01$/.test(text(dayAt(at)));
            expect(quarterStart || ends.includes(at)).toBe(true);
          }
          now = next;
        }
      }),
      { numRuns: 100 },
    );
  });

  it('R-020 R-026 a larger purchase never gives a lower tier at any instant', () => {
    fc.assert(
      fc.property(
        facts,
        tieringVersions,
        fc.nat(),
        fc.nat(60_000_000),
        dayNumber,
        (given, versions, which, more, day) => {
          if (given.purchases.length === 0) return;
          const raised = given.purchases[which % given.purchases.length]!;
          const richer = {
            ...given,
            purchases: given.purchases.map((p) =>
              p === raised && p.amountFen >= 0 ? { ...p, amountFen: p.amountFen + more } : p,
            ),
          };
          const at = shanghai(FIRST + day * DAY);
          expect(rank[standingAt(richer, versions, at).tier]).toBeGreaterThanOrEqual(
            rank[standingAt(given, versions, at).tier],
          );
        },
      ),
      { numRuns: 150 },
    );
  });

  it('R-026 the order in which facts are given does not matter', () => {
    fc.assert(
      fc.property(facts, tieringVersions, dayNumber, (given, versions, day) => {
        const at = shanghai(FIRST + day * DAY);
        const reversed = {
          ...given,
          purchases: given.purchases.toReversed(),
          flags: given.flags?.toReversed(),
        };
        expect(standingAt(reversed, versions.toReversed(), at)).toEqual(standingAt(given, versions, at));
      }),
      { numRuns: 100 },
    );
  });
});

function naiveSegment(
  purchases: readonly Purchase[],
  policy: RfmPolicy,
  instant: number,
): Segment | undefined {
  const seen = purchases.filter((p) => counts(p, instant));
  const bought = seen.filter((p) => p.amountFen >= 0);
  if (bought.length === 0) return undefined;
  const today = dayAt(instant);
  const days = Math.min(...bought.map((p) => (today - utc(p.purchasedOn)) / DAY));
  const inside = (p: Purchase) => utc(p.purchasedOn) > today - policy.windowDays * DAY;
  const frequency = bought.filter(inside).length;
  const fen = seen.filter(inside).reduce((sum, p) => sum + p.amountFen, 0);
  const { recencyDays: r, frequency: f, monetaryCny: m } = policy.cutPoints;
  const R = days <= r[0]! ? 5 : days <= r[1]! ? 4 : days <= r[2]! ? 3 : days <= r[3]! ? 2 : 1;
  const F =
    frequency >= f[0]! ? 5 : frequency >= f[1]! ? 4 : frequency >= f[2]! ? 3 : frequency >= f[3]! ? 2 : 1;
  const yuan = fen / 100;
  const M =
    yuan >= Number(m[0])
      ? 5
      : yuan >= Number(m[1])
        ? 4
        : yuan >= Number(m[2])
          ? 3
          : yuan >= Number(m[3])
            ? 2
            : 1;
  const points = [R, F, M].map((score) => (score >= 4 ? 2 : score === 3 ? 1 : 0));
  if (points.every((point) => point === 2)) return 'high-value';
  if (points.every((point) => point === 0)) return 'low-value';
  if (points[0] === 0) return 'churn-risk';
  const { recency, frequency: ofF, monetary } = policy.weights;
  const sum = points[0]! * recency + points[1]! * ofF + points[2]! * monetary;
  return sum >= recency + ofF + monetary ? 'potential' : 'low-value';
}

describe('the segment of any customer', () => {
  const rfmValue = fc.constantFrom<RfmPolicy>(
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

  it('R-024 R-025 equals the rules applied day by day, and nextReviewAt is the next change', () => {
    fc.assert(
      fc.property(
        fc.array(purchase, { maxLength: 14 }),
        versioned(defaultVersion(RFM), rfmValue),
        fc.integer({ min: 0, max: 40 }),
        (purchases, versions, phase) => {
          const instants: number[] = [];
          for (let day = FIRST; day < FIRST + DAYS * DAY; day += DAY)
            instants.push(shanghai(day), shanghai(day, HALF_PAST_NINE));
          const segments = instants.map((instant) =>
            naiveSegment(purchases, inForce(versions, instant), instant),
          );
          const changes = instants.filter((_, i) => i > 0 && segments[i] !== segments[i - 1]);
          instants.forEach((instant, i) => {
            if (!changes.includes(instant) && !changes.includes(instants[i + 1] ?? 0) && i % 41 !== phase)
              return;
            const standing = segmentAt({ purchases }, versions, undefined, instant);
            expect([text(dayAt(instant)), standing.segment]).toEqual([text(dayAt(instant)), segments[i]]);
            const next = changes.find((change) => change > instant);
            if (next !== undefined) expect(standing.nextReviewAt).toBe(next);
            else expect(standing.nextReviewAt ?? Infinity).toBeGreaterThan(instants.at(-1)!);
          });
        },
      ),
      { numRuns: 40 },
    );
  });
});
